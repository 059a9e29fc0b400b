"""Whole copies of the store, made while it is in use, and brought back. Used by opening and by services.

They lie in `backups` beside the store, one file each, private; the two youngest are kept.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import apsw

from sms_desktop.messages.errors import Mendable
from sms_desktop.store import opt_outs, waiting
from sms_desktop.store.file_errors import in_words
from sms_desktop.store.presence import Presence
from sms_desktop.store.schema import APPLICATION_ID, MIGRATIONS

KEPT = 2
RESTORING = ".restoring"
SALVAGED = ".salvaged"
"""How a store's name ends while it is being made, beside the one that it will replace."""
_PAGES_A_STEP = 2_000
_MOST_ENTRIES = 1_000_000
_ABANDONED_SECONDS = 3_600
_SIDE_FILES = ("-wal", "-shm", "-journal")
_MAY_HAVE_GONE_OUT = "A backup was restored, and this may have been sent after it was made."


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: its file, when it was made (UTC, seconds since 1970), its octets."""

    file: Path
    made: float
    octets: int


def folder_of(store: Path) -> Path:
    """Where the backups of a store lie."""
    return store.parent / "backups"


def kept(store: Path) -> tuple[Backup, ...]:
    """The backups of a store, the youngest first."""
    found = [
        Backup(path, path.stat().st_mtime, path.stat().st_size)
        for path in folder_of(store).glob(f"{store.stem}-*.db")
    ]
    return tuple(sorted(found, key=lambda backup: backup.file.name, reverse=True))


def replaced(store: Path) -> tuple[Path, ...]:
    """The files that a restore or a salvage moved out of the store's place, with what belongs to them."""
    return tuple(store.parent.glob(f"{store.stem}-replaced-*"))


def unfinished(store: Path) -> tuple[Path, ...]:
    """What a program that was killed left of a copy: half a backup, half a restore or salvage."""
    halves = (store.with_name(store.name + RESTORING), store.with_name(store.name + SALVAGED))
    found = [*folder_of(store).glob(f"{store.stem}-*.part*")]
    for half in halves:
        found += [half, *(half.with_name(half.name + side) for side in _SIDE_FILES)]
    return tuple(path for path in found if path.exists())


def make(db: apsw.Connection, store: Path, *, progress: Callable[[float], None] = lambda _: None) -> Path:
    """Copy the store that `db` is connected to, check the copy, and drop all but the youngest backups.

    Others may write meanwhile. `progress` is told how much is done, from 0 to 1. Raises what SQLite raises.
    """
    folder = folder_of(store)
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    finished = folder / f"{store.stem}-{stamp}.db"
    half = finished.with_suffix(".part")
    for other in folder.glob(f"{store.stem}-*.part*"):
        with suppress(OSError):
            if time.time() - other.stat().st_mtime > _ABANDONED_SECONDS:
                other.unlink()
    copy_into(db, half, progress)
    half.replace(finished)
    _sync_folder(folder)
    for old in kept(store)[KEPT:]:
        old.file.unlink(missing_ok=True)
    return finished


def copy_into(db: apsw.Connection, file: Path, progress: Callable[[float], None] = lambda _: None) -> None:
    """Copy a database into a new private file that is on the disk, and is whole, when this returns."""
    file.unlink(missing_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        copy = apsw.Connection(str(file))
        try:
            work = copy.backup("main", db, "main")
            try:
                while not work.done:
                    try:
                        work.step(_PAGES_A_STEP)
                    except (apsw.BusyError, apsw.LockedError):
                        time.sleep(0.01)
                        continue
                    progress(1 - work.remaining / max(work.page_count, 1))
                work.finish()
            finally:
                work.close(True)  # after an error it would tell the same error again
            # A backup is one file: nothing of it may lie in a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
            if next(copy.execute("PRAGMA quick_check(1)"))[0] != "ok":
                raise apsw.CorruptError("the copy is not whole")
        finally:
            copy.close()
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def restore(
    store: Path, backup: Path, *, note: Callable[[apsw.Connection], None] = lambda _: None
) -> Path | None:
    """Put a backup in the store's place; the old file is kept beside it and returned, None if there was none.

    What waits to be sent in the backup may have been sent since: it waits for a person from now on. Numbers
    that were put on the list of those not to contact since then stay on it. `note` may write into the
    restored store before anybody can open it; its schema may be of any version.

    Raises Mendable for a file that is no whole backup of ours, TryLater while another program has the store
    open.
    """
    with in_words(backup):
        _check(backup)
    with in_words(store):
        store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        presence = Presence(store.parent, exclusive=True, seconds=2.0)
        try:
            return _replace(store, backup, note)
        finally:
            presence.close()


def _replace(store: Path, backup: Path, note: Callable[[apsw.Connection], None]) -> Path | None:
    ready = store.with_name(store.name + RESTORING)
    source = apsw.Connection(str(backup), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        copy_into(source, ready)
    finally:
        source.close()
    # The mode that a store has, kept in the file.
    db = apsw.Connection(str(ready))
    try:
        db.execute("PRAGMA journal_mode = WAL")
        waiting.hold_everything(db, _MAY_HAVE_GONE_OUT)
        _keep_opt_outs(store, db)
        note(db)
    finally:
        db.close()
    aside = set_aside(store)
    ready.replace(store)
    _sync_folder(store.parent)
    return aside


def _keep_opt_outs(store: Path, db: apsw.Connection) -> None:
    """Carry the numbers that are not to be contacted from the store, as far as it can be read, into `db`."""
    if not store.exists():
        return
    with suppress(apsw.Error):  # it may be damaged, or either may have no list yet
        present = apsw.Connection(str(store), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            entries = opt_outs.every(present, limit=_MOST_ENTRIES)
        finally:
            present.close()
        for entry in entries:
            opt_outs.add(db, entry)


def set_aside(store: Path) -> Path | None:
    """Move a store out of the way, with what belongs to it; returns where it is, None if there was none."""
    if not store.exists():
        for side in _SIDE_FILES:
            store.with_name(store.name + side).unlink(missing_ok=True)
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    aside = store.with_name(f"{store.stem}-replaced-{stamp}.db")
    for side in _SIDE_FILES:  # first: a log beside another database would be taken for its own
        with suppress(FileNotFoundError):
            store.with_name(store.name + side).replace(aside.with_name(aside.name + side))
    store.replace(aside)
    return aside


def _check(backup: Path) -> None:
    if not backup.is_file():
        raise Mendable(f"There is no backup {backup}.", field="backup")
    db = apsw.Connection(str(backup), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        if int(next(db.execute("PRAGMA application_id"))[0]) != APPLICATION_ID:
            raise Mendable(f"{backup} is no backup of SMS Desktop.", field="backup")
        if int(next(db.execute("PRAGMA user_version"))[0]) > len(MIGRATIONS):
            raise Mendable(f"{backup} was made by a newer version of SMS Desktop.", field="backup")
        if next(db.execute("PRAGMA integrity_check(1)"))[0] != "ok":
            raise Mendable(f"{backup} is damaged.", field="backup")
    finally:
        db.close()


def _sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where a folder can be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
