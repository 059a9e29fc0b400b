from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.ids import ConversationId
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.handsets import Handset
from sms_desktop.store.changes import Changes
from sms_desktop.store.conversations import ConversationRow
from sms_desktop.ui.conversations.list_model import PAGE, ConversationListModel
from sms_desktop.ui.numbers import NumberBook
from tests.fakes.reading import NEWEST_US, MadeUpReading, conversation_row
from tests.fakes.tasks import SteppedTasks

HANDSETS = (
    Handset("31600000001", "Echo handset", "answers every message"),
    Handset("31600000002", "Switched off", "fails"),
    Handset("31600000003", "Slow", "takes its time"),
)


class Listed:
    """A model on made-up rows.

    Qt's own model tester watches it, unless pages are counted: it fetches them all.
    """

    def __init__(
        self, reading: MadeUpReading, handsets: tuple[Handset, ...] = (), *, watched: bool = True
    ) -> None:
        self.reading = reading
        self.tasks = SteppedTasks()
        self.numbers = NumberBook(reading=self.reading, tasks=self.tasks)
        self.model = ConversationListModel(
            reading=reading, tasks=self.tasks, numbers=self.numbers, handsets=handsets
        )
        if watched:
            mode = QAbstractItemModelTester.FailureReportingMode.Fatal
            self.tester = QAbstractItemModelTester(self.model, mode)

    def load(self) -> ConversationListModel:
        self.model.load()
        self.tasks.settle()
        return self.model

    def parties(self) -> list[str]:
        rows = [self.model.row_at(number) for number in range(self.model.rowCount())]
        return [
            row.party if isinstance(row, ConversationRow) else row.number for row in rows if row is not None
        ]

    def change(self, *numbers: int) -> None:
        self.model.apply(Changes(conversations=frozenset(ConversationId(number) for number in numbers)))
        self.tasks.settle()


@pytest.fixture
def listed(qtbot: QtBot) -> type[Listed]:
    return Listed


def test_nothing_is_read_before_it_is_asked_for(listed: type[Listed]) -> None:
    it = listed(MadeUpReading(count=1_000), watched=False)
    assert it.model.rowCount() == 0
    it.model.load()
    assert it.model.rowCount() == 0
    assert not it.model.is_loaded
    it.tasks.settle()
    assert it.model.rowCount() == PAGE
    assert it.model.is_loaded


def test_pages_come_on_demand_and_one_at_a_time(listed: type[Listed]) -> None:
    it = listed(MadeUpReading(count=150), watched=False)
    model = it.load()
    assert model.canFetchMore()
    model.fetchMore()
    assert not model.canFetchMore()
    model.fetchMore()
    it.tasks.settle()
    assert model.rowCount() == 2 * PAGE
    model.fetchMore()
    it.tasks.settle()
    assert model.rowCount() == 150
    assert not model.canFetchMore()
    assert it.reading.largest_page == PAGE


def test_a_conversation_that_changes_moves_up_and_keeps_its_place_in_a_selection(
    listed: type[Listed],
) -> None:
    it = listed(MadeUpReading(count=20))
    model = it.load()
    selected = QPersistentModelIndex(model.index(7, 0))
    row = conversation_row(8, last_us=NEWEST_US + 1, unread=1, text="New words")
    it.reading.changed_conversations[8] = row
    it.change(8)
    assert model.row_at(0) == row
    assert selected.row() == 0
    assert model.rowCount() == 20


def test_a_conversation_in_place_only_changes(listed: type[Listed], qtbot: QtBot) -> None:
    it = listed(MadeUpReading(count=5))
    model = it.load()
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.rowsMoved.connect(lambda *_: resets.append(1))
    it.reading.changed_conversations[3] = replace(conversation_row(3), last_text="Other words")
    with qtbot.waitSignal(model.dataChanged, timeout=1_000):
        it.change(3)
    assert not resets


def test_older_conversations_that_are_not_held_do_not_appear(listed: type[Listed]) -> None:
    it = listed(MadeUpReading(count=200), watched=False)
    it.load()
    it.change(150)
    assert it.model.rowCount() == PAGE


def test_changes_of_another_process_read_the_top_again(listed: type[Listed]) -> None:
    it = listed(MadeUpReading(count=3))
    it.load()
    it.reading.count = 5
    it.reading.changed_conversations[2] = conversation_row(2, last_us=NEWEST_US + 5)
    it.model.apply(Changes(everything=True))
    it.tasks.settle()
    assert it.parties() == [str(31_600_100_000 + number) for number in (2, 1, 3, 4, 5)]


def test_changes_during_a_read_are_not_lost(listed: type[Listed]) -> None:
    it = listed(MadeUpReading(count=5))
    it.model.load()
    it.reading.changed_conversations[5] = conversation_row(5, last_us=NEWEST_US + 9)
    it.model.apply(Changes(conversations=frozenset({ConversationId(5)})))
    it.tasks.settle()
    assert it.parties()[0] == str(31_600_100_005)


def test_unread_only(listed: type[Listed]) -> None:
    it = listed(MadeUpReading(count=50, unread_every=10))
    model = it.load()
    counts: list[int] = []
    model.unread_changed.connect(counts.append)
    model.set_unread_only(True)
    it.tasks.settle()
    assert it.parties() == [str(31_600_100_000 + number) for number in (10, 20, 30, 40, 50)]
    assert counts == [5]
    it.reading.changed_conversations[20] = conversation_row(20)
    it.change(20)
    assert len(it.parties()) == 5, "what was just read stays until the list is asked for again"
    model.set_unread_only(False)
    it.tasks.settle()
    assert model.rowCount() == 50


def test_handsets_stand_behind_the_conversations_until_they_are_used(listed: type[Listed]) -> None:
    it = listed(MadeUpReading(count=2), HANDSETS)
    it.load()
    assert it.parties()[2:] == [handset.number for handset in HANDSETS]
    it.reading.handsets_used.add("31600000002")
    it.reading.changed_conversations[2] = replace(
        conversation_row(2, last_us=NEWEST_US + 1), party="31600000002"
    )
    it.change(2)
    assert it.parties() == ["31600000002", str(31_600_100_001), "31600000001", "31600000003"]
    assert it.model.data(it.model.index(0, 0)) == "Switched off"


def test_handsets_wait_until_all_conversations_are_there(listed: type[Listed]) -> None:
    it = listed(MadeUpReading(count=PAGE + 1), HANDSETS, watched=False)
    model = it.load()
    assert model.rowCount() == PAGE
    model.fetchMore()
    it.tasks.settle()
    assert model.rowCount() == PAGE + 1 + len(HANDSETS)


def test_what_is_typed_shows_at_once(listed: type[Listed]) -> None:
    it = listed(MadeUpReading(count=2))
    model = it.load()
    row = model.row_at(1)
    assert isinstance(row, ConversationRow)
    model.note_draft(row.party, Draft(Kind.TEXT, "Hello"))
    assert model.draft(row) == Draft(Kind.TEXT, "Hello")
    model.note_draft(row.party, None)
    assert model.draft(row) is None


def test_rows_speak_one_line(listed: type[Listed]) -> None:
    it = listed(MadeUpReading(count=1), HANDSETS)
    it.reading.changed_conversations[1] = conversation_row(1, unread=2, text="Kargo\ngelmedi")
    model = it.load()
    role = Qt.ItemDataRole.AccessibleTextRole
    spoken = model.data(model.index(0, 0), role)
    assert "Kargo gelmedi" in spoken
    assert "2 unread" in spoken
    assert model.data(model.index(1, 0), role) == "Echo handset, answers every message"
    assert model.data(QModelIndex(), role) is None
