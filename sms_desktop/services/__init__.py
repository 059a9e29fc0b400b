"""The use cases, in plain Python: what happens when a person sends, and when something comes in.

outbox      what the person does: check, send, resend, cancel, drafts
delivery    what the sender does with it: attempts, evidence, retries
inbox       what the poller brings: receipts and inbound messages
reassembly  parts of inbound messages
binary_inbound  received octets in words
opt_outs    whom not to contact, and replies that ask for it
contacts, templates, export, forgetting   what people keep beside their messages, take out, and forget
upkeep      the store as a whole: check, rebuild, back up, restore, salvage
deeds       the audit log's pen
accounts    a profile with its secrets and addresses, ready to use
pace        how fast a profile may send
rehearsal   what the sandbox offers to try
"""
