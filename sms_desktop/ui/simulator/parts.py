"""The panel's small parts: heads, rows, the field for what a phone writes. Used by panel and dock."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QSizePolicy, QWidget

from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.appearance import Appearance

_LINES = 3
_MARGIN = 6
_GAP = 6
_WIDTH_LINES = 23.0  # 414 pixels where a line is 18


class OpenConversation(Protocol):
    """What the dock asks of the page."""

    @property
    def party(self) -> str | None:
        """Whose conversation is shown; "" for a new message, None for nothing."""

    def name(self) -> str:
        """How the other party is called."""

    def outbound_target(self) -> MessageRow | None:
        """The message that a receipt could be for."""


class Head(QLabel):
    """The head of a group."""

    def __init__(self, words: str, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._appearance = appearance
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(0, 10, 0, 0)
        appearance.changed.connect(self._restyle)
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        self.setFont(self._appearance.fonts.strong)


class PhoneText(QPlainTextEdit):
    """Three lines to write in; Ctrl+Enter replies, although it sends everywhere else.

    Signals: `finished()`, Ctrl+Enter was pressed.
    """

    finished = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(_MARGIN)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self._restyle)

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Three lines of the font."""
        line = QFontMetricsF(self._appearance.fonts.body).lineSpacing()
        return QSize(200, round(line * _LINES + 2 * self.document().documentMargin() + 4))

    def minimumSizeHint(self) -> QSize:
        """The same height."""
        return QSize(80, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Take Ctrl+Enter before the window does."""
        if isinstance(event, QKeyEvent) and _is_finish(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.finished.emit()
                return True
        return super().event(event)


class Inside(QWidget):
    """As wide as a line of words needs."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setObjectName("simulator_inside")

    # Qt overrides

    def sizeHint(self) -> QSize:
        """The width follows the font."""
        line = QFontMetricsF(self._appearance.fonts.body).lineSpacing()
        return QSize(round(line * _WIDTH_LINES), super().sizeHint().height())


def row(*widgets: QWidget, stretch: bool = False) -> QHBoxLayout:
    """Widgets beside each other; `stretch` leaves the rest of the line empty."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(_GAP)
    for widget in widgets:
        made.addWidget(widget)
    if stretch:
        made.addStretch(1)
    return made


def _is_finish(event: QKeyEvent) -> bool:
    control = Qt.KeyboardModifier.ControlModifier
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held == control
