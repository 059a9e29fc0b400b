"""The messages of the open conversation: a bounded run of rows that pages both ways. Shown by the timeline.

However long the conversation is, at most `LIMIT` rows are held; what lies beyond is read when it comes near.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.ids import ConversationId, MessageId
from sms_desktop.store.changes import Changes
from sms_desktop.ui.reading import Reading, TaskRunner

if TYPE_CHECKING:
    from sms_desktop.store.messages import MessageRow

PAGE = 50
LIMIT = 250


class MessageWindow(QObject):
    """Rows in ascending order of `seq`.

    Signals: `replaced()`, all rows are others; `inserted(first, count)` and `removed(first, count)`, indices
    after and before the change; `changed(first, last)`; `arrived(inbound)`, that many received messages came
    in at the end, or beyond what is held; `reached(message)`, the message that `open_at` was asked for is
    among the rows; `awaiting(awaited)`, True when a page begins to be read that the person waits for, False
    when it is there; `failed(error)`.
    """

    replaced = Signal()
    inserted = Signal(int, int)
    removed = Signal(int, int)
    changed = Signal(int, int)
    arrived = Signal(int)
    reached = Signal(str)
    awaiting = Signal(bool)
    failed = Signal(object)

    def __init__(self, *, reading: Reading, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading = reading
        self._tasks = tasks
        self._conversation: ConversationId | None = None
        self._rows: list[MessageRow] = []
        self._older = False
        self._newer = False
        self._busy = False
        self._awaits = False
        self._again: Changes | None = None
        self._generation = 0
        self._seen = (0, 0)

    @property
    def rows(self) -> list[MessageRow]:
        """The rows that are held; not to be changed by the caller."""
        return self._rows

    @property
    def conversation(self) -> ConversationId | None:
        """Which conversation is open."""
        return self._conversation

    @property
    def has_older(self) -> bool:
        """True while older messages are in the store."""
        return self._older

    @property
    def has_newer(self) -> bool:
        """True while newer messages are in the store than are held."""
        return self._newer

    def open(self, conversation: ConversationId | None) -> None:
        """Show another conversation, from its newest message; None shows nothing."""
        self._generation += 1
        self._conversation = conversation
        self._again = None
        self._end()
        self._replace(())
        self._older = self._newer = False
        if conversation is not None:
            self.read_newest()

    def open_at(self, conversation: ConversationId, seq: int) -> None:
        """Show a conversation around the message `seq`."""
        self._generation += 1
        self._conversation = conversation
        self._again = None
        generation = self._generation
        self._begin(awaited=True)
        self._tasks.run(
            lambda: (
                self._reading.messages(conversation, limit=PAGE, before=seq + 1),
                self._reading.messages(conversation, limit=PAGE, after=seq),
            ),
            lambda found: self._opened_at(generation, seq, *found),
            lambda error: self._read_failed(generation, error),
        )

    def read_newest(self) -> None:
        """Go to the newest messages, dropping what is held if they are not adjoining."""
        conversation = self._conversation
        if conversation is None:
            return
        self._generation += 1
        generation = self._generation
        self._begin(awaited=True)
        self._tasks.run(
            lambda: self._reading.messages(conversation, limit=PAGE),
            lambda rows: self._opened(generation, rows),
            lambda error: self._read_failed(generation, error),
        )

    def read_older(self) -> None:
        """Read the page before the first row, unless there is none or one is on its way."""
        conversation = self._conversation
        if conversation is None or self._busy or not self._older or not self._rows:
            return
        self._begin(awaited=True)
        generation, before = self._generation, self._rows[0].seq
        self._tasks.run(
            lambda: self._reading.messages(conversation, limit=PAGE, before=before),
            lambda rows: self._prepend(generation, rows),
            lambda error: self._read_failed(generation, error),
        )

    def read_newer(self) -> None:
        """Read the page after the last row, unless there is none or one is on its way."""
        if self._newer and not self._busy:
            self._read_after(frozenset(), announced=False)

    def apply(self, changes: Changes) -> None:
        """Read again what changed of the rows that are held, and what is new after them."""
        if self._conversation is None:
            return
        if not changes.everything and self._conversation not in changes.conversations:
            return
        if self._busy:
            self._again = changes if self._again is None else self._again | changes
            return
        held = frozenset(row.id for row in self._rows)
        self._read_after(held if changes.everything else held & changes.messages, announced=True)

    def note_seen(self, first: int, last: int) -> None:
        """Say which rows are on the screen: what is furthest from them is let go first."""
        self._seen = (first, last)

    # Inside

    def _begin(self, *, awaited: bool) -> None:
        self._busy = True
        if awaited and not self._awaits:
            self._awaits = True
            self.awaiting.emit(True)

    def _end(self) -> None:
        self._busy = False
        if self._awaits:
            self._awaits = False
            self.awaiting.emit(False)

    def _read_after(self, ids: frozenset[MessageId], *, announced: bool) -> None:
        conversation = self._conversation
        if conversation is None:
            return
        self._begin(awaited=not announced)
        generation, after = self._generation, self._rows[-1].seq if self._rows else 0
        self._tasks.run(
            lambda: (
                self._reading.messages_by_id(ids) if ids else (),
                self._reading.messages(conversation, limit=PAGE, after=after),
            ),
            lambda found: self._extended(generation, *found, announced=announced),
            lambda error: self._read_failed(generation, error),
        )

    def _opened(self, generation: int, rows: tuple[MessageRow, ...]) -> None:
        if generation != self._generation:
            return
        self._older, self._newer = len(rows) == PAGE, False
        self._replace(rows)
        self._settle()

    def _opened_at(
        self,
        generation: int,
        seq: int,
        before: tuple[MessageRow, ...],
        after: tuple[MessageRow, ...],
    ) -> None:
        if generation != self._generation:
            return
        self._older, self._newer = len(before) == PAGE, len(after) == PAGE
        self._replace((*before, *after))
        wanted = next((row.id for row in before if row.seq == seq), None)
        if wanted is not None:
            self.reached.emit(wanted)
        self._settle()

    def _prepend(self, generation: int, rows: tuple[MessageRow, ...]) -> None:
        if generation != self._generation:
            return
        self._older = len(rows) == PAGE
        if rows:
            self._rows[:0] = rows
            self.inserted.emit(0, len(rows))
            self._trim()
        self._settle()

    def _extended(
        self,
        generation: int,
        again: tuple[MessageRow, ...],
        after: tuple[MessageRow, ...],
        *,
        announced: bool,
    ) -> None:
        if generation != self._generation:
            return
        positions = {row.id: position for position, row in enumerate(self._rows)}
        for row in again:
            position = positions.get(row.id)
            if position is not None and self._rows[position] != row:
                self._rows[position] = row
                self.changed.emit(position, position)
        inbound = sum(1 for row in after if row.inbound)
        if announced and self._newer:
            # The person reads older messages: what came in stays in the store until they come back.
            if after:
                self.arrived.emit(0)
        else:
            self._newer = len(after) == PAGE
            if after:
                first = len(self._rows)
                self._rows += after
                self.inserted.emit(first, len(after))
                self._trim()
            if announced and inbound:
                self.arrived.emit(inbound)
        self._settle()

    def _trim(self) -> None:
        surplus = len(self._rows) - LIMIT
        if surplus <= 0:
            return
        first, last = self._seen
        if first >= len(self._rows) - 1 - last:
            del self._rows[:surplus]
            self._older = True
            self.removed.emit(0, surplus)
        else:
            del self._rows[LIMIT:]
            self._newer = True
            self.removed.emit(LIMIT, surplus)

    def _replace(self, rows: tuple[MessageRow, ...]) -> None:
        if rows or self._rows:
            self._rows = list(rows)
            self.replaced.emit()

    def _settle(self) -> None:
        self._end()
        if self._again is not None:
            again, self._again = self._again, None
            self.apply(again)

    def _read_failed(self, generation: int, error: SmsDesktopError) -> None:
        if generation == self._generation:
            self._end()
            self.failed.emit(error)
