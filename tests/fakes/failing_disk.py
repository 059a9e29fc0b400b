"""A disk that fails on demand: a VFS of SQLite, under the store, that refuses writes and synchronisations.

It sees the database and its write-ahead log; the shared memory beside them is SQLite's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import apsw


class Disk:
    """What fails: the `fail_at`-th write or synchronisation from now on, and those after it."""

    def __init__(self) -> None:
        self.error: type[apsw.Error] | None = None
        self.fail_at = 0
        self.writes = 0
        self.failures = 0
        self._last = 0

    def fail(self, error: type[apsw.Error], *, at: int = 1, times: int = 2**62) -> None:
        """Fail from the `at`-th write on, so many times."""
        self.error, self.fail_at, self.writes, self._last = error, at, 0, at + times

    def heal(self) -> None:
        """Fail no more."""
        self.error = None

    def touch(self) -> None:
        """A write, or a synchronisation."""
        self.writes += 1
        if self.error is not None and self.fail_at <= self.writes < self._last:
            self.failures += 1
            raise self.error("the disk fails")


@contextmanager
def failing_disk() -> Iterator[Disk]:
    """Put a disk that can fail under every connection that is opened meanwhile."""
    disk = Disk()
    below = apsw.vfs_names()[0]

    class File(apsw.VFSFile):
        def __init__(self, filename: Any, flags: Any) -> None:
            super().__init__(below, filename, flags)

        def xWrite(self, data: bytes, offset: int) -> None:
            disk.touch()
            super().xWrite(data, offset)

        def xSync(self, flags: int) -> None:
            disk.touch()
            super().xSync(flags)

        def xTruncate(self, size: int) -> None:
            disk.touch()
            super().xTruncate(size)

    class System(apsw.VFS):
        def __init__(self) -> None:
            super().__init__("failing", below, makedefault=True)

        def xOpen(self, name: Any, flags: Any) -> apsw.VFSFile:
            return File(name, flags)

    system = System()
    try:
        yield disk
    finally:
        disk.heal()
        system.unregister()
        assert apsw.vfs_names()[0] == below
