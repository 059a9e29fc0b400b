"""A PostgreSQL server of the tests' own: Debian's, unprivileged, on loopback, in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

_PATIENCE = 60.0
_UNPRIVILEGED = ("postgres", "nobody")
_databases = count(1)


def _programs() -> Path:
    """Where Debian keeps the server's programs, the newest version of them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    program = shutil.which("postgres")
    assert program is not None, "PostgreSQL's server is not installed (Debian package postgresql)"
    return Path(program).parent


def unprivileged() -> str | None:
    """Who runs servers when we are root, which PostgreSQL refuses; None to stay who we are."""
    if os.getuid() != 0:
        return None
    for name in _UNPRIVILEGED:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise AssertionError(f"none of these users exists: {', '.join(_UNPRIVILEGED)}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


class Server:
    """A server that can be killed and started again. `dsn(name)` is the address of one of its databases."""

    def __init__(self, folder: Path, *, settings: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.port = free_port()
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._user = unprivileged()

    def make(self) -> None:
        self.folder.mkdir(mode=0o700)
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        subprocess.run(
            [
                *(str(_programs() / "initdb"), "-D", str(self.folder), "-A", "trust", "-U", "relay"),
                *("--no-sync", "-E", "UTF8", "--locale=C"),
            ],
            user=self._user,
            cwd="/",
            check=True,
            capture_output=True,
        )

    def make_standby_of(self, primary: Server) -> None:
        """A copy of a running server that follows it once it is started."""
        subprocess.run(
            [
                *(
                    str(_programs() / "pg_basebackup"),
                    "-D",
                    str(self.folder),
                    "-R",
                    "-X",
                    "stream",
                    "--no-sync",
                ),
                *("-c", "fast", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "relay"),
            ],
            user=self._user,
            cwd="/",
            check=True,
            capture_output=True,
        )

    def start(self) -> None:
        command = [str(_programs() / "postgres"), "-D", str(self.folder), "-p", str(self.port)]
        for setting in (
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=60",
            "shared_buffers=64MB",
            "logging_collector=off",
            "restart_after_crash=off",
            *self._settings,
        ):
            command += ["-c", setting]
        self._process = subprocess.Popen(
            command,
            user=self._user,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                psycopg.connect(self.dsn("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                assert self._process.poll() is None, "the server ended"
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """SIGINT: orderly; SIGQUIT: at once, with recovery at the next start."""
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(_PATIENCE)
        self._process = None

    def dsn(self, database: str) -> str:
        return f"postgresql://relay@127.0.0.1:{self.port}/{database}"

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"relay{next(_databases)}"
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}".encode())
        return self.dsn(name)


@contextmanager
def with_standby() -> Iterator[tuple[Server, Server]]:
    """A server, and another that follows it. The first may be stopped and left so."""
    with running() as primary:
        parent = primary.folder.parent
        if primary._user is not None:
            shutil.chown(parent, primary._user)
        standby = Server(parent / "standby")
        standby.make_standby_of(primary)
        standby.start()
        try:
            yield primary, standby
        finally:
            standby.stop()


@contextmanager
def running(*settings: str) -> Iterator[Server]:
    """A server, from its making to its end."""
    parent = Path(tempfile.mkdtemp(prefix="sms-desktop-postgresql-"))
    parent.chmod(0o711)
    server = Server(parent / "data", settings=settings)
    try:
        server.make()
        server.start()
        yield server
    finally:
        if server._process is not None:
            server.stop()
        shutil.rmtree(parent, ignore_errors=True)
