"""Opens the event log that a `--log` names. Called by serve and cli."""

from __future__ import annotations

from pathlib import Path

from sms_desktop.servers.relay.log import EventLog, LogUnusable


def open_event_log(place: str, *, serving: bool) -> EventLog:
    """Open `sqlite:PATH`. With `serving`, no other server may have it. Raises LogUnusable."""
    scheme, colon, path = place.partition(":")
    if scheme == "sqlite" and path:
        from sms_desktop.servers.relay.sqlite_log import SqliteLog

        return SqliteLog(Path(path), serving=serving)
    if scheme in {"postgres", "postgresql"} and colon:
        # The address is not repeated: a password may stand in it.
        raise LogUnusable("log: a log in PostgreSQL is not possible yet. Name a file: sqlite:PATH.")
    raise LogUnusable("log: expected sqlite:PATH, for example sqlite:/var/lib/relay/events.sqlite.")
