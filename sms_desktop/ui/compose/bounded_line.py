"""A line of text that takes as much as it can hold, and says what it did not take. Used by the forms."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.fields import control_height

LONGEST = 2_000
"""Characters that a person may type into a field; a text that is put in may be longer."""


class BoundedLine(QLineEdit):
    """A field as high as the others. Files that are dropped on it are left to what stands around it.

    Signals: `refused(sentence)`, something was pasted or typed and not taken in, all of it.
    """

    refused = Signal(str)

    def __init__(
        self,
        *,
        appearance: Appearance,
        mono: bool = False,
        placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._mono = mono
        self.setMaxLength(2**24)  # what is longer would be cut without a word: the validator refuses it whole
        self.setValidator(_AtMost(self))
        self.setTextMargins(4, 0, 4, 0)
        self.setPlaceholderText(placeholder)
        self.inputRejected.connect(self._tell)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def show_text(self, text: str) -> None:
        """Show a text, from its beginning; the same text leaves the caret where it is."""
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)

    @Slot()
    def _tell(self) -> None:
        words = self.tr("This field holds at most %1 characters. What would not fit was left out whole.")
        self.refused.emit(words.replace("%1", f"{LONGEST:,}"))

    @Slot()
    def _restyle(self) -> None:
        fonts = self._appearance.fonts
        self.setFont(fonts.mono if self._mono else fonts.body)
        self.setFixedHeight(control_height(self))

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take text and links, no files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.ignore()
        else:
            super().dragEnterEvent(event)


class _AtMost(QValidator):
    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Refuse what is too long."""
        state = QValidator.State.Invalid if len(text) > LONGEST else QValidator.State.Acceptable
        return state, text, position


def unseen(text: str) -> str | None:
    """The first character that can't be seen, by number and name: a control, a mark of direction, no width.

    The joiner of an emoji of several is none.
    """
    if text.replace("\n", "").replace("\t", "").isprintable():
        return None
    before = ""
    for character in text:
        if character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cf", "Cn", "Co"}:
            joins = character == "\u200d" and unicodedata.category(before or "a") in {"So", "Mn", "Sk"}
            if not joins:
                name = unicodedata.name(character, "a control character").lower()
                return f"U+{ord(character):04X}, {name}"
        before = character
    return None
