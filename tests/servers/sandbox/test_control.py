"""The control API: who may ask, and what it does. Same messages, same trace."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from sms_desktop.gateway.sandbox_control import (
    SOCKET,
    AccountChanges,
    AdvanceCommand,
    ReceiptCommand,
    Reply,
    ReplyCommand,
    SandboxControl,
)
from sms_desktop.messages.errors import Mendable, TryLater
from tests.servers.sandbox.running import CONTROL_TOKEN, PATIENCE, SECRET, Running, supervised
from tests.servers.sandbox.sink import Sink, sink

BEARER = {"Authorization": f"Bearer {CONTROL_TOKEN}"}


@pytest.fixture
def world() -> Iterator[tuple[Sink, Running]]:
    with sink() as here, supervised(mo_callback=f"{here.url}/m", dr_callback=f"{here.url}/d") as running:
        yield here, running


@pytest.fixture(scope="module")
def steady() -> Iterator[Running]:
    with supervised() as running:
        yield running


@pytest.mark.parametrize(
    "headers, expected",
    [
        (BEARER, 200),
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": f"Basic {CONTROL_TOKEN}"}, 401),
        (BEARER | {"Host": "attacker.example:80"}, 403),
        (BEARER | {"Host": "127.0.0.1.attacker.example:80"}, 403),
        (BEARER | {"Origin": "http://127.0.0.1"}, 403),
    ],
)
def test_over_tcp_only_who_has_the_token_may_ask(
    steady: Running, headers: dict[str, str], expected: int
) -> None:
    host = steady.url.removeprefix("http://")
    status, answer = steady.ask("GET", "/control/state", b"", {"Host": host} | headers)
    assert status == expected
    assert CONTROL_TOKEN.encode() not in answer
    assert SECRET.encode() not in answer


@pytest.mark.parametrize(
    "method, path, body, expected",
    [
        ("GET", "/control/nothing", b"", 404),
        ("GET", "/control/reset", b"", 405),
        ("OPTIONS", "/control/state", b"", 405),
        ("POST", "/control/reply", b"{", 400),
        ("POST", "/control/reply", b'{"phone": "x", "reply": {"text": "a"}}', 400),
        ("POST", "/control/reply", b'{"phone": "31612345678", "reply": {}}', 400),
        ("POST", "/control/reply", b'{"phone": "31612345678", "reply": {"text": "a"}}', 400),
        ("POST", "/control/receipt", b'{"message_id": "unknown"}', 400),
        ("POST", "/control/advance", b'{"seconds": 5}', 400),
        ("POST", "/control/account", b'{"balance": "-1"}', 400),
        ("POST", "/control/scenario", b"x" * 1_100_000, 413),
        ("GET", "/control/trace?after=x", b"", 400),
    ],
)
def test_a_command_that_makes_no_sense_gets_a_4xx(
    steady: Running, method: str, path: str, body: bytes, expected: int
) -> None:
    host = steady.url.removeprefix("http://")
    status, answer = steady.ask(method, path, body, {"Host": host} | BEARER)
    assert status == expected
    assert json.loads(answer)["error"]
    assert steady.control.state().api_key == "sandbox1"


def test_a_command_that_is_cut_short_is_no_fault_of_the_sandbox() -> None:
    with supervised() as running:
        place = urlsplit(running.url)
        head = f"Host: {place.netloc}\r\nAuthorization: Bearer {CONTROL_TOKEN}\r\nContent-Length: 100\r\n\r\n"
        for path in ("/control/reply", "/control/scenario", "/sms/json", "/number/update"):
            with socket.create_connection((place.hostname, place.port), PATIENCE) as connection:
                connection.sendall(f"POST {path} HTTP/1.1\r\n{head}{{".encode())
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1000)
        assert running.send()[0]["status"] == "0"
    assert b"".join(running.log) == b""


def test_without_a_token_nobody_is_let_in_over_tcp() -> None:
    with supervised(control_token=None) as running:
        assert running.ask("GET", "/control/state", b"", BEARER)[0] == 404


def test_a_phone_writes_to_who_wrote_to_it(world: tuple[Sink, Running]) -> None:
    here, running = world
    with pytest.raises(Mendable, match="Nobody has written"):
        running.control.reply(ReplyCommand("31611111111", Reply(text="Hello?")))
    running.send(to="31611111111", from_="447700900000")
    ids = running.control.reply(ReplyCommand("31611111111", Reply(text="I am here")))
    (arrived,) = here.about(1, text="I am here")
    assert (arrived.fields["messageId"], arrived.fields["to"]) == (ids[0], "447700900000")
    ids = running.control.reply(
        ReplyCommand("31611111111", Reply(text="x" * 400, order="reversed", missing=2), own="3197010240000")
    )
    assert len(ids) == 2
    parts = here.about(2, to="3197010240000")
    assert {one.fields["concat-part"] for one in parts} == {"1", "3"}
    running.control.reply(ReplyCommand("31611111111", Reply(text="y" * 400, concat=False)))
    assert all(
        "concat" not in one.fields for one in here.wait(3, lambda one: "yy" in one.fields.get("text", ""))
    )


def test_a_message_is_delivered_or_fails_by_hand(world: tuple[Sink, Running]) -> None:
    here, running = world
    running.send(to="31600000023", client_ref="waiting")
    here.about(2, client_ref="waiting")
    (part,) = [one for one in running.control.messages() if one.phone == "31600000023"]
    running.control.receipt(ReceiptCommand(part.message_id, "failed", "13"))
    (failed,) = here.about(1, client_ref="waiting", status="failed")
    assert failed.fields["err-code"] == "13"
    running.control.receipt(ReceiptCommand(part.message_id))
    here.about(1, client_ref="waiting", status="delivered")


def test_the_trace_can_be_followed(world: tuple[Sink, Running]) -> None:
    here, running = world
    start = running.control.trace(after=0).next
    assert running.control.trace(after=start, wait=0.05).entries == []
    running.send(client_ref="followed", callback=f"{here.url}/h/abcdefghijklmnopqrstuv/d")
    here.about(3, client_ref="followed")
    page = running.control.trace(after=start, wait=5)
    assert [entry["event"] for entry in page.entries][:2] == ["request", "answer"]
    shown = json.dumps(page.entries)
    assert SECRET not in shown
    assert "abcdefghijklmnopqrstuv" not in shown
    assert page.entries[0]["parameters"]["callback"] == f"{here.url}/h/***/d"


def scripted(**settings: object) -> bytes:
    """The trace of a rehearsal that goes by hand."""
    scenario = {
        "seed": 42,
        "clock": "manual",
        "rules": [
            {"when": {"chance": 0.3}, "conduct": {"status": "1"}},
            {"when": {"chance": 0.3}, "conduct": {"reordered": True, "copies": 2}},
            {"when": {"chance": 0.3}, "conduct": {"reply": {"text": "{text} " * 40, "order": "shuffled"}}},
        ],
    } | settings

    def answer(_: object) -> int:
        return 500 if len(here.arrived) % 4 == 0 else 200

    with (
        sink(answer) as here,
        supervised(dr_callback=f"{here.url}/d", mo_callback=f"{here.url}/m") as running,
    ):
        running.control.scenario(scenario)
        for number in range(20):
            running.send(text=f"message {number}", from_="447700900000", client_ref=f"{number}")
            running.control.advance(AdvanceCommand(0.25))
        running.control.advance(AdvanceCommand(3600))
        assert running.control.state().waiting == 0
        webhooks = [(one.path, one.fields) for one in here.arrived]
        return json.dumps([running.control.trace().entries, webhooks]).encode()


def test_the_same_seed_leaves_the_same_trace_octet_by_octet() -> None:
    first, second = scripted(), scripted()
    assert first == second
    assert b"2020-01-01 12:00:00" in first
    assert scripted(seed=43) != first


def test_a_clock_that_goes_by_itself_leaves_the_same_trace_too() -> None:
    def trace() -> str:
        with sink() as here, supervised(dr_callback=f"{here.url}/d", speed=400.0) as running:
            running.control.scenario(
                {"seed": 1, "rules": [{"when": {"chance": 0.5}, "conduct": {"copies": 2}}]}
            )
            for number in range(10):
                running.send(text=f"{number}", client_ref="last" if number == 9 else "other")
            here.about(1, client_ref="last", status="delivered")
            while running.control.state().waiting:
                running.control.trace(after=running.control.trace(after=0).next, wait=0.05)
            page = running.control.trace()
            while [entry["event"] for entry in page.entries].count("receipt") < len(here.arrived):
                page = running.control.trace()
            return json.dumps(page.entries)

    assert trace() == trace()


def test_a_reset_forgets_everything(world: tuple[Sink, Running]) -> None:
    here, running = world
    running.send(to="31600000003", client_ref="slow")
    running.control.account(AccountChanges(standing="suspended", balance="1"))
    assert running.send()[0]["status"] == "8"
    state = running.control.reset()
    assert (state.standing, state.balance, state.waiting, state.taken) == ("good", "100.00000000", 0, 0)
    assert running.control.messages() == []
    running.send(client_ref="after", text="echo after")
    here.about(1, text="after")


def test_a_reset_goes_back_to_how_it_was_started(world: tuple[Sink, Running]) -> None:
    here, _ = world
    with supervised(balance="7.5", auto_reload=False, rate=9, dr_callback=f"{here.url}/d") as started:
        started.control.account(
            AccountChanges(
                rate=1, most_connections=5, webhook_format="get", facilities=frozenset(), balance="1"
            )
        )
        elsewhere = urlencode(
            {"api_key": "sandbox1", "api_secret": SECRET, "drCallBackUrl": f"{here.url}/elsewhere"}
        )
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert started.ask("POST", "/account/settings", elsewhere.encode(), form)[0] == 200
        state = started.control.reset()
        assert (state.rate, state.balance) == (9, "7.5")
        assert started.send(client_ref="as at first")[0]["status"] == "0"
        (receipt,) = here.about(1, status="delivered", **{"client-ref": "as at first"})
        assert (receipt.path, receipt.method) == ("/d", "POST")


def test_a_scenario_sets_back_what_the_one_before_it_changed() -> None:
    with supervised(rate=20) as running:
        running.control.scenario({"account": {"rate": 1, "standing": "suspended"}})
        assert running.control.scenario({"name": "next"}).rate == 20
        running.control.scenario({"account": {"rate": 1}})
        assert running.control.scenario(None).rate == 20
        assert running.send()[0]["status"] == "0"


def test_a_clock_by_hand_counts_the_seconds_of_throttling_too() -> None:
    """Also in a second rehearsal, whose clock begins anew; and what it says of time is that clock's."""

    def rehearse(running: Running) -> list[dict[str, str]]:
        running.control.scenario({"clock": "manual", "account": {"rate": 2}})
        parts = []
        for _ in range(3):
            parts += [running.send()[0] for _ in range(3)]
            running.control.advance(AdvanceCommand(1))
        return [{name: part.get(name, "") for name in ("status", "error-text")} for part in parts]

    with supervised() as running:
        first, second = rehearse(running), rehearse(running)
    assert [part["status"] for part in first] == ["0", "0", "1"] * 3
    assert second == first


def smsctl(*arguments: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "sms_desktop.cli", "sandbox", *arguments],
        capture_output=True,
        env={**os.environ, **environment},
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_the_commands_find_a_sandbox_by_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / ("a folder with a name that is too long for a Unix socket " * 2) / "data"
    with (
        sink() as here,
        supervised(mo_callback=f"{here.url}/m", folder=str(folder), control_token=None) as running,
    ):
        assert (folder.stat().st_mode & 0o777, (folder / SOCKET).stat().st_mode & 0o777) == (0o700, 0o600)
        where = ("--data", str(folder))
        running.send(from_="447700900000")
        status, out, _ = smsctl("status", *where, "--json")
        assert (status, json.loads(out)["taken"]) == (0, 1)
        message_id = json.loads(smsctl("messages", *where, "--json")[1])["parts"][0]["message_id"]
        assert smsctl("reply", "+31612345678", "Hello from the phone", *where)[0] == 0
        here.about(1, text="Hello from the phone")
        status, _, err = smsctl("deliver", message_id, *where)
        assert (status, "no callback" in err) == (1, True)
        scenario = tmp_path / "bad day.toml"
        scenario.write_text('seed = 1\nname = "from a file"\n[[rules]]\nconduct = { status = "5" }\n')
        assert "from a file" in smsctl("scenario", str(scenario), *where)[1]
        assert running.send()[0]["status"] == "5"
        assert '"status": "5"' in smsctl("trace", *where)[1]
        assert smsctl("scenario", "--end", *where)[0] == 0
        assert "account suspended" in smsctl("account", "standing=suspended", *where)[1]
        assert smsctl("account", "standing=nonsense", *where)[0] == 1
        assert "0 messages came" in smsctl("reset", *where)[1]
    assert not (folder / SOCKET).exists()
    status, out, err = smsctl("status", *where, "--json")
    assert (status, json.loads(out)["error"]["message"]) == (1, "No sandbox answers there.")


def test_the_commands_find_a_sandbox_by_address_and_token(steady: Running) -> None:
    where = ("--url", steady.url)
    assert smsctl("status", *where, SMSCTL_SANDBOX_TOKEN=CONTROL_TOKEN)[0] == 0
    status, _, err = smsctl("status", *where, SMSCTL_SANDBOX_TOKEN="wrong")
    assert (status, err) == (1, "smsctl: The control token is missing or wrong.\n")
    status, _, err = smsctl("status", *where, SMSCTL_SANDBOX_TOKEN="")
    assert (status, "SMSCTL_SANDBOX_TOKEN" in err) == (1, True)
    status, _, err = smsctl("status", "--url", "http://example.com", SMSCTL_SANDBOX_TOKEN=CONTROL_TOKEN)
    assert (status, "plain HTTP" in err) == (1, True)


def test_every_number_is_listed() -> None:
    status, out, _ = smsctl("numbers", "--json")
    numbers = json.loads(out)["numbers"]
    assert status == 0
    assert {"31600000001", "31600000107", "31600000206", "31600000429"} <= {row["number"] for row in numbers}
    assert "Echo handset" in smsctl("numbers")[1]


def test_nothing_answers_where_nothing_runs(tmp_path: Path) -> None:
    with pytest.raises(TryLater, match="No sandbox answers"):
        SandboxControl(socket=tmp_path / SOCKET).state()
    with pytest.raises(TryLater, match="No sandbox answers"):
        SandboxControl(socket=tmp_path / "nowhere" / ("x" * 120) / SOCKET).state()
