from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTableView

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.ids import ComposeId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import VCard
from sms_desktop.messages.options import Options
from sms_desktop.messages.states import State
from sms_desktop.messages.wire import Route
from sms_desktop.services.outbox import Compose
from sms_desktop.store import conversations, drafts
from sms_desktop.ui.compose.editor import MessageEditor
from sms_desktop.ui.conversations.verdict import BubbleAction
from sms_desktop.ui.row_list import ROW_ROLE
from tests.fakes.desktop import Desktop

ECHO = "31600000001"
SWITCHED_OFF = "31600000002"
NOOR = "31612345678"
BRAM = "31687654321"
ALT = Qt.KeyboardModifier.AltModifier
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def view(desktop: Desktop) -> QTableView:
    return desktop.find(QTableView, "conversation_list")


def names(desktop: Desktop) -> list[str]:
    model = view(desktop).model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def stored_draft(desktop: Desktop, party: str) -> Draft | None:
    with desktop.store.read() as db:
        return next(reversed(drafts.every(db, desktop.profile.id, party)), None)


def test_the_handsets_are_offered_and_the_first_is_open(desktop: Desktop) -> None:
    window = desktop.open()
    assert names(desktop)[:3] == ["Echo handset", "Handset that is switched off", "Slow handset"]
    assert window.page.party == ECHO
    assert window.list_pane.party == ECHO


def test_keys_go_from_conversation_to_conversation(desktop: Desktop) -> None:
    window = desktop.open()
    desktop.shortcut(Qt.Key.Key_Down, ALT)
    assert window.page.party == SWITCHED_OFF
    desktop.shortcut(Qt.Key.Key_Up, ALT)
    desktop.shortcut(Qt.Key.Key_Up, ALT)
    assert window.page.party == ECHO
    view(desktop).setFocus()
    QTest.keyClick(view(desktop), Qt.Key.Key_Down)
    assert window.page.party == SWITCHED_OFF


def test_the_open_conversation_stays_open_whatever_happens_above_it(desktop: Desktop) -> None:
    desktop.desk.receive(NOOR, "Hello", minutes_ago=5)
    desktop.desk.receive(BRAM, "Hi", minutes_ago=9)
    window = desktop.open()
    view(desktop).selectRow(1)
    assert window.page.party == BRAM
    for number in range(3):
        desktop.desk.receive(f"3161111111{number}", "New", minutes_ago=1)
    desktop.wait(lambda: view(desktop).currentIndex().row() == 4)
    assert window.page.party == BRAM
    desktop.desk.receive(BRAM, "Newest", minutes_ago=0)
    desktop.wait(lambda: view(desktop).currentIndex().row() == 0)
    assert window.page.party == BRAM
    desktop.wait(lambda: len(window.page.timeline.visible_entries()) == 2)


def test_a_handset_that_is_used_becomes_a_conversation_and_stays_open(desktop: Desktop) -> None:
    window = desktop.open()
    view(desktop).selectRow(1)
    desktop.keys(desktop.find(MessageEditor, "message_text"), "Anything")
    desktop.press("send")
    desktop.wait(lambda: view(desktop).currentIndex().row() == 0)
    assert window.page.party == SWITCHED_OFF
    assert names(desktop)[:2] == ["Handset that is switched off", "Echo handset"]


def test_reading_a_conversation_makes_it_read(desktop: Desktop) -> None:
    desktop.desk.receive(NOOR, "Hello", minutes_ago=5)
    desktop.desk.receive(BRAM, "Hi", minutes_ago=9)
    window = desktop.open(NOOR)
    assert window.page.party == NOOR

    def unread() -> int:
        with desktop.store.read() as db:
            return conversations.unread(db, desktop.profile.id)

    desktop.wait(lambda: unread() == 1)
    desktop.press("filter_unread")
    desktop.wait(lambda: names(desktop) == ["+31 6 87654321"])
    view(desktop).selectRow(0)
    desktop.wait(lambda: unread() == 0)
    desktop.settle()
    assert names(desktop) == ["+31 6 87654321"], "it stays until the list is asked for again"
    desktop.press("filter_all")
    desktop.wait(lambda: len(names(desktop)) > 2)


def test_a_draft_is_kept_for_each_conversation(desktop: Desktop) -> None:
    window = desktop.open()
    editor = desktop.find(MessageEditor, "message_text")
    desktop.keys(editor, "For the echo")
    model = view(desktop).model()
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Echo handset, Draft: For the echo"
    desktop.shortcut(Qt.Key.Key_Down, ALT)
    desktop.settle()
    assert editor.text() == ""
    desktop.keys(editor, "For the other")
    desktop.shortcut(Qt.Key.Key_Up, ALT)
    desktop.wait(lambda: editor.text() == "For the echo")
    desktop.shortcut(Qt.Key.Key_Down, ALT)
    desktop.wait(lambda: editor.text() == "For the other")
    assert window.page.party == SWITCHED_OFF


def test_a_draft_is_saved_within_a_second_and_comes_back_after_a_restart(desktop: Desktop) -> None:
    desktop.open()
    editor = desktop.find(MessageEditor, "message_text")
    desktop.shortcut(Qt.Key.Key_2)
    desktop.say(editor, "謝謝, still typing")
    desktop.qtbot.waitUntil(
        lambda: stored_draft(desktop, ECHO) == Draft(Kind.UNICODE, "謝謝, still typing"), timeout=1_000
    )
    desktop.wait(lambda: desktop.find(QLabel, "draft_note").text().startswith("Draft saved"))
    desktop.say(editor, "!")
    desktop.window.close()
    desktop.settle()
    window = desktop.open()
    again = desktop.find(MessageEditor, "message_text")
    desktop.wait(lambda: again.text() == "謝謝, still typing!")
    assert window.page.compose.tabs.kind is Kind.UNICODE


def test_sending_removes_the_draft_and_only_that(desktop: Desktop) -> None:
    desktop.open()
    editor = desktop.find(MessageEditor, "message_text")
    desktop.shortcut(Qt.Key.Key_N)
    desktop.keys(editor, "To nobody yet")
    view(desktop).selectRow(0)
    desktop.settle()
    desktop.keys(editor, "To the echo")
    desktop.press("send")
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    desktop.settle()
    assert stored_draft(desktop, ECHO) is None
    assert stored_draft(desktop, "") == Draft(Kind.TEXT, "To nobody yet")
    desktop.press("new_message")
    desktop.wait(lambda: editor.text() == "To nobody yet")


def test_typing_before_the_draft_was_read_loses_neither(desktop: Desktop) -> None:
    desktop.outbox.save_draft(desktop.profile.id, SWITCHED_OFF, Draft(Kind.TEXT, "Saved. "))
    desktop.open()
    editor = desktop.find(MessageEditor, "message_text")
    view(desktop).selectRow(1)
    desktop.keys(editor, "Typed")
    desktop.wait(lambda: editor.text() == "Saved. Typed")


def failed_message(desktop: Desktop) -> None:
    message = desktop.desk.send(NOOR, "Of course. What time?", minutes_ago=3)
    (gateway_id,) = desktop.desk.answered(message, "0")
    desktop.desk.receipt(NOOR, gateway_id, "failed", "2")


def press_in_bubble(desktop: Desktop, action: BubbleAction) -> None:
    timeline = desktop.window.page.timeline
    desktop.wait(lambda: bool(timeline.visible_entries()))
    for entry in timeline.visible_entries():
        for button in entry.bubble.buttons:
            if button.action is action:
                at = (timeline.bubble_rect(entry).topLeft() + button.rect.center()).toPoint()
                QTest.mouseClick(timeline.viewport(), Qt.MouseButton.LeftButton, pos=at)
                return
    pytest.fail(f"no button for {action}")


def test_retry_is_a_new_message_and_the_old_one_stays(desktop: Desktop) -> None:
    failed_message(desktop)
    desktop.open(NOOR)
    press_in_bubble(desktop, BubbleAction.RETRY)
    desktop.wait(lambda: len(desktop.sent(NOOR)) == 2)
    desktop.wait(lambda: len(desktop.window.page.timeline.visible_entries()) == 2)
    assert [row.state for row in desktop.sent(NOOR)] == [State.FAILED, State.QUEUED]
    assert {row.text for row in desktop.sent(NOOR)} == {"Of course. What time?"}


def test_retry_by_key_takes_the_last_that_failed(desktop: Desktop) -> None:
    failed_message(desktop)
    desktop.open(NOOR)
    desktop.wait(lambda: bool(desktop.window.page.timeline.visible_entries()))
    desktop.shortcut(Qt.Key.Key_R, CTRL_SHIFT)
    desktop.wait(lambda: len(desktop.sent(NOOR)) == 2)


def test_edit_and_resend_puts_the_text_back(desktop: Desktop) -> None:
    failed_message(desktop)
    desktop.open(NOOR)
    editor = desktop.find(MessageEditor, "message_text")
    desktop.keys(editor, "typed")
    press_in_bubble(desktop, BubbleAction.EDIT)
    assert editor.text() == "Of course. What time?\ntyped"
    desktop.wait(editor.hasFocus)


def test_an_uncertain_message_is_never_sent_again_by_the_retry_key(desktop: Desktop) -> None:
    message = desktop.desk.send(NOOR, "Shall I book it?", minutes_ago=1)
    desktop.desk.lost(message, "The connection broke.")
    desktop.open(NOOR)
    desktop.wait(lambda: bool(desktop.window.page.timeline.visible_entries()))
    desktop.shortcut(Qt.Key.Key_R, CTRL_SHIFT)
    desktop.settle()
    assert len(desktop.sent(NOOR)) == 1
    press_in_bubble(desktop, BubbleAction.RESEND)
    desktop.wait(lambda: len(desktop.sent(NOOR)) == 2)


def test_the_person_says_that_an_uncertain_message_arrived(desktop: Desktop) -> None:
    message = desktop.desk.send(NOOR, "Shall I book it?", minutes_ago=1)
    desktop.desk.lost(message, "The connection broke.")
    desktop.open(NOOR)
    press_in_bubble(desktop, BubbleAction.ARRIVED)
    desktop.wait(lambda: desktop.sent(NOOR)[0].state is State.DELIVERED)
    desktop.wait(lambda: desktop.window.page.timeline.visible_entries()[0].row.state is State.DELIVERED)


def test_a_message_of_any_kind_can_be_written_again(desktop: Desktop) -> None:
    card = VCard("BEGIN:VCARD\nVERSION:2.1\nN:Hopper;Grace\nEND:VCARD")
    again = Compose(
        ComposeId("again"), desktop.profile, NOOR, "Desk", card, Options(ttl=7_200_000), route=Route.BINARY
    )
    desktop.outbox.send(again)
    window = desktop.open(NOOR)
    desktop.wait(lambda: bool(window.page.timeline.visible_entries()))
    window.page.act(window.page.timeline.visible_entries()[0].row, BubbleAction.AGAIN)
    draft = window.page.compose.draft()
    assert (draft.kind, draft.text) == (Kind.VCARD, card.vcard)
    assert (draft.fields["ttl"], draft.fields["from"]) == ("2 hours", "Desk")


def test_a_message_that_waits_can_be_taken_back(desktop: Desktop) -> None:
    desktop.open()
    desktop.keys(desktop.find(MessageEditor, "message_text"), "Wait")
    desktop.press("send")
    desktop.wait(lambda: bool(desktop.window.page.timeline.visible_entries()))
    desktop.action("cancel").trigger()
    desktop.wait(lambda: desktop.sent(ECHO)[0].state is State.CANCELLED)
    desktop.wait(lambda: desktop.window.page.timeline.visible_entries()[0].row.state is State.CANCELLED)


def test_try_now_reaches_the_sender(desktop: Desktop) -> None:
    message = desktop.desk.send(NOOR, "Waiting", minutes_ago=1)
    desktop.desk.not_sent(message, "No route.", again_us=desktop.desk.now_us + 60_000_000)
    desktop.open(NOOR)
    press_in_bubble(desktop, BubbleAction.TRY_NOW)
    assert desktop.tried == [1]


def test_a_bubble_is_copied(desktop: Desktop) -> None:
    desktop.desk.receive(NOOR, "Copy me", minutes_ago=1)
    desktop.open(NOOR)
    timeline = desktop.window.page.timeline
    desktop.wait(lambda: bool(timeline.visible_entries()))
    timeline.setFocus(Qt.FocusReason.TabFocusReason)
    desktop.shortcut(Qt.Key.Key_C, CTRL_SHIFT)
    assert QGuiApplication.clipboard().text() == "Copy me"


def test_a_reply_shows_at_once_and_stays_at_the_end(desktop: Desktop) -> None:
    desktop.desk.receive(NOOR, "One", minutes_ago=4)
    window = desktop.open(NOOR)
    desktop.wait(lambda: len(window.page.timeline.visible_entries()) == 1)
    desktop.desk.receive(NOOR, "Two", minutes_ago=0)
    desktop.wait(lambda: len(window.page.timeline.visible_entries()) == 2)
    assert window.page.timeline.is_at_end
    assert not desktop.find(QPushButton, "new_messages").isVisible()


def test_a_window_without_a_conversation_says_what_to_do(live_desktop: Desktop) -> None:
    window = live_desktop.open()
    assert window.page.empty.isVisible()
    assert not window.page.compose.isVisible()
    live_desktop.press("empty_new_message")
    live_desktop.wait(live_desktop.find(QLineEdit, "recipient").hasFocus)
    assert window.page.compose.isVisible()


def test_rows_know_their_conversation(desktop: Desktop) -> None:
    desktop.desk.receive(NOOR, "Hello", minutes_ago=5)
    desktop.open()
    row = view(desktop).model().index(0, 0).data(ROW_ROLE)
    assert row.party == NOOR
    desktop.wait(lambda: names(desktop)[0] == "+31 6 12345678")
