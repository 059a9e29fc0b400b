"""A line of small text that is painted: another text costs one repaint, no layout. Used by the part map."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sms_desktop.ui.appearance import Appearance


class OneLine(QWidget):
    """A caption that is as wide as there is room, and elided there; pointing at it shows all of it."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self._restyle)

    def text(self) -> str:
        """What it says."""
        return self._text

    def show_text(self, text: str) -> None:
        """Say something else."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(80, round(QFontMetricsF(self._appearance.fonts.caption).lineSpacing() + 2))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Have all of it to show."""
        self.setToolTip(self._text)
        super().enterEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._appearance.theme.window)
        painter.setFont(self._appearance.fonts.caption)
        painter.setPen(self._appearance.theme.text2)
        metrics = QFontMetricsF(self._appearance.fonts.caption)
        shown = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, shown)
