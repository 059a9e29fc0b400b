"""What is deleted from PostgreSQL. Called by postgresql_log, inside its transactions.

Several relays may do it at once: who finds a stream taken leaves it alone.
"""

from __future__ import annotations

from typing import Any, LiteralString

import msgspec
import psycopg

from sms_desktop.relay.events import ERASED, UNREADABLE
from sms_desktop.servers.relay.ages import is_over_age
from sms_desktop.servers.relay.erasure import NumberFinder
from sms_desktop.servers.relay.log import Purged, Retention

_PURGED_AT_ONCE = 1000
_KEYS_AT_ONCE = 5000
_ERASED_AT_ONCE = 2000

_TRY: LiteralString = "SELECT pg_try_advisory_xact_lock(%s, %s::integer)"
_LOCK = 0x534D5350
_SLOWEST: LiteralString = """
    SELECT min(coalesce(consumer.acked, 0)) FROM sms_relay.reader
    JOIN sms_relay.reader_stream ON reader_id = reader.id LEFT JOIN sms_relay.consumer
        ON consumer.stream_id = reader_stream.stream_id AND consumer.name = reader.consumer
    WHERE reader_stream.stream_id = %s AND revoked_us IS NULL AND (expires_us IS NULL OR expires_us > %s)"""
_OLDEST: LiteralString = """
    SELECT seq, received_us, octet_length(payload) + octet_length(query) + octet_length(body)
    FROM sms_relay.event WHERE stream_id = %s ORDER BY seq LIMIT %s"""
_ERASE: LiteralString = """
    UPDATE sms_relay.event SET kind = %s, payload = '{}', query = '', body = '', headers = '{}',
        content_type = '', peer = '', flags = '' WHERE stream_id = %s AND seq = ANY (%s)"""
_FREE: LiteralString = "UPDATE sms_relay.stream SET octets = greatest(octets - %s, 0) WHERE id = %s"

_Db = psycopg.Connection[tuple[Any, ...]]
_read_payload = msgspec.json.Decoder(dict[str, str]).decode


def purge(db: _Db, stream_id: int, retention: Retention, now_us: int) -> Purged:
    """Delete the longest run of the oldest events that need not be kept, up to a batch."""
    if db.execute(_TRY, (_LOCK, stream_id & 0x7FFFFFFF)).fetchone() != (True,):
        return Purged(0, more=False)
    row = db.execute("SELECT head, octets FROM sms_relay.stream WHERE id = %s", (stream_id,)).fetchone()
    if row is None:
        return Purged(0, more=False)
    head, octets = row
    (slowest,) = db.execute(_SLOWEST, (stream_id, now_us)).fetchone() or (None,)
    read_through = head if slowest is None else slowest
    gone = freed = last = 0
    for seq, received_us, size in db.execute(_OLDEST, (stream_id, _PURGED_AT_ONCE)):
        if not (
            is_over_age(received_us, retention, now_us, is_read=seq <= read_through)
            or octets - freed > retention.most_octets
            or head - seq + 1 > retention.most_events
        ):
            break
        last = seq
        gone += 1
        freed += size
    if gone:
        db.execute("DELETE FROM sms_relay.event WHERE stream_id = %s AND seq <= %s", (stream_id, last))
        db.execute(_FREE, (freed, stream_id))
    return Purged(gone, more=gone == _PURGED_AT_ONCE)


def purge_keys(db: _Db, stream_id: int, retention: Retention, now_us: int, after: bytes) -> bytes | None:
    """Delete old keys among the next ones after `after`; those that a relay counts just now stay."""
    keys = [
        bytes(key)
        for (key,) in db.execute(
            "SELECT key FROM sms_relay.dedupe WHERE stream_id = %s AND key > %s ORDER BY key LIMIT %s",
            (stream_id, after, _KEYS_AT_ONCE),
        )
    ]
    if keys:
        db.execute(
            "DELETE FROM sms_relay.dedupe WHERE (stream_id, key) IN (SELECT stream_id, key "
            "FROM sms_relay.dedupe WHERE stream_id = %s AND key > %s AND key <= %s AND last_us < %s "
            "AND seq < (SELECT coalesce(min(event.seq), 9223372036854775807) FROM sms_relay.event "
            "WHERE event.stream_id = %s) FOR UPDATE SKIP LOCKED)",
            (stream_id, after, keys[-1], now_us - retention.key_age_us, stream_id),
        )
    return keys[-1] if len(keys) == _KEYS_AT_ONCE else None


def erase(db: _Db, stream_id: int, number: str, after: int) -> tuple[int, int | None]:
    """Blank what holds a number among the next events after `after`: how many, and where to go on."""
    finder = NumberFinder(number)
    rows = db.execute(
        "SELECT seq, kind, payload, query, body FROM sms_relay.event WHERE stream_id = %s AND seq > %s "
        "ORDER BY seq LIMIT %s",
        (stream_id, after, _ERASED_AT_ONCE),
    ).fetchall()
    found = {
        seq: len(payload.encode()) + len(query) + len(body)
        for seq, kind, payload, query, body in rows
        if finder.is_in(_read_payload(payload), query, body, readable=kind != UNREADABLE)
    }
    if found:
        db.execute(_ERASE, (ERASED, stream_id, list(found)))
        db.execute(_FREE, (sum(found.values()) - 2 * len(found), stream_id))
    return len(found), rows[-1][0] if len(rows) == _ERASED_AT_ONCE else None
