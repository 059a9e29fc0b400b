"""`/metrics` on an address of its own, for who watches over the relay. Started by serve."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sms_desktop.servers.relay.log import EventLog
from sms_desktop.servers.relay.metrics import CONTENT_TYPE, Metrics

_MOST_CONNECTIONS = 32


class MetricsServer:
    """Answers `GET /metrics` on a listening socket, in a thread of its own, while its context lasts."""

    def __init__(self, bound: socket.socket, *, metrics: Metrics, log: EventLog) -> None:
        def answer(_request: Request) -> Response:
            return Response(metrics.text(log), media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})

        config = uvicorn.Config(
            Starlette(routes=[Route("/metrics", answer)]),
            http="httptools",
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=1,
            limit_concurrency=_MOST_CONNECTIONS,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([bound],), name="relay metrics", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
