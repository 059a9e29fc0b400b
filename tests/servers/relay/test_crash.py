"""Killed at any time under load, the relay has every webhook that it answered with 200, once."""

from __future__ import annotations

import http.client
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import apsw

from tests.servers.relay.running import FORM, PATIENCE, Stream, supervised, tokens_of

ROUNDS = 4
SENDERS = 4
ENOUGH = 120


class Ledger:
    """The ids that were answered with 200, and a condition for how many."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self.changed = threading.Condition()

    def add(self, name: str) -> None:
        with self.changed:
            self.acknowledged.append(name)
            self.changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.acknowledged) >= count, PATIENCE)


def send_until_it_dies(stream: Stream, sender: str, ledger: Ledger) -> None:
    place = urlsplit(stream.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
    try:
        for number in range(100_000):
            name = f"{sender}.{number}"
            connection.request("POST", stream.path("d"), f"messageId={name}&status=delivered", FORM)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                ledger.add(name)
    except (OSError, http.client.HTTPException):
        return
    finally:
        connection.close()


def test_kill_9_under_load_loses_and_doubles_nothing(tmp_path: Path) -> None:
    path, tokens, ledger = tmp_path / "events.sqlite", tokens_of("main"), Ledger()
    for attempt in range(ROUNDS):
        with supervised(path, tokens, ends_by_itself=False) as relay:
            stream = Stream(relay.url, "main", tokens["ingest_token"], tokens["reader_token"])
            senders = [
                threading.Thread(target=send_until_it_dies, args=(stream, f"{attempt}.{i}", ledger))
                for i in range(SENDERS)
            ]
            for sender in senders:
                sender.start()
            ledger.wait_for(len(ledger.acknowledged) + ENOUGH + 17 * attempt)
            relay.process.kill()
            relay.process.wait(PATIENCE)
            for sender in senders:
                sender.join()

    with (
        supervised(path, tokens) as relay,
        closing(Stream(relay.url, "main", tokens["ingest_token"], tokens["reader_token"]).client()) as client,
    ):
        events, after = [], None
        while True:
            page = client.page(after, wait=0, limit=1000)
            events += page.events
            after = page.next
            if not page.has_more:
                break
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    stored = [event.payload["messageId"] for event in events]
    assert len(set(stored)) == len(stored)
    assert set(ledger.acknowledged) <= set(stored)
    assert len(set(ledger.acknowledged)) == len(ledger.acknowledged) >= ROUNDS * ENOUGH
    with closing(apsw.Connection(str(path))) as log:
        assert log.pragma("integrity_check") == "ok"
