"""smsctl as a whole: its commands, its exit statuses, and one document whatever goes wrong."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import sms_desktop
from sms_desktop import cli
from sms_desktop.cli import run
from sms_desktop.messages.errors import Mendable, OutcomeUnknown, TryLater
from tests.fakes.terminal import COMMAND, smsctl


def test_help_lists_every_command_and_loads_none() -> None:
    code = (
        "import sys; from sms_desktop.cli import run; status = run(['--help']); "
        "print(*sorted(sys.modules), file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    for name, words in cli._COMMANDS.items():
        assert f"  {name} " in done.stdout
        assert words.split(",")[0][:40] in done.stdout
    loaded = set(done.stderr.split())
    assert not {"httpx", "apsw", "uvicorn", "starlette", "keyring", "phonenumbers", "PySide6"} & loaded


@pytest.mark.parametrize("name", sorted(cli._COMMANDS))
def test_every_command_is_there_and_helps(name: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run([name, "--help"]) == 0
    out, err = capfdbinary.readouterr()
    assert out.decode().startswith(f"Usage: smsctl {name}")
    assert err == b""
    module = importlib.import_module(f"sms_desktop.cli.{name.replace('-', '_')}")
    assert module.__doc__


def test_the_version_is_the_packages_own(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["--version"]) == 0
    assert sms_desktop.__version__.encode() in capfdbinary.readouterr().out


@pytest.mark.parametrize("arguments", [["fly"], ["--fly"], ["send"], ["segments"]])
def test_wrong_usage_is_status_2_on_standard_error(
    arguments: list[str], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(arguments) == 2
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert err.decode().startswith("Usage: smsctl")
    assert run([*arguments, "--json"]) == 2
    out, _ = capfdbinary.readouterr()
    assert json.loads(out)["error"].keys() == {"field", "message", "hint"}


@pytest.mark.parametrize(
    "error, status",
    [
        (Mendable("Mend it.", field="to", hint="Like this."), 1),
        (TryLater("Later."), 1),
        (OutcomeUnknown("Who knows."), 3),
        (KeyError("secret value"), 1),
        (RecursionError(), 1),
    ],
)
def test_every_failure_is_one_document_and_words(
    error: Exception, status: int, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cli.smsctl, "main", fails)
    assert run(["segments", "x", "--json"]) == status
    out, err = capfdbinary.readouterr()
    assert out.count(b"\n") == 1
    document = json.loads(out)["error"]
    assert document["field"] == getattr(error, "field", None)
    assert document["message"] in err.decode()
    assert (document["hint"] or "") in err.decode()
    assert b"secret value" not in out
    run(["segments", "x"])
    assert capfdbinary.readouterr().out == b""


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    process = subprocess.Popen(
        [*COMMAND, "segments", "--lines"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(b"one\n")
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()
    process.stdin.write(b"two\nthree\n")
    process.stdin.close()
    assert process.stderr.read() == b""
    assert process.wait(30) == 1
    process.stderr.close()


def test_output_is_utf_8_whatever_the_locale() -> None:
    environment = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = smsctl("segments", "Grüße ✓", "--json", environment=environment)
    assert done.status == 0
    assert "Grüße ✓".encode() in done.out
    done = smsctl("send", "text", "--to", "ünvalid", "--text", "x", "--json", environment=environment)
    assert done.status == 1
    assert "ü" in done.json["error"]["message"]
    assert "ü".encode() in done.err


def test_the_installed_command_is_the_same_program() -> None:
    command = Path(sys.executable).with_name("smsctl")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True, timeout=30)
    assert sms_desktop.__version__ in done.stdout


def test_nothing_is_written_by_commands_that_only_answer() -> None:
    assert smsctl("segments", "Hello", "--json").status == 0
    written = [path for path in Path(os.environ["HOME"]).rglob("*") if path.is_file()]
    assert written == []


def _in_shell(command: str) -> subprocess.CompletedProcess[bytes]:
    script = f'smsctl() {{ "{sys.executable}" -m sms_desktop.cli "$@"; }}; {command}'
    return subprocess.run(["bash", "-c", script], capture_output=True, check=False, timeout=60)


@pytest.mark.parametrize(
    "command, words",
    [
        ("smsctl segments x --json >&-", b"smsctl: Standard output can't be written: Bad file descriptor.\n"),
        (
            "smsctl segments x >/dev/full",
            b"smsctl: Standard output can't be written: No space left on device.\n",
        ),
        (
            "echo x | smsctl segments --lines >/dev/full",
            b"smsctl: Standard output can't be written: No space left on device.\n",
        ),
        ("smsctl segments - <&-", b"smsctl: text: standard input can't be read: Bad file descriptor.\n"),
        (
            "smsctl segments --lines <&-",
            b"smsctl: text: standard input can't be read: Bad file descriptor.\n",
        ),
    ],
)
def test_a_stream_that_is_closed_or_full_is_said_in_one_sentence(command: str, words: bytes) -> None:
    done = _in_shell(command)
    assert (done.returncode, done.stderr) == (1, words)


def test_closed_standard_error_changes_no_status_and_no_document() -> None:
    done = _in_shell("smsctl segments one two --json 2>&-")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["message"] == "Got unexpected extra argument (two)"


def test_smsctl_alone_shows_its_help_once(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run([]) == 2
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert err.startswith(b"Usage: smsctl")
    assert err.count(b"Usage:") == 1


@pytest.mark.parametrize("command", ["encode", "send"])
def test_a_wrong_kind_is_said_in_one_line(command: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    kinds = "text, unicode, binary, wappush, vcard, vcal"
    assert run([command, "--to", "1", "--json"]) == 2
    message = json.loads(capfdbinary.readouterr().out)["error"]["message"]
    assert message == f"Missing argument 'KIND'. Choose from: {kinds}"
    assert run([command, "fax", "--to", "1", "--json"]) == 2
    message = json.loads(capfdbinary.readouterr().out)["error"]["message"]
    assert message.startswith("Invalid value for 'KIND': 'fax' is not one of 'text', ")
