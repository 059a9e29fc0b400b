from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from sms_desktop.servers.connection import BoundedProtocol
from sms_desktop.servers.lifecycle import listen

DEADLINE = 0.2
PATIENCE = 10.0


class Impatient(BoundedProtocol):
    request_seconds = DEADLINE
    most_connections = 5


async def answer_whole_requests(_scope: Scope, receive: Receive, send: Send) -> None:
    while (message := await receive()).get("more_body"):
        assert message["type"] == "http.request"
    if message["type"] == "http.request":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    bound = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        answer_whole_requests,
        http=Impatient,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([bound],))
    thread.start()
    try:
        yield bound.getsockname()[:2]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[str, int]]:
    with serving() as place:
        yield place


def is_closed(connection: socket.socket) -> bool:
    """Wait for the other side to close."""
    connection.settimeout(PATIENCE)
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


REQUEST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=1"


@pytest.mark.parametrize("sent", [b"", b"POST", REQUEST[:-20], REQUEST[:-1], b"\r\n"])
def test_a_request_that_does_not_end_in_time_ends_with_its_connection(
    place: tuple[str, int], sent: bytes
) -> None:
    with socket.create_connection(place) as connection:
        connection.sendall(sent)
        began = time.monotonic()
        assert is_closed(connection)
        assert DEADLINE / 2 < time.monotonic() - began < PATIENCE / 2


def test_an_octet_now_and_then_does_not_put_the_deadline_off(place: tuple[str, int]) -> None:
    began = time.monotonic()
    with socket.create_connection(place) as connection:
        connection.settimeout(DEADLINE / 10)
        closed = False
        for octet in REQUEST:
            try:
                connection.sendall(bytes([octet]))
                closed = connection.recv(1) == b""
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                closed = True
            if closed:
                break
        assert closed
        assert time.monotonic() - began < PATIENCE / 2


def test_the_deadline_is_for_a_request_not_for_the_connection(place: tuple[str, int]) -> None:
    with socket.create_connection(place) as connection:
        connection.settimeout(PATIENCE)
        until = time.monotonic() + 2.5 * DEADLINE
        while time.monotonic() < until:
            connection.sendall(REQUEST[:-1])
            connection.sendall(REQUEST[-1:])
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_kept_connection_begins_a_new_deadline_with_its_next_octet(place: tuple[str, int]) -> None:
    with socket.create_connection(place) as connection:
        connection.settimeout(PATIENCE)
        connection.sendall(REQUEST)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        connection.sendall(b"\r\n")
        assert is_closed(connection)


def test_a_head_without_an_end_is_refused(place: tuple[str, int]) -> None:
    with socket.create_connection(place) as connection:
        connection.settimeout(PATIENCE)
        connection.sendall(b"GET / HTTP/1.1\r\n")
        answer = b""
        try:
            for i in range(10_000):
                connection.sendall(b"X-%d: " % i + b"y" * 1000 + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            return
        answer = connection.recv(1000)
        assert answer.startswith(b"HTTP/1.1 431")


def test_one_connection_too_many_is_told_when_to_come_again(place: tuple[str, int]) -> None:
    held = [socket.create_connection(place) for _ in range(Impatient.most_connections)]
    try:
        for connection in held:
            connection.settimeout(PATIENCE)
            connection.sendall(REQUEST)
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        with socket.create_connection(place) as connection:
            connection.settimeout(PATIENCE)
            connection.sendall(REQUEST)
            answer = connection.recv(1000)
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"retry-after: 5" in answer
        assert b"connection: close" in answer
        held[0].sendall(REQUEST)
        assert held[0].recv(1000).startswith(b"HTTP/1.1 200")
    finally:
        for connection in held:
            connection.close()
