"""`smsctl send`: the contract that scripts rely on, through the built-in gateway and relay."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sms_desktop.background import supervisor
from sms_desktop.cli import run
from sms_desktop.settings.paths import places
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store.database import Store
from sms_desktop.store.messages import MessageRow
from tests.fakes.hands import count, rows_with
from tests.fakes.terminal import Done, begun, finished, smsctl
from tests.servers.sandbox import running as sandbox_server

_CANARY = "canary-of-the-api-4711"
_TO = ("--to", "+31 6 1234 5678", "--from", "Helpdesk")


def _send(*arguments: str | bytes, **options: Any) -> Done:
    return smsctl("send", *arguments, **options)


def _everything_written() -> bytes:
    """All octets of all files below this test's home."""
    return b"".join(path.read_bytes() for path in Path(os.environ["HOME"]).rglob("*") if path.is_file())


Here = Callable[..., Done]


@pytest.fixture
def here(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Here:
    """Runs smsctl in this process, with a carrier that takes no time."""
    monkeypatch.setattr(supervisor, "SPEED", 40.0)

    def smsctl_here(*arguments: str) -> Done:
        status = run(list(arguments))
        return Done(status, *capfdbinary.readouterr())

    return smsctl_here


def _store() -> Store:
    return Store(places().store)


def _check_shape(document: dict[str, Any]) -> None:
    assert document.keys() >= {"profile", "state", "requests"}
    for request in document["requests"]:
        assert request.keys() >= {"request", "http_status", "client_ref", "parts"}
        assert request["request"].keys() >= {"method", "url", "parameters"}
        assert request["request"]["parameters"]["api_secret"] == "***"
        for part in request["parts"]:
            assert part.keys() >= {"message_id", "status", "error_text", "price", "network", "receipt"}
            if part["receipt"] is not None:
                assert part["receipt"].keys() >= {"status", "err_code", "scts"}


def test_a_text_of_three_parts_is_delivered_and_no_secret_is_seen() -> None:
    done = _send(
        "text",
        *_TO,
        "--text",
        "x" * 400,
        "--wait",
        "20",
        "--json",
        environment={"SMSCTL_API_SECRET": _CANARY},
    )
    assert (done.status, done.err) == (0, b"")
    document = done.json
    _check_shape(document)
    assert (document["profile"], document["state"]) == ("sandbox", "delivered")
    [request] = document["requests"]
    assert request["http_status"] == 200
    parameters = request["request"]["parameters"]
    assert (parameters["to"], parameters["from"], parameters["type"]) == ("31612345678", "Helpdesk", "text")
    assert parameters["client-ref"] == request["client_ref"]
    assert parameters["callback"].endswith("/h/***/d")
    assert len(request["parts"]) == 3
    for part in request["parts"]:
        assert (part["status"], part["error_text"]) == ("0", None)
        assert part["message_id"]
        assert (part["receipt"]["status"], part["receipt"]["err_code"]) == ("delivered", "0")
        assert len(part["receipt"]["scts"]) == 10
    written = _everything_written()
    assert b"delivered" in written
    assert _CANARY.encode() not in done.out + done.err + written


def test_without_waiting_the_gateways_answer_is_the_end(tmp_path: Path) -> None:
    done = _send("unicode", *_TO, "--text", "-", "--json", stdin="Tot ziens ✓ 😀".encode())
    assert done.status == 0
    document = done.json
    assert document["state"] in {"submitted", "accepted"}
    assert document["requests"][0]["request"]["parameters"]["text"] == "Tot ziens ✓ 😀"
    assert "✓ 😀".encode() in done.out


@pytest.mark.parametrize(
    "to, status, words",
    [
        ("31600000005", 1, "Refused: this number is blocked and takes no messages (status 7)."),
        (
            "31600000002",
            1,
            "Not delivered: the phone is off or out of coverage (error 2). This is temporary.",
        ),
        ("31612345678", 0, "Delivered."),
    ],
)
def test_people_are_told_in_words(here: Here, to: str, status: int, words: str) -> None:
    done = here("send", "text", "--to", to, "--from", "Helpdesk", "--text", "Hello", "--wait", "20")
    assert done.status == status, done
    assert done.out.decode().startswith(words), done
    assert done.err == b""


def test_waiting_for_a_message_that_went_in_part_is_waiting_for_the_part_that_went(here: Here) -> None:
    text = "x" * 200
    done = here("send", "text", "--to", "31600000009", "--from", "Helpdesk", "--text", text, "--wait", "20")
    assert done.status == 1
    assert done.out.decode().splitlines()[1:] == ["  part 1 of 2: delivered", "  part 2 of 2: refused"]


def test_an_answer_that_is_lost_leaves_the_outcome_unknown() -> None:
    done = _send("text", "--to", "31600000004", "--from", "Helpdesk", "--text", "Hello", "--json")
    assert done.status == 3
    document = done.json
    _check_shape(document)
    assert document["state"] == "uncertain"
    [request] = document["requests"]
    assert request["http_status"] is None
    assert request["parts"] == []
    assert "broke" in request["reason"]


def test_a_dry_run_shows_the_request_and_touches_nothing(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["send", "text", *_TO, "--text", "Hello", "--ttl", "1800000", "--dry-run", "--json"]) == 0
    out, err = capfdbinary.readouterr()
    document = json.loads(out)
    _check_shape(document)
    assert err == b""
    assert document["state"] is None
    [request] = document["requests"]
    assert (request["http_status"], request["parts"]) == (None, [])
    assert request["request"]["method"] == "POST"
    assert request["request"]["parameters"]["ttl"] == "1800000"
    assert request["request"]["parameters"]["client-ref"] == request["client_ref"]
    assert list(Path(os.environ["XDG_DATA_HOME"]).glob("*")) == []


@pytest.mark.parametrize(
    "arguments, field",
    [
        (["text", "--to", "06-CALLME", "--text", "Hello"], "to"),
        (["text", "--to", "0612345678", "--text", "Hello"], "to"),
        (["text", *_TO, "--text", ""], "text"),
        (["text", *_TO, "--text", "x" * 10_000], "text"),
        (["text", *_TO, "--text", "Cześć"], "text"),
        (["text", "--to", "31612345678", "--from", "TwelveLetter", "--text", "x"], "from"),
        (["text", *_TO, "--text", "x", "--ttl", "1"], "ttl"),
        (["text", *_TO, "--text", "x", "--callback", "nowhere"], "callback"),
        (["text", *_TO, "--text", "x", "--message-class", "7"], "message-class"),
        (["text", *_TO, "--text", "x", "--client-ref", "x" * 101], "client-ref"),
        (["text", *_TO, "--text", "x", "--profile", "none"], "profile"),
    ],
)
@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_bad_input_is_one_sentence_that_names_the_field(
    capfdbinary: pytest.CaptureFixture[bytes], arguments: list[str], field: str, dry: list[str]
) -> None:
    assert run(["send", *arguments, *dry, "--json"]) == 1
    out, err = capfdbinary.readouterr()
    assert out.count(b"\n") == 1
    error = json.loads(out)["error"]
    assert error.keys() == {"field", "message", "hint"}
    assert error["field"] == field
    assert error["message"] in err.decode()
    assert len(error["message"]) < 300
    assert run(["send", *arguments, *dry]) == 1
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert err.decode().startswith("smsctl: ")
    assert not places().store.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["pigeon", *_TO],
        ["text"],
        ["text", *_TO],
        ["text", *_TO, "--wait", "-1"],
        ["text", *_TO, "--text", "x", "--wait", "nan"],
        ["text", *_TO, "--no"],
    ],
)
def test_wrong_usage_is_status_2_and_says_how_it_is_used(
    capfdbinary: pytest.CaptureFixture[bytes], arguments: list[str]
) -> None:
    assert run(["send", *arguments, "--json"]) == 2
    out, err = capfdbinary.readouterr()
    assert json.loads(out)["error"]["message"]
    assert err.decode().startswith("Usage: smsctl send")


def test_octets_that_are_no_utf_8_are_named(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    done = _send("text", *_TO, "--text", b"caf\xe9", "--json")
    assert (done.status, done.json["error"]["field"]) == (1, "text")
    assert "octet 4" in done.json["error"]["message"]
    done = _send("text", *_TO, "--text", "-", "--json", stdin=b"caf\xe9")
    assert (done.status, done.json["error"]["field"]) == (1, "text")
    done = _send("text", *_TO, "--text", "x", "--client-ref", b"\xff", "--json")
    assert (done.status, done.json["error"]["field"]) == (1, "client-ref")
    done = _send("text", *_TO, "--text", "-", "--json", stdin=b"x" * 2_000_000)
    assert (done.status, done.json["error"]["field"]) == (1, "text")


def test_text_is_utf_8_whatever_the_locale() -> None:
    environment = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = _send("text", *_TO, "--text", "Grüße €5", "--dry-run", "--json", environment=environment)
    assert done.status == 0, done
    assert done.json["requests"][0]["request"]["parameters"]["text"] == "Grüße €5"


def test_characters_outside_gsm_7_go_when_the_person_says_so(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert run(["send", "text", *_TO, "--text", "Cześć", "--as-is", "--dry-run", "--json"]) == 0
    assert json.loads(capfdbinary.readouterr().out)["requests"]


def test_spaces_in_a_word_sender_are_dropped_and_that_is_told(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert (
        run(
            [
                "send",
                "text",
                "--to",
                "31612345678",
                "--from",
                "Help desk",
                "--text",
                "x",
                "--dry-run",
                "--json",
            ]
        )
        == 0
    )
    out, err = capfdbinary.readouterr()
    assert json.loads(out)["requests"][0]["request"]["parameters"]["from"] == "Helpdesk"
    assert "spaces" in err.decode()


def test_two_at_once_share_store_and_servers_and_a_long_echo_comes_back_in_parts() -> None:
    slow = begun(
        "send", "text", "--to", "31600000003", "--from", "Helpdesk", "--text", "slow", "--wait", "8", "--json"
    )
    _until((places().profile(SANDBOX.id) / "sandbox.log").exists)  # the first one is at work
    done = _send("text", *_TO, "--text", "echo " + "How are you today? " * 20, "--wait", "20", "--json")
    assert done.status == 0, done
    assert done.json["state"] == "delivered"

    store = _store()
    _until(lambda: [_missing(row) for row in rows_with(store) if row.inbound] == [0])
    [reply] = [row for row in rows_with(store) if row.inbound]
    assert reply.parts_total == 3
    assert reply.text.strip() == ("How are you today? " * 20).strip()
    slow.send_signal(signal.SIGINT)  # it has nothing more to do
    ended = finished(slow)
    assert ended.status == 130
    assert count(store, "message") == 3
    store.close()


def test_interrupting_ends_the_servers_and_keeps_the_message() -> None:
    process = begun(
        "send",
        "text",
        "--to",
        "31600000003",
        "--from",
        "Helpdesk",
        "--text",
        "slow",
        "--wait",
        "30",
        "--json",
    )
    store = _store()
    _until(lambda: _states(store) == ["buffered"])
    servers = [
        int(pid)
        for task in Path(f"/proc/{process.pid}/task").glob("*/children")
        for pid in task.read_text().split()
    ]
    assert len(servers) == 2
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    done = finished(process)
    assert time.monotonic() - began < 5.0
    assert done.status == 130
    assert not [pid for pid in servers if Path(f"/proc/{pid}").exists()]
    assert _states(store) == ["buffered"]
    store.close()


def _missing(row: MessageRow) -> int:
    return sum(part.text is None for part in row.parts)


def _states(store: Store) -> list[str]:
    with store.read() as db:
        return [str(row[0]) for row in db.execute("SELECT state FROM message")]


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _write_profiles(*profiles: dict[str, str]) -> None:
    file = places().profiles
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(profiles), "utf-8")


def test_an_account_of_ones_own_is_asked_with_the_secret_from_the_environment(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sandbox_server.supervised() as served:
        _write_profiles(
            {
                "id": "local",
                "name": "Local",
                "provider": "sandbox",
                "api_key": "sandbox1",
                "sender": "Helpdesk",
                "gateway_url": served.url,
            }
        )
        arguments = ("send", "text", "--to", "31612345678", "--text", "Hello", "--profile", "local", "--json")
        monkeypatch.setenv("SMSCTL_API_SECRET", "wrong-secret")
        done = here(*arguments)
        assert done.status == 1
        [part] = done.json["requests"][0]["parts"]
        assert (done.json["state"], part["status"]) == ("refused", "4")

        monkeypatch.setenv("SMSCTL_API_SECRET", sandbox_server.SECRET)
        done = here(*arguments)
        assert (done.status, done.json["state"]) == (0, "submitted")
        assert "callback" not in done.json["requests"][0]["request"]["parameters"]
        assert sandbox_server.SECRET.encode() not in done.out + done.err + _everything_written()


def test_a_terminal_obeys_no_words_of_the_gateway(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "no\x1b]0;owned\x07\x1b[2J\x9b31m\rway\nout, جدا"
    scenario = {"rules": [{"conduct": {"status": "99", "error_text": words}}]}
    with sandbox_server.supervised(scenario=scenario) as served:
        _write_profiles(
            {
                "id": "local",
                "name": "Local",
                "provider": "sandbox",
                "api_key": "sandbox1",
                "sender": "Helpdesk",
                "gateway_url": served.url,
            }
        )
        monkeypatch.setenv("SMSCTL_API_SECRET", sandbox_server.SECRET)
        arguments = ("send", "text", "--to", "31612345678", "--text", "Hello", "--profile", "local")
        shown = here(*arguments).out.decode()
        assert r"no\u001b]0;owned\u0007\u001b[2J\u009b31m\u000dway" in shown
        assert "out, جدا" in shown
        assert all(character.isprintable() or character == "\n" for character in shown)
        [part] = here(*arguments, "--json").json["requests"][0]["parts"]
        assert part["error_text"] == words


def test_without_a_keyring_a_dry_run_works_and_a_send_says_what_is_missing(here: Here) -> None:
    _write_profiles(
        {"id": "live", "name": "Live", "provider": "vonage", "api_key": "abcd1234", "sender": "Helpdesk"}
    )
    arguments = ("send", "text", "--to", "31612345678", "--text", "Hello", "--profile", "live", "--json")
    done = here(*arguments, "--dry-run")
    assert done.status == 0
    assert done.json["requests"][0]["request"]["url"] == "https://rest.nexmo.com/sms/json"
    done = here(*arguments)  # nor does it wait for an answer that can't come
    assert done.status == 1
    assert done.json["state"] == "queued"
    assert done.json["requests"] == []
    assert "No keyring was found" in done.err.decode()


def test_a_file_of_profiles_that_is_wrong_is_named(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    _write_profiles({"id": "live"})
    assert run(["send", "text", *_TO, "--text", "x", "--profile", "live", "--json"]) == 1
    error = json.loads(capfdbinary.readouterr().out)["error"]
    assert error["field"] == "provider"
    assert "Profile 1 in profiles.json" in error["message"]
