"""Events of a relay that are missing: which, since when, and whether they came after all.

Written by the inbox, read by ui and cli.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import apsw

from sms_desktop.messages.ids import ProfileId
from sms_desktop.store.cursor import Position


class GapKind(StrEnum):
    """How it was found out."""

    HOLE = "hole"
    """The numbering of a page has a hole; nothing behind it is applied until it is filled."""
    RESET = "reset"
    """The log was made anew or restored."""
    AHEAD = "ahead"
    """The log ends before the point that was reached here: it went back in time."""
    GONE = "gone"
    """The relay deleted events before they were read here."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Missing events `first` to `last` of a log's life `epoch`; `last` is None where nobody knows.

    `found_us` and `closed_us` are UTC in microseconds; a gap is closed when its events came after all.
    """

    id: int
    profile: ProfileId
    stream: str
    kind: GapKind
    epoch: str
    first: int
    last: int | None
    found_us: int
    closed_us: int | None

    @property
    def words(self) -> str:
        """The exact range as a sentence."""
        if self.last is None:
            return f"Events from {self.first:,} on may be missing: the relay's log began again."
        if self.first == self.last:
            return f"Event {self.first:,} is missing."
        return f"Events {self.first:,} to {self.last:,} are missing: {self.last - self.first + 1:,} in all."


def note(
    db: apsw.Connection,
    profile: ProfileId,
    stream: str,
    kind: GapKind,
    *,
    after: Position,
    last: int | None,
    now_us: int,
) -> None:
    """Keep a gap behind a position; one that is known already stays as it was."""
    db.execute(
        """
        INSERT INTO gap (profile, stream, kind, epoch, first_seq, last_seq, found_us)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        (profile, stream, kind, after.epoch, after.seq + 1, last, now_us),
    )


def close(db: apsw.Connection, profile: ProfileId, stream: str, reached: Position, *, now_us: int) -> None:
    """Note that holes up to a position are filled: it could not have been reached otherwise."""
    db.execute(
        """
        UPDATE gap SET closed_us = ?
        WHERE profile = ? AND stream = ? AND epoch = ? AND closed_us IS NULL
          AND kind = 'hole' AND last_seq <= ?
        """,
        (now_us, profile, stream, reached.epoch, reached.seq),
    )


def every(db: apsw.Connection, profile: ProfileId, *, limit: int = 1_000) -> tuple[Gap, ...]:
    """The gaps of a profile, the newest first."""
    rows = db.execute(
        """
        SELECT id, stream, kind, epoch, first_seq, last_seq, found_us, closed_us
        FROM gap WHERE profile = ? ORDER BY id DESC LIMIT ?
        """,
        (profile, limit),
    )
    return tuple(
        Gap(
            int(str(number)),
            profile,
            str(stream),
            GapKind(str(kind)),
            str(epoch),
            int(str(first)),
            None if last is None else int(str(last)),
            int(str(found)),
            None if closed is None else int(str(closed)),
        )
        for number, stream, kind, epoch, first, last, found, closed in rows
    )
