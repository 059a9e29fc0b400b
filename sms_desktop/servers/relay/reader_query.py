"""What a reader asks for, read and checked: stream, position, limit, wait, kinds. Called by read_api."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from sms_desktop.relay.events import MAX_PAGE_EVENTS, MAX_WAIT_SECONDS, Cursor, WireError
from sms_desktop.servers.relay.ingest import MAX_QUERY_OCTETS
from sms_desktop.servers.relay.log import StreamState
from sms_desktop.servers.relay.problems import problem

_DEFAULT_LIMIT = 500
_DEFAULT_WAIT_SECONDS = 25.0
_WAIT = re.compile(r"[0-9]{1,2}(\.[0-9]{1,3})?")
_KINDS = re.compile(r"[a-z][a-z-]{0,31}(,[a-z][a-z-]{0,31}){0,15}")


class RefusedError(Exception):
    """A request is answered with a problem."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True)
class Query:
    """`after` is a cursor, `head`, or None for all from the oldest; `wait` is in seconds.

    A `peek` acknowledges nothing.
    """

    stream: str
    after: Cursor | str | None
    limit: int
    wait: float
    kinds: frozenset[str] | None
    peek: bool


def read_query(request: Request) -> Query:
    """Read the query of `/v1/events`; raises RefusedError."""
    if len(request.scope["query_string"]) > MAX_QUERY_OCTETS:
        raise _bad_request(f"The query is longer than {MAX_QUERY_OCTETS} octets.")
    asked = request.query_params
    if len(asked.multi_items()) > len(asked):
        # A proxy and the relay might take different ones for what was meant.
        raise _bad_request("The query names a parameter twice.")
    stream = asked.get("stream")
    if not stream:
        raise _bad_request("stream: name the stream to read.")
    limit = asked.get("limit", str(_DEFAULT_LIMIT))
    if not re.fullmatch("[0-9]{1,4}", limit) or not 1 <= int(limit) <= MAX_PAGE_EVENTS:
        raise _bad_request(f"limit: use a number from 1 to {MAX_PAGE_EVENTS}.")
    wait = asked.get("wait", str(_DEFAULT_WAIT_SECONDS))
    if not _WAIT.fullmatch(wait) or float(wait) > MAX_WAIT_SECONDS:
        raise _bad_request(f"wait: use seconds from 0 to {MAX_WAIT_SECONDS:g}.")
    kinds = asked.get("kinds")
    if kinds is not None and not _KINDS.fullmatch(kinds):
        raise _bad_request("kinds: name kinds of events, divided by commas.")
    peek = asked.get("peek", "0")
    if peek not in {"0", "1"}:
        raise _bad_request("peek: use 0 or 1.")
    return Query(
        stream,
        _read_after(asked.get("after", "0")),
        int(limit),
        float(wait),
        None if kinds is None else frozenset(kinds.split(",")),
        peek == "1",
    )


def _read_after(text: str) -> Cursor | str | None:
    if text in {"0", ""}:
        return None
    if text == "head":
        return text
    try:
        return Cursor.parse(text)
    except WireError as error:
        raise _bad_request(f"after: {error}; or 0, or head.") from None


def check_position(cursor: Cursor, state: StreamState) -> None:
    """Raise RefusedError for a cursor from which this log can't go on."""
    facts: dict[str, object] = {
        "stream": state.name,
        "epoch": state.epoch,
        "head": state.head,
        "oldest": state.oldest,
        "missed": None,
    }
    if cursor.epoch != state.epoch:
        detail = "The cursor is of an earlier life of this log: it was made anew or restored."
        raise RefusedError(problem(409, "stream-reset", detail, facts=facts))
    if cursor.seq > state.head:
        detail = "The cursor lies beyond the last event: the log went back in time."
        raise RefusedError(problem(409, "cursor-ahead", detail, facts=facts))
    missed = state.oldest - 1 - cursor.seq
    if missed > 0:
        detail = f"The next {missed} events were deleted before they were read."
        raise RefusedError(problem(410, "cursor-gone", detail, facts=facts | {"missed": missed}))


def _bad_request(detail: str) -> RefusedError:
    return RefusedError(problem(400, "bad-request", detail))
