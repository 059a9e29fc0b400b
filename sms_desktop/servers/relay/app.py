"""The relay as an ASGI application: doors, threads and log, put together. Made by serve."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sms_desktop.servers.relay.admission import Network, Origins
from sms_desktop.servers.relay.ingest import Ingest
from sms_desktop.servers.relay.log import EventLog, Retention
from sms_desktop.servers.relay.metrics import Metrics
from sms_desktop.servers.relay.read_api import ReadApi
from sms_desktop.servers.relay.reader_access import ReaderAccess
from sms_desktop.servers.relay.retention import Keeper, retention
from sms_desktop.servers.relay.signatures import SecretShelf
from sms_desktop.servers.relay.stream_api import StreamApi
from sms_desktop.servers.relay.tokens import Gatekeeper
from sms_desktop.servers.relay.waiting import Announcements
from sms_desktop.servers.relay.writer import GroupWriter

_READING_THREADS = 4
_LAST_COMMIT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a relay behaves: see configuration.Settings for what each is."""

    least_free_octets: int = 0
    retention: Retention = field(default_factory=retention)
    trusted_proxies: tuple[Network, ...] = ()
    webhooks_per_second: float = 0
    secrets: SecretShelf = field(default_factory=lambda: SecretShelf(None))


class RelayApp:
    """The application. It owns the log from its lifespan's beginning, and closes it in order at the end.

    `stop_waiting` answers everybody who waits for events, and is called when the server begins to stop.
    """

    def __init__(
        self, log: EventLog, *, conduct: Conduct | None = None, metrics: Metrics | None = None
    ) -> None:
        self._log = log
        self._conduct = Conduct() if conduct is None else conduct
        self._metrics = Metrics() if metrics is None else metrics
        self._announcements = Announcements()
        self._starlette = Starlette(
            lifespan=self._lifespan,
            exception_handlers={HTTPException: _empty_answer, ClientDisconnect: _no_answer},
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
        conduct = self._conduct
        threads = ThreadPoolExecutor(_READING_THREADS, "relay log reader")
        writer = GroupWriter(
            self._log,
            self._announcements,
            metrics=self._metrics,
            least_free_octets=conduct.least_free_octets,
        )
        keeper = Keeper(self._log, conduct.retention, self._metrics)
        loop = asyncio.get_running_loop()

        def announce(heads: Mapping[int, int]) -> None:
            loop.call_soon_threadsafe(self._announcements.announce, heads)

        try:
            self._log.watch(announce)
            gatekeeper = Gatekeeper(self._log, threads)
            origins = Origins(conduct.trusted_proxies)
            access = ReaderAccess(gatekeeper=gatekeeper, writer=writer, origins=origins)
            pages = ReadApi(
                log=self._log,
                access=access,
                writer=writer,
                announcements=self._announcements,
                threads=threads,
                metrics=self._metrics,
            )
            others = StreamApi(log=self._log, access=access, writer=writer, threads=threads)
            self._ingest = Ingest(
                gatekeeper=gatekeeper,
                writer=writer,
                origins=origins,
                secrets=conduct.secrets,
                metrics=self._metrics,
                most_per_second=conduct.webhooks_per_second,
            )
            app.router.routes[:] = [
                self._route("/v1/events", "events", pages.events),
                self._route("/v1/streams", "streams", others.streams),
                self._route("/v1/streams/{stream}/events/{seq}/raw", "raw", others.raw),
                self._route("/v1/streams/{stream}/erase", "erase", others.erase, method="POST"),
                self._route("/v1/ack", "ack", others.acknowledge, method="POST"),
                self._route("/healthz", "healthz", others.healthz),
                self._route("/readyz", "readyz", others.readyz),
            ]
            yield
        finally:
            ending = asyncio.gather(asyncio.to_thread(keeper.end), asyncio.to_thread(writer.end))
            done, _ = await asyncio.wait([ending], timeout=_LAST_COMMIT_SECONDS)
            if not done:
                self._log.interrupt()
            await ending
            threads.shutdown()
            await asyncio.to_thread(self._log.close)

    def _route(
        self,
        path: str,
        name: str,
        door: Callable[[Request], Awaitable[Response]],
        *,
        method: str = "GET",
    ) -> Route:
        async def counted(request: Request) -> Response:
            response = await door(request)
            self._metrics.answers[name, response.status_code] += 1
            return response

        return Route(path, counted, methods=[method])


async def _empty_answer(_request: Request, error: Exception) -> Response:
    """Whatever is not here looks the same as a token that is not known."""
    assert isinstance(error, HTTPException)
    return Response(status_code=error.status_code, headers=error.headers)


async def _no_answer(_request: Request, _error: Exception) -> Response:
    """The one who asked has gone in the middle of its request."""
    return Response(status_code=400)
