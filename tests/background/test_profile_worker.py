"""All that runs for a profile, with real servers as child processes and real sockets."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from sms_desktop.background import profile_worker as worker_module
from sms_desktop.background import supervisor
from sms_desktop.background.profile_worker import ProfileWorker
from sms_desktop.background.sender import Sender
from sms_desktop.background.status import ProfileStatus, RelayCondition
from sms_desktop.messages.explanations import explain
from sms_desktop.messages.ids import MessageId, ProfileId
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.states import State
from sms_desktop.relay.events import encode_page
from sms_desktop.services import inbox
from sms_desktop.services.outbox import Outbox
from sms_desktop.settings.profiles import SANDBOX, Profile
from sms_desktop.settings.secrets import KeyringUnavailable, MemorySecrets, SecretName, Secrets
from sms_desktop.store.database import Store
from tests.fakes import pages
from tests.fakes.exchanges import accepted
from tests.fakes.hands import PHONE, count, row_of, rows_with, send, state_of
from tests.gateway.peers import Peer, http, peer, silent
from tests.servers.relay.running import RunningRelay
from tests.servers.relay.running import supervised as relay_server
from tests.servers.sandbox import running as sandbox_server

_SOON = 20.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    yield store
    store.close()


class _Running:
    """A worker under way, with all that it published."""

    def __init__(self, store: Store, folder: Path, profile: Profile, secrets: Secrets) -> None:
        self.published: queue.SimpleQueue[ProfileStatus] = queue.SimpleQueue()
        self.statuses: list[ProfileStatus] = []
        self._changed = threading.Event()
        self._store = store
        store.subscribe(lambda _: self._changed.set())
        self.worker = ProfileWorker(
            profile=profile, store=store, secrets=secrets, folder=folder, publish=self._publish
        )

    def _publish(self, status: ProfileStatus) -> None:
        self.statuses.append(status)
        self._changed.set()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for `condition`, looking after every change."""
        deadline = time.monotonic() + _SOON
        while not condition():
            assert time.monotonic() < deadline, (self.statuses[-3:], self._messages())
            self._changed.wait(0.05)
            self._changed.clear()

    def _messages(self) -> list[tuple[object, ...]]:
        with self._store.read() as db:
            return [
                *db.execute("SELECT body, state, next_try_us FROM message"),
                *db.execute("SELECT outcome, phase, http_status, response, reason FROM attempt"),
                *db.execute("SELECT gateway_id, word FROM receipt"),
            ]

    def until_relay_is(self, condition: RelayCondition) -> ProfileStatus:
        self.until(lambda: bool(self.statuses) and self.statuses[-1].relay is condition)
        return self.statuses[-1]


@contextmanager
def _working(
    store: Store, tmp_path: Path, profile: Profile = SANDBOX, secrets: Secrets | None = None
) -> Iterator[_Running]:
    running = _Running(store, tmp_path / "profiles" / profile.id, profile, secrets or MemorySecrets())
    running.worker.start()
    try:
        yield running
    finally:
        began = time.monotonic()
        running.worker.stop()
        assert time.monotonic() - began < 2.0
        assert running.statuses[-1].relay is RelayCondition.STOPPED
        assert running.worker.status == running.statuses[-1]


@pytest.fixture(autouse=True)
def quick_carrier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Receipts and replies of the built-in sandbox come within a few milliseconds."""
    monkeypatch.setattr(supervisor, "SPEED", 40.0)


def _children() -> list[int]:
    found: list[int] = []
    for task in Path("/proc/self/task").glob("*/children"):
        found += [int(pid) for pid in task.read_text().split()]
    return sorted(found)


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")


def test_the_whole_loop(store: Store, tmp_path: Path) -> None:
    with _working(store, tmp_path) as running:
        message = send(store, "echo " + "How are you? " * 20 + "Bye.")
        running.until(lambda: state_of(store, message) is State.DELIVERED)
        row = row_of(store, message)
        assert [part.state for part in row.parts] == [State.DELIVERED] * row.parts_total
        assert row.parts_total == 2
        running.until(lambda: any(row.inbound and None not in _texts(row) for row in rows_with(store)))
        status = running.until_relay_is(RelayCondition.CONNECTED)
        assert (status.profile, status.queued, status.trouble, status.sender_waits_for) == (
            "sandbox",
            0,
            None,
            None,
        )
        running.until(lambda: running.statuses[-1].last_event_us is not None)
    assert running.statuses[0].relay is RelayCondition.STARTING
    [reply] = [row for row in rows_with(store) if row.inbound]
    assert reply.text == "How are you? " * 20 + "Bye."
    assert _children() == []


def _texts(row: object) -> list[str | None]:
    return [part.text for part in row.parts]  # type: ignore[attr-defined]  # a MessageRow


def _kill_server(name: bytes) -> int:
    pid = next(pid for pid in _children() if b" " + name + b" " in _command(pid))
    os.kill(pid, signal.SIGKILL)
    # Its threads end one by one, and until the last has, it may take a message into its grave.
    deadline = time.monotonic() + _SOON
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return pid


def test_a_relay_that_is_killed_is_replaced_and_no_receipt_is_lost(store: Store, tmp_path: Path) -> None:
    with _working(store, tmp_path) as running:
        first = send(store, "before")
        running.until(lambda: state_of(store, first) is State.DELIVERED)
        before = _children()
        _kill_server(b"relay")
        second = send(store, "meanwhile")
        running.until(lambda: state_of(store, second) is State.DELIVERED)
        running.until_relay_is(RelayCondition.CONNECTED)
        assert len(set(before) & set(_children())) == 1
        assert len(_children()) == 2
    assert state_of(store, first) is State.DELIVERED


def test_a_gateway_that_is_killed_is_replaced_and_sending_goes_on(store: Store, tmp_path: Path) -> None:
    with _working(store, tmp_path) as running:
        first = send(store, "before")
        running.until(lambda: state_of(store, first) is State.DELIVERED)
        for number in range(2):
            killed = _kill_server(b"sandbox")
            message = send(store, f"after {number}", to=f"3160000009{number}")
            running.until(lambda message=message: state_of(store, message) is State.DELIVERED)  # type: ignore[misc]
            assert killed not in _children()
    assert count(store, "message") == 3


def test_stopping_while_the_servers_are_starting(store: Store, tmp_path: Path) -> None:
    message = send(store)
    for wait_for_child in (False, True):
        with _working(store, tmp_path) as running:
            if wait_for_child:
                running.until(lambda: bool(_children()))
        assert not running.worker._thread.is_alive()
    assert _children() == []
    assert state_of(store, message) in {State.QUEUED, State.NOT_SENT}


def test_what_waited_while_nothing_ran_goes_out_at_the_start(store: Store, tmp_path: Path) -> None:
    messages = [send(store, f"{number}", to=f"3160000001{number}") for number in range(3)]
    with _working(store, tmp_path) as running:
        running.until(lambda: all(state_of(store, message) is State.DELIVERED for message in messages))


def test_a_barred_number_is_refused_in_words_and_a_phone_that_is_off_fails(
    store: Store, tmp_path: Path
) -> None:
    with _working(store, tmp_path) as running:
        barred = send(store, to="31600000005")
        off = send(store, to="31600000002")
        running.until(
            lambda: state_of(store, barred) is State.REFUSED and state_of(store, off) is State.FAILED
        )
    [part] = row_of(store, barred).parts
    assert part.status == "7"
    [part] = row_of(store, off).parts
    assert part.err_code == "2"


def _local(**changes: object) -> Profile:
    made = Profile(ProfileId("local"), "Local", Provider.SANDBOX, "sandbox1", "Helpdesk")
    return replace(made, **changes)  # type: ignore[arg-type]  # what each test changes


def _secrets(**kept: str) -> MemorySecrets:
    secrets = MemorySecrets()
    for name, secret in kept.items():
        secrets.set(ProfileId("local"), SecretName(name), secret)
    return secrets


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    """A sandbox that somebody else started."""
    with sandbox_server.supervised() as served:
        yield served.url


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRelay]:
    """A relay that somebody else started."""
    with relay_server(tmp_path_factory.mktemp("relay") / "relay.db") as served:
        yield served


def test_a_wrong_secret_is_refused_in_words(store: Store, tmp_path: Path, gateway: str) -> None:
    profile = _local(gateway_url=gateway)
    message = send(store, profile=profile)
    with _working(store, tmp_path, profile, _secrets(api_secret="wrong-secret")) as running:
        running.until(lambda: state_of(store, message) is State.REFUSED)
    [part] = row_of(store, message).parts
    told = explain(part.state, status=part.status, error_text=part.error_text)
    assert told.head == "Refused: the gateway does not know this key or secret (status 4)"
    assert "wrong-secret" not in told.body


def test_without_a_relay_messages_are_sent_and_that_is_said(
    store: Store, tmp_path: Path, gateway: str
) -> None:
    profile = _local(gateway_url=gateway)
    message = send(store, profile=profile)
    with _working(store, tmp_path, profile, _secrets(api_secret=sandbox_server.SECRET)) as running:
        status = running.until_relay_is(RelayCondition.NONE)
        running.until(lambda: state_of(store, message) is State.SUBMITTED)
        assert status.relay_detail == "This account has no relay."
        assert status.trouble is None


def test_an_account_with_a_relay_of_its_own(
    store: Store, tmp_path: Path, gateway: str, relay: RunningRelay
) -> None:
    stream = relay.stream()
    profile = _local(gateway_url=gateway, relay_url=relay.url, stream=stream.name)
    secrets = _secrets(
        api_secret=sandbox_server.SECRET, relay_token=stream.reader_token, ingest_token=stream.ingest_token
    )
    message = send(store, profile=profile)
    with _working(store, tmp_path, profile, secrets) as running:
        running.until(lambda: state_of(store, message) is State.DELIVERED)
        running.until_relay_is(RelayCondition.CONNECTED)


@pytest.mark.parametrize(
    "token, words",
    [("smsr_" + "w" * 43, "does not accept the relay token (401)"), ("", "is not known on this computer")],
)
def test_a_relay_token_that_is_wrong_or_missing_is_said_and_messages_are_sent(
    store: Store, tmp_path: Path, gateway: str, relay: RunningRelay, token: str, words: str
) -> None:
    profile = _local(gateway_url=gateway, relay_url=relay.url)
    kept = {"api_secret": sandbox_server.SECRET} | ({"relay_token": token} if token else {})
    message = send(store, profile=profile)
    with _working(store, tmp_path, profile, _secrets(**kept)) as running:
        status = running.until_relay_is(RelayCondition.REFUSED)
        running.until(lambda: state_of(store, message) is State.SUBMITTED)
    assert words in status.relay_detail
    assert status.trouble is not None
    assert words in status.trouble.head
    assert not token or token not in repr(running.statuses)


def test_a_relay_that_does_not_answer_is_a_banner_only_when_it_lasts(
    store: Store, tmp_path: Path, gateway: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = _local(gateway_url=gateway, relay_url="http://127.0.0.1:9")
    secrets = _secrets(api_secret=sandbox_server.SECRET, relay_token="smsr_" + "x" * 43)
    with _working(store, tmp_path, profile, secrets) as running:
        status = running.until_relay_is(RelayCondition.UNREACHABLE)
        assert "nothing listens there" in status.relay_detail
        assert status.trouble is None
        monkeypatch.setattr(worker_module, "_BANNER_AFTER_US", 0)
        running.worker.try_now()
        running.until(lambda: running.statuses[-1].trouble is not None)
        trouble = running.statuses[-1].trouble
        assert trouble is not None
        assert (trouble.head, trouble.action) == ("No contact with the relay.", "try_now")


def test_a_hole_is_a_banner_until_a_person_goes_on_behind_it(
    store: Store, tmp_path: Path, gateway: str
) -> None:
    def leaves_out_the_second(served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        if b"after=" in served.requests[-1]:
            given = pages.page(pages.inbound("three", "I3"), first=3)
        else:
            given = pages.page(pages.inbound("one", "I1"))
        connection.sendall(http("200 OK", encode_page(given)))

    secrets = _secrets(api_secret=sandbox_server.SECRET, relay_token="smsr_" + "x" * 43)
    with peer(leaves_out_the_second) as relay:
        profile = _local(gateway_url=gateway, relay_url=relay.url)
        with _working(store, tmp_path, profile, secrets) as running:
            trouble = running.until_relay_is(RelayCondition.GAP).trouble
            assert trouble is not None
            assert trouble.head == "Event 2 is missing. Nothing after that is shown until it arrives."
            assert trouble.action == "go_on"
            assert inbox.go_on_behind_holes(store, profile.id) == 1
            running.worker.try_now()
            running.until(lambda: [row.text for row in rows_with(store, PHONE, profile)] == ["one", "three"])


def test_a_secret_that_is_missing_stops_sending_in_words_until_it_is_there(
    store: Store, tmp_path: Path, gateway: str
) -> None:
    profile = _local(gateway_url=gateway)
    secrets = _secrets()
    message = send(store, profile=profile)
    with _working(store, tmp_path, profile, secrets) as running:
        status = running.until_relay_is(RelayCondition.STOPPED)
        assert status.sender_waits_for == "The API secret of Local is not known on this computer."
        assert status.waits_for_person
        assert status.trouble is not None
        assert status.queued == 1
        secrets.set(profile.id, SecretName.API_SECRET, sandbox_server.SECRET)
        running.worker.try_now()
        running.until(lambda: state_of(store, message) is State.SUBMITTED)
        running.until(lambda: running.statuses[-1].sender_waits_for is None)
        assert not running.statuses[-1].waits_for_person


def test_a_locked_keyring_is_said_and_tried_again(
    store: Store, tmp_path: Path, gateway: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_RETRY_SECONDS", 0.02)

    class Locked:
        asked = 0

        def get(self, profile: ProfileId, name: SecretName) -> str | None:
            self.asked += 1
            if self.asked < 4:
                raise KeyringUnavailable("The keyring is locked.", hint="Unlock it.")
            return sandbox_server.SECRET

    profile = _local(gateway_url=gateway)
    message = send(store, profile=profile)
    with _working(store, tmp_path, profile, Locked()) as running:
        running.until(lambda: state_of(store, message) is State.SUBMITTED)
    locked = [status for status in running.statuses if status.relay is RelayCondition.STOPPED][:-1]
    assert len({status.trouble for status in locked}) == 1  # one trouble, not a new one at each try
    assert locked[0].trouble is not None
    assert locked[0].trouble.consequence == "Unlock it."


def test_a_fault_of_ours_is_said_and_does_not_end_the_worker(
    store: Store, tmp_path: Path, gateway: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_RETRY_SECONDS", 0.02)
    real, calls = Sender.run, 0

    def run(self: Sender) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ZeroDivisionError
        real(self)

    monkeypatch.setattr(Sender, "run", run)
    profile = _local(gateway_url=gateway)
    message = send(store, profile=profile)
    with _working(store, tmp_path, profile, _secrets(api_secret=sandbox_server.SECRET)) as running:
        running.until(lambda: state_of(store, message) is State.SUBMITTED)
    assert any("ZeroDivisionError" in (status.sender_waits_for or "") for status in running.statuses)


def test_a_gateway_that_hangs_does_not_hold_the_stop_up_and_the_outcome_is_known_to_be_unknown(
    store: Store, tmp_path: Path
) -> None:
    with peer(silent) as hanging:
        profile = _local(gateway_url=hanging.url)
        message = send(store, profile=profile)
        with _working(store, tmp_path, profile, _secrets(api_secret="s")) as running:
            assert hanging.arrived.wait(_SOON)
        assert not running.worker._thread.is_alive()
    assert state_of(store, message) is State.UNCERTAIN


def test_an_answer_that_is_a_moment_away_is_waited_for_when_stopping(store: Store, tmp_path: Path) -> None:
    stopping = threading.Event()

    def slow(served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        stopping.wait(_SOON)
        connection.sendall(http("200 OK", accepted("G1")))

    with peer(slow) as gateway:
        profile = _local(gateway_url=gateway.url)
        message = send(store, profile=profile)
        with _working(store, tmp_path, profile, _secrets(api_secret="s")):
            assert gateway.arrived.wait(_SOON)
            opener = threading.Timer(0.1, stopping.set)
            opener.start()
        opener.join()
    assert state_of(store, message) is State.SUBMITTED


def test_the_second_worker_waits_and_takes_over(store: Store, tmp_path: Path, gateway: str) -> None:
    profile = _local(gateway_url=gateway)
    secrets = _secrets(api_secret=sandbox_server.SECRET)
    other = Store(tmp_path / "store.db")
    with _working(other, tmp_path, profile, secrets) as waiting:
        waiting.until_relay_is(RelayCondition.NONE)
        with _working(store, tmp_path, profile, secrets) as second:
            second.until_relay_is(RelayCondition.ELSEWHERE)
            message = send(store, profile=profile)
            second.until(lambda: state_of(store, message) is State.SUBMITTED)
            waiting.worker.stop()
            second.until_relay_is(RelayCondition.NONE)
            message = send(store, profile=profile)
            second.until(lambda: state_of(store, message) is State.SUBMITTED)
    other.close()


def test_trying_now_sends_what_was_to_be_tried_later(store: Store, tmp_path: Path, gateway: str) -> None:
    profile = _local(gateway_url=gateway)
    message = send(store, profile=profile)
    later = time.time_ns() // 1_000 + 600_000_000
    with store.write() as writing:
        writing.db.execute("UPDATE message SET next_try_us = ?", (later,))
    with _working(store, tmp_path, profile, _secrets(api_secret=sandbox_server.SECRET)) as running:
        running.until_relay_is(RelayCondition.NONE)
        assert state_of(store, message) is State.QUEUED
        running.worker.try_now()
        running.until(lambda: state_of(store, message) is State.SUBMITTED)


_KILLED = """
import sys, time
from pathlib import Path
from sms_desktop.background.profile_worker import ProfileWorker
from sms_desktop.settings.profiles import Profile
from sms_desktop.messages.providers import Provider
from sms_desktop.settings.secrets import MemorySecrets, SecretName
from sms_desktop.store.database import Store
profile = Profile("local", "Local", Provider.SANDBOX, "sandbox1", "Helpdesk", gateway_url=sys.argv[2])
secrets = MemorySecrets()
secrets.set("local", SecretName.API_SECRET, "s")
ProfileWorker(profile=profile, store=Store(Path(sys.argv[1]) / "store.db"), secrets=secrets,
              folder=Path(sys.argv[1]) / "profiles" / "local", publish=lambda status: None).start()
time.sleep(60)
"""


def test_a_process_that_is_killed_while_it_sends_leaves_an_attempt_that_is_uncertain_and_never_repeated(
    store: Store, tmp_path: Path, gateway: str
) -> None:
    with peer(silent) as hanging:
        profile = _local(gateway_url=hanging.url)
        message = send(store, profile=profile)
        later = send(store, "not begun", profile=profile)
        killed = subprocess.Popen([sys.executable, "-c", _KILLED, str(tmp_path), hanging.url])
        assert hanging.arrived.wait(_SOON)
        killed.kill()
        killed.wait(10)
        assert state_of(store, message) is State.SENDING
        assert hanging.connections == 1

    profile = _local(gateway_url=gateway)
    with _working(store, tmp_path, profile, _secrets(api_secret=sandbox_server.SECRET)) as running:
        running.until(lambda: state_of(store, later) is State.SUBMITTED)
    row = row_of(store, message)
    assert (row.state, row.reason) == (State.UNCERTAIN, "The program ended while this was being sent.")
    assert count(store, "attempt") == 2


def test_messages_are_counted_while_they_wait(store: Store, tmp_path: Path) -> None:
    profile = _local(gateway_url="http://127.0.0.1:9")
    with _working(store, tmp_path, profile, _secrets(api_secret="s")) as running:
        message: MessageId = send(store, profile=profile)
        send(store, to="31600000009", profile=profile)
        running.until(lambda: state_of(store, message) is State.NOT_SENT)
        running.until(lambda: running.statuses[-1].queued == 2)
        assert Outbox(store).queued(profile.id) == 2
    assert row_of(store, message).party == PHONE
