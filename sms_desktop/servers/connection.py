"""Limits of a connection that uvicorn does not have: time, room, and how many. Used by both servers."""

from __future__ import annotations

import asyncio

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REQUEST_SECONDS = 10.0
"""From the first octet of a request, or the connection's beginning, to the last octet of its body."""
MOST_CONNECTIONS = 4000
_MAX_HEAD_OCTETS = 64 * 1024
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 whose requests arrive within a deadline, in bounded room, on so many connections and no more.

    Without it a client that sends an octet now and then holds a connection for ever, and one that sends a
    header without an end fills the memory.
    """

    request_seconds = REQUEST_SECONDS
    most_connections = MOST_CONNECTIONS

    _began: float | None = None
    _head_octets = 0
    _head_is_complete = False
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # TCP alone
        """Begin the deadline with the connection."""
        super().connection_made(transport)
        self._began = self.loop.time()
        self._watch = self.loop.call_later(self.request_seconds, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the deadline."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Refuse a head that does not end."""
        if self._began is None:
            self._began = self.loop.time()
        if not self._head_is_complete:
            self._head_octets += len(data)
            if self._head_octets - len(data) > _MAX_HEAD_OCTETS:
                self.transport.write(_TOO_LARGE)
                self.transport.close()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._head_is_complete = False
        if self._began is None:
            self._began = self.loop.time()

    def on_headers_complete(self) -> None:
        """Answer for the application where there are too many connections."""
        self._head_is_complete = True
        self._head_octets = 0
        if len(self.connections) > self.most_connections:
            self.app = _too_many_connections
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the deadline of a request that is here."""
        self._began = None
        super().on_message_complete()

    def shutdown(self) -> None:
        """Stop: a request that has not come to its end is not waited for, its sender will come again."""
        if self._began is not None:
            self.transport.close()
        else:
            super().shutdown()

    def _look(self) -> None:
        """Break the connection if a request took too long, else look again when the deadline may be over.

        One timer a connection, not one a request: requests are far more frequent than deadlines.
        """
        now = self.loop.time()
        began = now if self._began is None else self._began
        if now - began >= self.request_seconds:
            self.transport.abort()
            return
        self._watch = self.loop.call_later(began + self.request_seconds - now, self._look)


async def _too_many_connections(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-length", b"0"), (b"connection", b"close"), (b"retry-after", b"5")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
