"""An icon and a sentence, wrapped where the room is short. Used for causes, problems and conditions."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.style import set_ink

Tone = Literal["plain", "quiet", "ok", "warn", "bad"]
"""What colour the words have."""
_ICON = 16
_GAP = 6


class IconLabel(QLabel):
    """Plain text behind an icon; its tone is told by the icon's shape too."""

    def __init__(
        self,
        *,
        appearance: Appearance,
        icon: str,
        tone: Tone = "plain",
        caption: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._icon = icon
        self._tone: Tone = tone
        self._caption = caption
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._leave_room()
        appearance.changed.connect(self._restyle)
        self._restyle()

    def show_words(self, words: str, *, icon: str | None = None, tone: Tone | None = None) -> None:
        """Say something else."""
        if icon is not None:
            self._icon = icon
        if tone is not None and tone != self._tone:
            self._tone = tone
            self._restyle()
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
        self.update()

    def _ink(self) -> QColor:
        theme = self._appearance.theme
        return {
            "plain": theme.text,
            "quiet": theme.text2,
            "ok": theme.ok,
            "warn": theme.warn,
            "bad": theme.bad,
        }[self._tone]

    def _leave_room(self) -> None:
        room = _ICON + _GAP
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setContentsMargins(0 if mirrored else room, 0, room if mirrored else 0, 0)

    @Slot()
    def _restyle(self) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        strong = self._tone == "bad"
        if self._caption:
            self.setFont(fonts.caption_strong if strong else fonts.caption)
        else:
            self.setFont(fonts.body)
        words = self._ink() if self._tone in ("bad", "quiet") else theme.text
        set_ink(self, words)

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """Keep the icon's room at the side where the line begins."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._leave_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon before the words."""
        super().paintEvent(event)
        if not self.text():
            return
        painter = QPainter(self)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self.width() - _ICON if mirrored else 0
        if self.alignment() & Qt.AlignmentFlag.AlignRight:
            # The words stand at the line's end: the icon goes with them.
            wrap = Qt.TextFlag.TextWordWrap if self.wordWrap() else Qt.TextFlag.TextSingleLine
            side = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
            flags = int(side | Qt.AlignmentFlag.AlignVCenter) | int(wrap)
            words = self.fontMetrics().boundingRect(self.contentsRect(), flags, self.text())
            x = (
                min(self.width() - _ICON, words.right() + _GAP)
                if mirrored
                else max(0, words.left() - _GAP - _ICON)
            )
        ink = self._ink() if self._tone != "plain" else self._appearance.theme.text2
        self._appearance.icons.paint(painter, self._icon, ink, x, (self.height() - _ICON) / 2)
