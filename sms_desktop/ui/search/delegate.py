"""Paints a message that was found: state, who, when, and the line with the words that were looked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from sms_desktop.messages.kinds import Kind
from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import isolated, number
from sms_desktop.ui.conversations.content_words import content_line
from sms_desktop.ui.numbers import NumberBook, country
from sms_desktop.ui.row_list import RowDelegate
from sms_desktop.ui.search.snippet import Snippet, snippet
from sms_desktop.ui.states import STATE_ICONS, in_sentence, state_word
from sms_desktop.ui.times import list_time, now_us

_ICON_X, _TEXT_X, _RIGHT, _ICON, _GAP = 20, 52, 20, 16, 8


class FoundDelegate(RowDelegate):
    """Rows of two lines, all of one height. `words` gives what is looked for at the moment."""

    def __init__(
        self,
        *,
        appearance: Appearance,
        numbers: NumberBook,
        words: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(appearance=appearance, parent=parent)
        self._numbers = numbers
        self._words = words

    def row_height(self) -> int:
        """Two lines and their air."""
        return round(2 * QFontMetricsF(self._appearance.fonts.body).lineSpacing() + 18)

    def paint_row(
        self, painter: QPainter, rect: QRectF, row: MessageRow, *, selected: bool, mirrored: bool
    ) -> None:
        """Paint a message."""
        theme, fonts = self._appearance.theme, self._appearance.fonts
        high_contrast = selected and not theme.tinted
        ink = theme.selected_text if high_contrast else theme.text
        ink2 = theme.selected_text if high_contrast else theme.text2
        state_ink = theme.selected_text if high_contrast else theme.state(row.state).ink
        line = QFontMetricsF(fonts.body).lineSpacing()
        first, second = rect.top() + 9, rect.top() + 9 + line
        icon_y = rect.top() + (rect.height() - _ICON) / 2
        self._appearance.icons.paint(
            painter, STATE_ICONS[row.state], state_ink, rect.left() + _ICON_X, icon_y
        )
        right = rect.right() - _RIGHT
        time = list_time(row.created_us, now_us())
        state = in_sentence(state_word(row.state))
        time_width = self._right(painter, time, fonts.caption, right, first, line, ink2)
        painter.setPen(state_ink)
        state_width = self._right(painter, state, fonts.caption, right, second, line, state_ink)
        words = self._numbers.words(row.party)
        left = rect.left() + _TEXT_X
        room = right - time_width - _GAP - left
        contact = self._numbers.name(row.party)
        called = isolated(contact) if contact else number(words.formatted)
        name = QFontMetricsF(fonts.strong).elidedText(called, Qt.TextElideMode.ElideRight, room)
        self._left(painter, name, fonts.strong, left, first, line, ink)
        x = left + QFontMetricsF(fonts.strong).horizontalAdvance(name) + _GAP
        place = number(words.formatted) if contact else country(words.region)
        if place and x + QFontMetricsF(fonts.caption).horizontalAdvance(place) < right - time_width - _GAP:
            self._left(painter, place, fonts.caption, x, first, line, ink2)
        shown = (
            snippet(row.text, self._words())
            if row.kind in (Kind.TEXT, Kind.UNICODE)
            else Snippet(content_line(row.kind, row.text), ())
        )
        self._line(painter, shown, QRectF(left, second, right - state_width - _GAP - left, line), selected)
        painter.fillRect(QRectF(left, rect.bottom(), rect.width() - _TEXT_X, 1), theme.line)

    def _line(self, painter: QPainter, shown: Snippet, rect: QRectF, selected: bool) -> None:
        """The second line, piece by piece: what was looked for stands on a ground of its own."""
        theme, fonts = self._appearance.theme, self._appearance.fonts
        plain = theme.selected_text if selected and not theme.tinted else theme.text2
        painter.save()
        painter.setClipRect(rect.adjusted(-2, -1, 0, 2))
        x, at = rect.left(), 0
        for first, last in (*shown.spans, (len(shown.text), len(shown.text))):
            x = self._piece(painter, shown.text[at:first], fonts.body, x, rect, plain)
            found = shown.text[first:last]
            if found:
                width = QFontMetricsF(fonts.strong).horizontalAdvance(found)
                mark = QRectF(x - 1, rect.top(), width + 2, rect.height())
                if theme.tinted:
                    painter.fillRect(mark, theme.warn_ground)
                painter.fillRect(QRectF(mark.left(), mark.bottom() - 1, mark.width(), 2), theme.warn)
                x = self._piece(painter, found, fonts.strong, x, rect, theme.text if theme.tinted else plain)
            at = last
            if x > rect.right():
                break
        painter.restore()

    def _piece(self, painter: QPainter, text: str, font: QFont, x: float, rect: QRectF, ink: QColor) -> float:
        """Paint `text` at `x` and return where it ends: beyond `rect` if some of it is left out."""
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.right() - x)
        if shown:
            self._left(painter, shown, font, x, rect.top(), rect.height(), ink)
        return x + metrics.horizontalAdvance(text) if shown == text else rect.right() + 1

    @staticmethod
    def _left(
        painter: QPainter, text: str, font: QFont, x: float, y: float, height: float, ink: QColor
    ) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(QRectF(x, y, 4_000, height), int(flags), text)

    def _right(
        self, painter: QPainter, text: str, font: QFont, right: float, y: float, height: float, ink: QColor
    ) -> float:
        width = QFontMetricsF(font).horizontalAdvance(text)
        self._left(painter, text, font, right - width, y, height, ink)
        return width
