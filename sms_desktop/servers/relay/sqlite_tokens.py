"""Tokens in the relay's SQLite file. Called by sqlite_log, inside its transactions."""

from __future__ import annotations

from collections.abc import Sequence

import apsw

from sms_desktop.messages.ids import new_id
from sms_desktop.servers.relay.log import IngestGrant, ReaderGrant, TokenReport
from sms_desktop.servers.relay.signatures import SigningRule, decode_rule, encode_rule

_EMBEDDED_INGEST_LIFE_US = 30 * 24 * 3600 * 1_000_000
_GOOD = "revoked_us IS NULL AND (expires_us IS NULL OR expires_us > ?)"


def add_ingest_token(
    db: apsw.Connection,
    stream_id: int,
    token_hash: bytes,
    *,
    purpose: str,
    signing: SigningRule,
    expires_us: int | None,
    now_us: int,
) -> str:
    """Let a token write into a stream; returns the token's id.

    Tokens of the same purpose stay valid, since webhooks sent to them may still be repeated; those of
    embedded relays, which get a new one at every start, go after 30 days.
    """
    db.execute(
        "DELETE FROM ingest WHERE stream_id = ? AND purpose = 'embedded' AND created_us < ?",
        (stream_id, now_us - _EMBEDDED_INGEST_LIFE_US),
    )
    db.execute(
        "INSERT INTO ingest (hash, id, stream_id, purpose, created_us, signing, expires_us) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET created_us = excluded.created_us",
        (token_hash, new_id(), stream_id, purpose, now_us, encode_rule(signing), expires_us),
    )
    return str(db.execute("SELECT id FROM ingest WHERE hash = ?", (token_hash,)).get)


def add_reader_token(
    db: apsw.Connection,
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
        db.executemany(
            "DELETE FROM reader WHERE purpose = ? "
            "AND id IN (SELECT reader_id FROM reader_stream WHERE stream_id = ?)",
            [(purpose, stream_id) for stream_id in stream_ids],
        )
    db.execute(
        "INSERT INTO reader (hash, id, consumer, purpose, created_us, scope, expires_us) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (token_hash, token_id, purpose if replace else token_id, purpose, now_us, scope, expires_us),
    )
    db.executemany(
        "INSERT INTO reader_stream (reader_id, stream_id) VALUES (?, ?)",
        [(token_id, stream_id) for stream_id in stream_ids],
    )
    return token_id


def ingest_grant(db: apsw.Connection, token_hash: bytes, *, now_us: int) -> IngestGrant | None:
    """Where an ingest token leads, None if nowhere."""
    row = db.execute(
        f"SELECT id, stream_id, signing FROM ingest WHERE hash = ? AND {_GOOD}",  # noqa: S608 -- our own text
        (token_hash, now_us),
    ).fetchone()
    return None if row is None else IngestGrant(row[0], row[1], decode_rule(row[2]))


def reader_grant(db: apsw.Connection, token_hash: bytes, *, now_us: int) -> ReaderGrant | None:
    """What a reader token opens, None if nothing."""
    row = db.execute(
        f"SELECT id, consumer, scope FROM reader WHERE hash = ? AND {_GOOD}",  # noqa: S608 -- our own text
        (token_hash, now_us),
    ).fetchone()
    if row is None:
        return None
    streams = db.execute(
        "SELECT name, id FROM stream JOIN reader_stream ON stream_id = id WHERE reader_id = ?", (row[0],)
    )
    return ReaderGrant(row[0], row[1], {str(name): int(stream_id) for name, stream_id in streams}, row[2])


def tokens(db: apsw.Connection) -> list[TokenReport]:
    """All tokens, in order of their making."""
    reports = [
        TokenReport(
            id=row[0],
            kind="ingest",
            streams=[row[1]],
            created_us=row[2],
            expires_us=row[3],
            revoked_us=row[4],
            last_used_us=row[5],
            last_peer="",
            scope="",
            signing=decode_rule(row[6]),
        )
        for row in db.execute(
            "SELECT ingest.id, stream.name, ingest.created_us, expires_us, revoked_us, checked_us, signing "
            "FROM ingest JOIN stream ON stream.id = stream_id"
        )
    ]
    readers = db.execute(
        "SELECT id, created_us, expires_us, revoked_us, last_used_us, last_peer, scope FROM reader"
    )
    for row in list(readers):
        names = db.execute(
            "SELECT name FROM stream JOIN reader_stream ON stream_id = id WHERE reader_id = ? ORDER BY name",
            (row[0],),
        )
        streams = [str(name) for (name,) in names]
        reports.append(
            TokenReport(
                id=row[0],
                kind="reader",
                streams=streams,
                created_us=row[1],
                expires_us=row[2],
                revoked_us=row[3],
                last_used_us=row[4],
                last_peer=row[5],
                scope=row[6],
                signing=None,
            )
        )
    return sorted(reports, key=lambda report: (report.created_us, report.id))


def revoke(db: apsw.Connection, token_id: str, *, now_us: int) -> bool:
    """End a token; False if there is none of this id that still is good."""
    ended = 0
    for table in ("ingest", "reader"):
        db.execute(  # S608: the two names above are all that is put in
            f"UPDATE {table} SET revoked_us = ? WHERE id = ? AND revoked_us IS NULL",  # noqa: S608
            (now_us, token_id),
        )
        ended += db.changes()
    return ended > 0
