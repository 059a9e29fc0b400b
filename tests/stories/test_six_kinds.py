"""Each kind of message, written by keyboard alone and delivered; a draft of each, and the program killed."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.states import State
from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.compose.send_button import SendButton
from sms_desktop.ui.conversations.timeline import Timeline
from tests.fakes.keyboard import FIELDS, Keyboard
from tests.fakes.office import Office

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.usefixtures("ring"),
]

PHONE = "+31 6 1234 5678"
NOTE = "Ask at the desk on the ground floor, weekdays from nine to five, and bring a photo id. " * 3


@pytest.fixture
def office(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Office]:
    with Office(qtbot, qapp, tmp_path) as made:
        yield made


def rows(office: Office) -> list[MessageRow]:
    timeline = office.window.findChild(Timeline)
    assert timeline is not None
    return [entry.row for entry in timeline.visible_entries()]


def outbound(office: Office, count: int) -> Callable[[], bool]:
    """Whether so many were sent, and all of them are delivered in every part."""

    def all_delivered() -> bool:
        sent = [row for row in rows(office) if not row.inbound]
        return len(sent) == count and all(
            row.state is State.DELIVERED and {part.state for part in row.parts} == {State.DELIVERED}
            for row in sent
        )

    return all_delivered


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_by_keyboard_alone(office: Office, kind: Kind) -> None:
    hands = Keyboard(office.window)
    hands.ctrl(Qt.Key.Key_N)
    office.wait(lambda: hands.focus().objectName() == "recipient")
    hands.type(PHONE)
    hands.begin(kind)
    hands.fill(FIELDS[kind])
    hands.ctrl(Qt.Key.Key_Return)
    office.wait(outbound(office, 1))
    (row,) = [row for row in rows(office) if not row.inbound]
    assert row.kind is kind
    if kind in (Kind.TEXT, Kind.UNICODE):
        assert row.text == FIELDS[kind]["message_text"]


def test_a_card_of_three_parts_as_binary_by_keyboard_alone(office: Office) -> None:
    hands = Keyboard(office.window)
    hands.ctrl(Qt.Key.Key_N)
    office.wait(lambda: hands.focus().objectName() == "recipient")
    hands.type(PHONE)
    hands.begin(Kind.VCARD)
    hands.fill({"vcard_given": "Grace", "vcard_family": "Hopper", "vcard_note": NOTE})
    hands.tab_to("vcard_as")
    hands.press(Qt.Key.Key_Up)
    assert "3 parts" in office.find(SendButton, "send").accessibleName()
    hands.ctrl(Qt.Key.Key_Return)
    office.wait(outbound(office, 1))
    (row,) = [row for row in rows(office) if not row.inbound]
    assert len(row.parts) == 3
    assert json.loads(row.content or "")["as"] == "binary"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_control_of_a_pane_has_a_name_and_tab_comes_round(office: Office, kind: Kind) -> None:
    hands = Keyboard(office.window)
    hands.ctrl(Qt.Key.Key_N)
    office.wait(lambda: hands.focus().objectName() == "recipient")
    hands.type(PHONE)
    hands.begin(kind)
    office.window.page.compose.options_button.setChecked(True)
    first = hands.focus()
    reached: list[QWidget] = []
    for _ in range(150):
        assert hands.focus().accessibleName() or getattr(hands.focus(), "text", str)(), hands.focus()
        reached.append(hands.focus())
        hands.press(Qt.Key.Key_Tab)
        if hands.focus() is first:
            break
    assert hands.focus() is first, "Tab goes round and is caught nowhere"
    names = {widget.objectName() for widget in reached}
    assert {"send", "sender", *FIELDS[kind]} <= names


def kept(store: Path) -> dict[str, str]:
    """The drafts that the store holds on disk: the body of each kind."""
    if not store.exists():
        return {}
    try:
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=5)) as db:
            return {
                str(kind): str(body) for kind, body in db.execute("SELECT kind, fields || body FROM draft")
            }
    except sqlite3.OperationalError:
        return {}  # its tables are being made


def shows(office: Office, name: str, typed: str) -> bool:
    """Whether a field shows what was typed; octets are shown in pairs of capitals."""
    field = office.find(QWidget, name)
    assert isinstance(field, QPlainTextEdit | QLineEdit)
    text = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
    return re.sub(r"\s", "", text).upper() == typed


# A killed window leaves its sandbox's socket file, and httpcore does not close what could not connect to it.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_drafts_outlive_a_kill(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    store = tmp_path / "data" / "store.db"
    typist = [sys.executable, "-m", "tests.fakes.typist", str(tmp_path)]
    process = subprocess.Popen(
        typist, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"typed\n"
        began = time.monotonic()
        wanted = set(Kind) - {Kind.TEXT}  # text and unicode are one pane
        while kept(store).keys() != wanted and time.monotonic() < began + 5:
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    assert kept(store).keys() == wanted
    with Office(qtbot, qapp, tmp_path) as office:
        hands = Keyboard(office.window)
        for kind in wanted:
            hands.begin(kind)
            for name, text in FIELDS[kind].items():
                typed = re.sub(r"\s", "", text).upper()
                office.wait(partial(shows, office, name, typed))
