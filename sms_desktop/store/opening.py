"""Opening the store's file: whose it is, whether it is whole, and which version it has. Used by database.

Nothing is ever made anew where a store was: an empty or missing file beside kept backups is said, not filled.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import apsw

from sms_desktop.messages.errors import Mendable
from sms_desktop.store import backups
from sms_desktop.store.file_errors import DAMAGE_HINT, damaged
from sms_desktop.store.presence import Presence
from sms_desktop.store.schema import APPLICATION_ID, MIGRATIONS

Progress = Callable[[str, float], None]
"""Told what is being done, and how much of it is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The connections of an open store; `notice` says why there is no writer, None if there is one."""

    presence: Presence
    reader: apsw.Connection
    writer: apsw.Connection | None
    notice: str | None = None

    def close(self) -> None:
        """Close the connections, then let go of the folder."""
        self.reader.close()
        if self.writer is not None:
            self.writer.close()
        self.presence.close()


def open_store(file: Path, *, busy_ms: int, progress: Progress) -> Opened:
    """Open, make or migrate the store. Raises Mendable for a file that is not ours, or not whole."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    presence = Presence(file.parent)
    try:
        _refuse_to_begin_anew(file)
        was_killed = presence.alone and _has_content(_wal(file))
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        writer: apsw.Connection | None = _connect(file, busy_ms)
        assert writer is not None
        try:
            version = _checked_version(writer, file)
            if was_killed:
                _quick_check(writer, file, progress)
            notice = None
            if version > len(MIGRATIONS):
                writer.close()
                writer = None
                notice = (
                    f"{file} was written by a newer version of SMS Desktop. It is opened for reading only: "
                    "install that version to send and receive."
                )
            else:
                _migrate(writer, file, version, progress)
            reader = _connect(file, busy_ms)
            reader.execute("PRAGMA query_only = ON")
        except BaseException:
            if writer is not None:
                writer.close()
            raise
    except BaseException:
        presence.close()
        raise
    return Opened(presence, reader, writer, notice)


def _wal(file: Path) -> Path:
    return file.with_name(file.name + "-wal")


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def _refuse_to_begin_anew(file: Path) -> None:
    """Raise Mendable where a store was and is not any more: SQLite would silently begin a new one."""
    if _has_content(file) or not (_has_content(_wal(file)) or backups.kept(file)):
        return
    what = "is empty" if file.exists() else "is gone"
    raise Mendable(
        f"{file} {what}, though there was a store. Restore a backup; or move {backups.folder_of(file)} away "
        "to begin anew.",
        hint=DAMAGE_HINT,
    )


def _connect(file: Path, busy_ms: int) -> apsw.Connection:
    db = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READWRITE)
    db.set_busy_timeout(busy_ms)
    # A commit must survive a power cut: an attempt is written before its first octet leaves.
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten: a forgotten number leaves nothing in free pages.
    db.execute("PRAGMA secure_delete = ON")
    return db


def _quick_check(db: apsw.Connection, file: Path, progress: Progress) -> None:
    """After an unclean end: raise Mendable if the file is damaged."""
    progress("The last program did not end in order: checking the store", 0.0)
    # Until the file is known to be whole its log stays, also when it is closed: by the log the next one who
    # opens it knows that a check is due.
    db.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    found = [str(row[0]) for row in db.execute("PRAGMA quick_check(1)")]
    if found != ["ok"]:
        raise damaged(file)
    db.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
    progress("The store is whole", 1.0)


def _checked_version(db: apsw.Connection, file: Path) -> int:
    """The schema's version, 0 for an empty file. Raises Mendable if this is no store of ours."""
    with db:  # one snapshot: another process may be making the schema right now
        version = user_version(db)
        application = int(next(db.execute("PRAGMA application_id"))[0])
        empty = next(db.execute("SELECT 1 FROM sqlite_schema"), None) is None
    if application != APPLICATION_ID and not (empty and version == application == 0):
        raise Mendable(f"{file} belongs to another program. Move it away, or choose another folder.")
    return version


def _migrate(db: apsw.Connection, file: Path, version: int, progress: Progress) -> None:
    if version == 0:
        _switch_to_wal(db)
    elif version < len(MIGRATIONS):
        backups.make(db, file, progress=lambda done: progress("Backing up the store before its update", done))
    first = version
    while version < len(MIGRATIONS):
        if first:
            progress("Updating the store", (version - first) / (len(MIGRATIONS) - first))
        version = apply_migration(db)
    if 0 < first < version:
        progress("The store is up to date", 1.0)


def apply_migration(db: apsw.Connection) -> int:
    """Bring the schema one version further in one transaction; returns the version that it has then."""
    db.execute("BEGIN IMMEDIATE")
    try:
        version = user_version(db)  # another process may have come first
        if version < len(MIGRATIONS):
            db.execute(MIGRATIONS[version])
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {version + 1}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return user_version(db)


def _switch_to_wal(db: apsw.Connection) -> None:
    """Set the journal mode, which the file then keeps."""
    # SQLite does not wait here while another process does the same.
    deadline = time.monotonic() + 5.0
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except apsw.BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def user_version(db: apsw.Connection) -> int:
    """The version of the schema."""
    return int(next(db.execute("PRAGMA user_version"))[0])
