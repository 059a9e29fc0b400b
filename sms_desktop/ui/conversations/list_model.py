"""The conversations of a profile as rows, paged on demand and changed in place. Shown by the list view.

Behind the stored conversations stand the sandbox's handsets that nobody has written to yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.ids import ConversationId
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.handsets import Handset
from sms_desktop.ui.conversations.list_words import LONGEST_LINE, spoken_handset, spoken_row
from sms_desktop.ui.numbers import NumberBook
from sms_desktop.ui.reading import Reading, TaskRunner
from sms_desktop.ui.row_list import ROW_ROLE

if TYPE_CHECKING:  # come from the store, after the first paint
    from sms_desktop.store.changes import Changes
    from sms_desktop.store.conversations import ConversationRow

PAGE = 60
_REREAD_ABOVE = 50  # changes of more conversations than this are read as one page instead of one by one

Index = QModelIndex | QPersistentModelIndex
Row: TypeAlias = "ConversationRow | Handset"


class _Page(NamedTuple):
    rows: tuple[ConversationRow, ...]
    unread: int
    unused: tuple[Handset, ...]


class ConversationListModel(QAbstractTableModel):
    """One column; the newest conversation first.

    Signals: `unread_changed(count)`, `loaded()` after the first page, `failed(error)`.
    """

    unread_changed = Signal(int)
    loaded = Signal()
    failed = Signal(object)

    def __init__(
        self,
        *,
        reading: Reading,
        tasks: TaskRunner,
        numbers: NumberBook,
        handsets: tuple[Handset, ...],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reading = reading
        self._tasks = tasks
        self._numbers = numbers
        self._handsets = handsets
        self._names = {handset.number: handset for handset in handsets}
        self._rows: list[ConversationRow] = []
        self._unused: tuple[Handset, ...] = ()
        self._tail: list[Handset] = []
        self._unread_only = False
        self._more = False
        self._busy = False
        self._again: Changes | None = None
        self._generation = 0
        self._drafts: dict[str, Draft | None] = {}
        numbers.learned.connect(self._repaint)

    # What the panes ask

    @property
    def is_loaded(self) -> bool:
        """True after the first page came."""
        return self._generation > 0 and not self._busy

    @property
    def is_unread_only(self) -> bool:
        """True while only unread conversations are shown."""
        return self._unread_only

    @property
    def stored_count(self) -> int:
        """How many stored conversations are held."""
        return len(self._rows)

    def row_at(self, row: int) -> Row | None:
        """What stands in a row."""
        if 0 <= row < len(self._rows):
            return self._rows[row]
        position = row - len(self._rows)
        return self._tail[position] if 0 <= position < len(self._tail) else None

    def row_of(self, party: str) -> int | None:
        """The row of a conversation or handset, or None while it is not held."""
        for position, row in enumerate(self._rows):
            if row.party == party:
                return position
        for position, handset in enumerate(self._tail):
            if handset.number == party:
                return len(self._rows) + position
        return None

    def handset(self, party: str) -> Handset | None:
        """The sandbox handset with this number."""
        return self._names.get(party)

    def draft(self, row: Row) -> Draft | None:
        """What was typed and not sent: as typed in this window, or as the store has it."""
        party = row.number if isinstance(row, Handset) else row.party
        if party in self._drafts:
            return self._drafts[party]
        if not isinstance(row, Handset) and row.draft is not None:
            return Draft(row.draft_kind, row.draft)
        return None

    # What changes it

    def load(self) -> None:
        """Read the first page; what is shown stays until it comes."""
        self._generation += 1
        self._read_from_top(PAGE)

    def set_unread_only(self, unread_only: bool) -> None:
        """Show only conversations with unread messages, or all."""
        if unread_only != self._unread_only:
            self._unread_only = unread_only
            self.load()

    def apply(self, changes: Changes) -> None:
        """Read again what changed, and move, change or insert just that."""
        if not changes.conversations and not changes.everything:
            return
        if self._busy:
            self._again = changes if self._again is None else self._again | changes
            return
        if changes.everything or len(changes.conversations) > _REREAD_ABOVE:
            self._read_from_top(max(PAGE, min(len(self._rows), 10 * PAGE)))
            return
        self._busy = True
        generation, ids = self._generation, changes.conversations
        self._tasks.run(
            lambda: (self._reading.conversations_by_id(ids), self._reading.unread(), self._unused_handsets()),
            lambda found: self._changed(generation, ids, *found),
            lambda error: self._read_failed(generation, error),
        )

    def note_draft(self, party: str, draft: Draft | None) -> None:
        """Show what is being typed to `party` before the store has it."""
        if self._drafts.get(party) == draft:
            return
        before = self._drafts.get(party)
        self._drafts[party] = draft
        if _looks_like(before, draft):
            return  # what was typed lies beyond the end of the line
        row = self.row_of(party)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    # Qt overrides

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many rows are held."""
        return 0 if parent.isValid() else len(self._rows) + len(self._tail)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself, its name, and what a screen reader says."""
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self.name(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row)
        return None

    def canFetchMore(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008 - Qt's own default
        """True while older conversations are in the store."""
        return not parent.isValid() and self._more and not self._busy

    def fetchMore(self, parent: Index = QModelIndex()) -> None:  # noqa: B008 - Qt's own default
        """Read the next page; its rows appear when it comes."""
        if parent.isValid() or not self._more or self._busy or not self._rows:
            return
        self._busy = True
        last, generation, unread_only = self._rows[-1], self._generation, self._unread_only
        self._tasks.run(
            lambda: self._reading.conversations(
                limit=PAGE, before=(last.last_us, last.id), unread_only=unread_only
            ),
            lambda rows: self._fetched(generation, rows),
            lambda error: self._read_failed(generation, error),
        )

    # Inside

    def name(self, row: Row) -> str:
        """A handset's name, else a contact's, else the number as people read it."""
        party = row.number if isinstance(row, Handset) else row.party
        known = self._names.get(party)
        return known.name if known is not None else self._numbers.called(party)

    def _spoken(self, row: Row) -> str:
        name = self.name(row)
        if isinstance(row, Handset):
            return spoken_handset(row, self.draft(row))
        return spoken_row(row, name, self.draft(row))

    def _unused_handsets(self) -> tuple[Handset, ...]:
        return tuple(handset for handset in self._handsets if self._reading.find(handset.number) is None)

    def _read_from_top(self, limit: int) -> None:
        self._busy = True
        generation, unread_only = self._generation, self._unread_only
        self._tasks.run(
            lambda: _Page(
                self._reading.conversations(limit=limit, unread_only=unread_only),
                self._reading.unread(),
                self._unused_handsets(),
            ),
            lambda page: self._reloaded(generation, limit, page),
            lambda error: self._read_failed(generation, error),
        )

    def _reloaded(self, generation: int, limit: int, page: _Page) -> None:
        if generation != self._generation:
            return
        self._set_tail(more=len(page.rows) == limit, unused=page.unused)
        wanted = {row.id for row in page.rows}
        for position in reversed(range(len(self._rows))):
            if self._rows[position].id not in wanted:
                self._remove(position)
        for row in page.rows:
            self._put(row)
        self._numbers.learn(row.party for row in page.rows)
        self.unread_changed.emit(page.unread)
        self._settle()
        self.loaded.emit()

    def _fetched(self, generation: int, rows: tuple[ConversationRow, ...]) -> None:
        if generation != self._generation:
            return
        held = {row.id for row in self._rows}
        new = [row for row in rows if row.id not in held]
        if new:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._rows += new
            self.endInsertRows()
        if len(rows) < PAGE:
            self._set_tail(more=False, unused=self._unused)
        self._numbers.learn(row.party for row in new)
        self._settle()

    def _changed(
        self,
        generation: int,
        ids: Iterable[ConversationId],
        rows: tuple[ConversationRow, ...],
        unread: int,
        unused: tuple[Handset, ...],
    ) -> None:
        if generation != self._generation:
            return
        self._set_tail(more=self._more, unused=unused)
        held = {row.id for row in self._rows}
        for row in rows:
            beyond = self._more and self._rows and _order(row) < _order(self._rows[-1])
            # In the unread list a row that was just read stays until the list is asked for again.
            if row.id in held or (not beyond and (row.unread or not self._unread_only)):
                self._put(row)
        self._numbers.learn(row.party for row in rows)
        self.unread_changed.emit(unread)
        self._settle()

    def _put(self, row: ConversationRow) -> None:
        """Insert a row, or change and move the one with its id."""
        old = next((position for position, held in enumerate(self._rows) if held.id == row.id), None)
        others = (held for held in self._rows if held.id != row.id)
        new = sum(1 for held in others if _order(held) > _order(row))
        if old is None:
            self.beginInsertRows(QModelIndex(), new, new)
            self._rows.insert(new, row)
            self.endInsertRows()
            return
        if new != old:
            self.beginMoveRows(QModelIndex(), old, old, QModelIndex(), new + 1 if new > old else new)
            self._rows.insert(new, self._rows.pop(old))
            self.endMoveRows()
        if self._rows[new] != row:
            self._rows[new] = row
            self.dataChanged.emit(self.index(new, 0), self.index(new, 0))

    def _remove(self, position: int) -> None:
        self.beginRemoveRows(QModelIndex(), position, position)
        del self._rows[position]
        self.endRemoveRows()

    def _set_tail(self, *, more: bool, unused: tuple[Handset, ...]) -> None:
        """Change what stands behind the stored rows, row by row: a handset leaves when it is used first."""
        self._more, self._unused = more, unused
        wanted = () if more or self._unread_only else unused
        for position in reversed(range(len(self._tail))):
            if self._tail[position] not in wanted:
                row = len(self._rows) + position
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._tail[position]
                self.endRemoveRows()
        for position, handset in enumerate(wanted):
            if self._tail[position : position + 1] != [handset]:
                row = len(self._rows) + position
                self.beginInsertRows(QModelIndex(), row, row)
                self._tail.insert(position, handset)
                self.endInsertRows()

    def _settle(self) -> None:
        self._busy = False
        if self._again is not None:
            again, self._again = self._again, None
            self.apply(again)

    def _read_failed(self, generation: int, error: SmsDesktopError) -> None:
        if generation == self._generation:
            self._busy = False
            self.failed.emit(error)

    def _repaint(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))


def _order(row: ConversationRow) -> tuple[int, int]:
    return row.last_us, row.id


def _looks_like(one: Draft | None, other: Draft | None) -> bool:
    """Whether two drafts are the same line."""
    if one is None or other is None or one.kind is not other.kind:
        return False
    texts = {Kind.TEXT, Kind.UNICODE}
    return one.kind in texts and one.text[:LONGEST_LINE] == other.text[:LONGEST_LINE] and bool(other.text)
