"""What stands around the fields: panes and drafts, options, questions before Send, Undo, do not contact."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.states import State
from sms_desktop.messages.wire import Authentication
from sms_desktop.services.opt_outs import OptOuts
from sms_desktop.settings.preferences import Preferences
from sms_desktop.store import drafts
from sms_desktop.ui.compose.editor import MessageEditor
from sms_desktop.ui.compose.options_drawer import OptionsDrawer
from sms_desktop.ui.preferences.dialog import PreferencesDialog
from sms_desktop.ui.strip import Strip
from tests.fakes.desktop import LIVE, Desktop

ECHO = "31600000001"
NOOR = "31612345678"
ENTER = Qt.Key.Key_Return
CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def editor(desktop: Desktop) -> MessageEditor:
    desktop.open()
    return desktop.find(MessageEditor, "message_text")


def options(desktop: Desktop) -> OptionsDrawer:
    desktop.shortcut(Qt.Key.Key_O, CONTROL | SHIFT)
    return desktop.find(OptionsDrawer, "options_drawer")


def strip(desktop: Desktop, name: str) -> str:
    found = desktop.find(Strip, name)
    return found.words() if found.isVisible() else ""


def written(desktop: Desktop) -> Draft:
    return desktop.window.page.compose.draft()


# Options


def test_every_option_goes_into_the_message(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.keys(editor, "With options")
    drawer = options(desktop)
    assert drawer.isVisible()
    for name, typed in (
        ("ttl", "2 h"),
        ("callback", "https://example.com/d"),
        ("client-ref", "ticket 4711"),
        ("account-ref", "customer1"),
        ("entity-id", "1101456324675322134"),
        ("content-id", "1107457532145798767"),
        ("pool-id", "abc123"),
    ):
        desktop.keys(desktop.find(QLineEdit, f"field_{name}"), typed)
    for name in ("status-report-req", "message-class", "trusted-number"):
        box = desktop.find(QComboBox, f"field_{name}")
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert desktop.find(QAbstractButton, "options").accessibleName() == "Options · 10"
    desktop.shortcut(ENTER)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    sent = desktop.sent(ECHO)[0].options
    assert (sent.ttl, sent.callback, sent.client_ref) == (7_200_000, "https://example.com/d", "ticket 4711")
    assert (sent.account_ref, sent.pool_id) == ("customer1", "abc123")
    assert (sent.entity_id, sent.content_id) == ("1101456324675322134", "1107457532145798767")
    assert (sent.status_report, sent.message_class, sent.trusted_number) == (True, 0, True)


def test_a_duration_is_read_back_in_milliseconds(desktop: Desktop, editor: MessageEditor) -> None:
    options(desktop)
    field = desktop.find(QLineEdit, "field_ttl")
    desktop.keys(field, "1 h 30 min")
    assert "5\u202f400\u202f000 ms: 1 hour 30 minutes" in field.accessibleDescription()


def test_an_option_that_cannot_be_says_so_in_place_keeps_what_was_typed_and_stops_send(
    desktop: Desktop, editor: MessageEditor
) -> None:
    desktop.keys(editor, "Hello")
    options(desktop)
    field = desktop.find(QLineEdit, "field_ttl")
    desktop.keys(field, "2 fortnights")
    desktop.wait(lambda: "is no duration" in desktop.find(QLabel, "words_ttl").text())
    editor.setFocus()
    desktop.shortcut(ENTER)
    assert field.hasFocus()
    assert field.text() == "2 fortnights"
    assert "is no duration" in desktop.find(QLabel, "compose_notice").text()
    desktop.settle()
    assert desktop.sent(ECHO) == ()
    QTest.keyClick(field, Qt.Key.Key_A, CONTROL)
    desktop.keys(field, "1 s")
    desktop.shortcut(ENTER)
    assert "out of range" in desktop.find(QLabel, "compose_notice").text()


def test_options_that_a_provider_does_not_have_say_so(
    qtbot: QtBot, live_desktop: Desktop, editor_of_kpn: Desktop
) -> None:
    options(editor_of_kpn)
    field = editor_of_kpn.find(QLineEdit, "field_entity-id")
    assert not field.isEnabled()
    assert "no such option" in field.accessibleDescription()
    assert "40 characters" in editor_of_kpn.find(QLineEdit, "field_client-ref").accessibleDescription()


@pytest.fixture
def editor_of_kpn(live_desktop: Desktop) -> Desktop:
    live_desktop.profile = replace(
        LIVE, provider=Provider.KPN, api_key="", client_id="abc", authentication=Authentication.BEARER
    )
    live_desktop.desk.receive(NOOR, "Hello", minutes_ago=1)
    live_desktop.open()
    return live_desktop


def test_options_are_kept_with_the_draft(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.keys(editor, "Later")
    options(desktop)
    desktop.keys(desktop.find(QLineEdit, "field_ttl"), "2 h")
    sender = desktop.find(QLineEdit, "sender")
    sender.selectAll()
    desktop.keys(sender, "Reception")
    desktop.window.close()
    window = desktop.open()
    desktop.wait(lambda: window.page.compose.draft().text == "Later")
    assert written(desktop).fields == {"ttl": "2 h", "from": "Reception"}
    assert desktop.find(QAbstractButton, "options").accessibleName() == "Options · 1"
    options(desktop)
    assert desktop.find(QLineEdit, "field_ttl").text() == "2 h"


# Panes


def test_each_pane_keeps_a_draft_of_its_own(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.keys(editor, "A text")
    desktop.shortcut(Qt.Key.Key_3)
    desktop.keys(desktop.find(QWidget, "binary_udh"), "06050423F40000")
    desktop.shortcut(Qt.Key.Key_5)
    card = desktop.find(QPlainTextEdit, "vcard_vcard")
    card.setPlainText("BEGIN:VCARD\nVERSION:2.1\nN:Hopper;Grace\nEND:VCARD")
    desktop.shortcut(Qt.Key.Key_1)
    assert (written(desktop).kind, written(desktop).text) == (Kind.TEXT, "A text")
    desktop.window.close()
    desktop.settle()
    with desktop.store.read() as db:
        kept = drafts.every(db, desktop.profile.id, ECHO)
    assert {draft.kind for draft in kept} == {Kind.TEXT, Kind.BINARY, Kind.VCARD}
    window = desktop.open()
    desktop.wait(lambda: bool(window.page.compose.draft()))
    for key, kind in ((Qt.Key.Key_3, Kind.BINARY), (Qt.Key.Key_5, Kind.VCARD), (Qt.Key.Key_1, Kind.TEXT)):
        desktop.shortcut(key)
        found = written(desktop)
        assert found.kind is kind
        assert found == next(draft for draft in kept if draft.kind is kind)


def test_words_go_along_into_an_empty_pane(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.keys(editor, "Your report is ready")
    desktop.shortcut(Qt.Key.Key_4)
    assert written(desktop).text == "Your report is ready"
    assert written(desktop).kind is Kind.WAPPUSH
    desktop.shortcut(Qt.Key.Key_2)
    assert (written(desktop).kind, written(desktop).text) == (Kind.UNICODE, "Your report is ready")


def test_sending_one_pane_leaves_the_drafts_of_the_others(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.shortcut(Qt.Key.Key_5)
    desktop.find(QPlainTextEdit, "vcard_vcard").setPlainText("BEGIN:VCARD\nEND:VCARD")
    desktop.shortcut(Qt.Key.Key_1)
    desktop.keys(editor, "Only this")
    desktop.shortcut(ENTER)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    desktop.wait(lambda: editor.text() == "")
    desktop.shortcut(Qt.Key.Key_5)
    assert "BEGIN:VCARD" in written(desktop).text
    desktop.window.close()
    desktop.settle()
    with desktop.store.read() as db:
        assert [draft.kind for draft in drafts.every(db, desktop.profile.id, ECHO)] == [Kind.VCARD]


# Questions before Send

SEVEN_PARTS = "x" * 1_000


def test_a_large_message_is_asked_about_and_only_the_button_sends_it(
    desktop: Desktop, editor: MessageEditor
) -> None:
    editor.insertPlainText(SEVEN_PARTS)
    for _ in range(3):
        desktop.shortcut(ENTER)
    assert strip(desktop, "confirm_strip") == "7 parts on Sandbox."
    assert desktop.find(QAbstractButton, "confirm_back").hasFocus()
    QTest.keyClick(desktop.find(QAbstractButton, "confirm_back"), Qt.Key.Key_Space)
    assert strip(desktop, "confirm_strip") == ""
    assert editor.hasFocus()
    desktop.settle()
    assert desktop.sent(ECHO) == ()
    desktop.shortcut(ENTER)
    desktop.press("confirm_send")
    desktop.wait(lambda: len(desktop.sent(ECHO)) == 1)
    assert desktop.sent(ECHO)[0].parts_total == 7


def test_a_change_takes_the_question_back(desktop: Desktop, editor: MessageEditor) -> None:
    editor.insertPlainText(SEVEN_PARTS)
    desktop.shortcut(ENTER)
    assert strip(desktop, "confirm_strip")
    desktop.keys(editor, "!")
    assert strip(desktop, "confirm_strip") == ""


def test_whoever_wants_no_question_is_not_asked(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.window.prefer(Preferences(confirm_parts=0))
    editor.insertPlainText(SEVEN_PARTS)
    desktop.shortcut(ENTER)
    desktop.wait(lambda: len(desktop.sent(ECHO)) == 1)


# Undo


def test_within_the_countdown_a_message_is_taken_back_with_all_that_was_typed(
    desktop: Desktop, editor: MessageEditor
) -> None:
    desktop.window.prefer(Preferences(sandbox_undo_seconds=30))
    desktop.keys(editor, "Too early")
    options(desktop)
    desktop.keys(desktop.find(QLineEdit, "field_ttl"), "2 h")
    desktop.shortcut(ENTER)
    desktop.wait(lambda: strip(desktop, "undo_strip").startswith("Sends in 30 s To Echo handset"))
    desktop.wait(lambda: editor.text() == "")
    desktop.shortcut(Qt.Key.Key_Z, CONTROL | ALT)
    desktop.wait(lambda: editor.text() == "Too early")
    assert written(desktop).fields["ttl"] == "2 hours"
    assert strip(desktop, "undo_strip") == ""
    [row] = desktop.sent(ECHO)
    assert row.state is State.CANCELLED


def test_undo_from_another_conversation_leads_back(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.window.prefer(Preferences(sandbox_undo_seconds=30))
    desktop.keys(editor, "To the first")
    desktop.shortcut(ENTER)
    desktop.wait(lambda: bool(strip(desktop, "undo_strip")))
    desktop.shortcut(Qt.Key.Key_Down, ALT)
    assert desktop.window.page.party != ECHO
    desktop.press("undo_send")
    desktop.wait(lambda: desktop.window.page.party == ECHO)
    desktop.wait(lambda: editor.text() == "To the first")


def test_too_late_is_said(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.keys(editor, "Gone")
    desktop.shortcut(ENTER)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    undo = desktop.window.page.compose.undo_strip
    undo.begin(desktop.sent(ECHO)[0].id, party=ECHO, name="Echo", milliseconds=9_000)
    desktop.press("undo_send")
    desktop.wait(lambda: strip(desktop, "undo_strip") == "Too late: the message is on its way.")
    assert desktop.sent(ECHO)[0].state is State.QUEUED


# Pause


def test_sending_is_paused_and_goes_on_from_the_menu(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.action("pause").trigger()
    notice = desktop.find(QLabel, "compose_notice")
    desktop.wait(lambda: "sending is paused" in notice.text())
    assert desktop.outbox.paused(desktop.profile.id)
    desktop.keys(editor, "Later")
    assert desktop.find(QAbstractButton, "send").accessibleName().startswith("Queue")
    desktop.shortcut(ENTER)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    assert desktop.sent(ECHO)[0].state is State.QUEUED
    desktop.action("pause").trigger()
    desktop.wait(lambda: notice.text() == "")
    assert not desktop.outbox.paused(desktop.profile.id)


# Do not contact


def test_a_number_on_the_list_is_refused_with_the_reason(live_desktop: Desktop) -> None:
    live_desktop.desk.receive(NOOR, "Hello", minutes_ago=1)
    OptOuts(live_desktop.store).add(NOOR, reason="asked by phone")
    live_desktop.open()
    assert "“asked by phone”" in strip(live_desktop, "do_not_contact")
    editor = live_desktop.find(MessageEditor, "message_text")
    live_desktop.keys(editor, "Hello again")
    live_desktop.shortcut(ENTER)
    live_desktop.wait(lambda: "not to contact" in live_desktop.find(QLabel, "compose_notice").text())
    assert editor.text() == "Hello again"
    assert len(live_desktop.sent(NOOR)) == 1
    live_desktop.press("allow_contact")
    live_desktop.wait(lambda: strip(live_desktop, "do_not_contact") == "")
    live_desktop.window.prefer(Preferences(undo_seconds=0))
    live_desktop.shortcut(ENTER)
    live_desktop.wait(lambda: len(live_desktop.sent(NOOR)) == 2)


def test_a_reply_that_asks_for_it_suggests_it_and_a_person_decides(live_desktop: Desktop) -> None:
    live_desktop.desk.receive(NOOR, "Stop", minutes_ago=1)
    live_desktop.open()
    assert strip(live_desktop, "do_not_contact").startswith("They wrote “STOP”")
    live_desktop.press("stop_contact")
    live_desktop.wait(lambda: strip(live_desktop, "do_not_contact").startswith("On Do not contact since"))
    entry = OptOuts(live_desktop.store).find(NOOR)
    assert entry is not None
    assert (entry.reason, entry.source) == ("STOP", "reply")


def test_the_menu_puts_a_number_on_the_list(live_desktop: Desktop) -> None:
    live_desktop.desk.receive(NOOR, "Hello", minutes_ago=1)
    live_desktop.open()
    live_desktop.action("do_not_contact").trigger()
    live_desktop.wait(lambda: "Nothing is sent to this number" in strip(live_desktop, "do_not_contact"))
    assert not live_desktop.window._may_do_not_contact()


# Preferences


def test_preferences_are_checked_in_place_and_told_once_saved(desktop: Desktop) -> None:
    window = desktop.open()
    told: list[Preferences] = []
    window.preferred.connect(told.append)
    desktop.shortcut(Qt.Key.Key_Comma)
    dialog = desktop.find(PreferencesDialog, "preferences")
    undo = desktop.find(QLineEdit, "field_undo_seconds")
    undo.selectAll()
    desktop.keys(undo, "31")
    assert "0 to 30 seconds" in desktop.find(QLabel, "words_undo_seconds").text()
    desktop.press("save_preferences")
    assert dialog.isVisible()
    assert dialog.focusWidget() is undo
    assert told == []
    undo.selectAll()
    desktop.keys(undo, "9")
    parts = desktop.find(QLineEdit, "field_confirm_parts")
    parts.selectAll()
    desktop.keys(parts, "2")
    desktop.press("save_preferences")
    assert told == [Preferences(undo_seconds=9, confirm_parts=2)]
    desktop.find(MessageEditor, "message_text").insertPlainText("x" * 400)
    desktop.shortcut(ENTER)
    assert strip(desktop, "confirm_strip") == "3 parts on Sandbox."


def test_enter_sends_for_whoever_wants_that(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.keys(editor, "one")
    QTest.keyClick(editor, ENTER)
    assert editor.text() == "one\n"
    desktop.window.prefer(Preferences(enter_sends=True))
    QTest.keyClick(editor, ENTER, SHIFT)
    desktop.keys(editor, "two")
    QTest.keyClick(editor, ENTER)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    assert desktop.sent(ECHO)[0].text == "one\n\ntwo"
