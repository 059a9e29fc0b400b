"""The part map, what is told about characters, and what can be done about them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent, QImage, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QToolTip

from sms_desktop.ui.compose.editor import MessageEditor
from sms_desktop.ui.compose.meter import Figures
from sms_desktop.ui.compose.one_line import OneLine
from sms_desktop.ui.compose.part_map import PartMap
from sms_desktop.ui.window_state import WindowState
from tests.fakes.desktop import Desktop

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
PERIOD = Qt.Key.Key_Period


@pytest.fixture
def editor(desktop: Desktop) -> MessageEditor:
    desktop.open()
    return desktop.find(MessageEditor, "message_text")


def opened(desktop: Desktop) -> PartMap:
    desktop.press("part_map_toggle")
    return desktop.find(PartMap, "part_map")


def line(desktop: Desktop) -> str:
    return desktop.find(OneLine, "part_map_line").text()


def menu() -> dict[str, bool]:
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    return {action.text(): action.isEnabled() for action in popup.actions() if action.text()}


def choose(desktop: Desktop, words: str) -> None:
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    (wanted,) = [action for action in popup.actions() if action.text() == words]
    for _ in popup.actions():
        if popup.activeAction() != wanted:
            QTest.keyClick(popup, Qt.Key.Key_Down)
    assert popup.activeAction() == wanted
    QTest.keyClick(popup, Qt.Key.Key_Return)
    desktop.wait(lambda: QApplication.activePopupWidget() is None)


def test_the_map_is_worked_out_only_while_it_is_open_and_is_remembered(
    desktop: Desktop, editor: MessageEditor
) -> None:
    desktop.keys(editor, "Hello")
    assert desktop.window.findChild(PartMap, "part_map") is None
    found = opened(desktop)
    assert found.isVisible()
    assert WindowState(desktop.folder / "window.ini").part_map_shown
    desktop.press("part_map_toggle")
    assert not found.isVisible()
    assert not WindowState(desktop.folder / "window.ini").part_map_shown


def test_an_open_map_is_open_at_the_next_start(desktop: Desktop) -> None:
    WindowState(desktop.folder / "window.ini").keep_part_map_shown(True)
    desktop.open()
    assert desktop.find(PartMap, "part_map").isVisible()
    assert desktop.find(QAbstractButton, "part_map_toggle").isChecked()


def test_the_caret_and_its_cell_are_one(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.say(editor, "a€’😀")
    found = opened(desktop)
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    told = []
    for _ in range(5):
        told.append(line(desktop))
        assert found.accessibleDescription() == line(desktop)
        QTest.keyClick(editor, Qt.Key.Key_Right)
    assert told[0].startswith("a  U+0061 LATIN SMALL LETTER A · Part 1 of 1 · 1 unit: needs no Unicode")
    assert told[1].startswith(
        "€  U+20AC EURO SIGN · Part 1 of 1 · 1 unit: needs no Unicode (2 units in GSM-7)"
    )
    assert told[2].startswith("’  U+2019 RIGHT SINGLE QUOTATION MARK · Part 1 of 1 · 1 unit: needs Unicode")
    assert told[3].startswith(
        "😀  U+1F600 GRINNING FACE · Part 1 of 1 · 2 units: needs Unicode, as a surrogate pair"
    )
    assert told[4] == "End of the text · 65 units left in this part"
    # The mouse: a click on a cell puts the caret before its character, beyond a pair of units too.
    QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=found.cell(2).center())
    assert (editor.caret(), line(desktop)) == (2, told[2])
    # The keyboard in the map.
    found.setFocus()
    QTest.keyClick(found, Qt.Key.Key_Right)
    assert (editor.caret(), line(desktop)) == (3, told[3])
    QTest.keyClick(found, Qt.Key.Key_Home)
    assert editor.caret() == 0


def test_an_extension_character_takes_two_cells_and_an_offender_a_wider_one(
    desktop: Desktop, editor: MessageEditor
) -> None:
    desktop.say(editor, "ab€")
    found = opened(desktop)
    assert abs(found.cell(2).width() - 2 * found.cell(1).width()) <= 2
    assert "in the extension table of GSM-7: an escape goes before it" in found._describe(2)
    desktop.say(editor, "’")
    assert found.cell(3).width() > found.cell(1).width()
    assert abs(found.cell(2).width() - found.cell(1).width()) <= 1


def test_every_cell_is_found_where_it_stands(desktop: Desktop, editor: MessageEditor) -> None:
    text = ("[x] ’ę€ plain words " * 40).strip()
    desktop.say(editor, text)
    found = opened(desktop)
    for position in range(0, len(text), 7):
        editor.put_caret(position)  # brings its row into sight
        assert found.position_at(QPointF(found.cell(position).center())) == position
    assert found.verticalScrollBar().maximum() > 0
    assert found.height() < 140


def test_a_character_that_is_not_split_is_told_to_begin_the_next_part(
    desktop: Desktop, editor: MessageEditor
) -> None:
    desktop.say(editor, "x" * 152 + "€" + "y" * 20)
    opened(desktop)
    editor.put_caret(152)
    assert "Part 2 of 2 · 2 units" in line(desktop)
    assert "never split" in line(desktop)
    assert editor.marks.ends == (152, 173)


def test_parts_end_where_they_are_painted(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.say(editor, "😀" * 40)
    assert editor.marks.ends == (66, 80)
    opened(desktop)
    desktop.say(editor, "!")
    assert editor.marks.ends == (66, 81)


def test_ctrl_period_offers_what_can_be_done_and_each_is_one_step(
    desktop: Desktop, editor: MessageEditor
) -> None:
    text = "We’ll keep it, won’t we? It’s yours. " * 2 + "x" * 60
    desktop.say(editor, text)
    desktop.shortcut(PERIOD)
    entries = menu()
    assert list(entries)[:5] == [
        "’  U+2019 RIGHT SINGLE QUOTATION MARK",
        "Replace ’ with '",
        "Replace all 6",
        "Leave it out",
        "Switch to Unicode",
    ]
    assert "Replace all that can be replaced · 1 part, saves 1 part" in entries
    choose(desktop, "Replace ’ with '")
    assert editor.text().count("’") == 5
    assert editor.text().startswith("We'll")
    desktop.shortcut(Qt.Key.Key_Z)
    assert editor.text() == text
    desktop.shortcut(PERIOD)
    choose(desktop, "Replace all 6")
    assert editor.text() == text.replace("’", "'")
    desktop.shortcut(Qt.Key.Key_Z)
    assert editor.text() == text
    desktop.shortcut(PERIOD)
    choose(desktop, "Leave it out")
    assert editor.text().startswith("Well keep")
    desktop.shortcut(Qt.Key.Key_Z)
    desktop.shortcut(PERIOD)
    choose(desktop, "Switch to Unicode")
    assert desktop.find(QAbstractButton, "kind_unicode").isChecked()
    assert editor.text() == text


def test_the_menu_of_a_character_has_its_cures_before_the_usual_entries(
    desktop: Desktop, editor: MessageEditor
) -> None:
    desktop.say(editor, "It’s here")
    editor.put_caret(2)
    place = editor.cursorRect().center()  # on ’, however narrow it is in this font
    QApplication.sendEvent(
        editor.viewport(),
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, editor.viewport().mapToGlobal(place)),
    )
    entries = list(menu())
    assert entries[:2] == ["’  U+2019 RIGHT SINGLE QUOTATION MARK", "Replace ’ with '"]
    assert any("Paste" in entry for entry in entries)
    choose(desktop, "Replace ’ with '")
    assert editor.text() == "It's here"


def test_pointing_at_a_character_tells_about_it(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.say(editor, "a€")
    place = editor.cursorRect().center() - QPoint(3, 0)
    QApplication.sendEvent(
        editor.viewport(),
        QHelpEvent(QEvent.Type.ToolTip, place, editor.viewport().mapToGlobal(place)),
    )
    assert QToolTip.text().startswith("€  U+20AC EURO SIGN · Part 1 of 1 · 2 units: in the extension table")
    QToolTip.hideText()


def test_where_nothing_stands_in_the_way_the_menu_says_so(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.keys(editor, "Hello")
    desktop.shortcut(PERIOD)
    assert menu() == {"Nothing stands in the way, and nothing would make it cheaper": False}
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Escape)


def test_a_hidden_character_is_offered_to_be_left_out(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.say(editor, "Pay\u200bPal p\u0430y")
    desktop.wait(lambda: len(editor.marks.marks) == 2)
    assert [mark.hidden for mark in editor.marks.marks] == [True, False]
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    desktop.keys(editor, "> ")
    assert [mark.start for mark in editor.marks.marks] == [5, 11], "marks move with their text at once"
    desktop.shortcut(PERIOD)
    assert "U+200B ZERO WIDTH SPACE" in menu()
    choose(desktop, "Leave it out")
    assert editor.text() == "> PayPal p\u0430y"
    editor.moveCursor(QTextCursor.MoveOperation.End)
    desktop.shortcut(PERIOD)
    choose(desktop, "Replace \u0430 with a")
    assert editor.text() == "> PayPal pay"


def test_cheapest_fixes_are_offered_with_what_they_save(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.say(editor, "x" * 150 + "   " + "y" * 9 + "  ")
    desktop.shortcut(PERIOD)
    entries = menu()
    assert entries["Leave out needless spaces and empty lines · 1 part, saves 1 part"]
    assert entries["Shorten it by 4 units · 1 part, saves 1 part"] is False
    choose(desktop, "Leave out needless spaces and empty lines · 1 part, saves 1 part")
    assert editor.text() == "x" * 150 + " " + "y" * 9
    assert desktop.find(Figures, "meter_figures").words()[2] == "1 part"


@pytest.mark.parametrize(
    "text",
    ["a\0b\0", "שלום עולם " * 30, "x\u202eabc", "\U0001f468\u200d\U0001f469" * 30, "\n\n\n", "\u0301" * 50],
)
def test_odd_texts_are_mapped_and_stay_what_they_are(
    desktop: Desktop, editor: MessageEditor, text: str
) -> None:
    found = opened(desktop)
    QGuiApplication.clipboard().setText(text)
    editor.paste()
    found.grab()
    editor.grab()
    assert editor.text() == text
    for position in range(min(len(text), 5)):
        assert "U+" in found._describe(position)


def test_an_image_is_not_pasted(desktop: Desktop, editor: MessageEditor) -> None:
    source = QMimeData()
    source.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))
    QGuiApplication.clipboard().setMimeData(source)
    editor.paste()
    assert editor.text() == ""


def test_forty_thousand_characters_are_mapped(desktop: Desktop, editor: MessageEditor) -> None:
    found = opened(desktop)
    text = "word ’ " * 5_700
    QGuiApplication.clipboard().setText(text)
    editor.paste()
    assert editor.text() == text
    assert "255 at most" in desktop.find(QLabel, "meter_cause").text()
    editor.moveCursor(QTextCursor.MoveOperation.End)
    desktop.keys(editor, "!")
    assert found.caret == len(text) + 1
    found.grab()
