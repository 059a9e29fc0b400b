"""Webhooks into the relay's SQLite file. Called by sqlite_log, inside its transactions."""

from __future__ import annotations

from collections.abc import Sequence

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
_ADVANCE = "UPDATE stream SET head = ?, octets = octets + ? WHERE id = ?"


def place(db: apsw.Connection, arrivals: Sequence[Arrival]) -> list[Placement]:
    """Store what is new, count what is known, and say where each arrival stands."""
    heads: dict[int, int] = {}
    octets: dict[int, int] = {}
    placements = []
    rows = []
    for arrival in arrivals:
        stream_id = arrival.stream_id
        head = heads.get(stream_id)
        if head is None:
            head = db.execute("SELECT head FROM stream WHERE id = ?", (stream_id,)).get
            heads[stream_id] = head
            octets[stream_id] = 0
        seq = db.execute(
            _ADD_KEY, (stream_id, arrival.key, head + 1, arrival.received_us, arrival.received_us)
        ).get
        placements.append(Placement(seq, seq > head))
        if seq <= head:
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
