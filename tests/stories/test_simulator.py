"""The simulator's dock under keyboard and mouse, against the sandbox that the program runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from sms_desktop.app import Console
from sms_desktop.messages.states import State
from sms_desktop.settings.paths import Places
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.compose.editor import MessageEditor
from sms_desktop.ui.conversations.timeline import Timeline
from sms_desktop.ui.simulator.choice import Choice
from sms_desktop.ui.simulator.dock import SimulatorDock
from sms_desktop.ui.window_state import WindowState
from tests.fakes.desktop import Desktop

SOON = 15_000
SLOW = "31600000003"
W = TypeVar("W", bound=QWidget)


class Rehearser:
    """A person at the window, with the simulator open."""

    def __init__(self, qtbot: QtBot, console: Console) -> None:
        self.qtbot = qtbot
        self.window = console.window

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=SOON)

    def find(self, kind: type[W], name: str) -> W:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        QTest.mouseClick(self.find(QWidget, name), Qt.MouseButton.LeftButton)

    def words(self, name: str) -> str:
        return self.find(QLabel, name).text()

    def bubbles(self) -> list[MessageRow]:
        timeline = self.window.findChild(Timeline)
        assert timeline is not None
        return [entry.row for entry in timeline.visible_entries()]

    def trace(self) -> str:
        return self.find(QPlainTextEdit, "simulator_trace").toPlainText()

    def choose(self, name: str, value: object) -> None:
        """Choose with the keyboard."""
        choice: Choice[Any] = self.find(Choice, f"simulator_{name}")
        choice.setFocus()
        QTest.keyClick(choice, Qt.Key.Key_Home)
        for _ in range(choice.count()):
            if choice.value() == value:
                return
            QTest.keyClick(choice, Qt.Key.Key_Down)
        raise AssertionError(value)

    def send(self, text: str) -> None:
        editor = self.find(MessageEditor, "message_text")
        editor.setFocus()
        QTest.keyClicks(editor, text)
        QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(tmp_path / "data", tmp_path / "config", tmp_path / "state")
    made.state.mkdir()
    state = WindowState(made.window_state)
    state.keep_last_party(SANDBOX.id, SLOW)
    state.keep_first_start_closed()
    return made


@pytest.fixture
def tester(qtbot: QtBot, qapp: QApplication, places: Places) -> Iterator[Rehearser]:
    console = Console(qapp, SANDBOX, places)
    try:
        with qtbot.waitSignal(console.window.painted):
            console.show()
            console.window.activateWindow()
        made = Rehearser(qtbot, console)
        made.wait(console.window.isActiveWindow)
        QTest.keyClick(console.window, Qt.Key.Key_F8)
        made.wait(lambda: "taken" in made.words("simulator_summary"))
        yield made
        console.window.close()
    finally:
        console.stop()
        console.window.deleteLater()


def test_the_phone_writes_and_a_missing_part_is_seen_missing(tester: Rehearser) -> None:
    text = tester.find(QPlainTextEdit, "simulator_text")
    assert text.hasFocus(), "F8 goes to where one writes"
    assert "Slow handset" in tester.words("simulator_phone")
    QTest.keyClicks(text, "Is anybody there?")
    QTest.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    tester.wait(lambda: [row.text for row in tester.bubbles()] == ["Is anybody there?"])
    tester.wait(lambda: "1 part on the way" in tester.words("simulator_notice"))
    assert text.toPlainText() == ""
    assert tester.bubbles()[0].inbound
    tester.wait(lambda: "Is anybody there?" in tester.trace())

    tester.choose("order", "shuffled")
    tester.choose("missing", 2)
    QTest.keyClicks(text, "0123456789" * 40)
    tester.click("simulator_reply")
    tester.wait(lambda: len(tester.bubbles()) == 2 and len(tester.bubbles()[1].parts) == 3)
    tester.wait(lambda: sum(part.text is None for part in tester.bubbles()[1].parts) == 1)


def test_the_carrier_fails_a_message_and_delivers_the_next(tester: Rehearser) -> None:
    tester.click("simulator_fail")
    assert "Send a message first" in tester.words("simulator_notice")
    tester.send("Where are you?")
    tester.wait(lambda: "Where are you?" in tester.words("simulator_target"))
    tester.choose("outcome", "failed")
    tester.choose("reason", "6")
    tester.click("simulator_fail")
    tester.wait(lambda: tester.bubbles()[0].state is State.FAILED)
    assert tester.bubbles()[0].parts[0].err_code == "6"
    tester.wait(lambda: "Not delivered" in tester.words("simulator_target"))
    tester.wait(lambda: "status=failed err-code=6" in tester.trace())

    tester.send("And now?")
    tester.wait(lambda: "And now?" in tester.words("simulator_target"))
    tester.click("simulator_deliver")
    tester.wait(lambda: tester.bubbles()[-1].state is State.DELIVERED)


def test_a_scenario_stops_the_clock_and_reset_starts_it(tester: Rehearser, tmp_path: Path) -> None:
    advance = tester.find(QWidget, "simulator_advance")
    assert advance.isHidden()
    broken = tmp_path / "broken.toml"
    broken.write_text("colour = 'blue'\n")
    load(tester, broken)
    tester.wait(lambda: "colour" in tester.words("simulator_notice"))

    by_hand = tmp_path / "by-hand.toml"
    by_hand.write_text('name = "by hand"\nclock = "manual"\n')
    load(tester, by_hand)
    tester.wait(lambda: not advance.isHidden())
    assert "by hand" in tester.words("simulator_clock")
    tester.send("Take your time")
    tester.wait(lambda: len(tester.bubbles()) == 1 and tester.bubbles()[0].state is State.SUBMITTED)
    seconds = tester.find(QWidget, "simulator_seconds")
    QTest.keyClicks(seconds, "x")
    tester.click("simulator_advance")
    assert "a number" in tester.words("simulator_notice")
    QTest.keyClick(seconds, Qt.Key.Key_Backspace)
    QTest.keyClick(seconds, Qt.Key.Key_Return)
    tester.wait(lambda: tester.bubbles()[0].state is State.DELIVERED)

    tester.choose("standing", "suspended")
    tester.find(Choice, "simulator_standing").activated.emit(1)
    tester.wait(lambda: "account is changed" in tester.words("simulator_notice"))
    tester.send("Refused")
    tester.wait(lambda: len(tester.bubbles()) == 2 and tester.bubbles()[1].state is State.REFUSED)

    tester.click("simulator_reset")
    assert tester.find(QWidget, "simulator_reset_no").hasFocus(), "what is not undone is asked first"
    tester.click("simulator_reset_yes")
    tester.wait(lambda: "forgotten" in tester.words("simulator_notice"))
    tester.wait(lambda: advance.isHidden() and tester.trace() == "")
    assert tester.words("simulator_summary").startswith("0 messages taken")


def load(tester: Rehearser, file: Path) -> None:
    tester.click("simulator_load")
    dialog = tester.find(QFileDialog, "simulator_scenario_file")
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    tester.window.activateWindow()
    tester.wait(tester.window.isActiveWindow)


def test_it_is_remembered_closes_by_escape_and_says_when_nobody_answers(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    desktop = Desktop(qtbot, qapp, tmp_path, SANDBOX)
    try:
        window = desktop.open(SLOW)
        assert window.findChild(SimulatorDock) is None, "hidden until it is asked for"
        desktop.action("simulator").trigger()
        notice = desktop.find(QLabel, "simulator_notice")
        desktop.wait(lambda: "The sandbox does not answer." in notice.text())
        assert desktop.action("simulator").isChecked()
        window.close()

        desktop.open(SLOW)
        assert not desktop.find(SimulatorDock, "simulator").isHidden()
        assert desktop.action("simulator").isChecked()
        text = desktop.find(QPlainTextEdit, "simulator_text")
        text.setFocus()
        QTest.keyClick(text, Qt.Key.Key_Escape)
        assert desktop.find(SimulatorDock, "simulator").isHidden()
        assert not desktop.action("simulator").isChecked()
        assert desktop.find(MessageEditor, "message_text").hasFocus()
    finally:
        desktop.close()


def test_a_live_account_has_no_simulator(live_window: Desktop) -> None:
    assert live_window.open().findChild(QAction, "action_simulator") is None


@pytest.fixture
def live_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desktop]:
    from tests.fakes.desktop import LIVE

    made = Desktop(qtbot, qapp, tmp_path, LIVE)
    yield made
    made.close()
