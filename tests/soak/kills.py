"""Kill a desk at random moments, again and again, and count what was lost or doubled: nothing may be.

The gateway is `smsctl sandbox serve` and the relay `smsctl relay serve`, as children; the gateway loses the
answers of one number, and the relay is killed now and then, too. What the gateway accepted is read from the
relay's log: every accepted part has receipts with the reference of its request.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sms_desktop.background import supervisor
from sms_desktop.background.supervisor import EmbeddedServers, own_environment
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.states import WAITING, State
from sms_desktop.relay.client import RelayClient
from sms_desktop.services import upkeep
from sms_desktop.services.accounts import Servers
from sms_desktop.store import drafts
from sms_desktop.store.database import Store
from tests.soak.desk import DRAFT_PARTY

_API_KEY = "soakkey1"
_PROFILE = ProfileId("soak")
_ROOT = Path(__file__).parents[2]
_START_SECONDS = 30.0


@dataclass
class Counts:
    """What happened, and what went wrong; all of `bad` must be 0."""

    kills: int = 0
    relay_kills: int = 0
    pressed: int = 0
    accepted: int = 0
    uncertain: int = 0
    events: int = 0
    lost_presses: int = 0
    doubled_presses: int = 0
    accepted_twice: int = 0
    left_waiting: int = 0
    doubts_that_a_receipt_settles: int = 0
    events_lost: int = 0
    replies_lost: int = 0
    replies_doubled: int = 0
    drafts_lost: int = 0
    damage: list[str] = field(default_factory=list)

    @property
    def bad(self) -> dict[str, object]:
        """The counts that must be nothing, where they are not."""
        good = {"kills", "relay_kills", "pressed", "accepted", "uncertain", "events"}
        return {name: value for name, value in asdict(self).items() if name not in good and value}

    def words(self) -> str:
        """All counts in a line."""
        return ", ".join(f"{name.replace('_', ' ')} {value or 0}" for name, value in asdict(self).items())


def run(folder: Path, *, kills: int, seed: int) -> Counts:
    """Kill a desk `kills` times, let it finish, and count."""
    chance = random.Random(seed)
    counts = Counts()
    servers = EmbeddedServers(folder / "servers", api_key=_API_KEY, stream="main")
    fast, supervisor.SPEED = supervisor.SPEED, 200.0
    try:
        at = servers.start()
        desk = _Desk(folder, at)
        for number in range(kills):
            desk.run_and_kill(chance.uniform(0.0, 0.5), seed=seed + number)
            counts.kills += 1
            if chance.random() < 0.05:
                servers._children["relay"]._process.kill()
                servers._children["relay"]._process.wait()
                servers.repair()
                counts.relay_kills += 1
        desk.drain()
        _count(folder, at, desk, counts)
    finally:
        servers.stop()
        supervisor.SPEED = fast
    return counts


class _Desk:
    """The process that is killed, and what it said was kept."""

    def __init__(self, folder: Path, at: Servers) -> None:
        self._settings: dict[str, Any] = {
            "folder": str(folder),
            "api_key": _API_KEY,
            "gateway_url": at.gateway_url,
            "relay_url": at.relay_url,
            "api_secret": at.api_secret,
            "relay_token": at.reader_token,
            "ingest_token": at.ingest_token,
        }
        self.pressed = -1
        self.draft = -1

    def run_and_kill(self, seconds: float, *, seed: int) -> None:
        """Start it, and kill it so long after its first word."""
        with self._start(drain=False, first=self.pressed + 1, seed=seed) as process:
            assert process.stdout is not None
            timer = threading.Timer(_START_SECONDS, process.kill)
            timer.start()
            try:
                self._hear(process.stdout.readline())
                timer.cancel()
                timer = threading.Timer(seconds, process.send_signal, (signal.SIGKILL,))
                timer.start()
                for line in process.stdout:
                    self._hear(line)
            finally:
                process.wait()
                timer.cancel()
                timer.join()

    def drain(self) -> None:
        """Let it finish what waits."""
        with self._start(drain=True, first=0, seed=0) as process:
            if process.wait(300) != 0:
                raise RuntimeError("the desk could not finish what waits")

    def _start(self, *, drain: bool, first: int, seed: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.desk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            env=own_environment(),
        )
        assert process.stdin is not None
        process.stdin.write(
            json.dumps({**self._settings, "drain": drain, "first": first, "seed": seed}) + "\n"
        )
        process.stdin.flush()
        return process

    def _hear(self, line: str) -> None:
        what, _, number = line.strip().partition(" ")
        if what == "pressed":
            self.pressed = int(number)
        elif what == "draft":
            self.draft = int(number)


def _count(folder: Path, at: Servers, desk: _Desk, counts: Counts) -> None:
    log = _log(at)
    accepted: dict[str, set[str]] = {}
    replies: set[str] = set()
    for _, kind, payload in log:
        if kind == "receipt" and "client-ref" in payload:
            accepted.setdefault(payload["client-ref"], set()).add(payload["messageId"])
        elif kind == "inbound":
            replies.add(payload["messageId"])
    counts.pressed, counts.accepted = desk.pressed + 1, len(accepted)
    counts.accepted_twice = sum(len(ids) > 1 for ids in accepted.values())
    store = Store(folder / "store.db")
    with store.read() as db:
        states = {
            int(str(compose)[5:]): State(str(state))
            for compose, state in db.execute("SELECT compose_id, state FROM message WHERE direction = 'out'")
        }
        events = {
            int(str(seq)) for (seq,) in db.execute("SELECT seq FROM event WHERE profile = ?", (_PROFILE,))
        }
        received = [str(each) for (each,) in db.execute("SELECT gateway_id FROM inbound_part")]
        messages = int(next(db.execute("SELECT count(*) FROM message WHERE direction = 'out'"))[0])
        draft = drafts.load(db, _PROFILE, DRAFT_PARTY, Kind.TEXT)
    counts.lost_presses = sum(number not in states for number in range(desk.pressed + 1))
    counts.doubled_presses = messages - len(states)
    counts.left_waiting = sum(state in WAITING for state in states.values())
    counts.uncertain = sum(state is State.UNCERTAIN for state in states.values())
    counts.doubts_that_a_receipt_settles = sum(
        state is State.UNCERTAIN and f"ref{number}" in accepted for number, state in states.items()
    )
    counts.events = len(events)
    counts.events_lost = len({seq for seq, _, _ in log} - events)
    counts.replies_lost = len(replies - set(received))
    counts.replies_doubled = len(received) - len(set(received))
    counts.drafts_lost = int(
        draft is None or draft.text not in {f"draft {desk.draft}", f"draft {desk.draft + 1}"}
    )
    report = upkeep.check(store)
    counts.damage = [*report.damage, *report.orphans, *map(str, report.differences)]
    store.close()


def _log(at: Servers) -> list[tuple[int, str, dict[str, str]]]:
    """All events of the relay, read from the beginning by a reader of its own."""
    client = RelayClient(base_url=at.relay_url, stream="main", reader_token=at.reader_token)
    found: list[tuple[int, str, dict[str, str]]] = []
    after = None
    deadline = time.monotonic() + 60
    try:
        while time.monotonic() < deadline:
            page = client.page(after, wait=0.0)
            found += [(event.seq, event.kind, event.payload) for event in page.events]
            after = page.next
            if not page.has_more:
                return found
    finally:
        client.close()
    raise TimeoutError("the relay's log does not end")
