"""Events of a relay that are missing: which, since when, and whether they came after all.

Written by the inbox, read by ui and cli.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

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

    `found_us`, `closed_us` and `accepted_us` are UTC in microseconds; a gap is closed when its events came
    after all, and accepted when a person said to go on behind it.
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
    accepted_us: int | None = None

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
) -> Gap:
    """Keep a gap behind a position; one that is known already stays as it was. Returns what is kept."""
    first = after.seq + 1
    db.execute(
        """
        INSERT INTO gap (profile, stream, kind, epoch, first_seq, last_seq, found_us)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        (profile, stream, kind, after.epoch, first, last, now_us),
    )
    found = _found(
        db.execute(
            f"{_SELECT} WHERE profile = ? AND stream = ? AND kind = ? AND epoch = ? AND first_seq = ?",
            (profile, stream, kind, after.epoch, first),
        )
    )
    return found[0]


def close(db: apsw.Connection, profile: ProfileId, stream: str, reached: Position, *, now_us: int) -> None:
    """Note that holes up to a position are filled: it could not have been reached otherwise."""
    db.execute(
        """
        UPDATE gap SET closed_us = ?
        WHERE profile = ? AND stream = ? AND epoch = ? AND closed_us IS NULL
          AND kind = 'hole' AND last_seq <= ? AND accepted_us IS NULL
        """,
        (now_us, profile, stream, reached.epoch, reached.seq),
    )


def accept(db: apsw.Connection, profile: ProfileId, *, now_us: int) -> tuple[int, ...]:
    """Note that a person goes on behind the holes of a profile that are open; returns their ids."""
    rows = db.execute(
        """
        UPDATE gap SET accepted_us = ?
        WHERE profile = ? AND kind = 'hole' AND closed_us IS NULL AND accepted_us IS NULL RETURNING id
        """,
        (now_us, profile),
    )
    return tuple(int(str(row[0])) for row in rows)


def is_accepted(
    db: apsw.Connection, profile: ProfileId, stream: str, epoch: str, first: int, last: int
) -> bool:
    """Whether a person said to go on behind these missing events, or behind more than these."""
    row = next(
        db.execute(
            """
            SELECT 1 FROM gap WHERE profile = ? AND stream = ? AND epoch = ? AND kind = 'hole'
              AND first_seq <= ? AND last_seq >= ? AND closed_us IS NULL AND accepted_us IS NOT NULL
            """,
            (profile, stream, epoch, first, last),
        ),
        None,
    )
    return row is not None


def every(db: apsw.Connection, profile: ProfileId, *, limit: int = 1_000) -> tuple[Gap, ...]:
    """The gaps of a profile, the newest first."""
    return _found(db.execute(f"{_SELECT} WHERE profile = ? ORDER BY id DESC LIMIT ?", (profile, limit)))


_SELECT = """
    SELECT id, profile, stream, kind, epoch, first_seq, last_seq, found_us, closed_us, accepted_us FROM gap
"""


def _found(rows: Iterable[tuple[Any, ...]]) -> tuple[Gap, ...]:
    return tuple(
        Gap(number, ProfileId(profile), stream, GapKind(kind), *others)
        for number, profile, stream, kind, *others in rows
    )
