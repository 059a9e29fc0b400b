from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from sms_desktop.messages.errors import SmsDesktopError, TryLater
from sms_desktop.messages.ids import ConversationId
from sms_desktop.messages.states import State
from sms_desktop.store.changes import Changes
from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.conversations.message_window import LIMIT, PAGE, MessageWindow
from tests.fakes.reading import MadeUpReading
from tests.fakes.tasks import SteppedTasks

ONE = ConversationId(1)


class Shown:
    """A window whose view follows its signals, as the timeline does."""

    def __init__(self, last: int) -> None:
        self.reading = MadeUpReading(last=last)
        self.tasks = SteppedTasks()
        self.window = MessageWindow(reading=self.reading, tasks=self.tasks)
        self.view: list[MessageRow] = []
        self.window.replaced.connect(self._replaced)
        self.window.inserted.connect(self._inserted)
        self.window.removed.connect(self._removed)
        self.window.changed.connect(self._changed)

    def open(self) -> Shown:
        self.window.open(ONE)
        self.tasks.settle()
        return self

    def arrive(self, count: int = 1) -> None:
        self.reading.last += count
        self.window.apply(Changes(conversations=frozenset({ONE})))
        self.tasks.settle()

    def numbers(self) -> list[int]:
        return [row.seq for row in self.window.rows]

    def _replaced(self) -> None:
        self.view = list(self.window.rows)

    def _inserted(self, first: int, count: int) -> None:
        self.view[first:first] = self.window.rows[first : first + count]

    def _removed(self, first: int, count: int) -> None:
        del self.view[first : first + count]

    def _changed(self, first: int, last: int) -> None:
        self.view[first : last + 1] = self.window.rows[first : last + 1]


@pytest.fixture
def long(qtbot: QtBot) -> Shown:
    return Shown(100_000).open()


def test_opens_at_the_newest_page(long: Shown) -> None:
    assert long.numbers() == list(range(99_951, 100_001))
    assert long.window.has_older
    assert not long.window.has_newer
    assert long.reading.reads == 1


def test_pages_are_awaited_and_looking_again_is_not(qtbot: QtBot) -> None:
    shown = Shown(1_000)
    told: list[bool] = []
    shown.window.awaiting.connect(told.append)
    shown.open()
    assert told == [True, False]
    shown.window.read_older()
    assert told == [True, False, True]
    shown.tasks.settle()
    assert told == [True, False] * 2
    shown.arrive()
    assert told == [True, False] * 2


def test_the_whole_way_back_and_forth_stays_bounded(long: Shown) -> None:
    for _ in range(40):
        long.window.note_seen(0, 5)
        long.window.read_older()
        long.tasks.settle()
        assert len(long.window.rows) <= LIMIT
    assert long.numbers()[0] == 100_000 - 41 * PAGE + 1
    assert long.window.has_newer
    for _ in range(60):
        long.window.note_seen(len(long.window.rows) - 5, len(long.window.rows) - 1)
        long.window.read_newer()
        long.tasks.settle()
        assert len(long.window.rows) <= LIMIT
    assert long.numbers()[-1] == 100_000
    assert long.reading.largest_page == PAGE


def test_what_is_on_the_screen_is_never_let_go(long: Shown) -> None:
    for _ in range(4):
        long.window.note_seen(0, 5)
        long.window.read_older()
        long.tasks.settle()
    seen = long.numbers()[:6]
    long.window.note_seen(0, 5)
    long.arrive(10)
    assert long.numbers()[:6] == seen


def test_new_messages_are_added_and_told(long: Shown) -> None:
    told: list[int] = []
    long.window.arrived.connect(told.append)
    long.arrive(3)  # one of any three is inbound
    assert long.numbers()[-3:] == [100_001, 100_002, 100_003]
    assert told == [1]


def test_while_reading_older_messages_new_ones_are_only_told(long: Shown) -> None:
    for _ in range(10):
        long.window.note_seen(0, 5)
        long.window.read_older()
        long.tasks.settle()
    before = long.numbers()
    told: list[int] = []
    long.window.arrived.connect(told.append)
    long.arrive(3)
    assert long.numbers() == before
    assert told == [0]
    long.window.read_newest()
    long.tasks.settle()
    assert long.numbers()[-1] == 100_003


def test_a_receipt_changes_one_row(long: Shown) -> None:
    message = long.reading.change(99_990, State.FAILED)
    long.window.apply(Changes(frozenset({ONE}), frozenset({message})))
    long.tasks.settle()
    assert long.view[long.numbers().index(99_990)].state is State.FAILED
    assert long.view == long.window.rows


def test_changes_of_other_conversations_read_nothing(long: Shown) -> None:
    reads = long.reading.reads
    long.window.apply(Changes(conversations=frozenset({ConversationId(2)})))
    assert long.tasks.waiting == 0
    assert long.reading.reads == reads


def test_an_answer_for_a_conversation_that_was_left_is_dropped(qtbot: QtBot) -> None:
    shown = Shown(10)
    shown.window.open(ONE)
    shown.window.open(None)
    shown.tasks.settle()
    assert shown.window.rows == []


def test_changes_during_a_read_are_not_lost(qtbot: QtBot) -> None:
    shown = Shown(10)
    shown.window.open(ONE)
    shown.reading.last = 12
    shown.window.apply(Changes(conversations=frozenset({ONE})))
    shown.tasks.settle()
    assert shown.numbers()[-1] == 12


def test_a_failed_read_is_told_and_can_be_tried_again(qtbot: QtBot) -> None:
    shown = Shown(10)
    failures: list[SmsDesktopError] = []
    shown.window.failed.connect(failures.append)

    def refuse(*_: object, **__: object) -> tuple[MessageRow, ...]:
        raise TryLater("The disk is full.")

    shown.reading.messages = refuse  # type: ignore[method-assign]
    shown.open()
    assert [error.message for error in failures] == ["The disk is full."]
    del shown.reading.messages
    shown.window.read_newest()
    shown.tasks.settle()
    assert shown.numbers() == list(range(1, 11))


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("older"), st.just(0)),
        st.tuples(st.just("newer"), st.just(0)),
        st.tuples(st.just("newest"), st.just(0)),
        st.tuples(st.just("arrive"), st.integers(1, 120)),
        st.tuples(st.just("step"), st.just(0)),
        st.tuples(st.just("look"), st.integers(0, LIMIT)),
    ),
    max_size=60,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(last=st.integers(0, 700), steps=STEPS)
def test_rows_are_a_run_without_holes_and_the_view_follows(
    qtbot: QtBot, last: int, steps: list[tuple[str, int]]
) -> None:
    shown = Shown(last)
    shown.window.open(ONE)
    for what, number in steps:
        match what:
            case "older":
                shown.window.read_older()
            case "newer":
                shown.window.read_newer()
            case "newest":
                shown.window.read_newest()
            case "arrive":
                shown.reading.last += number
                shown.window.apply(Changes(conversations=frozenset({ONE})))
            case "look":
                shown.window.note_seen(number, number + 8)
            case _:
                shown.tasks.step()
        assert shown.view == shown.window.rows
    shown.tasks.settle()
    numbers = shown.numbers()
    assert all(after == before + 1 for before, after in pairwise(numbers))
    assert len(numbers) <= LIMIT
    if not shown.window.has_newer:
        assert (numbers[-1] if numbers else 0) == shown.reading.last
    if numbers and not shown.window.has_older:
        assert numbers[0] == 1
