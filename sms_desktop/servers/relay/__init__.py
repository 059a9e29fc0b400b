"""The relay server: keeps the gateway's webhooks, lets consoles pull them. Started by `smsctl relay serve`.

webhook      a request of the gateway, read: pure and total
signatures   who signed it; secrets by name
ingest       its public door: /h/<token>
read_api     the readers' door: /v1/events; stream_api has the others
             (reader_access, reader_query and problems help both)
sending      pages on their way to readers, slow and dead ones too
tokens       who may come in; admission says from where, and how often
log          what an event log is; slicing, ages and erasure are the same for all of them
sqlite_log   one in a file: sqlite_schema, sqlite_writing, sqlite_reading, sqlite_tokens, sqlite_upkeep
postgresql_log   one in a database, for several relays: its docstring plans for more than one database
place        opens one by name
writer       the one thread that commits, in groups; waiting wakes the readers
retention    deletes what need not be kept; metrics counts, metrics_server tells
configuration, app, serve   put together

A 200 goes to the gateway only after the durable commit. Each stream numbers its events densely inside the
transaction that stores them: the order of numbers is the order of commits, and who has `n` has all before it.
"""
