"""Webhooks into PostgreSQL. Called by postgresql_log, inside its transactions.

What makes the numbers dense and their order the order of commits: they are taken from the stream's row, which
stays locked until the commit. A sequence would hand out numbers before it is known who commits first, and a
reader would pass over the one that is late.

Keys come before that lock, and in one order: two relays that bring the same webhooks wait for each other
there, never in a circle. The lock is held for about one flush of the server's log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

import psycopg

from sms_desktop.servers.relay.log import Acknowledgement, Arrival, Placement, ReachabilityChecks, TokenUse
from sms_desktop.servers.relay.postgresql_connections import CHANNEL

_ADD_KEYS: LiteralString = """
    INSERT INTO sms_relay.dedupe (stream_id, key, seq, first_us, last_us, seen)
    SELECT stream_id, key, NULL, at_us, at_us, seen
    FROM unnest(%s::bigint[], %s::bytea[], %s::bigint[], %s::bigint[]) AS n (stream_id, key, at_us, seen)
    ON CONFLICT (stream_id, key) DO UPDATE
    SET seen = dedupe.seen + excluded.seen, last_us = excluded.last_us
    RETURNING stream_id, key, seq"""
_ADVANCE: LiteralString = """
    UPDATE sms_relay.stream SET head = head + %s, octets = octets + %s WHERE id = %s RETURNING head"""
_ADD_EVENTS: LiteralString = """
    INSERT INTO sms_relay.event (stream_id, seq, kind, received_us, monotonic_us, key, signature, flags,
                                 payload, method, query, body, content_type, headers, peer)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bytea[],
                         %s::text[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::bytea[],
                         %s::text[], %s::text[], %s::text[])"""
_NUMBER_KEYS: LiteralString = """
    UPDATE sms_relay.dedupe SET seq = n.seq
    FROM unnest(%s::bigint[], %s::bytea[], %s::bigint[]) AS n (stream_id, key, seq)
    WHERE dedupe.stream_id = n.stream_id AND dedupe.key = n.key"""
_ACKNOWLEDGE: LiteralString = """
    INSERT INTO sms_relay.consumer (stream_id, name, token_id, acked, last_seen_us)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (stream_id, name) DO UPDATE
    SET acked = greatest(consumer.acked, excluded.acked), token_id = excluded.token_id,
        last_seen_us = excluded.last_seen_us"""
_COUNT_CHECKS: LiteralString = (
    "UPDATE sms_relay.ingest SET checks = checks + %s, checked_us = %s WHERE id = %s"
)
_USE: LiteralString = "UPDATE sms_relay.reader SET last_used_us = %s, last_peer = %s WHERE id = %s"

_Db = psycopg.Connection[tuple[object, ...]]
_Key = tuple[int, bytes]


def place(db: _Db, arrivals: Sequence[Arrival]) -> list[Placement]:
    """Store what is new, count what is known, and say where each arrival stands."""
    if not arrivals:
        return []
    known = _add_keys(db, arrivals)
    fresh: dict[_Key, Arrival] = {}
    for arrival in arrivals:
        identity = (arrival.stream_id, arrival.key)
        if known[identity] is None:
            fresh.setdefault(identity, arrival)
    numbers = _number(db, fresh)
    if fresh:
        _add_events(db, fresh, numbers)
    placements = []
    given: set[_Key] = set()
    for arrival in arrivals:
        identity = (arrival.stream_id, arrival.key)
        seq = known[identity]
        placements.append(
            Placement(numbers[identity] if seq is None else seq, identity in fresh and identity not in given)
        )
        given.add(identity)
    return placements


def note(
    db: _Db,
    acknowledgements: Sequence[Acknowledgement],
    checks: Sequence[ReachabilityChecks],
    uses: Sequence[TokenUse],
) -> None:
    """Store what may come a little later; in one order, as other relays do."""
    with db.cursor() as cursor:
        if acknowledgements:
            cursor.executemany(
                _ACKNOWLEDGE,
                sorted((a.stream_id, a.consumer, a.token_id, a.seq, a.at_us) for a in acknowledgements),
            )
        if checks:
            rows = sorted(checks, key=lambda check: check.token_id)
            cursor.executemany(_COUNT_CHECKS, [(check.count, check.at_us, check.token_id) for check in rows])
        if uses:
            ordered = sorted(uses, key=lambda use: use.token_id)
            cursor.executemany(_USE, [(use.at_us, _text(use.peer), use.token_id) for use in ordered])


def _add_keys(db: _Db, arrivals: Sequence[Arrival]) -> dict[_Key, int | None]:
    """The numbers of keys, None for one that is new here and locked by us."""
    times: dict[_Key, int] = {}
    counts: dict[_Key, int] = {}
    for arrival in arrivals:
        identity = (arrival.stream_id, arrival.key)
        times[identity] = arrival.received_us
        counts[identity] = counts.get(identity, 0) + 1
    ordered = sorted(times)
    rows = db.execute(
        _ADD_KEYS,
        (
            [stream_id for stream_id, _ in ordered],
            [key for _, key in ordered],
            [times[identity] for identity in ordered],
            [counts[identity] for identity in ordered],
        ),
        binary=True,
    )
    found: dict[_Key, int | None] = {}
    for stream_id, key, seq in rows:
        assert isinstance(stream_id, int)
        assert isinstance(key, bytes)
        assert seq is None or isinstance(seq, int)
        found[stream_id, key] = seq
    return found


def _number(db: _Db, fresh: dict[_Key, Arrival]) -> dict[_Key, int]:
    by_stream: dict[int, list[_Key]] = {}
    for identity in fresh:
        by_stream.setdefault(identity[0], []).append(identity)
    numbers: dict[_Key, int] = {}
    for stream_id, identities in sorted(by_stream.items()):
        octets = sum(fresh[identity].octets for identity in identities)
        row = db.execute(_ADVANCE, (len(identities), octets, stream_id)).fetchone()
        assert row is not None
        head = row[0]
        assert isinstance(head, int)
        first = head - len(identities) + 1
        numbers |= {identity: first + index for index, identity in enumerate(identities)}
    return numbers


def _add_events(db: _Db, fresh: dict[_Key, Arrival], numbers: dict[_Key, int]) -> None:
    arrivals = list(fresh.values())
    seqs = [numbers[identity] for identity in fresh]
    streams = [arrival.stream_id for arrival in arrivals]
    keys = [arrival.key for arrival in arrivals]
    with db.pipeline():
        db.execute(
            _ADD_EVENTS,
            (
                streams,
                seqs,
                [arrival.kind for arrival in arrivals],
                [arrival.received_us for arrival in arrivals],
                [arrival.monotonic_us for arrival in arrivals],
                keys,
                [arrival.signature for arrival in arrivals],
                [arrival.flags for arrival in arrivals],
                [arrival.payload for arrival in arrivals],
                [arrival.method for arrival in arrivals],
                [arrival.query for arrival in arrivals],
                [arrival.body for arrival in arrivals],
                [_text(arrival.content_type) for arrival in arrivals],
                [_text(arrival.headers) for arrival in arrivals],
                [_text(arrival.peer) for arrival in arrivals],
            ),
        )
        db.execute(_NUMBER_KEYS, (streams, keys, seqs))
        db.execute("SELECT pg_notify(%s, '')", (CHANNEL,))


def _text(value: str) -> str:
    """PostgreSQL's text holds everything but U+0000."""
    return value.replace("\x00", "\ufffd")
