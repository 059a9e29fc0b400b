"""An event log in PostgreSQL, for several relays at once. Opened by place.

One database serves as long as its one flush of the log at a time suffices: thousands of webhooks a second and
stream, since each commit carries many. Beyond that, streams are spread, not divided: every table begins with
`stream_id`, no statement spans two streams but those of one batch, and nothing is ordered between streams. So

- tables become partitioned by hash of `stream_id` in one database, which changes no statement here;
- or streams live in several databases, each relay process being given the one that its tokens lead to;
- or the database is a PostgreSQL-compatible distributed one, spread by `stream_id`; there `LISTEN` may be
  missing, which costs a reader a second at most, and a commit may fail for a conflict, which is answered with
  503 like any failure.

In each case it stays true that a stream's numbers are dense and in the order of commits, and that 200 is said
after the durable commit. A stream that moves to another database keeps its epoch if nothing was lost, and
begins another one if something may have been: a console then sees `stream-reset`, never silence. A fail-over
to a standby that missed the tail shows as `cursor-ahead`; name a synchronous standby to rule it out.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from sms_desktop.servers.relay import (
    postgresql_reading,
    postgresql_tokens,
    postgresql_upkeep,
    postgresql_writing,
)
from sms_desktop.servers.relay.log import (
    READ,
    Batch,
    IngestGrant,
    LogUnusable,
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
from sms_desktop.servers.relay.postgresql_connections import Connection, Connections
from sms_desktop.servers.relay.postgresql_schema import prepare
from sms_desktop.servers.relay.signatures import NO_SIGNATURES, SigningRule


class PostgresqlLog:
    """An EventLog in a database. See `log.EventLog` for what the methods promise.

    Raises LogUnusable for a database that will not do, StoreFailing for one that does not answer.
    """

    def __init__(self, dsn: str) -> None:
        self._connections = Connections(dsn)
        try:
            self._connections.open()
            with self._connections.writing() as db:
                prepare(db)
        except BaseException:
            self._connections.close()
            raise

    def commit(self, batch: Batch) -> list[Placement]:
        """Store a batch in one durable transaction and say where each arrival stands."""
        try:
            return self._commit(batch)
        except StoreFailing as failure:
            # The connection may have broken while the server was away. The same again is harmless, even if
            # the first one did reach the disk: the keys are known then.
            cause = failure.__cause__
            if not isinstance(cause, psycopg.OperationalError) or isinstance(
                cause, psycopg.errors.QueryCanceled
            ):
                raise
            if cause.sqlstate is None and self._connections.is_ending:
                raise
            return self._commit(batch)

    def probe(self) -> None:
        """Prove that a durable write is possible."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO sms_relay.probe VALUES (%s, %s) "
                "ON CONFLICT (id) DO UPDATE SET at_us = excluded.at_us",
                (os.getpid() % 1000, _now_us()),
            )

    def free_octets(self) -> int | None:
        """None: the server's disk is not ours to see."""
        return None

    def watch(self, announce: Callable[[Mapping[int, int]], None]) -> None:
        """Call `announce` with the heads that other relays advance, until `close`."""
        self._connections.listen(announce)

    def streams(self) -> dict[str, int]:
        """All streams: name to id."""
        with self._connections.reading() as db:
            rows = db.execute("SELECT name, id FROM sms_relay.stream").fetchall()
        return {str(name): int(str(id_)) for name, id_ in rows}

    def state(self, stream_id: int) -> StreamState:
        """The state of a stream."""
        with self._connections.reading() as db:
            return postgresql_reading.state(db, stream_id)

    def read(
        self, stream_id: int, *, after: int, limit: int, kinds: frozenset[str] | None, max_octets: int
    ) -> Slice:
        """Up to `limit` events after a number, of some kinds or all, no longer than `max_octets` together."""
        with self._connections.reading() as db:
            return postgresql_reading.read(
                db, stream_id, after=after, limit=limit, kinds=kinds, max_octets=max_octets
            )

    def raw(self, stream_id: int, seq: int) -> RawEvent | None:
        """One event as it came over the wire, None if it is not kept."""
        with self._connections.reading() as db:
            return postgresql_reading.raw(db, stream_id, seq)

    def reports(self, stream_ids: Sequence[int]) -> list[StreamReport]:
        """What there is to say about streams."""
        with self._connections.reading() as db:
            return postgresql_reading.reports(db, stream_ids)

    def stream(self, name: str) -> int:
        """The id of a stream by name; it is made, with a random epoch, if it is new."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO sms_relay.stream (name, epoch, created_us) VALUES (%s, %s, %s) "
                "ON CONFLICT (name) DO NOTHING",
                (name, os.urandom(8).hex(), _now_us()),
            )
            row = db.execute("SELECT id FROM sms_relay.stream WHERE name = %s", (name,)).fetchone()
        assert row is not None
        assert isinstance(row[0], int)
        return row[0]

    def rotate_epoch(self, stream_id: int) -> str:
        """Begin another life of a stream."""
        epoch = os.urandom(8).hex()
        with self._transaction() as db:
            db.execute("UPDATE sms_relay.stream SET epoch = %s WHERE id = %s", (epoch, stream_id))
        return epoch

    def erase(self, stream_id: int, number: str) -> int:
        """Blank what holds a phone number. The server's log and dead rows go as its own upkeep goes."""
        erased = 0
        after: int | None = 0
        while after is not None:
            with self._transaction() as db:
                found, after = postgresql_upkeep.erase(db, stream_id, number, after)
            erased += found
        return erased

    def purge(self, stream_id: int, retention: Retention, now_us: int) -> Purged:
        """Delete one batch of the oldest events that need not be kept any more."""
        with self._transaction() as db:
            return postgresql_upkeep.purge(db, stream_id, retention, now_us)

    def purge_keys(self, stream_id: int, retention: Retention, now_us: int, after: bytes) -> bytes | None:
        """Delete old keys among the next ones after `after`; returns where to go on, None at the end."""
        with self._transaction() as db:
            return postgresql_upkeep.purge_keys(db, stream_id, retention, now_us, after)

    def backup(self, target: Path) -> None:
        """Refuses: PostgreSQL has better."""
        raise LogUnusable(
            "log: a log in PostgreSQL is copied with PostgreSQL's own tools.",
            hint="Use pg_dump --schema=sms_relay, and smsctl relay epoch rotate after a restore.",
        )

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
            return postgresql_tokens.add_ingest_token(
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
            return postgresql_tokens.add_reader_token(
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
        with self._connections.reading() as db:
            return postgresql_tokens.ingest_grant(db, token_hash, now_us=_now_us())

    def reader_grant(self, token_hash: bytes) -> ReaderGrant | None:
        """What a reader token opens, None if nothing."""
        with self._connections.reading() as db:
            return postgresql_tokens.reader_grant(db, token_hash, now_us=_now_us())

    def tokens(self) -> list[TokenReport]:
        """All tokens, in order of their making."""
        with self._connections.reading() as db:
            return postgresql_tokens.tokens(db)

    def revoke(self, token_id: str) -> bool:
        """End a token; False if there is none of this id that still is good."""
        with self._transaction() as db:
            return postgresql_tokens.revoke(db, token_id, now_us=_now_us())

    def interrupt(self) -> None:
        """Make a commit that is under way fail."""
        self._connections.interrupt()

    def close(self) -> None:
        """End every session."""
        self._connections.close()

    def _commit(self, batch: Batch) -> list[Placement]:
        with self._transaction() as db:
            placements = postgresql_writing.place(db, batch.arrivals)
            postgresql_writing.note(db, batch.acknowledgements, batch.checks, batch.uses)
        return placements

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._connections.writing() as db, db.transaction():
            yield db


def _now_us() -> int:
    return time.time_ns() // 1000
