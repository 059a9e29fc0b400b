"""An event log in one SQLite file: WAL, every commit synchronised in full. Opened by place."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import msgspec

from sms_desktop.messages.ids import new_id
from sms_desktop.relay.events import Event
from sms_desktop.servers.relay.log import (
    Arrival,
    Batch,
    ConsumerReport,
    IngestGrant,
    Placement,
    ReaderGrant,
    Slice,
    StoreFailing,
    StreamReport,
    StreamState,
)
from sms_desktop.servers.relay.sqlite_schema import check_after_crash, connect, lock_for_serving, open_log

_CHECKPOINT_PAGES = 2000
_READERS = 4
_LOOKED_AT_ONCE = 10_000
_EVENT_OVERHEAD = 300
_EMBEDDED_INGEST_LIFE_US = 30 * 24 * 3600 * 1_000_000
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)

_ADD_KEY = """
    INSERT INTO dedupe (stream_id, key, seq, first_us, last_us, seen) VALUES (?, ?, ?, ?, ?, 1)
    ON CONFLICT (stream_id, key) DO UPDATE SET seen = seen + 1, last_us = excluded.last_us
    RETURNING seq"""
_ADD_EVENT = """
    INSERT INTO event (stream_id, seq, kind, received_us, monotonic_us, key, signature, flags, payload,
                       method, query, body, content_type, headers, peer)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_ADVANCE = "UPDATE stream SET head = ?, octets = octets + ? WHERE id = ?"
_ACKNOWLEDGE = """
    INSERT INTO consumer (stream_id, name, token_id, acked, last_seen_us) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (stream_id, name) DO UPDATE
    SET acked = max(acked, excluded.acked), token_id = excluded.token_id,
        last_seen_us = excluded.last_seen_us"""
_COUNT_CHECKS = "UPDATE ingest SET checks = checks + ?, checked_us = ? WHERE id = ?"
_STATE = """
    SELECT id, name, epoch, head, coalesce((SELECT min(seq) FROM event WHERE stream_id = stream.id), head + 1)
    FROM stream WHERE id = ?"""
_READ = """
    SELECT event.seq, event.kind, event.received_us, event.key, event.signature, event.payload, dedupe.seen
    - 1 FROM event LEFT JOIN dedupe ON dedupe.stream_id = event.stream_id AND dedupe.key = event.key WHERE
    event.stream_id = ?1 AND event.seq > ?2 AND event.seq <= ?3 AND (?4 IS NULL OR event.kind IN (SELECT
    value FROM json_each(?4)))
    ORDER BY event.seq LIMIT ?5"""

_read_payload = msgspec.json.Decoder(dict[str, str]).decode


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
            placements = self._place(db, batch.arrivals)
            if batch.acknowledgements:
                db.executemany(
                    _ACKNOWLEDGE,
                    [(a.stream_id, a.consumer, a.token_id, a.seq, a.at_us) for a in batch.acknowledgements],
                )
            if batch.checks:
                db.executemany(
                    _COUNT_CHECKS, [(check.count, check.at_us, check.token_id) for check in batch.checks]
                )
        return placements

    def probe(self) -> None:
        """Prove that a durable write is possible."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('probe', ?)", (str(_now_us()),))

    def state(self, stream_id: int) -> StreamState:
        """The state of a stream."""
        with self._snapshot() as db:
            return _state(db, stream_id)

    def read(
        self, stream_id: int, *, after: int, limit: int, kinds: frozenset[str] | None, max_octets: int
    ) -> Slice:
        """Up to `limit` events after a number, of some kinds or all, no longer than `max_octets` together."""
        events: list[Event] = []
        octets = 0
        with self._snapshot() as db:
            state = _state(db, stream_id)
            start = max(after, state.oldest - 1)
            through = min(state.head, start + _LOOKED_AT_ONCE)
            wanted = None if kinds is None else msgspec.json.encode(sorted(kinds)).decode()
            rows = db.execute(_READ, (stream_id, start, through, wanted, limit + 1))
            for seq, kind, received_us, key, signature, payload, duplicates in rows:
                octets += len(payload) + _EVENT_OVERHEAD
                if len(events) == limit or (events and octets > max_octets):
                    through = events[-1].seq
                    break
                events.append(
                    Event(
                        seq=seq,
                        id=key.hex(),
                        stream=state.name,
                        kind=kind,
                        received_at=_EPOCH_START + timedelta(microseconds=received_us),
                        signature=signature,
                        duplicates=duplicates or 0,
                        payload=_read_payload(payload),
                    )
                )
            rows.close()
        return Slice(state, events, through)

    def reports(self, stream_ids: Sequence[int]) -> list[StreamReport]:
        """What there is to say about streams."""
        reports: list[StreamReport] = []
        with self._snapshot() as db:
            for stream_id in stream_ids:
                octets = db.execute("SELECT octets FROM stream WHERE id = ?", (stream_id,)).get
                checks = db.execute("SELECT sum(checks) FROM ingest WHERE stream_id = ?", (stream_id,)).get
                consumers = [
                    ConsumerReport(name, acked, last_seen_us)
                    for name, acked, last_seen_us in db.execute(
                        "SELECT name, acked, last_seen_us FROM consumer WHERE stream_id = ? ORDER BY name",
                        (stream_id,),
                    )
                ]
                reports.append(StreamReport(_state(db, stream_id), octets, consumers, checks or 0))
        return reports

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

    def add_ingest_token(self, stream_id: int, token_hash: bytes, *, purpose: str) -> str:
        """Let a token write into a stream; returns the token's id.

        Tokens of the same purpose stay valid, since webhooks sent to them may still be repeated; those of
        embedded relays, which get a new one at every start, go after 30 days.
        """
        now = _now_us()
        with self._transaction() as db:
            db.execute(
                "DELETE FROM ingest WHERE stream_id = ? AND purpose = 'embedded' AND created_us < ?",
                (stream_id, now - _EMBEDDED_INGEST_LIFE_US),
            )
            db.execute(
                "INSERT INTO ingest (hash, id, stream_id, purpose, created_us) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (hash) DO UPDATE SET created_us = excluded.created_us",
                (token_hash, new_id(), stream_id, purpose, now),
            )
            return str(db.execute("SELECT id FROM ingest WHERE hash = ?", (token_hash,)).get)

    def add_reader_token(self, stream_id: int, token_hash: bytes, *, purpose: str, replace: bool) -> str:
        """Let a token read a stream; returns the token's id."""
        token_id = new_id()
        with self._transaction() as db:
            if replace:
                db.execute(
                    "DELETE FROM reader WHERE purpose = ? "
                    "AND id IN (SELECT reader_id FROM reader_stream WHERE stream_id = ?)",
                    (purpose, stream_id),
                )
            db.execute(
                "INSERT INTO reader (hash, id, consumer, purpose, created_us) VALUES (?, ?, ?, ?, ?)",
                (token_hash, token_id, purpose if replace else token_id, purpose, _now_us()),
            )
            db.execute(
                "INSERT INTO reader_stream (reader_id, stream_id) VALUES (?, ?)", (token_id, stream_id)
            )
        return token_id

    def ingest_grant(self, token_hash: bytes) -> IngestGrant | None:
        """Where an ingest token leads, None if nowhere."""
        with self._snapshot() as db:
            row = db.execute("SELECT id, stream_id FROM ingest WHERE hash = ?", (token_hash,)).fetchone()
        return None if row is None else IngestGrant(*row)

    def reader_grant(self, token_hash: bytes) -> ReaderGrant | None:
        """What a reader token opens, None if nothing."""
        with self._snapshot() as db:
            row = db.execute("SELECT id, consumer FROM reader WHERE hash = ?", (token_hash,)).fetchone()
            if row is None:
                return None
            streams = db.execute(
                "SELECT name, id FROM stream JOIN reader_stream ON stream_id = id WHERE reader_id = ?",
                (row[0],),
            )
            names = {str(name): int(stream_id) for name, stream_id in streams}
        return ReaderGrant(row[0], row[1], names)

    def close(self) -> None:
        """Leave everything in order on the disk: no reader, the log checkpointed, the lock free."""
        for _ in range(_READERS):
            reader = self._readers.get()
            if reader is not None:
                reader.close()
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
        self._writer.wal_autocheckpoint(_CHECKPOINT_PAGES)

    def _place(self, db: apsw.Connection, arrivals: Sequence[Arrival]) -> list[Placement]:
        heads: dict[int, int] = {}
        octets: dict[int, int] = {}
        placements = []
        rows = []
        for arrival in arrivals:
            stream_id = arrival.stream_id
            head = heads.get(stream_id)
            if head is None:
                head = db.execute("SELECT head FROM stream WHERE id = ?", (stream_id,)).get
                heads[stream_id] = head
                octets[stream_id] = 0
            seq = db.execute(
                _ADD_KEY, (stream_id, arrival.key, head + 1, arrival.received_us, arrival.received_us)
            ).get
            placements.append(Placement(seq, seq > head))
            if seq <= head:
                continue
            heads[stream_id] = seq
            octets[stream_id] += len(arrival.payload) + len(arrival.query) + len(arrival.body)
            rows.append(
                (
                    stream_id,
                    seq,
                    arrival.kind,
                    arrival.received_us,
                    arrival.monotonic_us,
                    arrival.key,
                    arrival.signature,
                    arrival.flags,
                    arrival.payload,
                    arrival.method,
                    arrival.query,
                    arrival.body,
                    arrival.content_type,
                    arrival.headers,
                    arrival.peer,
                )
            )
        if rows:
            db.executemany(_ADD_EVENT, rows)
            db.executemany(
                _ADVANCE, [(head, octets[stream_id], stream_id) for stream_id, head in heads.items()]
            )
        return placements

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


def _state(db: apsw.Connection, stream_id: int) -> StreamState:
    row = db.execute(_STATE, (stream_id,)).fetchone()
    assert row is not None
    return StreamState(*row)


def _now_us() -> int:
    return time.time_ns() // 1000
