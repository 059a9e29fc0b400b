"""The power goes while a log is written: what was not synchronised is lost, torn, or there, write by write.

As SQLite's own crash tests: a VFS notes every write and synchronisation; for each cut the files are made as a
disk might hold them then, and the log is opened from those. Run by test_faults and by soak.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from sms_desktop.servers.relay.log import Batch
from sms_desktop.servers.relay.sqlite_log import SqliteLog
from tests.faults.ledger import Verdict
from tests.servers.relay.log_conformance import arrival

_BATCHES = 150
_CHECKPOINT_PAGES = 30
_SECTOR = 512
_DURABLE = ("events.sqlite", "events.sqlite-wal")


@dataclass(frozen=True)
class _Write:
    name: str
    offset: int
    data: bytes


@dataclass(frozen=True)
class _Cut:
    """A file was made so short."""

    name: str
    size: int


@dataclass(frozen=True)
class _Sync:
    name: str


@dataclass
class _Trace:
    """What happened to the files, and how many events were answered for when so much had happened."""

    steps: list[_Write | _Cut | _Sync] = field(default_factory=list)
    answered: list[tuple[int, int]] = field(default_factory=list)


@contextmanager
def _noted() -> Iterator[_Trace]:
    """Note what SQLite does to files that are opened meanwhile."""
    trace = _Trace()
    below = apsw.vfs_names()[0]

    class File(apsw.VFSFile):
        def __init__(self, filename: Any, flags: Any) -> None:
            path = filename if isinstance(filename, str) else filename.filename()
            self._name = Path(path).name
            super().__init__(below, filename, flags)

        def xWrite(self, data: bytes, offset: int) -> None:
            trace.steps.append(_Write(self._name, offset, bytes(data)))
            super().xWrite(data, offset)

        def xTruncate(self, size: int) -> None:
            trace.steps.append(_Cut(self._name, size))
            super().xTruncate(size)

        def xSync(self, flags: int) -> None:
            super().xSync(flags)
            trace.steps.append(_Sync(self._name))

    class System(apsw.VFS):
        def __init__(self) -> None:
            super().__init__("noting", below, makedefault=True)

        def xOpen(self, name: Any, flags: Any) -> apsw.VFSFile:
            return File(name, flags)

    system = System()
    try:
        yield trace
    finally:
        system.unregister()


def power_cuts(folder: Path, cuts: int, *, synchronous: str = "FULL", seed: int = 5) -> Verdict:
    """Cut the power at random moments of one run; every log must be sound and hold what was answered for."""
    file = folder / _DURABLE[0]
    with closing(SqliteLog(file, serving=False)) as log:
        stream = log.stream("main")
    before = {name: (folder / name).read_bytes() for name in _DURABLE if (folder / name).exists()}
    chance = random.Random(seed)
    with _noted() as trace:
        log = SqliteLog(file, serving=True)
        log._writer.wal_autocheckpoint(_CHECKPOINT_PAGES)
        log._writer.pragma("synchronous", synchronous)
        count = 0
        for _ in range(_BATCHES):
            size = chance.randrange(1, 12)
            log.commit(Batch([arrival(stream, f"n.{count + number}") for number in range(size)]))
            count += size
            trace.answered.append((len(trace.steps), count))
        log.close()
    lost = reordered = answered = 0
    for number in range(cuts):
        at = chance.randrange(len(trace.steps) + 1)
        there = folder / f"cut-{number}"
        there.mkdir()
        for name, content in _left(before, trace, at, chance).items():
            (there / name).write_bytes(content)
        said = max((events for step, events in trace.answered if step <= at), default=0)
        found = _read(there / _DURABLE[0], stream)
        answered += said
        lost += max(said - len(found), 0)
        reordered += found != [f"n.{index}" for index in range(len(found))]
        shutil.rmtree(there)
    return Verdict(answered, lost, 0, reordered)


def _left(before: dict[str, bytes], trace: _Trace, at: int, chance: random.Random) -> dict[str, bytearray]:
    """The files as a disk may hold them when the power goes after `at` steps."""
    files = {name: bytearray(before.get(name, b"")) for name in _DURABLE}
    safe = dict.fromkeys(_DURABLE, 0)
    for index, step in enumerate(trace.steps[:at]):
        if isinstance(step, _Sync) and step.name in safe:
            safe[step.name] = index
    for index, step in enumerate(trace.steps[:at]):
        content = files.get(step.name)
        if content is None:
            continue
        is_safe = index < safe[step.name]
        match step:
            case _Write(offset=offset, data=data):
                if not is_safe:
                    torn = chance.randrange(len(data)) // _SECTOR * _SECTOR
                    data = data[: chance.choice([0, torn, len(data)])]
                if data:
                    content.extend(bytes(max(offset + len(data) - len(content), 0)))
                    content[offset : offset + len(data)] = data
            case _Cut(size=size) if is_safe or chance.random() < 0.5:
                del content[size:]
    return files


def _read(file: Path, stream: int) -> list[str]:
    """All that a relay would give from this file; which must be sound."""
    with closing(SqliteLog(file, serving=True)) as log:
        found: list[str] = []
        through = 0
        while True:
            part = log.read(stream, after=through, limit=1000, kinds=None, max_octets=10**7)
            assert [event.seq for event in part.events] == [*range(through + 1, part.through + 1)]
            found += [event.payload["messageId"] for event in part.events]
            through = part.through
            if through == part.state.head:
                break
        assert log._writer.pragma("integrity_check") == "ok"
    return found
