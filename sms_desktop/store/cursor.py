"""How far the relay's log has been applied, and the events themselves.

Written by services, in the transaction that applies a page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

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


def keep_event(
    db: apsw.Connection,
    profile: ProfileId,
    stream: str,
    at: Position,
    *,
    kind: str,
    received_at: str,
    signature: str,
    payload: Mapping[str, str],
    event_id: str | None = None,
) -> bool:
    """Keep an event unchanged; False if it is here already.

    `event_id` is the relay's, by which an event is known again when a log that was restored tells it anew.
    """
    if event_id is not None:
        row = next(
            db.execute(
                "SELECT 1 FROM event WHERE profile = ? AND stream = ? AND event_id = ?",
                (profile, stream, event_id),
            ),
            None,
        )
        if row is not None:
            return False
    db.execute(
        """
        INSERT INTO event (profile, stream, epoch, seq, kind, received_at, signature, payload, event_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        (profile, stream, at.epoch, at.seq, kind, received_at, signature, json.dumps(payload), event_id),
    )
    return db.changes() > 0
