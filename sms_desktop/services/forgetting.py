"""Forgetting: one number, without a trace on this computer; or what is older than a profile keeps.

Called by cli and ui when a person asks, and by the profile's worker for what is old.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sms_desktop.messages.addresses import party
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ProfileId
from sms_desktop.services.clock import Clock, now_us
from sms_desktop.services.deeds import Actor
from sms_desktop.store import backups, forgetting, opt_outs
from sms_desktop.store.database import Store

_BATCH = 500
_DAY_US = 86_400_000_000

Progress = Callable[[int], None]
"""Told how many messages are removed so far."""


class Forgetting:
    """Every method touches the disk, and may take long in a large store."""

    def __init__(self, store: Store, *, clock: Clock = now_us, actor: Actor | None = None) -> None:
        self._store = store
        self._clock = clock
        self._actor = actor or Actor()

    def number(
        self, typed: str, *, keep_opt_out: bool | None = None, progress: Progress = lambda _: None
    ) -> int:
        """Remove all about a number: messages, receipts, drafts, their history, contact, index, backups.

        The kept backups go, and one is made anew. Returns how many messages there were. Raises Mendable for a
        number that is on the list of those not to contact while `keep_opt_out` does not say what becomes of
        that entry.
        """
        number = party(typed)
        with self._store.read() as db:
            if keep_opt_out is None and opt_outs.find(db, number) is not None:
                raise Mendable(
                    "This number is on the list of those not to contact. Say whether that entry stays: "
                    "without it, the number may be contacted again.",
                    field="keep_opt_out",
                )
        removed = 0
        while True:
            with self._store.write() as writing:
                batch = forgetting.of_number(writing.db, number, limit=_BATCH)
                forgetting.messages(writing.db, batch)
                writing.queue_changed()
            removed += len(batch)
            progress(removed)
            if len(batch) < _BATCH:
                break
        with self._store.write() as writing:
            forgetting.traces(writing.db, number, keep_opt_out=bool(keep_opt_out))
            self._actor.note(writing, self._clock(), "forget", f"{removed} messages")
            writing.queue_changed()
        self._purge()
        return removed

    def _purge(self) -> None:
        """Leave nothing in free pages, in the log, or in backups of before."""
        had_backups = _drop_backups(self._store.file)
        with self._store.whole() as db:
            db.execute("INSERT INTO message_text (message_text) VALUES ('optimize')")
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if had_backups:
                backups.make(db, self._store.file)

    def set_retention(self, profile: ProfileId, days: int | None) -> None:
        """Keep a profile's messages for so many days, or for good. Raises Mendable for less than a day."""
        if days is not None and not 1 <= days <= 36_500:
            raise Mendable("days: use 1 to 36500.", field="days")
        with self._store.write() as writing:
            forgetting.set_retention(writing.db, profile, days)
            self._actor.note(writing, self._clock(), "retention", profile)

    def retention(self) -> dict[ProfileId, int]:
        """For how many days each profile keeps its messages; those that keep them for good are left out."""
        with self._store.read() as db:
            return forgetting.retention(db)

    def older(self, profile: ProfileId, days: int) -> int:
        """How many messages `old` would remove if the profile kept its messages for so many days."""
        with self._store.read() as db:
            return forgetting.count_older_than(db, profile, self._clock() - days * _DAY_US)

    def old(self, *, only: ProfileId | None = None, progress: Progress = lambda _: None) -> int:
        """Remove what is older than its profile keeps, or of one profile alone; returns how many messages.

        What still waits to be sent stays.
        """
        removed = 0
        for profile, days in self.retention().items():
            if only is not None and profile != only:
                continue
            before_us = self._clock() - days * _DAY_US
            last = -1
            while True:
                with self._store.read() as db:
                    batch = forgetting.older_than(db, profile, before_us, limit=_BATCH, after=last)
                if not batch:
                    break
                last = batch[-1][0]
                with self._store.write() as writing:
                    forgetting.messages(writing.db, [message for _, message in batch])
                    writing.queue_changed()
                removed += len(batch)
                progress(removed)
            moment = datetime.fromtimestamp(before_us / 1e6, UTC).isoformat()
            with self._store.write() as writing:
                forgetting.events_before(writing.db, profile, moment)
                forgetting.orphans_before(writing.db, profile, before_us)
        return removed


def _drop_backups(store: Path) -> bool:
    kept = backups.kept(store)
    for backup in kept:
        backup.file.unlink(missing_ok=True)
    for other in (*backups.replaced(store), *backups.unfinished(store)):
        other.unlink(missing_ok=True)
    return bool(kept)
