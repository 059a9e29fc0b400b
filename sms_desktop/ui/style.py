"""Fusion with edges that can be seen: fields, boxes and focus drawn from the theme. Installed by appearance.

Fusion derives its outlines from the window's colour, which leaves edges of fields and empty boxes below 3 :
1.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import (
    QPlainTextEdit,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionMenuItem,
    QStyleOptionSlider,
    QWidget,
)

from sms_desktop.ui.combo_style import paint_choice, paint_combo
from sms_desktop.ui.theme import Theme

FOCUS_WIDTH = 2
"""Logical pixels of the focus ring."""
CONTROL_RADIUS = 4
"""Logical pixels of a control's corners."""
SCROLL_BAR = 12
"""Logical pixels of a scroll bar's width."""
_SHORTEST_HANDLE = 28


class HasTheme(Protocol):
    """What holds the theme in force."""

    theme: Theme


class LineStyle(QProxyStyle):
    """Draws edges, indicators, the menu bar and scroll bars itself and leaves the rest to Fusion."""

    def __init__(self, source: HasTheme) -> None:
        super().__init__("Fusion")
        self._source = source

    # Qt overrides

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw one primitive element."""
        draw = _DRAWN.get(element)
        if element is QStyle.PrimitiveElement.PE_Frame and isinstance(widget, QPlainTextEdit):
            draw = _text_field
        if draw is None:
            super().drawPrimitive(element, option, painter, widget)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter, QRectF(option.rect), option.state, self._source.theme)
        painter.restore()

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw the menu bar as a part of the frame, without Fusion's line under it."""
        if element is QStyle.ControlElement.CE_MenuBarEmptyArea:
            painter.fillRect(option.rect, self._source.theme.window)
        elif element is QStyle.ControlElement.CE_ComboBoxLabel and isinstance(option, QStyleOptionComboBox):
            paint_choice(painter, option, self._source.theme)
        elif element is QStyle.ControlElement.CE_MenuBarItem and isinstance(option, QStyleOptionMenuItem):
            self._menu_bar_item(option, painter)
        else:
            super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw scroll bars as a thin handle, and combo boxes with an edge that can be seen."""
        if isinstance(option, QStyleOptionComboBox):
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_combo(painter, option, self._source.theme)
            painter.restore()
            return
        if control is not QStyle.ComplexControl.CC_ScrollBar:
            super().drawComplexControl(control, option, painter, widget)
            return
        theme = self._source.theme
        handle = self.subControlRect(control, option, QStyle.SubControl.SC_ScrollBarSlider, widget)
        if not option.state & QStyle.StateFlag.State_Enabled or handle.isEmpty():
            return
        near = option.activeSubControls & QStyle.SubControl.SC_ScrollBarSlider
        inset = 2 if near and option.state & QStyle.StateFlag.State_MouseOver else 3
        rect = QRectF(handle).adjusted(inset, inset, -inset, -inset)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.line2)
        radius = min(rect.width(), rect.height()) / 2
        painter.drawRoundedRect(rect, radius, radius)
        painter.restore()

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Scroll bars have no arrows: the whole length is the handle's."""
        if control is not QStyle.ComplexControl.CC_ScrollBar or not isinstance(option, QStyleOptionSlider):
            return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]  # may be None
        match part:
            case QStyle.SubControl.SC_ScrollBarSlider:
                return _handle(option)
            case QStyle.SubControl.SC_ScrollBarGroove:
                return QRect(option.rect)
            case QStyle.SubControl.SC_ScrollBarAddPage | QStyle.SubControl.SC_ScrollBarSubPage:
                return _page(option, after=part is QStyle.SubControl.SC_ScrollBarAddPage)
            case _:
                return QRect()

    def subElementRect(
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None
    ) -> QRect:
        """The focus ring of a list's row stands around the whole row."""
        if element is QStyle.SubElement.SE_ItemViewItemFocusRect:
            return QRect(option.rect)
        return super().subElementRect(element, option, widget)  # type: ignore[arg-type]  # may be None

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Scroll bars are thin."""
        if metric is QStyle.PixelMetric.PM_ScrollBarExtent:
            return SCROLL_BAR
        return super().pixelMetric(metric, option, widget)

    def _menu_bar_item(self, option: QStyleOptionMenuItem, painter: QPainter) -> None:
        theme = self._source.theme
        painter.fillRect(option.rect, theme.window)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.hover if theme.tinted else theme.selected)
            painter.drawRoundedRect(option.rect.adjusted(1, 2, -1, -2), CONTROL_RADIUS, CONTROL_RADIUS)
        painter.setPen(theme.selected_text if chosen else theme.text)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
        # The letters that open a menu are underlined while a menu is chosen, and quiet else.
        flags |= Qt.TextFlag.TextShowMnemonic if chosen else Qt.TextFlag.TextHideMnemonic
        painter.drawText(option.rect, int(flags), option.text)


def set_ink(widget: QWidget, ink: QColor) -> None:
    """Have a label's words in `ink`; every other colour goes on following the application's."""
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.WindowText, ink)
    widget.setPalette(palette)


def frame(
    painter: QPainter, rect: QRectF, colour: QColor, *, width: float = 1, radius: float = CONTROL_RADIUS
) -> None:
    """Draw a rounded edge of `width` inside `rect`."""
    inset = width / 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, width))
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def _handle(option: QStyleOptionSlider) -> QRect:
    upright = option.orientation == Qt.Orientation.Vertical
    length = option.rect.height() if upright else option.rect.width()
    span = option.maximum - option.minimum
    if span <= 0:
        return QRect()
    size = min(length, max(_SHORTEST_HANDLE, length * option.pageStep // (span + option.pageStep)))
    at = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, length - size, option.upsideDown
    )
    if upright:
        return QRect(option.rect.x(), option.rect.y() + at, option.rect.width(), size)
    return QRect(option.rect.x() + at, option.rect.y(), size, option.rect.height())


def _page(option: QStyleOptionSlider, *, after: bool) -> QRect:
    rect, handle = QRect(option.rect), _handle(option)
    if option.orientation == Qt.Orientation.Vertical:
        rect.setTop(handle.bottom() + 1) if after else rect.setBottom(handle.top() - 1)
    else:
        rect.setLeft(handle.right() + 1) if after else rect.setRight(handle.left() - 1)
    return rect


def _line_edit(painter: QPainter, rect: QRectF, state: QStyle.StateFlag, theme: Theme) -> None:
    if state & QStyle.StateFlag.State_HasFocus:
        frame(painter, rect, theme.accent, width=FOCUS_WIDTH)
    else:
        frame(painter, rect, theme.line2, width=theme.edge)


def _text_field(painter: QPainter, rect: QRectF, state: QStyle.StateFlag, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.base)
    painter.drawRoundedRect(rect, CONTROL_RADIUS, CONTROL_RADIUS)
    _line_edit(painter, rect, state, theme)


def _focus(painter: QPainter, rect: QRectF, _state: QStyle.StateFlag, theme: Theme) -> None:
    frame(painter, rect, theme.accent, width=FOCUS_WIDTH)


def _check_box(painter: QPainter, rect: QRectF, state: QStyle.StateFlag, theme: Theme) -> None:
    box = QRectF(0, 0, 14, 14)
    box.moveCenter(rect.center())
    checked = bool(state & QStyle.StateFlag.State_On)
    painter.setPen(QPen(theme.accent if checked else theme.line2, theme.edge))
    painter.setBrush(QBrush(theme.accent if checked else theme.base))
    painter.drawRoundedRect(box, 3, 3)
    if checked:
        tick = QPainterPath(box.topLeft() + QPointF(3.2, 7.2))
        tick.lineTo(box.topLeft() + QPointF(6, 10))
        tick.lineTo(box.topLeft() + QPointF(10.8, 4.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.on_accent, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(tick)


def _radio(painter: QPainter, rect: QRectF, state: QStyle.StateFlag, theme: Theme) -> None:
    circle = QRectF(0, 0, 14, 14)
    circle.moveCenter(rect.center())
    checked = bool(state & QStyle.StateFlag.State_On)
    painter.setPen(QPen(theme.accent if checked else theme.line2, theme.edge))
    painter.setBrush(QBrush(theme.base))
    painter.drawEllipse(circle)
    if checked:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(theme.accent))
        painter.drawEllipse(circle.adjusted(3.5, 3.5, -3.5, -3.5))


_DRAWN = {
    QStyle.PrimitiveElement.PE_FrameLineEdit: _line_edit,
    QStyle.PrimitiveElement.PE_FrameFocusRect: _focus,
    QStyle.PrimitiveElement.PE_IndicatorCheckBox: _check_box,
    QStyle.PrimitiveElement.PE_IndicatorRadioButton: _radio,
}
