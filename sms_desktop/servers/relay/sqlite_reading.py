"""What readers ask of the relay's SQLite file. Called by sqlite_log, inside its snapshots."""

from __future__ import annotations

from collections.abc import Sequence

import apsw
import msgspec

from sms_desktop.servers.relay.log import ConsumerReport, RawEvent, Slice, StreamReport, StreamState
from sms_desktop.servers.relay.slicing import LOOKED_AT_ONCE, take

_STATE = """
    SELECT id, name, epoch, head, coalesce((SELECT min(seq) FROM event WHERE stream_id = stream.id), head + 1)
    FROM stream WHERE id = ?"""
_READ = """
    SELECT event.seq, event.kind, event.received_us, event.key, event.signature, event.payload,
        dedupe.seen - 1, event.flags
    FROM event LEFT JOIN dedupe ON dedupe.stream_id = event.stream_id AND dedupe.key = event.key
    WHERE event.stream_id = ?1 AND event.seq > ?2 AND event.seq <= ?3
        AND (?4 IS NULL OR event.kind IN (SELECT value FROM json_each(?4)))
    ORDER BY event.seq LIMIT ?5"""

_RAW = """
    SELECT seq, kind, received_us, key, signature, flags, method, query, body, content_type, headers, peer
    FROM event WHERE stream_id = ? AND seq = ?"""


def state(db: apsw.Connection, stream_id: int) -> StreamState:
    """The state of a stream."""
    row = db.execute(_STATE, (stream_id,)).fetchone()
    assert row is not None
    return StreamState(*row)


def read(
    db: apsw.Connection,
    stream_id: int,
    *,
    after: int,
    limit: int,
    kinds: frozenset[str] | None,
    max_octets: int,
) -> Slice:
    """Up to `limit` events after a number, of some kinds or all, no longer than `max_octets` together."""
    now = state(db, stream_id)
    start = max(after, now.oldest - 1)
    through = min(now.head, start + LOOKED_AT_ONCE)
    wanted = None if kinds is None else msgspec.json.encode(sorted(kinds)).decode()
    rows = db.execute(_READ, (stream_id, start, through, wanted, limit + 1))
    part = take(now, rows, limit=limit, max_octets=max_octets, through=through)
    rows.close()
    return part


def raw(db: apsw.Connection, stream_id: int, seq: int) -> RawEvent | None:
    """One event as it came over the wire, None if it is not kept."""
    row = db.execute(_RAW, (stream_id, seq)).fetchone()
    return None if row is None else RawEvent(*row)


def reports(db: apsw.Connection, stream_ids: Sequence[int]) -> list[StreamReport]:
    """What there is to say about streams."""
    found: list[StreamReport] = []
    for stream_id in stream_ids:
        octets = db.execute("SELECT octets FROM stream WHERE id = ?", (stream_id,)).get
        checks = db.execute("SELECT sum(checks) FROM ingest WHERE stream_id = ?", (stream_id,)).get
        consumers = [
            ConsumerReport(name, acked, last_seen_us)
            for name, acked, last_seen_us in db.execute(
                "SELECT name, acked, last_seen_us FROM consumer WHERE stream_id = ? ORDER BY name",
                (stream_id,),
            )
        ]
        found.append(StreamReport(state(db, stream_id), octets, consumers, checks or 0))
    return found
