"""A line of icons and words, drawn one after the other from where lines begin. Used by painted controls.

In a right-to-left layout it begins at the right; each word keeps the direction of its own letters.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from sms_desktop.ui.icons import Icons

ICON = 16
"""Logical pixels of an icon in a line."""


class Line:
    """Draws into `widget`, centred from top to bottom, and moves on after each piece."""

    def __init__(self, painter: QPainter, widget: QWidget, *, start: float) -> None:
        self._painter = painter
        self._width = widget.width()
        self._height = widget.height()
        self._mirrored = widget.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._at = start
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)

    def icon(self, icons: Icons, name: str, ink: QColor, *, gap: float = 0) -> None:
        """Draw an icon, then leave a gap."""
        icons.paint(self._painter, name, ink, self.take(ICON, gap=gap), (self._height - ICON) / 2)

    def text(self, text: str, font: QFont, ink: QColor, *, gap: float = 0) -> None:
        """Draw a text in full, then leave a gap."""
        width = QFontMetricsF(font).horizontalAdvance(text)
        self._painter.setFont(font)
        self._painter.setPen(ink)
        rect = QRectF(self.take(width, gap=gap), 0, width + 1, self._height)
        self._painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute, text)

    def take(self, width: float, *, gap: float = 0) -> float:
        """The left edge of the next piece of this width; what follows stands behind it and a gap."""
        left = self._width - self._at - width if self._mirrored else self._at
        self._at += width + gap
        return left
