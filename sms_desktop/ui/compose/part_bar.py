"""The bar of a meter: one cell per part, the last one filled as far as it is used. Painted by the meter."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from sms_desktop.encoding.segments import SegmentCount
from sms_desktop.ui.theme import Theme

WIDTH = 120
HEIGHT = 10
_CELLS_AT_MOST = 20


def paint_bar(painter: QPainter, x: float, y: float, figures: SegmentCount, theme: Theme) -> None:
    """Draw the bar with its upper left corner at (x, y)."""
    used = figures.units_per_segment - figures.units_remaining
    share = used / figures.units_per_segment
    parts = figures.segment_count
    if parts > _CELLS_AT_MOST:
        _cell(painter, QRectF(x, y, WIDTH, HEIGHT), 1.0, 0, theme)
        return
    gap = 4.0 if parts <= 6 else 2.0
    width = (WIDTH - gap * (parts - 1)) / parts
    for number in range(parts):
        filled = share if number == parts - 1 else 1.0
        _cell(painter, QRectF(x + number * (width + gap), y, width, HEIGHT), filled, number, theme)


def _cell(painter: QPainter, rect: QRectF, filled: float, number: int, theme: Theme) -> None:
    radius = min(2.0, rect.width() / 2)
    ink = theme.tints[number % len(theme.tints)].ink if theme.tinted else theme.text
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.sunken)
    painter.drawRoundedRect(rect, radius, radius)
    if filled > 0:
        painter.save()
        painter.setClipRect(
            QRectF(rect.x(), rect.y(), rect.width() * filled, rect.height()), Qt.ClipOperation.IntersectClip
        )
        painter.setBrush(ink)
        painter.drawRoundedRect(rect, radius, radius)
        painter.restore()
    if filled < 1:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.line2, 1))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
