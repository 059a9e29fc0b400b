"""What readers ask of PostgreSQL. Called by postgresql_log; one statement is one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg

from sms_desktop.servers.relay.log import ConsumerReport, RawEvent, Slice, StreamReport, StreamState
from sms_desktop.servers.relay.slicing import LOOKED_AT_ONCE, take

_STATE: LiteralString = """
    SELECT id, name, epoch, head,
        coalesce((SELECT min(seq) FROM sms_relay.event WHERE stream_id = stream.id), head + 1)
    FROM sms_relay.stream WHERE id = %s"""
_READ: LiteralString = """
    SELECT event.seq, event.kind, event.received_us, event.key, event.signature, event.payload,
        dedupe.seen - 1, event.flags
    FROM sms_relay.event LEFT JOIN sms_relay.dedupe
        ON dedupe.stream_id = event.stream_id AND dedupe.key = event.key
    WHERE event.stream_id = %s AND event.seq > %s AND event.seq <= %s
        AND (%s::text[] IS NULL OR event.kind = ANY (%s::text[]))
    ORDER BY event.seq LIMIT %s"""
_RAW: LiteralString = """
    SELECT seq, kind, received_us, key, signature, flags, method, query, body, content_type, headers, peer
    FROM sms_relay.event WHERE stream_id = %s AND seq = %s"""

_Db = psycopg.Connection[tuple[Any, ...]]


def state(db: _Db, stream_id: int) -> StreamState:
    """The state of a stream."""
    row = db.execute(_STATE, (stream_id,)).fetchone()
    assert row is not None
    return StreamState(*row)


def read(
    db: _Db, stream_id: int, *, after: int, limit: int, kinds: frozenset[str] | None, max_octets: int
) -> Slice:
    """Up to `limit` events after a number, of some kinds or all, no longer than `max_octets` together."""
    with db.transaction():
        # State and events of one moment: a purge between the two would look like a hole.
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        now = state(db, stream_id)
        start = max(after, now.oldest - 1)
        through = min(now.head, start + LOOKED_AT_ONCE)
        if start >= through:
            return Slice(now, [], through)
        wanted = None if kinds is None else sorted(kinds)
        rows = db.execute(
            _READ, (stream_id, start, through, wanted, wanted, limit + 1), binary=True
        ).fetchall()
    return take(now, rows, limit=limit, max_octets=max_octets, through=through)


def raw(db: _Db, stream_id: int, seq: int) -> RawEvent | None:
    """One event as it came over the wire, None if it is not kept."""
    row = db.execute(_RAW, (stream_id, seq)).fetchone()
    return None if row is None else RawEvent(*row)


def reports(db: _Db, stream_ids: Sequence[int]) -> list[StreamReport]:
    """What there is to say about streams."""
    found: list[StreamReport] = []
    for stream_id in stream_ids:
        octets = db.execute("SELECT octets FROM sms_relay.stream WHERE id = %s", (stream_id,)).fetchone()
        checks = db.execute(
            "SELECT coalesce(sum(checks), 0)::bigint FROM sms_relay.ingest WHERE stream_id = %s", (stream_id,)
        ).fetchone()
        consumers = [
            ConsumerReport(*row)
            for row in db.execute(
                "SELECT name, acked, last_seen_us FROM sms_relay.consumer WHERE stream_id = %s ORDER BY name",
                (stream_id,),
            )
        ]
        assert octets is not None
        assert checks is not None
        found.append(StreamReport(state(db, stream_id), octets[0], consumers, checks[0]))
    return found
