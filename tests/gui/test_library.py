"""Templates, named requests, the request's preview and curl, as a person at the window uses them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.collection import Collection
from sms_desktop.services.contacts import Contacts
from sms_desktop.services.templates import Templates
from sms_desktop.ui.compose.editor import LONGEST, MessageEditor
from sms_desktop.ui.library.desk import LibraryDesk
from sms_desktop.ui.library.entry_list import EntryList
from tests.fakes.desktop import LIVE, Desktop

ECHO = "31600000001"
CANARY = "Zq7CanaryOf9Secrets"
URL = "https://rest.nexmo.com/sms/json"
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
RETURN, ESCAPE, DOWN, F2 = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_F2


class Library:
    """Hands for the popup and what belongs to it."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop
        self.templates = Templates(desktop.store)
        self.collection = Collection(desktop.folder / "requests")

    def open(self) -> None:
        self.desktop.shortcut(Qt.Key.Key_T)
        self.desktop.settle()

    @property
    def popup(self) -> QWidget:
        return self.desktop.find(QWidget, "library")

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focused = QGuiApplication.focusObject()
        assert isinstance(focused, QWidget)
        QTest.keyClick(focused, key, modifiers)
        self.desktop.settle()

    def type(self, text: str) -> None:
        focused = QGuiApplication.focusObject()
        assert isinstance(focused, QWidget)
        self.desktop.keys(focused, text)

    def names(self) -> list[str]:
        entries = self.desktop.find(EntryList, "library_list").entries
        return [str(entries.index(row).data()) for row in range(entries.rowCount())]

    def focused(self) -> str:
        focused = QApplication.focusWidget()
        return focused.objectName() if isinstance(focused, QWidget) else ""


@pytest.fixture
def library(desktop: Desktop) -> Library:
    desktop.open()
    return Library(desktop)


@pytest.fixture
def editor(library: Library) -> MessageEditor:
    return library.desktop.find(MessageEditor, "message_text")


def test_a_template_is_found_and_inserted_by_keyboard_as_one_step(
    desktop: Desktop, library: Library, editor: MessageEditor
) -> None:
    for name, body in (("Ready", "It is ready."), ("Late", "We are late."), ("Closed", "We are closed.")):
        library.templates.save(name, body)
    desktop.keys(editor, "Hello .")
    QTest.keyClick(editor, Qt.Key.Key_Left)
    library.open()
    assert library.focused() == "library_search"
    assert library.names() == ["Closed", "Late", "Ready"]
    library.type("we are")
    assert library.names() == ["Closed", "Late"]
    library.key(DOWN)
    assert desktop.find(QPlainTextEdit, "library_preview").toPlainText() == "We are late."
    library.key(RETURN)
    assert editor.text() == "Hello We are late.."
    assert editor.hasFocus()
    assert not library.popup.isVisible()
    desktop.shortcut(Qt.Key.Key_Z)
    assert editor.text() == "Hello ."


def test_variables_are_asked_for_with_the_contact_offered(
    desktop: Desktop, library: Library, editor: MessageEditor
) -> None:
    Contacts(desktop.store).save(ECHO, "Noor de Wit")
    library.templates.save("Ready", "Dear {{name}}, {{what|your laptop}} is at desk {{desk}}. {{number}}")
    library.open()
    library.key(RETURN)
    assert library.focused() == "fill_name"
    assert desktop.find(QLineEdit, "fill_name").text() == "Noor de Wit"
    assert desktop.find(QLineEdit, "fill_what").text() == "your laptop"
    assert desktop.find(QLineEdit, "fill_number").text() == f"+{ECHO}"
    preview = desktop.find(QPlainTextEdit, "fill_preview")
    assert preview.toPlainText() == f"Dear Noor de Wit, your laptop is at desk ‹desk›. +{ECHO}"
    desktop.press("fill_done")
    assert "desk" in desktop.find(QLabel, "fill_problem").text()
    assert library.focused() == "fill_desk"
    desktop.press("offer_name")
    assert desktop.find(QLineEdit, "fill_desk").text() == "Noor de Wit"
    desk = desktop.find(QLineEdit, "fill_desk")
    desk.selectAll()
    desktop.say(desk, "4 ‹b›")
    library.key(RETURN)
    library.key(RETURN)
    assert editor.text() == f"Dear Noor de Wit, your laptop is at desk 4 ‹b›. +{ECHO}"


def test_what_is_typed_in_the_popup_stays_when_it_is_left(desktop: Desktop, library: Library) -> None:
    library.templates.save("Ready", "{{who}} and {{what}}")
    library.open()
    library.key(RETURN)
    library.type("Noor")
    desktop.window.page.compose.focus()
    assert not library.popup.isVisible()
    library.open()
    assert desktop.find(QLineEdit, "fill_who").text() == "Noor"
    library.key(ESCAPE)
    assert library.focused() == "library_search"
    library.key(ESCAPE)
    assert not library.popup.isVisible()
    assert library.focused() == "message_text"


def test_a_template_is_saved_renamed_and_removed_with_a_way_back(
    desktop: Desktop, library: Library, editor: MessageEditor
) -> None:
    library.open()
    assert "No template is kept yet" in desktop.find(QLabel, "library_empty").text()
    desktop.press("library_save")
    assert "nothing to keep" in desktop.find(QLabel, "library_notice").text()
    library.key(ESCAPE)
    desktop.say(editor, "Grüße an {{name}}")
    library.open()
    desktop.press("library_save")
    library.key(RETURN)
    assert "Give it a name" in desktop.find(QLabel, "name_problem").text()
    library.type("Greeting")
    library.key(RETURN)
    assert [each.body for each in library.templates.every()] == ["Grüße an {{name}}"]
    desktop.window.page.compose.focus()
    desktop.say(editor, "Grüße! ")
    library.open()
    desktop.press("library_save")
    library.type("greeting")
    library.key(RETURN)
    assert [each.body for each in library.templates.every()] != ["Grüße an {{name}}"]
    desktop.press("library_undo")
    desktop.settle()
    assert [each.body for each in library.templates.every()] == ["Grüße an {{name}}"]
    library.templates.save("Other", "x")
    library.key(F2)
    library.type("other")
    library.key(RETURN)
    assert "already" in desktop.find(QLabel, "name_problem").text()
    desktop.find(QLineEdit, "library_name").selectAll()
    library.type("Regards")
    library.key(RETURN)
    assert library.names() == ["Other", "Regards"]
    desktop.press("library_remove")
    desktop.settle()
    assert library.names() == ["Other"]
    desktop.press("library_undo")
    desktop.settle()
    assert library.names() == ["Other", "Regards"]
    assert "Grüße an {{name}}" in editor.text()


def test_a_template_without_room_for_it_is_said(
    desktop: Desktop, library: Library, editor: MessageEditor
) -> None:
    library.templates.save("Long", "x" * 20_000)
    editor.insertPlainText("y" * (LONGEST - 10_000))
    library.open()
    library.key(RETURN)
    assert "no room" in desktop.find(QLabel, "library_notice").text()
    assert len(editor.text()) == LONGEST - 10_000


def test_a_message_of_any_kind_is_kept_and_opened_with_all_its_fields(
    desktop: Desktop, library: Library
) -> None:
    desktop.shortcut(Qt.Key.Key_4)
    title, url = desktop.find(QLineEdit, "wappush_title"), desktop.find(QLineEdit, "wappush_url")
    desktop.keys(title, "For {{name}}")
    desktop.keys(url, "https://x.example/{{id|7}}")
    desktop.action("save_request").trigger()
    desktop.settle()
    library.type("Link")
    library.key(RETURN)
    kept = library.collection.named("Link").draft
    assert (kept.kind, kept.text, kept.fields["url"]) == (
        Kind.WAPPUSH, "For {{name}}", "https://x.example/{{id|7}}",
    )  # fmt: skip
    assert library.names() == ["Link"]
    library.key(ESCAPE)
    title.selectAll()
    desktop.keys(title, "Half typed")
    desktop.shortcut(Qt.Key.Key_1)
    library.open()
    library.key(RETURN)
    library.type("Noor")
    library.key(RETURN)
    library.key(RETURN)
    assert desktop.window.page.compose.draft().kind is Kind.WAPPUSH
    assert (title.text(), url.text()) == ("For Noor", "https://x.example/7")
    library.open()
    (given_way,) = [name for name in library.names() if name != "Link"]
    assert given_way.startswith("WAP Push before")
    library.key(Qt.Key.Key_Up)
    library.key(RETURN)
    assert title.text() == "Half typed"
    library.open()
    desktop.find(EntryList, "library_list").step(9)
    library.key(RETURN)
    desktop.press("fill_leave")
    assert url.text() == "https://x.example/{{id|7}}"


def test_requests_are_duplicated_and_broken_files_are_said(desktop: Desktop, library: Library) -> None:
    library.collection.save("One", Draft(Kind.BINARY, "00FF", {"udh": "0401", "ttl": "2 days"}))
    (library.collection.folder / "bad.json").write_text("{")
    library.open()
    library.key(Qt.Key.Key_Tab, CONTROL)
    assert "bad.json: It is no JSON" in desktop.find(QLabel, "library_unreadable").text()
    desktop.press("library_duplicate")
    desktop.find(QLineEdit, "library_name").selectAll()
    library.type("ONE")
    library.key(RETURN)
    assert "already" in desktop.find(QLabel, "name_problem").text()
    desktop.find(QLineEdit, "library_name").selectAll()
    library.type("Two")
    library.key(RETURN)
    assert library.collection.named("Two").draft == library.collection.named("One").draft
    assert library.names() == ["One", "Two"]
    library.key(RETURN)
    assert desktop.window.page.compose.draft().fields["ttl"] == "2 days"
    assert (library.collection.folder / "bad.json").read_text() == "{"


# The request


def test_the_request_follows_the_typing(desktop: Desktop, library: Library, editor: MessageEditor) -> None:
    desktop.shortcut(Qt.Key.Key_3, CONTROL | ALT)
    desktop.settle()
    assert "No request yet" in desktop.find(QLabel, "request_reason").text()
    assert not desktop.find(QAbstractButton, "request_copy").isEnabled()
    desktop.keys(editor, "Hello")
    view = desktop.find(QPlainTextEdit, "request_text")
    desktop.wait(lambda: "text=Hello" in view.toPlainText())
    assert view.isReadOnly()
    assert f"to={ECHO}" in view.toPlainText()
    assert "api_secret=***" in view.toPlainText()
    desktop.press("request_python")
    desktop.wait(lambda: view.toPlainText().startswith("import httpx"))
    desktop.press("request_copy")
    assert QGuiApplication.clipboard().text() == view.toPlainText()
    desktop.keys(editor, " again")
    desktop.wait(lambda: "Hello again" in view.toPlainText())
    assert desktop.action("request").isChecked()
    desktop.window.page.compose.focus()
    desktop.shortcut(Qt.Key.Key_F6, Qt.KeyboardModifier.NoModifier)
    assert library.focused() == "request_curl"
    desktop.press("request_close")
    assert not view.isVisible()
    assert not desktop.action("request").isChecked()


def test_a_new_message_has_no_request_before_its_number(desktop: Desktop, library: Library) -> None:
    desktop.shortcut(Qt.Key.Key_N)
    desktop.keys(desktop.find(MessageEditor, "message_text"), "Hello")
    desktop.action("request").trigger()
    desktop.wait(lambda: "number" in desktop.find(QLabel, "request_reason").text())
    desktop.keys(desktop.find(QLineEdit, "recipient"), "+31 6 1234 5678")
    view = desktop.find(QPlainTextEdit, "request_text")
    desktop.wait(lambda: "to=31612345678" in view.toPlainText())


# curl


@pytest.fixture
def canary(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[None]:
    """Nothing on the disk, in a log or on the terminal holds the secret afterwards."""
    caplog.set_level(logging.DEBUG)
    yield
    out, err = capfd.readouterr()
    assert CANARY not in out + err + caplog.text
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file


def _paste(library: Library, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    library.key(Qt.Key.Key_V, CONTROL)


@pytest.mark.usefixtures("canary")
def test_a_pasted_command_becomes_a_draft_to_its_recipient(
    desktop: Desktop, library: Library, editor: MessageEditor
) -> None:
    desktop.keys(editor, "To the echo")
    library.open()
    _paste(library, f"curl {URL} -u nobody:{CANARY} \\\n  -d text='Hi there' -d to=447700900142 -d ttl=60000")
    assert library.focused() == "curl_text"
    desktop.wait(lambda: desktop.find(QLabel, "curl_secret").isVisible())
    assert "dropped" in desktop.find(QLabel, "curl_secret").text()
    assert "No account here" in desktop.find(QLabel, "curl_account").text()
    assert not desktop.find(QCheckBox, "curl_use_secret").isVisible()
    assert desktop.find(QLabel, "curl_field_text").text() == "Hi there"
    desktop.press("curl_take")
    desktop.settle()
    assert desktop.window.page.party == "447700900142"
    assert desktop.window.page.compose.draft() == Draft(Kind.TEXT, "Hi there", {"ttl": "1 minute"})
    assert desktop.find(QPlainTextEdit, "curl_text").toPlainText() == ""
    desktop.window.page.drafts.flush()
    desktop.window.page.open(ECHO)
    desktop.settle()
    assert editor.text() == "To the echo"


@pytest.mark.usefixtures("canary")
def test_a_command_with_an_odd_recipient_goes_to_a_new_message(desktop: Desktop, library: Library) -> None:
    desktop.action("import_curl").trigger()
    desktop.find(QPlainTextEdit, "curl_text").insertPlainText(
        f'curl {URL} -d "to=$TO&title=T&url=https://x/&type=wappush&api_secret={CANARY}"'
    )
    desktop.wait(lambda: desktop.find(QLabel, "curl_left_out").isVisible())
    desktop.press("curl_take")
    desktop.settle()
    assert desktop.window.page.party == ""
    assert desktop.find(QLineEdit, "recipient").text() == "$TO"
    assert desktop.window.page.compose.draft().text == "T"


@pytest.mark.usefixtures("canary")
def test_a_command_that_cannot_be_read_is_said_and_kept(desktop: Desktop, library: Library) -> None:
    desktop.action("import_curl").trigger()
    field = desktop.find(QPlainTextEdit, "curl_text")
    field.insertPlainText(f"curl {URL} -d 'text={CANARY}")
    problem = desktop.find(QLabel, "curl_problem")
    desktop.wait(lambda: "not closed" in problem.text())
    desktop.press("curl_take")
    assert field.isVisible()
    assert CANARY in field.toPlainText()
    QGuiApplication.clipboard().setText("x" * 1_000_000)
    field.paste()
    assert "Nothing was pasted" in problem.text()


@pytest.mark.usefixtures("canary")
def test_the_secret_of_an_account_is_offered_until_the_program_ends(
    live_desktop: Desktop, qtbot: object
) -> None:
    desktop = live_desktop
    desktop.open("31612345678")
    taken: list[tuple[object, str]] = []
    desktop.window.secret_taken.connect(lambda profile, secret: taken.append((profile, secret)))
    desktop.window.show_profiles((replace(LIVE),))
    desktop.action("import_curl").trigger()
    field = desktop.find(QPlainTextEdit, "curl_text")
    field.insertPlainText(
        f"curl {URL} -d api_key=abcd1234 -d api_secret={CANARY} -d text=Hi -d to=31612345678"
    )
    box = desktop.find(QCheckBox, "curl_use_secret")
    desktop.wait(box.isVisible)
    assert box.text() == "Use this secret for Helpdesk NL until you quit"
    assert not box.isChecked()
    box.click()
    desktop.press("curl_take")
    desktop.settle()
    assert taken == [(LIVE, CANARY)]
    assert desktop.window.page.compose.draft().text == "Hi"
    desktop.action("import_curl").trigger()
    field.insertPlainText(f"curl {URL} -u abcd1234:{CANARY} -d text=Hi")
    desktop.wait(box.isVisible)
    assert not box.isChecked(), "each command is asked about anew"


def test_everything_has_a_name_and_a_place_in_the_tab_order(desktop: Desktop, library: Library) -> None:
    library.templates.save("Ready", "Hello {{name}}")
    desktop.action("request").trigger()
    library.open()
    for root in (library.popup, desktop.find(QWidget, "request")):
        for widget in root.findChildren(QWidget):
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                assert widget.accessibleName() or widget.property("text"), widget
    seen = []
    for _ in range(12):
        seen.append(library.focused())
        library.key(Qt.Key.Key_Tab)
        if not library.popup.isVisible():
            break
    assert seen == [
        "library_search", "library_list", "library_preview", "library_choose", "library_save",
        "library_rename", "library_remove",
    ]  # fmt: skip


def test_another_profile_puts_it_all_away(desktop: Desktop, library: Library) -> None:
    desktop.action("request").trigger()
    library.open()
    desktop.window.show_profile(LIVE)
    desktop.settle()
    assert desktop.window.findChildren(LibraryDesk) == [] or not library.popup.isVisible()
    desktop.action("request").trigger()
    desktop.settle()
