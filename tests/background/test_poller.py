"""The poller: events applied as they come, trouble told with its kind, and an end in time."""

from __future__ import annotations

import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sms_desktop.background import poller as poller_module
from sms_desktop.background.poller import Contact, Poller
from sms_desktop.background.status import RelayCondition
from sms_desktop.relay.client import RelayClient
from sms_desktop.relay.errors import (
    CursorGone,
    RelayAnswerUnreadable,
    RelayBusy,
    RelayRefused,
    RelayUnreachable,
)
from sms_desktop.relay.events import Page, encode_page
from sms_desktop.services import inbox
from sms_desktop.services.inbox import EventsMissing
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store.database import Store
from tests.fakes.hands import rows_with
from tests.fakes.pages import EPOCH, OTHER_EPOCH, inbound, page
from tests.gateway.peers import Peer, Script, http, peer

_SOON = 10.0
_TOKEN = "smsr_" + "x" * 43


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    yield store
    store.close()


class _Relay:
    """Answers polls from a list; when it is empty, holds them until the test ends or gives more."""

    def __init__(self) -> None:
        self.answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.polls: list[str] = []

    def give(self, given: Page) -> None:
        self.answers.put(http("200 OK", encode_page(given)))

    def refuse(self, status: str, *headers: str, **problem: object) -> None:
        self.answers.put(http(status, json.dumps(problem).encode(), *headers))

    def script(self, served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        self.polls.append(served.requests[-1].split(b" ")[1].decode())
        while not served.over.is_set():
            try:
                connection.sendall(self.answers.get(timeout=0.01))
            except queue.Empty:
                connection.setblocking(False)
                try:
                    if connection.recv(1, socket.MSG_PEEK) == b"":
                        return  # the poller has left
                except BlockingIOError:
                    connection.setblocking(True)
                    continue
            return


class _Running:
    """A poller at work on a thread of its own."""

    def __init__(self, store: Store, url: str) -> None:
        self.contacts: queue.SimpleQueue[Contact] = queue.SimpleQueue()
        self.poller = Poller(
            store=store,
            profile=SANDBOX,
            client=RelayClient(base_url=url, stream="main", reader_token=_TOKEN),
            report=self.contacts.put,
        )
        self.thread = threading.Thread(target=self.poller.run, name="poller under test")

    def next(self) -> Contact:
        return self.contacts.get(timeout=_SOON)


@contextmanager
def _polling(store: Store, url: str) -> Iterator[_Running]:
    running = _Running(store, url)
    running.thread.start()
    try:
        yield running
    finally:
        running.poller.stop()
        running.thread.join(_SOON)
        assert not running.thread.is_alive()


@contextmanager
def _relay_and_poller(store: Store) -> Iterator[tuple[_Relay, _Running]]:
    relay = _Relay()
    script: Script = relay.script
    with peer(script) as served, _polling(store, served.url) as running:
        yield relay, running


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter pauses after trouble."""
    monkeypatch.setattr(poller_module, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(poller_module, "_LONGEST_PAUSE", 0.04)


def test_the_first_poll_asks_for_an_answer_at_once_and_the_next_ones_wait(store: Store) -> None:
    with _relay_and_poller(store) as (relay, running):
        relay.give(page(first=1))
        assert running.next() == Contact(RelayCondition.CONNECTED)
        relay.give(page(inbound("Hello")))
        assert running.next().condition is RelayCondition.CONNECTED
        assert [row.text for row in rows_with(store)] == ["Hello"]
        relay.give(page(first=2))
        running.next()
    assert "wait=0" in relay.polls[0]
    assert "after" not in relay.polls[0]
    assert "wait=25" in relay.polls[1]
    assert f"after=1.{EPOCH}.1" in relay.polls[2]


def test_what_is_still_to_come_is_counted(store: Store) -> None:
    with _relay_and_poller(store) as (relay, running):
        relay.give(page(inbound("one"), head=41))
        assert running.next().behind == 40


def test_a_relay_that_asks_for_a_pause_gets_it(store: Store) -> None:
    import msgspec

    with _relay_and_poller(store) as (relay, running):
        relay.give(msgspec.structs.replace(page(first=1), poll_after_ms=300))
        relay.give(page(first=1))
        assert running.next().rest_seconds == 0.3
        began = time.monotonic()
        running.next()
        assert time.monotonic() - began > 0.2


def test_after_trouble_it_tries_again_by_itself_and_says_how_it_stands(store: Store, quick: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with _polling(store, nobody) as running:
        first, second = running.next(), running.next()
        assert first.condition is second.condition is RelayCondition.UNREACHABLE
        assert isinstance(first.error, RelayUnreachable)
        assert first.retry_seconds is not None


@pytest.mark.parametrize(
    "status, condition, error",
    [
        ("401 Unauthorized", RelayCondition.REFUSED, RelayRefused),
        ("403 Forbidden", RelayCondition.REFUSED, RelayRefused),
        ("404 Not Found", RelayCondition.REFUSED, RelayRefused),
        ("503 Service Unavailable", RelayCondition.UNREACHABLE, RelayBusy),
        ("500 Internal Server Error", RelayCondition.UNREACHABLE, RelayAnswerUnreadable),
        ("302 Found", RelayCondition.UNREACHABLE, RelayAnswerUnreadable),
        ("200 OK", RelayCondition.UNREACHABLE, RelayAnswerUnreadable),
    ],
)
def test_what_the_relay_answers_has_a_kind_and_words(
    store: Store, quick: None, status: str, condition: RelayCondition, error: type[Exception]
) -> None:
    with _relay_and_poller(store) as (relay, running):
        relay.refuse(status)
        contact = running.next()
        assert contact.condition is condition
        assert isinstance(contact.error, error)
        assert _TOKEN not in contact.error.message
        relay.give(page(first=1))
        assert running.next().condition is RelayCondition.CONNECTED
        assert "wait=0" in relay.polls[1]


def test_a_busy_relay_says_itself_how_long(store: Store) -> None:
    with _relay_and_poller(store) as (relay, running):
        relay.refuse("429 Too Many Requests", "Retry-After: 17")
        assert running.next().retry_seconds == 17


def test_trying_now_skips_the_pause(store: Store) -> None:
    with _relay_and_poller(store) as (relay, running):
        relay.refuse("401 Unauthorized")
        contact = running.next()
        assert contact.retry_seconds == 60
        relay.give(page(first=1))
        running.poller.try_now()
        assert running.next().condition is RelayCondition.CONNECTED


def test_a_hole_is_an_alarm_and_the_same_events_are_asked_for_again(store: Store, quick: None) -> None:
    with _relay_and_poller(store) as (relay, running):
        relay.give(page(inbound("one", "I1")))
        running.next()
        relay.give(page(inbound("three", "I3"), first=3))
        contact = running.next()
        assert contact.condition is RelayCondition.GAP
        assert isinstance(contact.error, EventsMissing)
        relay.give(page(inbound("two", "I2"), inbound("three", "I3"), first=2))
        assert running.next().condition is RelayCondition.CONNECTED
        assert [row.text for row in rows_with(store)] == ["one", "two", "three"]
    assert relay.polls[1].split("after=")[1] == relay.polls[2].split("after=")[1]


def test_events_that_are_gone_are_said_and_it_goes_on_behind_them(store: Store) -> None:
    with _relay_and_poller(store) as (relay, running):
        relay.give(page(inbound("one", "I1")))
        running.next()
        relay.refuse("410 Gone", code="cursor-gone", epoch=EPOCH, oldest=41, missed=39)
        contact = running.next()
        assert contact.condition is RelayCondition.GAP
        assert isinstance(contact.error, CursorGone)
        assert contact.error.hint == "Events 2 to 40 are missing: 39 in all."
        relay.give(page(inbound("forty-one", "I41"), first=41))
        assert running.next().condition is RelayCondition.GAP  # still to be seen by a person
        assert [row.text for row in rows_with(store)] == ["one", "forty-one"]


def test_a_log_that_was_made_anew_is_read_from_its_beginning(store: Store) -> None:
    with _relay_and_poller(store) as (relay, running):
        relay.give(page(inbound("one", "I1"), first=7))
        running.next()
        relay.refuse("409 Conflict", code="stream-reset", epoch=OTHER_EPOCH, oldest=1)
        assert running.next().condition is RelayCondition.GAP
        relay.give(page(inbound("one", "I1"), inbound("two", "I2"), epoch=OTHER_EPOCH))
        running.next()
        assert [row.text for row in rows_with(store)] == ["one", "two"]
        assert inbox.position(store, SANDBOX) == f"1.{OTHER_EPOCH}.2"


def test_stopping_ends_a_poll_that_waits(store: Store) -> None:
    with _relay_and_poller(store) as (relay, running):
        relay.give(page(first=1))
        running.next()
        _until(lambda: len(relay.polls) == 2)
        began = time.monotonic()
        running.poller.stop()
        running.thread.join(_SOON)
        assert time.monotonic() - began < 1.0
        assert running.contacts.empty()


def test_stopping_ends_a_pause(store: Store) -> None:
    with _relay_and_poller(store) as (relay, running):
        relay.refuse("401 Unauthorized")
        running.next()
        began = time.monotonic()
        running.poller.stop()
        running.thread.join(_SOON)
        assert time.monotonic() - began < 1.0


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SOON
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)
