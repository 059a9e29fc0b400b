"""The part map: one cell for each character, tinted by its part. Made by the text sheet when it is opened."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QToolTip, QWidget

from sms_desktop.encoding.segment_map import SegmentMap, Why, segment_map
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.map_rows import QUARTERS, MapRows
from sms_desktop.ui.style import FOCUS_WIDTH, frame

_MOST_ROWS = 4
_PITCH = 1.12  # a cell's width, by the width of a digit
_SPARE = 6
_OVER = 2  # pixels that letters may reach over the top of their row
_DOT = "\u00b7"
# Line ends and control characters are shown by their pictures (U+2400 and following).
_SHOWN = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421, 0x0A: 0x21B5, 0x20: ord(_DOT)}
_RUN = re.compile("[\x20-\x7e\xa0-\u017f]+")
_BASIC = bytes([Why.BASIC])
# A row: its first character, text, reasons, widths, first part, ends of parts, caret, and what is boxed.
_Look = tuple[int, str, bytes, bytes, int, tuple[int, ...], int | None, bool]
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class PartMap(QAbstractScrollArea):
    """Cells that wrap; only the rows that can be seen are painted.

    `describe` gives the words for a character. Signals: `chosen(position)`, the person took a character (in
    code points) with mouse or keys.
    """

    chosen = Signal(int)

    def __init__(
        self, *, describe: Callable[[int], str], appearance: Appearance, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._describe = describe
        self._map = segment_map("")
        self._offending = False
        self._all_basic = True
        self._caret = 0
        self._shown: dict[int, _Look] = {}
        self.setObjectName("part_map")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Part map"))
        appearance.changed.connect(self._restyle)
        self._restyle()

    def show_map(self, whole: SegmentMap, *, offending: bool, caret: int) -> None:
        """Show the map of another text; `offending` boxes what is outside GSM-7."""
        self._map, self._offending = whole, offending
        self._all_basic = not whole.why.strip(_BASIC)
        self._caret = min(self._caret, len(whole))
        self._break()
        if caret != self._caret:
            self._caret = min(caret, len(whole))
            self._scroll_to_caret()
        self._paint_changed()

    def show_caret(self, position: int) -> None:
        """Mark the character behind the caret, and have it in sight."""
        if position == self._caret:
            return
        self._caret = min(position, len(self._map))
        self._scroll_to_caret()
        self._paint_changed()

    @property
    def caret(self) -> int:
        """The character that is marked, in code points."""
        return self._caret

    def cell(self, position: int) -> QRect:
        """Where a character stands in the viewport."""
        row = self._rows.row_of(position)
        y = row * self._pitch - self.verticalScrollBar().value()
        left, width = self._rows.left(position), self._rows.width(position)
        return QRectF(left * self._quarter, y, width * self._quarter, self._pitch).toAlignedRect()

    def position_at(self, point: QPointF) -> int:
        """The character at a point of the viewport."""
        y = point.y() + self.verticalScrollBar().value()
        row = min(max(int(y // self._pitch), 0), self._rows.count - 1)
        found = self._rows.at(row, int(max(point.x(), 0) // self._quarter))
        return min(found, max(len(self._map) - 1, 0))

    @Slot()
    def _restyle(self) -> None:
        metrics = QFontMetricsF(self._appearance.fonts.mono)
        self._height, self._ascent = metrics.height(), metrics.ascent()
        advance = metrics.horizontalAdvance("0")
        self._quarter = max(advance * _PITCH, 4.0) / QUARTERS
        self._pitch = round(metrics.lineSpacing()) + _SPARE
        self._run_font = QFont(self._appearance.fonts.mono)
        self._run_font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, self._quarter * QUARTERS - advance)
        # Runs are drawn at once only where the letters are all equally wide.
        self._in_runs = abs(metrics.horizontalAdvance("i") - metrics.horizontalAdvance("W")) < 0.01
        self._shown.clear()
        self._break()
        self.viewport().update()

    def _break(self) -> None:
        room = int(self.viewport().width() / self._quarter)
        self._rows = MapRows(self._map, room, offending=self._offending)
        count = self._rows.count
        height = min(count, _MOST_ROWS) * self._pitch
        if height != self.minimumHeight():
            self.setFixedHeight(height)
        bar = self.verticalScrollBar()
        last = max(0, (count - _MOST_ROWS) * self._pitch)
        if last != bar.maximum():
            bar.setRange(0, last)
            bar.setSingleStep(self._pitch)
            bar.setPageStep(_MOST_ROWS * self._pitch)

    def _scroll_to_caret(self) -> None:
        bar = self.verticalScrollBar()
        top = self._rows.row_of(self._caret) * self._pitch
        if top < bar.value():
            bar.setValue(top)
        elif top + self._pitch > bar.value() + _MOST_ROWS * self._pitch:
            bar.setValue(top + self._pitch - _MOST_ROWS * self._pitch)

    def _paint_changed(self) -> None:
        """Have those rows painted that show something else now."""
        before = self._shown
        self._shown = {row: self._look_of(row) for row in self._rows_in(0, self.height())}
        for row in self._shown.keys() | before.keys():
            if self._shown.get(row) != before.get(row):
                y = row * self._pitch - self.verticalScrollBar().value()
                self.viewport().update(0, y - _OVER, self.viewport().width(), self._pitch + _OVER)

    def _look_of(self, row: int) -> _Look:
        """All that decides how a row looks."""
        start, end, ends = self._rows.start(row), self._rows.start(row + 1), self._map.ends
        part = min(bisect_right(ends, start), len(ends) - 1)
        return (
            start,
            self._map.text[start:end],
            self._map.why[start:end],
            self._rows.widths(start, end),
            part,
            tuple(min(each, end) for each in ends[max(part - 1, 0) : bisect_right(ends, end) + 1]),
            self._caret if self._holds_caret(start, end) else None,
            self._offending,
        )

    def _holds_caret(self, start: int, end: int) -> bool:
        return start <= self._caret < end or self._caret == end == len(self._map)

    def _rows_in(self, top: int, bottom: int) -> range:
        """The rows that reach into a piece of the viewport."""
        scrolled = self.verticalScrollBar().value()
        last = (bottom + _OVER - 1 + scrolled) // self._pitch
        return range((top + scrolled) // self._pitch, min(last + 1, self._rows.count))

    def _take(self, position: int) -> None:
        position = min(max(position, 0), max(len(self._map) - 1, 0))
        self.show_caret(position)
        self.chosen.emit(position)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._describe(position)))

    # Qt overrides

    def sizeHint(self) -> QSize:
        """As high as its rows, four at most."""
        return QSize(400, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """The same height, in any width."""
        return QSize(80, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._shown.clear()  # all of it is painted anew
        self._break()

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell about the character under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and len(self._map):
            position = self.position_at(QPointF(event.pos()))
            QToolTip.showText(
                event.globalPos(), self._describe(position), self.viewport(), self.cell(position)
            )
            return True
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the caret where the person clicks."""
        if len(self._map):
            self._take(self.position_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from character to character, row to row, to the beginning and the end."""
        key = Qt.Key(event.key())
        at, row = self._caret, self._rows.row_of(self._caret)
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                self._take(at + _STEPS[key])
            case Qt.Key.Key_Up if row:
                self._take(self._rows.at(row - 1, self._rows.left(at)))
            case Qt.Key.Key_Down if row + 1 < self._rows.count:
                self._take(self._rows.at(row + 1, self._rows.left(at)))
            case Qt.Key.Key_Home:
                self._take(0)
            case Qt.Key.Key_End:
                self._take(len(self._map) - 1)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that can be seen."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._appearance.theme.window)
        for row in self._rows_in(event.rect().top(), event.rect().bottom() + 1):
            self._paint_row(painter, row, row * self._pitch - self.verticalScrollBar().value())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            frame(painter, QRectF(self.viewport().rect()), self._appearance.theme.accent, width=FOCUS_WIDTH)

    # Painting

    def _paint_row(self, painter: QPainter, row: int, y: float) -> None:
        start, end = self._rows.start(row), self._rows.start(row + 1)
        ends, x = self._map.ends, 0.0
        part = min(bisect_right(ends, start), len(ends) - 1)
        at = start
        while at < end:
            until = min(end, ends[part]) if part < len(ends) else end
            if until <= at:
                part += 1
                continue
            width = self._rows.span(at, until) * self._quarter
            begins = at == (ends[part - 1] if part else 0)
            self._paint_ground(painter, QRectF(x, y, width, self._pitch - 2), part, begins=begins)
            x += width
            at = until
            part += 1
        self._paint_letters(painter, start, end, y)
        if self._holds_caret(start, end):
            self._paint_caret(painter, y)

    def _paint_ground(self, painter: QPainter, rect: QRectF, part: int, *, begins: bool) -> None:
        theme = self._appearance.theme
        tint = theme.tints[part % len(theme.tints)]
        if theme.tinted:
            painter.fillRect(rect, tint.ground)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 2, rect.width(), 2), tint.ink)
        if begins and part:
            painter.fillRect(QRectF(rect.left() - 1, rect.top(), 2, rect.height()), tint.ink)

    def _paint_letters(self, painter: QPainter, start: int, end: int, y: float) -> None:
        theme, text, why = self._appearance.theme, self._map.text, self._map.why
        painter.setFont(self._run_font if self._in_runs else self._appearance.fonts.mono)
        painter.setPen(theme.text)
        base = y + (self._pitch - 2 - self._height) / 2 + self._ascent
        inset = self._run_font.letterSpacing() / 2
        x, at = 0.0, start
        while at < end:
            run = _RUN.match(text, at, end) if self._in_runs else None
            until = run.end() if run is not None else at
            if until > at and not self._all_basic:
                until = at + len(why[at:until]) - len(why[at:until].lstrip(_BASIC))
            if until > at:
                painter.drawText(QPointF(x + inset, base), text[at:until].translate(_SHOWN))
                x += (until - at) * QUARTERS * self._quarter
                at = until
                continue
            width = self._rows.width(at) * self._quarter
            self._paint_cell(painter, QRectF(x, y, width, self._pitch - 2), text[at], why[at])
            x += width
            at += 1

    def _paint_cell(self, painter: QPainter, rect: QRectF, letter: str, why: int) -> None:
        theme = self._appearance.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._offending and why >= Why.NEEDS_UCS2:
            painter.setBrush(theme.warn_ground)
            painter.setPen(QPen(theme.warn, 1.5))
            painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), 3, 3)
        elif why in (Why.EXTENSION, Why.SHIFTED) and rect.width() > (QUARTERS + 2) * self._quarter:
            painter.setPen(QPen(theme.text2, 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1.5, 1.5, -1.5, -2.5), 3, 3)
        painter.setPen(theme.text)
        shown = letter.translate(_SHOWN)
        if not shown.isprintable() or shown.isspace():
            shown = _DOT
        painter.setFont(self._appearance.fonts.mono)
        painter.drawText(rect.adjusted(-4, -2, 4, 2), Qt.AlignmentFlag.AlignCenter, shown)
        painter.setFont(self._run_font if self._in_runs else self._appearance.fonts.mono)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _paint_caret(self, painter: QPainter, y: float) -> None:
        theme = self._appearance.theme
        if self._caret >= len(self._map):
            x = self._rows.left(self._caret) * self._quarter
            painter.fillRect(QRectF(x, y, 2, self._pitch - 2), theme.accent)
            return
        left, width = self._rows.left(self._caret), self._rows.width(self._caret)
        rect = QRectF(left * self._quarter, y, width * self._quarter, self._pitch - 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.accent, 2))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
