"""`smsctl sandbox serve` as people and the app start it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from tests.servers.sandbox.running import PATIENCE, Running, start, supervised

SECRET = "canary-of-the-environment"


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[Running]:
    """The command as a tester runs it; the test ends it, or this does."""
    process = start(*arguments, environment=environment)
    assert process.stdout is not None
    try:
        document = json.loads(process.stdout.readline())
        assert document == {"ready": True, "url": document["url"], "pid": process.pid}
        yield Running(document["url"], process)
    finally:
        if process.poll() is None:
            process.terminate()
        out, err = process.communicate(timeout=PATIENCE)
        assert out == b"", "one line and nothing else"
        assert SECRET.encode() not in err


def refused(
    *arguments: str, environment: Mapping[str, str] | None = None, stdin: bytes = b""
) -> tuple[int, str, bytes]:
    """Exit status, standard error and output of a command that does not start to serve."""
    process = start(*arguments, environment=environment)
    out, err = process.communicate(stdin, timeout=PATIENCE)
    return process.returncode, err.decode(), out


def test_key_and_secret_come_from_the_environment() -> None:
    with serving(SMSCTL_API_KEY="abcd1234", SMSCTL_API_SECRET=SECRET) as running:
        assert running.url.startswith("http://127.0.0.1:")
        assert running.send(api_key="abcd1234", api_secret=SECRET)[0]["status"] == "0"
        assert running.send(api_key="sandbox1", api_secret=SECRET)[0]["status"] == "4"


def test_without_a_secret_a_new_one_is_told_to_the_person() -> None:
    process = start()
    assert process.stdout is not None
    assert process.stderr is not None
    running = Running(json.loads(process.stdout.readline())["url"], process)
    said = process.stderr.readline().decode()
    assert said.startswith(
        "SMSCTL_API_SECRET is not set. The key is sandbox1, and the secret of this run is "
    )
    assert running.send(api_secret=said.split()[-1])[0]["status"] == "0"
    assert running.send(api_secret="anything")[0]["status"] == "4"
    process.terminate()
    process.communicate(timeout=PATIENCE)


def test_sigterm_ends_it_soon_with_a_request_under_way() -> None:
    with serving(SMSCTL_API_SECRET=SECRET) as running:
        host, port = running.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), PATIENCE) as half:
            half.sendall(b"POST /sms/json HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
            began = time.monotonic()
            running.process.terminate()
            assert running.process.wait(PATIENCE) == 0
            assert time.monotonic() - began < 2.5


def test_sigint_ends_it_at_once() -> None:
    with serving(SMSCTL_API_SECRET=SECRET) as running:
        began = time.monotonic()
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(PATIENCE) == 0
        assert time.monotonic() - began < 1


def test_the_end_of_standard_input_means_nothing_to_a_person_s_server() -> None:
    with serving(SMSCTL_API_SECRET=SECRET) as running:
        assert running.process.stdin is not None
        running.process.stdin.close()
        running.process.stdin = None
        assert running.send(api_secret=SECRET)[0]["status"] == "0"


def test_a_supervised_server_ends_with_its_pipe_and_by_signal() -> None:
    with supervised() as running:
        assert running.send()[0]["status"] == "0"
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(PATIENCE) == 0
    with supervised() as running:
        began = time.monotonic()
        assert running.process.stdin is not None
        running.process.stdin.close()
        assert running.process.wait(PATIENCE) == 0
        assert time.monotonic() - began < 2


def test_a_port_that_is_taken_is_one_clear_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, said, out = refused("--port", str(port), "--json", environment={"SMSCTL_API_SECRET": SECRET})
    sentence = f"port: {port} on 127.0.0.1 is taken by another program. Use another, or 0 for any free one."
    assert (status, said) == (1, f"smsctl: {sentence}\n")
    assert json.loads(out) == {"error": {"field": "port", "message": sentence, "hint": None}}


@pytest.mark.parametrize(
    "arguments, field",
    [
        (("--host", "0.0.0.0"), "host"),
        (("--host", "example.com"), "host"),
        (("--dr-callback", "https://example.com/h/canary/d"), "dr-callback"),
        (("--mo-callback", "ftp://127.0.0.1/canary"), "mo-callback"),
        (("--mo-callback", "http://127.0.0.1:canary/"), "mo-callback"),
    ],
)
def test_nothing_but_this_computer_is_served_or_told(arguments: tuple[str, ...], field: str) -> None:
    status, said, out = refused(*arguments, environment={"SMSCTL_API_SECRET": SECRET})
    assert (status, out) == (1, b"")
    assert said.startswith(f"smsctl: {field}: ")
    assert said.count("\n") == 1
    assert "canary" not in said


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]\n",
        b'{"api_key": "canary", "api_secret": 7}\n',
        b'{"api_key": "canary", "api_secret": "canary", "port": 70000}\n',
        b'{"api_key": "canary", "api_secret": "canary", "speed": 0}\n',
        b'{"api_key": "canary", "api_secret": "\xff"}\n',
        b"canary" * 20_000,
    ],
)
def test_settings_that_can_t_be_read_are_refused_without_being_quoted(line: bytes) -> None:
    status, said, out = refused("--supervised", stdin=line)
    assert (status, out) == (1, b"")
    assert said.startswith("smsctl: ")
    assert said.count("\n") == 1
    assert "canary" not in said


def test_help_says_where_key_and_secret_come_from() -> None:
    process = start("--help")
    out, _ = process.communicate(timeout=PATIENCE)
    assert b"SMSCTL_API_SECRET" in out
    assert b"--supervised" not in out


def test_nothing_secret_stands_in_the_arguments_of_the_process() -> None:
    with supervised() as running:
        shown = subprocess.run(
            ["ps", "-o", "args=", "-p", str(running.process.pid)], capture_output=True, check=True
        ).stdout
    assert b"--supervised" in shown
    assert b"canary" not in shown
