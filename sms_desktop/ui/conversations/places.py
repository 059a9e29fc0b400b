"""Where every bubble of the timeline is: one under the other, with day lines and gaps.

Pure; used by the timeline.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sms_desktop.messages.ids import MessageId
from sms_desktop.ui.times import day, day_words

if TYPE_CHECKING:
    from sms_desktop.store.messages import MessageRow
    from sms_desktop.ui.conversations.bubble_layout import BubbleLayout

_TOP = 8.0
_BOTTOM = 12.0
_GAP = 7
_CLOSE_GAP = 3
_CLOSE_US = 60_000_000


@dataclass(slots=True)
class Entry:
    """A row with its place: `top` is where its day line or gap begins, `bubble_top` where its bubble does."""

    row: MessageRow
    bubble: BubbleLayout
    day: str = ""
    top: float = 0
    bubble_top: float = 0

    @property
    def bottom(self) -> float:
        """Where the bubble ends."""
        return self.bubble_top + self.bubble.height


class Places:
    """The entries of a timeline in order; all lengths are logical pixels from the top of the first."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.total = 0.0
        self._tops: list[float] = []

    def put(self, *, day_height: float, today: date) -> None:
        """Place the entries anew."""
        y = _TOP
        before: MessageRow | None = None
        for entry in self.entries:
            entry.top = y
            entry.day = ""
            that = day(entry.row.created_us)
            if before is None or day(before.created_us) != that:
                entry.day = day_words(that, today)
                y += day_height
            else:
                near = abs(entry.row.created_us - before.created_us) < _CLOSE_US
                y += _CLOSE_GAP if near and entry.row.inbound == before.inbound else _GAP
            entry.bubble_top = y
            y += entry.bubble.height
            before = entry.row
        self.total = y + _BOTTOM
        self._tops = [entry.top for entry in self.entries]

    def between(self, top: float, bottom: float) -> tuple[int, int]:
        """The first and last entry that can be seen between two heights; (0, -1) if there is none."""
        if not self._tops:
            return 0, -1
        first = max(0, bisect_right(self._tops, top) - 1)
        return first, max(first, bisect_right(self._tops, bottom) - 1)

    def anchor(self, top: float) -> tuple[MessageId, float] | None:
        """The first bubble below `top` that has a place, and how far below it begins."""
        for entry in self.entries:
            if entry.bubble_top > 0 and entry.bottom > top:
                return entry.row.id, entry.bubble_top - top
        return None

    def find(self, message: MessageId | None) -> Entry | None:
        """The entry of a message."""
        return next((entry for entry in self.entries if entry.row.id == message), None)
