"""The readers' door: `/v1/events`, `/v1/streams`, and `/healthz`, `/readyz` for who watches over the relay.

Endpoints, mounted by app. A reader pulls pages by cursor; asking with a cursor says that all up to it is
stored.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sms_desktop.relay.events import (
    MAX_WAIT_SECONDS,
    Cursor,
    Page,
    encode_page,
    rfc3339,
)
from sms_desktop.servers.relay.ingest import RETRY_AFTER_SECONDS
from sms_desktop.servers.relay.log import (
    Acknowledgement,
    EventLog,
    ReaderGrant,
    Slice,
    StoreFailing,
)
from sms_desktop.servers.relay.problems import problem
from sms_desktop.servers.relay.reader_query import Query, RefusedError, check_position, read_query
from sms_desktop.servers.relay.tokens import Gatekeeper
from sms_desktop.servers.relay.waiting import Announcements
from sms_desktop.servers.relay.writer import GroupWriter

_MOST_WAITS_OF_A_TOKEN = 4
_MOST_WAITS = 256
_PAGE_OCTETS = 4 * 1024 * 1024
_READY_SECONDS = 1.0
_PAUSE_WHEN_STOPPING_MS = 500
_SEEN_AGAIN_SECONDS = 60.0
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)

_Result = TypeVar("_Result")


class ReadApi:
    """Answers readers, on an event loop; the log is read in threads."""

    def __init__(
        self,
        *,
        log: EventLog,
        gatekeeper: Gatekeeper,
        writer: GroupWriter,
        announcements: Announcements,
        threads: Executor,
    ) -> None:
        self._log = log
        self._gatekeeper = gatekeeper
        self._writer = writer
        self._announcements = announcements
        self._threads = threads
        self._waits: Counter[str] = Counter()
        self._last_noted: dict[tuple[int, str], tuple[int, float]] = {}

    async def events(self, request: Request) -> Response:
        """A page of events, after a wait if there are none yet."""
        try:
            grant = await self._reader(request)
            query = read_query(request)
            stream_id = grant.streams.get(query.stream)
            if stream_id is None:
                raise RefusedError(
                    problem(403, "forbidden", "The relay token does not open the stream that was asked for.")
                )
            after = await self._position(stream_id, query.after)
            part = await self._read(stream_id, after, query)
            if isinstance(query.after, Cursor):
                check_position(query.after, part.state)
                self._acknowledge(grant, stream_id, query.after.seq)
            if not part.events and query.wait:
                part = await self._wait(request, grant, stream_id, part, query)
        except RefusedError as refusal:
            return refusal.response
        except StoreFailing:
            return _unavailable()
        return _page(part, pause=_PAUSE_WHEN_STOPPING_MS if self._announcements.ended else 0)

    async def streams(self, request: Request) -> Response:
        """The streams that the token opens."""
        try:
            grant = await self._reader(request)
            reports = await self._off_loop(lambda: self._log.reports(sorted(grant.streams.values())))
        except RefusedError as refusal:
            return refusal.response
        except StoreFailing:
            return _unavailable()
        streams = [
            {
                "stream": report.state.name,
                "epoch": report.state.epoch,
                "head": report.state.head,
                "oldest": report.state.oldest,
                "bytes": report.octets,
                "reachability_checks": report.reachability_checks,
                "consumers": [
                    {
                        "name": consumer.name,
                        "acked": consumer.acked,
                        "lag": report.state.head - consumer.acked,
                        "last_seen": rfc3339(_EPOCH_START + timedelta(microseconds=consumer.last_seen_us)),
                    }
                    for consumer in report.consumers
                ],
            }
            for report in reports
        ]
        return _json({"streams": streams})

    async def healthz(self, request: Request) -> Response:
        """The process answers."""
        return _json({"alive": True})

    async def readyz(self, request: Request) -> Response:
        """Webhooks can be stored: a durable write succeeded just now."""
        try:
            await self._writer.prove(within=_READY_SECONDS)
        except StoreFailing:
            return _json({"ready": False}, status=503)
        return _json({"ready": True})

    async def _reader(self, request: Request) -> ReaderGrant:
        grant = await self._gatekeeper.reader(request.headers.get("authorization"))
        if grant is None:
            raise RefusedError(
                problem(
                    401, "unauthorized", "Send a relay token of this relay: Authorization: Bearer smsr_..."
                )
            )
        return grant

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
        leaving = asyncio.create_task(_leaving(request))
        # Readers that began together come back spread over time.
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

    async def _off_loop(self, question: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, question)


def _page(part: Slice, *, pause: int) -> Response:
    state = part.state
    page = Page(
        stream=state.name,
        epoch=state.epoch,
        events=part.events,
        next=str(Cursor(state.epoch, part.through)),
        head=state.head,
        oldest=state.oldest,
        has_more=part.through < state.head,
        poll_after_ms=pause,
    )
    return Response(encode_page(page), headers={"Cache-Control": "no-store"}, media_type="application/json")


def _json(value: object, *, status: int = 200) -> Response:
    return Response(
        msgspec.json.encode(value),
        status,
        headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )


def _unavailable() -> Response:
    return problem(503, "unavailable", "Ask again later.", retry_after=RETRY_AFTER_SECONDS)


async def _leaving(request: Request) -> None:
    """Return when the reader has closed its connection."""
    while (await request.receive())["type"] != "http.disconnect":
        continue
