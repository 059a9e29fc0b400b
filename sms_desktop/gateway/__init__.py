"""The SMS API over HTTP: requests, answers, webhook payloads, and a client that says what happened.

Called by services, and by the sandbox gateway, which speaks the same API from the other side.
"""
