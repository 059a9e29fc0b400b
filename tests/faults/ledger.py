"""The ledger of what a relay said it had stored, against what consoles stored. Used by the faults beside it.

As Jepsen's set tests: senders write down every id that was answered with 200, consoles everything they read.

lost         answered with 200, and no console has it
duplicated   a console has it twice
reordered    a console has it before what its sender sent earlier
holes        numbers that no console was given between two that it was
"""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sms_desktop.messages.errors import TryLater
from sms_desktop.relay.client import RelayClient
from tests.servers.relay.running import FORM, PATIENCE

_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.2


@dataclass(frozen=True)
class Verdict:
    """What a fault did: all but the first must be 0."""

    acknowledged: int
    lost: int
    duplicated: int
    reordered: int
    holes: int = 0

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.duplicated or self.reordered or self.holes)

    def __str__(self) -> str:
        return (
            f"{self.acknowledged} acknowledged: {self.lost} lost, {self.duplicated} duplicated, "
            f"{self.reordered} reordered" + (f", {self.holes} holes" if self.holes else "")
        )


class Ledger:
    """The ids that were answered with 200, in order of their answers; and every other answer, counted."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self.answers: Counter[int] = Counter()
        self.changed = threading.Condition()

    def add(self, name: str, status: int) -> None:
        with self.changed:
            self.answers[status] += 1
            if status == 200:
                self.acknowledged.append(name)
            self.changed.notify_all()

    def wait_for_more(self, count: int, *, status: int = 200) -> None:
        with self.changed:
            enough = self.answers[status] + count
            assert self.changed.wait_for(lambda: self.answers[status] >= enough, 3 * PATIENCE), self.answers

    def verdict(self, consoles: Sequence[Console]) -> Verdict:
        lost = duplicated = reordered = 0
        for console in consoles:
            stored = console.ids
            lost += len(set(self.acknowledged) - set(stored))
            duplicated += len(stored) - len(set(stored))
            last: dict[str, int] = {}
            for name in stored:
                sender, _, number = name.rpartition(".")
                reordered += int(number) <= last.get(sender, -1)
                last[sender] = int(number)
        holes = sum(len(console.problems) for console in consoles)
        return Verdict(len(self.acknowledged), lost, duplicated, reordered, holes)


class Senders:
    """Bring webhooks, one after the other each, and the same again until it is answered with 200.

    As the gateway does, so that a webhook whose answer got lost comes twice.
    """

    def __init__(self, url: str, path: str, ledger: Ledger, *, count: int, prefix: str = "s") -> None:
        self._url = url
        self._path = path
        self._ledger = ledger
        self._ending = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(f"{prefix}{number}",)) for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _run(self, sender: str) -> None:
        place = urlsplit(self._url)
        connection: http.client.HTTPConnection | None = None
        number, pause = 0, _FIRST_PAUSE
        while not self._ending.is_set():
            name = f"{sender}.{number}"
            if connection is None:
                connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
            try:
                connection.request("POST", self._path, f"messageId={name}&status=delivered", FORM)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                connection = None
                status = 0
            else:
                status = answer.status
            self._ledger.add(name, status)
            if status == 200:
                number, pause = number + 1, _FIRST_PAUSE
            else:
                self._ending.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
        if connection is not None:
            connection.close()


@dataclass
class Console:
    """A reader that keeps what it read, and where it is, as one; it asks again whatever happens."""

    url: str
    stream: str
    token: str
    ids: list[str] = field(default_factory=list)
    after: str | None = None
    problems: list[str] = field(default_factory=list)

    def read_to_the_end(self) -> None:
        """Read until there is no more."""
        client = self.client()
        try:
            while self._take(client, wait=0):
                continue
        finally:
            client.close()

    def client(self) -> RelayClient:
        return RelayClient(base_url=self.url, stream=self.stream, reader_token=self.token)

    @contextmanager
    def following(self) -> Iterator[Console]:
        """Read meanwhile, in a thread; then to the end."""
        ending = threading.Event()
        client = self.client()

        def follow() -> None:
            while not ending.is_set():
                with suppress(TryLater):
                    self._take(client, wait=5)
                    continue
                ending.wait(0.02)

        thread = threading.Thread(target=follow)
        thread.start()
        try:
            yield self
        finally:
            ending.set()
            client.cancel()
            thread.join()
            client.close()

    def _take(self, client: RelayClient, *, wait: float) -> bool:
        page = client.page(self.after, wait=wait, limit=1000)
        position = 0 if self.after is None else int(self.after.rpartition(".")[2])
        for event in page.events:
            position += 1
            if event.seq != position:
                self.problems.append(f"{event.seq} instead of {position}")
                position = event.seq
            self.ids.append(event.payload["messageId"])
        self.after = page.next
        return page.has_more
