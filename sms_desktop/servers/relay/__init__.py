"""The relay server: keeps the gateway's webhooks, lets consoles pull them. Started by `smsctl relay serve`.

webhook      a request of the gateway, read: pure and total
ingest       its public door: /h/<token>
read_api     the readers' door: /v1, /healthz, /readyz; reader_query and problems belong to it
tokens       who may come in
log          what an event log is; sqlite_log is one, over sqlite_schema; place opens one by name
writer       the one thread that commits, in groups; waiting wakes the readers
app, serve   put together

A 200 goes to the gateway only after the durable commit. Each stream numbers its events densely inside the
transaction that stores them: the order of numbers is the order of commits, and who has `n` has all before it.
"""
