"""The relay's SQLite file: its tables, how it is made, opened and checked. Called by sqlite_log."""

from __future__ import annotations

import os
from pathlib import Path

import apsw

from sms_desktop.servers.relay.log import LogUnusable, StoreFailing

APPLICATION_ID = 0x534D5352
"""`SMSR` in the file's header: tells this log from any other SQLite database."""
BUSY_MILLISECONDS = 5000
_LOCK_MILLISECONDS = 2000
"""So long a server that is ending may still hold its lock."""

_MIGRATIONS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE stream (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        epoch TEXT NOT NULL,
        head INTEGER NOT NULL DEFAULT 0,
        octets INTEGER NOT NULL DEFAULT 0,
        created_us INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE event (
        stream_id INTEGER NOT NULL REFERENCES stream (id),
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        received_us INTEGER NOT NULL,
        monotonic_us INTEGER NOT NULL,
        key BLOB NOT NULL,
        signature TEXT NOT NULL,
        flags TEXT NOT NULL,
        payload TEXT NOT NULL,
        method TEXT NOT NULL,
        query BLOB NOT NULL,
        body BLOB NOT NULL,
        content_type TEXT NOT NULL,
        headers TEXT NOT NULL,
        peer TEXT NOT NULL,
        PRIMARY KEY (stream_id, seq)
    ) STRICT;

    CREATE TABLE dedupe (
        stream_id INTEGER NOT NULL REFERENCES stream (id),
        key BLOB NOT NULL,
        seq INTEGER NOT NULL,
        first_us INTEGER NOT NULL,
        last_us INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        PRIMARY KEY (stream_id, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE consumer (
        stream_id INTEGER NOT NULL REFERENCES stream (id),
        name TEXT NOT NULL,
        token_id TEXT NOT NULL,
        acked INTEGER NOT NULL,
        last_seen_us INTEGER NOT NULL,
        PRIMARY KEY (stream_id, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE ingest (
        hash BLOB PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        stream_id INTEGER NOT NULL REFERENCES stream (id),
        purpose TEXT NOT NULL,
        created_us INTEGER NOT NULL,
        checks INTEGER NOT NULL DEFAULT 0,
        checked_us INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE reader (
        hash BLOB PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        consumer TEXT NOT NULL,
        purpose TEXT NOT NULL,
        created_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE reader_stream (
        reader_id TEXT NOT NULL REFERENCES reader (id) ON DELETE CASCADE,
        stream_id INTEGER NOT NULL REFERENCES stream (id),
        PRIMARY KEY (reader_id, stream_id)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    ALTER TABLE ingest ADD COLUMN signing TEXT NOT NULL DEFAULT '';
    ALTER TABLE ingest ADD COLUMN expires_us INTEGER;
    ALTER TABLE ingest ADD COLUMN revoked_us INTEGER;
    ALTER TABLE reader ADD COLUMN scope TEXT NOT NULL DEFAULT 'read';
    ALTER TABLE reader ADD COLUMN expires_us INTEGER;
    ALTER TABLE reader ADD COLUMN revoked_us INTEGER;
    ALTER TABLE reader ADD COLUMN last_used_us INTEGER;
    ALTER TABLE reader ADD COLUMN last_peer TEXT NOT NULL DEFAULT '';
    """,
)


def open_log(path: Path) -> apsw.Connection:
    """Open the log for writing, making file and tables if there are none; only its owner may read a new file.

    Raises LogUnusable when the file is something else, damaged, or of a later version.
    """
    make_private(path)
    try:
        connection = connect(path)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise LogUnusable(f"log: {path} is damaged, or not a relay log at all. Name another file.") from error
    except apsw.BusyError as error:
        raise StoreFailing(f"log: {path} is locked by another program.") from error
    except apsw.Error as error:
        raise LogUnusable(f"log: {path} can't be opened ({error}).") from error
    return connection


def connect(path: Path) -> apsw.Connection:
    """A connection to an existing file, set as all of ours are; it leaves checkpoints to the writer."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    connection.set_busy_timeout(BUSY_MILLISECONDS)
    connection.pragma("foreign_keys", True)
    connection.pragma("mmap_size", 0)
    connection.pragma("synchronous", "FULL")
    connection.pragma("secure_delete", True)  # what was erased or purged is gone from the disk too
    connection.wal_autocheckpoint(0)
    return connection


def lock_for_serving(path: Path) -> apsw.Connection:
    """Hold this log for one server: an operating system lock on `<path>.lock`, gone when the process is.

    Raises LogUnusable when another server has it and keeps it for some seconds.
    """
    beside = path.with_name(path.name + ".lock")
    make_private(beside)
    connection = apsw.Connection(str(beside), flags=apsw.SQLITE_OPEN_READWRITE)
    connection.set_busy_timeout(_LOCK_MILLISECONDS)
    try:
        connection.pragma("journal_mode", "memory")  # no file is left by a lock
        connection.execute("BEGIN EXCLUSIVE")
    except apsw.Error as error:
        connection.close()
        raise LogUnusable(f"log: {path} is being served by another relay.") from error
    return connection


def check_after_crash(connection: apsw.Connection, path: Path) -> None:
    """Read through the whole file; raises LogUnusable if it is damaged."""
    try:
        verdict = connection.pragma("quick_check")
    except (apsw.CorruptError, apsw.NotADBError):
        verdict = "damaged"
    if verdict != "ok":
        raise LogUnusable(
            f"log: {path} is damaged. Move it away and restore a copy, or begin a new log.",
        )


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read, if there is none. Raises LogUnusable."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if not path.is_file():
            raise LogUnusable(f"log: {path} is not a file.") from None
    except OSError as error:
        raise LogUnusable(f"log: {path} can't be made ({error.strerror}).") from error
    else:
        os.close(descriptor)


def _prepare(connection: apsw.Connection, path: Path) -> None:
    application_id = connection.pragma("application_id")
    version = connection.pragma("user_version")
    assert isinstance(application_id, int)
    assert isinstance(version, int)
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").get
    if application_id != APPLICATION_ID and (application_id or version or tables):
        raise LogUnusable(f"log: {path} is a database of another program. Name another file.")
    if version > len(_MIGRATIONS):
        raise LogUnusable(
            f"log: {path} was written by a later version of this program "
            f"(format {version}, this one knows {len(_MIGRATIONS)}).",
            hint="Install that version, or name another file.",
        )
    connection.pragma("journal_mode", "wal")
    connection.pragma("journal_size_limit", 64 * 1024 * 1024)
    if version == len(_MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while this one waited for the lock.
        version = connection.pragma("user_version")
        assert isinstance(version, int)
        for migration in _MIGRATIONS[version:]:
            connection.execute(migration)
        connection.pragma("application_id", APPLICATION_ID)
        connection.pragma("user_version", len(_MIGRATIONS))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
