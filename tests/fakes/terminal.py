"""smsctl as people and scripts call it: a process of its own, octets in and out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PATIENCE = 60.0
COMMAND = (sys.executable, "-m", "sms_desktop.cli")


@dataclass
class Done:
    """A command that has ended."""

    status: int
    out: bytes
    err: bytes

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        assert self.out.endswith(b"\n")
        assert self.out.count(b"\n") == 1, self.out
        return json.loads(self.out)


def smsctl(*arguments: str | bytes, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> Done:
    """Run smsctl to its end."""
    return finished(begun(*arguments, environment=environment), stdin)


def begun(*arguments: str | bytes, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start smsctl."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | dict(environment or {}),
    )


def finished(process: subprocess.Popen[bytes], stdin: bytes = b"") -> Done:
    """Wait for its end."""
    out, err = process.communicate(stdin, timeout=PATIENCE)
    return Done(process.returncode, out, err)
