"""The sandbox gateway put together: its HTTP side, answering as the documents say. Run by serve.

HTTP 200 answers accepted and refused messages alike; each part says its own status (SMS API 1.5.0).
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sms_desktop.gateway.sandbox import Behaviour
from sms_desktop.servers.connection import BoundedProtocol
from sms_desktop.servers.sandbox.account import PRICE, Account
from sms_desktop.servers.sandbox.carrier import Carrier, network_of
from sms_desktop.servers.sandbox.courier import Courier
from sms_desktop.servers.sandbox.handset import new_message_id, parts_of
from sms_desktop.servers.sandbox.parameters import NotReadable, read_parameters
from sms_desktop.servers.sandbox.submission import Refusal, Submission, judge
from sms_desktop.servers.sandbox.webhook_http import WebhookClient, WebhookFormat

_RESET = "sms_desktop.reset"


def make_app(account: Account, *, speed: float = 1.0, webhook_format: WebhookFormat = "json") -> Starlette:
    """The application; its lifespan runs the courier. `speed` divides all times of carrier and webhooks."""
    client = WebhookClient(webhook_format=webhook_format)
    courier = Courier(client=client, speed=speed)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        bringing = asyncio.create_task(courier.run())
        try:
            yield
        finally:
            bringing.cancel()
            with suppress(asyncio.CancelledError):
                await bringing
            await client.close()

    sending = Sending(account=account, carrier=Carrier(account=account, courier=courier))
    app = Starlette(routes=[Route("/sms/json", sending)], lifespan=lifespan)
    app.router.redirect_slashes = False
    return app


class Sending:
    """`/sms/json`: takes a message, answers, and hands what was accepted to the carrier."""

    def __init__(self, *, account: Account, carrier: Carrier) -> None:
        self._account = account
        self._carrier = carrier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        if request.method not in ("POST", "GET"):
            response: Response = _http_error(HTTPStatus.METHOD_NOT_ALLOWED, "Use POST or GET.")
            response.headers["Allow"] = "GET, POST"
            await response(scope, receive, send)
            return
        try:
            parameters = await read_parameters(request)
        except NotReadable as error:
            await _http_error(error.status, error.sentence)(scope, receive, send)
            return
        verdict = judge(parameters, self._account)
        if isinstance(verdict, Refusal):
            document = _answer([{"status": verdict.status, "error-text": verdict.error_text}])
        else:
            document = self._accept(verdict)
            if verdict.behaviour is Behaviour.LOSES_ANSWER:
                await _break_connection(scope, receive)
                return
        await JSONResponse(document)(scope, receive, send)

    def _accept(self, message: Submission) -> dict[str, object]:
        parts = [self._part(message) for _ in range(parts_of(message.kind, message.text).segment_count)]
        self._carrier.take(message, [part["message-id"] for part in parts])
        return _answer(parts)

    def _part(self, message: Submission) -> dict[str, str]:
        part = {
            "to": message.to,
            "message-id": new_message_id(),
            "status": "0",
            "remaining-balance": str(self._account.charge()),
            "message-price": str(PRICE),
            "network": network_of(message.to),
        }
        if message.client_ref is not None:
            part["client-ref"] = message.client_ref
        return part


class SandboxProtocol(BoundedProtocol):
    """Lets the application break a connection without an answer, as a network does."""

    def on_message_begin(self) -> None:
        """Begin a request, with `_break_connection`'s hook in its scope."""
        super().on_message_begin()
        scope = cast("Scope", self.scope)
        scope["extensions"] = {_RESET: self._reset}

    def _reset(self) -> None:
        connection = self.transport.get_extra_info("socket")
        # Lingering for no time makes closing a reset (socket(7), SO_LINGER).
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


async def _break_connection(scope: Scope, receive: Receive) -> None:
    scope["extensions"][_RESET]()
    while (await receive())["type"] != "http.disconnect":
        continue


def _answer(parts: Sequence[dict[str, str]]) -> dict[str, object]:
    return {"message-count": str(len(parts)), "messages": parts}


def _http_error(status: HTTPStatus, sentence: str) -> Response:
    headers = {"Connection": "close"} if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else None
    return Response(
        json.dumps({"error": sentence}), status_code=status, media_type="application/json", headers=headers
    )
