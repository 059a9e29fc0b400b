"""Starts the embedded servers of the sandbox as child processes, and ends them. Used by the profile's worker.

They run our own `smsctl relay serve` and `smsctl sandbox serve`. Addresses and secrets travel over their
standard input, never in arguments or environment; when that pipe closes they end, so that none outlives us.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import sms_desktop
from sms_desktop.messages.errors import TryLater
from sms_desktop.relay.events import new_ingest_token, new_reader_token
from sms_desktop.services.accounts import Servers
from sms_desktop.settings.paths import make_private

_START_SECONDS = 15.0
_STOP_SECONDS = 1.2
_LONGEST_LINE = 10_000
SPEED = 1.0
"""How many times faster than its documents say the sandbox's carrier works."""
_RELAY = "relay"
_GATEWAY = "sandbox"


def own_command(name: str, module: str) -> list[str]:
    """How to run one of our own programs.

    It is `name` beside this program when that is frozen, else `module` with this Python.
    """
    if getattr(sys, "frozen", False):
        return [str(Path(sys.executable).with_name(name + Path(sys.executable).suffix))]
    # -P: nothing that lies in the folder we happen to stand in is imported.
    return [sys.executable, "-P", "-m", module]


def own_environment() -> dict[str, str]:
    """The environment for our own programs, without `SMSCTL_*`: they get their secrets over a pipe only."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SMSCTL_")}
    if not getattr(sys, "frozen", False):
        source = str(Path(sms_desktop.__file__).resolve().parent.parent)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (source, environment.get("PYTHONPATH"))))
    return environment


class _Child:
    """One server: its process, the pipe that keeps it alive, and its address."""

    def __init__(self, command: str, folder: Path) -> None:
        self._command = command
        self._log = folder / f"{command}.log"
        self._log.touch(mode=0o600)
        with self._log.open("wb") as errors:
            self._process = subprocess.Popen(
                [*own_command("smsctl", "sms_desktop.cli"), command, "serve", "--supervised"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=own_environment(),
                cwd=folder,
            )
        self._line = b""
        self._reader = threading.Thread(target=self._read, name=f"{command}-address", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        self._line = self._process.stdout.readline(_LONGEST_LINE)

    def tell(self, settings: dict[str, object]) -> None:
        """Write its settings; if it has ended, `address` says why."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError, ValueError):  # it has ended, or `end` has closed the pipe
            self._process.stdin.write(json.dumps(settings).encode() + b"\n")
            self._process.stdin.flush()

    def address(self) -> str:
        """Where it answers, once it does. Raises TryLater if it does not start."""
        self._reader.join(_START_SECONDS)
        try:
            return str(json.loads(self._line)["url"])
        except (ValueError, KeyError, TypeError) as error:
            said = self._log.read_text("utf-8", "replace").strip().splitlines()
            raise TryLater(
                f"The built-in {self._command} did not start: {said[-1] if said else 'it said nothing'}"
            ) from error

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Close its pipe; it stops by itself."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it was gone already
            self._process.stdin.close()

    def wait(self, deadline: float) -> None:
        """Wait until it has ended, and kill it when `deadline` (of `time.monotonic`) is past."""
        try:
            self._process.wait(max(deadline - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


class EmbeddedServers:
    """A relay and a sandbox gateway for one profile, their data kept in `folder`. Started and stopped once.

    `api_secret` is what the gateway will expect; a fresh one is made if None.
    """

    def __init__(self, folder: Path, *, api_key: str, stream: str, api_secret: str | None = None) -> None:
        self._folder = folder
        self._api_key = api_key
        self._stream = stream
        self._api_secret = api_secret or secrets.token_hex(16)
        self._ingest_token = new_ingest_token()
        self._reader_token = new_reader_token()
        self._lock = threading.Lock()
        self._cancelled = False
        self._children: dict[str, _Child] = {}
        self._ports = dict.fromkeys((_RELAY, _GATEWAY), 0)
        self._servers: Servers | None = None

    def start(self) -> Servers:
        """Start both and return where they answer.

        Raises TryLater if one does not start; `stop` is due then too.
        """
        make_private(self._folder)
        relay, gateway = self._run(_RELAY), self._run(_GATEWAY)  # side by side
        relay.tell(self._relay_settings())
        relay_url = relay.address()
        gateway.tell(self._gateway_settings(relay_url))
        self._servers = Servers(
            gateway.address(), relay_url, self._api_secret, self._ingest_token, self._reader_token
        )
        self._ports = {
            _RELAY: urlsplit(relay_url).port or 0,
            _GATEWAY: urlsplit(self._servers.gateway_url).port or 0,
        }
        return self._servers

    def repair(self) -> None:
        """Start again what has ended, under its address and with its secrets; the other one keeps running.

        So the gateway's webhooks, which it repeats, find their relay again. Raises TryLater if it does not
        start.
        """
        assert self._servers is not None
        for command, settings in (
            (_RELAY, self._relay_settings()),
            (_GATEWAY, self._gateway_settings(self._servers.relay_url)),
        ):
            dead = self._children[command]
            if not dead.runs:
                dead.end()
                dead.wait(time.monotonic())
                child = self._run(command)
                child.tell(settings)
                child.address()

    @property
    def running(self) -> bool:
        """True while both are running."""
        return bool(self._children) and all(child.runs for child in self._children.values())

    def cancel(self) -> None:
        """Tell both to end, and let none begin; returns at once. Any thread may call this."""
        with self._lock:
            self._cancelled = True
            for child in self._children.values():
                child.end()

    def stop(self) -> None:
        """End both, in about a second at most."""
        self.cancel()
        deadline = time.monotonic() + _STOP_SECONDS
        for child in self._children.values():
            child.wait(deadline)

    def _run(self, command: str) -> _Child:
        with self._lock:
            if self._cancelled:
                raise TryLater(f"The built-in {command} was not started: this program is stopping.")
            try:
                child = _Child(command, self._folder)
            except OSError as error:
                raise TryLater(f"The built-in {command} could not be started: {error.strerror}.") from error
            self._children[command] = child
        return child

    def _relay_settings(self) -> dict[str, object]:
        stream = {
            "name": self._stream,
            "ingest_token": self._ingest_token,
            "reader_token": self._reader_token,
        }
        return {
            "log": f"sqlite:{self._folder / 'relay.db'}",
            "host": "127.0.0.1",
            "port": self._ports[_RELAY],
            "streams": [stream],
        }

    def _gateway_settings(self, relay_url: str) -> dict[str, object]:
        return {
            "host": "127.0.0.1",
            "port": self._ports[_GATEWAY],
            "api_key": self._api_key,
            "api_secret": self._api_secret,
            "dr_callback": None,
            "mo_callback": f"{relay_url}/h/{self._ingest_token}/m",
            "speed": SPEED,
            "folder": str(self._folder),
        }
