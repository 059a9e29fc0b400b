"""A strip of words with at most two buttons, beside what it is about: nothing modal, no focus taken.

Used by the compose pane and the conversation page.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.theme import Tint

_ICON = 16
_RADIUS = 6


class StripWords(NamedTuple):
    """What a strip says. `buttons` are (name, label); `is_warning` gives it the ground of a warning."""

    icon: str
    head: str
    text: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    is_warning: bool = False


class Strip(QWidget):
    """Hidden while it has nothing to say.

    Signals: `pressed(name)`, one of its buttons.
    """

    pressed = Signal(str)

    def __init__(self, name: str, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._words: StripWords | None = None
        self.buttons: list[Button] = []
        self.setObjectName(name)
        self._head, self._text = QLabel(), QLabel()
        for label in (self._head, self._text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self._head)
        column.addWidget(self._text)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12 + _ICON + 8, 6, 8, 6)
        self._row.setSpacing(8)
        self._row.addLayout(column, 1)
        appearance.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def say(self, words: StripWords | None) -> None:
        """Say something else; None: nothing. Buttons that stay keep the focus."""
        if words == self._words:
            return
        before, self._words = self._words, words
        if words is None:
            self.hide()
            return
        if before is None or before.buttons != words.buttons:
            self._make_buttons(words)
        self._head.setText(words.head)
        self._text.setText(words.text)
        self._text.setVisible(bool(words.text))
        self.setAccessibleName(f"{words.head} {words.text}".strip())
        self.show()
        self.update()

    def words(self) -> str:
        """All that it says, "" while it is hidden."""
        return "" if self._words is None else f"{self._words.head} {self._words.text}".strip()

    def _make_buttons(self, words: StripWords) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        for name, label in words.buttons:
            button = Button(label, appearance=self._appearance, height_extra=8)
            button.setObjectName(name)
            button.clicked.connect(lambda _=False, name=name: self.pressed.emit(name))
            self._row.addWidget(button)
            self.buttons.append(button)

    @Slot()
    def _restyle(self) -> None:
        fonts = self._appearance.fonts
        self._head.setFont(fonts.strong)
        self._text.setFont(fonts.body)
        self.update()

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, edge and icon."""
        if self._words is None:
            return
        theme = self._appearance.theme
        tint = Tint(theme.warn_ground, theme.warn) if self._words.is_warning else Tint(theme.alt, theme.text2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tint.ink if self._words.is_warning else theme.line2, theme.edge))
        painter.setBrush(tint.ground if theme.tinted else theme.base)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self.width() - 12 - _ICON if mirrored else 12
        self._appearance.icons.paint(painter, self._words.icon, tint.ink, x, (self.height() - _ICON) / 2)
