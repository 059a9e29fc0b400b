"""The one place that opens the store's file. Made by app and cli; used by services and, for reading, by ui.

Writing and reading have a connection each, guarded by a lock, so that any thread may call and a read never
waits for a write. Several processes may share the file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sms_desktop.messages.errors import Mendable, OurFault
from sms_desktop.messages.ids import ConversationId, MessageId
from sms_desktop.store.changes import Changes
from sms_desktop.store.file_errors import in_words

if TYPE_CHECKING:  # SQLite, and all that opening a file may take, are imported at first use
    import apsw

    from sms_desktop.store.opening import Opened, Progress

_BUSY_MS = 5_000


@dataclass(slots=True)
class Writing:
    """A transaction under way: its connection, and what it has changed so far."""

    db: apsw.Connection
    _conversations: set[ConversationId] = field(default_factory=set)
    _messages: set[MessageId] = field(default_factory=set)
    _others: bool = False

    def changed(self, conversation: ConversationId, message: MessageId | None = None) -> None:
        """Note that a conversation, and perhaps a message of it, changed."""
        self._conversations.add(conversation)
        if message is not None:
            self._messages.add(message)

    def queue_changed(self) -> None:
        """Note that something changed that belongs to no conversation: who waits for it must look again."""
        self._others = True

    @property
    def changes(self) -> Changes:
        """What was noted so far."""
        return Changes(frozenset(self._conversations), frozenset(self._messages), everything=self._others)


class Store:
    """The store's file. It is opened, made or migrated by the first thread that reads or writes.

    Every use raises Mendable or TryLater with a sentence while the file can't be opened or written. Changes
    of this process are announced to the subscribers on the thread that wrote; those of other processes when
    `look_for_others` is called. `progress` is told of what takes long while the file is opened.
    """

    def __init__(self, file: Path, *, progress: Progress = lambda _what, _done: None) -> None:
        self._file = file
        self._progress = progress
        self._open_lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()
        self._connections: Opened | None = None
        self._closed = False
        self._version = 0
        self._subscribers: list[Callable[[Changes], None]] = []

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self._file

    @property
    def notice(self) -> str | None:
        """Why the store can be read and not written, None if it can; opens it."""
        with in_words(self._file):
            return self._opened().notice

    def subscribe(self, subscriber: Callable[[Changes], None]) -> None:
        """Have `subscriber` called after every commit that changed something; it must return quickly."""
        self._subscribers.append(subscriber)

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """One durable transaction: committed when the block ends, rolled back when it raises."""
        with self._write_lock, in_words(self._file):
            writer = self._writer()
            writer.execute("BEGIN IMMEDIATE")
            writing = Writing(writer)
            try:
                yield writing
                writer.execute("COMMIT")
            except BaseException:
                # A failed COMMIT (disk full) may have ended the transaction already.
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
                raise
        self._announce(writing.changes)

    @contextmanager
    def whole(self) -> Iterator[apsw.Connection]:
        """The writing connection outside a transaction, for work on the whole file: a backup, a purge."""
        with self._write_lock, in_words(self._file):
            yield self._writer()

    @contextmanager
    def read(self) -> Iterator[apsw.Connection]:
        """One snapshot to read from. Never call it on the window's thread."""
        with self._read_lock, in_words(self._file):
            reader = self._opened().reader
            reader.execute("BEGIN")
            try:
                yield reader
            finally:
                if reader.in_transaction:  # a failed read may have ended it
                    reader.execute("ROLLBACK")

    def look_for_others(self) -> None:
        """Announce that another process wrote, if one did since the last call."""
        with self._write_lock, in_words(self._file):
            version = _data_version(self._opened())
            changed = version != self._version
            self._version = version
        if changed:
            self._announce(Changes(everything=True))

    def close(self) -> None:
        """Close the file for good; the last process to close it empties the write-ahead log."""
        with self._write_lock, self._read_lock, self._open_lock:
            self._closed = True
            if self._connections is not None:
                self._connections.close()
                self._connections = None

    def _opened(self) -> Opened:
        with self._open_lock:
            if self._closed:
                raise OurFault("The store was used after it was closed.")
            if self._connections is None:
                from sms_desktop.store.opening import open_store

                self._connections = open_store(self._file, busy_ms=_BUSY_MS, progress=self._progress)
                self._version = _data_version(self._connections)
            return self._connections

    def _writer(self) -> apsw.Connection:
        opened = self._opened()
        if opened.writer is None:
            raise Mendable(opened.notice or "The store is opened for reading only.")
        return opened.writer

    def _announce(self, changes: Changes) -> None:
        if changes:
            for subscriber in tuple(self._subscribers):
                subscriber(changes)


def _data_version(opened: Opened) -> int:
    # On the writing connection this number moves only when a connection of another process commits.
    return int(next((opened.writer or opened.reader).execute("PRAGMA data_version"))[0])
