"""Paints a conversation's row: avatar, name, time, last line, unread count, state. Used by the list view."""

from __future__ import annotations

import zlib

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from sms_desktop.services.handsets import Handset
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import isolated
from sms_desktop.ui.conversations.list_model import ConversationListModel, Row
from sms_desktop.ui.conversations.list_words import initials, second_line
from sms_desktop.ui.numbers import NumberBook
from sms_desktop.ui.row_list import RowDelegate
from sms_desktop.ui.states import STATE_ICONS
from sms_desktop.ui.times import list_time, now_us

_AVATAR = 36
_MARGIN = 12
_TEXT_X = 60
_ICON = 16


class ConversationDelegate(RowDelegate):
    """Rows of two lines; every row has the same height."""

    def __init__(
        self,
        *,
        appearance: Appearance,
        model: ConversationListModel,
        numbers: NumberBook,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(appearance=appearance, parent=parent)
        self._model = model
        self._numbers = numbers

    def row_height(self) -> int:
        """Two lines and their air."""
        return round(2 * QFontMetricsF(self._appearance.fonts.body).lineSpacing() + 24)

    def paint_row(self, painter: QPainter, rect: QRectF, row: Row, *, selected: bool, mirrored: bool) -> None:
        """Paint a conversation or a handset."""
        _RowPainter(self._appearance, self._model, self._numbers, painter, rect, mirrored=mirrored).paint(
            row, selected=selected
        )


class _RowPainter:
    """One row being painted: where it is, and with what."""

    def __init__(
        self,
        appearance: Appearance,
        model: ConversationListModel,
        numbers: NumberBook,
        painter: QPainter,
        rect: QRectF,
        *,
        mirrored: bool,
    ) -> None:
        self._theme, self._fonts, self._icons = appearance.theme, appearance.fonts, appearance.icons
        self._model = model
        self._numbers = numbers
        self._painter = painter
        self._rect = rect
        self._mirrored = mirrored

    def paint(self, row: Row, *, selected: bool) -> None:
        """Avatar, two lines, hairline."""
        theme, painter, rect = self._theme, self._painter, self._rect
        ink = theme.selected_text if selected else theme.text
        ink2 = theme.selected_text if selected and not theme.tinted else theme.text2
        self._avatar(row, selected=selected, ink=ink2)
        self._first_line(row, ink, ink2, selected=selected)
        self._second_line(row, ink, ink2, selected=selected)
        if not selected:
            painter.fillRect(self._at(_TEXT_X, rect.height() - 1, rect.width() - _TEXT_X, 1), theme.line)

    def _at(self, x: float, y: float, width: float, height: float) -> QRectF:
        left = self._rect.right() - x - width if self._mirrored else self._rect.left() + x
        return QRectF(left, self._rect.top() + y, width, height)

    def _avatar(self, row: Row, *, selected: bool, ink: QColor) -> None:
        theme, painter = self._theme, self._painter
        box = self._at(14, (self._rect.height() - _AVATAR) / 2, _AVATAR, _AVATAR)
        party = row.number if isinstance(row, Handset) else row.party
        if self._model.handset(party) is not None:
            icon = "handset"
        else:
            icon = "number" if party.isdigit() else "kind-text"
        contact = self._numbers.name(party)
        if contact and self._model.handset(party) is None:
            self._initials(contact, party, box)
            return
        painter.setPen(QPen(theme.line2, theme.edge))
        painter.setBrush(theme.base if theme.tinted or not selected else theme.selected)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        self._icons.paint(painter, icon, ink, box.center().x() - _ICON / 2, box.center().y() - _ICON / 2)

    def _initials(self, name: str, party: str, box: QRectF) -> None:
        """A contact's letters on a tint that follows from the number, so that it stays the same."""
        theme, painter = self._theme, self._painter
        tint = theme.tints[zlib.crc32(party.encode()) % len(theme.tints)]
        painter.setPen(Qt.PenStyle.NoPen if theme.tinted else QPen(theme.line2, theme.edge))
        painter.setBrush(tint.ground if theme.tinted else theme.base)
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(tint.ink if theme.tinted else theme.text)
        painter.setFont(self._fonts.strong)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, initials(name))

    def _first_line(self, row: Row, ink: QColor, ink2: QColor, *, selected: bool) -> None:
        fonts, theme = self._fonts, self._theme
        right = float(_MARGIN)
        if not isinstance(row, Handset):
            unread = row.unread > 0
            colour = (theme.accent if theme.tinted else ink) if unread else ink2
            font = fonts.caption_strong if unread else fonts.caption
            right += self._from_right(list_time(row.last_us, now_us()), font, colour, right, self._y1()) + 8
        party = row.number if isinstance(row, Handset) else row.party
        words = self._numbers.words(party)
        region = "" if self._model.handset(party) is not None else words.region
        region_width = QFontMetricsF(fonts.caption).horizontalAdvance(region) + 7 if region else 0
        room, name = self._rect.width() - _TEXT_X - right, self._model.name(row)
        if QFontMetricsF(fonts.strong).horizontalAdvance(name) + region_width > room:
            region = ""  # the number itself is worth more than its country
        width = self._text(
            name, fonts.strong, ink, _TEXT_X, self._y1(), room - (region_width if region else 0)
        )
        if region:
            self._text(region, fonts.caption, ink2, _TEXT_X + width + 7, self._y1(), region_width)

    def _second_line(self, row: Row, ink: QColor, ink2: QColor, *, selected: bool) -> None:
        fonts, theme = self._fonts, self._theme
        draft = self._model.draft(row)
        front, line = second_line(row, draft)
        right = float(_MARGIN)
        unread = not isinstance(row, Handset) and row.unread > 0
        if not isinstance(row, Handset):
            if row.unread:
                right += self._pill(str(row.unread) if row.unread < 100 else "99+", right) + 6
            if not draft and not row.inbound:
                colour = theme.state(row.state).ink if theme.tinted or not selected else ink
                box = self._at(self._rect.width() - right - _ICON, self._y2() + 1, _ICON, _ICON)
                self._icons.paint(self._painter, STATE_ICONS[row.state], colour, box.x(), box.y())
                right += _ICON + 6
        x = float(_TEXT_X)
        if front:
            colour = (theme.warn if theme.tinted else ink) if draft else ink2
            x += self._text(front, fonts.strong, colour, x, self._y2(), self._rect.width() - x - right) + 5
        self._text(line, fonts.body, ink if unread else ink2, x, self._y2(), self._rect.width() - x - right)

    def _pill(self, text: str, right: float) -> float:
        metrics = QFontMetricsF(self._fonts.caption_strong)
        height = max(18.0, metrics.height() + 2)
        width = max(height, metrics.horizontalAdvance(text) + 10)
        box = self._at(
            self._rect.width() - right - width, self._y2() + (self._line() - height) / 2, width, height
        )
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._theme.accent)
        self._painter.drawRoundedRect(box, height / 2, height / 2)
        self._painter.setFont(self._fonts.caption_strong)
        self._painter.setPen(self._theme.on_accent)
        self._painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return width

    def _line(self) -> float:
        return QFontMetricsF(self._fonts.body).lineSpacing()

    def _y1(self) -> float:
        return 11.0

    def _y2(self) -> float:
        return 13.0 + self._line()

    def _text(self, text: str, font: QFont, colour: QColor, x: float, y: float, room: float) -> float:
        """Draw `text` from x, elided to `room`, on the body's base line; return its width."""
        if room <= 0 or not text:
            return 0
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(isolated(text), Qt.TextElideMode.ElideRight, room)
        width = min(metrics.horizontalAdvance(shown), room)
        self._painter.setFont(font)
        self._painter.setPen(colour)
        base = QFontMetricsF(self._fonts.body).ascent() - metrics.ascent()
        box = self._at(x, y + base, width + 1, metrics.lineSpacing())
        self._painter.drawText(
            box, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignAbsolute | self._side(), shown
        )
        return width

    def _from_right(self, text: str, font: QFont, colour: QColor, right: float, y: float) -> float:
        width = QFontMetricsF(font).horizontalAdvance(text)
        self._text(text, font, colour, self._rect.width() - right - width, y, width + 1)
        return width

    def _side(self) -> Qt.AlignmentFlag:
        return Qt.AlignmentFlag.AlignRight if self._mirrored else Qt.AlignmentFlag.AlignLeft
