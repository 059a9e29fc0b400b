"""What stands in the middle while there is nothing to show: one glyph, one sentence, one thing to do.

Used by the page.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.icon_label import IconLabel
from sms_desktop.ui.style import set_ink

_SQUARE = 64
_ICON = 28


class _Glyph(QWidget):
    def __init__(self, name: str, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._appearance = appearance
        self.setFixedSize(_SQUARE, _SQUARE)

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.sunken)
        painter.drawRoundedRect(QRectF(self.rect()), 12, 12)
        inset = (_SQUARE - _ICON) / 2
        self._appearance.icons.paint(painter, self._name, theme.text2, inset, inset, _ICON)


class EmptyPage(QWidget):
    """Glyph, head, sentence, one primary button, and a line about the relay.

    Signals: `new_message_asked()`.
    """

    new_message_asked = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setObjectName("empty_page")
        self._head = QLabel(self.tr("No messages yet"))
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        for label in (self._head, self._sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._new = Button(
            self.tr("New message"),
            appearance=appearance,
            icon="compose",
            keys="Ctrl+N",
            look=ButtonLook.PRIMARY,
            height_extra=12,
        )
        self._new.setObjectName("empty_new_message")
        self._proof = IconLabel(appearance=appearance, icon="ok", tone="ok")
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(1)
        layout.addWidget(_Glyph("state-inbound", appearance=appearance), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._head)
        layout.addWidget(self._sentence)
        layout.addWidget(self._new, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._proof)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(1)
        self._proof.hide()
        self._restyle()

        self._new.clicked.connect(self.new_message_asked)
        appearance.changed.connect(self._restyle)

    def show_words(self, head: str, sentence: str, *, button: bool) -> None:
        """Say what will appear here, and whether a new message is the thing to do."""
        self._head.setText(head)
        self._sentence.setText(sentence)
        self._new.setVisible(button)

    def show_proof(self, words: str | None) -> None:
        """Say that all works, or nothing."""
        self._proof.setVisible(words is not None)
        if words is not None:
            self._proof.show_words(words)

    @Slot()
    def _restyle(self) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        self._head.setFont(fonts.head)
        set_ink(self._sentence, theme.text2)
        self.update()
