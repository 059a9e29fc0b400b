from __future__ import annotations

import os
import subprocess
import sys

import pytest

# What the shell's own function runs, as click has it.
PROGRAM = "from sms_desktop.cli import main; main()"


def complete(*words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ
        | {
            "_SMSCTL_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(("smsctl", *words)),
            "COMP_CWORD": str(len(words)),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_commands_are_completed() -> None:
    assert complete("s") == ["sandbox", "segments", "self-check", "send", "sign", "store"]


def test_help_says_how_to_switch_completion_on() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--help"], capture_output=True, text=True, check=True, timeout=30
    )
    assert 'eval "$(_SMSCTL_COMPLETE=bash_source smsctl)"' in done.stdout


def test_kinds_are_completed() -> None:
    assert complete("encode", "v") == ["vcard", "vcal"]


def test_options_and_their_values_are_completed() -> None:
    assert "--reference-number" in complete("encode", "text", "--ref")
    assert complete("verify", "--algorithm", "sha") == ["sha1", "sha256", "sha512"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"_SMSCTL_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0
    assert "_SMSCTL_COMPLETE" in done.stdout
