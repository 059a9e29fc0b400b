"""One exchange over one connection, in a thread of its own, and what was seen of it. Used by client.

A look-up of a name can't be interrupted, but it can be left behind, and what is left behind is barred from
writing. Everything later is ended by shutting the socket down, which wakes a blocked read.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sms_desktop
from sms_desktop.gateway.evidence import MOST_OCTETS, Evidence, Failure, Phase
from sms_desktop.gateway.request import GatewayRequest

if TYPE_CHECKING:  # imported at first use
    import httpx

_WAKE_SECONDS = 2.0
"""What a thread may take to come back once its socket is shut down."""


class Run:
    """One exchange: a thread that goes through it, and what it has seen so far."""

    def __init__(
        self,
        request: GatewayRequest,
        token: str | None,
        *,
        open_transport: Callable[[str], httpx.HTTPTransport],
        timeouts: Mapping[str, float],
        limit_seconds: float,
        proxied: bool = False,
    ) -> None:
        self._request = request
        self._token = token
        self._open_transport = open_transport
        self._timeouts = timeouts
        self._proxied = proxied
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._evidence = Evidence(
            phase=Phase.CONNECTING, wrote=False, limit_seconds=limit_seconds, token=token
        )
        self._body = bytearray()
        self._stopped: Failure | None = None
        self._socket: socket.socket | None = None
        self._streams: list[Any] = []

    def go(self, seconds: float) -> Evidence:
        """Go through the exchange and return what is known of it at its end, or when `seconds` are over."""
        threading.Thread(target=self._exchange, name="gateway send", daemon=True).start()
        if not self._ended.wait(seconds):
            self.stop(Failure.DEADLINE)
            self._ended.wait(_WAKE_SECONDS)
        return self.evidence()

    def stop(self, why: Failure) -> None:
        """Bar the exchange from beginning to write, or break its connection if it has begun."""
        with self._lock:
            self._stopped = self._stopped or why
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)
            if not self._evidence.wrote:
                self._ended.set()  # whoever waits need not wait for a thread that can do no more harm

    def evidence(self) -> Evidence:
        """What has been seen so far, with why it was stopped if it was."""
        with self._lock:
            seen = replace(self._evidence, body=bytes(self._body))
            if self._stopped is not None and seen.phase is not Phase.ANSWERED:
                seen = replace(seen, failure=self._stopped, detail=None)
            return seen

    def _exchange(self) -> None:
        try:
            self._talk()
        except _Stopped:
            pass  # `stop` has recorded why
        except Exception as error:  # noqa: BLE001 -- whatever happens in here is evidence
            failure, detail = _classify(error)
            if self._proxied and not self._evidence.wrote:
                failure, detail = _of_proxy(failure, detail)
            self._note(failure=failure, detail=detail)
        finally:
            with self._lock:
                for stream in self._streams:
                    stream.close()  # httpcore forgets one when it is stopped between two steps
                if self._socket is not None:
                    self._socket.close()
                    self._socket = None
            self._ended.set()

    def _talk(self) -> None:
        import httpx

        transport = self._open_transport(self._request.url)
        try:
            response = transport.handle_request(
                httpx.Request(
                    self._request.method,
                    self._request.address(),
                    headers=[
                        ("User-Agent", f"sms-desktop/{sms_desktop.__version__}"),
                        ("Accept-Encoding", "identity"),
                        ("Connection", "close"),
                        *self._request.headers(self._token),
                    ],
                    content=self._request.body(),
                    extensions={"trace": self._trace, "timeout": self._timeouts},
                )
            )
            headers = response.headers
            self._note(
                http_status=response.status_code,
                retry_after=headers.get("retry-after"),
                content_type=headers.get("content-type"),
                location=headers.get("location"),
            )
            self._read(response)
        finally:
            transport.close()

    def _read(self, response: httpx.Response) -> None:
        import httpx

        assert isinstance(response.stream, httpx.SyncByteStream)
        try:
            for chunk in response.stream:
                with self._lock:
                    self._body += chunk[: MOST_OCTETS + 1 - len(self._body)]
                if len(self._body) > MOST_OCTETS:
                    self._note(failure=Failure.TOO_LARGE)
                    return
            self._note(phase=Phase.ANSWERED)
        finally:
            response.close()

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """What httpcore tells of an exchange, step by step; raising here stops it before the step."""
        step = event.partition(".")[2]
        with self._lock:
            if step in ("connect_tcp.complete", "start_tls.complete"):
                self._streams.append(info["return_value"])
            if self._stopped is not None and not self._evidence.wrote:
                raise _Stopped
            phase = None
            match step:
                case "connect_tcp.complete":
                    # A handle of our own: TLS replaces the original, and httpcore may close it at any time.
                    self._socket = info["return_value"].get_extra_info("socket").dup()
                case "start_tls.started":
                    phase = Phase.TLS
                case "send_request_headers.started" if info["request"].method != b"CONNECT":  # not to a proxy
                    self._evidence = replace(self._evidence, wrote=True)
                    phase = Phase.WRITING
                case "send_request_body.complete":
                    phase = Phase.WRITTEN
                case "receive_response_headers.complete":
                    phase = Phase.ANSWERING
            if phase is not None and (self._evidence.wrote or phase is Phase.TLS):
                self._evidence = replace(self._evidence, phase=phase)

    def _note(self, **seen: Any) -> None:
        with self._lock:
            self._evidence = replace(self._evidence, **seen)


class _Stopped(Exception):
    """The exchange was stopped before it began to write."""


def _classify(error: Exception) -> tuple[Failure, str | None]:
    """What an exception of httpx means, and a detail that holds nothing of the request."""
    import httpx

    cause = _system_error(error)
    match cause:
        case socket.gaierror():
            return Failure.NAME, None
        case ssl.SSLCertVerificationError():
            return Failure.TLS, cause.verify_message
        case ssl.SSLError():
            return Failure.TLS, cause.reason
        case ConnectionRefusedError():
            return Failure.REFUSED, None
    match error:
        case httpx.ProxyError():
            return Failure.PROXY, str(error)[:100]
        case httpx.TimeoutException():
            return Failure.TOO_SLOW, None
        case httpx.ConnectError() | OSError():
            return Failure.UNREACHABLE, cause.strerror if cause else None
        case httpx.RemoteProtocolError() if "disconnected" not in str(error):
            return Failure.NOT_HTTP, None
        case httpx.TransportError():
            return Failure.BROKEN, None
    return Failure.FAULT, type(error).__name__


def _of_proxy(failure: Failure, detail: str | None) -> tuple[Failure, str | None]:
    """What a failure to connect means where every connection goes to a proxy."""
    match failure:
        case Failure.NAME:
            return Failure.PROXY, "its name was not found"
        case Failure.REFUSED:
            return Failure.PROXY, "nothing listens at its address"
        case Failure.UNREACHABLE:
            return Failure.PROXY, detail
        case _:
            return failure, detail


def _system_error(error: BaseException | None) -> OSError | None:
    """The operating system's own error beneath those of httpx and httpcore, if it is one."""
    while error is not None and not isinstance(error, OSError):
        error = error.__cause__ or error.__context__
    return error
