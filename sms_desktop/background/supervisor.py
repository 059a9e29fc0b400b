"""Starts the embedded servers of the sandbox as child processes, and ends them. Used by the profile's worker and self-check.

They run our own `smsctl relay serve` and `smsctl sandbox serve`. Addresses and secrets travel over their standard
input, never in arguments or environment; when that pipe closes they end, so that none outlives us.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import sms_desktop
from sms_desktop.messages.errors import OurFault, TryLater
from sms_desktop.relay.events import new_ingest_token, new_reader_token
from sms_desktop.services.accounts import Servers
from sms_desktop.settings.paths import make_private

_START_SECONDS = 15.0
_STOP_SECONDS = 1.2
_LONGEST_LINE = 10_000


def own_command(name: str, module: str) -> list[str]:
    """How to run one of our own programs: `name` beside this one when frozen, else `module` with this Python."""
    if getattr(sys, "frozen", False):
        return [str(Path(sys.executable).with_name(name + Path(sys.executable).suffix))]
    # -P: nothing that lies in the folder we happen to stand in is imported.
    return [sys.executable, "-P", "-m", module]


def own_environment() -> dict[str, str]:
    """The environment for our own programs: they get their secrets over a pipe only, so `SMSCTL_*` is left out."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SMSCTL_")}
    if not getattr(sys, "frozen", False):
        source = str(Path(sms_desktop.__file__).resolve().parent.parent)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (source, environment.get("PYTHONPATH"))))
    return environment


class _Child:
    """One server: its process, the pipe that keeps it alive, and its address."""

    def __init__(self, name: str, arguments: Sequence[str], settings: dict[str, object], log: Path) -> None:
        self.name = name
        with log.open("wb") as errors:
            log.chmod(0o600)
            self._process = subprocess.Popen(
                [*own_command("smsctl", "sms_desktop.cli"), *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=own_environment(),
                cwd=log.parent,
                close_fds=True,
            )
        self._log = log
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(settings).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended; `address` says why
        self._line: list[bytes] = []
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    def _read(self, output: IO[bytes] | None) -> None:
        assert output is not None
        self._line.append(output.readline(_LONGEST_LINE))

    def address(self) -> str:
        """Where it answers, once it does. Raises TryLater if it does not start."""
        self._reader.join(_START_SECONDS)
        try:
            answer = json.loads(self._line[0])
            return str(answer["url"])
        except (IndexError, ValueError, KeyError, TypeError) as error:
            said = self._log.read_text("utf-8", "replace").strip().splitlines()
            raise TryLater(
                f"The built-in {self.name} did not start: {said[-1] if said else 'it said nothing'}"
            ) from error

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Close its pipe; it stops by itself."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            try:
                self._process.stdin.close()
            except BrokenPipeError:
                pass  # it was gone already

    def wait(self) -> None:
        """Wait until it has ended; kill it if it takes too long."""
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_STOP_SECONDS)
        self._reader.join(_STOP_SECONDS)
        if self._process.stdout is not None:
            self._process.stdout.close()


class EmbeddedServers:
    """A relay and a sandbox gateway for one profile, their data kept in `folder`.

    `api_secret` is what the gateway will expect; a fresh one is made if None.
    """

    def __init__(self, folder: Path, *, api_key: str, stream: str, api_secret: str | None = None) -> None:
        self._folder = folder
        self._api_key = api_key
        self._stream = stream
        self._api_secret = api_secret or secrets.token_hex(16)
        self._children: list[_Child] = []

    def start(self) -> Servers:
        """Start both and return where they answer. Raises TryLater if one does not start."""
        make_private(self._folder)
        ingest, reader = new_ingest_token(), new_reader_token()
        try:
            relay = self._run(
                "relay",
                ["relay", "serve", "--supervised"],
                {
                    "log": f"sqlite:{self._folder / 'relay.db'}",
                    "host": "127.0.0.1",
                    "port": 0,
                    "streams": [{"name": self._stream, "ingest_token": ingest, "reader_token": reader}],
                },
            )
            relay_url = relay.address()
            gateway = self._run(
                "sandbox gateway",
                ["sandbox", "serve", "--supervised"],
                {
                    "host": "127.0.0.1",
                    "port": 0,
                    "api_key": self._api_key,
                    "api_secret": self._api_secret,
                    "dr_callback": None,
                    "mo_callback": f"{relay_url}/h/{ingest}/m",
                    "speed": 1.0,
                },
            )
            return Servers(gateway.address(), relay_url, self._api_secret, ingest, reader)
        except (TryLater, OurFault):
            self.stop()
            raise

    @property
    def running(self) -> bool:
        """True while both are running."""
        return bool(self._children) and all(child.runs for child in self._children)

    def stop(self) -> None:
        """End both, in about a second at most."""
        children, self._children = self._children, []
        for child in reversed(children):
            child.end()
        for child in children:
            child.wait()

    def _run(self, name: str, arguments: Sequence[str], settings: dict[str, object]) -> _Child:
        child = _Child(name, arguments, settings, self._folder / f"{arguments[0]}.log")
        self._children.append(child)
        return child
