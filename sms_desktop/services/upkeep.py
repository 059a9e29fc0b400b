"""The store as a whole: check it, compute it again, copy it, bring a copy back, save what can be read.

Called by cli, and by ui where a person asks for it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import apsw

from sms_desktop.messages.errors import Mendable, SmsDesktopError
from sms_desktop.services.clock import Clock, now_us
from sms_desktop.services.deeds import Actor
from sms_desktop.store import audit, backups, rebuild, salvage
from sms_desktop.store.backups import Backup
from sms_desktop.store.database import Store
from sms_desktop.store.opening import user_version
from sms_desktop.store.presence import Presence, is_open
from sms_desktop.store.rebuild import Difference
from sms_desktop.store.salvage import Salvaged

_MOST_PROBLEMS = 100

Progress = Callable[[float], None]
"""Told how much is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: damage in SQLite's words, rows without a parent, kept values that do not follow."""

    version: int
    damage: tuple[str, ...]
    orphans: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """True if nothing was found."""
        return not (self.damage or self.orphans or self.differences)


@dataclass(frozen=True, slots=True)
class Facts:
    """How it stands with a store: `octets` of its file with the log beside it, what it holds, its backups.

    `trouble` says why it can't be read, and then it is not known what it holds. `in_use` is True while any
    program has it open, this one included: nothing can be put in its place then.
    """

    file: Path
    octets: int
    messages: int | None
    conversations: int | None
    backups: tuple[Backup, ...]
    trouble: SmsDesktopError | None
    in_use: bool


def facts(store: Store) -> Facts:
    """Look how it stands with a store; one that can't be opened is no error here."""
    file = store.file
    messages = conversations = trouble = None
    try:
        with store.read() as db:
            messages = int(str(next(db.execute("SELECT count(*) FROM message"))[0]))
            conversations = int(str(next(db.execute("SELECT count(*) FROM conversation"))[0]))
    except SmsDesktopError as error:
        trouble = error
    return Facts(
        file,
        sum(part.stat().st_size for part in (file, file.with_name(file.name + "-wal")) if part.exists()),
        messages,
        conversations,
        backups.kept(file),
        trouble,
        trouble is None or is_open(file.parent),
    )


def check_beside(file: Path, *, progress: Progress = lambda _: None) -> Report:
    """As `check`, through connections of its own: who reads or writes the store meanwhile does not wait."""
    store = Store(file)
    try:
        return check(store, progress=progress)
    finally:
        store.close()


def check(store: Store, *, progress: Progress = lambda _: None) -> Report:
    """Look for damage and for values that do not follow from what they should; changes nothing."""
    with store.read() as db:
        version = user_version(db)
        damage = _damage(db)
        if damage:
            return Report(version, damage, (), ())
        orphans = tuple(
            f"{table} {number} has no {parent}"
            for table, number, parent, _ in itertools.islice(
                db.execute("PRAGMA foreign_key_check"), _MOST_PROBLEMS
            )
        )
        found = tuple(rebuild.differences(db, progress=progress))
    if store.notice is None:
        with store.write() as writing:  # a check of the index is written as an insertion, and writes nothing
            if not rebuild.index_is_sound(writing):
                damage = ("the index of words does not hold what the texts say: rebuild it",)
    return Report(version, damage, orphans, found)


def _damage(db: apsw.Connection) -> tuple[str, ...]:
    found: list[str] = []
    try:
        for table in rebuild.INDEXES:
            # FTS5 checks what it remembers of the index: a cursor makes it look again.
            db.execute(f"SELECT rowid FROM {table} LIMIT 1").fetchall()  # noqa: S608 - our own names
        found += [str(row[0]) for row in db.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})")]
    except apsw.CorruptError as error:
        found.append(str(error))
    return tuple(line for line in found if line != "ok")


def rebuilt(
    store: Store, *, clock: Clock = now_us, actor: Actor | None = None, progress: Progress = lambda _: None
) -> tuple[Difference, ...]:
    """Compute again what follows from something else; returns what was not so. Safe while others write."""
    with store.write() as writing:
        found = tuple(rebuild.differences(writing.db, progress=progress))
        for difference in found:
            rebuild.mend(writing, difference)
        rebuild.index_again(writing)
        (actor or Actor()).note(writing, clock(), "rebuild", len(found))
    return found


def backup(
    store: Store, *, clock: Clock = now_us, actor: Actor | None = None, progress: Progress = lambda _: None
) -> Path:
    """Copy the store beside itself, checked, while it is in use; the two youngest copies are kept."""
    with store.whole() as db:
        made = backups.make(db, store.file, progress=progress)
    with store.write() as writing:
        (actor or Actor()).note(writing, clock(), "backup", made.name)
    return made


def kept_backups(file: Path) -> tuple[Backup, ...]:
    """The backups of a store's file, the youngest first."""
    return backups.kept(file)


def restore(
    file: Path, chosen: Path | None = None, *, clock: Clock = now_us, actor: Actor | None = None
) -> tuple[Path, Path | None]:
    """Put a backup (the youngest, if none is named) in the store's place.

    Returns the backup, and where the old file was moved. Raises Mendable if there is none, or it is not
    whole; TryLater while a program has the store open.
    """
    if chosen is None:
        kept = backups.kept(file)
        if not kept:
            raise Mendable(f"There are no backups in {backups.folder_of(file)}.", field="backup")
        chosen = kept[0].file
    name, who = chosen.name, (actor or Actor()).name

    def note(db: apsw.Connection) -> None:
        if audit.is_kept(db):
            audit.note(db, at_us=clock(), actor=who, action="restore", subject=name)

    return chosen, backups.restore(file, chosen, note=note)


def salvaged(
    file: Path, *, clock: Clock = now_us, actor: Actor | None = None
) -> tuple[tuple[Salvaged, ...], Path | None]:
    """Make a new store of what can be read of a damaged one, in its place.

    Returns what was saved of each table, and where the damaged file was moved. Raises Mendable if there is
    none, TryLater while a program has the store open.
    """
    if not file.exists():
        raise Mendable(f"There is no store {file}.", field="store")
    presence = Presence(file.parent, exclusive=True, seconds=2.0)
    try:
        into = file.with_name(file.name + backups.SALVAGED)
        into.unlink(missing_ok=True)
        report = salvage.salvage(file, into)
        aside = backups.set_aside(file)
        into.replace(file)
    finally:
        presence.close()
    store = Store(file)  # brings it to the present version
    try:
        rebuilt(store, clock=clock, actor=actor)
        with store.write() as writing:
            (actor or Actor()).note(writing, clock(), "salvage", sum(each.rows for each in report))
    finally:
        store.close()
    return report, aside
