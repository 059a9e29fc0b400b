from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sms_desktop.cli.relay import relay
from sms_desktop.servers.relay.configuration import Settings
from sms_desktop.servers.relay.sqlite_schema import APPLICATION_ID
from tests.servers.relay.running import PATIENCE, Stream, ask, served, start


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "sms_desktop.cli", "relay", *arguments],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE,
        check=False,
    )


def created(path: Path, kind: str, *more: str) -> dict[str, Any]:
    done = run(
        "tokens", "create", "--log", f"sqlite:{path}", "--stream", "main", "--kind", kind, "--json", *more
    )
    assert (done.returncode, done.stderr) == (0, b"")
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """The address of a relay that runs until SIGTERM."""
    process = start(*arguments)
    try:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready == {"ready": True, "url": ready["url"], "pid": process.pid}
        yield ready["url"]
        process.send_signal(signal.SIGTERM)
        out, said = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out) == (0, b"")
        assert b"stopped in order" in said
    finally:
        process.kill()
        process.communicate()


def test_a_relay_from_nothing_to_the_first_receipt(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    ingest = created(path, "ingest")
    assert set(ingest) == {"id", "kind", "stream", "token"}
    assert (ingest["kind"], ingest["stream"], len(ingest["token"])) == ("ingest", "main", 22)
    with serving("--log", f"sqlite:{path}", "--port", "0", "--json") as url:
        assert url.startswith("http://127.0.0.1:")
        # Made while it runs, and good at once.
        reader = created(path, "reader")
        assert reader["token"].startswith("smsr_")
        assert reader["id"] != ingest["id"]
        stream = Stream(url, "main", ingest["token"], reader["token"])
        assert stream.post("d", {"messageId": "1", "status": "delivered"}).status == 200
        assert [event["payload"]["messageId"] for event in stream.events()] == ["1"]


def test_a_token_for_people_is_the_token_and_nothing_else(tmp_path: Path) -> None:
    done = run(
        "tokens", "create", "--log", f"sqlite:{tmp_path / 'x'}", "--stream", "main", "--kind", "ingest"
    )
    assert (done.returncode, len(done.stdout), done.stderr) == (0, 23, b"")


def test_a_free_ipv6_loopback_serves_too(tmp_path: Path) -> None:
    with serving("--log", f"sqlite:{tmp_path / 'x'}", "--host", "::1", "--behind-tls-proxy") as url:
        assert url.startswith("http://[::1]:")


def refused(*arguments: str, status: int = 1) -> str:
    """The one sentence with which a command is refused."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (status, b"")
    said = done.stderr.decode()
    assert "Traceback" not in said
    return said.strip()


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("serve", "--log", f"sqlite:{tmp_path / 'x'}", "--port", str(port))
    assert said.startswith(f"smsctl: port: {port} on 127.0.0.1 is taken by another program.")


def test_a_host_that_strangers_can_reach(tmp_path: Path) -> None:
    said = refused("serve", "--log", f"sqlite:{tmp_path / 'x'}", "--host", "0.0.0.0")
    assert said.startswith("smsctl: host: on 0.0.0.0 phone numbers and texts would travel unencrypted.")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "content,sentence",
    [
        (b"no database", "is damaged, or not a relay log at all. Name another file."),
        (None, "is not a file."),
    ],
)
def test_a_log_that_is_none(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    path = tmp_path / "x"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    assert refused("serve", "--log", f"sqlite:{path}") == f"smsctl: log: {path} {sentence}"


def test_failures_as_json(tmp_path: Path) -> None:
    path = tmp_path / "x"
    created(path, "ingest")
    octets = bytearray(path.read_bytes())
    assert octets[68:72] == APPLICATION_ID.to_bytes(4, "big")
    octets[60:64] = (99).to_bytes(4, "big")  # user_version
    path.write_bytes(octets)
    done = run("serve", "--log", f"sqlite:{path}", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"] == {
        "field": "log",
        "message": f"log: {path} was written by a later version of this program "
        "(format 99, this one knows 2).",
        "hint": "Install that version, or name another file.",
    }


def test_a_password_is_no_argument() -> None:
    for place in (
        "postgresql://user:canary@127.0.0.1/relay",
        "postgresql://127.0.0.1/relay?password=canary",
        "postgresql://127.0.0.1/relay?%70assword=canary",
    ):
        said = refused("serve", "--log", place)
        assert said.startswith("smsctl: log: a password can't stand in an argument or a settings file.")
        assert "canary" not in said


def test_a_name_that_is_no_stream_s(tmp_path: Path) -> None:
    log = f"sqlite:{tmp_path / 'x'}"
    said = refused("tokens", "create", "--log", log, "--stream", "a b", "--kind", "reader")
    assert said.startswith("smsctl: stream: 'a b' can't be a stream's name.")


def test_wrong_usage() -> None:
    assert "name the log" in refused("serve")
    assert "--kind" in refused("tokens", "create", "--log", "sqlite:x", "--stream", "main", status=2)


def done(*arguments: str) -> dict[str, object]:
    """What a command printed as JSON."""
    finished = run(*arguments, "--json")
    assert finished.returncode == 0, finished.stderr
    document: dict[str, object] = json.loads(finished.stdout)
    return document


def test_an_administrator_s_day(tmp_path: Path) -> None:
    place = f"sqlite:{tmp_path / 'events.sqlite'}"
    log = ("--log", place)
    ingest = done(
        *("tokens", "create", *log, "--stream", "main", "--kind", "ingest", "--signature", "require"),
        *("--algorithm", "sha512", "--secret", "present", "--secret", "next"),
    )
    reader = done(
        *("tokens", "create", *log, "--stream", "main", "--stream", "other", "--kind", "reader"),
        *("--scope", "admin", "--expires-in", "30"),
    )
    assert reader["streams"] == ["main", "other"]
    assert str(reader["expires_at"]).endswith("+00:00")
    listed = done("tokens", "list", *log)["tokens"]
    assert isinstance(listed, list)
    by_id = {token["id"]: token for token in listed}
    assert by_id[ingest["id"]]["signature"] == "require"
    assert by_id[ingest["id"]]["algorithms"] == ["sha512"]
    assert by_id[ingest["id"]]["secrets"] == ["present", "next"]
    assert (by_id[reader["id"]]["scope"], by_id[reader["id"]]["state"]) == ("admin", "good")
    assert str(reader["token"]) not in run("tokens", "list", *log).stdout.decode()

    streams = done("status", *log)["streams"]
    assert isinstance(streams, list)
    assert [(stream["stream"], stream["events"]) for stream in streams] == [("main", 0), ("other", 0)]
    assert b"main" in run("status", *log).stdout

    copy = tmp_path / "copy.sqlite"
    assert done("backup", *log, str(copy))["bytes"] == copy.stat().st_size
    assert copy.stat().st_mode & 0o777 == 0o600
    assert "is there already" in refused("backup", *log, str(copy))

    rotated = done("epoch", "rotate", *log, "--stream", "main")["epochs"]
    assert isinstance(rotated, dict)
    assert set(rotated) == {"main"}
    assert rotated["main"] != streams[0]["epoch"]
    assert "no stream of this name" in refused("epoch", "rotate", *log, "--stream", "nobody")
    assert done("prune", *log)["deleted"] == {"main": 0, "other": 0}

    assert done("tokens", "revoke", *log, str(reader["id"]))["revoked"] is True
    assert "no good token" in refused("tokens", "revoke", *log, str(reader["id"]))
    said = refused("tokens", "revoke", *log, str(reader["token"]))
    assert "looks like a token" in said
    assert str(reader["token"]) not in said


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("prune",),
        ("backup", "copy"),
        ("epoch", "rotate"),
        ("tokens", "list"),
        ("tokens", "revoke", "x"),
    ],
)
def test_a_mistyped_name_is_no_new_log(tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "evnets.sqlite"
    assert "no such file" in refused(*command, "--log", f"sqlite:{file}")
    assert list(tmp_path.iterdir()) == []


def test_every_setting_is_an_option_too() -> None:
    options = {parameter.name for parameter in relay.commands["serve"].params}
    assert set(Settings.__struct_fields__) - options == {"streams"}


def test_more_webhooks_than_are_allowed_are_asked_to_come_later(tmp_path: Path) -> None:
    place = f"sqlite:{tmp_path / 'events.sqlite'}"
    token = done("tokens", "create", "--log", place, "--stream", "main", "--kind", "ingest")["token"]
    with served(place, "--webhooks-per-second", "0.01") as running:
        answers = [ask(running.url, "GET", f"/h/{token}/d?messageId={n}&status=x") for n in range(3)]
    assert [answer.status for answer in answers] == [200, 429, 429]
    assert answers[1].headers["retry-after"] == "5"


def test_options_that_do_not_go_together(tmp_path: Path) -> None:
    create = ("tokens", "create", "--log", f"sqlite:{tmp_path / 'x'}", "--stream", "main", "--kind")
    assert "belongs to ingest tokens" in refused(*create, "reader", "--signature", "require")
    assert "has no scope" in refused(*create, "ingest", "--scope", "admin")
    assert "name the secret" in refused(*create, "ingest", "--signature", "require")
    assert not (tmp_path / "x").exists()
