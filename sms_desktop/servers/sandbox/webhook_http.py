"""One webhook as one HTTP request, over connections that are kept for the next. Used by courier."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit

from sms_desktop.gateway.sandbox_control import WebhookFormat

_MOST_HEAD_OCTETS = 16 * 1024
_MOST_BODY_OCTETS = 64 * 1024
_MOST_IDLE = 8
_MOST_PLACES = 100
_LONGEST_IDLE_SECONDS = 2.0
"""Shorter than what servers keep a connection for, so that none is closed while it is taken up again."""


@dataclass(slots=True)
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    used_at: float = 0.0

    def is_fresh(self, now: float) -> bool:
        return now - self.used_at < _LONGEST_IDLE_SECONDS and not self.reader.at_eof()


class WebhookClient:
    """Sends webhooks; `send` returns the HTTP status that they were answered with."""

    def __init__(self, *, webhook_format: Callable[[], WebhookFormat], seconds: float = 10.0) -> None:
        self._format = webhook_format
        self._seconds = seconds
        self._idle: dict[tuple[str, str | None, int | None], list[_Connection]] = defaultdict(list)

    async def send(self, url: str, fields: Mapping[str, str]) -> int:
        """Send one webhook. Raises OSError when no answer comes in time or none can be read."""
        target = urlsplit(url)
        return await self._bounded(target, _request(target, fields, self._format()))

    async def look(self, url: str) -> int:
        """Whether somebody is there: the status of a GET without anything. Raises OSError as `send`."""
        target = urlsplit(url)
        return await self._bounded(target, _request(target, {}, "get"))

    async def _bounded(self, target: SplitResult, request: bytes) -> int:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._exchange(target, request)
        except (ValueError, EOFError, asyncio.LimitOverrunError) as error:
            raise OSError("no readable answer") from error

    async def close(self) -> None:
        """Close the connections that are kept."""
        for kept in self._idle.values():
            for connection in kept:
                connection.writer.close()
                with suppress(OSError):
                    await connection.writer.wait_closed()
        self._idle.clear()

    async def _exchange(self, target: SplitResult, request: bytes) -> int:
        loop = asyncio.get_running_loop()
        if len(self._idle) > _MOST_PLACES:
            await self.close()
        idle = self._idle[target.scheme, target.hostname, target.port]
        connection = None
        while idle and connection is None:
            connection = idle.pop()
            if not connection.is_fresh(loop.time()):
                connection.writer.close()
                connection = None
        connection = connection or await _connect(target)
        keep = False
        try:
            connection.writer.write(request)
            await connection.writer.drain()
            status, keep = await _answer(connection.reader)
        finally:
            if keep and len(idle) < _MOST_IDLE:
                connection.used_at = loop.time()
                idle.append(connection)
            else:
                connection.writer.close()
        return status


async def _connect(target: SplitResult) -> _Connection:
    secure = ssl.create_default_context() if target.scheme == "https" else None
    port = target.port or (443 if secure else 80)
    return _Connection(
        *await asyncio.open_connection(target.hostname, port, ssl=secure, limit=_MOST_HEAD_OCTETS)
    )


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """The status of an answer, and whether the connection can serve another request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    version, status = head.split(maxsplit=2)[:2]
    lines = (line.partition(":") for line in head.splitlines()[1:])
    headers = {name.strip(): value.strip() for name, _, value in lines}
    length = headers.get("content-length", "0" if status in ("204", "304") else "")
    keep = version == "http/1.1" and headers.get("connection") != "close"
    if length.isascii() and length.isdigit() and len(length) < 6 and int(length) <= _MOST_BODY_OCTETS:
        await reader.readexactly(int(length))
    else:
        keep = False
    return int(status), keep


def _request(target: SplitResult, fields: Mapping[str, str], webhook_format: WebhookFormat) -> bytes:
    path, query, body = target.path or "/", target.query, b""
    content_type = ""
    match webhook_format:
        case "json":
            content_type, body = "application/json", json.dumps(fields).encode()
        case "form":
            content_type, body = "application/x-www-form-urlencoded", urlencode(fields).encode()
        case "get":
            query = "&".join(filter(None, (query, urlencode(fields))))
    host = target.netloc.rpartition("@")[2]
    lines = [
        f"{'GET' if webhook_format == 'get' else 'POST'} {path}{'?' if query else ''}{query} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: SMS Desktop sandbox",
        "Accept: */*",
    ]
    if webhook_format != "get":
        lines += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
