"""Rows of a log made into events, no more than a page holds. Called by the logs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from sms_desktop.relay.events import Event
from sms_desktop.servers.relay.log import Slice, StreamState

LOOKED_AT_ONCE = 10_000
"""So many events one question looks at, whatever kinds it wants."""
_EVENT_OVERHEAD = 300
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)

Row = tuple[int, str, int, bytes, str, str, int | None, str]
"""seq, kind, received_us, key, signature, payload, duplicates, flags"""

_read_payload = msgspec.json.Decoder(dict[str, str]).decode


def take(state: StreamState, rows: Iterable[Row], *, limit: int, max_octets: int, through: int) -> Slice:
    """The first rows that fit: `limit` of them, and octets; the first one always does.

    `rows` are all of the wanted kinds up to `through`, or the first `limit` + 1 of them.
    """
    events: list[Event] = []
    octets = 0
    for seq, kind, received_us, key, signature, payload, duplicates, flags in rows:
        octets += len(payload) + _EVENT_OVERHEAD
        if len(events) == limit or (events and octets > max_octets):
            through = events[-1].seq
            break
        events.append(
            Event(
                seq=seq,
                id=key.hex(),
                stream=state.name,
                kind=kind,
                received_at=_EPOCH_START + timedelta(microseconds=received_us),
                signature=signature,
                duplicates=duplicates or 0,
                payload=_read_payload(payload),
                flags=tuple(flags.split()),
            )
        )
    return Slice(state, events, through)
