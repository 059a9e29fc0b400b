"""Gateways that misbehave: TCP servers whose behaviour is a function of the connection."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sms_desktop.gateway.auth import SecretInBody
from sms_desktop.gateway.request import GatewayRequest, build
from sms_desktop.messages.message import Text
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider

SECRET = "canary-5f0c&=ä"
TOKEN = "abcdefghijklmnopqrstuv"
PATIENCE = 10.0

Script = Callable[["Peer", socket.socket], None]


@dataclass
class Peer:
    """A server on loopback; `requests` holds what came, `over` is set when it shall end."""

    url: str
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)

    def read_request(self, connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = connection.recv(65536)
            if not chunk:
                return data
            data += chunk
        head, _, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        while length is not None and len(body) < int(length[1]):
            body += connection.recv(65536)
        self.requests.append(head + b"\r\n\r\n" + body)
        self.arrived.set()
        return body


@contextmanager
def peer(
    script: Script, *, wrap: Callable[[socket.socket], socket.socket] = lambda plain: plain
) -> Iterator[Peer]:
    """Serve every connection with `script`; all threads have ended when this returns."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.01)
    served = Peer(f"http://127.0.0.1:{listener.getsockname()[1]}")
    threads: list[threading.Thread] = []

    def one(plain: socket.socket) -> None:
        plain.settimeout(PATIENCE)
        with suppress(OSError):
            connection = wrap(plain)
            with connection:
                script(served, connection)
        plain.close()

    def accept() -> None:
        while not served.over.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            served.connections += 1
            threads.append(threading.Thread(target=one, args=(connection,)))
            threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield served
    finally:
        served.over.set()
        accepting.join(PATIENCE)
        listener.close()
        for thread in threads:
            thread.join(PATIENCE)


def reset(connection: socket.socket) -> None:
    """Close so that the other side sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def http(status: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """A whole answer."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body) if length is None else length}",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


def answering(data: bytes) -> Script:
    """Read the request, answer with these octets, close."""

    def script(served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.sendall(data)

    return script


def silent(served: Peer, connection: socket.socket) -> None:
    """Read the request and say nothing."""
    served.read_request(connection)
    served.over.wait(PATIENCE)


def request_to(url: str, text: str = "Déjà vu") -> GatewayRequest:
    return build(
        Text(text),
        sender="Sandbox",
        to="31612345678",
        options=Options(callback=f"http://127.0.0.1:1/h/{TOKEN}/d", client_ref="01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        provider=Provider.SANDBOX,
        base_url=url,
        auth=SecretInBody("sandbox1", SECRET),
    )
