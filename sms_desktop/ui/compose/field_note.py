"""The line under a field: what is wrong with it, or what was just done to it and can be undone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.icon_label import IconLabel, Tone


class FieldNote(QWidget):
    """A sentence behind an icon; nothing while there is nothing to say.

    Signals: `undo_asked()`, the person wants back what stood there before.
    """

    undo_asked = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = IconLabel(appearance=appearance, icon="warning", caption=True)
        self.words.setWordWrap(True)
        self.undo = Button(
            self.tr("Undo"), appearance=appearance, icon="undo", look=ButtonLook.PLAIN, height_extra=6
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.words, 1)
        row.addWidget(self.undo)
        self.undo.clicked.connect(self.undo_asked)
        self.hide()

    def show_words(self, words: str, *, icon: str, tone: Tone, undo: bool = False) -> None:
        """Say something, with or without a way back; "" says nothing."""
        self.words.show_words(words, icon=icon, tone=tone)
        self.undo.setVisible(undo)
        self.setVisible(bool(words))
