"""How our servers begin and end: settings over a pipe, a listening socket, one ready line, an orderly stop.

Called by the serve modules of the relay and of the sandbox gateway.
"""

from __future__ import annotations

import asyncio
import errno
import json
import os
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TypeVar

import msgspec
import uvicorn
from starlette.types import ASGIApp

from sms_desktop.gateway.unix_sockets import short_path
from sms_desktop.messages.errors import Mendable

_STDIN = 0
_LONGEST_LINE = 64 * 1024
_GRACEFUL_SECONDS = 1
"""What requests under way may still take once the server stops."""

_Settings = TypeVar("_Settings", bound=msgspec.Struct)


def read_supervised(kind: type[_Settings]) -> _Settings:
    """Read the one line of JSON that a supervising process writes to our standard input, as a `kind`.

    The pipe is read without buffering, so that `serve` sees its end. Raises Mendable, without any value in
    its text.
    """
    line = bytearray()
    while not line.endswith(b"\n"):
        octet = os.read(_STDIN, 1)
        if not octet or len(line) > _LONGEST_LINE:
            raise Mendable(
                "Standard input: expected one line of JSON with the server's settings.", field="stdin"
            )
        line += octet
    try:
        return msgspec.json.decode(bytes(line), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # msgspec names the place and the types, never a value.
        raise Mendable(
            f"Standard input: the server's settings can't be read. {error}", field="stdin"
        ) from None


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket on `host` and `port` (0 for any free one).

    Raises Mendable when the port is taken or not allowed, or when the address is not one of this computer's.
    """
    if not 0 <= port <= 65535:
        raise Mendable(f"port: {port} is not a port. Use 1 to 65535, or 0 for any free one.", field="port")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise Mendable(f"host: {host!r} is not an address to listen on.", field="host") from None
    bound = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere the option would let two servers share a port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(2048)
    except OSError as error:
        bound.close()
        raise _refusal(host, port, error) from error
    return bound


def _refusal(host: str, port: int, error: OSError) -> Mendable:
    if error.errno == errno.EADDRINUSE:
        return Mendable(
            f"port: {port} on {host} is taken by another program. Use another, or 0 for any free one.",
            field="port",
        )
    if isinstance(error, PermissionError):
        return Mendable(f"port: this user may not listen on port {port}. Use 1024 or more.", field="port")
    return Mendable(f"host: {host!r} is not an address of this computer.", field="host")


def listen_privately(path: Path) -> socket.socket | None:
    """A listening Unix socket at `path` that only this user may open; None where the system has none.

    What an earlier run left there is removed. Raises Mendable.
    """
    if not hasattr(socket, "AF_UNIX"):
        return None
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        path.unlink(missing_ok=True)
        with short_path(path) as reachable:
            bound.bind(reachable)
        bound.listen(64)
    except OSError as error:
        bound.close()
        raise Mendable(f"The socket {path} can't be opened: {error.strerror or error}.") from error
    finally:
        os.umask(mask)
    return bound


def url_of(bound: socket.socket, *, scheme: str = "http") -> str:
    """The address at which a listening socket is reached, without a trailing slash."""
    host, port = bound.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def print_ready(url: str, **more: str) -> None:
    """Print the line that says that connections are accepted: all that a server writes to standard output."""
    line = json.dumps({"ready": True, "url": url, "pid": os.getpid(), **more})
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


def serve(
    app: ASGIApp,
    *,
    bound: socket.socket,
    on_ready: Callable[[str], None],
    on_stopping: Callable[[], None] = lambda: None,
    until_stdin_ends: bool = False,
    http: type[asyncio.Protocol] | str = "httptools",
    keep_alive_seconds: int = 15,
    most_connections: int = 1000,
    also: Sequence[socket.socket] = (),
    tls: ssl.SSLContext | None = None,
) -> None:
    """Run `app` on `bound` until SIGTERM, SIGINT or, with `until_stdin_ends`, the end of standard input.

    `on_ready` gets the address once connections are accepted. `on_stopping` runs when the stop begins, before
    requests under way are waited for (one second at most, then they are cancelled): it wakes those that wait.
    Then the application's lifespan ends, and this returns. Connections beyond `most_connections` get a 503.
    `also` are further listening sockets; with `tls` all speak it.
    """
    config = uvicorn.Config(
        app,
        http=http,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,  # it holds query strings, and a secret may stand in one
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=keep_alive_seconds,
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
        limit_concurrency=most_connections,
    )
    if tls is not None:
        config.load()
        config.ssl = tls
    scheme = "https" if tls else "http"
    server = _Server(config, on_ready=lambda: on_ready(url_of(bound, scheme=scheme)), on_stopping=on_stopping)
    if until_stdin_ends:
        threading.Thread(
            target=server.stop_when_stdin_ends, name="end of standard input", daemon=True
        ).start()
    server.run(sockets=[bound, *also])


class _Server(uvicorn.Server):
    """uvicorn's server, with a call when it is ready and one when it stops, that returns after a signal."""

    def __init__(
        self, config: uvicorn.Config, *, on_ready: Callable[[], None], on_stopping: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_stopping = on_stopping

    def stop_when_stdin_ends(self) -> None:
        # The supervisor writes nothing more; the pipe closes when it stops us, and also when it dies.
        try:
            while os.read(_STDIN, 4096):
                continue
        except OSError:
            pass  # closed by whoever started us: the same as its end
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stopping()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # uvicorn would raise the signal again after its orderly end; ours ends with exit status 0.
        self.force_exit = self.should_exit
        self.should_exit = True
