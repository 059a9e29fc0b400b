"""What was typed before and cleared or replaced, as a person at the window finds it and takes it back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.collection import Collection
from sms_desktop.services.contacts import Contacts
from sms_desktop.store import drafts
from sms_desktop.ui.compose.editor import MessageEditor
from sms_desktop.ui.help_windows import ShortcutsWindow
from sms_desktop.ui.library.entry_list import EntryList
from sms_desktop.ui.times import clock, now_us
from tests.fakes.desktop import Desktop

ECHO, OTHER = "31600000001", "31600000002"
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
RETURN, ESCAPE, DOWN, TAB = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Tab


class Person:
    """Hands for the pane and for the popup."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop

    def rest(self) -> None:
        """Stop typing for the second that the store waits."""
        self.desktop.window.page.drafts.flush()
        self.desktop.settle()

    def write(self, field: QWidget, text: str) -> None:
        """Select all, and write this over it."""
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_A, CONTROL)
        if text:
            self.desktop.say(field, text)
        else:
            QTest.keyClick(field, Qt.Key.Key_Delete)
        self.rest()

    def open(self) -> None:
        self.desktop.shortcut(Qt.Key.Key_D, CONTROL | SHIFT)
        self.desktop.settle()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focused = QGuiApplication.focusObject()
        assert isinstance(focused, QWidget)
        QTest.keyClick(focused, key, modifiers)
        self.desktop.settle()

    @property
    def popup(self) -> QWidget:
        return self.desktop.find(QWidget, "earlier_drafts")

    def listed(self) -> list[str]:
        entries = self.desktop.find(EntryList, "earlier_list").entries
        rows = (entries.index(row).data(Qt.ItemDataRole.UserRole) for row in range(entries.rowCount()))
        return [entry.begin() for entry in rows]

    def preview(self) -> str:
        return self.desktop.find(QPlainTextEdit, "earlier_preview").toPlainText()

    def nothing(self) -> str:
        label = self.desktop.find(QLabel, "earlier_empty")
        return label.text() if label.isVisible() else ""

    def focused(self) -> str:
        focused = QApplication.focusWidget()
        return focused.objectName() if isinstance(focused, QWidget) else ""

    def kept(self, party: str, kind: Kind) -> list[str]:
        with self.desktop.store.read() as db:
            return [each.draft.text for each in drafts.history(db, self.desktop.profile.id, party, kind)]


@pytest.fixture
def person(desktop: Desktop) -> Person:
    desktop.open(ECHO)
    return Person(desktop)


@pytest.fixture
def editor(person: Person) -> MessageEditor:
    return person.desktop.find(MessageEditor, "message_text")


def test_what_was_cleared_is_taken_back_by_keyboard_as_one_step(
    desktop: Desktop, person: Person, editor: MessageEditor
) -> None:
    person.write(editor, "Your laptop is ready.\nCollect it at desk 4.")
    person.write(editor, "")
    person.write(editor, "Another thing")
    person.write(editor, "")
    person.open()
    assert person.focused() == "earlier_list"
    assert person.listed() == ["Another thing", "Your laptop is ready.\nCollect it at desk 4."]
    assert person.preview() == "Another thing"
    person.key(DOWN)
    assert person.preview() == "Your laptop is ready.\nCollect it at desk 4."
    person.key(RETURN)
    assert not person.popup.isVisible()
    assert editor.hasFocus()
    assert editor.text() == "Your laptop is ready.\nCollect it at desk 4."
    desktop.shortcut(Qt.Key.Key_Z)
    assert editor.text() == ""
    desktop.shortcut(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert editor.text() == "Your laptop is ready.\nCollect it at desk 4."


def test_each_is_told_with_its_time_and_kind(person: Person, editor: MessageEditor) -> None:
    before = clock(now_us())
    person.write(editor, "First line\nsecond")
    person.write(editor, "")
    after = clock(now_us())
    person.open()
    entries = person.desktop.find(EntryList, "earlier_list").entries
    words = entries.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words in {f"Today, {at}, Text, First line second" for at in (before, after)}


def test_what_stood_there_is_kept_however_lately_it_was_typed(
    desktop: Desktop, person: Person, editor: MessageEditor
) -> None:
    person.write(editor, "Your laptop is ready at desk 4")
    person.write(editor, "")
    desktop.say(editor, "Your laptop is ready at desk 7")  # much the same, and no second has passed
    person.open()
    assert person.listed() == ["Your laptop is ready at desk 4"]
    desktop.press("earlier_take")
    desktop.settle()
    assert editor.text() == "Your laptop is ready at desk 4"
    person.open()
    assert person.listed() == ["Your laptop is ready at desk 7"]
    person.key(RETURN)
    person.open()
    assert person.listed() == ["Your laptop is ready at desk 4"]


def test_to_and_fro_does_not_fill_the_list(person: Person, editor: MessageEditor) -> None:
    for text in ("The oldest of all", "", "Begins one way", "", "Then another"):
        person.write(editor, text)
    for _ in range(drafts.LONGEST_HISTORY):
        person.open()
        person.key(RETURN)
    person.open()
    assert sorted([editor.text(), *person.listed()]) == [
        "Begins one way",
        "The oldest of all",
        "Then another",
    ]


def test_text_and_unicode_are_of_one_pane(desktop: Desktop, person: Person, editor: MessageEditor) -> None:
    desktop.shortcut(Qt.Key.Key_2)
    person.write(editor, "Zażółć gęślą jaźń")
    person.write(editor, "")
    desktop.shortcut(Qt.Key.Key_1)
    desktop.say(editor, "Plain words")
    person.open()
    person.key(RETURN)
    assert desktop.window.page.compose.draft() == Draft(Kind.UNICODE, "Zażółć gęślą jaźń")
    assert person.kept(ECHO, Kind.TEXT) == ["Plain words"]
    person.open()
    assert person.listed() == ["Plain words"]


def test_the_other_panes_have_their_own(desktop: Desktop, person: Person, editor: MessageEditor) -> None:
    person.write(editor, "A text")
    person.write(editor, "")
    desktop.shortcut(Qt.Key.Key_4)
    url = desktop.find(QLineEdit, "wappush_url")
    title = desktop.find(QLineEdit, "wappush_title")
    person.write(title, "Timetable")
    person.write(url, "https://example.com/old")
    person.write(url, "https://helpdesk.example/a/longer/one")
    person.open()
    assert "WAP Push" in desktop.find(QLabel, "earlier_title").text()
    assert person.listed() == ["Timetable"]
    assert "https://example.com/old" in person.preview()
    person.key(RETURN)
    assert (title.text(), url.text()) == ("Timetable", "https://example.com/old")
    person.open()
    assert "https://helpdesk.example/a/longer/one" in person.preview()
    person.key(ESCAPE)
    desktop.shortcut(Qt.Key.Key_1)
    person.open()
    assert person.listed() == ["A text"]


def test_options_come_back_with_their_message(
    desktop: Desktop, person: Person, editor: MessageEditor
) -> None:
    compose = desktop.window.page.compose
    compose.open_request(Draft(Kind.TEXT, "With options", {"ttl": "2 h"}))
    person.rest()
    person.write(editor, "")
    compose.open_request(Draft(Kind.TEXT, "Without"))
    person.open()
    assert person.preview() == "text: With options\nttl: 2 h"
    person.key(RETURN)
    assert compose.draft() == Draft(Kind.TEXT, "With options", {"ttl": "2 h"})


def test_another_conversations_are_not_shown(desktop: Desktop, person: Person, editor: MessageEditor) -> None:
    person.write(editor, "To the echo")
    person.write(editor, "")
    person.open()
    desktop.window.page.open(OTHER)
    desktop.settle()
    assert not person.popup.isVisible()
    editor.setFocus()
    person.open()
    assert person.listed() == []
    assert person.nothing().startswith("Nothing yet")
    person.key(ESCAPE)
    desktop.window.page.open(ECHO)
    desktop.settle()
    person.open()
    assert person.listed() == ["To the echo"]


def test_the_list_is_of_the_contact_as_it_is_called(
    desktop: Desktop, person: Person, editor: MessageEditor
) -> None:
    Contacts(desktop.store).save("31612345678", "<b>Noor</b>\u202e\n")
    desktop.window.page.open("31612345678")
    desktop.settle()
    person.open()
    title = desktop.find(QLabel, "earlier_title")
    assert "<b>Noor</b>" in title.text()
    assert "\u202e" not in title.text()
    assert title.textFormat() is Qt.TextFormat.PlainText


def test_a_message_to_nobody_yet_has_its_own(desktop: Desktop, person: Person, editor: MessageEditor) -> None:
    desktop.shortcut(Qt.Key.Key_N)
    desktop.settle()
    person.write(editor, "To whom?")
    person.write(editor, "")
    person.open()
    assert "nobody yet" in desktop.find(QLabel, "earlier_title").text()
    assert person.listed() == ["To whom?"]
    person.key(RETURN)
    assert editor.text() == "To whom?"
    assert desktop.window.page.party == ""


def test_nothing_is_said_in_one_sentence_and_escape_gives_the_focus_back(
    person: Person, editor: MessageEditor
) -> None:
    editor.setFocus()
    person.open()
    assert person.nothing().count(".") == 1
    assert not person.desktop.find(QWidget, "earlier_take").isVisible()
    assert person.focused() == "earlier_close"
    person.key(ESCAPE)
    assert not person.popup.isVisible()
    assert editor.hasFocus()


def test_the_same_key_closes_it_and_all_is_reached_by_tab(person: Person, editor: MessageEditor) -> None:
    person.write(editor, "Once")
    person.write(editor, "")
    person.open()
    seen = [person.focused()]
    for _ in range(3):
        person.key(TAB)
        seen.append(person.focused())
    assert seen == ["earlier_list", "earlier_preview", "earlier_take", "earlier_close"]
    person.open()
    assert not person.popup.isVisible()
    assert editor.hasFocus()
    person.open()
    person.key(TAB)
    person.key(RETURN)  # from the preview
    assert editor.text() == "Once"


def test_it_goes_when_the_person_goes_on_elsewhere(
    desktop: Desktop, person: Person, editor: MessageEditor
) -> None:
    person.write(editor, "Once")
    person.write(editor, "")
    person.open()
    QTest.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton)
    assert editor.hasFocus()
    assert not person.popup.isVisible()
    person.open()
    desktop.shortcut(Qt.Key.Key_3)
    assert not person.popup.isVisible()


def test_what_a_request_took_the_place_of_is_in_the_list(
    desktop: Desktop, person: Person, editor: MessageEditor
) -> None:
    collection = Collection(desktop.folder / "requests")
    collection.save("Flash", Draft(Kind.TEXT, "Test of a flash message"))
    desktop.say(editor, "Half a sentence")
    desktop.window.page.compose.open_request(collection.named("Flash").draft)
    person.open()
    assert person.listed() == ["Half a sentence"]


def test_a_store_that_cannot_be_read_is_said(
    desktop: Desktop, person: Person, editor: MessageEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_of: object) -> None:
        raise OSError

    monkeypatch.setattr(drafts, "history", broken)
    person.open()
    assert person.nothing().endswith("can't be used: None.")
    person.key(ESCAPE)
    assert editor.hasFocus()


def test_the_key_is_in_the_list_of_keys(desktop: Desktop, person: Person) -> None:
    desktop.action("shortcuts").trigger()
    window = desktop.window.findChild(ShortcutsWindow)
    assert isinstance(window, ShortcutsWindow)
    words = " ".join(label.text() for label in window.findChildren(QLabel))
    assert "Earlier drafts" in words
    assert "Ctrl+Shift+D" in words
    window.close()
