"""The sandbox gateway as a process of its own, as the app starts it, and a plain HTTP client for it."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

from sms_desktop.gateway.sandbox_control import SandboxControl

SECRET = "canary-secret-of-the-sandbox"
CONTROL_TOKEN = "canary-control-token"
PATIENCE = 15.0


@dataclass
class Running:
    """A server that has said that it is ready."""

    url: str
    process: subprocess.Popen[bytes]
    log: list[bytes] = field(default_factory=list)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """One HTTP request; the status and body of its answer."""
        place = urlsplit(self.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_host="Host" in (headers or {}))
            for name, value in ({"Content-Length": str(len(body))} | dict(headers or {})).items():
                if value:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    @property
    def control(self) -> SandboxControl:
        """Its control API over TCP; it was started with CONTROL_TOKEN."""
        return SandboxControl(url=self.url, token=CONTROL_TOKEN)

    def send(self, **changed: str) -> list[dict[str, str]]:
        """Submit a form as documented; an underscore in a name stands for a hyphen, but in `api_`."""
        status, body = self.ask(
            "POST",
            "/sms/json",
            urlencode(form(**changed)).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert status == 200
        document: dict[str, Any] = json.loads(body)
        assert document["message-count"] == str(len(document["messages"]))
        messages: list[dict[str, str]] = document["messages"]
        return messages


def form(**changed: str) -> dict[str, str]:
    """The parameters of a good request, some of them changed or, with "", left out; `from_` is `from`."""
    fields = {
        "api_key": "sandbox1",
        "api_secret": SECRET,
        "from": "Acme",
        "to": "31612345678",
        "text": "Hello",
    }
    for name, value in changed.items():
        spelled = name if name.startswith("api_") else name.rstrip("_").replace("_", "-")
        fields[spelled] = value
    return {name: value for name, value in fields.items() if value}


def start(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """`smsctl sandbox serve`, with pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "sms_desktop.cli", "sandbox", "serve", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )


@contextmanager
def supervised(**settings: object) -> Iterator[Running]:
    """A sandbox as the app runs it; it ends because its pipe closes."""
    process = start("--supervised", environment={"SMSCTL_API_SECRET": "ignored", "SMSCTL_API_KEY": "ignored"})
    assert process.stdin is not None
    assert process.stdout is not None
    line = {
        "api_key": "sandbox1",
        "api_secret": SECRET,
        "speed": 40.0,
        "rate": 0,
        "control_token": CONTROL_TOKEN,
    } | settings
    process.stdin.write(json.dumps(line).encode() + b"\n")
    process.stdin.flush()
    log: list[bytes] = []
    reading = threading.Thread(target=_keep, args=(process.stderr, log))
    reading.start()
    ready = process.stdout.readline()
    assert ready, log
    document = json.loads(ready)
    assert document == {"ready": True, "url": document["url"], "pid": process.pid}
    try:
        yield Running(document["url"], process, log)
    finally:
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
        assert process.stdout.read() == b"", "only the ready line"
        process.stdout.close()
        reading.join(PATIENCE)


def _keep(stream: IO[bytes] | None, log: list[bytes]) -> None:
    assert stream is not None
    with stream:
        log.extend(stream)


def refused_supervised(**settings: object) -> tuple[int, str]:
    """Exit status and standard error of a sandbox that does not start."""
    line = json.dumps({"api_key": "sandbox1", "api_secret": SECRET} | settings)
    process = start("--supervised")
    out, err = process.communicate(line.encode() + b"\n", timeout=PATIENCE)
    assert out == b""
    return process.returncode, err.decode()
