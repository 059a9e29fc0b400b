"""The relay as an ASGI application: doors, threads and log, put together. Made by serve."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sms_desktop.servers.relay.ingest import Ingest
from sms_desktop.servers.relay.log import EventLog
from sms_desktop.servers.relay.read_api import ReadApi
from sms_desktop.servers.relay.tokens import Gatekeeper
from sms_desktop.servers.relay.waiting import Announcements
from sms_desktop.servers.relay.writer import GroupWriter

_READING_THREADS = 3


class RelayApp:
    """The application. It owns the log from its lifespan's beginning, and closes it in order at the end.

    `stop_waiting` answers everybody who waits for events, and is called when the server begins to stop.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._announcements = Announcements()
        self._starlette = Starlette(
            lifespan=self._lifespan, exception_handlers={HTTPException: _empty_answer}
        )
        self._starlette.router.redirect_slashes = False
        self._ingest: Ingest | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run the lifespan."""
        if self._ingest is not None and scope["type"] == "http" and scope["path"].startswith("/h/"):
            # Nearly all that comes are webhooks, and Starlette's routing costs more than reading one.
            await self._ingest(scope, receive, send)
        else:
            await self._starlette(scope, receive, send)

    def stop_waiting(self) -> None:
        """Answer those who wait, with an empty page. Called on the event loop."""
        self._announcements.end()

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        threads = ThreadPoolExecutor(_READING_THREADS, "relay log reader")
        writer = GroupWriter(self._log, self._announcements)
        try:
            gatekeeper = Gatekeeper(self._log, threads)
            read_api = ReadApi(
                log=self._log,
                gatekeeper=gatekeeper,
                writer=writer,
                announcements=self._announcements,
                threads=threads,
            )
            self._ingest = Ingest(gatekeeper=gatekeeper, writer=writer)
            app.router.routes[:] = [
                Route("/v1/events", read_api.events),
                Route("/v1/streams", read_api.streams),
                Route("/healthz", read_api.healthz),
                Route("/readyz", read_api.readyz),
            ]
            yield
        finally:
            await asyncio.to_thread(writer.end)
            threads.shutdown()
            await asyncio.to_thread(self._log.close)


async def _empty_answer(_request: Request, error: Exception) -> Response:
    """Whatever is not here looks the same as a token that is not known."""
    assert isinstance(error, HTTPException)
    return Response(status_code=error.status_code, headers=error.headers)
