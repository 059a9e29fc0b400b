"""The panes are made while nobody does anything; whoever is quicker finds the same panes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.compose.editor import MessageEditor
from tests.fakes.desktop import Desktop

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
MADE_LATER = (Kind.BINARY, Kind.WAPPUSH, Kind.VCARD, Kind.VCAL)
LAST = MADE_LATER[-1]
IDLE_MS = 400


def is_made(desktop: Desktop, kind: Kind) -> bool:
    return desktop.window.findChild(QWidget, f"sheet_{kind.value}") is not None


def number_made(desktop: Desktop) -> int:
    return sum(is_made(desktop, kind) for kind in MADE_LATER)


def idle(desktop: Desktop) -> None:
    desktop.wait(lambda: is_made(desktop, LAST))


@pytest.mark.usefixtures("still_caret")
def test_after_an_idle_moment_every_pane_is_ready_and_none_is_in_the_way(desktop: Desktop) -> None:
    desktop.open()
    assert not number_made(desktop)
    before = desktop.window.grab().toImage()
    idle(desktop)
    assert all(desktop.find(QWidget, f"sheet_{kind.value}").isHidden() for kind in MADE_LATER)
    assert desktop.window.page.compose.sheet is desktop.window.page.compose.text_sheet
    assert desktop.window.grab().toImage() == before
    ready = desktop.find(QWidget, "sheet_vcard")
    desktop.press("kind_vcard")
    assert desktop.window.page.compose.sheet is ready
    assert ready.isVisible()


def test_nothing_is_made_before_the_window_is_seen(desktop: Desktop) -> None:
    desktop.build()
    QTest.qWait(2 * IDLE_MS)
    assert not number_made(desktop)


def test_nothing_is_made_while_somebody_types(desktop: Desktop) -> None:
    window = desktop.open()
    editor = desktop.find(MessageEditor, "message_text")
    editor.setFocus()
    handle = window.windowHandle()
    for _ in range(12):
        QTest.keyClick(handle, Qt.Key.Key_X)
        QTest.qWait(IDLE_MS // 4)
    assert editor.text() == "x" * 12
    assert not number_made(desktop)
    for _ in range(6):
        desktop.say(editor, "é")  # as an input method does: that is no key
        QTest.qWait(IDLE_MS // 3)
    assert not number_made(desktop)
    idle(desktop)


def test_nothing_is_made_while_a_menu_is_open(desktop: Desktop) -> None:
    window = desktop.open()
    menu = QMenu(window)
    menu.addAction("Something")
    menu.popup(window.geometry().center())
    QTest.qWait(3 * IDLE_MS)
    assert not number_made(desktop)
    menu.close()
    idle(desktop)


def test_whoever_is_quicker_has_the_pane_made_at_once_and_only_once(desktop: Desktop) -> None:
    desktop.open()
    desktop.say(desktop.find(MessageEditor, "message_text"), "https://a.example/x")
    desktop.press("kind_wappush")
    chosen = desktop.window.page.compose.sheet
    assert chosen.kind is Kind.WAPPUSH
    assert number_made(desktop) == 1
    idle(desktop)
    assert desktop.window.page.compose.sheet is chosen
    assert len(desktop.window.findChildren(QWidget, "sheet_wappush")) == 1


@pytest.mark.parametrize("ahead", [True, False])
def test_what_is_typed_goes_along_and_is_kept_as_before(desktop: Desktop, ahead: bool) -> None:
    desktop.open()
    if ahead:
        idle(desktop)
    compose = desktop.window.page.compose
    desktop.say(desktop.find(MessageEditor, "message_text"), "Hello")
    desktop.press("kind_vcard")
    name = desktop.find(QLineEdit, "vcard_given")
    desktop.say(name, "Anna")
    desktop.press("kind_binary")
    assert compose.sheet.kind is Kind.BINARY
    desktop.press("kind_vcard")
    assert name.text() == "Anna"
    desktop.press("kind_text")
    assert compose.draft() == Draft(Kind.TEXT, "Hello")
