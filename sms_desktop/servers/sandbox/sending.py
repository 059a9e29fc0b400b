"""The addresses that take messages, and the faults of a connection that a scenario asks for. Put up by app.

HTTP 200 answers accepted and refused messages alike; each part says its own status (SMS API 1.5.0).
"""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from sms_desktop.servers.connection import BoundedProtocol
from sms_desktop.servers.sandbox import answers
from sms_desktop.servers.sandbox.answers import Answer, Format
from sms_desktop.servers.sandbox.clock import Clock
from sms_desktop.servers.sandbox.conduct import Conduct
from sms_desktop.servers.sandbox.desk import Call, Desk, Handling
from sms_desktop.servers.sandbox.parameters import NotReadable, read_parameters
from sms_desktop.servers.sandbox.trace import Trace

_RESET = "sms_desktop.reset"
_CONNECTIONS = "sms_desktop.connections"
PRIVATE = "sms_desktop.private"
"""In a scope's extensions: True if the request came over a Unix socket."""
_TRICKLE_STEPS = 40


@dataclass(frozen=True, slots=True)
class Sending:
    """One address: takes a message, answers in its format, and hands on what was accepted."""

    form: Format
    desk: Desk
    clock: Clock
    trace: Trace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            parameters = await self._parameters(request)
        except NotReadable as error:
            await give(answers.problem(error.status, error.sentence, self.form), send)
            return
        authorization = request.headers.get("authorization")
        if self.form == "kpn" and not self.desk.tokens.admit(authorization):
            await give(answers.problem(401, "Access token is missing, wrong or over.", self.form), send)
            return
        came = self.clock.now()
        handling = self.desk.look_at(
            Call(
                parameters,
                "kpn" if self.form == "kpn" else "nexmo",
                authorization,
                scope["extensions"].get(_CONNECTIONS, 1),
                request.headers.get("inbound", "").lower() == "yes",
            ),
            came=came,
        )
        self.trace.note(handling.number, 0.0, "request", path=scope["path"], parameters=parameters)
        await self._carry_out(handling, scope, receive, send)

    async def _parameters(self, request: Request) -> dict[str, str]:
        if self.form == "kpn" and request.method != "POST":
            raise NotReadable(HTTPStatus.METHOD_NOT_ALLOWED, "Use POST.")
        if request.method not in ("POST", "GET"):
            raise NotReadable(HTTPStatus.METHOD_NOT_ALLOWED, "Use POST or GET.")
        return await read_parameters(request)

    async def _carry_out(self, handling: Handling, scope: Scope, receive: Receive, send: Send) -> None:
        conduct = handling.conduct
        if conduct.connection != "reset_before":
            await self.desk.hand_on(handling)
        if conduct.delay:
            await asyncio.sleep(self.clock.real_seconds(conduct.delay))
        if conduct.connection != "kept":
            self.trace.note(handling.number, 0.0, "answer", connection=conduct.connection)
            await _break_connection(scope, receive)
            return
        answer = self._spoiled(answers.messages(handling.answers, self.form), conduct)
        if conduct.http != 200:
            self.trace.note(handling.number, 0.0, "answer", http=conduct.http)
        else:
            self.trace.note(
                handling.number, 0.0, "answer", http=200, body=conduct.body, parts=handling.answers
            )
        await give(answer, send, seconds=self.clock.real_seconds(conduct.trickle))

    def _spoiled(self, answer: Answer, conduct: Conduct) -> Answer:
        if conduct.http != 200:
            answer = answers.problem(conduct.http, "This is a rehearsal of an error.", self.form)
        match conduct.body:
            case "malformed":
                return answers.malformed(answer)
            case "empty":
                return answers.empty(answer)
            case "normal":
                return answer


async def give(answer: Answer, send: Send, *, seconds: float = 0.0) -> None:
    """Send an answer, its body spread over so many seconds."""
    body = answer.body
    headers = [
        (b"content-type", answer.content_type.encode()),
        (b"content-length", b"%d" % len(body)),
        *((name.encode(), value.encode()) for name, value in answer.headers),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if seconds and body:
        size = max(1, len(body) // _TRICKLE_STEPS)
        pieces = [body[start : start + size] for start in range(0, len(body), size)]
        for piece in pieces[:-1]:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(seconds / len(pieces))
        body = pieces[-1]
    await send({"type": "http.response.body", "body": body})


class SandboxProtocol(BoundedProtocol):
    """Lets the application break a connection without an answer, and tells it how many there are."""

    def on_message_begin(self) -> None:
        """Begin a request, with what the application may know and do in its scope."""
        super().on_message_begin()
        scope = cast("Scope", self.scope)
        scope["extensions"] = {
            _RESET: self._reset,
            _CONNECTIONS: len(self.connections),
            PRIVATE: self._socket().family == getattr(socket, "AF_UNIX", None),
        }

    def _socket(self) -> Any:
        return self.transport.get_extra_info("socket")

    def _reset(self) -> None:
        # Lingering for no time makes closing a reset (socket(7), SO_LINGER).
        self._socket().setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


async def _break_connection(scope: Scope, receive: Receive) -> None:
    scope["extensions"][_RESET]()
    while (await receive())["type"] != "http.disconnect":
        continue
