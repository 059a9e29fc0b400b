"""The foot of the accounts window: a line of words, and what can be done. Used by the dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.style import set_ink


class Foot(QWidget):
    """Words at the start; Discard, Close and Save at the end."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._bad = False
        self._note = QLabel()
        self._note.setObjectName("account_note")
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self.revert = Button(self.tr("Discard changes"), appearance=appearance)
        self.revert.setObjectName("discard_account")
        self.close_button = Button(self.tr("Close"), appearance=appearance)
        self.close_button.setObjectName("close_accounts")
        self.save = Button(self.tr("Save account"), appearance=appearance, look=ButtonLook.PRIMARY)
        self.save.setObjectName("save_account")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 10, 14, 10)
        row.setSpacing(8)
        row.addWidget(self._note, 1)
        for button in (self.revert, self.close_button, self.save):
            row.addWidget(button)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def say(self, words: str, *, bad: bool = False) -> None:
        """Say what happened, or what is wrong."""
        self._bad = bad
        self._note.setText(words)
        self._note.setAccessibleName(words)
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        theme = self._appearance.theme
        set_ink(self._note, theme.bad if self._bad else theme.text2)


class NoAccounts(QWidget):
    """What stands in the middle while there is no account: a sentence, and the one thing to do."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = QLabel(
            self.tr("No account yet. Everything works in the Sandbox; an account sends to real phones.")
        )
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.add = Button(
            self.tr("Add an account"), appearance=appearance, icon="plus", look=ButtonLook.PRIMARY
        )
        self.add.setObjectName("add_first_account")
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(words)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
