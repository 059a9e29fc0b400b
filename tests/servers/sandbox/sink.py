"""Where webhooks arrive in tests: a small HTTP server on one thread, which answers as it is told."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sms_desktop.gateway.webhooks import fields_from

PATIENCE = 15.0


@dataclass(frozen=True)
class Arrived:
    """One webhook, with the moment it came (seconds, monotonic)."""

    at: float
    method: str
    path: str
    content_type: str
    fields: dict[str, str]


@dataclass
class Sink:
    """`answer` gives the HTTP status for a webhook; 0 closes the connection without one."""

    url: str = ""
    answer: Callable[[Arrived], int] = lambda _: 200
    arrived: list[Arrived] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait(self, count: int, wanted: Callable[[Arrived], bool] = lambda _: True) -> list[Arrived]:
        """The webhooks that are wanted, once there are so many of them."""
        with self.changed:
            enough = self.changed.wait_for(lambda: len(self._of(wanted)) >= count, PATIENCE)
            found = self._of(wanted)
        assert enough, f"{len(found)} of {count} came: {found}"
        return found

    def about(self, count: int, **fields: str) -> list[Arrived]:
        """As `wait`, for webhooks with these fields; an underscore stands for the hyphen in a name."""
        named = {name.replace("_", "-"): value for name, value in fields.items()}
        return self.wait(count, lambda one: named.items() <= one.fields.items())

    def _of(self, wanted: Callable[[Arrived], bool]) -> list[Arrived]:
        return [one for one in self.arrived if wanted(one)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                request_line, *lines = head.split("\r\n")
                headers = {
                    name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
                }
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                method, target, _ = request_line.split(" ")
                path, _, query = target.partition("?")
                content_type = headers.get("content-type", "")
                fields = fields_from(method, content_type, query, body)
                one = Arrived(time.monotonic(), method, path, content_type, fields)
                status = self.answer(one)
                with self.changed:
                    self.arrived.append(one)
                    self.changed.notify_all()
                if not status:
                    break
                writer.write(f"HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@contextmanager
def sink(answer: Callable[[Arrived], int] = lambda _: 200) -> Iterator[Sink]:
    """A sink that listens until this ends."""
    here = Sink(answer=answer)
    ready, over = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        server = await asyncio.start_server(here.serve, "127.0.0.1", 0)
        here.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        loops.append(asyncio.get_running_loop())
        ready.set()
        await over.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(PATIENCE)
    try:
        yield here
    finally:
        loops[0].call_soon_threadsafe(over.set)
        thread.join(PATIENCE)
