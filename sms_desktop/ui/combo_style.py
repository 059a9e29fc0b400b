"""Combo boxes with edges that can be seen: ground, edge, arrow and focus from the theme. Called by style."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

from sms_desktop.ui.theme import Theme

_RADIUS = 4
_FOCUS_WIDTH = 2
_ARROW = 4.0
_TEXT_FROM_EDGE = 8
_ARROW_FROM_EDGE = 13


def paint_combo(painter: QPainter, option: QStyleOptionComboBox, theme: Theme) -> None:
    """Draw a combo box without its text: as a field if it can be typed into, else as a raised button."""
    rect = QRectF(option.rect)
    enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
    painter.setPen(Qt.PenStyle.NoPen)
    if option.editable:
        painter.setBrush(theme.base)
    else:
        painter.setBrush(theme.hover if hovered and enabled and theme.tinted else theme.raised)
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    width = _FOCUS_WIDTH if focused else theme.edge
    edge = theme.accent if focused else theme.line2 if enabled else theme.line
    inset = width / 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(edge, width))
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS)
    mirrored = option.direction == Qt.LayoutDirection.RightToLeft
    x = rect.left() + _ARROW_FROM_EDGE if mirrored else rect.right() - _ARROW_FROM_EDGE
    middle = QPointF(x, rect.center().y())
    painter.setPen(QPen(theme.text2 if enabled else theme.text3, 1.5, c=Qt.PenCapStyle.RoundCap))
    painter.drawPolyline(
        QPolygonF(
            [
                middle + QPointF(-_ARROW, -_ARROW / 2),
                middle + QPointF(0, _ARROW / 2),
                middle + QPointF(_ARROW, -_ARROW / 2),
            ]
        )
    )


def paint_choice(painter: QPainter, option: QStyleOptionComboBox, theme: Theme) -> None:
    """Draw what is chosen, with the air that the other fields have. What is typed draws itself."""
    if option.editable:
        return
    room = option.rect.adjusted(_TEXT_FROM_EDGE, 0, -2 * _ARROW_FROM_EDGE, 0)
    place = QStyle.visualRect(option.direction, option.rect, room)
    words = option.fontMetrics.elidedText(option.currentText, Qt.TextElideMode.ElideRight, place.width())
    enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
    painter.setPen(theme.text if enabled else theme.text3)
    align = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
    painter.drawText(place, int(align | Qt.AlignmentFlag.AlignVCenter), words)
