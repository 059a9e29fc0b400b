"""Whoever never touches the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.main_window import MainWindow


class Keyboard:
    """Keys go where the focus is."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def ctrl(self, key: Qt.Key) -> None:
        self.press(key, Qt.KeyboardModifier.ControlModifier)

    def type(self, text: str) -> None:
        if text.isascii():
            QTest.keyClicks(self.focus(), text)
        else:
            typed = QInputMethodEvent()
            typed.setCommitString(text)
            QApplication.sendEvent(self.focus(), typed)

    def tab_to(self, name: str) -> None:
        """Press Tab until the control of this name has the focus."""
        for _ in range(40):
            if self.focus().objectName() == name:
                return
            self.press(Qt.Key.Key_Tab)
        pytest.fail(f"Tab does not lead to {name}")

    def begin(self, kind: Kind) -> None:
        """Choose the pane by its shortcut; its first field takes the focus."""
        self.ctrl(Qt.Key(Qt.Key.Key_1 + list(Kind).index(kind)))
        assert self.window.page.compose.draft().kind is kind

    def fill(self, fields: dict[str, str]) -> None:
        for name, text in fields.items():
            self.tab_to(name)
            self.type(text)


FIELDS: dict[Kind, dict[str, str]] = {
    Kind.TEXT: {"message_text": "Your laptop is back at desk 4."},
    Kind.UNICODE: {"message_text": "Привет, ваш ноутбук готов 👍"},
    Kind.BINARY: {"binary_udh": "06050415810000", "binary_body": "024a3a"},
    Kind.WAPPUSH: {"wappush_title": "Your report", "wappush_url": "https://helpdesk.example/r/1"},
    Kind.VCARD: {"vcard_given": "Grace", "vcard_family": "Hopper", "vcard_mobile": "+31612345678"},
    Kind.VCAL: {"vcal_summary": "Pick up laptop", "vcal_start": "2026-11-30 14:30"},
}
"""What a short message of each kind is made of: names of controls, in the order of Tab, and what is typed."""
