"""The use cases, in plain Python: what happens when a person sends, and when something comes in.

outbox      what the person does: check, send, resend, cancel, drafts
delivery    what the sender does with it: attempts, evidence, retries
inbox       what the poller brings: receipts and inbound messages
reassembly  parts of inbound messages
accounts    a profile with its secrets and addresses, ready to use
pace        how fast a profile may send
rehearsal   what the sandbox offers to try
"""
