from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from sms_desktop.messages.ids import ConversationId
from sms_desktop.messages.states import State
from sms_desktop.store.changes import Changes
from sms_desktop.store.messages import MessageRow, PartRow
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.conversations.access import TimelineAccess
from sms_desktop.ui.conversations.message_window import LIMIT, MessageWindow
from sms_desktop.ui.conversations.timeline import MARGIN, Timeline
from sms_desktop.ui.conversations.verdict import BubbleAction
from tests.fakes.reading import MadeUpReading, message_row
from tests.fakes.tasks import SteppedTasks

ONE = ConversationId(1)


class Stage:
    """A timeline on made-up messages, 700 by 500 pixels."""

    def __init__(self, qtbot: QtBot, appearance: Appearance, reading: MadeUpReading) -> None:
        self.reading = reading
        self.tasks = SteppedTasks()
        self.window = MessageWindow(reading=reading, tasks=self.tasks)
        self.timeline = Timeline(appearance=appearance, window=self.window)
        self.access = TimelineAccess(self.timeline, name=lambda: "Noor de Wit")
        self.acted: list[tuple[int, BubbleAction]] = []
        self.timeline.acted.connect(lambda row, action: self.acted.append((row.seq, action)))
        qtbot.addWidget(self.timeline)
        self.timeline.resize(700, 500)
        self.timeline.show()
        qtbot.waitExposed(self.timeline)
        self.window.open(ONE)
        self.tasks.settle()

    @property
    def bar_value(self) -> int:
        return self.timeline.verticalScrollBar().value()

    def scroll_to(self, value: int) -> None:
        self.timeline.verticalScrollBar().setValue(value)
        self.tasks.settle()

    @property
    def chip(self) -> QPushButton:
        found = self.timeline.findChild(QPushButton, "new_messages")
        assert found is not None
        return found

    def upper_edge(self) -> QImage:
        """What is painted above the few messages of a short conversation."""
        viewport = self.timeline.viewport()
        return viewport.grab(QRect(0, 0, viewport.width(), 40)).toImage()

    def visible(self) -> list[int]:
        return [entry.row.seq for entry in self.timeline.visible_entries()]

    def place_of(self, seq: int) -> float:
        entry = next(entry for entry in self.timeline.visible_entries() if entry.row.seq == seq)
        return self.timeline.bubble_rect(entry).top()

    def arrive(self, *rows: MessageRow) -> None:
        for row in rows:
            self.reading.changed_messages[row.seq] = row
            self.reading.last = row.seq
        self.window.apply(Changes(conversations=frozenset({ONE})))
        self.tasks.settle()

    def button(self, seq: int, action: BubbleAction) -> QPoint:
        entry = next(entry for entry in self.timeline.visible_entries() if entry.row.seq == seq)
        button = next(button for button in entry.bubble.buttons if button.action is action)
        return (self.timeline.bubble_rect(entry).topLeft() + button.rect.center()).toPoint()


@pytest.fixture
def appearance(qapp: QApplication) -> Appearance:
    return Appearance(qapp)


@pytest.fixture
def long(qtbot: QtBot, appearance: Appearance) -> Stage:
    return Stage(qtbot, appearance, MadeUpReading(last=100_000))


@pytest.fixture
def accessible(qapp: QApplication) -> Iterator[None]:
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


def test_opens_at_the_newest_message(long: Stage) -> None:
    assert long.visible()[-1] == 100_000
    assert long.timeline.is_at_end


def test_scrolling_a_hundred_thousand_messages_holds_few(long: Stage) -> None:
    seen = set(long.visible())
    for _ in range(60):
        long.scroll_to(max(0, long.bar_value - 450))
        seen.update(long.visible())
        assert len(long.window.rows) <= LIMIT
    assert min(seen) < 100_000 - 2 * LIMIT
    assert seen == set(range(min(seen), 100_001)), "nothing was skipped on the way"
    for _ in range(80):
        long.scroll_to(long.bar_value + 450)
        assert len(long.window.rows) <= LIMIT
    assert long.visible()[-1] == 100_000
    assert long.timeline.is_at_end


def test_older_messages_come_in_above_without_moving_what_is_read(long: Stage) -> None:
    long.timeline.verticalScrollBar().setValue(200)
    first = long.visible()[1]
    before = long.place_of(first)
    long.tasks.settle()
    assert long.window.rows[0].seq < 99_951
    assert long.place_of(first) == pytest.approx(before, abs=1)


def test_at_the_end_it_stays_at_the_end(long: Stage) -> None:
    long.arrive(message_row(100_001, inbound=True))
    assert long.visible()[-1] == 100_001
    assert not long.chip.isVisible()


def test_elsewhere_it_keeps_its_place_and_says_that_something_came(long: Stage, qtbot: QtBot) -> None:
    long.scroll_to(400)
    before = (long.visible(), long.bar_value)
    long.arrive(message_row(100_001, inbound=True), message_row(100_002, inbound=True))
    assert (long.visible(), long.bar_value) == before
    chip = long.chip
    assert chip.isVisible()
    assert chip.text() in ("2 new messages", "2 new message(s)")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    long.tasks.settle()
    assert long.visible()[-1] == 100_002
    assert not chip.isVisible()


def test_a_state_changes_in_place(long: Stage) -> None:
    message = long.reading.change(99_998, State.FAILED)
    assert not long.timeline.visible_entries()[-3].bubble.buttons
    long.window.apply(Changes(frozenset({ONE}), frozenset({message})))
    long.tasks.settle()
    entry = next(entry for entry in long.timeline.visible_entries() if entry.row.seq == 99_998)
    assert [button.action for button in entry.bubble.buttons] == [BubbleAction.RETRY, BubbleAction.EDIT]


def test_bubbles_stand_at_their_sides(long: Stage) -> None:
    for entry in long.timeline.visible_entries():
        rect = long.timeline.bubble_rect(entry)
        if entry.row.inbound:
            assert rect.left() == MARGIN
        else:
            assert rect.right() == long.timeline.width() - MARGIN


def test_few_messages_stand_at_the_lower_edge(qtbot: QtBot, appearance: Appearance) -> None:
    stage = Stage(qtbot, appearance, MadeUpReading(last=2))
    bottom = stage.timeline.bubble_rect(stage.timeline.visible_entries()[-1]).bottom()
    assert stage.timeline.viewport().height() - bottom == pytest.approx(12, abs=1)


def test_a_page_that_takes_long_says_so_until_it_is_there(qtbot: QtBot, appearance: Appearance) -> None:
    stage = Stage(qtbot, appearance, MadeUpReading(last=2))
    blank = stage.upper_edge()
    stage.window.read_newest()
    assert stage.upper_edge() == blank
    qtbot.waitUntil(lambda: stage.upper_edge() != blank)
    stage.tasks.settle()
    assert stage.upper_edge() == blank


def test_looking_again_at_what_is_shown_says_nothing(qtbot: QtBot, appearance: Appearance) -> None:
    stage = Stage(qtbot, appearance, MadeUpReading(last=2))
    blank = stage.upper_edge()
    stage.window.apply(Changes(conversations=frozenset({ONE})))
    assert stage.upper_edge() == blank
    stage.tasks.settle()
    assert stage.upper_edge() == blank


@pytest.fixture
def failed(qtbot: QtBot, appearance: Appearance) -> Stage:
    reading = MadeUpReading(last=5)
    reading.change(3, State.DELIVERED)
    reading.change(4, State.FAILED)
    reading.change(5, State.UNCERTAIN)
    return Stage(qtbot, appearance, reading)


def test_a_painted_button_is_pressed_once_by_a_double_click(failed: Stage, qtbot: QtBot) -> None:
    at = failed.button(4, BubbleAction.RETRY)
    view = failed.timeline.viewport()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    # What a window system sends for the second half of a double click, and no more.
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert failed.acted == [(4, BubbleAction.RETRY)]


def test_a_press_that_leaves_the_button_does_nothing(failed: Stage, qtbot: QtBot) -> None:
    view = failed.timeline.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=failed.button(4, BubbleAction.RETRY))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert failed.acted == []


def test_resending_what_may_have_arrived_says_so(failed: Stage) -> None:
    entry = failed.timeline.visible_entries()[-1]
    assert [button.label for button in entry.bubble.buttons] == ["It arrived", "Resend (may arrive twice)"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_keyboard_reaches_every_bubble_and_its_actions(failed: Stage, qtbot: QtBot) -> None:
    timeline = failed.timeline
    timeline.setFocus(Qt.FocusReason.TabFocusReason)
    assert timeline.focused_row is not None
    assert timeline.focused_row.seq == 5
    QTest.keyClick(timeline, Qt.Key.Key_Up)
    assert timeline.focused_row.seq == 4
    QTest.keyClick(timeline, Qt.Key.Key_Return)
    menu = timeline.findChild(QMenu, "bubble_actions")
    assert menu is not None
    names = [entry.objectName() for entry in menu.actions()]
    assert names == ["retry", "edit", "copy"]
    menu.actions()[1].trigger()
    menu.close()
    assert failed.acted == [(4, BubbleAction.EDIT)]


def test_home_and_end_go_to_the_ends_of_what_is_held(long: Stage, qtbot: QtBot) -> None:
    long.timeline.setFocus()
    QTest.keyClick(long.timeline, Qt.Key.Key_Home)
    long.tasks.settle()
    row = long.timeline.focused_row
    assert row is not None
    assert row.seq == 99_951
    assert row.seq in long.visible()
    QTest.keyClick(long.timeline, Qt.Key.Key_End)
    long.tasks.settle()
    assert long.visible()[-1] == 100_000


def test_a_very_long_text_is_clipped_until_it_is_asked_for(qtbot: QtBot, appearance: Appearance) -> None:
    reading = MadeUpReading(last=1)
    reading.changed_messages[1] = message_row(1, inbound=True, text="word " * 6_000)
    stage = Stage(qtbot, appearance, reading)
    clipped = stage.timeline.visible_entries()[0].bubble.height
    stage.timeline.act(reading.changed_messages[1], BubbleAction.SHOW_ALL)
    assert stage.timeline.visible_entries()[0].bubble.height > 5 * clipped
    assert not stage.timeline.visible_entries()[0].bubble.buttons


def test_missing_parts_are_shown_at_their_place(qtbot: QtBot, appearance: Appearance) -> None:
    reading = MadeUpReading(last=1)
    reading.changed_messages[1] = message_row(
        1,
        inbound=True,
        text="one three",
        parts=(
            PartRow(1, State.RECEIVED, text="one "),
            PartRow(2, State.RECEIVED),
            PartRow(3, State.RECEIVED, text="three"),
        ),
        parts_total=3,
    )
    stage = Stage(qtbot, appearance, reading)
    bubble = stage.timeline.visible_entries()[0].bubble
    (missing,) = bubble.missing
    first, last = bubble.texts
    assert first.at.y() < missing.rect.top() < last.at.y()
    assert missing.words.startswith("Part 2 of 3 has not arrived")


def test_text_of_strangers_is_never_markup(qtbot: QtBot, appearance: Appearance) -> None:
    reading = MadeUpReading(last=1)
    reading.changed_messages[1] = message_row(1, inbound=True, text="<b>bold</b>\u202eevil\0")
    stage = Stage(qtbot, appearance, reading)
    laid_out = stage.timeline.visible_entries()[0].bubble.texts[0].layout.text()
    assert "<b>bold</b>" in laid_out
    assert "\0" not in laid_out
    assert "\u2400" in laid_out


@pytest.mark.usefixtures("accessible")
def test_a_screen_reader_gets_a_line_for_each_bubble_on_the_screen(long: Stage, qtbot: QtBot) -> None:
    long.access.refresh()
    labels = [label for label in long.timeline.viewport().findChildren(QLabel) if label.isVisible()]
    assert len(labels) == len(long.visible())
    names = {label.accessibleName() for label in labels}
    newest = long.reading.message(100_000)
    assert any(name.startswith(f"You, to Noor de Wit, {newest.text}, delivered") for name in names)
    interface = QAccessible.queryAccessibleInterface(labels[0])
    assert interface.isValid()
    assert interface.text(QAccessible.Text.Name) == labels[0].accessibleName()
    long.scroll_to(0)
    qtbot.waitUntil(lambda: len(long.timeline.viewport().findChildren(QLabel)) <= 2 * len(long.visible()))


@pytest.mark.usefixtures("accessible")
def test_a_screen_reader_can_press_painted_buttons(failed: Stage, qtbot: QtBot) -> None:
    failed.access.refresh()
    buttons = [b for b in failed.timeline.viewport().findChildren(QPushButton) if b.text() == "Retry"]
    (retry,) = buttons
    interface = QAccessible.queryAccessibleInterface(retry)
    interface.actionInterface().doAction("Press")
    qtbot.waitUntil(lambda: failed.acted == [(4, BubbleAction.RETRY)])
    assert retry.geometry().contains(failed.button(4, BubbleAction.RETRY))
