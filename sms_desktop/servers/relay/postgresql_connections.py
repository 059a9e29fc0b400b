"""Connections to PostgreSQL that come back after it was away. Called by postgresql_log.

Every session forces `synchronous_commit`, whatever the server's default is: what was answered with 200 must
outlive a crash, and a standby where one is named. A session goes to a server that takes writes, so that a
DSN with several hosts follows a fail-over.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import psycopg
from psycopg import conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from sms_desktop.servers.relay.log import LogUnusable, StoreFailing

Connection = psycopg.Connection[tuple[object, ...]]

CHANNEL = "sms_relay"
_READERS = 4
_CONNECT_SECONDS = 4
_STATEMENT_MILLISECONDS = 15_000
_LOCK_MILLISECONDS = 10_000
_SILENT_MILLISECONDS = 10_000
_INTERRUPT_SECONDS = 1.0
_POOL_SECONDS = 3.0
_POLL_SECONDS = 1.0
_AGAIN_SECONDS = 0.5
_OPTIONS = (
    f"-c synchronous_commit=on -c default_transaction_isolation=read\\ committed "
    f"-c statement_timeout={_STATEMENT_MILLISECONDS} -c lock_timeout={_LOCK_MILLISECONDS} "
    f"-c idle_in_transaction_session_timeout={_STATEMENT_MILLISECONDS} -c TimeZone=UTC"
)

_logger = logging.getLogger(__name__)


def complete(dsn: str) -> str:
    """The DSN with what every session of ours needs. Raises LogUnusable, without showing it."""
    try:
        given = conninfo.conninfo_to_dict(dsn)
        if not re.fullmatch("[0-9,]*", str(given.get("port", ""))):
            raise psycopg.ProgrammingError
        options = f"{given.get('options', '')} {_OPTIONS}".strip()
        ours: dict[str, str | int] = {
            "application_name": "smsctl relay",
            "target_session_attrs": "read-write",
            "connect_timeout": _CONNECT_SECONDS,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 2,
            "tcp_user_timeout": _SILENT_MILLISECONDS,
        }
        return conninfo.make_conninfo("", **{**ours, **_texts(given), "options": options})
    except psycopg.Error:
        raise LogUnusable(
            "log: this is not an address of a PostgreSQL database. It looks like "
            "postgresql://USER@HOST/DATABASE."
        ) from None


def _texts(given: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in given.items() if value is not None}


class _Absence:
    """Whether the server is known to be away: then one question waits for it, and the others do not.

    Else every webhook would hold a thread for seconds, and the last of many be told after minutes.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ask_at: float | None = None

    def check(self) -> None:
        """Raise StoreFailing while somebody else finds out whether it is back."""
        with self._lock:
            if self._ask_at is None:
                return
            now = time.monotonic()
            if now < self._ask_at:
                raise StoreFailing("The log can't be read now: its server is away.")
            self._ask_at = now + _POOL_SECONDS + _AGAIN_SECONDS

    def begin(self) -> None:
        """It did not answer."""
        with self._lock:
            if self._ask_at is None:
                _logger.error("the log can't be read: its server does not answer")
            self._ask_at = time.monotonic() + _AGAIN_SECONDS

    def end(self) -> None:
        """It answers."""
        with self._lock:
            if self._ask_at is not None:
                _logger.warning("the log can be read again")
            self._ask_at = None


class Connections:
    """One session to write with, a pool to read with, one that listens."""

    def __init__(self, dsn: str) -> None:
        self._dsn = complete(dsn)
        self._writing = threading.Lock()
        self._writer: Connection | None = None
        self._is_warned = False
        self._absence = _Absence()
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            self._dsn,
            min_size=0,
            max_size=_READERS,
            open=False,
            kwargs={"autocommit": True},
            check=ConnectionPool.check_connection,
            timeout=_POOL_SECONDS,
            reconnect_timeout=_POOL_SECONDS,
        )
        self._ending = threading.Event()
        self._listener: threading.Thread | None = None

    @property
    def is_ending(self) -> bool:
        """Whether nothing new is begun any more."""
        return self._ending.is_set()

    def open(self) -> None:
        """Begin. Raises StoreFailing when the server does not answer."""
        with self.writing():
            pass
        self._pool.open()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The writing session; one that breaks is replaced the next time. Raises StoreFailing."""
        with self._writing:
            try:
                if self._writer is None or self._writer.closed:
                    self._writer = psycopg.connect(self._dsn, autocommit=True)
                    # No deadline for a commit. One that waits for a standby and is cancelled "succeeds" with
                    # a warning, and would be answered with 200 too early.
                    self._writer.execute("SET statement_timeout = 0")
                    self._writer.add_notice_handler(self._warned)
                self._is_warned = False
                yield self._writer
                if self._is_warned:
                    raise psycopg.OperationalError
                self._absence.end()
            except psycopg.Error as error:
                self._drop_writer()
                raise _failing("written", error) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A session from the pool. Raises StoreFailing."""
        self._absence.check()
        try:
            with self._pool.connection() as db:
                self._absence.end()
                yield db
        except PoolTimeout as error:
            self._absence.begin()
            raise _failing("read", error) from error
        except psycopg.Error as error:
            raise _failing("read", error) from error

    def interrupt(self) -> None:
        """Cancel what the writing session does; called while another thread is stuck in it."""
        self._ending.set()
        writer = self._writer
        if writer is not None:
            try:
                writer.cancel_safe(timeout=_INTERRUPT_SECONDS)
            except psycopg.Error:
                writer.pgconn.finish()

    def listen(self, announce: Callable[[Mapping[int, int]], None]) -> None:
        """Call `announce` with heads: when a session notifies, and once a second in any case.

        A notification may be lost (the listener was away, a fail-over): it is a hint, the second a promise.
        """
        self._listener = threading.Thread(target=self._listen, args=(announce,), name="relay log listener")
        self._listener.start()

    def close(self) -> None:
        """End every session."""
        self._ending.set()
        if self._listener is not None:
            self._listener.join()
        self._pool.close()
        with self._writing:
            self._drop_writer()

    def _listen(self, announce: Callable[[Mapping[int, int]], None]) -> None:
        heads: dict[int, int] = {}
        while not self._ending.is_set():
            try:
                with psycopg.connect(self._dsn, autocommit=True) as db:
                    db.execute(f"LISTEN {CHANNEL}")
                    while not self._ending.is_set():
                        found = {
                            stream_id: head
                            for stream_id, head in db.execute("SELECT id, head FROM sms_relay.stream")
                            if heads.get(stream_id) != head
                        }
                        if found:
                            heads |= found
                            announce(found)
                        self._wait(db)
            except psycopg.Error:
                # The writer says that the server is away; here it is only waited for.
                self._ending.wait(_AGAIN_SECONDS)

    def _wait(self, db: Connection) -> None:
        """Until a notification, a second, or the end."""
        for _ in range(int(_POLL_SECONDS / 0.2)):
            if self._ending.is_set() or any(True for _ in db.notifies(timeout=0.2, stop_after=1)):
                return

    def _warned(self, notice: psycopg.errors.Diagnostic) -> None:
        self._is_warned |= notice.severity_nonlocalized == "WARNING"

    def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            try:
                writer.close()
            except psycopg.Error:
                return  # It is gone already.


def _failing(what: str, error: Exception) -> StoreFailing:
    # The text of the error may quote a row, or the address of the server.
    state = getattr(error, "sqlstate", None) or "no contact"
    return StoreFailing(f"The log can't be {what} now ({type(error).__name__}, {state}).")
