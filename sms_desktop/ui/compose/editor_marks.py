"""What is drawn under and over the letters of the message editor: parts, offenders, what is no honest letter.

Asked by the editor with each line that can be seen. Positions are UTF-16 code units of the whole text.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from sms_desktop.encoding import gsm7, ucs2
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.editor_lines import ShownLine

_STRENGTH = 0.55  # of a part's ground: the letters come first
_BAR = 2.0
_ROUND_AT_MOST = 8  # boxes in a line: round corners cost more than all the rest


class Mark(NamedTuple):
    """Something that is not what it seems, from `start` to `end`; `hidden` says that it has no shape."""

    start: int
    end: int
    hidden: bool


class EditorMarks:
    """What there is to mark in one editor."""

    def __init__(self, appearance: Appearance) -> None:
        self._appearance = appearance
        self.offending = False
        self.ends: tuple[int, ...] = ()
        self.marks: tuple[Mark, ...] = ()
        self._grounds: list[QColor] = []
        appearance.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        base = self._appearance.theme.base
        self._grounds = [_mixed(tint.ground, base) for tint in self._appearance.theme.tints]

    def shift(self, position: int, removed: int, added: int) -> None:
        """Some of the text was replaced: marks behind it move, marks in it go."""
        if self.marks:
            behind, by = position + removed, added - removed
            self.marks = tuple(
                mark if mark.end <= position else Mark(mark.start + by, mark.end + by, mark.hidden)
                for mark in self.marks
                if mark.end <= position or mark.start >= behind
            )

    def paint_under(self, painter: QPainter, shown: ShownLine) -> None:
        """Draw parts and offenders of a line."""
        if len(self.ends) > 1:
            self._paint_parts(painter, shown)
        if self.offending:
            self._paint_offenders(painter, shown)

    def paint_over(self, painter: QPainter, shown: ShownLine) -> None:
        """Draw what is not what it seems, over the letters: hidden characters have no width to draw under."""
        ink = self._appearance.theme.warn
        for mark in self.marks:
            if mark.end <= shown.start or mark.start >= shown.end:
                continue
            rect = shown.rect(max(mark.start, shown.start), min(mark.end, shown.end))
            if mark.hidden:
                painter.fillRect(QRectF(rect.left() - 1, rect.top(), _BAR, rect.height()), ink)
                painter.fillRect(QRectF(rect.left() - 3, rect.top(), 6, 3), ink)
                painter.fillRect(QRectF(rect.left() - 3, rect.bottom() - 3, 6, 3), ink)
            else:
                painter.setPen(QPen(ink, 2, Qt.PenStyle.DotLine))
                painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_parts(self, painter: QPainter, shown: ShownLine) -> None:
        theme, ends = self._appearance.theme, self.ends
        part, at, last = bisect_right(ends, shown.start), shown.start, shown.end
        while at < last:
            until = min(last, ends[part]) if part < len(ends) else last
            # Most lines lie in one part: that is found without asking where each letter stands.
            rect = shown.whole() if until - at == last - shown.start else shown.rect(at, until)
            if theme.tinted:
                painter.fillRect(rect, self._grounds[part % len(self._grounds)])
            if part and at == ends[part - 1]:
                tint = theme.tints[part % len(theme.tints)]
                painter.fillRect(QRectF(rect.left() - 1, rect.top(), _BAR, rect.height()), tint.ink)
            at = until
            part += 1

    def _paint_offenders(self, painter: QPainter, shown: ShownLine) -> None:
        first, length = shown.first, shown.end - shown.start
        text = shown.block.text()
        pairs = not text.isascii() and len(ucs2.code_units(text)) > 2 * len(text)
        if pairs:
            units = ucs2.code_units(text)[2 * first : 2 * (first + length)]
            text = units.decode("utf-16-be", "replace")
        else:
            text = text[first : first + length]
        boxes = []
        for span in gsm7.unsupported_spans(text):
            left, right = ucs2.code_unit_offsets(text, span) if pairs else span
            rect = shown.rect(shown.start + left, shown.start + right)
            box = QRectF(rect.left(), rect.top(), max(rect.width(), 1.0), rect.height())
            boxes.append(box.adjusted(-1.5, 0.5, 1.5, -0.5))
        if not boxes:
            return
        theme = self._appearance.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.warn, 1))
        painter.setBrush(theme.warn_ground)
        if len(boxes) <= _ROUND_AT_MOST:
            for box in boxes:
                painter.drawRoundedRect(box, 3, 3)
        else:
            painter.drawRects(boxes)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.warn)
        painter.drawRects([QRectF(box.left(), box.bottom() - 1, box.width(), 2) for box in boxes])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _mixed(ground: QColor, base: QColor) -> QColor:
    """A part's ground, weaker; mixed here, since painting it half transparent takes far longer."""
    pairs = zip(ground.getRgb()[:3], base.getRgb()[:3], strict=True)  # type: ignore[index]  # a tuple, not object
    return QColor(*(round(_STRENGTH * one + (1 - _STRENGTH) * other) for one, other in pairs))
