"""Tokens in PostgreSQL. Called by postgresql_log, inside its transactions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from sms_desktop.messages.ids import new_id
from sms_desktop.servers.relay.log import IngestGrant, ReaderGrant, TokenReport
from sms_desktop.servers.relay.signatures import SigningRule, decode_rule, encode_rule

_INGEST: LiteralString = """
    SELECT id, stream_id, signing FROM sms_relay.ingest
    WHERE hash = %s AND revoked_us IS NULL AND (expires_us IS NULL OR expires_us > %s)"""
_READER: LiteralString = """
    SELECT id, consumer, scope FROM sms_relay.reader
    WHERE hash = %s AND revoked_us IS NULL AND (expires_us IS NULL OR expires_us > %s)"""
_ALL: LiteralString = """
    SELECT ingest.id, 'ingest', ARRAY[stream.name], ingest.created_us, expires_us, revoked_us, checked_us, '',
        '', signing
    FROM sms_relay.ingest JOIN sms_relay.stream ON stream.id = stream_id
    UNION ALL
    SELECT reader.id, 'reader', array_agg(stream.name ORDER BY stream.name), reader.created_us, expires_us,
        revoked_us, last_used_us, last_peer, scope, NULL
    FROM sms_relay.reader JOIN sms_relay.reader_stream ON reader_id = reader.id
        JOIN sms_relay.stream ON stream.id = stream_id
    GROUP BY reader.hash
    ORDER BY 4, 1"""

_Db = psycopg.Connection[tuple[Any, ...]]


def add_ingest_token(
    db: _Db,
    stream_id: int,
    token_hash: bytes,
    *,
    purpose: str,
    signing: SigningRule,
    expires_us: int | None,
    now_us: int,
) -> str:
    """Let a token write into a stream; returns the token's id."""
    row = db.execute(
        "INSERT INTO sms_relay.ingest (hash, id, stream_id, purpose, created_us, signing, expires_us) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (hash) DO UPDATE SET created_us = excluded.created_us RETURNING id",
        (token_hash, new_id(), stream_id, purpose, now_us, encode_rule(signing), expires_us),
    ).fetchone()
    assert row is not None
    return str(row[0])


def add_reader_token(
    db: _Db,
    stream_ids: Sequence[int],
    token_hash: bytes,
    *,
    purpose: str,
    replace: bool,
    scope: str,
    expires_us: int | None,
    now_us: int,
) -> str:
    """Let a token read streams; returns the token's id."""
    token_id = new_id()
    if replace:
        db.execute(
            "DELETE FROM sms_relay.reader WHERE purpose = %s "
            "AND id IN (SELECT reader_id FROM sms_relay.reader_stream WHERE stream_id = ANY (%s))",
            (purpose, list(stream_ids)),
        )
    db.execute(
        "INSERT INTO sms_relay.reader (hash, id, consumer, purpose, created_us, scope, expires_us) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (token_hash, token_id, purpose if replace else token_id, purpose, now_us, scope, expires_us),
    )
    db.execute(
        "INSERT INTO sms_relay.reader_stream (reader_id, stream_id) SELECT %s, unnest(%s::bigint[])",
        (token_id, list(stream_ids)),
    )
    return token_id


def ingest_grant(db: _Db, token_hash: bytes, *, now_us: int) -> IngestGrant | None:
    """Where an ingest token leads, None if nowhere."""
    row = db.execute(_INGEST, (token_hash, now_us)).fetchone()
    return None if row is None else IngestGrant(row[0], row[1], decode_rule(row[2]))


def reader_grant(db: _Db, token_hash: bytes, *, now_us: int) -> ReaderGrant | None:
    """What a reader token opens, None if nothing."""
    row = db.execute(_READER, (token_hash, now_us)).fetchone()
    if row is None:
        return None
    streams = db.execute(
        "SELECT name, id FROM sms_relay.stream JOIN sms_relay.reader_stream ON stream_id = id "
        "WHERE reader_id = %s",
        (row[0],),
    )
    return ReaderGrant(row[0], row[1], dict(streams.fetchall()), row[2])


def tokens(db: _Db) -> list[TokenReport]:
    """All tokens, in order of their making."""
    return [
        TokenReport(
            id=row[0],
            kind=row[1],
            streams=row[2],
            created_us=row[3],
            expires_us=row[4],
            revoked_us=row[5],
            last_used_us=row[6],
            last_peer=row[7],
            scope=row[8],
            signing=None if row[9] is None else decode_rule(row[9]),
        )
        for row in db.execute(_ALL)
    ]


def revoke(db: _Db, token_id: str, *, now_us: int) -> bool:
    """End a token; False if there is none of this id that still is good."""
    ended = 0
    for table in ("ingest", "reader"):
        ended += db.execute(
            sql.SQL("UPDATE sms_relay.{} SET revoked_us = %s WHERE id = %s AND revoked_us IS NULL").format(
                sql.Identifier(table)
            ),
            (now_us, token_id),
        ).rowcount
    return ended > 0
