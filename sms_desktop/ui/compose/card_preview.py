"""How a phone may show a contact or an event. Painted; part of the card sheets."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import isolated, one_line
from sms_desktop.ui.style import frame

_PAD, _ICON, _AVATAR, _GAP = 12, 16, 40, 8
_LONGEST = 200  # characters that are drawn of a line: what is longer is elided anyway


@dataclass(frozen=True, slots=True)
class Shown:
    """What a preview shows. `badge` stands in the tinted square; `rows` are icons with texts."""

    badge: str
    title: str
    subtitle: str
    rows: tuple[tuple[str, str], ...]


class CardPreview(QWidget):
    """A card with a head and rows; it elides what is too long, and says all of it to a screen reader."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._shown = Shown("", "", "", ())
        self._head = self.tr("Preview")
        self._nothing = self.tr("Nothing is written yet")
        self.setObjectName("card_preview")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def show_card(self, shown: Shown) -> None:
        """Show something else."""
        self._nothing = self.tr("Nothing is written yet")
        if shown != self._shown:
            self._shown = shown
            self._restyle()

    def show_unread(self) -> None:
        """There is a text, and it can't be read; what was shown before it stays."""
        self._nothing = self.tr("The text can't be read")
        self._restyle()

    def words(self) -> str:
        """Everything in one line."""
        shown = self._shown
        said = (shown.title, shown.subtitle, *(text for _, text in shown.rows))
        return ", ".join(one_line(each[:_LONGEST]) for each in said if each)

    @Slot()
    def _restyle(self) -> None:
        self.setAccessibleName(f"{self._head}: {self.words() or self._nothing}")
        self.updateGeometry()
        self.update()

    def _heights(self) -> tuple[float, float, float]:
        """Of a caption line, of the head, of a row."""
        fonts = self._appearance.fonts
        caption = QFontMetricsF(fonts.caption).lineSpacing()
        head = max(float(_AVATAR), QFontMetricsF(fonts.title).lineSpacing() + caption)
        return caption, head, max(QFontMetricsF(fonts.body).lineSpacing() + 7, _ICON + 7)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """The height of what it shows."""
        caption, head, row = self._heights()
        rows = max(len(self._shown.rows), 1)
        return QSize(236, round(caption + 8 + 4 * _PAD + head + rows * row))

    def minimumSizeHint(self) -> QSize:
        """Texts are elided."""
        return QSize(180, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame, the caption and the card."""
        theme, fonts = self._appearance.theme, self._appearance.fonts
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.alt)
        outer = QRectF(self.rect())
        painter.drawRoundedRect(outer, 6, 6)
        frame(painter, outer, theme.line, width=theme.edge, radius=6)
        caption, head, row = self._heights()
        self._text(painter, QRectF(_PAD, _PAD - 3, outer.width() - 2 * _PAD, caption), self._head, small=True)
        card = outer.adjusted(_PAD, _PAD + caption + 5, -_PAD, -_PAD)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.base)
        painter.drawRoundedRect(card, 6, 6)
        frame(painter, card, theme.line, width=theme.edge, radius=6)
        inside = card.adjusted(_PAD, _PAD - 2, -_PAD, -_PAD)
        shown = self._shown
        if not shown.title and not shown.rows:
            self._text(painter, inside, self._nothing, small=True)
            return
        self._badge(painter, self._placed(QRectF(inside.left(), inside.top() + 2, _AVATAR, _AVATAR)))
        left = inside.left() + _AVATAR + _GAP
        line = QFontMetricsF(fonts.title).lineSpacing()
        space = inside.right() - left
        top = inside.top() + (0 if shown.subtitle else (head - line) / 2)
        self._text(painter, QRectF(left, top, space, line), shown.title, strong=True)
        self._text(painter, QRectF(left, top + line, space, caption), shown.subtitle, small=True)
        y = inside.top() + head + _GAP - 2
        for icon, text in shown.rows:
            place = self._placed(QRectF(inside.left(), y + (row - _ICON) / 2, _ICON, _ICON))
            self._appearance.icons.paint(painter, icon, theme.text2, place.x(), place.y())
            at = inside.left() + _ICON + _GAP
            self._text(painter, QRectF(at, y, inside.right() - at, row), text)
            y += row

    def _placed(self, rect: QRectF) -> QRectF:
        """Mirrored where lines begin at the right."""
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            rect.moveLeft(self.width() - rect.right())
        return rect

    def _badge(self, painter: QPainter, rect: QRectF) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        tint = theme.tints[0]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint.ground)
        painter.drawRoundedRect(rect, 8, 8)
        if not theme.tinted:
            frame(painter, rect, theme.text, width=theme.edge, radius=8)
        painter.setPen(tint.ink)
        painter.setFont(fonts.strong)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._shown.badge)

    def _text(
        self, painter: QPainter, rect: QRectF, text: str, *, small: bool = False, strong: bool = False
    ) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        font = fonts.caption if small else fonts.title if strong else fonts.body
        painter.setFont(font)
        painter.setPen(theme.text2 if small else theme.text)
        words = QFontMetricsF(font).elidedText(
            one_line(text[:_LONGEST]), Qt.TextElideMode.ElideRight, rect.width()
        )
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        align |= Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        painter.drawText(self._placed(rect), align, isolated(words) if words else "")
