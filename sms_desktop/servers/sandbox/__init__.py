"""The sandbox gateway: behaves on loopback as the API documents say. Started by `smsctl sandbox serve`.

parameters   a request's parameters, from form, JSON or query string
submission   the documents' rules: what is accepted, and which status refuses the rest
account      whose key and secret are right, and what a part costs
app          put together: the HTTP side
carrier      what happens after acceptance: receipts, on a clock that can be sped up
handset      the phone at the other end: what it reads and what it answers
courier      webhooks on their way, again and again until they are taken
webhook_http one webhook as one HTTP request
serve        settings, start and stop
"""
