"""The line over the timeline: whose conversation this is. Part of the conversation page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import isolated
from sms_desktop.ui.bidi import number as ltr
from sms_desktop.ui.fonts import head_height

_GAP = 8


class ConversationHead(QWidget):
    """A name, the number, and what is known of it, elided from the end where the room is short."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._name = ""
        self._number = ""
        self._notes: tuple[str, ...] = ()
        self.setObjectName("conversation_head")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.updateGeometry)
        appearance.changed.connect(self.update)

    def show_party(self, name: str, number: str, notes: tuple[str, ...]) -> None:
        """Show a party; `number` is "" where the name is the number."""
        shown = (name, number, notes)
        if shown != (self._name, self._number, self._notes):
            self._name, self._number, self._notes = shown
            self.setAccessibleName(", ".join(part for part in (name, number, *notes) if part))
            self.setToolTip(self.accessibleName())
            self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """A line of the title's font."""
        return QSize(200, head_height(self._appearance.fonts))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw name, number and notes on one base line."""
        theme, fonts = self._appearance.theme, self._appearance.fonts
        painter = QPainter(self)
        x = self._text(painter, isolated(self._name), fonts.title, theme.text, 0)
        if self._number:
            x = self._text(painter, ltr(self._number), fonts.body, theme.text, x + _GAP)
        for note in self._notes:
            x = self._text(painter, "·", fonts.body, theme.text2, x + _GAP)
            x = self._text(painter, isolated(note), fonts.body, theme.text2, x + _GAP)

    def _text(self, painter: QPainter, text: str, font: QFont, colour: QColor, x: float) -> float:
        room = self.width() - x
        if room <= 0:
            return x
        title, metrics = QFontMetricsF(self._appearance.fonts.title), QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        width = min(metrics.horizontalAdvance(shown), room)
        base = (self.height() - title.height()) / 2 + title.ascent()
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.width() - x - width if mirrored else x
        painter.setFont(font)
        painter.setPen(colour)
        rect = QRectF(left, base - metrics.ascent(), width + 1, metrics.lineSpacing() + 1)
        painter.drawText(
            rect,
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignAbsolute,
            shown,
        )
        return x + width
