"""Durable webhooks a second, and how fast a reader drains a backlog, over loopback (wrk, 64 connections)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter

from sms_desktop.relay.client import RelayClient
from sms_desktop.servers.relay.log import Batch
from sms_desktop.servers.relay.place import open_event_log
from tests.bench.harness import Row, medians
from tests.faults.kills import tokens
from tests.servers.relay.log_conformance import arrival
from tests.servers.relay.postgresql import running

_SECONDS = 4
_ROUNDS = 5
_CONNECTIONS = 64
_BACKLOG = 1_000_000
_LEAST_EVENTS_PER_SECOND = 20_000
_MOST_MIB = 150
_SCRIPT = """
local number = 0
math.randomseed(os.time())
function setup(thread) thread:set("id", math.random(1, 2^31)) end
function request()
  number = number + 1
  return wrk.format("POST", nil, {["Content-Type"] = "application/x-www-form-urlencoded"},
    "msisdn=447700900123&to=AcmeTest&network-code=23410&messageId=" .. id .. "-" .. number ..
    "&price=0.03330000&status=delivered&scts=2611211905&err-code=0&api-key=abcd1234" ..
    "&message-timestamp=2026-11-21+19%3A05%3A00")
end
"""


@contextmanager
def _server(what: str) -> Iterator[tuple[str, int]]:
    """Address and process id of a server of relay_server."""
    driver = Path(__file__).with_name("relay_server.py")
    process = subprocess.Popen(
        [sys.executable, "-P", str(driver), what], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["url"], process.pid
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def _webhooks(what: str, path: str, folder: Path, p99: dict[str, float]) -> float:
    """Webhooks a second that were answered with 200."""
    script = folder / "webhook.lua"
    script.write_text(_SCRIPT)
    name = what.partition(":")[0]
    with _server(what) as (url, _):
        command = [
            "wrk",
            "-t1",
            f"-c{_CONNECTIONS}",
            f"-d{_SECONDS}s",
            "--latency",
            "-s",
            str(script),
            url + path,
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise RuntimeError(said)
    found = re.search(r"99%\s+([0-9.]+)(us|ms|s)", said)
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", said)
    assert found is not None
    assert rate is not None
    p99[name] = float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]]
    return float(rate[1])


def rows() -> Iterator[Row]:
    """Yield the rows: webhooks stored against webhooks only answered, and a backlog drained."""
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is not installed (Debian package wrk)")
    p99: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="sms-desktop-bench-") as temporary, running() as server:
        folder = Path(temporary)
        sqlite, database = f"sqlite:{folder / 'events.sqlite'}", server.database()
        on_file, on_database = tokens(sqlite)[0], tokens(database)[0]
        stored, in_database, unstored, bare = medians(
            [
                lambda: _webhooks(sqlite, on_file, folder, p99),
                lambda: _webhooks(database, on_database, folder, p99),
                lambda: _webhooks("unstored", on_file, folder, p99),
                lambda: _webhooks("bare", on_file, folder, p99),
            ],
            rounds=_ROUNDS,
        )
    for what, ours, against, yardstick, bound in (
        (
            f"durable webhooks, SQLite (p99 {p99['sqlite']:.0f} ms)",
            stored,
            "the same, not stored",
            unstored,
            0.7,
        ),
        (
            f"durable webhooks, PostgreSQL (p99 {p99['postgresql']:.0f} ms)",
            in_database,
            "SQLite",
            stored,
            0.1,
        ),
        (f"webhooks read, not stored (p99 {p99['unstored']:.0f} ms)", unstored, "bare uvicorn", bare, 0.3),
    ):
        yield Row(
            what=what,
            against=against,
            unit="/s",
            ours=ours,
            yardstick=yardstick,
            bound=bound,
            direction="at least",
        )
    yield from _drain()


def _drain() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="sms-desktop-bench-") as folder:
        place = f"sqlite:{Path(folder, 'events.sqlite')}"
        _, (token,) = tokens(place)
        with closing(open_event_log(place, serving=False)) as log:
            main = log.stream("main")
            for start in range(0, _BACKLOG, 10_000):
                log.commit(
                    Batch(
                        [arrival(main, f"m.{start + i}", text="Your table is ready") for i in range(10_000)]
                    )
                )
        with _server(place) as (url, pid):
            client = RelayClient(base_url=url, stream="main", reader_token=token)
            count, after, began = 0, None, perf_counter()
            with closing(client):
                while True:
                    page = client.page(after, limit=1000, wait=0)
                    count += len(page.events)
                    after = page.next
                    if not page.has_more:
                        break
            seconds = perf_counter() - began
            assert count == _BACKLOG
            status = Path(f"/proc/{pid}/status").read_text()
            peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    yield Row(
        what="a reader drains 1,000,000 events",
        against="what is promised",
        unit="/s",
        ours=count / seconds,
        yardstick=_LEAST_EVENTS_PER_SECOND,
        bound=1,
        direction="at least",
    )
    yield Row(
        what="memory of the relay meanwhile, at its peak",
        against="what is promised",
        unit="MiB",
        ours=peak / 1024,
        yardstick=_MOST_MIB,
        bound=1,
    )
