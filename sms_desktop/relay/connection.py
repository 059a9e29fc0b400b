"""An HTTP connection whose requests end at once when another thread says so. Called by relay.client.

Closing a client does not wake a blocked read, shutting its socket down does; and a name look-up can't be
interrupted at all. So each request runs in a thread of its own, which is left behind if it is stuck.
"""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx


CONNECT_SECONDS = 5.0
"""So long a server may take to accept a connection; the look-up of its name comes on top."""
_LEAVING_SECONDS = 0.2
_STEPS = frozenset({"connect_tcp.complete", "start_tls.started", "start_tls.complete", "start_tls.failed"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `headers` finds names in any case; a `body` too long is cut a little later."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class CutError(Exception):
    """The request was ended by `Connection.cut`."""


class OverdueError(Exception):
    """The answer was not complete in time."""


class Connection:
    """Asks one server, one request after another. Belongs to one thread, but for `cut`."""

    def __init__(self, client: httpx.Client, *, max_octets: int) -> None:
        self._client = client
        self._max_octets = max_octets
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._spare: socket.socket | None = None
        self._cut = threading.Event()
        self._request: _Request | None = None

    def get(self, url: str, parameters: Mapping[str, str], *, read_seconds: float, seconds: float) -> Answer:
        """Ask and read the answer, within `seconds` for all of it and `read_seconds` between two octets.

        Raises CutError, OverdueError, or what httpx raises. After OverdueError the connection is of no more
        use.
        """
        request = _Request(self._client, url, parameters, read_seconds, self._max_octets, self._trace)
        with self._lock:
            if self._cut.is_set():
                raise CutError
            self._request = request
        request.start()
        in_time = request.ended.wait(seconds)
        if self._cut.is_set():
            raise CutError
        if not in_time:
            self.cut()
            raise OverdueError
        if request.error is not None:
            raise request.error
        assert request.answer is not None
        return request.answer

    def cut(self) -> None:
        """End the request under way, at once, and let no other begin. Any thread may call this."""
        with self._lock:
            self._cut.set()
            for handle in (self._socket, self._spare):
                _shut(handle)
            if self._request is not None:
                self._request.ended.set()

    def close(self) -> None:
        """Close the connection; a thread that is stuck closes it when it comes free."""
        self.cut()
        if self._request is None or self._request.has_left():
            self._client.close()

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        """Keep the socket at hand; httpcore calls this at each step."""
        step = event.partition(".")[2]
        if step not in _STEPS:
            return
        with self._lock:
            if step == "start_tls.started":
                # The handshake takes the socket away from its object: a second handle reaches it meanwhile.
                self._spare = self._socket.dup() if self._socket is not None else None
            else:
                if step.endswith(".complete"):
                    self._socket = info["return_value"].get_extra_info("socket")
                if self._spare is not None:
                    self._spare.close()
                    self._spare = None
            if self._cut.is_set():
                for handle in (self._socket, self._spare):
                    _shut(handle)


class _Request(threading.Thread):
    """One request. `answer` or `error` is there once `ended` is set, unless the connection was cut."""

    def __init__(
        self,
        client: httpx.Client,
        url: str,
        parameters: Mapping[str, str],
        read_seconds: float,
        max_octets: int,
        trace: Any,
    ) -> None:
        super().__init__(name="relay request", daemon=True)
        self._client = client
        self._url = url
        self._parameters = parameters
        self._read_seconds = read_seconds
        self._max_octets = max_octets
        self._trace = trace
        self.ended = threading.Event()
        self.answer: Answer | None = None
        self.error: Exception | None = None
        self._lock = threading.Lock()
        self._works = True
        self._is_left_behind = False

    def has_left(self) -> bool:
        """Wait a little for the thread to leave the client; one that is stuck closes the client itself."""
        self.join(_LEAVING_SECONDS)
        with self._lock:
            self._is_left_behind = self._works
            return not self._works

    def run(self) -> None:
        """Ask, read, and say that it ended."""
        import httpx

        timeout = httpx.Timeout(self._read_seconds, connect=CONNECT_SECONDS)
        extensions = {"trace": self._trace}
        try:
            with self._client.stream(
                "GET", self._url, params=self._parameters, timeout=timeout, extensions=extensions
            ) as response:
                body = _read(response, self._max_octets)
                self.answer = Answer(response.status_code, response.headers, body)
        except Exception as error:  # noqa: BLE001 -- it is raised again in the thread that asked
            self.error = error
        finally:
            with self._lock:
                self._works = False
            self.ended.set()
            if self._is_left_behind:
                self._client.close()


def _read(response: httpx.Response, max_octets: int) -> bytes:
    """The body as it came; one that was compressed unasked is as good as none."""
    if response.headers.get("content-encoding", "identity") != "identity":
        return b""
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > max_octets:
            break
    return bytes(body)


def _shut(handle: socket.socket | None) -> None:
    if handle is None:
        return
    try:
        # Not SSLSocket.shutdown, which takes the TLS state away from under the thread that reads.
        socket.socket.shutdown(handle, socket.SHUT_RDWR)
    except OSError:
        return  # It is closed already.
