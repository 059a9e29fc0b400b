from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sms_desktop.settings.profiles import SANDBOX
from tests.fakes.desktop import LIVE, Desktop


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """Qt keeps what a test put on the clipboard until after Python has ended, and then crashes on it."""
    yield
    QGuiApplication.clipboard().clear()


@pytest.fixture
def desktop(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desktop]:
    """The sandbox's window."""
    made = Desktop(qtbot, qapp, tmp_path, SANDBOX)
    yield made
    made.close()


@pytest.fixture
def live_desktop(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desktop]:
    """A live account's window."""
    made = Desktop(qtbot, qapp, tmp_path, LIVE)
    yield made
    made.close()


@pytest.fixture
def still_caret(qapp: QApplication) -> Iterator[None]:
    """The caret does not blink: pictures taken at different moments can be compared."""
    before = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    yield
    qapp.setCursorFlashTime(before)
