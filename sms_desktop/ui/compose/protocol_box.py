"""The protocol identifier as a choice in words; any number can be typed. Part of the Binary sheet."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QSizePolicy, QWidget

from sms_desktop.encoding import pid

_NUMBER = re.compile(r"\s*(\d{1,9})\s*(?:·.*)?")


class ProtocolBox(QComboBox):
    """Holds the value as drafts have it: digits as a rule, "" for the usual 0, else whatever was typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = QLineEdit()
        self.setLineEdit(self._edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(22)
        self._usual = f"0 · {self.tr('Normal message')}"
        self.addItem(self._usual)
        for number in range(1, 256):
            found = pid.parse(number)
            if found.protocol in ("telematic", "short_message") and not found.reserved:
                self.addItem(_said(number))
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self._edit.setTextMargins(2, 0, 2, 0)
        self._edit.editingFinished.connect(self._say)

    def name_for_access(self, name: str) -> None:
        """Name the box and the line in it: a screen reader may speak either."""
        self.setAccessibleName(name)
        self._edit.setAccessibleName(name)

    def value(self) -> str:
        """What a draft holds."""
        text = self.currentText()
        if text == self._usual:
            return ""
        number = _NUMBER.fullmatch(text)
        return number[1] if number else text

    def put(self, value: str) -> None:
        """Show what a draft holds."""
        if value != self.value():
            self.setEditText(self._usual if value in ("", "0") else value)
            self._say()

    @Slot()
    def _say(self) -> None:
        """Put the words behind a number."""
        value = self.value()
        if value.isdecimal() and 0 < int(value) <= 255 and self.currentText() != _said(int(value)):
            self.setEditText(_said(int(value)))
        self._edit.setCursorPosition(0)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """As high as a field."""
        return QSize(super().sizeHint().width() + 8, round(self.fontMetrics().lineSpacing() + 10))

    def minimumSizeHint(self) -> QSize:
        """As narrow as it must."""
        return QSize(96, self.sizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls around it."""
        event.ignore()


def _said(number: int) -> str:
    words = pid.parse(number).words
    return f"{number} · {words[0].upper()}{words[1:]}"
