from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import Receive, Scope, Send

from sms_desktop.servers.lifecycle import listen
from sms_desktop.servers.relay.sending import Outstanding, PieceByPiece, TakenProtocol

PATIENCE = 10.0
OCTETS = 16 * 1024 * 1024


@contextmanager
def serving(*, stalled: float, longest: float) -> Iterator[tuple[tuple[str, int], Outstanding]]:
    outstanding = Outstanding(most=OCTETS)

    class Protocol(TakenProtocol):
        stalled_seconds = stalled
        longest_seconds = longest

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PieceByPiece(bytes(OCTETS), outstanding, headers={})(scope, receive, send)

    bound = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        app, http=Protocol, ws="none", loop="asyncio", lifespan="off", log_config=None,
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([bound],))
    thread.start()
    try:
        yield bound.getsockname()[:2], outstanding
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def asking(place: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.settimeout(PATIENCE)
        reader.connect(place)
        reader.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        yield reader


def until(outstanding: Outstanding, *, some: bool) -> None:
    deadline = time.monotonic() + PATIENCE
    while (outstanding.octets > 0) != some:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def taken_to_the_end(reader: socket.socket, *, pause: float) -> int:
    """How many octets came until the connection was ended."""
    taken = 0
    try:
        while piece := reader.recv(65536):
            taken += len(piece)
            time.sleep(pause)
    except ConnectionResetError:
        return taken
    return taken


def test_a_page_that_is_taken_arrives_whole() -> None:
    with serving(stalled=PATIENCE, longest=PATIENCE) as (place, outstanding):
        connection = http.client.HTTPConnection(*place, timeout=PATIENCE)
        for _ in range(2):
            connection.request("GET", "/")
            assert len(connection.getresponse().read()) == OCTETS
        until(outstanding, some=False)
        connection.close()


def test_a_page_that_nobody_takes_is_given_up_and_its_room_is_free() -> None:
    with serving(stalled=0.3, longest=PATIENCE) as (place, outstanding), asking(place) as reader:
        until(outstanding, some=True)
        assert not outstanding.has_room()
        until(outstanding, some=False)
        assert outstanding.has_room()
        assert taken_to_the_end(reader, pause=0) < OCTETS


def test_one_that_takes_a_little_is_given_time_but_not_for_ever() -> None:
    with serving(stalled=0.1, longest=0.6) as (place, outstanding), asking(place) as reader:
        assert 0 < taken_to_the_end(reader, pause=0.002) < OCTETS
        until(outstanding, some=False)
