"""The relay's tables in PostgreSQL 14 or later, in the schema `sms_relay`. Called by postgresql_log."""

from __future__ import annotations

from typing import LiteralString

import psycopg
from psycopg import sql

from sms_desktop.servers.relay.log import LogUnusable

_LOCK = 0x534D5352
_OLDEST_SERVER = 140000

_MIGRATIONS: tuple[LiteralString, ...] = (
    """
    CREATE TABLE sms_relay.stream (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL UNIQUE,
        epoch text NOT NULL,
        head bigint NOT NULL DEFAULT 0,
        octets bigint NOT NULL DEFAULT 0,
        created_us bigint NOT NULL
    ) WITH (fillfactor = 50);

    CREATE TABLE sms_relay.event (
        stream_id bigint NOT NULL REFERENCES sms_relay.stream (id),
        seq bigint NOT NULL,
        kind text NOT NULL,
        received_us bigint NOT NULL,
        monotonic_us bigint NOT NULL,
        key bytea NOT NULL,
        signature text NOT NULL,
        flags text NOT NULL,
        payload text NOT NULL,
        method text NOT NULL,
        query bytea NOT NULL,
        body bytea NOT NULL,
        content_type text NOT NULL,
        headers text NOT NULL,
        peer text NOT NULL,
        PRIMARY KEY (stream_id, seq)
    );

    CREATE TABLE sms_relay.dedupe (
        stream_id bigint NOT NULL REFERENCES sms_relay.stream (id),
        key bytea NOT NULL,
        seq bigint,
        first_us bigint NOT NULL,
        last_us bigint NOT NULL,
        seen bigint NOT NULL,
        PRIMARY KEY (stream_id, key)
    ) WITH (fillfactor = 80);

    CREATE TABLE sms_relay.consumer (
        stream_id bigint NOT NULL REFERENCES sms_relay.stream (id),
        name text NOT NULL,
        token_id text NOT NULL,
        acked bigint NOT NULL,
        last_seen_us bigint NOT NULL,
        PRIMARY KEY (stream_id, name)
    );

    CREATE TABLE sms_relay.ingest (
        hash bytea PRIMARY KEY,
        id text NOT NULL UNIQUE,
        stream_id bigint NOT NULL REFERENCES sms_relay.stream (id),
        purpose text NOT NULL,
        created_us bigint NOT NULL,
        checks bigint NOT NULL DEFAULT 0,
        checked_us bigint,
        signing text NOT NULL,
        expires_us bigint,
        revoked_us bigint
    );

    CREATE TABLE sms_relay.reader (
        hash bytea PRIMARY KEY,
        id text NOT NULL UNIQUE,
        consumer text NOT NULL,
        purpose text NOT NULL,
        created_us bigint NOT NULL,
        scope text NOT NULL,
        expires_us bigint,
        revoked_us bigint,
        last_used_us bigint,
        last_peer text NOT NULL DEFAULT ''
    );

    CREATE TABLE sms_relay.reader_stream (
        reader_id text NOT NULL REFERENCES sms_relay.reader (id) ON DELETE CASCADE,
        stream_id bigint NOT NULL REFERENCES sms_relay.stream (id),
        PRIMARY KEY (reader_id, stream_id)
    );

    CREATE TABLE sms_relay.probe (id integer PRIMARY KEY, at_us bigint NOT NULL);
    """,
)


def prepare(db: psycopg.Connection[tuple[object, ...]]) -> None:
    """Make the tables if there are none. Raises LogUnusable for a server or a schema that will not do."""
    with db.transaction():
        db.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        _check_server(db)
        if db.execute("SELECT to_regclass('sms_relay.format')").fetchone() == (None,):
            db.execute("CREATE SCHEMA IF NOT EXISTS sms_relay")
            db.execute("CREATE TABLE sms_relay.format (version integer NOT NULL)")
            db.execute("INSERT INTO sms_relay.format VALUES (0)")
        row = db.execute("SELECT version FROM sms_relay.format").fetchone()
        version = row[0] if row is not None else 0
        assert isinstance(version, int)
        if version > len(_MIGRATIONS):
            raise LogUnusable(
                "log: the tables in this database are of a later version of this program "
                f"(format {version}, this one knows {len(_MIGRATIONS)}).",
                hint="Install that version, or name another database.",
            )
        for migration in _MIGRATIONS[version:]:
            db.execute(sql.SQL(migration))
        if version < len(_MIGRATIONS):
            db.execute("UPDATE sms_relay.format SET version = %s", (len(_MIGRATIONS),))


def _check_server(db: psycopg.Connection[tuple[object, ...]]) -> None:
    if db.info.server_version < _OLDEST_SERVER:
        raise LogUnusable("log: this PostgreSQL is too old. Version 14 or later is needed.")
    row = db.execute("SELECT current_setting('fsync'), current_setting('server_encoding')").fetchone()
    assert row is not None
    if row[0] != "on":
        raise LogUnusable(
            "log: this PostgreSQL runs with fsync = off, and would lose what it said it had stored."
        )
    if row[1] != "UTF8":
        raise LogUnusable("log: the database's encoding is not UTF8. Make one with ENCODING 'UTF8'.")
