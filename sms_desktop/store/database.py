"""The one place that opens the store's file. Made by app and cli; used by services and, for reading, by ui.

Writing and reading have a connection each, guarded by a lock, so that any thread may call and a read never
waits for a write. Several processes may share the file.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from sms_desktop.messages.errors import Mendable, OurFault, SmsDesktopError, TryLater
from sms_desktop.messages.ids import ConversationId, MessageId
from sms_desktop.store.changes import Changes
from sms_desktop.store.schema import APPLICATION_ID, MIGRATIONS

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


@dataclass(frozen=True, slots=True)
class _Connections:
    writer: apsw.Connection
    reader: apsw.Connection


class Store:
    """The store's file. It is opened, made or migrated by the first thread that reads or writes.

    Every use raises Mendable or TryLater with a sentence while the file can't be opened or written. Changes
    of this process are announced to the subscribers on the thread that wrote; those of other processes when
    `look_for_others` is called.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._open_lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()
        self._connections: _Connections | None = None
        self._closed = False
        self._version = 0
        self._subscribers: list[Callable[[Changes], None]] = []

    def subscribe(self, subscriber: Callable[[Changes], None]) -> None:
        """Have `subscriber` called after every commit that changed something; it must return quickly."""
        self._subscribers.append(subscriber)

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """One durable transaction: committed when the block ends, rolled back when it raises."""
        with self._write_lock, _in_words(self._file):
            writer = self._opened().writer
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
    def read(self) -> Iterator[apsw.Connection]:
        """One snapshot to read from. Never call it on the window's thread."""
        with self._read_lock, _in_words(self._file):
            reader = self._opened().reader
            reader.execute("BEGIN")
            try:
                yield reader
            finally:
                if reader.in_transaction:  # a failed read may have ended it
                    reader.execute("ROLLBACK")

    def look_for_others(self) -> None:
        """Announce that another process wrote, if one did since the last call."""
        with self._write_lock, _in_words(self._file):
            version = _data_version(self._opened().writer)
            changed = version != self._version
            self._version = version
        if changed:
            self._announce(Changes(everything=True))

    def close(self) -> None:
        """Close the file for good; the last process to close it empties the write-ahead log."""
        with self._write_lock, self._read_lock, self._open_lock:
            self._closed = True
            if self._connections is not None:
                self._connections.reader.close()
                self._connections.writer.close()
                self._connections = None

    def _opened(self) -> _Connections:
        with self._open_lock:
            if self._closed:
                raise OurFault("The store was used after it was closed.")
            if self._connections is None:
                self._connections = _open(self._file)
                self._version = _data_version(self._connections.writer)
            return self._connections

    def _announce(self, changes: Changes) -> None:
        if changes:
            for subscriber in tuple(self._subscribers):
                subscriber(changes)


def _open(file: Path) -> _Connections:
    _make_private_file(file)
    writer = _connect(file)
    try:
        _migrate(writer, file)
        reader = _connect(file)
        reader.execute("PRAGMA query_only = ON")
    except BaseException:
        writer.close()
        raise
    return _Connections(writer, reader)


def _data_version(writer: apsw.Connection) -> int:
    # On the writing connection this number moves only when a connection of another process commits.
    return int(next(writer.execute("PRAGMA data_version"))[0])


def _make_private_file(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _connect(file: Path) -> apsw.Connection:
    db = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READWRITE)
    db.set_busy_timeout(_BUSY_MS)
    # A commit must survive a power cut: an attempt is written before its first octet leaves.
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _migrate(db: apsw.Connection, file: Path) -> None:
    version = _checked_version(db, file)
    if version == 0:
        _switch_to_wal(db)
    while version < len(MIGRATIONS):
        db.execute("BEGIN IMMEDIATE")
        try:
            version = _user_version(db)  # another process may have come first
            if version < len(MIGRATIONS):
                db.execute(MIGRATIONS[version])
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                db.execute(f"PRAGMA user_version = {version + 1}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        version = _user_version(db)


def _checked_version(db: apsw.Connection, file: Path) -> int:
    """The schema's version, 0 for an empty file. Raises Mendable if this is not a store that we can use."""
    with db:  # one snapshot: another process may be making the schema right now
        version = _user_version(db)
        application = int(next(db.execute("PRAGMA application_id"))[0])
        empty = next(db.execute("SELECT 1 FROM sqlite_schema"), None) is None
    if application != APPLICATION_ID and not (empty and version == application == 0):
        raise Mendable(f"{file} belongs to another program. Move it away, or choose another folder.")
    if version > len(MIGRATIONS):
        raise Mendable(
            f"{file} was written by a newer version of SMS Desktop. "
            "Install that version to use it; nothing was changed."
        )
    return version


def _switch_to_wal(db: apsw.Connection) -> None:
    """Set the journal mode, which the file then keeps."""
    # SQLite does not wait here while another process does the same.
    deadline = time.monotonic() + _BUSY_MS / 1_000
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except apsw.BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _user_version(db: apsw.Connection) -> int:
    return int(next(db.execute("PRAGMA user_version"))[0])


@contextmanager
def _in_words(file: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into our errors."""
    try:
        yield
    except apsw.Error as error:
        raise _translated(error, file) from error
    except PermissionError as error:
        raise Mendable(
            f"{file} can't be opened: {error.strerror}. The folder must be yours to write."
        ) from error
    except OSError as error:
        raise TryLater(f"{file} can't be used: {error.strerror}.") from error


def _translated(error: apsw.Error, file: Path) -> SmsDesktopError:
    match error:
        case apsw.FullError():
            return TryLater(
                f"The disk of {file.parent} is full. Nothing was lost; free some space and try again."
            )
        case apsw.BusyError() | apsw.LockedError():
            return TryLater(f"{file} is in use by another program for too long. Try again.")
        case apsw.ReadOnlyError() | apsw.CantOpenError() | apsw.PermissionsError():
            return Mendable(f"{file} can't be written. The file and its folder must be yours to write.")
        case apsw.CorruptError() | apsw.NotADBError():
            return Mendable(
                f"{file} is damaged, or is not a store of SMS Desktop. "
                "Restore a backup of it, or move it away."
            )
        case apsw.IOError():
            return TryLater(f"Reading or writing {file} failed. Check the disk.")
        case _:
            return OurFault(f"The store refused a step of this program ({type(error).__name__}: {error}).")
