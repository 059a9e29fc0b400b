"""A curl command with its secret, pasted and sent: it works until the program ends, and is kept nowhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.states import State
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.ui.conversations.timeline import Timeline
from tests.fakes.keyrings import FakeKeyring, Mood
from tests.fakes.office import Office
from tests.servers.sandbox import running as sandbox_server

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_pasted_secret_sends_until_the_program_ends(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, ring: FakeKeyring
) -> None:
    ring.mood = Mood.ABSENT
    with sandbox_server.supervised() as served:
        profile = replace(SANDBOX, id=ProfileId("own"), name="Own", gateway_url=served.url)
        with Office(qtbot, qapp, tmp_path, profile, shown=profile) as office:
            _import(
                office,
                f"curl {served.url}/sms/json -u sandbox1:{sandbox_server.SECRET} -d from=Desk "
                "-d to=31600000001 --data-urlencode 'text=From a command'",
            )
            office.wait(lambda: office.window.page.compose.draft().text == "From a command")
            QTest.mouseClick(office.find(QWidget, "send"), Qt.MouseButton.LeftButton)
            timeline = office.window.findChild(Timeline)
            assert timeline is not None
            office.wait(
                lambda: [entry.row.state for entry in timeline.visible_entries()] == [State.SUBMITTED]
            )
            (entry,) = timeline.visible_entries()
            assert (entry.row.text, entry.row.own) == ("From a command", "Desk")
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or sandbox_server.SECRET.encode() not in file.read_bytes(), file


def _import(office: Office, command: str) -> None:
    entry = office.window.findChild(QAction, "action_import_curl")
    assert isinstance(entry, QAction)
    entry.trigger()
    office.find(QPlainTextEdit, "curl_text").insertPlainText(command)
    box = office.find(QCheckBox, "curl_use_secret")
    office.wait(box.isVisible)
    assert box.text() == "Use this secret for Own until you quit"
    box.click()
    QTest.mouseClick(office.find(QWidget, "curl_take"), Qt.MouseButton.LeftButton)
