"""What the window does with an `sms:` link: drafts, shown one after the other, and nothing sent."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.links import Link
from sms_desktop.store import drafts
from sms_desktop.ui.banners import Banner
from tests.fakes.desktop import Desktop

NUMBER = "31612345678"
OTHER = "447700900123"


def stored(desktop: Desktop, party: str) -> Draft | None:
    with desktop.store.read() as db:
        return next(reversed(drafts.every(db, desktop.profile.id, party)), None)


def test_number_and_text_fill_a_draft(desktop: Desktop) -> None:
    window = desktop.open()
    window.open_link(Link((NUMBER,), "Hello\nthere"))
    desktop.wait(lambda: window.page.compose.text_sheet.editor.text() == "Hello\nthere")
    assert window.page.party == NUMBER
    assert window.focusWidget() is window.page.compose.text_sheet.editor
    window.page.drafts.flush()
    desktop.settle()
    assert stored(desktop, NUMBER) == Draft(Kind.TEXT, "Hello\nthere")
    assert not desktop.sent(NUMBER)


def test_a_link_before_the_window_is_there(desktop: Desktop) -> None:
    window = desktop.build()
    window.open_link(Link((NUMBER,), "Hi ✓"))
    window.show()
    desktop.wait(lambda: window.page.compose.text_sheet.editor.text() == "Hi ✓")
    assert window.page.party == NUMBER
    assert window.page.compose.tabs.kind is Kind.UNICODE


def test_what_was_typed_before_stays_and_the_same_link_twice_is_once(desktop: Desktop) -> None:
    window = desktop.open(NUMBER)
    desktop.keys(window.page.compose.text_sheet.editor, "Dear Noor,")
    for _ in range(2):
        window.open_link(Link((NUMBER,), "See you."))
        desktop.settle()
    assert window.page.compose.text_sheet.editor.text() == "Dear Noor,\nSee you."


def test_a_text_without_a_number_is_a_message_to_nobody_yet(desktop: Desktop) -> None:
    window = desktop.open()
    window.open_link(Link((), "Hello"))
    desktop.wait(lambda: window.page.compose.text_sheet.editor.text() == "Hello")
    assert window.page.party == ""
    assert window.focusWidget() is window.page.recipient.field


def test_several_numbers_are_several_messages(desktop: Desktop) -> None:
    window = desktop.open()
    window.open_link(Link((NUMBER, OTHER), "Doors open at 9."))
    desktop.wait(lambda: window.page.compose.text_sheet.editor.text() == "Doors open at 9.")
    window.page.drafts.flush()
    desktop.settle()
    assert stored(desktop, OTHER) == Draft(Kind.TEXT, "Doors open at 9.")
    assert desktop.find(Banner, "banner").trouble.head == "1 more number in this link."
    assert not desktop.sent(NUMBER)

    window.page.compose.send()
    desktop.wait(lambda: window.page.party == OTHER)
    desktop.wait(lambda: window.page.compose.text_sheet.editor.text() == "Doors open at 9.")
    assert [row.text for row in desktop.sent(NUMBER)] == ["Doors open at 9."]
    assert not desktop.sent(OTHER)
    desktop.wait(lambda: not [b for b in window.findChildren(QWidget, "banner") if b.isVisible()])


@pytest.mark.qt_log_ignore("This plugin does not support")  # offscreen has no order of windows
def test_a_minimized_window_comes_forward(desktop: Desktop) -> None:
    window = desktop.open()
    window.showMinimized()
    window.come_forward()
    assert not window.windowState() & Qt.WindowState.WindowMinimized
    assert window.isVisible()
