"""The whole path: the window under keyboard and mouse, gateway and relay as child processes, real sockets."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from sms_desktop.app import Console
from sms_desktop.messages.states import STATE_WORDS, State
from sms_desktop.settings.paths import Places
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.compose.editor import MessageEditor
from sms_desktop.ui.conversations.timeline import Timeline
from sms_desktop.ui.main_window import MainWindow

PHONE = "+31 6 1234 5678"
THREE_PARTS = (
    "Hello Noor, this is the helpdesk. Your laptop is back, its screen was replaced under warranty. "
    "Collect it at desk 4, weekdays from 09:00 to 17:30, and bring the receipt and a photo id. "
    "We keep it for 14 days. Questions: reply to this message, or call 0800 0402 on weekdays. "
    "If somebody else collects it, tell us the name in a reply, so that the desk knows whom to give it to. "
    "Regards, Helpdesk NL"
)
SOON = 15_000


class Desk:
    """A person at the window."""

    def __init__(self, qtbot: QtBot, console: Console) -> None:
        self.qtbot = qtbot
        self.window: MainWindow = console.window

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=SOON)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def type(self, text: str) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClicks(focused, text)

    def click(self, name: str) -> None:
        widget = self.window.findChild(QWidget, name)
        assert widget is not None
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def bubbles(self) -> list[MessageRow]:
        timeline = self.window.findChild(Timeline)
        assert timeline is not None
        return [entry.row for entry in timeline.visible_entries()]

    def spoken(self) -> list[str]:
        """What a screen reader finds in the timeline."""
        timeline = self.window.findChild(Timeline)
        assert timeline is not None
        names = (label.accessibleName() for label in timeline.viewport().findChildren(QLabel))
        return [name for name in names if name]


@contextmanager
def opened(qtbot: QtBot, application: QApplication, places: Places) -> Iterator[Desk]:
    console = Console(application, SANDBOX, places)
    try:
        console.show()
        console.window.activateWindow()
        yield Desk(qtbot, console)
        console.window.close()
    finally:
        before = time.monotonic()
        console.stop()
        stopped = time.monotonic() - before
        console.window.deleteLater()
    assert stopped < 2.0, "an orderly stop takes at most two seconds"


def test_three_parts_a_reply_and_a_restart(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    places = Places(tmp_path / "data", tmp_path / "config", tmp_path / "state")
    QAccessible.setActive(True)
    with opened(qtbot, qapp, places) as desk:
        desk.click("new_message")
        desk.wait(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
        desk.type(PHONE)
        editor = desk.window.findChild(MessageEditor, "message_text")
        assert editor is not None
        QTest.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
        desk.type(THREE_PARTS)
        desk.key(Qt.Key.Key_Return)
        desk.wait(lambda: len(desk.bubbles()) == 1 and desk.bubbles()[0].state is State.DELIVERED)
        (sent,) = desk.bubbles()
        assert sent.text == THREE_PARTS
        assert [part.state for part in sent.parts] == [State.DELIVERED] * 3
        assert all(part.scts for part in sent.parts), "each part has its own receipt from the carrier"
        desk.wait(lambda: STATE_WORDS[State.DELIVERED].lower() in desk.spoken()[0].lower())
        assert editor.text() == ""

        desk.type("echo Thank you, and until Monday")
        desk.click("send")
        desk.wait(lambda: len(desk.bubbles()) == 3 and desk.bubbles()[1].state is State.DELIVERED)
        reply = desk.bubbles()[2]
        assert (reply.inbound, reply.text) == (True, "Thank you, and until Monday")
        before = [(row.text, row.state, row.inbound) for row in desk.bubbles()]

    with opened(qtbot, qapp, places) as desk:
        desk.wait(lambda: len(desk.bubbles()) == 3)
        assert [(row.text, row.state, row.inbound) for row in desk.bubbles()] == before
        relay = desk.window.findChild(QLabel, "status_relay")
        assert relay is not None
        desk.wait(lambda: "running" in relay.text())
        conversations = desk.window.findChild(QTableView, "conversation_list")
        assert conversations is not None
        assert "1234" in str(conversations.model().index(0, 0).data())


def test_what_was_typed_survives_the_end(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    places = Places(tmp_path / "data", tmp_path / "config", tmp_path / "state")
    with opened(qtbot, qapp, places) as desk:
        editor = desk.window.findChild(MessageEditor, "message_text")
        assert editor is not None
        desk.wait(lambda: "Echo handset" in editor.placeholderText() and editor.hasFocus())
        desk.type("Half a thought")
    with opened(qtbot, qapp, places) as desk:
        again = desk.window.findChild(MessageEditor, "message_text")
        assert again is not None
        desk.wait(lambda: again.text() == "Half a thought")


def test_a_signal_ends_the_program_in_order(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    process = subprocess.Popen([sys.executable, "-m", "sms_desktop"], env=environment)
    store = tmp_path / "data" / "sms-desktop" / "store.db"
    relay = store.parent / "profiles" / "sandbox" / "relay.db"
    try:
        end = time.monotonic() + 20
        while not relay.exists() and time.monotonic() < end:
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            break
        assert relay.exists(), "the embedded relay has started"
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    with sqlite3.connect(store) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
