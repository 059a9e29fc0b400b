from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableWidget,
    QWidget,
)

from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary
from sms_desktop.services import payloads
from sms_desktop.services.drafting import read
from sms_desktop.services.octet_files import MOST_OCTETS
from sms_desktop.store import drafts
from sms_desktop.ui.compose.binary_sheet import BinarySheet
from sms_desktop.ui.compose.hex_field import HexField
from sms_desktop.ui.compose.lint_line import LintLine
from sms_desktop.ui.compose.options_drawer import OptionsDrawer
from tests.fakes.desktop import Desktop

# True of offscreen, and harmless: a menu and a list of completions are open while events are handled.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)

PARTY = "31600000001"
PORT = "06 05 04 23 F4 00 00"


class Pane:
    """The Binary pane of a window with a conversation open."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop
        desktop.desk.delivered(PARTY, "Hello", minutes_ago=3)
        desktop.open(PARTY)
        desktop.settle()
        desktop.shortcut(Qt.Key.Key_3)
        sheet = desktop.window.page.compose.sheet
        assert isinstance(sheet, BinarySheet)
        self.sheet = sheet
        self.header = desktop.find(HexField, "binary_udh")
        self.body = desktop.find(HexField, "binary_body")

    def paste(self, field: HexField, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def said(self, name: str) -> str:
        """What stands under a field, "" for nothing."""
        note = self.desktop.find(QWidget, f"binary_{name}_note")
        return " ".join(label.text() for label in note.findChildren(QLabel)) if note.isVisible() else ""

    def press_undo(self, name: str) -> None:
        note = self.desktop.find(QWidget, f"binary_{name}_note")
        button = note.findChild(QPushButton)
        assert button is not None
        assert button.isVisible()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def rows(self) -> list[list[str]]:
        """What the table of elements says."""
        table = self.desktop.find(QTableWidget, "binary_elements")
        columns = range(table.columnCount())
        cells = [[table.item(row, column) for column in columns] for row in range(table.rowCount())]
        return [[cell.text() if cell else "" for cell in row] for row in cells] if table.isVisible() else []

    def message(self) -> Binary:
        found = read(self.desktop.window.page.compose.draft()).message
        assert isinstance(found, Binary)
        return found


@pytest.fixture
def pane(desktop: Desktop) -> Pane:
    return Pane(desktop)


def drop(field: HexField, mime: QMimeData) -> None:
    """Drop something into the middle of a field."""
    at = QPoint(field.viewport().width() // 2, 8)
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, action, mime, button, none)
    QApplication.sendEvent(field.viewport(), enter)
    assert enter.isAccepted()
    QApplication.sendEvent(field.viewport(), QDropEvent(at, action, mime, button, none))


def test_ctrl_3_leads_to_the_header_and_tab_through_the_fields(pane: Pane) -> None:
    QTest.keyClicks(pane.header, PORT)
    QTest.keyClick(pane.header, Qt.Key.Key_Backtab)
    focus = QApplication.focusWidget()
    assert focus is pane.desktop.find(QPushButton, "binary_presets")
    passed = []
    for _ in range(7):
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        passed.append(focus.objectName())
        assert focus.accessibleName()
    assert passed[:6] == [
        "binary_udh",
        "binary_elements",
        "binary_file",
        "binary_body",
        "binary_protocol-id",
        "binary_message-class",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "060504",
        "06:05:04",
        "0x06, 0x05, 0x04",
        "{0x06, 0x05, 0x04}",
        "static const uint8_t udh[] = {0x06, 0x05, 0x04};",
        r'"\x06\x05\x04"',
        r"b'\x06\x05\x04'",
        '"060504"',
    ],
)
def test_a_paste_in_any_form_becomes_spaced_capitals_in_one_step(pane: Pane, text: str) -> None:
    QTest.keyClicks(pane.body, "ff")
    pane.paste(pane.body, text)
    assert pane.body.toPlainText() == "ff 06 05 04"
    assert pane.message().body == bytes.fromhex("ff060504")
    QTest.keyClick(pane.body, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert pane.body.toPlainText() == "ff"


def test_base64_is_said_and_can_be_undone(pane: Pane) -> None:
    octets = bytes(range(200, 213))
    pane.paste(pane.body, base64.b64encode(octets).decode())
    assert pane.message().body == octets
    assert pane.said("body").startswith("Read as base64, 13 octet")
    pane.press_undo("body")
    assert pane.body.toPlainText() == ""
    assert pane.said("body") == ""


def test_what_can_t_be_read_stays_as_typed_with_its_position(pane: Pane) -> None:
    pane.paste(pane.body, "42 45 4g")
    assert pane.body.toPlainText() == "42 45 4g"
    assert pane.said("body") == "Character 8 (g) is no hexadecimal digit."
    assert pane.body.accessibleDescription() == pane.said("body")
    assert pane.sheet.parts == 0
    pane.desktop.say(pane.header, "é")
    assert pane.said("udh") == "Character 1 (é) is no hexadecimal digit."
    pane.desktop.press("send")
    assert pane.desktop.sent(PARTY)[-1].text == "Hello", "nothing was sent"


def test_what_is_wrong_is_said_once_and_stays_with_its_pane(pane: Pane) -> None:
    lint, linting = pane.desktop.find(LintLine, "lint_line"), pane.desktop.window.page.compose._linting
    with pane.desktop.qtbot.waitSignal(linting.found):
        pane.desktop.keys(pane.header, "06 zz")
    assert pane.said("udh") == "Character 4 (z) is no hexadecimal digit."
    assert lint.words() == ()
    with pane.desktop.qtbot.waitSignal(linting.found):
        pane.desktop.keys(pane.body, "6")
    pane.desktop.find(QAbstractButton, "kind_wappush").click()
    assert lint.words() == ()
    assert pane.desktop.find(QLineEdit, "wappush_title").hasFocus()


def test_paste_of_nulls_right_to_left_text_and_a_picture(pane: Pane) -> None:
    pane.paste(pane.body, "שלום")
    assert pane.body.toPlainText() == "שלום"
    assert "no hexadecimal digit" in pane.said("body")
    mime = QMimeData()
    mime.setData("image/png", b"\x89PNG")
    pane.body.clear()
    pane.body.insertFromMimeData(mime)
    assert pane.body.toPlainText() == ""


def test_a_megabyte_is_refused_in_a_sentence(pane: Pane) -> None:
    QTest.keyClicks(pane.body, "05")
    pane.paste(pane.body, "05" * 500_000)
    assert pane.body.toPlainText() == "05"
    assert "1,000,000 characters" in pane.said("body")
    pane.paste(pane.body, "05" * (MOST_OCTETS + 1))
    assert pane.body.toPlainText() == "05"
    assert "35,701 octets" in pane.said("body")


def test_the_header_is_decoded_while_it_is_typed(pane: Pane) -> None:
    QTest.keyClicks(pane.header, "0B 05 04 23 F4 00 00")
    assert pane.rows()[0][1:] == ["Port addressing, 16-bit", "to 9204 (vCard), from 0", "05 04 23 F4 00 00"]
    QTest.keyClicks(pane.header, " 00 03 7A 02 01")
    assert pane.rows()[1] == [
        "2",
        "Concatenation, 8-bit reference",
        "part 1 of 2, reference 122",
        "00 03 7A 02 01",
    ]
    assert pane.said("udh") == ""


def test_a_wrong_length_is_named_by_element_and_octet(pane: Pane) -> None:
    pane.paste(pane.header, "0B 05 04 23 F4 00 00 00 04 7A 02 01")
    assert "Element 2's length is 4, and 3 octets of the header are left" in pane.said("udh")
    assert "(octet 9)" in pane.said("udh")
    assert pane.message().udh, "a tester may send it all the same"


def test_the_budget_counts_header_and_body(pane: Pane) -> None:
    pane.paste(pane.header, PORT)
    pane.paste(pane.body, "00" * 133)
    budget = pane.sheet.budget
    assert budget.words() == "7 header + 133 body, 140 of 140 octets"
    assert pane.sheet.parts == 1
    pane.paste(pane.body, "00" * 6)
    assert budget.accessibleName() == "Header and body make 146 octets; one message holds 140. Remove 6."
    assert pane.desktop.find(QLabel, "binary_over").text() == budget.accessibleName()
    assert pane.sheet.parts == 0


def test_the_body_says_its_text_beside_it(pane: Pane) -> None:
    pane.paste(pane.body, b"BEGIN:VCARD\r\n".hex())
    assert pane.body.accessibleDescription() == "As text: BEGIN:VCARD··"


def test_protocol_in_words_or_as_a_number(pane: Pane) -> None:
    box = pane.desktop.find(QComboBox, "binary_protocol-id")
    assert box.currentText() == "0 · Normal message"
    assert pane.message().protocol_id is None
    edit = box.lineEdit()
    assert edit is not None
    box.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "127")
    QTest.keyClick(QApplication.activePopupWidget() or edit, Qt.Key.Key_Escape)
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    QTest.keyClicks(pane.body, "05")
    assert pane.message().protocol_id == 127
    assert box.currentText() == "127 · (U)SIM data download"
    box.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "fax")
    assert [finding.field for finding in read(pane.desktop.window.page.compose.draft()).problems] == [
        "protocol-id"
    ]


def test_the_class_is_an_option_of_the_draft(pane: Pane) -> None:
    QTest.keyClicks(pane.body, "05")
    box = pane.desktop.find(QComboBox, "binary_message-class")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    compose = pane.desktop.window.page.compose
    assert compose.draft().fields["message-class"] == "0"
    assert pane.desktop.find(QLabel, "binary_coding").text() == "Coding 8-bit, 14"
    pane.desktop.window.close()  # saves what is typed
    pane.desktop.settle()
    with pane.desktop.store.read() as db:
        kept = drafts.load(db, pane.desktop.profile.id, PARTY, Kind.BINARY)
    assert kept is not None
    assert kept.fields["message-class"] == "0"
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert "message-class" not in compose.draft().fields


def choose_preset(pane: Pane, name: str) -> None:
    pane.desktop.press("binary_presets")
    found: list[QAction] = []

    def there() -> bool:
        found[:] = pane.desktop.window.findChildren(QAction, f"payload_{name}")
        return bool(found)

    pane.desktop.wait(there)
    assert payloads.named(name).sentence in found[0].toolTip()
    menu = pane.desktop.find(QMenu, "binary_presets_menu")
    menu.setActiveAction(found[0])
    QTest.keyClick(menu, Qt.Key.Key_Return)


def test_a_preset_fills_all_fields_and_gives_them_back(pane: Pane) -> None:
    pane.paste(pane.header, PORT)
    pane.paste(pane.body, "AA BB")
    sample = payloads.named("sim-data-download")
    choose_preset(pane, "sim-data-download")
    assert pane.message() == Binary(sample.udh, sample.body, 127)
    compose = pane.desktop.window.page.compose
    assert compose.draft().fields["message-class"] == "2"
    assert pane.desktop.find(QComboBox, "binary_message-class").currentText() == "2 · Store on the SIM"
    assert sample.sentence in pane.said("body")
    pane.press_undo("body")
    assert pane.message() == Binary(bytes.fromhex(PORT), bytes.fromhex("AABB"))
    assert "message-class" not in compose.draft().fields
    assert pane.desktop.find(QComboBox, "binary_protocol-id").currentText() == "0 · Normal message"


def test_what_stood_there_before_a_preset_is_in_the_history(pane: Pane) -> None:
    pane.paste(pane.body, "AA BB")
    pane.desktop.window.page.compose._drafts.flush()  # instead of the second that it waits
    pane.desktop.settle()
    choose_preset(pane, "flash")
    pane.desktop.window.close()
    pane.desktop.settle()
    with pane.desktop.store.read() as db:
        former = drafts.history(db, pane.desktop.profile.id, PARTY, Kind.BINARY)
    assert [each.draft.text for each in former] == ["AA BB"]


@pytest.mark.parametrize(
    "name, content, octets, said",
    [
        ("picture.bin", b"\x00\x01\xff", "00 01 FF", "Read from picture.bin as it is, 3 octet"),
        ("trace.txt", b"0x05, 0x00\n", "05 00", "Read from trace.txt: hexadecimal, 2 octet"),
        ("card.vcf", b"BEGIN", "42 45 47 49 4E", "Read from card.vcf as it is, 5 octet"),
    ],
)
def test_a_dropped_file_is_read(
    pane: Pane, tmp_path: Path, name: str, content: bytes, octets: str, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
    drop(pane.body, mime)
    pane.desktop.wait(lambda: pane.body.toPlainText() == octets)
    assert pane.said("body").startswith(said)
    pane.press_undo("body")
    assert pane.body.toPlainText() == ""


def test_a_file_by_the_button_and_one_that_is_too_large(pane: Pane, tmp_path: Path) -> None:
    small, large = tmp_path / "small.bin", tmp_path / "large.bin"
    small.write_bytes(b"\x07")
    large.write_bytes(bytes(MOST_OCTETS + 1))

    def choose(file: Path, done: Callable[[], bool]) -> None:
        pane.desktop.press("binary_file")
        dialog = pane.desktop.find(QFileDialog, "binary_file_dialog")
        dialog.fileSelected.emit(str(file))
        dialog.close()
        pane.desktop.wait(done)
        pane.desktop.wait(lambda: pane.desktop.window.findChild(QFileDialog, "binary_file_dialog") is None)

    choose(small, lambda: pane.body.toPlainText() == "07")
    choose(large, lambda: "holds more than 35,700 octets" in pane.said("body"))
    assert pane.body.toPlainText() == "07"
    choose(tmp_path / "gone.bin", lambda: "gone.bin can't be read" in pane.said("body"))


def test_sent_by_the_keyboard_alone(pane: Pane) -> None:
    QTest.keyClicks(pane.header, "06050415810000")
    pane.body.setFocus()
    QTest.keyClicks(pane.body, "024a3a")
    pane.desktop.shortcut(Qt.Key.Key_Return)
    pane.desktop.wait(lambda: len(pane.desktop.sent(PARTY)) == 2)
    row = pane.desktop.sent(PARTY)[-1]
    assert row.kind is Kind.BINARY
    assert row.text == "06050415810000 024A3A"
    pane.desktop.wait(lambda: pane.body.toPlainText() == "")


def test_the_class_here_and_under_the_options_are_one(pane: Pane) -> None:
    QTest.keyClicks(pane.body, "05")
    compose = pane.desktop.window.page.compose
    compose.options_button.setChecked(True)
    drawer = pane.desktop.find(OptionsDrawer, "options_drawer")
    box = pane.desktop.find(QComboBox, "binary_message-class")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert drawer.values() == {"message-class": "0"}
    [other] = [
        each
        for each in drawer.findChildren(QComboBox)
        if "message-class" in each.objectName() or "class" in each.accessibleName().lower()
    ]
    other.setFocus()
    QTest.keyClick(other, Qt.Key.Key_Down)
    assert box.currentData() == drawer.values()["message-class"] == "1"
