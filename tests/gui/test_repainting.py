"""A key press paints only what it changes: the picture is the one that painting all of it gives."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPaintEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sms_desktop.ui.appearance import ThemeChoice
from sms_desktop.ui.compose.editor import MessageEditor
from sms_desktop.ui.compose.part_map import PartMap
from sms_desktop.ui.style import SCROLL_BAR
from tests.fakes.desktop import Desktop

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.usefixtures("still_caret"),
]
SENTENCE = "Your parcel waits at desk 4 until 17:30; bring a photo ID, and call 0800 0402 if you are late."
TEXTS = {
    "one paragraph": (SENTENCE + " ") * 14,
    "lines": (SENTENCE + "\n") * 5,
    "outside GSM-7": ("You’re told: " + SENTENCE + " ") * 9,
    "extension table": "a€[b]{c}~^| " * 40,
    "both ways": "abc שלום 123 العربية (x) " * 20,
    "short": "Hello",
}
RETURN, BACKSPACE = Qt.Key.Key_Return, Qt.Key.Key_Backspace
TYPED = ["x", "x", " ", "€", "’", "é", "م", "ש", "("]


def on_screen(desktop: Desktop, widget: QWidget) -> QImage:
    """What was painted there, key press by key press; Qt's scroll bar comes and goes at its right edge."""
    window = desktop.window
    whole = window.screen().grabWindow(window.winId()).toImage()
    place = QRect(widget.mapTo(window, QPoint()), widget.size()).adjusted(0, 0, -SCROLL_BAR, 0)
    return whole.copy(place).convertToFormat(QImage.Format.Format_RGB32)


def painted_anew(desktop: Desktop, widget: QWidget) -> QImage:
    """The same once all of the window is painted."""
    desktop.window.repaint()
    widget.repaint()
    return on_screen(desktop, widget)


def press(desktop: Desktop, editor: MessageEditor, chance: random.Random) -> str:
    """Do something that a person does; returns what."""
    done = chance.choice(["type", "type", "type", "return", "backspace", "jump", "select", "undo", "as is"])
    characters = editor.document().characterCount()
    cursor = editor.textCursor()
    match done:
        case "type":
            desktop.say(editor, chance.choice(TYPED))
        case "return":
            QTest.keyClick(editor, RETURN)
        case "backspace":
            QTest.keyClick(editor, BACKSPACE)
        case "jump":
            cursor.setPosition(chance.randrange(characters))
            editor.setTextCursor(cursor)
        case "select":
            cursor.setPosition(min(cursor.position() + 130, characters - 1), QTextCursor.MoveMode.KeepAnchor)
            editor.setTextCursor(cursor)
        case "undo":
            editor.undo()
        case "as is" if desktop.find(QWidget, "send_as_is").isVisible():
            desktop.press("send_as_is")
    return done


@pytest.mark.parametrize("theme", [ThemeChoice.LIGHT, ThemeChoice.DARK])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_stands_on_the_screen_is_what_a_whole_paint_gives(
    desktop: Desktop, qapp: QApplication, text: str, theme: ThemeChoice
) -> None:
    desktop.open()
    desktop.appearance.choose(theme)
    editor = desktop.find(MessageEditor, "message_text")
    desktop.say(editor, text)
    desktop.press("part_map_toggle")
    shown = desktop.find(PartMap, "part_map").viewport()
    editor.setFocus()
    chance = random.Random(7)
    story = []
    for _ in range(40):
        story.append(press(desktop, editor, chance))
        qapp.processEvents()
        for widget in (editor.viewport(), shown):
            seen = on_screen(desktop, widget)
            assert seen == painted_anew(desktop, widget), story


class Painted(QObject):
    """Keeps the heights of what is painted of some widgets."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self.heights: dict[QObject, list[int]] = {widget: [] for widget in widgets}
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.heights[watched].append(event.region().boundingRect().height())
        return False


@pytest.mark.parametrize("text", [TEXTS["one paragraph"], TEXTS["outside GSM-7"]])
def test_a_key_press_at_the_end_paints_the_last_lines_alone(
    desktop: Desktop, qapp: QApplication, text: str
) -> None:
    desktop.open()
    editor = desktop.find(MessageEditor, "message_text")
    desktop.say(editor, text)
    desktop.press("part_map_toggle")
    for _ in range(6):  # until editor and map have their heights
        desktop.keys(editor, "x")
        qapp.processEvents()
    painted = Painted(editor.viewport(), desktop.find(PartMap, "part_map").viewport())
    desktop.keys(editor, "y")
    qapp.processEvents()
    line = editor.cursorRect().height()
    for heights in painted.heights.values():
        assert heights
        assert max(heights) < 3 * line
