"""Pages on their way to readers, slow ones and dead ones too. Called by read_api and serve.

A page is complete in memory before the first octet of it leaves, so that a slow reader holds no snapshot of
the log; how much memory all of them hold is bounded, and so is how long one may take.
"""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sms_desktop.servers.connection import BoundedProtocol

MOST_OUTSTANDING_OCTETS = 32 * 1024 * 1024
STALLED_SECONDS = 30.0
"""So long a reader may take nothing at all of what is sent to it."""
LONGEST_SECONDS = 600.0
"""So long it may take for all of a page: 4 MiB at 7 KiB a second."""
_PIECE = 64 * 1024


class Outstanding:
    """How many octets of pages wait to be taken. Belongs to an event loop."""

    def __init__(self, most: int = MOST_OUTSTANDING_OCTETS) -> None:
        self._most = most
        self.octets = 0

    def has_room(self) -> bool:
        """Whether one page more may be read."""
        return self.octets < self._most


class PieceByPiece(Response):
    """An answer that leaves in pieces, the next one once the one before is nearly gone."""

    def __init__(self, content: bytes, outstanding: Outstanding, *, headers: dict[str, str]) -> None:
        super().__init__(content, headers=headers, media_type="application/json")
        self._outstanding = outstanding
        self._outstanding.octets += len(content)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        body = memoryview(self.body)
        try:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            for start in range(0, len(body), _PIECE):
                piece = bytes(body[start : start + _PIECE])
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._outstanding.octets -= len(body)


class TakenProtocol(BoundedProtocol):
    """A connection that is broken when nobody takes what is sent on it."""

    stalled_seconds = STALLED_SECONDS
    longest_seconds = LONGEST_SECONDS

    _taking_since: float | None = None
    _left = 0
    _taking_watch: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """Begin to look whether it is taken."""
        super().pause_writing()
        if self._taking_since is None:
            self._taking_since = self.loop.time()
        self._left = self.transport.get_write_buffer_size()
        self._watch_again()

    def resume_writing(self) -> None:
        """It was, in time."""
        self._stop_watching()
        super().resume_writing()

    def on_message_begin(self) -> None:
        """Begin a request: the answer to the one before is gone."""
        self._taking_since = None
        super().on_message_begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop looking."""
        self._stop_watching()
        super().connection_lost(exc)

    def _watch_again(self) -> None:
        self._stop_watching()
        self._taking_watch = self.loop.call_later(self.stalled_seconds, self._look_at_taking)

    def _stop_watching(self) -> None:
        if self._taking_watch is not None:
            self._taking_watch.cancel()
            self._taking_watch = None

    def _look_at_taking(self) -> None:
        left = self.transport.get_write_buffer_size()
        began = self.loop.time() if self._taking_since is None else self._taking_since
        if left >= self._left or self.loop.time() - began > self.longest_seconds:
            self.transport.abort()
            return
        self._left = left
        self._watch_again()
