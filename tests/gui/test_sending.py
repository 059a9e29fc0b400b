from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
)

from sms_desktop.background.status import ProfileStatus, RelayCondition
from sms_desktop.messages.errors import TryLater
from sms_desktop.messages.ids import MessageId
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.outbox import Compose
from sms_desktop.ui.compose.editor import LONGEST, MessageEditor
from sms_desktop.ui.compose.meter import Figures
from sms_desktop.ui.compose.send_button import SendButton
from tests.fakes.desktop import Desktop

ECHO = "31600000001"
SWITCHED_OFF = "31600000002"
ENTER = Qt.Key.Key_Return


@pytest.fixture
def editor(desktop: Desktop) -> MessageEditor:
    desktop.open()
    return desktop.find(MessageEditor, "message_text")


def test_type_and_press_ctrl_enter(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.keys(editor, "Hello from the sandbox")
    desktop.shortcut(ENTER)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    (row,) = desktop.sent(ECHO)
    assert (row.text, row.own, row.kind) == ("Hello from the sandbox", "Sandbox", Kind.TEXT)
    desktop.wait(lambda: editor.text() == "")
    desktop.wait(lambda: len(desktop.window.page.timeline.visible_entries()) == 1)
    assert desktop.find(QTableView, "conversation_list").model().index(0, 0).data() == "Echo handset"


def test_a_double_click_on_send_is_one_message(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.keys(editor, "Once")
    button = desktop.find(SendButton, "send")
    for _ in range(2):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desktop.settle()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desktop.settle()
    assert len(desktop.sent(ECHO)) == 1
    assert desktop.find(QLabel, "compose_notice").text() == ""


def test_after_a_click_on_send_the_next_message_is_typed(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.keys(editor, "First")
    QTest.mouseClick(desktop.find(SendButton, "send"), Qt.MouseButton.LeftButton)
    desktop.wait(lambda: editor.text() == "")
    assert editor.hasFocus()


def test_the_next_message_is_another(desktop: Desktop, editor: MessageEditor) -> None:
    for text in ("Same", "Same"):
        desktop.keys(editor, text)
        desktop.shortcut(ENTER)
        desktop.wait(lambda: editor.text() == "")
    assert [row.text for row in desktop.sent(ECHO)] == ["Same", "Same"]


def test_a_failing_store_loses_nothing(
    desktop: Desktop, editor: MessageEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Compose] = []

    def full(compose: Compose) -> MessageId:
        seen.append(compose)
        raise TryLater("The disk is full. Nothing was lost; free some space and try again.")

    with monkeypatch.context() as patched:
        patched.setattr(desktop.outbox, "send", full)
        desktop.keys(editor, "Keep me")
        desktop.shortcut(ENTER)
        notice = desktop.find(QLabel, "compose_notice")
        desktop.wait(lambda: "disk is full" in notice.text())
        desktop.shortcut(ENTER)
        desktop.wait(lambda: len(seen) == 2)
        desktop.settle()
    assert seen[0] == seen[1], "the same text tried again is the same message"
    assert editor.text() == "Keep me"
    desktop.keys(editor, ", changed")
    assert notice.text() == ""
    desktop.shortcut(ENTER)
    desktop.wait(lambda: editor.text() == "")
    assert [row.text for row in desktop.sent(ECHO)] == ["Keep me, changed"]


def test_send_is_never_dead_and_says_what_is_missing(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.press("send")
    assert "nothing is written yet" in desktop.find(QLabel, "compose_notice").text()
    desktop.wait(editor.hasFocus)


def test_a_sender_that_cannot_be_is_said_in_place(desktop: Desktop, editor: MessageEditor) -> None:
    sender = desktop.find(QLineEdit, "sender")
    sender.selectAll()
    desktop.keys(sender, "MuchTooLongSender")
    notice = desktop.find(QLabel, "compose_notice")
    assert "17 characters" in notice.text()
    desktop.keys(editor, "Hello")
    desktop.press("send")
    assert "17 characters" in notice.text()
    assert sender.hasFocus()
    assert editor.text() == "Hello"
    sender.selectAll()
    desktop.keys(sender, "Help Desk")
    assert "HelpDesk" in notice.text()


def test_a_character_outside_gsm7_is_not_sent_before_the_person_chose(
    desktop: Desktop, editor: MessageEditor
) -> None:
    desktop.say(editor, "We’ll come")
    assert desktop.find(QLabel, "meter_cause").text() == "’ is not in GSM-7"
    desktop.shortcut(ENTER)
    assert "not in GSM-7" in desktop.find(QLabel, "compose_notice").text()
    assert editor.textCursor().selectedText() == "’"
    desktop.settle()
    assert desktop.sent(ECHO) == ()


def test_what_the_meter_offers_keeps_no_window_wide(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.window.resize(1_440, 900)
    desktop.say(editor, "“Café” at ½ price 😀")
    desktop.settle()
    assert desktop.find(QAbstractButton, "switch_to_unicode").isVisible()
    assert desktop.window.minimumSizeHint().width() < 900, "they may stand one under the other"


def test_replacing_is_one_step_that_can_be_undone(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.say(editor, "We’ll come — “soon”")
    desktop.press("replace_characters")
    assert editor.text() == 'We\'ll come - "soon"'
    desktop.shortcut(Qt.Key.Key_Z)
    assert editor.text() == "We’ll come — “soon”"


def test_switching_to_unicode_carries_the_text_over(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.say(editor, "謝謝")
    desktop.press("switch_to_unicode")
    assert editor.text() == "謝謝"
    desktop.shortcut(ENTER)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    assert desktop.sent(ECHO)[0].kind is Kind.UNICODE
    desktop.shortcut(Qt.Key.Key_1)
    assert desktop.find(QAbstractButton, "kind_text").isChecked()
    desktop.shortcut(Qt.Key.Key_2)
    assert desktop.find(QAbstractButton, "kind_unicode").isChecked()


def test_sending_as_is_counts_for_exactly_this_text(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.say(editor, "a’b")
    choice = desktop.find(QCheckBox, "send_as_is")
    choice.click()
    assert desktop.find(Figures, "meter_figures").words()[0] == "GSM-7"
    editor.setFocus()
    desktop.keys(editor, "c")
    assert not choice.isChecked()
    choice.click()
    desktop.shortcut(ENTER)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    assert desktop.sent(ECHO)[0].text == "a’bc"


def test_the_meter_follows_the_typing(desktop: Desktop, editor: MessageEditor) -> None:
    figures = desktop.find(Figures, "meter_figures")
    send = desktop.find(SendButton, "send")
    assert figures.words() == ("GSM-7", "0 of 160 units", "1 part")
    assert send.label == "Send in Sandbox"
    desktop.say(editor, "x" * 160)
    assert figures.words() == ("GSM-7", "160 of 160 units", "1 part")
    assert send.label == "Send in Sandbox · 1 part"
    desktop.keys(editor, "y")
    assert figures.words() == ("GSM-7", "161 units, 145 left", "2 parts")
    assert send.label == "Send in Sandbox · 2 parts"


def test_texts_that_are_too_long_are_said_once_and_kept(desktop: Desktop, editor: MessageEditor) -> None:
    QGuiApplication.clipboard().setText("word " * 2_000)
    editor.paste()
    cause = desktop.find(QLabel, "meter_cause")
    assert cause.text() == "10,000 characters. The gateway takes at most 3,200 in one message."
    desktop.press("send")
    assert "3,200" in desktop.find(QLabel, "compose_notice").text()
    assert len(editor.text()) == 10_000
    QGuiApplication.clipboard().setText("謝" * 18_000)
    editor.paste()
    assert "One message has 255 at most." in cause.text()


def test_a_megabyte_is_not_pasted_and_nothing_is_lost(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.keys(editor, "Before")
    QGuiApplication.clipboard().setText("x" * 1_000_000)
    editor.paste()
    assert editor.text() == "Before"
    words = desktop.find(QLabel, "meter_cause").text()
    assert (
        words
        == f"The clipboard holds 1,000,000 characters, and the field at most {LONGEST:,}. Nothing was pasted."
    )
    desktop.keys(editor, "!")
    assert not desktop.find(QLabel, "meter_cause").isVisible()


def test_only_plain_text_is_pasted(desktop: Desktop, editor: MessageEditor) -> None:
    source = QMimeData()
    source.setHtml("<b>bold</b>")
    source.setText("bold")
    QGuiApplication.clipboard().setMimeData(source)
    editor.paste()
    assert editor.text() == "bold"


@pytest.mark.parametrize("text", ["a\0b", "tab\there", "line\nline", "\u00a0", "\U0001f468\u200d\U0001f469"])
def test_odd_characters_come_through_unchanged(desktop: Desktop, editor: MessageEditor, text: str) -> None:
    editor.insertPlainText(text)
    assert editor.text() == text


def test_half_a_character_is_taken_out_and_said(desktop: Desktop, editor: MessageEditor) -> None:
    editor.insertPlainText("x\U0001f600y")
    cursor = editor.textCursor()
    cursor.setPosition(2)
    cursor.deleteChar()
    assert editor.text() == "xy"
    assert editor.document().characterCount() == 3
    assert "Half of a character" in desktop.find(QLabel, "meter_cause").text()


def test_what_is_typed_while_sending_stays(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.keys(editor, "First")
    desktop.shortcut(ENTER)
    desktop.keys(editor, " and more")
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    desktop.settle()
    assert desktop.sent(ECHO)[0].text == "First"
    assert editor.text() == "First and more"


def test_a_new_message_goes_to_a_typed_number(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.shortcut(Qt.Key.Key_N)
    field = desktop.find(QLineEdit, "recipient")
    desktop.wait(field.hasFocus)
    desktop.keys(field, "+31 6 1234 5678")
    words = desktop.find(QLabel, "recipient_words")
    desktop.wait(lambda: "Netherlands" in words.text())
    QTest.keyClick(field, Qt.Key.Key_Return)
    desktop.wait(editor.hasFocus)
    desktop.keys(editor, "Hello")
    desktop.shortcut(ENTER)
    desktop.wait(lambda: desktop.window.page.party == "31612345678")
    assert [row.text for row in desktop.sent("31612345678")] == ["Hello"]
    desktop.wait(lambda: desktop.window.list_pane.party == "31612345678")
    assert desktop.find(QTableView, "conversation_list").currentIndex().row() == 0


@pytest.mark.parametrize(
    "typed, said",
    [
        ("", "no number yet"),
        ("06 1234 5678", "no country code"),
        ("+31 6 12ab", "digits only"),
        ("+31", "7 to 15"),
    ],
)
def test_a_number_that_cannot_be_is_said_beside_it(
    desktop: Desktop, editor: MessageEditor, typed: str, said: str
) -> None:
    desktop.press("new_message")
    field = desktop.find(QLineEdit, "recipient")
    desktop.keys(field, typed)
    desktop.keys(editor, "Hello")
    desktop.press("send")
    assert said in desktop.find(QLabel, "compose_notice").text()
    desktop.wait(field.hasFocus)
    assert editor.text() == "Hello"
    assert field.text() == typed


def test_queueing_says_so(desktop: Desktop, editor: MessageEditor) -> None:
    status = ProfileStatus(
        desktop.profile.id, RelayCondition.CONNECTED, queued=2, sender_waits_for="the keyring"
    )
    desktop.window.apply_status(status)
    desktop.keys(editor, "Hello")
    assert desktop.find(SendButton, "send").label == "Queue · 1 part"
    assert "the keyring" in desktop.find(QLabel, "compose_notice").text()
    assert "Queue 2" in desktop.find(QLabel, "status_queue").text()
    desktop.shortcut(ENTER)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))


def test_every_control_has_a_name(desktop: Desktop, editor: MessageEditor) -> None:
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QAbstractItemView)
    for kind in kinds:
        for control in desktop.window.findChildren(kind):
            if control.isVisible() and control.focusPolicy() != Qt.FocusPolicy.NoFocus:
                assert control.accessibleName() or control.property("text"), control
    assert QApplication.focusWidget() is not None
