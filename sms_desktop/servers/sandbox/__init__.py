"""The sandbox gateway: behaves on loopback as the API documents say. Started by `smsctl sandbox serve`.

A message comes in:

parameters      a request's parameters, from form, JSON or query string
credentials     who asks: key and secret, a signature, an access token
throttle        how often they may
submission      the documents' rules: which status refuses what; verdicts are its outcome
script          what happens to which message: scenarios, then magic (recipients); conduct is the result
desk            all of that in order
sending         the addresses that take messages; answers are what they say, spoiled where conduct wants it
account_calls   the other addresses: balance, numbers, prices, settings, tokens
account         key, secrets, money, limits; networks are what it knows of countries

and goes on:

carrier         receipts and replies; handset is the phone that reads and writes
courier         webhooks on their way, again and again until they are taken; webhook_http is one of them
clock           the time of all this, which can be sped up or moved by hand
memory          what a restart finds again
trace           what happened, without secrets

control         the API behind `smsctl sandbox`; rehearsal is what it may touch
app, serve      put together; settings, start and stop; certificate is for TLS
"""
