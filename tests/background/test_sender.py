"""The sender: one attempt at a time, its evidence recorded whatever happens, and an end in time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sms_desktop.background import sender as sender_module
from sms_desktop.background.sender import Sender
from sms_desktop.gateway.auth import SecretInBody
from sms_desktop.gateway.client import GatewayClient
from sms_desktop.messages.options import Options
from sms_desktop.messages.states import State
from sms_desktop.services.accounts import Account
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store import database
from sms_desktop.store.database import Store
from tests.fakes.exchanges import accepted, answer
from tests.fakes.hands import count, row_of, send, state_of
from tests.gateway.peers import Peer, Script, answering, http, peer, silent

_SOON = 10.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    yield store
    store.close()


class _Running:
    """A sender at work on a thread of its own."""

    def __init__(self, store: Store, url: str) -> None:
        self.words: list[str | None] = []
        self.sender = Sender(
            store=store,
            account=Account(SANDBOX, url, SecretInBody("sandbox1", "secret"), None),
            client=GatewayClient(),
            waits_for=self.words.append,
        )
        self.thread = threading.Thread(target=self.sender.run, name="sender under test")
        store.subscribe(lambda _: self.sender.wake())


@contextmanager
def _sending(store: Store, url: str) -> Iterator[_Running]:
    running = _Running(store, url)
    running.thread.start()
    try:
        yield running
    finally:
        running.sender.stop()
        running.thread.join(_SOON)
        assert not running.thread.is_alive()


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SOON
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _each(*scripts: Script) -> Script:
    """The first connection by the first script, and so on; the last one for all that follow."""
    lock, left = threading.Lock(), list(scripts)

    def script(served: Peer, connection: socket.socket) -> None:
        with lock:
            chosen = left.pop(0) if len(left) > 1 else left[0]
        chosen(served, connection)

    return script


_OK = answering(http("200 OK", accepted("G1")))


def test_messages_go_out_one_after_another_as_they_are_written(store: Store) -> None:
    with peer(_OK) as gateway, _sending(store, gateway.url):
        messages = [send(store, f"Number {number}") for number in range(8)]
        _until(lambda: all(state_of(store, message) is State.SUBMITTED for message in messages))
    texts = [request.rpartition(b"\r\n\r\n")[2] for request in gateway.requests]
    assert [text.split(b"text=")[1].split(b"&")[0] for text in texts] == [b"Number+%d" % n for n in range(8)]
    assert gateway.connections == 8


def test_a_message_that_another_process_wrote_goes_out_too(store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "store.db")
    with peer(_OK) as gateway, _sending(store, gateway.url):
        message = send(other)
        _until(lambda: state_of(other, message) is State.SUBMITTED)
    other.close()


def test_what_was_not_sent_is_tried_again_by_itself(store: Store) -> None:
    throttled = answering(
        http("200 OK", answer({"status": "1", "error-text": "please wait [ 40 ] and retry"}))
    )
    with peer(_each(throttled, throttled, _OK)) as gateway, _sending(store, gateway.url):
        message = send(store)
        _until(lambda: state_of(store, message) is State.SUBMITTED)
        assert gateway.connections == 3
    assert count(store, "attempt") == 3


def test_what_is_uncertain_is_never_sent_again(store: Store) -> None:
    def breaks(served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.close()

    with peer(breaks) as gateway, _sending(store, gateway.url):
        first = send(store, "lost")
        _until(lambda: state_of(store, first) is State.UNCERTAIN)
        second = send(store, "lost too")
        _until(lambda: state_of(store, second) is State.UNCERTAIN)
        assert gateway.connections == 2
    assert count(store, "attempt") == 2


def test_stopping_cuts_a_request_short_and_records_what_is_known(store: Store) -> None:
    with peer(silent) as gateway, _sending(store, gateway.url) as running:
        message = send(store)
        later = send(store, "not begun")
        assert gateway.arrived.wait(_SOON)
        began = time.monotonic()
        running.sender.stop()
        running.thread.join(_SOON)
        assert time.monotonic() - began < 1.0
    row = row_of(store, message)
    assert row.state is State.UNCERTAIN
    assert row.reason == "The request was written, then waiting for the answer was stopped."
    assert state_of(store, later) is State.QUEUED


def test_finishing_lets_the_request_under_way_come_to_its_end(store: Store) -> None:
    go_on = threading.Event()

    def slow(served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        go_on.wait(_SOON)
        connection.sendall(http("200 OK", accepted("G1")))

    with peer(slow) as gateway, _sending(store, gateway.url) as running:
        message, later = send(store), send(store, "not begun")
        assert gateway.arrived.wait(_SOON)
        running.sender.finish()
        go_on.set()
        running.thread.join(_SOON)
        assert not running.thread.is_alive()
    assert state_of(store, message) is State.SUBMITTED
    assert state_of(store, later) is State.QUEUED


def test_a_sender_that_is_stopped_begins_nothing(store: Store) -> None:
    message = send(store)
    with peer(_OK) as gateway:
        running = _Running(store, gateway.url)
        running.sender.stop()
        running.thread.start()
        running.thread.join(_SOON)
        assert gateway.connections == 0
    assert state_of(store, message) is State.QUEUED


def test_evidence_that_can_t_be_recorded_now_is_recorded_later_and_nothing_is_sent_meanwhile(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_MS", 20)
    monkeypatch.setattr(sender_module, "_TROUBLE_SECONDS", 0.05)
    held, release = threading.Event(), threading.Event()
    other = Store(tmp_path / "store.db")

    def hold() -> None:
        with other.write():
            held.set()
            release.wait(_SOON)

    holder = threading.Thread(target=hold)

    def answers_once_the_store_is_locked(served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        holder.start()
        held.wait(_SOON)
        connection.sendall(http("200 OK", accepted("G1")))

    first, second = send(store, "one"), send(store, "two")
    script = _each(answers_once_the_store_is_locked, _OK)
    with peer(script) as gateway, _sending(store, gateway.url) as running:
        _until(lambda: any(words and "in use" in words for words in running.words))
        assert gateway.connections == 1
        release.set()
        holder.join(_SOON)
        _until(lambda: state_of(store, second) is State.SUBMITTED)
        _until(lambda: running.words[-1] is None)
    assert state_of(store, first) is State.SUBMITTED
    assert gateway.connections == 2
    other.close()


def test_a_request_that_can_t_be_built_is_said_and_sends_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = send(store)
    with _sending(store, "http://rest.example.invalid") as running:
        _until(lambda: any(words and "plain HTTP" in words for words in running.words))
    assert state_of(store, message) is State.QUEUED
    assert count(store, "attempt") == 0


def test_an_expired_message_does_not_stop_the_next(store: Store) -> None:
    past = time.time_ns() // 1_000 - 3_600_000_000
    given_up = send(store, "old", clock=lambda: past, options=Options(ttl=20_000))
    with peer(_OK) as gateway, _sending(store, gateway.url):
        message = send(store, "new")
        _until(lambda: state_of(store, message) is State.SUBMITTED)
    row = row_of(store, given_up)
    assert (row.state, row.next_try_us) == (State.QUEUED, None)
    assert gateway.connections == 1


def test_it_rests_while_a_message_waits_behind_one_that_is_to_be_tried_later(store: Store) -> None:
    slow_down = answering(http("429 Too Many Requests", b"", "Retry-After: 60"))
    with peer(slow_down) as gateway, _sending(store, gateway.url) as running:
        send(store, "one")
        second = send(store, "two")
        _until(lambda: gateway.connections == 1 and count(store, "part") == 0 and bool(running.words))
        steps = len(running.words)
        time.sleep(0.6)  # what a sender does that finds nothing due: two looks, not six hundred
        assert len(running.words) - steps < 20
    assert state_of(store, second) is State.QUEUED
