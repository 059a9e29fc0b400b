"""Whatever octets come to the relay's doors, it answers within HTTP, never 5xx but 503, and goes on."""

from __future__ import annotations

import re
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sms_desktop.relay.events import Cursor
from tests.servers.relay.running import PATIENCE, RunningRelay, Stream, ask, connect

_OCTETS = st.binary(max_size=200)
_PIECES = st.sampled_from(
    [
        b"messageId=1",
        b"&",
        b"=",
        b";",
        b"%",
        b"%00",
        b"%ff",
        b"+",
        b"{",
        b"}",
        b'"',
        b"[",
        b":",
        b"status",
        b"\\u",
        b"text=\xf0\x9f\x98\x80",
        b"sig=x",
        b"\x00",
        b"\xff",
        b"null",
        b"1e999",
        b"concat-ref=1",
        b"relay-check=",
    ]
)
_BODY = st.one_of(_OCTETS, st.lists(_PIECES, max_size=30).map(b"".join))
_QUERY = _BODY.map(lambda octets: re.sub(rb"[\x00-\x20\x7f#]", b"", octets))
_TYPE = st.sampled_from(
    [
        b"application/json",
        b"application/x-www-form-urlencoded",
        b"text/plain",
        b"",
        b"multipart/form-data",
        b"\xff/x",
    ]
)
_HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture(scope="module")
def door(relay: RunningRelay) -> Stream:
    return relay.stream()


def answered(stream: Stream, request: bytes) -> int | None:
    """The status of the answer, None if the connection was just closed."""
    with connect(stream.url) as connection:
        connection.settimeout(PATIENCE)
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(65536)
        except ConnectionError:
            return None
    found = re.match(rb"HTTP/1.1 (\d{3}) ", answer)
    assert found is not None or not answer, answer
    return None if found is None else int(found[1])


@given(
    method=st.sampled_from([b"GET", b"POST", b"PUT", b"HEAD"]),
    door_name=st.sampled_from([b"", b"/d", b"/m", b"/x", b"//", b"/d/"]),
    query=_QUERY,
    content_type=_TYPE,
    body=_BODY,
)
@settings(max_examples=150, suppress_health_check=_HEALTH)
def test_any_webhook_is_answered(
    door: Stream, method: bytes, door_name: bytes, query: bytes, content_type: bytes, body: bytes
) -> None:
    head = b"%s /h/%s%s?%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" % (
        method, door.ingest_token.encode(), door_name, query,
    )  # fmt: skip
    request = head + b"Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (content_type, len(body), body)
    status = answered(door, request)
    assert status is None or status < 500 or status == 503


@given(request=st.one_of(_OCTETS, _OCTETS.map(lambda octets: b"GET /h/" + octets + b" HTTP/1.1\r\n\r\n")))
@settings(max_examples=60, suppress_health_check=_HEALTH)
def test_any_octets_are_survived(door: Stream, request: bytes) -> None:
    status = answered(door, request + b"\r\n\r\n")
    assert status is None or status < 500 or status == 503


@given(
    epoch=st.one_of(st.just(""), st.text("0123456789abcdef", min_size=16, max_size=16)),
    seq=st.integers(-5, 2**64),
    tail=st.sampled_from(["", " ", "x", ".1", "\u0661"]),
)
@settings(max_examples=80, suppress_health_check=_HEALTH)
def test_any_cursor_is_answered(door: Stream, epoch: str, seq: int, tail: str) -> None:
    own = door.read().json["epoch"]
    cursor = f"1.{epoch or own}.{seq}{tail}"
    answer = door.read(after=cursor)
    assert answer.status in {200, 400, 409}
    if answer.status != 400:
        Cursor.parse(cursor)


def test_it_goes_on(door: Stream) -> None:
    assert ask(door.url, "GET", "/readyz").status == 200
    assert door.post("d", {"messageId": "after-all", "status": "delivered"}).status == 200
