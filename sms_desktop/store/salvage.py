"""What can still be read of a damaged store, in a new one. Used by services when a person asks for it.

The damaged file is only read. Rows on damaged pages are lost, and counted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import apsw

from sms_desktop.messages.errors import Mendable
from sms_desktop.store import waiting
from sms_desktop.store.file_errors import in_words
from sms_desktop.store.schema import APPLICATION_ID, MIGRATIONS

_BATCH = 500
_CAN_T_BE_READ = (apsw.CorruptError, apsw.IOError, apsw.NotADBError, apsw.FormatError, apsw.MismatchError)
# Searching goes through a table of its own, made anew from the messages.
_EVIDENCE = ("message", "request", "attempt", "part")
_MAY_HAVE_GONE_OUT = "The store was damaged, and the record of an attempt to send this may be lost."
_INDEX_OF_WORDS = ("message_text", "contact_text", "conversation_text", "sqlite_")


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How many rows of a table were saved, and in how many places rows could not be read."""

    table: str
    rows: int
    gaps: int


def salvage(damaged: Path, into: Path) -> tuple[Salvaged, ...]:
    """Copy every row that can be read from `damaged` into the new store `into`.

    Raises Mendable if `into` exists, or if nothing can be read.
    """
    if into.exists():
        raise Mendable(f"{into} exists already.", field="into")
    with in_words(damaged):
        old = apsw.Connection(str(damaged), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            version = _version(old)
            os.close(os.open(into, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            new = apsw.Connection(str(into))
            try:
                return _copy(old, new, version)
            finally:
                new.close()
        finally:
            old.close()


def _version(old: apsw.Connection) -> int:
    """The version of the damaged store; the newest if its first page can't tell."""
    try:
        version = int(next(old.execute("PRAGMA user_version"))[0])
    except _CAN_T_BE_READ:
        return len(MIGRATIONS)
    return version if 1 <= version <= len(MIGRATIONS) else len(MIGRATIONS)


def _copy(old: apsw.Connection, new: apsw.Connection, version: int) -> tuple[Salvaged, ...]:
    new.execute("PRAGMA journal_mode = WAL")
    new.execute("PRAGMA foreign_keys = OFF")
    for migration in MIGRATIONS[:version]:
        new.execute(migration)
    new.execute(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version}")
    report = []
    for table in _tables(new):
        new.execute("BEGIN")
        report.append(_copy_table(old, new, table))
        new.execute("COMMIT")
    _drop_orphans(new)
    if any(each.gaps for each in report if each.table in _EVIDENCE):
        _doubt_what_waits(new)
    return tuple(report)


def _doubt_what_waits(new: apsw.Connection) -> None:
    """The record of an attempt may be among the lost rows: nothing goes out that may have gone out before."""
    waiting.hold_everything(new, _MAY_HAVE_GONE_OUT)
    new.execute(
        """
        INSERT INTO request (message_id, no) SELECT id, 1 FROM message m
        WHERE direction = 'out' AND NOT EXISTS (SELECT 1 FROM request r WHERE r.message_id = m.id)
        """
    )


def _tables(new: apsw.Connection) -> list[str]:
    names = new.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid").fetchall()
    return [str(name) for (name,) in names if not str(name).startswith(_INDEX_OF_WORDS)]


def _copy_table(old: apsw.Connection, new: apsw.Connection, table: str) -> Salvaged:
    columns = [str(row[1]) for row in new.execute(f"PRAGMA table_info({table})")]
    try:
        there = {str(row[1]) for row in old.execute(f"PRAGMA table_info({table})")}
    except _CAN_T_BE_READ:
        return Salvaged(table, 0, 1)
    names = ", ".join(column for column in columns if column in there)
    if not names:
        return Salvaged(table, 0, 1)
    marks = ", ".join("?" * len(names.split(", ")))
    insert = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"
    counted = gaps = 0
    for row in _readable(old, table, names):
        if row is None:
            gaps += 1
            continue
        try:
            new.execute(insert, row)
        except apsw.Error:  # a row that was read, and is not what it was
            gaps += 1
        else:
            counted += new.changes()
    return Salvaged(table, counted, gaps)


def _readable(old: apsw.Connection, table: str, names: str) -> Iterator[tuple[object, ...] | None]:
    """The rows of a table from its beginning, then from its end, as far as they can be read; None at a gap.

    Tables with numbered rows are read around a gap, too.
    """
    numbered = _has_row_numbers(old, table)
    if not numbered:
        try:
            yield from old.execute(f"SELECT {names} FROM {table}")
        except _CAN_T_BE_READ:
            yield None
        return
    last = -(2**62)
    try:
        for number, *values in old.execute(f"SELECT rowid, {names} FROM {table} WHERE rowid > ?", (last,)):
            last = int(str(number))
            yield tuple(values)
    except _CAN_T_BE_READ:
        yield None
    else:
        return
    yield from _around(old, table, names, last)


def _around(old: apsw.Connection, table: str, names: str, after: int) -> Iterator[tuple[object, ...] | None]:
    """Rows behind a gap: from the highest number downwards, then in strides over what lies between."""
    lowest = 2**62
    try:
        for number, *values in old.execute(
            f"SELECT rowid, {names} FROM {table} WHERE rowid > ? ORDER BY rowid DESC", (after,)
        ):
            lowest = int(str(number))
            yield tuple(values)
    except _CAN_T_BE_READ:
        yield None
    else:
        return
    if lowest == 2**62:
        return
    at = after + 1
    while at < lowest:  # a leaf holds at most a few hundred rows
        try:
            rows = old.execute(
                f"SELECT {names} FROM {table} WHERE rowid >= ? AND rowid < ?", (at, min(at + _BATCH, lowest))
            )
            yield from rows
        except _CAN_T_BE_READ:
            yield from _one_by_one(old, table, names, range(at, min(at + _BATCH, lowest)))
        at += _BATCH


def _one_by_one(
    old: apsw.Connection, table: str, names: str, numbers: range
) -> Iterator[tuple[object, ...] | None]:
    in_gap = False
    for number in numbers:
        try:
            yield from old.execute(f"SELECT {names} FROM {table} WHERE rowid = ?", (number,))
            in_gap = False
        except _CAN_T_BE_READ:
            if not in_gap:
                yield None
            in_gap = True


def _has_row_numbers(old: apsw.Connection, table: str) -> bool:
    try:
        old.execute(f"SELECT rowid FROM {table} LIMIT 0")
    except apsw.SQLError:
        return False
    except _CAN_T_BE_READ:
        return True
    return True


def _drop_orphans(new: apsw.Connection) -> None:
    """Remove rows whose parent was lost, until every reference holds again."""
    while True:
        broken = new.execute("PRAGMA foreign_key_check").fetchall()
        if not broken:
            return
        new.execute("BEGIN")
        for table, number, parent, _ in broken:
            if table == "conversation":
                # Its last message is lost: rebuilding finds another.
                new.execute("UPDATE conversation SET last_seq = NULL WHERE rowid = ?", (number,))
            elif number is not None:
                new.execute(f"DELETE FROM {table} WHERE rowid = ?", (number,))
            else:
                key = "message_id"
                new.execute(f"DELETE FROM {table} WHERE {key} NOT IN (SELECT id FROM {parent})")
        new.execute("COMMIT")
