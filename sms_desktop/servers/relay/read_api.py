"""The readers' door `/v1/events`: pages by cursor, after a wait if there is nothing yet. Mounted by app.

Asking with a cursor says that all up to it is stored.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from sms_desktop.relay.events import (
    MAX_WAIT_SECONDS,
    Cursor,
    Page,
    encode_page,
)
from sms_desktop.servers.relay.log import (
    Acknowledgement,
    EventLog,
    ReaderGrant,
    Slice,
    StoreFailing,
)
from sms_desktop.servers.relay.metrics import Metrics
from sms_desktop.servers.relay.problems import problem, unavailable
from sms_desktop.servers.relay.reader_access import ReaderAccess
from sms_desktop.servers.relay.reader_query import Query, RefusedError, check_position, read_query
from sms_desktop.servers.relay.sending import Outstanding, PieceByPiece
from sms_desktop.servers.relay.waiting import Announcements
from sms_desktop.servers.relay.writer import GroupWriter

_MOST_WAITS_OF_A_TOKEN = 4
_MOST_WAITS = 256
_MOST_IN_THE_MAKING = 4
_PAGE_OCTETS = 4 * 1024 * 1024
_PAUSE_WHEN_STOPPING_MS = 500
_SEEN_AGAIN_SECONDS = 60.0

_Result = TypeVar("_Result")


class ReadApi:
    """Answers readers, on an event loop; the log is read in threads."""

    def __init__(
        self,
        *,
        log: EventLog,
        access: ReaderAccess,
        writer: GroupWriter,
        announcements: Announcements,
        threads: Executor,
        metrics: Metrics,
    ) -> None:
        self._log = log
        self._access = access
        self._writer = writer
        self._announcements = announcements
        self._threads = threads
        self._metrics = metrics
        self._outstanding = Outstanding()
        # Pages in the making are large: so many at once, however many ask.
        self._preparing = asyncio.Semaphore(_MOST_IN_THE_MAKING)
        self._waits: Counter[str] = Counter()
        self._last_noted: dict[tuple[int, str], tuple[int, float]] = {}

    async def events(self, request: Request) -> Response:
        """A page of events, after a wait if there are none yet."""
        try:
            grant = await self._access.grant(request)
            query = read_query(request)
            stream_id = self._access.stream_id(grant, query.stream)
            after = await self._position(stream_id, query.after)
            async with self._preparing:
                if not self._outstanding.has_room():
                    raise RefusedError(unavailable(retry_after=1))
                part = await self._read(stream_id, after, query)
                if isinstance(query.after, Cursor):
                    check_position(query.after, part.state)
                    if not query.peek:
                        self._acknowledge(grant, stream_id, query.after.seq)
                if part.events:
                    return await self._page(part)
            if query.wait:
                part = await self._wait(request, grant, stream_id, part, query)
                # The token may have been revoked meanwhile, and the log have begun another life.
                await self._access.grant(request)
                if isinstance(query.after, Cursor):
                    check_position(query.after, part.state)
        except RefusedError as refusal:
            return refusal.response
        except StoreFailing:
            return unavailable()
        return await self._page(part)

    async def _position(self, stream_id: int, after: Cursor | str | None) -> int:
        match after:
            case None:
                return 0
            case Cursor():
                return after.seq
            case _:
                return (await self._off_loop(lambda: self._log.state(stream_id))).head

    async def _read(self, stream_id: int, after: int, query: Query) -> Slice:
        return await self._off_loop(
            lambda: self._log.read(
                stream_id, after=after, limit=query.limit, kinds=query.kinds, max_octets=_PAGE_OCTETS
            )
        )

    async def _wait(
        self, request: Request, grant: ReaderGrant, stream_id: int, part: Slice, query: Query
    ) -> Slice:
        """The first events to come; none when the time is over, the reader gone, or the server stops."""
        if self._waits[grant.token_id] >= _MOST_WAITS_OF_A_TOKEN or self._waits.total() >= _MOST_WAITS:
            raise RefusedError(
                problem(429, "too-many-waits", "Ask again when another request has ended.", retry_after=1)
            )
        self._waits[grant.token_id] += 1
        self._metrics.waiting = self._waits.total()
        leaving = asyncio.create_task(_leaving(request))
        # Readers that began together come back spread over time; no secret hangs on the chance (S311).
        until = time.monotonic() + min(query.wait * random.uniform(0.9, 1.1), MAX_WAIT_SECONDS)  # noqa: S311
        try:
            while not part.events:
                if part.through == part.state.head:
                    coming = asyncio.create_task(
                        self._announcements.beyond(stream_id, part.through, until - time.monotonic())
                    )
                    await asyncio.wait({coming, leaving}, return_when=asyncio.FIRST_COMPLETED)
                    coming.cancel()
                if leaving.done() or self._announcements.ended:
                    break
                part = await self._read(stream_id, part.through, query)
                if time.monotonic() >= until:
                    break
        finally:
            leaving.cancel()
            with suppress(asyncio.CancelledError):
                await leaving
            self._waits[grant.token_id] -= 1
            if not self._waits[grant.token_id]:
                del self._waits[grant.token_id]
            self._metrics.waiting = self._waits.total()
        return part

    def _acknowledge(self, grant: ReaderGrant, stream_id: int, seq: int) -> None:
        """Note how far a consumer has come; one that stays where it is, once a minute."""
        consumer = (stream_id, grant.consumer)
        now = time.monotonic()
        noted, at = self._last_noted.get(consumer, (-1, 0.0))
        if seq > noted or now - at > _SEEN_AGAIN_SECONDS:
            self._last_noted[consumer] = (max(seq, noted), now)
            self._writer.note(
                Acknowledgement(stream_id, grant.consumer, grant.token_id, seq, time.time_ns() // 1000)
            )

    async def _page(self, part: Slice) -> Response:
        state = part.state
        page = Page(
            stream=state.name,
            epoch=state.epoch,
            events=part.events,
            next=str(Cursor(state.epoch, part.through)),
            head=state.head,
            oldest=state.oldest,
            has_more=part.through < state.head,
            poll_after_ms=_PAUSE_WHEN_STOPPING_MS if self._announcements.ended else 0,
        )
        # A long page takes milliseconds, which webhooks would wait for.
        body = await self._off_loop(lambda: encode_page(page)) if part.events else encode_page(page)
        return PieceByPiece(body, self._outstanding, headers={"Cache-Control": "no-store"})

    async def _off_loop(self, question: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, question)


async def _leaving(request: Request) -> None:
    """Return when the reader has closed its connection."""
    while (await request.receive())["type"] != "http.disconnect":
        continue
