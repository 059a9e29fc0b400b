"""One webhook as one HTTP request, over connections that are kept for the next. Used by courier."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal
from urllib.parse import SplitResult, urlencode, urlsplit

WebhookFormat = Literal["json", "form", "get"]
"""POST with JSON, POST with a form, or GET: what an account's settings say."""

_MOST_HEAD_OCTETS = 16 * 1024
_MOST_BODY_OCTETS = 64 * 1024
_MOST_IDLE = 8

_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class WebhookClient:
    """Sends webhooks; `send` returns the HTTP status that they were answered with."""

    def __init__(self, *, webhook_format: WebhookFormat, seconds: float = 10.0) -> None:
        self._format = webhook_format
        self._seconds = seconds
        self._idle: dict[tuple[str, str | None, int | None], list[_Connection]] = defaultdict(list)

    async def send(self, url: str, fields: Mapping[str, str]) -> int:
        """Send one webhook. Raises OSError when no answer comes in time or none can be read."""
        target = urlsplit(url)
        request = _request(target, fields, self._format)
        try:
            async with asyncio.timeout(self._seconds):
                return await self._exchange(target, request)
        except (ValueError, EOFError, asyncio.LimitOverrunError) as error:
            raise OSError("no readable answer") from error

    async def close(self) -> None:
        """Close the connections that are kept."""
        for kept in self._idle.values():
            for _, writer in kept:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()
        self._idle.clear()

    async def _exchange(self, target: SplitResult, request: bytes) -> int:
        idle = self._idle[target.scheme, target.hostname, target.port]
        while idle:
            connection = idle.pop()
            try:
                return await self._converse(connection, idle, request)
            except (OSError, EOFError):
                continue  # the other side has closed it meanwhile
        return await self._converse(await _connect(target), idle, request)

    async def _converse(self, connection: _Connection, idle: list[_Connection], request: bytes) -> int:
        reader, writer = connection
        keep = False
        try:
            writer.write(request)
            await writer.drain()
            status, keep = await _answer(reader)
        finally:
            if keep and len(idle) < _MOST_IDLE:
                idle.append(connection)
            else:
                writer.close()
        return status


async def _connect(target: SplitResult) -> _Connection:
    secure = ssl.create_default_context() if target.scheme == "https" else None
    port = target.port or (443 if secure else 80)
    return await asyncio.open_connection(target.hostname, port, ssl=secure, limit=_MOST_HEAD_OCTETS)


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
