"""The only truth: one SQLite file for all profiles.

`database` opens it; the other modules are functions over it. Writes happen inside `Store.write()`, one
transaction each, and are announced as `Changes`. Reads go through `Store.read()`, on a connection of their
own.

`opening` finds out whose the file is and brings it forward; `backups`, `salvage` and `rebuild` keep it whole;
`search` finds; `forgetting` removes.
"""
