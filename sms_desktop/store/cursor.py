"""How far the relay's log has been applied, and the events themselves.

Written by services, in the transaction that applies a page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import apsw

from sms_desktop.messages.ids import ProfileId


@dataclass(frozen=True, slots=True)
class Position:
    """The last event of a stream that was applied: the log's epoch, and the event's sequence number."""

    epoch: str
    seq: int


def position(db: apsw.Connection, profile: ProfileId, stream: str) -> Position | None:
    """Where we are in a stream, or None before the first event."""
    row = next(
        db.execute("SELECT epoch, seq FROM relay_cursor WHERE profile = ? AND stream = ?", (profile, stream)),
        None,
    )
    return None if row is None else Position(str(row[0]), int(str(row[1])))


def last_event_us(db: apsw.Connection, profile: ProfileId) -> int | None:
    """When the relay took in the last event of a profile (UTC, microseconds), or None before the first."""
    row = next(db.execute("SELECT max(last_event_us) FROM relay_cursor WHERE profile = ?", (profile,)))
    return None if row[0] is None else int(str(row[0]))


def move(db: apsw.Connection, profile: ProfileId, stream: str, to: Position, *, event_us: int | None) -> None:
    """Keep a new position; `event_us` is when the relay took in the last event, None if there was none."""
    db.execute(
        """
        INSERT INTO relay_cursor (profile, stream, epoch, seq, last_event_us) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (profile, stream) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq,
            last_event_us = coalesce(excluded.last_event_us, last_event_us)
        """,
        (profile, stream, to.epoch, to.seq, event_us),
    )


class NewEvent(NamedTuple):
    """An event as the relay gave it.

    `id` is the relay's, by which an event is known again when a log that was restored tells it anew.
    """

    seq: int
    id: str
    kind: str
    received_at: str
    signature: str
    payload: Mapping[str, str]


def keep_events(
    db: apsw.Connection, profile: ProfileId, stream: str, epoch: str, events: Sequence[NewEvent]
) -> set[int]:
    """Keep events of one life of the log unchanged; returns the sequence numbers of those that are new."""
    ids, seqs = _known(db, profile, stream, epoch, events)
    new = []
    for event in events:
        if event.id not in ids and event.seq not in seqs:
            ids.add(event.id)
            seqs.add(event.seq)
            new.append(event)
    db.executemany(
        """
        INSERT INTO event (profile, stream, epoch, seq, kind, received_at, signature, payload, event_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            (profile, stream, epoch, seq, kind, received_at, signature, json.dumps(payload), event_id)
            for seq, event_id, kind, received_at, signature, payload in new
        ),
    )
    return {event.seq for event in new}


def _known(
    db: apsw.Connection, profile: ProfileId, stream: str, epoch: str, events: Sequence[NewEvent]
) -> tuple[set[str], set[int]]:
    """Which of the ids are here already, and which of the sequence numbers in this life of the log."""
    ids = db.execute(
        """
        SELECT event_id FROM event
        WHERE profile = ? AND stream = ? AND event_id IN (SELECT value FROM json_each(?))
        """,
        (profile, stream, json.dumps([event.id for event in events])),
    )
    seqs = db.execute(
        """
        SELECT seq FROM event
        WHERE profile = ? AND stream = ? AND epoch = ? AND seq IN (SELECT value FROM json_each(?))
        """,
        (profile, stream, epoch, json.dumps([event.seq for event in events])),
    )
    return {str(row[0]) for row in ids}, {int(str(row[0])) for row in seqs}
