"""The relay as a process of its own, as the app starts it, and a plain HTTP client for it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

from sms_desktop.relay.client import RelayClient
from sms_desktop.relay.events import new_ingest_token, new_reader_token
from sms_desktop.servers.relay.place import open_event_log
from sms_desktop.servers.relay.tokens import create_ingest_token, create_reader_token

PATIENCE = 20.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}

_names = count(1)


@dataclass
class Answer:
    """The answer to one HTTP request; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass
class Stream:
    """A stream of a running relay, with a token of each kind."""

    url: str
    name: str
    ingest_token: str
    reader_token: str

    def post(
        self, door: str, body: bytes | Mapping[str, str] = b"", headers: Mapping[str, str] = FORM
    ) -> Answer:
        """Bring a webhook as POST to `d`, `m`, or the door without a name."""
        data = body if isinstance(body, bytes) else urlencode(body).encode()
        return ask(self.url, "POST", self.path(door), data, headers)

    def get(self, door: str, query: str = "") -> Answer:
        """Bring a webhook as GET."""
        return ask(self.url, "GET", self.path(door) + (f"?{query}" if query else ""))

    def path(self, door: str) -> str:
        """The path of a door."""
        return f"/h/{self.ingest_token}" + (f"/{door}" if door else "")

    def read(
        self, query: Mapping[str, object] | None = None, *, token: str | None = None, **more: object
    ) -> Answer:
        """Ask `/v1/events`, without waiting unless `wait` is given."""
        asked = urlencode({"stream": self.name, "wait": 0} | dict(query or {}) | more)
        return ask(self.url, "GET", f"/v1/events?{asked}", headers=bearer(token or self.reader_token))

    def events(self) -> list[dict[str, Any]]:
        """All events."""
        events: list[dict[str, Any]] = self.read().json["events"]
        return events

    def client(self) -> RelayClient:
        """A console's client for this stream."""
        return RelayClient(base_url=self.url, stream=self.name, reader_token=self.reader_token)


@dataclass
class RunningRelay:
    """A relay that has said that it is ready, on the log `path`."""

    url: str
    path: Path
    process: subprocess.Popen[bytes]
    said: list[bytes] = field(default_factory=list)

    def stream(self) -> Stream:
        """A new stream, made while the relay runs."""
        log = open_event_log(f"sqlite:{self.path}", serving=False)
        try:
            name = f"stream-{next(_names)}"
            ingest = create_ingest_token(log, stream=name)
            reader = create_reader_token(log, streams=[name])
        finally:
            log.close()
        return Stream(self.url, name, ingest.token, reader.token)


def ask(
    url: str, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Answer:
    """One HTTP request on a connection of its own."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
    try:
        connection.request(method, path, body or None, dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def bearer(token: str) -> dict[str, str]:
    """The header that carries a reader token."""
    return {"Authorization": f"Bearer {token}"}


def connect(url: str) -> socket.socket:
    """A bare connection, to say what no HTTP client would."""
    place = urlsplit(url)
    return socket.create_connection((place.hostname or "", place.port or 0), timeout=PATIENCE)


def start(
    *arguments: str, environment: Mapping[str, str] | None = None, program: str = "sms_desktop.cli"
) -> subprocess.Popen[bytes]:
    """`smsctl relay serve`, with pipes; or another module that takes the same arguments."""
    return subprocess.Popen(
        [sys.executable, "-m", program, "relay", "serve", *arguments],
        env=os.environ | dict(environment or {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def tokens_of(name: str) -> dict[str, str]:
    """A stream as the app hands it over."""
    return {"name": name, "ingest_token": new_ingest_token(), "reader_token": new_reader_token()}


@contextmanager
def supervised(
    path: Path, *streams: dict[str, str], ends_by_itself: bool = True, **more: object
) -> Iterator[RunningRelay]:
    """A relay as the app runs it, with `more` settings; it ends because its pipe closes."""
    process = start("--supervised")
    settings = {"log": f"sqlite:{path}", "host": "127.0.0.1", "port": 0, "streams": streams} | more
    with _said_ready(process, path, settings) as relay:
        yield relay
    if ends_by_itself:
        assert process.returncode == 0, relay.said


@contextmanager
def served(
    place: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    ends_by_itself: bool = True,
    program: str = "sms_desktop.cli",
) -> Iterator[RunningRelay]:
    """A relay as an administrator runs it, on any log; it is told to stop by SIGTERM."""
    process = start("--log", place, *arguments, environment=environment, program=program)
    with _said_ready(process, Path(place.partition(":")[2]), None) as relay:
        yield relay
    if ends_by_itself:
        assert process.returncode == 0, relay.said


@contextmanager
def _said_ready(
    process: subprocess.Popen[bytes], path: Path, settings: Mapping[str, object] | None
) -> Iterator[RunningRelay]:
    assert process.stdin is not None
    assert process.stdout is not None
    if settings is not None:
        process.stdin.write(json.dumps(settings).encode() + b"\n")
        process.stdin.flush()
    said: list[bytes] = []
    reading = threading.Thread(target=_keep, args=(process.stderr, said))
    reading.start()
    try:
        ready = process.stdout.readline()
        assert ready, said
        document = json.loads(ready)
        assert document == {"ready": True, "url": document["url"], "pid": process.pid}
        yield RunningRelay(document["url"], path, process, said)
    finally:
        if settings is None and process.poll() is None:
            process.terminate()
        process.stdin.close()
        process.wait(PATIENCE)
        rest = process.stdout.read()
        process.stdout.close()
        reading.join(PATIENCE)
    assert rest == b"", "only the ready line"


def _keep(stream: IO[bytes] | None, said: list[bytes]) -> None:
    assert stream is not None
    with stream:
        said.extend(stream)
