"""Sends one request and says by its evidence what became of it. Called by services, from a worker thread.

Nothing is repeated and no redirect is followed in here; every send has a connection of its own.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from sms_desktop.gateway.auth import Bearer
from sms_desktop.gateway.evidence import Evidence, Exchange, Failure, Phase, judge
from sms_desktop.gateway.request import GatewayRequest
from sms_desktop.gateway.run import Run
from sms_desktop.gateway.tokens import Tokens
from sms_desktop.messages.errors import Mendable, SmsDesktopError

if TYPE_CHECKING:  # imported at first use
    import httpx

__all__ = ["Exchange", "GatewayClient"]

_LOGGERS = (
    "httpx",
    "httpcore",
    *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")),
)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What holds for all requests of one exchange: its end (monotonic), and the cancels there were before."""

    deadline: float
    cancels: int

    def left(self) -> float:
        """The seconds until the deadline."""
        return self.deadline - time.monotonic()


class GatewayClient:
    """Sends requests, any number of threads at once. `cancel` and `close` may be called from any thread.

    `proxy` is the URL of an HTTP proxy; `ca_file` holds certificate authorities (PEM) that replace the
    usual ones. `connect_timeout` (seconds) bounds the connecting, `total_timeout` everything together, the
    fetching of a token too. The environment's proxies and certificates are ignored.
    """

    def __init__(
        self,
        *,
        proxy: str | None = None,
        ca_file: str | None = None,
        connect_timeout: float = 10,
        total_timeout: float = 60,
    ) -> None:
        self._proxy = proxy
        self._ca_file = ca_file
        self._connect_timeout = connect_timeout
        self._total_timeout = total_timeout
        self._lock = threading.Lock()
        self._runs: set[Run] = set()
        self._closed = False
        self._cancels = 0
        self._trusted: ssl.SSLContext | None = None
        self._tokens = Tokens()

    def send(self, request: GatewayRequest) -> Exchange:
        """Send `request` once and wait for what becomes of it; the network makes it raise nothing."""
        started_us = time.time_ns() // 1000
        evidence = self.exchange(request)
        return judge(request, evidence, started_us=started_us, ended_us=time.time_ns() // 1000)

    def exchange(self, request: GatewayRequest) -> Evidence:
        """Send `request` as `send` does, and say only what was seen of it.

        A Bearer's token is fetched first; when the gateway does not take it (HTTP 401), the request goes once
        more with a new one: it was refused, so that it can't arrive twice.
        """
        with self._lock:
            bounds = _Bounds(time.monotonic() + self._total_timeout, self._cancels)
        if not isinstance(request.authorization, Bearer):
            return self._once(request, None, bounds)

        def ask(asked: GatewayRequest) -> Evidence:
            return self._once(asked, None, bounds)

        bearer = request.authorization
        try:
            token = self._tokens.get(bearer, ask)
            evidence = self._once(request, token, bounds)
            if evidence.http_status != HTTPStatus.UNAUTHORIZED:
                return evidence
            renewed = self._tokens.renew(bearer, token, ask)
        except SmsDesktopError as error:
            return self._without_token(error)
        return self._once(request, renewed, bounds)

    def _without_token(self, error: SmsDesktopError) -> Evidence:
        return Evidence(
            phase=Phase.CONNECTING,
            wrote=False,
            limit_seconds=self._total_timeout,
            failure=Failure.TOKEN_REFUSED if isinstance(error, Mendable) else Failure.TOKEN,
            detail=error.message,
        )

    def _once(self, request: GatewayRequest, token: str | None, bounds: _Bounds) -> Evidence:
        left = bounds.left()
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), max(left, 0.0))
        timeouts["connect"] = min(self._connect_timeout, timeouts["connect"])
        run = Run(
            request,
            token,
            open_transport=self._transport,
            timeouts=timeouts,
            limit_seconds=self._total_timeout,
            proxied=self._proxy is not None,
        )
        with self._lock:
            stopped = None
            if self._closed or self._cancels != bounds.cancels:
                stopped = Failure.CANCELLED
            elif left <= 0:
                stopped = Failure.DEADLINE
            else:
                self._runs.add(run)
        try:
            if stopped is None:
                return run.go(left)
            run.stop(stopped)
            return run.evidence()
        finally:
            with self._lock:
                self._runs.discard(run)

    def cancel(self) -> None:
        """End the sends under way now: each returns at once, with the outcome that its evidence allows."""
        with self._lock:
            self._cancels += 1
            runs = tuple(self._runs)
        for run in runs:
            run.stop(Failure.CANCELLED)

    def close(self) -> None:
        """Cancel, and send nothing from now on: each later send returns as not sent."""
        with self._lock:
            self._closed = True
        self.cancel()

    def _transport(self, url: str) -> httpx.HTTPTransport:
        import httpx  # large: loaded at first use

        _silence()
        return httpx.HTTPTransport(
            verify=self._certificates()
            if url.startswith("https:")
            else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            trust_env=False,
            proxy=self._proxy,
            retries=0,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
        )

    def _certificates(self) -> ssl.SSLContext:
        import httpx

        with self._lock:
            if self._trusted is None:  # tens of milliseconds: kept from one send to the next
                self._trusted = (
                    ssl.create_default_context(cafile=self._ca_file)
                    if self._ca_file
                    else httpx.create_ssl_context(trust_env=False)
                )
            return self._trusted


def _silence() -> None:
    """Keep httpx and httpcore from logging at any level: addresses and headers may hold secrets."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False
