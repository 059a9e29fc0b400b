"""An event log in one SQLite file: WAL, every commit synchronised in full. Opened by place."""

from __future__ import annotations

import os
import queue
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import apsw

from sms_desktop.servers.relay import sqlite_reading, sqlite_tokens, sqlite_upkeep, sqlite_writing
from sms_desktop.servers.relay.log import (
    READ,
    Batch,
    IngestGrant,
    Placement,
    Purged,
    RawEvent,
    ReaderGrant,
    Retention,
    Slice,
    StoreFailing,
    StreamReport,
    StreamState,
    TokenReport,
)
from sms_desktop.servers.relay.signatures import NO_SIGNATURES, SigningRule
from sms_desktop.servers.relay.sqlite_schema import check_after_crash, connect, lock_for_serving, open_log

_CHECKPOINT_PAGES = 4000
_READERS = 4
_CACHE_KIB = 32 * 1024

_ACKNOWLEDGE = """
    INSERT INTO consumer (stream_id, name, token_id, acked, last_seen_us) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (stream_id, name) DO UPDATE
    SET acked = max(acked, excluded.acked), token_id = excluded.token_id,
        last_seen_us = excluded.last_seen_us"""
_COUNT_CHECKS = "UPDATE ingest SET checks = checks + ?, checked_us = ? WHERE id = ?"
_USE = "UPDATE reader SET last_used_us = ?, last_peer = ? WHERE id = ?"


class SqliteLog:
    """An EventLog in a file. See `log.EventLog` for what the methods promise.

    With `serving`, this process alone serves the log: it holds a lock until `close`, and a log that was not
    closed is checked from end to end first. Raises LogUnusable when the file can't be used.
    """

    def __init__(self, path: Path, *, serving: bool) -> None:
        self._path = path.absolute()
        self._lock = lock_for_serving(self._path) if serving else None
        self._serving = serving
        self._write_lock = threading.Lock()
        self._readers: queue.LifoQueue[apsw.Connection | None] = queue.LifoQueue()
        self._closed = False
        try:
            self._writer = open_log(self._path)
            try:
                if serving:
                    self._begin_serving()
                for _ in range(_READERS):
                    self._readers.put(None)
            except BaseException:
                self._writer.close()
                raise
        except BaseException:
            if self._lock is not None:
                self._lock.close()
            raise

    def commit(self, batch: Batch) -> list[Placement]:
        """Store a batch in one durable transaction and say where each arrival stands."""
        with self._transaction() as db:
            placements = sqlite_writing.place(db, batch.arrivals)
            if batch.acknowledgements:
                db.executemany(
                    _ACKNOWLEDGE,
                    [(a.stream_id, a.consumer, a.token_id, a.seq, a.at_us) for a in batch.acknowledgements],
                )
            if batch.uses:
                db.executemany(_USE, [(use.at_us, use.peer, use.token_id) for use in batch.uses])
            if batch.checks:
                db.executemany(
                    _COUNT_CHECKS, [(check.count, check.at_us, check.token_id) for check in batch.checks]
                )
        return placements

    def probe(self) -> None:
        """Prove that a durable write is possible."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('probe', ?)", (str(_now_us()),))

    def free_octets(self) -> int | None:
        """The room left on the disk of the file."""
        try:
            return shutil.disk_usage(self._path.parent).free
        except OSError as error:
            raise StoreFailing("The disk of the log can't be seen.") from error

    def watch(self, announce: Callable[[Mapping[int, int]], None]) -> None:
        """Never calls: the process that serves the file is the only one that adds events."""

    def streams(self) -> dict[str, int]:
        """All streams: name to id."""
        with self._snapshot() as db:
            return {str(name): int(id_) for name, id_ in db.execute("SELECT name, id FROM stream")}

    def state(self, stream_id: int) -> StreamState:
        """The state of a stream."""
        with self._snapshot() as db:
            return sqlite_reading.state(db, stream_id)

    def read(
        self, stream_id: int, *, after: int, limit: int, kinds: frozenset[str] | None, max_octets: int
    ) -> Slice:
        """Up to `limit` events after a number, of some kinds or all, no longer than `max_octets` together."""
        with self._snapshot() as db:
            return sqlite_reading.read(
                db, stream_id, after=after, limit=limit, kinds=kinds, max_octets=max_octets
            )

    def raw(self, stream_id: int, seq: int) -> RawEvent | None:
        """One event as it came over the wire, None if it is not kept."""
        with self._snapshot() as db:
            return sqlite_reading.raw(db, stream_id, seq)

    def reports(self, stream_ids: Sequence[int]) -> list[StreamReport]:
        """What there is to say about streams."""
        with self._snapshot() as db:
            return sqlite_reading.reports(db, stream_ids)

    def stream(self, name: str) -> int:
        """The id of a stream by name; it is made, with a random epoch, if it is new."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO stream (name, epoch, created_us) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
                (name, os.urandom(8).hex(), _now_us()),
            )
            stream_id = db.execute("SELECT id FROM stream WHERE name = ?", (name,)).get
        assert isinstance(stream_id, int)
        return stream_id

    def rotate_epoch(self, stream_id: int) -> str:
        """Begin another life of a stream."""
        epoch = os.urandom(8).hex()
        with self._transaction() as db:
            db.execute("UPDATE stream SET epoch = ? WHERE id = ?", (epoch, stream_id))
        return epoch

    def erase(self, stream_id: int, number: str) -> int:
        """Blank what holds a phone number, in payload and raw, on the disk too."""
        erased = 0
        after: int | None = 0
        while after is not None:
            with self._transaction() as db:
                found, after = sqlite_upkeep.erase(db, stream_id, number, after)
            erased += found
        with self._write_lock:
            try:
                self._writer.pragma("wal_checkpoint", "RESTART" if self._serving else "PASSIVE")
            except apsw.BusyError:  # a reader still looks at the older state: the next checkpoint does it
                return erased
        return erased

    def purge(self, stream_id: int, retention: Retention, now_us: int) -> Purged:
        """Delete one batch of the oldest events that need not be kept any more."""
        with self._transaction() as db:
            return sqlite_upkeep.purge(db, stream_id, retention, now_us)

    def purge_keys(self, stream_id: int, retention: Retention, now_us: int, after: bytes) -> bytes | None:
        """Delete old keys among the next ones after `after`; returns where to go on, None at the end."""
        with self._transaction() as db:
            return sqlite_upkeep.purge_keys(db, stream_id, retention, now_us, after)

    def backup(self, target: Path) -> None:
        """Write a consistent copy while the log is served."""
        try:
            source = connect(self._path)
            try:
                sqlite_upkeep.copy_to(source, target.absolute())
            finally:
                source.close()
        except apsw.Error as error:
            raise StoreFailing(f"The log can't be copied now ({type(error).__name__}).") from error

    def add_ingest_token(
        self,
        stream_id: int,
        token_hash: bytes,
        *,
        purpose: str,
        signing: SigningRule = NO_SIGNATURES,
        expires_us: int | None = None,
    ) -> str:
        """Let a token write into a stream; returns the token's id."""
        with self._transaction() as db:
            return sqlite_tokens.add_ingest_token(
                db,
                stream_id,
                token_hash,
                purpose=purpose,
                signing=signing,
                expires_us=expires_us,
                now_us=_now_us(),
            )

    def add_reader_token(
        self,
        stream_ids: Sequence[int],
        token_hash: bytes,
        *,
        purpose: str,
        replace: bool,
        scope: str = READ,
        expires_us: int | None = None,
    ) -> str:
        """Let a token read streams; returns the token's id."""
        with self._transaction() as db:
            return sqlite_tokens.add_reader_token(
                db,
                stream_ids,
                token_hash,
                purpose=purpose,
                replace=replace,
                scope=scope,
                expires_us=expires_us,
                now_us=_now_us(),
            )

    def ingest_grant(self, token_hash: bytes) -> IngestGrant | None:
        """Where an ingest token leads, None if nowhere."""
        with self._snapshot() as db:
            return sqlite_tokens.ingest_grant(db, token_hash, now_us=_now_us())

    def reader_grant(self, token_hash: bytes) -> ReaderGrant | None:
        """What a reader token opens, None if nothing."""
        with self._snapshot() as db:
            return sqlite_tokens.reader_grant(db, token_hash, now_us=_now_us())

    def tokens(self) -> list[TokenReport]:
        """All tokens, in order of their making."""
        with self._snapshot() as db:
            return sqlite_tokens.tokens(db)

    def revoke(self, token_id: str) -> bool:
        """End a token; False if there is none of this id that still is good."""
        with self._transaction() as db:
            return sqlite_tokens.revoke(db, token_id, now_us=_now_us())

    def interrupt(self) -> None:
        """Make a commit that is under way fail."""
        self._writer.interrupt()

    def close(self) -> None:
        """Leave everything in order on the disk: no reader, the log checkpointed, the lock free."""
        readers = [self._readers.get() for _ in range(_READERS)]
        self._closed = True
        for reader in readers:
            if reader is not None:
                reader.close()
            self._readers.put(None)
        with self._write_lock:
            try:
                if self._serving:
                    self._writer.execute("INSERT OR REPLACE INTO meta VALUES ('serving', 'no')")
                    self._writer.pragma("wal_checkpoint", "TRUNCATE")
            except apsw.Error as error:
                raise StoreFailing(
                    f"The log could not be closed in order ({type(error).__name__})."
                ) from error
            finally:
                self._writer.close()
                if self._lock is not None:
                    self._lock.close()

    def _begin_serving(self) -> None:
        serving = self._writer.execute("SELECT value FROM meta WHERE key = 'serving'").get
        if serving == "yes":
            check_after_crash(self._writer, self._path)
        self._writer.execute("INSERT OR REPLACE INTO meta VALUES ('serving', 'yes')")
        self._begin_another_life_of_a_copy()
        self._writer.wal_autocheckpoint(_CHECKPOINT_PAGES)
        self._writer.pragma("cache_size", -_CACHE_KIB)  # keys are random: each touches another page

    def _begin_another_life_of_a_copy(self) -> None:
        """Numbers after the copying were given out twice: no cursor of before may be taken for one of now."""
        with self._transaction() as db:
            if db.execute("SELECT value FROM meta WHERE key = 'copy'").get == "yes":
                for (stream_id,) in db.execute("SELECT id FROM stream").fetchall():
                    db.execute("UPDATE stream SET epoch = ? WHERE id = ?", (os.urandom(8).hex(), stream_id))
                db.execute("DELETE FROM meta WHERE key = 'copy'")

    @contextmanager
    def _transaction(self) -> Iterator[apsw.Connection]:
        with self._write_lock:
            db = self._writer
            try:
                db.execute("BEGIN IMMEDIATE")
                try:
                    yield db
                    db.execute("COMMIT")
                except BaseException:
                    if db.in_transaction:
                        db.execute("ROLLBACK")
                    raise
            except apsw.Error as error:
                raise StoreFailing(f"The log can't be written now ({type(error).__name__}).") from error

    @contextmanager
    def _snapshot(self) -> Iterator[apsw.Connection]:
        db = self._readers.get()
        try:
            if self._closed:
                raise StoreFailing("The log is closed.")
            try:
                if db is None:
                    db = connect(self._path)
                db.execute("BEGIN")
                try:
                    yield db
                finally:
                    db.execute("COMMIT")
            except apsw.Error as error:
                raise StoreFailing(f"The log can't be read now ({type(error).__name__}).") from error
        finally:
            self._readers.put(db)


def _now_us() -> int:
    return time.time_ns() // 1000
