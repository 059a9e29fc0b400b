"""A WAP Push as an older phone shows it. Painted; part of the WAP Push sheet."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import isolated, one_line
from sms_desktop.ui.style import frame

_PAD, _ICON = 12, 16
_LONGEST = 400
_LINES = 3  # of the title


class PushPreview(QWidget):
    """Head, title, link, and the two choices that the phone offers."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._title = self._link = ""
        self.setObjectName("push_preview")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def show_push(self, title: str, link: str) -> None:
        """Show another title and link."""
        self._title = one_line(title[:_LONGEST])
        self._link = one_line(link[:_LONGEST]).removeprefix("https://").removeprefix("http://")
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        said = ", ".join(each for each in (self._title, self._link) if each) or self.tr("nothing yet")
        self.setAccessibleName(self.tr("Preview, as an older phone shows it: %1").replace("%1", said))
        self.updateGeometry()
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Room for three lines of title."""
        fonts = self._appearance.fonts
        line = QFontMetricsF(fonts.body).lineSpacing()
        height = QFontMetricsF(fonts.caption).lineSpacing() + line * (_LINES + 2) + line + 10 + 6 * _PAD
        return QSize(236, round(height))

    def minimumSizeHint(self) -> QSize:
        """Texts wrap and are elided."""
        return QSize(180, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the phone's message."""
        theme, fonts = self._appearance.theme, self._appearance.fonts
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        align = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        outer = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.alt)
        painter.drawRoundedRect(outer, 6, 6)
        frame(painter, outer, theme.line, width=theme.edge, radius=6)
        caption = QFontMetricsF(fonts.caption)
        painter.setFont(fonts.caption)
        painter.setPen(theme.text2)
        head = QRectF(_PAD, _PAD - 3, outer.width() - 2 * _PAD, caption.lineSpacing())
        words = self.tr("As an older phone shows it")
        painter.drawText(head, align, caption.elidedText(words, Qt.TextElideMode.ElideRight, head.width()))
        card = outer.adjusted(_PAD, head.bottom() + 6, -_PAD, -_PAD)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.base)
        painter.drawRoundedRect(card, 6, 6)
        frame(painter, card, theme.line, width=theme.edge, radius=6)
        body, strong = QFontMetricsF(fonts.body), QFontMetricsF(fonts.strong)
        line = body.lineSpacing()
        inside = card.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        icon_x = inside.right() - _ICON if mirrored else inside.left()
        self._appearance.icons.paint(
            painter, "kind-wappush", theme.accent, icon_x, inside.top() + (line - _ICON) / 2
        )
        painter.setFont(fonts.strong)
        painter.setPen(theme.text)
        room = QRectF(inside.left() + (0 if mirrored else _ICON + 8), inside.top(), 0, line)
        room.setWidth(inside.width() - _ICON - 8)
        words = strong.elidedText(self.tr("Service message"), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, align, words)
        painter.setFont(fonts.body)
        option = QTextOption(side)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        text = QRectF(inside.left(), inside.top() + line + 6, inside.width(), line * _LINES)
        painter.save()
        painter.setClipRect(text)
        painter.drawText(text, isolated(self._title), option)
        painter.restore()
        used = painter.boundingRect(text, isolated(self._title) if self._title else "", option).height()
        painter.setPen(theme.accent)
        link = QRectF(
            inside.left(), text.top() + min(max(used, line), text.height()) + 4, inside.width(), line
        )
        shown = body.elidedText(self._link, Qt.TextElideMode.ElideMiddle, link.width())
        painter.drawText(link, align, isolated(shown) if shown else "")
        foot = QRectF(card.left(), card.bottom() - line - 12, card.width(), line + 12)
        painter.setPen(theme.line)
        painter.drawLine(foot.topLeft(), foot.topRight())
        middle = foot.center().x()
        painter.drawLine(round(middle), round(foot.top()), round(middle), round(foot.bottom()))
        painter.setPen(theme.accent)
        painter.setFont(fonts.strong)
        halves = (
            QRectF(foot.left(), foot.top(), foot.width() / 2, foot.height()),
            QRectF(middle, foot.top(), foot.width() / 2, foot.height()),
        )
        first, second = reversed(halves) if mirrored else halves
        painter.drawText(first, Qt.AlignmentFlag.AlignCenter, self.tr("Load"))
        painter.drawText(second, Qt.AlignmentFlag.AlignCenter, self.tr("Later"))
