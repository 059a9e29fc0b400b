"""What a search found: pages of messages, newest first, read as they come near. Shown by the search page."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.ui.conversations.bubble_words import spoken
from sms_desktop.ui.numbers import NumberBook
from sms_desktop.ui.reading import Reading, TaskRunner
from sms_desktop.ui.row_list import ROW_ROLE

if TYPE_CHECKING:
    from sms_desktop.store.messages import MessageRow
    from sms_desktop.store.search import Query

PAGE = 60
Index = QModelIndex | QPersistentModelIndex


class SearchModel(QAbstractTableModel):
    """One column of messages.

    Signals: `answered(milliseconds)`, the first page of a search is there; `failed(error)`.
    """

    answered = Signal(int)
    failed = Signal(object)

    def __init__(
        self, *, reading: Reading, tasks: TaskRunner, numbers: NumberBook, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._reading = reading
        self._tasks = tasks
        self._numbers = numbers
        self._query: Query | None = None
        self._rows: list[MessageRow] = []
        self._more = False
        self._busy = False
        self._generation = 0

    @property
    def query(self) -> Query | None:
        """What is looked for."""
        return self._query

    @property
    def has_more(self) -> bool:
        """True while the store may hold more than was read."""
        return self._more

    def search(self, query: Query | None) -> None:
        """Look for something else; what is shown stays until the answer comes. None: show nothing."""
        self._generation += 1
        self._query = query
        if query is None:
            self._replace(())
            return
        self._read(query, None)

    def row_at(self, position: int) -> MessageRow | None:
        """The message in a row."""
        return self._rows[position] if 0 <= position < len(self._rows) else None

    def _read(self, query: Query, before: int | None) -> None:
        self._busy = True
        generation, begun = self._generation, time.monotonic()
        self._tasks.run(
            lambda: self._reading.search(query, limit=PAGE, before=before),
            lambda rows: self._found(generation, rows, before, begun),
            lambda error: self._read_failed(generation, error),
        )

    def _found(self, generation: int, rows: tuple[MessageRow, ...], before: int | None, begun: float) -> None:
        if generation != self._generation:
            return
        self._busy = False
        self._more = len(rows) == PAGE
        self._numbers.learn({row.party for row in rows})
        if before is None:
            self._replace(rows)
            self.answered.emit(round(1_000 * (time.monotonic() - begun)))
        elif rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def _read_failed(self, generation: int, error: SmsDesktopError) -> None:
        if generation == self._generation:
            self._busy = False
            self.failed.emit(error)

    def _replace(self, rows: tuple[MessageRow, ...]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self._more = self._more and bool(rows)
        self.endResetModel()

    # Qt overrides

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many messages were read."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself, and what a screen reader says."""
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(row, self._numbers.called(row.party), None)
        return None

    def canFetchMore(self, _parent: Index) -> bool:
        """Whether there is another page, and none on its way."""
        return self._more and not self._busy

    def fetchMore(self, _parent: Index) -> None:
        """Read the next page."""
        if self._query is not None and self._rows and not self._busy:
            self._read(self._query, self._rows[-1].seq)
