"""Webhooks into the relay's SQLite file. Called by sqlite_log, inside its transactions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import apsw

from sms_desktop.servers.relay.log import Arrival, Placement

_ADD_KEY = """
    INSERT INTO dedupe (stream_id, key, seq, first_us, last_us, seen) VALUES (?, ?, ?, ?, ?, 1)
    ON CONFLICT (stream_id, key) DO UPDATE SET seen = seen + 1, last_us = excluded.last_us
    RETURNING seq"""
_ADD_EVENT = """
    INSERT INTO event (stream_id, seq, kind, received_us, monotonic_us, key, signature, flags, payload,
                       method, query, body, content_type, headers, peer)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_HEAD = "SELECT head FROM stream WHERE id = ?"
_ADVANCE = "UPDATE stream SET head = ?, octets = octets + ? WHERE id = ?"


def place(db: apsw.Connection, arrivals: Sequence[Arrival]) -> list[Placement]:
    """Store what is new, count what is known, and say where each arrival stands."""
    heads: dict[int, int] = {}
    octets: dict[int, int] = {}
    placements: list[Placement] = []
    for arrival in arrivals:
        if arrival.stream_id not in heads:
            heads[arrival.stream_id] = db.execute(_HEAD, (arrival.stream_id,)).get
            octets[arrival.stream_id] = 0

    def keys() -> Iterator[tuple[int, bytes, int, int, int]]:
        # Each is asked for after the row before was answered, and so knows its stream's next number.
        for arrival in arrivals:
            at_us = arrival.received_us
            yield arrival.stream_id, arrival.key, heads[arrival.stream_id] + 1, at_us, at_us

    rows = []
    for arrival, (seq,) in zip(arrivals, db.executemany(_ADD_KEY, keys()), strict=True):
        stream_id = arrival.stream_id
        is_new = seq > heads[stream_id]
        placements.append(Placement(seq, is_new))
        if not is_new:
            continue
        heads[stream_id] = seq
        octets[stream_id] += arrival.octets
        rows.append(
            (
                stream_id,
                seq,
                arrival.kind,
                arrival.received_us,
                arrival.monotonic_us,
                arrival.key,
                arrival.signature,
                arrival.flags,
                arrival.payload,
                arrival.method,
                arrival.query,
                arrival.body,
                arrival.content_type,
                arrival.headers,
                arrival.peer,
            )
        )
    if rows:
        db.executemany(_ADD_EVENT, rows)
        db.executemany(_ADVANCE, [(head, octets[stream_id], stream_id) for stream_id, head in heads.items()])
    return placements
