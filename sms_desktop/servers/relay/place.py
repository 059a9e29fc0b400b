"""Opens the event log that a `--log` names. Called by serve and cli."""

from __future__ import annotations

from pathlib import Path

from sms_desktop.servers.relay.log import EventLog, LogUnusable


def open_event_log(place: str, *, serving: bool) -> EventLog:
    """Open `sqlite:PATH` or `postgresql://...`. Raises LogUnusable, StoreFailing.

    With `serving`, no other server may have the file; a database may have several.
    """
    scheme, colon, path = place.partition(":")
    if scheme == "sqlite" and path:
        from sms_desktop.servers.relay.sqlite_log import SqliteLog

        return SqliteLog(Path(path), serving=serving)
    if scheme in {"postgres", "postgresql"} and colon:
        try:
            from sms_desktop.servers.relay.postgresql_log import PostgresqlLog
        except ImportError as error:
            raise LogUnusable(
                "log: psycopg is not installed, which a log in PostgreSQL needs.",
                hint="Install sms-desktop[relay-postgresql].",
            ) from error
        return PostgresqlLog(place)
    # What was given is not repeated: a password may stand in it.
    raise LogUnusable(
        "log: expected sqlite:PATH or postgresql://HOST/DATABASE, "
        "for example sqlite:/var/lib/relay/events.sqlite."
    )


def is_there(place: str) -> bool:
    """False for a `sqlite:PATH` where no file is; whether a database is there only its server can tell."""
    scheme, _, path = place.partition(":")
    return scheme != "sqlite" or not path or Path(path).exists()
