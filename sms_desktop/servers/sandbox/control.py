"""The control API beneath /control: act as the phone, watch, rehearse. Put up by app.

Over a Unix socket everybody who can open it may ask; over TCP only who has the token, at a loopback name of
ours, and no page of a browser: there is no CORS, and a request with an Origin is refused.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from sms_desktop.gateway.sandbox_control import (
    MOST_OCTETS,
    AccountChanges,
    AdvanceCommand,
    ReceiptCommand,
    ReplyCommand,
)
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.transport import is_loopback
from sms_desktop.servers.sandbox.answers import JSON_TYPE, Answer
from sms_desktop.servers.sandbox.parameters import NotReadable, read_body
from sms_desktop.servers.sandbox.rehearsal import Rehearsal
from sms_desktop.servers.sandbox.script import read_document
from sms_desktop.servers.sandbox.sending import PRIVATE, give

_LONGEST_WAIT = 25.0

_Command = TypeVar("_Command")


class Control:
    """`token` None leaves the TCP side shut."""

    def __init__(self, rehearsal: Rehearsal, *, token: str | None) -> None:
        self._rehearsal = rehearsal
        self._token = token
        self._work: dict[tuple[str, str], Callable[[Request], Awaitable[object]]] = {
            ("GET", "/state"): self._state,
            ("GET", "/messages"): self._messages,
            ("GET", "/trace"): self._trace,
            ("POST", "/reply"): self._reply,
            ("POST", "/receipt"): self._receipt,
            ("POST", "/scenario"): self._scenario,
            ("POST", "/account"): self._account,
            ("POST", "/advance"): self._advance,
            ("POST", "/reset"): self._reset,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await give(await self._answer(Request(scope, receive)), send)

    async def _answer(self, request: Request) -> Answer:
        refused = self._refused(request)
        if refused is not None:
            return refused
        path = request.path_params["command"]
        work = self._work.get((request.method, f"/{path}"))
        if work is None:
            known = any(name == f"/{path}" for _, name in self._work)
            return _error(405, "Use the other method.") if known else _error(404, "No such command.")
        try:
            return Answer(200, msgspec.json.encode(await work(request)), JSON_TYPE)
        except Mendable as error:
            return _error(400, error.message, error.field)
        except NotReadable as error:
            return _error(error.status, error.sentence)
        except msgspec.DecodeError as error:
            return _error(400, f"The command can't be read. {error}")

    def _refused(self, request: Request) -> Answer | None:
        if request.scope["extensions"].get(PRIVATE):
            return None
        if self._token is None:
            return _error(404, "This sandbox is not controlled over TCP.")
        hosts = [host.rpartition(":")[0].strip("[]") for host in request.headers.getlist("host")]
        if len(hosts) != 1 or not is_loopback(hosts[0]) or "origin" in request.headers:
            return _error(403, "Ask at 127.0.0.1, and from no page of a browser.")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = token.strip().encode("utf-8", "replace")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given, self._token.encode()):
            return _error(401, "The control token is missing or wrong.")
        return None

    async def _state(self, _request: Request) -> object:
        return self._rehearsal.state()

    async def _messages(self, _request: Request) -> object:
        return self._rehearsal.carrier.recent()

    async def _trace(self, request: Request) -> object:
        after = request.query_params.get("after")
        if after is None:
            return self._rehearsal.trace.whole()
        try:
            place, wait = int(after), float(request.query_params.get("wait", "0"))
        except ValueError:
            raise Mendable("after and wait are numbers.", field="after") from None
        return await self._rehearsal.trace.since(max(place, 0), min(max(wait, 0.0), _LONGEST_WAIT))

    async def _reply(self, request: Request) -> object:
        return self._rehearsal.write(await _read(request, ReplyCommand))

    async def _receipt(self, request: Request) -> object:
        self._rehearsal.carrier.settle(await _read(request, ReceiptCommand))
        return {}

    async def _scenario(self, request: Request) -> object:
        document = await _read(request, object)
        self._rehearsal.play(None if document is None else read_document(document))
        return self._rehearsal.state()

    async def _account(self, request: Request) -> object:
        self._rehearsal.change(await _read(request, AccountChanges))
        return self._rehearsal.state()

    async def _advance(self, request: Request) -> object:
        await self._rehearsal.advance((await _read(request, AdvanceCommand)).seconds)
        return self._rehearsal.state()

    async def _reset(self, _request: Request) -> object:
        self._rehearsal.reset()
        return self._rehearsal.state()


async def _read(request: Request, kind: type[_Command]) -> _Command:
    return msgspec.json.decode(await read_body(request, most=MOST_OCTETS), type=kind)


def _error(status: int, sentence: str, field: str | None = None) -> Answer:
    document: dict[str, Any] = {"error": sentence, "field": field}
    return Answer(status, msgspec.json.encode(document), JSON_TYPE, (("connection", "close"),))
