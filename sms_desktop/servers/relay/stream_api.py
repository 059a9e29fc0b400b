"""The readers' other doors: streams and who reads them, one event raw, erasure, health. Mounted by app."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sms_desktop.messages.errors import Mendable
from sms_desktop.relay.events import Cursor, WireError, rfc3339
from sms_desktop.servers.relay.erasure import erasable_number
from sms_desktop.servers.relay.log import Acknowledgement, EventLog, RawEvent, StoreFailing, StreamReport
from sms_desktop.servers.relay.problems import problem, unavailable
from sms_desktop.servers.relay.reader_access import ReaderAccess
from sms_desktop.servers.relay.reader_query import RefusedError, check_position
from sms_desktop.servers.relay.writer import GroupWriter

_READY_SECONDS = 1.0
_MAX_BODY_OCTETS = 4096
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = 2**63 - 1

_Result = TypeVar("_Result")
_Body = TypeVar("_Body")
_Door = Callable[["StreamApi", Request], Awaitable[Response]]


class _Erasure(msgspec.Struct, forbid_unknown_fields=True):
    number: str


class _Position(msgspec.Struct, forbid_unknown_fields=True):
    stream: str
    after: str


def _refusing(door: _Door) -> _Door:
    async def answer(self: StreamApi, request: Request) -> Response:
        try:
            return await door(self, request)
        except RefusedError as refusal:
            return refusal.response
        except StoreFailing:
            return unavailable()

    answer.__doc__ = door.__doc__
    return answer


class StreamApi:
    """Answers readers, on an event loop; the log is read in threads."""

    def __init__(
        self, *, log: EventLog, access: ReaderAccess, writer: GroupWriter, threads: Executor
    ) -> None:
        self._log = log
        self._access = access
        self._writer = writer
        self._threads = threads

    @_refusing
    async def streams(self, request: Request) -> Response:
        """The streams that the token opens."""
        grant = await self._access.grant(request)
        reports = await self._off_loop(lambda: self._log.reports(sorted(grant.streams.values())))
        return _json({"streams": [_stream(report) for report in reports]})

    @_refusing
    async def raw(self, request: Request) -> Response:
        """One event as it came over the wire."""
        grant = await self._access.grant(request)
        stream_id = self._access.stream_id(grant, request.path_params["stream"])
        number: str = request.path_params["seq"]
        event = None
        if number.isascii() and number.isdigit() and len(number) < 20 and int(number) <= _LARGEST:
            event = await self._off_loop(lambda: self._log.raw(stream_id, int(number)))
        if event is None:
            return problem(404, "not-found", "The stream holds no event of this number.")
        return _json(_raw(event))

    @_refusing
    async def erase(self, request: Request) -> Response:
        """Blank all that holds a phone number."""
        grant = await self._access.grant(request)
        stream_id = self._access.stream_id(grant, request.path_params["stream"])
        self._access.check_admin(grant)
        asked = await _read(request, _Erasure)
        try:
            number = erasable_number(asked.number)
        except Mendable as error:
            return problem(400, "bad-request", error.message)
        erased = await self._off_loop(lambda: self._log.erase(stream_id, number))
        return _json({"erased": erased})

    @_refusing
    async def acknowledge(self, request: Request) -> Response:
        """All up to a cursor is stored: what a reader says that stops, and so does not ask again."""
        grant = await self._access.grant(request)
        asked = await _read(request, _Position)
        stream_id = self._access.stream_id(grant, asked.stream)
        try:
            cursor = Cursor.parse(asked.after)
        except WireError as error:
            return problem(400, "bad-request", f"after: {error}.")
        check_position(cursor, await self._off_loop(lambda: self._log.state(stream_id)))
        self._writer.note(
            Acknowledgement(stream_id, grant.consumer, grant.token_id, cursor.seq, time.time_ns() // 1000)
        )
        return Response(status_code=204)

    async def healthz(self, request: Request) -> Response:
        """The process answers."""
        return _json({"alive": True})

    async def readyz(self, request: Request) -> Response:
        """Webhooks can be stored: a durable write succeeded just now, and there is room for more."""
        try:
            await self._writer.prove(within=_READY_SECONDS)
        except StoreFailing:
            return _json({"ready": False}, status=503)
        return _json({"ready": True})

    async def _off_loop(self, question: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, question)


def _stream(report: StreamReport) -> dict[str, object]:
    return {
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
                "lag": max(report.state.head - consumer.acked, 0),
                "last_seen": _time(consumer.last_seen_us),
            }
            for consumer in report.consumers
        ],
    }


def _raw(event: RawEvent) -> dict[str, object]:
    return {
        "seq": event.seq,
        "id": event.key.hex(),
        "kind": event.kind,
        "received_at": _time(event.received_us),
        "signature": event.signature,
        "flags": event.flags.split(),
        "method": event.method,
        "query": event.query.decode("latin-1"),
        "content_type": event.content_type,
        "headers": msgspec.json.decode(event.headers, type=dict[str, str]),
        "body": base64.b64encode(event.body).decode("ascii"),
        "peer": event.peer,
    }


def _time(us: int) -> str:
    return rfc3339(_EPOCH_START + timedelta(microseconds=us))


async def _read(request: Request, kind: type[_Body]) -> _Body:
    """The request's body, a small JSON object. Raises RefusedError."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MAX_BODY_OCTETS:
            raise RefusedError(problem(413, "bad-request", f"Send at most {_MAX_BODY_OCTETS} octets."))
    try:
        return msgspec.json.decode(bytes(body), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise RefusedError(
            problem(400, "bad-request", "The body is not the JSON object that is expected here.")
        ) from None


def _json(value: object, *, status: int = 200) -> Response:
    return Response(
        msgspec.json.encode(value),
        status,
        headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )
