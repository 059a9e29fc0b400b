"""Paints a bubble and a day line from their layouts. Called by the timeline."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from sms_desktop.messages.states import State
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.conversations.bubble_layout import (
    ICON,
    TICK,
    BubbleLayout,
    PlacedButton,
    PlacedCard,
    PlacedMissing,
)
from sms_desktop.ui.conversations.bubble_words import Meta
from sms_desktop.ui.conversations.verdict import BubbleAction, Verdict
from sms_desktop.ui.states import STATE_ICONS
from sms_desktop.ui.style import CONTROL_RADIUS, FOCUS_WIDTH, frame

_RADIUS = 10.0
_POINTED = 3.0
_CARD_RADIUS = 6.0
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
_DONE = (State.DELIVERED,)
_CROSSED = (State.FAILED, State.REJECTED, State.EXPIRED, State.REFUSED, State.CANCELLED)


class BubblePainter:
    """Draws with the theme, fonts and icons in force."""

    def __init__(self, appearance: Appearance) -> None:
        self._appearance = appearance

    def paint_bubble(
        self,
        painter: QPainter,
        at: QPointF,
        bubble: BubbleLayout,
        *,
        inbound: bool,
        mirrored: bool,
        focused: bool,
        hovered: BubbleAction | None,
    ) -> None:
        """Draw a bubble with its upper left corner at `at`."""
        theme = self._appearance.theme
        painter.save()
        painter.translate(at)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        pointed_left = inbound != mirrored
        path = _outline(bubble.rect, pointed_left=pointed_left)
        painter.fillPath(path, theme.inbound if inbound else theme.outbound)
        if bubble.verdict is not None:
            self._footer(painter, bubble, bubble.verdict, path, pointed_left=pointed_left)
        elif not theme.tinted:
            painter.strokePath(path, QPen(theme.line2, 1))
        painter.setPen(theme.text)
        for text in bubble.texts:
            text.layout.draw(painter, text.at)
        if bubble.card is not None:
            self._card(painter, bubble.card)
        for missing in bubble.missing:
            self._missing(painter, missing)
        if bubble.meta is not None:
            self._meta(painter, bubble.meta, bubble.meta_rect)
        for button in bubble.buttons:
            self._button(painter, button, hovered=button.action is hovered)
        if focused:
            inner = _outline(bubble.rect.adjusted(1, 1, -1, -1), pointed_left=pointed_left)
            painter.strokePath(inner, QPen(theme.accent, FOCUS_WIDTH))
        painter.restore()

    def paint_day(self, painter: QPainter, rect: QRectF, words: str) -> None:
        """Draw a day line: words in the middle of a hairline."""
        theme, fonts = self._appearance.theme, self._appearance.fonts
        width = QFontMetricsF(fonts.caption_strong).horizontalAdvance(words)
        y = round(rect.center().y())
        gap = width / 2 + 12
        painter.fillRect(QRectF(rect.left(), y, rect.width() / 2 - gap, 1), theme.line)
        painter.fillRect(QRectF(rect.center().x() + gap, y, rect.width() / 2 - gap, 1), theme.line)
        painter.setFont(fonts.caption_strong)
        painter.setPen(theme.text2)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)

    # Inside

    def _footer(
        self,
        painter: QPainter,
        bubble: BubbleLayout,
        verdict: Verdict,
        path: QPainterPath,
        *,
        pointed_left: bool,
    ) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        tint = theme.state(verdict.state)
        edge = theme.line2 if tint.ink == theme.text2 else tint.ink
        top = bubble.footer_top
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(0, top, bubble.size_width, bubble.height - top), tint.ground)
        painter.fillRect(QRectF(0, top, bubble.size_width, 1), edge)
        painter.restore()
        painter.strokePath(
            _outline(bubble.rect.adjusted(0.5, 0.5, -0.5, -0.5), pointed_left=pointed_left), QPen(edge, 1)
        )
        if bubble.head is not None:
            line = QFontMetricsF(fonts.strong).lineSpacing()
            self._appearance.icons.paint(
                painter, STATE_ICONS[verdict.state], tint.ink, 12, bubble.head.at.y() + (line - ICON) / 2
            )
            painter.setPen(tint.ink)
            bubble.head.layout.draw(painter, bubble.head.at)
        if bubble.body is not None:
            painter.setPen(theme.text)
            bubble.body.layout.draw(painter, bubble.body.at)

    def _button(self, painter: QPainter, button: PlacedButton, *, hovered: bool) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.hover if hovered else theme.raised)
        painter.drawRoundedRect(button.rect, CONTROL_RADIUS, CONTROL_RADIUS)
        frame(painter, button.rect, theme.line2, width=theme.edge)
        y = button.rect.center().y() - ICON / 2
        self._appearance.icons.paint(painter, button.icon, theme.text2, button.rect.x() + 8, y)
        painter.setFont(fonts.caption_strong)
        painter.setPen(theme.text)
        painter.drawText(
            button.rect.adjusted(8 + ICON + 6, 0, 0, 0),
            _LEFT,
            button.label,
        )

    def _card(self, painter: QPainter, placed: PlacedCard) -> None:
        theme = self._appearance.theme
        tint = theme.tints[placed.card.tint % len(theme.tints)]
        painter.setPen(QPen(theme.line if theme.tinted else theme.line2, 1))
        painter.setBrush(theme.base)
        painter.drawRoundedRect(placed.rect.adjusted(0.5, 0.5, -0.5, -0.5), _CARD_RADIUS, _CARD_RADIUS)
        painter.setPen(Qt.PenStyle.NoPen if theme.tinted else QPen(theme.line2, 1))
        painter.setBrush(tint.ground)
        painter.drawRoundedRect(placed.icon_rect, CONTROL_RADIUS, CONTROL_RADIUS)
        inset = (placed.icon_rect.width() - ICON) / 2
        at = placed.icon_rect.topLeft() + QPointF(inset, inset)
        self._appearance.icons.paint(painter, placed.card.icon, tint.ink, at.x(), at.y())
        painter.setPen(theme.text)
        placed.title.layout.draw(painter, placed.title.at)
        painter.setPen(theme.text2)
        placed.caption.layout.draw(painter, placed.caption.at)

    def _missing(self, painter: QPainter, missing: PlacedMissing) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.base)
        painter.drawRoundedRect(missing.rect, CONTROL_RADIUS, CONTROL_RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(theme.warn, 1)
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.drawRoundedRect(missing.rect.adjusted(0.5, 0.5, -0.5, -0.5), CONTROL_RADIUS, CONTROL_RADIUS)
        y = missing.rect.center().y() - ICON / 2
        self._appearance.icons.paint(painter, "state-missing-part", theme.warn, missing.rect.x() + 8, y)
        painter.setFont(fonts.caption_strong)
        painter.setPen(theme.warn)
        words = missing.rect.adjusted(8 + ICON + 6, 0, -4, 0)
        painter.drawText(words, _LEFT, missing.words)

    def _meta(self, painter: QPainter, meta: Meta, rect: QRectF) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        x = rect.x()
        for state in meta.ticks:
            self._tick(painter, state, QRectF(x, rect.center().y() - TICK / 2, TICK, TICK))
            x += TICK + 3
        if meta.ticks:
            x += 4
        painter.setFont(fonts.caption)
        painter.setPen(theme.text2)
        width = QFontMetricsF(fonts.caption).horizontalAdvance(meta.words)
        painter.drawText(
            QRectF(x, rect.y(), width + 1, rect.height()),
            _LEFT,
            meta.words,
        )
        if meta.icon:
            ink = theme.state(meta.icon_state).ink
            self._appearance.icons.paint(
                painter, meta.icon, ink, rect.right() - ICON, rect.center().y() - ICON / 2
            )

    def _tick(self, painter: QPainter, state: State, box: QRectF) -> None:
        theme = self._appearance.theme
        ink: QColor = theme.state(state).ink
        painter.setPen(QPen(ink, 1))
        painter.setBrush(theme.base)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(QPen(ink, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        x, y = box.x(), box.y()
        if state in _DONE:
            painter.drawPolyline(
                [QPointF(x + 3.7, y + 7.2), QPointF(x + 6, y + 9.5), QPointF(x + 10.3, y + 4.7)]
            )
        elif state in _CROSSED:
            painter.drawLine(QPointF(x + 4.5, y + 4.5), QPointF(x + 9.5, y + 9.5))
            painter.drawLine(QPointF(x + 9.5, y + 4.5), QPointF(x + 4.5, y + 9.5))
        else:
            for step in (4, 7, 10):
                painter.drawPoint(QPointF(x + step, y + 7))


def _outline(rect: QRectF, *, pointed_left: bool) -> QPainterPath:
    """A rounded rectangle whose lower corner at the sender's side is nearly square."""
    left = _POINTED if pointed_left else _RADIUS
    right = _RADIUS if pointed_left else _POINTED
    path = QPainterPath()
    path.moveTo(rect.left() + _RADIUS, rect.top())
    path.lineTo(rect.right() - _RADIUS, rect.top())
    path.quadTo(rect.right(), rect.top(), rect.right(), rect.top() + _RADIUS)
    path.lineTo(rect.right(), rect.bottom() - right)
    path.quadTo(rect.right(), rect.bottom(), rect.right() - right, rect.bottom())
    path.lineTo(rect.left() + left, rect.bottom())
    path.quadTo(rect.left(), rect.bottom(), rect.left(), rect.bottom() - left)
    path.lineTo(rect.left(), rect.top() + _RADIUS)
    path.quadTo(rect.left(), rect.top(), rect.left() + _RADIUS, rect.top())
    return path
