"""SMS Desktop: an SMS messaging console.

messages    what is meant, and the words for it
encoding    how a message becomes octets, and back
gateway     the SMS API over HTTP
relay       the relay as a console sees it
store       local SQLite, the only truth
settings    this machine: places, profiles, secrets
services    the use cases: outbox, inbox, reassembly, accounts
background  the only threads: tasks, sender, poller, embedded servers
ui          the Qt window; app is its composition root
servers     the relay and the sandbox gateway; cli is smsctl, the terminal's composition root
"""

__version__ = "0.1.0"
