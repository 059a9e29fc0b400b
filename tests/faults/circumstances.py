"""Disks, clocks, backups, deadlines and strangers that go wrong. Run by test_faults and by soak."""

from __future__ import annotations

import http.client
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sms_desktop.relay.errors import CursorAhead, CursorGone, PositionLost, RelayRefused, StreamReset
from sms_desktop.servers.relay.log import Batch
from sms_desktop.servers.relay.place import open_event_log
from sms_desktop.servers.relay.retention import purge_all, retention
from tests.faults.kills import tokens
from tests.faults.ledger import Console, Ledger, Senders, Verdict
from tests.servers.relay.log_conformance import DAY, NOW, arrival
from tests.servers.relay.postgresql import free_port
from tests.servers.relay.running import PATIENCE, RunningRelay, Stream, connect, served

_JUMPING = """
import random, sys, time
real_ns, chance = time.time_ns, random.Random(3)
HOUR, YEAR = 3600, 365 * 86400
now = [0]
def jumping_ns():
    if chance.random() < 0.02:
        now[0] = chance.choice([0, HOUR, -HOUR, YEAR, -YEAR])
    return real_ns() + now[0] * 10**9
time.time_ns, time.time = jumping_ns, lambda: jumping_ns() / 1e9
from sms_desktop.cli import main
main()
"""


def full_disk(folder: Path, rounds: int) -> Verdict:
    """The disk becomes full under load, and has room again: 503 meanwhile, and reading goes on."""
    with _small_disk(folder) as (disk, fill, empty):
        place = f"sqlite:{disk / 'events.sqlite'}"
        path, (token,) = tokens(place)
        with served(place, "--least-free-mib", "0") as relay:
            ledger, console = Ledger(), Console(relay.url, "main", token)
            senders = Senders(relay.url, path, ledger, count=4)
            try:
                for _ in range(rounds):
                    ledger.wait_for_more(50)
                    fill(relay)
                    ledger.wait_for_more(6, status=503)
                    Console(relay.url, "main", token).read_to_the_end()
                    empty(relay)
                ledger.wait_for_more(50)
            finally:
                senders.end()
            console.read_to_the_end()
            assert console.problems == []
    assert set(ledger.answers) == {200, 503}, ledger.answers
    return ledger.verdict([console])


@contextmanager
def _small_disk(
    folder: Path,
) -> Iterator[tuple[Path, Callable[[RunningRelay], None], Callable[[RunningRelay], None]]]:
    """A disk of 192 MiB (what is accepted in fifty rounds fits), and how to fill and to empty it.

    A mount needs root; anybody else makes the relay's files unable to grow, which SQLite meets as EFBIG.
    """
    if os.geteuid() == 0:
        disk = folder / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=192m,mode=0700", "none", disk], check=True)
        ballast = disk / "ballast"

        def fill(_relay: RunningRelay) -> None:
            with ballast.open("ab", buffering=0) as file:
                for size in (2**20, 4096):
                    with suppress(OSError):
                        while file.write(b"x" * size):
                            continue

        def empty(_relay: RunningRelay) -> None:
            ballast.unlink()

        try:
            yield disk, fill, empty
        finally:
            subprocess.run(["umount", disk], check=True)
        return

    def stunt(relay: RunningRelay) -> None:
        hard = resource.prlimit(relay.process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(relay.process.pid, resource.RLIMIT_FSIZE, (4096, hard))

    def free(relay: RunningRelay) -> None:
        hard = resource.prlimit(relay.process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(relay.process.pid, resource.RLIMIT_FSIZE, (hard, hard))

    yield folder, stunt, free


def jumping_clock(folder: Path, webhooks: int) -> Verdict:
    """The wall clock of the relay jumps by hours and years while webhooks come and a console reads."""
    place = f"sqlite:{folder / 'events.sqlite'}"
    path, (token,) = tokens(place)
    process = subprocess.Popen(
        [sys.executable, "-c", _JUMPING, "relay", "serve", "--log", place],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        ledger, console = Ledger(), Console(url, "main", token)
        with console.following():
            senders = Senders(url, path, ledger, count=4)
            try:
                ledger.wait_for_more(webhooks)
            finally:
                senders.end()
        console.read_to_the_end()
        process.terminate()
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    assert console.problems == []
    return ledger.verdict([console])


def repeated_and_shuffled(folder: Path, webhooks: int, times: int) -> Verdict:
    """Each webhook comes `times` times, all of them shuffled, from several senders: each is one event."""
    place = f"sqlite:{folder / 'events.sqlite'}"
    path, (token,) = tokens(place)
    names = [f"n.{number}" for number in range(webhooks)]
    with served(place) as relay:
        stream = Stream(relay.url, "main", path.split("/")[2], token)
        everything = names * times
        random.Random(4).shuffle(everything)
        parts = [everything[index::4] for index in range(4)]

        def bring(part: list[str]) -> None:
            for name in part:
                assert stream.post("d", {"messageId": name, "status": "delivered"}).status == 200

        threads = [threading.Thread(target=bring, args=(part,)) for part in parts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        console = Console(relay.url, "main", token)
        console.read_to_the_end()
        counted = sum(event["duplicates"] for event in stream.read(limit=1000).json["events"])
        assert counted >= min(webhooks, 1000) * (times - 1)
    return Verdict(
        len(everything),
        len(set(names) - set(console.ids)),
        len(console.ids) - len(set(console.ids)),
        0 if console.problems == [] else 1,
    )


def every_order_of_receipts(folder: Path) -> int:
    """Receipts of one message in every order end in the same set of events; returns how many orders."""
    orders = 0
    with closing(open_event_log(f"sqlite:{folder / 'orders.sqlite'}", serving=False)) as log:
        words = ["accepted", "buffered", "delivered", "failed"]
        for order in permutations(words):
            orders += 1
            stream = log.stream(f"order-{orders}")
            log.commit(Batch([arrival(stream, word) for word in (*order, *order)]))
            part = log.read(stream, after=0, limit=10, kinds=None, max_octets=10**6)
            assert sorted(event.payload["messageId"] for event in part.events) == words
    return orders


@dataclass(frozen=True)
class Latency:
    """Milliseconds from webhook to answer while something is wrong, and when nothing is; memory in MiB."""

    p50: float
    p99: float
    quiet_p99: float
    resident_mib: float

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms (quiet {self.quiet_p99:.1f} ms), "
            f"relay {self.resident_mib:.0f} MiB"
        )


def slow_and_dead_readers(folder: Path, *, slow: int, dead: int, seconds: float) -> Latency:
    """Readers that take 1 KiB a second, and readers that take nothing, while webhooks come."""
    place = f"sqlite:{folder / 'events.sqlite'}"
    path, readers = tokens(place, readers=slow + dead)
    with closing(open_event_log(place, serving=False)) as log:
        main = log.stream("main")
        for number in range(10):
            log.commit(Batch([arrival(main, f"o.{number}.{i}", text="x" * 500) for i in range(500)]))
    with served(place) as relay:
        quiet = _latencies(relay, path, seconds / 2, "q")
        sockets = [connect(relay.url) for _ in readers]
        ending = threading.Event()

        def sip() -> None:
            while not ending.wait(1.0):
                for slow_one in sockets[:slow]:
                    try:
                        slow_one.recv(1024)
                    except OSError:
                        continue

        sipping = threading.Thread(target=sip)
        sipping.start()
        try:
            for number, connection in enumerate(sockets):
                connection.setblocking(False)
                request = (
                    f"GET /v1/events?stream=main&limit=1000&wait={0 if number < slow else 30} HTTP/1.1\r\n"
                    f"Host: x\r\nAuthorization: Bearer {readers[number]}\r\n\r\n"
                )
                connection.send(request.encode())
            meanwhile = _latencies(relay, path, seconds, "m")
        finally:
            ending.set()
            sipping.join()
            for connection in sockets:
                connection.close()
        return _latency(meanwhile, quiet, relay)


def slowloris(folder: Path, *, connections: int, seconds: float) -> Latency:
    """Connections that send their requests an octet at a time, while webhooks come."""
    place = f"sqlite:{folder / 'events.sqlite'}"
    path, _ = tokens(place)
    with served(place) as relay:
        quiet = _latencies(relay, path, seconds / 2, "q")
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\nX-Slow: ".encode()
        sockets = []
        for number in range(connections):
            connection = connect(relay.url)
            connection.setblocking(False)
            connection.send(head[: number % len(head)] or b"P")
            sockets.append(connection)
        ending = threading.Event()

        def drip() -> None:
            while not ending.wait(0.5):
                for connection in sockets:
                    try:
                        connection.send(b"a")
                    except OSError:
                        continue

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            meanwhile = _latencies(relay, path, seconds, "m")
        finally:
            ending.set()
            dripping.join()
            for connection in sockets:
                connection.close()
        return _latency(meanwhile, quiet, relay)


def _latencies(relay: RunningRelay, path: str, seconds: float, prefix: str) -> list[float]:
    """Bring webhooks from two senders at a steady pace; returns how long each answer took, in ms."""
    taken: list[float] = []

    def bring(sender: int) -> None:
        place = urlsplit(relay.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
        until = time.monotonic() + seconds
        number = 0
        while time.monotonic() < until:
            began = time.perf_counter()
            connection.request("GET", f"{path}?messageId={prefix}{sender}.{number}&status=delivered")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
            taken.append((time.perf_counter() - began) * 1000)
            number += 1
        connection.close()

    threads = [threading.Thread(target=bring, args=(sender,)) for sender in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(taken)


def _latency(meanwhile: list[float], quiet: list[float], relay: RunningRelay) -> Latency:
    status = Path(f"/proc/{relay.process.pid}/status").read_text()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    return Latency(
        meanwhile[len(meanwhile) // 2],
        meanwhile[int(len(meanwhile) * 0.99)],
        quiet[int(len(quiet) * 0.99)],
        resident / 1024,
    )


def old_backup_restored(folder: Path) -> PositionLost:
    """A copy made earlier is put in the log's place: a console is told, and ends up with what is there."""
    file, copy = folder / "events.sqlite", folder / "copy.sqlite"
    path, (token,) = tokens(f"sqlite:{file}")
    port = free_port()
    with served(f"sqlite:{file}", "--port", str(port)) as relay:
        stream = Stream(relay.url, "main", path.split("/")[2], token)
        console = Console(relay.url, "main", token)
        for number in range(6):
            stream.post("d", {"messageId": f"n.{number}", "status": "delivered"})
            if number == 2:
                with closing(open_event_log(f"sqlite:{file}", serving=False)) as log:
                    log.backup(copy)
        console.read_to_the_end()
    shutil.move(copy, file)
    with served(f"sqlite:{file}", "--port", str(port)):
        with pytest.raises(StreamReset) as caught:
            console.read_to_the_end()
        console.after = str(caught.value.resume)
        console.read_to_the_end()
    assert console.ids == [f"n.{number}" for number in (0, 1, 2, 3, 4, 5, 0, 1, 2)]
    return caught.value


def log_cut_off(folder: Path) -> PositionLost:
    """The file is replaced by an older one without our knowing: the cursor lies beyond the end."""
    file, older = folder / "events.sqlite", folder / "older.sqlite"
    path, (token,) = tokens(f"sqlite:{file}")
    port = free_port()
    console = Console(f"http://127.0.0.1:{port}", "main", token)
    for turn in range(2):
        with served(f"sqlite:{file}", "--port", str(port)) as relay:
            stream = Stream(relay.url, "main", path.split("/")[2], token)
            for number in range(3):
                stream.post("d", {"messageId": f"n.{turn * 3 + number}", "status": "delivered"})
            console.read_to_the_end()
        if turn == 0:
            shutil.copy(file, older)
    shutil.move(older, file)
    with served(f"sqlite:{file}", "--port", str(port)), pytest.raises(CursorAhead) as caught:
        console.read_to_the_end()
    assert caught.value.oldest == 1
    return caught.value


def retention_passes_an_offline_console(folder: Path) -> int:
    """Old events are deleted while a console is away: it is told how many it missed."""
    place = f"sqlite:{folder / 'events.sqlite'}"
    _, (token,) = tokens(place)
    with closing(open_event_log(place, serving=False)) as log:
        main = log.stream("main")
        log.commit(Batch([arrival(main, f"n.{i}", received_us=NOW + i) for i in range(10)]))
    with served(place) as relay:
        console = Console(relay.url, "main", token)
        with closing(console.client()) as client:
            console.after = client.page(None, limit=4, wait=0).next
        with closing(open_event_log(place, serving=False)) as log:
            log.commit(Batch([arrival(main, "n.10", received_us=NOW + 50 * DAY)]))
            purge_all(log, retention(), NOW + 50 * DAY)
        with pytest.raises(CursorGone) as caught:
            console.read_to_the_end()
        assert (caught.value.missed, caught.value.oldest) == (6, 11)
        console.after = str(caught.value.resume)
        console.read_to_the_end()
        assert console.ids == ["n.10"]
    return caught.value.missed or 0


def token_revoked_while_it_waits(folder: Path) -> float:
    """A reader's token ends while its request waits: the next event is not given to it, to others it is."""
    place = f"sqlite:{folder / 'events.sqlite'}"
    path, (token, other) = tokens(place, readers=2)
    with served(place) as relay:
        stream = Stream(relay.url, "main", path.split("/")[2], token)
        outcomes: dict[str, object] = {}

        def wait(name: str, reader: str) -> None:
            client = Console(relay.url, "main", reader).client()
            try:
                outcomes[name] = client.page(None, wait=30).events[0].seq
            except RelayRefused as refusal:
                outcomes[name] = refusal
            finally:
                client.close()

        threads = [threading.Thread(target=wait, args=pair) for pair in (("bad", token), ("good", other))]
        for thread in threads:
            thread.start()
        with closing(open_event_log(place, serving=False)) as log:
            deadline = time.monotonic() + PATIENCE
            while len(found := [t for t in log.tokens() if t.last_used_us is not None]) < 2:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            assert log.revoke(next(t.id for t in found if t.kind == "reader"))
            revoked = next(t.id for t in log.tokens() if t.revoked_us is not None)
        began = time.monotonic()
        stream.post("d", {"messageId": "n.0", "status": "delivered"})
        for thread in threads:
            thread.join(PATIENCE)
        assert revoked
        kinds = sorted(type(outcome).__name__ for outcome in outcomes.values())
        assert kinds == ["RelayRefused", "int"], outcomes
    return time.monotonic() - began
