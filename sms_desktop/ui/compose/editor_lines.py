"""The lines of the message editor as they stand on the screen, and which of them a key press changes.

Asked by the editor: a key press lays out its whole paragraph, but seldom changes more than a line of what can
be seen, and painting all of it takes long. Positions are UTF-16 code units of the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTextBlock, QTextLine

from sms_desktop.encoding import ucs2

_CONTROLS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# First octets of UTF-16BE code units that are letters from left to right, controls and pairs set aside.
_ONE_WAY = bytes({*range(0x05), *range(0x09, 0xD8), *range(0xD9, 0xFB), 0xFF})
_PAIRS = b"\xd8"  # the first octet of those that may be written from right to left
_PAIRS_OF_BOTH_WAYS = "[\U00010800-\U00010fff\U0001e800-\U0001efff]"  # compiled at its first use: seldom


class ShownLine:
    """A line of text on the screen: its block, its layout, and where its block begins.

    `start` and `end` are where it begins and ends in the whole text, `top` and `height` where it stands.
    """

    __slots__ = ("_left", "_line", "_offset", "block", "end", "first", "height", "start", "top")

    def __init__(self, block: QTextBlock, line: QTextLine, at: QPointF) -> None:
        self.block = block
        self._line = line
        self._offset = block.position()
        self._left = at.x()
        self.first = line.textStart()
        self.start = self._offset + self.first
        self.end = self.start + line.textLength()
        self.top = at.y() + line.y()
        self.height = line.height()

    def whole(self) -> QRectF:
        """Where its letters stand."""
        return QRectF(self._left + self._line.x(), self.top, self._line.naturalTextWidth(), self.height)

    def rect(self, start: int, end: int) -> QRectF:
        """Where some of its characters stand."""
        x1, x2 = x_of(self._line, start - self._offset), x_of(self._line, end - self._offset)
        return QRectF(self._left + min(x1, x2), self.top, abs(x2 - x1), self.height)


def x_of(line: QTextLine, position: int) -> float:
    """Where a position of its block stands in a line."""
    # PySide gives (x, position) where C++ changes the position it was given; its stubs do not know.
    found: Any = line.cursorToX(position)
    return float(found[0]) if isinstance(found, tuple) else float(found)


def lines_of(block: QTextBlock, at: QPointF, top: float, bottom: float) -> Iterator[ShownLine]:
    """The lines of a block, which begins at `at`, that reach into what is from `top` to `bottom`."""
    layout = block.layout()
    count = layout.lineCount()
    height = layout.lineAt(0).height() if count else 1.0
    # Lines are equally high but for those with letters of another font: begin a little before.
    first = max(0, int((top - at.y()) / max(height, 1.0)) - 2)
    for number in range(0 if first >= count else first, count):
        line = layout.lineAt(number)
        begins = at.y() + line.y()
        if begins > bottom:
            break
        if begins + line.height() >= top:
            yield ShownLine(block, line, at)


class BlockLines:
    """The lines of the block that was written in last, as they stood: to see which of them have changed."""

    def __init__(self) -> None:
        self._number = -1
        self._seen: list[tuple[int, int, QRectF]] = []

    def forget(self) -> None:
        """The block may be painted in another way than was seen last."""
        self._number = -1

    def changed_from(self, block: QTextBlock, lines: Iterable[ShownLine], position: int) -> float | None:
        """From where downwards a block has to be painted after a change at `position`; None: all of it.

        `lines` are those that can be seen. One line before the first that changed counts as changed, since
        letters may reach over their line.
        """
        now = [(line.start, line.end, line.whole()) for line in lines]
        before, self._seen = self._seen, now
        known, self._number = self._number == block.blockNumber(), block.blockNumber()
        if not known or position < block.position():
            return None
        for index, (line, other) in enumerate(zip(now, before, strict=False)):
            if line != other or line[1] >= position:
                return now[max(index - 1, 0)][2].top()
        return None


def runs_both_ways(text: str) -> bool:
    """Whether some of it may run from right to left: what is typed then can change the lines before it."""
    if text.isascii():
        return False
    suspect = ucs2.code_units(text)[::2].translate(None, _ONE_WAY)
    if suspect.strip(_PAIRS) or any(control in text for control in _CONTROLS):
        return True
    return bool(suspect) and re.search(_PAIRS_OF_BOTH_WAYS, text) is not None
