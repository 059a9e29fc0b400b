"""Runs smsctl inside the test's process: a command costs milliseconds, not the start of an interpreter."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from unittest.mock import patch

from sms_desktop.cli import run

SECRET = "canary-5f0c"


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def smsctl(*arguments: str, stdin: str = "", **environment: str) -> Done:
    """Run a command; whatever it writes is searched for the canary."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    given = io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
    with (
        patch.dict(os.environ, environment),
        patch.object(sys, "stdin", given),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        status = run(list(arguments))
    done = Done(status, *(_written(stream) for stream in (out, err)))
    assert SECRET not in done.stdout + done.stderr
    return done


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()
