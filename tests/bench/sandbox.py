"""Messages a second that the sandbox accepts, beside a bare uvicorn application that only answers.

Both are processes of their own; one client with so many connections sends form after form to each.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

from tests.bench.harness import Row, medians

_CONNECTIONS = 16
_SECONDS = 1.5
_ROUNDS = 3
_SECRET = "bench"
_FORM = urlencode(
    {
        "api_key": "sandbox1",
        "api_secret": _SECRET,
        "from": "Acme",
        "to": "31612345678",
        "text": "Hello from the bench",
    }
).encode()
_REQUEST = (
    b"POST /sms/json HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(_FORM), _FORM)
)
_BARE = """
import json, os, socket, uvicorn
# IPPROTO_TCP: asyncio sets TCP_NODELAY only where the socket says that it is one of TCP.
bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
bound.bind(("127.0.0.1", 0))
bound.listen(100)
async def app(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})
print(json.dumps({"url": "http://127.0.0.1:%d" % bound.getsockname()[1]}), flush=True)
config = uvicorn.Config(app, http="httptools", loop="asyncio", lifespan="off", access_log=False)
uvicorn.Server(config).run(sockets=[bound])
"""


@contextmanager
def _running(*command: str) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "SMSCTL_API_SECRET": _SECRET},
    )
    assert process.stdout is not None
    try:
        yield str(json.loads(process.stdout.readline())["url"])
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


async def _load(url: str) -> float:
    """Requests a second that were answered with HTTP 200, and in the sandbox with status 0."""
    place = urlsplit(url)
    end = time.monotonic() + _SECONDS
    accepted = 0

    async def send() -> None:
        nonlocal accepted
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        try:
            while time.monotonic() < end:
                writer.write(_REQUEST)
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
                body = await reader.readexactly(length)
                if body != b"{}" and b'"status":"0"' not in body:
                    raise RuntimeError(f"the sandbox refused it: {body!r}")
                accepted += 1
        finally:
            writer.close()

    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(_CONNECTIONS):
            tasks.create_task(send())
    return accepted / (time.monotonic() - began)


def rows() -> Iterator[Row]:
    """Yield the row: accepted messages against answers of a bare application, in requests a second."""
    serve = ("-m", "sms_desktop.cli", "sandbox", "serve", "--rate", "0")
    with _running(*serve) as ours, _running("-c", _BARE) as bare:
        accepted, answered = medians(
            [lambda: asyncio.run(_load(ours)), lambda: asyncio.run(_load(bare))], rounds=_ROUNDS
        )
    yield Row(
        what="messages accepted by the sandbox, 16 connections",
        against="bare uvicorn application",
        unit="/s",
        ours=accepted,
        yardstick=answered,
        bound=0.2,
        direction="at least",
    )
