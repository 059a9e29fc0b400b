from __future__ import annotations

import json
import socket
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.servers.relay.running import JSON, RunningRelay, Stream, ask, connect

RECEIPT = {"messageId": "0B00000127FDBC63", "msisdn": "447547232824", "status": "delivered", "to": "Vonage"}


def kept(relay: RunningRelay, stream: Stream, seq: int) -> dict[str, Any]:
    """What the log holds of an event beyond what readers get."""
    with closing(apsw.Connection(str(relay.path))) as log:
        cursor = log.execute(
            "SELECT event.* FROM event JOIN stream ON stream.id = stream_id WHERE name = ? AND seq = ?",
            (stream.name, seq),
        )
        row = cursor.fetchone()
        return dict(zip((column[0] for column in cursor.get_description()), row or (), strict=True))


def test_a_receipt_is_there_when_its_200_is(stream: Stream) -> None:
    answer = stream.post("d", RECEIPT)
    assert (answer.status, answer.body) == (200, b"")
    (event,) = stream.events()
    assert event["payload"] == RECEIPT
    assert (event["seq"], event["kind"], event["stream"]) == (1, "receipt", stream.name)
    assert (event["signature"], event["duplicates"]) == ("unconfigured", 0)


@pytest.mark.parametrize("way", ["get", "form", "json"])
def test_query_form_and_json_are_taken_at_every_door(stream: Stream, way: str) -> None:
    for door, kind in [("d", "receipt"), ("m", "inbound"), ("", "receipt")]:
        sent = RECEIPT | {"messageId": f"at {door}"}
        match way:
            case "get":
                answer = stream.get(door, urlencode(sent))
            case "form":
                answer = stream.post(door, sent)
            case _:
                answer = stream.post(door, json.dumps(sent).encode(), JSON)
        assert answer.status == 200
        event = stream.events()[-1]
        assert (event["kind"], event["payload"]) == (kind, sent)


def test_what_came_is_kept_as_it_came(relay: RunningRelay, stream: Stream) -> None:
    body = json.dumps(RECEIPT | {"status": "failed"}).encode()
    path = stream.path("d") + "?status=delivered"
    assert (
        ask(
            relay.url, "POST", path, body, JSON | {"User-Agent": "gateway/1", "Authorization": "canary"}
        ).status
        == 200
    )
    row = kept(relay, stream, 1)
    assert (row["method"], row["query"], row["body"]) == ("POST", b"status=delivered", body)
    assert (row["content_type"], row["peer"], row["flags"]) == ("application/json", "127.0.0.1", "conflict")
    assert json.loads(row["headers"]) == {"user-agent": "gateway/1"}
    assert stream.events()[0]["payload"]["status"] == "failed"


def test_a_repetition_gets_200_and_is_counted(stream: Stream) -> None:
    for stamp in ("12:00:00", "12:00:05", "12:00:15"):
        assert stream.post("d", RECEIPT | {"message-timestamp": stamp}).status == 200
    assert stream.post("d", RECEIPT | {"status": "accepted"}).status == 200
    assert [(event["seq"], event["duplicates"]) for event in stream.events()] == [(1, 2), (2, 0)]


def test_a_request_without_parameters_is_a_check_and_no_event(stream: Stream) -> None:
    for door in ("d", "m", ""):
        assert stream.get(door).status == 200
        assert stream.post(door).status == 200
        assert stream.post(door, b"{}", JSON).status == 200
    assert stream.events() == []


def test_unreadable_webhooks_get_200_and_are_kept(stream: Stream) -> None:
    assert stream.post("d", b"{broken", JSON).status == 200
    assert stream.post("d", b"{broken", JSON).status == 200
    assert stream.post("m", b"\x00\x01\x02").status == 200
    first, second = stream.events()
    assert (first["kind"], first["duplicates"]) == ("unreadable", 1)
    assert first["payload"] == {
        "problem": "the body is not JSON", "content_type": "application/json", "query": "", "body": "{broken",
    }  # fmt: skip
    assert second["kind"] == "unreadable"


def test_unknown_tokens_and_paths_look_the_same(relay: RunningRelay, stream: Stream) -> None:
    token = stream.ingest_token
    wrong = ("A" if token[0] != "A" else "B") + token[1:]
    answers = [
        ask(relay.url, method, path, b"a=1" if method == "POST" else b"")
        for method in ("GET", "POST")
        for path in (
            f"/h/{wrong}/d",
            f"/h/{wrong}",
            f"/h/{token}/x",
            f"/h/{token}x/d",
            f"/h/{token}/d/",
            "/h/",
            "/h/x",
            "/zzz",
        )
    ]
    assert {(answer.status, answer.body) for answer in answers} == {(404, b"")}
    for answer in answers:
        answer.headers.pop("date")
    assert len({tuple(answer.headers.items()) for answer in answers}) == 1


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(relay: RunningRelay, stream: Stream, method: str) -> None:
    answer = ask(relay.url, method, stream.path("d"))
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")


def test_a_body_of_64_kib_is_taken_and_no_more(stream: Stream) -> None:
    fits = b"a=" + b"x" * 30_000 + b"&b=" + b"y" * 30_000 + b"&c=" + b"z" * (65536 - 60_008)
    assert len(fits) == 65536
    assert stream.post("m", fits).status == 200
    assert stream.events()[0]["kind"] == "inbound"
    for size in (65537, 500_000, 3_000_000):
        assert stream.post("m", b"a=" + b"x" * (size - 2)).status == 413
    assert len(stream.events()) == 1


def test_a_body_without_a_length_is_bounded_too(relay: RunningRelay, stream: Stream) -> None:
    with connect(relay.url) as connection:
        connection.sendall(
            f"POST {stream.path('m')} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        for _ in range(10):
            connection.sendall(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
        connection.sendall(b"0\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")
    with connect(relay.url) as connection:
        connection.sendall(
            f"POST {stream.path('m')} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            "5\r\na=1&b\r\n2\r\n=2\r\n0\r\n\r\n".encode()
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
    (event,) = stream.events()
    assert event["payload"] == {"a": "1", "b": "2"}


def test_a_query_of_8_kib_is_taken_and_no_more(stream: Stream) -> None:
    assert stream.get("m", "text=" + "x" * (8192 - 5)).status == 200
    assert stream.get("m", "text=" + "x" * (8192 - 4)).status == 414
    assert len(stream.events()) == 1


def test_headers_of_16_kib_are_taken_and_no_more(relay: RunningRelay, stream: Stream) -> None:
    assert ask(relay.url, "GET", stream.path("m") + "?a=1", headers={"X-Long": "x" * 15_000}).status == 200
    assert ask(relay.url, "GET", stream.path("m") + "?a=2", headers={"X-Long": "x" * 16_400}).status == 431
    assert len(stream.events()) == 1


def test_a_sender_that_leaves_before_its_end_leaves_nothing(relay: RunningRelay, stream: Stream) -> None:
    with connect(relay.url) as connection:
        connection.sendall(
            f"POST {stream.path('m')} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na=1".encode()
        )
    assert stream.post("m", {"a": "2"}).status == 200
    assert [event["payload"] for event in stream.events()] == [{"a": "2"}]


def test_webhooks_on_one_connection_are_answered_in_turn(relay: RunningRelay, stream: Stream) -> None:
    request = "GET {} HTTP/1.1\r\nHost: x\r\n\r\n"
    with connect(relay.url) as connection:
        connection.sendall("".join(request.format(f"{stream.path('m')}?n={i}") for i in range(20)).encode())
        answers = b""
        while answers.count(b"HTTP/1.1 200 OK") < 20:
            more = connection.recv(65536)
            assert more, answers
            answers += more
    assert [event["payload"]["n"] for event in stream.events()] == [str(i) for i in range(20)]


fuzz = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(
    body=st.binary(max_size=300) | st.text('a=&%+;{}[]":,\\u0é', max_size=80).map(str.encode),
    content_type=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "x/y", ""]),
    query=st.text("a=&%+;2F", max_size=30),
    door=st.sampled_from(["d", "m", ""]),
)
@fuzz
def test_nothing_that_a_stranger_sends_is_a_fault(
    relay: RunningRelay, stream: Stream, body: bytes, content_type: str, query: str, door: str
) -> None:
    path = stream.path(door) + (f"?{query}" if query else "")
    assert ask(relay.url, "POST", path, body, {"Content-Type": content_type}).status == 200


NO_HTTP = [
    b"GET * HTTP/1.1\r\n\r\n",
    b"CONNECT a:1 HTTP/1.1\r\n\r\n",
    b"GET \xff HTTP/1.1\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\n\r\n",
]


@given(octets=st.binary(min_size=1, max_size=80) | st.sampled_from(NO_HTTP))
@fuzz
def test_what_is_no_http_ends_the_connection_and_nothing_else(relay: RunningRelay, octets: bytes) -> None:
    with connect(relay.url) as connection:
        connection.sendall(octets)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while more := connection.recv(65536):
                answer += more
        except ConnectionResetError:
            return
    assert not answer.startswith(b"HTTP/1.1 5")
