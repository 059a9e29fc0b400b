"""The embedded servers: started with their secrets over a pipe, and never left behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sms_desktop.background.supervisor import EmbeddedServers, own_environment
from sms_desktop.messages.errors import TryLater
from sms_desktop.services.accounts import Servers
from tests.servers.relay.running import ask, bearer

_SOON = 10.0


def _children(parent: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        found += [int(pid) for pid in task.read_text().split()]
    return found


def _gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + _SOON
    while not all(_gone(pid) for pid in pids):
        assert time.monotonic() < deadline, pids
        time.sleep(0.005)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedServers]:
    embedded = EmbeddedServers(
        tmp_path / "sandbox", api_key="sandbox1", stream="main", api_secret="canary-4711"
    )
    yield embedded
    embedded.stop()


def _secrets(servers: Servers) -> list[str]:
    return [servers.api_secret, servers.ingest_token, servers.reader_token]


def test_they_answer_with_their_secrets_which_stand_nowhere_else_and_end_quickly(
    embedded: EmbeddedServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMSCTL_API_SECRET", "from-the-environment")
    servers = embedded.start()
    runs = [embedded.running]
    children = _children(os.getpid())
    assert len(children) == 2
    for pid in children:
        seen = Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()
        for secret in (*_secrets(servers), "from-the-environment"):
            assert secret.encode() not in seen
    assert "SMSCTL_API_SECRET" not in own_environment()

    events = "/v1/events?stream=main&wait=0"
    assert ask(servers.relay_url, "GET", events, headers=bearer(servers.reader_token)).status == 200
    assert ask(servers.relay_url, "GET", events, headers=bearer("smsr_" + "x" * 43)).status == 401
    ask(servers.relay_url, "GET", f"/h/{servers.ingest_token}/d?status=delivered&messageId=1&msisdn=2")
    ask(
        servers.gateway_url, "POST", "/sms/json", f"api_key=sandbox1&api_secret={servers.api_secret}".encode()
    )

    began = time.monotonic()
    embedded.stop()
    assert time.monotonic() - began < 1.9
    runs.append(embedded.running)
    assert runs == [True, False]
    assert all(_gone(pid) for pid in children)
    embedded.stop()
    for path in (tmp_path / "sandbox").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        for secret in _secrets(servers):
            assert secret.encode() not in path.read_bytes(), path


def test_a_server_that_does_not_end_by_itself_is_killed(embedded: EmbeddedServers) -> None:
    embedded.start()
    children = _children(os.getpid())
    for pid in children:
        os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    embedded.stop()
    assert time.monotonic() - began < 1.9
    assert all(_gone(pid) for pid in children)


def test_one_that_has_died_is_replaced_under_its_address_and_with_its_secrets(
    embedded: EmbeddedServers,
) -> None:
    servers = embedded.start()
    for pid in _children(os.getpid()):
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + _SOON
        while embedded.running:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        embedded.repair()
        assert embedded.running
    events = "/v1/events?stream=main&wait=0"
    assert ask(servers.relay_url, "GET", events, headers=bearer(servers.reader_token)).status == 200
    assert ask(servers.gateway_url, "POST", "/sms/json").status == 200


def test_a_start_can_be_cut_short(embedded: EmbeddedServers) -> None:
    outcome: list[object] = []

    def start() -> None:
        try:
            outcome.append(embedded.start())
        except TryLater as error:
            outcome.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    deadline = time.monotonic() + _SOON
    while not _children(os.getpid()):
        assert time.monotonic() < deadline
        time.sleep(0.001)
    began = time.monotonic()
    embedded.cancel()
    embedded.stop()
    thread.join(_SOON)
    assert time.monotonic() - began < 1.9
    assert isinstance(outcome[0], TryLater)
    assert _children(os.getpid()) == []


def test_after_cancelling_nothing_is_started(embedded: EmbeddedServers) -> None:
    embedded.cancel()
    with pytest.raises(TryLater, match="stopping"):
        embedded.start()
    assert _children(os.getpid()) == []


def test_a_server_that_can_t_start_says_why(embedded: EmbeddedServers, tmp_path: Path) -> None:
    (tmp_path / "sandbox" / "relay.db").mkdir(parents=True)
    with pytest.raises(TryLater, match="built-in relay did not start: ") as told:
        embedded.start()
    assert "relay.db" in told.value.message
    assert "canary" not in told.value.message


_OWNER = """
import sys
from pathlib import Path
from sms_desktop.background.supervisor import EmbeddedServers
embedded = EmbeddedServers(Path(sys.argv[1]), api_key="sandbox1", stream="main")
embedded.start()
print("started", flush=True)
sys.stdin.read()
"""


def test_they_end_when_the_program_that_started_them_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(tmp_path / "sandbox")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"started\n"
    children = _children(owner.pid)
    assert len(children) == 2
    owner.kill()
    owner.communicate(timeout=10)
    _wait_until_gone(children)

    again = EmbeddedServers(tmp_path / "sandbox", api_key="sandbox1", stream="main")
    try:
        assert again.start().relay_url
    finally:
        again.stop()
