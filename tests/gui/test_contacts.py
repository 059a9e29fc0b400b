"""What people call a number: given, shown, taken in and written out in the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPlainTextEdit, QTableView

from sms_desktop.services.contacts import Contacts
from sms_desktop.ui.conversations.list_words import initials
from sms_desktop.ui.records.contact_dialog import ContactDialog
from sms_desktop.ui.records.contact_files import LARGEST, ContactFiles
from tests.fakes.desktop import Desktop

NOOR = "31612345678"


@pytest.fixture
def talking(live_desktop: Desktop) -> Desktop:
    live_desktop.desk.receive(NOOR, "Hello", minutes_ago=1)
    live_desktop.open()
    return live_desktop


def first_row(desktop: Desktop) -> str:
    return str(desktop.find(QTableView, "conversation_list").model().index(0, 0).data())


def head(desktop: Desktop) -> str:
    return desktop.window.page._head.accessibleName()


def test_a_name_is_given_and_shown_everywhere(talking: Desktop) -> None:
    assert first_row(talking) == "+31 6 12345678"
    talking.shortcut(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    talking.settle()
    talking.say(talking.find(QLineEdit, "field_contact_name"), "Noor de Wit")
    talking.keys(talking.find(QLineEdit, "field_contact_tags"), "customer, vip")
    talking.keys(talking.find(QPlainTextEdit, "contact_note"), "Prefers mornings")
    talking.press("save_contact")
    talking.wait(lambda: first_row(talking) == "Noor de Wit")
    assert head(talking).startswith("Noor de Wit, +31 6 12345678")
    contact = Contacts(talking.store).find(NOOR)
    assert contact is not None
    assert (contact.tags, contact.note) == (("customer", "vip"), "Prefers mornings")

    talking.action("contact").trigger()
    talking.wait(lambda: talking.find(QLineEdit, "field_contact_name").text() == "Noor de Wit")
    talking.press("remove_contact")
    talking.wait(lambda: first_row(talking) == "+31 6 12345678")


def test_a_contact_needs_a_name_and_nothing_typed_is_lost(talking: Desktop) -> None:
    talking.action("contact").trigger()
    talking.settle()
    note = talking.find(QPlainTextEdit, "contact_note")
    talking.keys(note, "Only a note")
    talking.press("save_contact")
    assert talking.find(QLabel, "words_contact_name").text() == "A contact needs a name."
    assert talking.find(ContactDialog, "contact").isVisible()
    assert note.toPlainText() == "Only a note"
    talking.say(talking.find(QLineEdit, "field_contact_name"), "Noor")
    note.setPlainText("y" * 100_000)
    talking.press("save_contact")
    talking.wait(lambda: "characters" in talking.find(QLabel, "contact_words").text())
    assert len(note.toPlainText()) == 100_000


def files(desktop: Desktop) -> ContactFiles:
    desktop.action("import_contacts").trigger()
    desktop.find(QFileDialog, "contacts_dialog").close()
    return desktop.find(ContactFiles, "contact_files")


@pytest.mark.parametrize(
    "name, content",
    [
        ("people.csv", "number,name\n+31612345678,Noor de Wit\n"),
        ("people.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Noor de Wit\nTEL:+31612345678\nEND:VCARD\n"),
    ],
)
def test_contacts_are_taken_in(talking: Desktop, tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    strip = files(talking)
    strip.take_in(file)
    talking.wait(lambda: strip.words().startswith("1 contact taken in"))
    talking.wait(lambda: first_row(talking) == "Noor de Wit")
    talking.press("close_contact_files")
    assert not strip.isVisible()


@pytest.mark.parametrize(
    "content, words",
    [
        (b"number,name\nnobody,Noor\n", "Line 2"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\xff\xfe", "is no text"),
        (b"x" * (LARGEST + 1), "larger than 10 MB"),
    ],
)
def test_a_file_that_holds_no_contacts_is_a_sentence(
    talking: Desktop, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    strip = files(talking)
    strip.take_in(file)
    talking.wait(lambda: words in strip.words())
    assert Contacts(talking.store).every() == ()


@pytest.mark.parametrize("name", ["people.csv", "people.vcf"])
def test_contacts_are_written_and_taken_in_again(talking: Desktop, tmp_path: Path, name: str) -> None:
    contacts = Contacts(talking.store)
    contacts.save(NOOR, "Noor de Wit", note="Prefers mornings")
    strip = files(talking)
    strip.write(tmp_path / name)
    talking.wait(lambda: strip.words().startswith("1 contact written"))
    contacts.remove(NOOR)
    strip.take_in(tmp_path / name)
    talking.wait(lambda: strip.words().startswith("1 contact taken in"))
    found = contacts.find(NOOR)
    assert found is not None
    assert (found.name, found.note) == ("Noor de Wit", "Prefers mornings")


@pytest.mark.parametrize(
    "name, letters",
    [("Noor de Wit", "NW"), ("İbrahim", "İ"), ("Ann", "AN"), ("陳玉婷", "陳"), ("* desk", "DE"), ("…", "…")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_tab_reaches_every_field_of_the_dialog(talking: Desktop) -> None:
    talking.action("contact").trigger()
    talking.settle()
    dialog = talking.find(ContactDialog, "contact")
    talking.find(QLineEdit, "field_contact_name").setFocus()
    seen = []
    for _ in range(5):
        focused = dialog.focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert seen == [
        "field_contact_name",
        "field_contact_tags",
        "contact_note",
        "cancel_contact",
        "save_contact",
    ]
