"""Pulls pages of events from a relay by long poll. Called by background's poller, and by cli.

One connection, kept alive between polls. A blocked poll ends at once when another thread calls `cancel`.
"""

from __future__ import annotations

import logging
import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from sms_desktop.messages.transport import private_url
from sms_desktop.relay.connection import CONNECT_SECONDS, Answer, Connection, CutError, OverdueError
from sms_desktop.relay.errors import (
    CursorAhead,
    CursorGone,
    PollCancelled,
    PositionLost,
    RelayAnswerUnreadable,
    RelayBusy,
    RelayRefused,
    RelayUnreachable,
    StreamReset,
)
from sms_desktop.relay.events import MAX_PAGE_OCTETS, Cursor, Page, WireError, parse_page

if TYPE_CHECKING:
    import httpx

_GRACE_SECONDS = 10.0
_LONGEST_RETRY_AFTER = 3600.0


class _Problem(msgspec.Struct):
    code: str = ""
    detail: str = ""
    epoch: str = ""
    oldest: int = 0
    missed: int | None = None


class RelayClient:
    """A reader of one stream of one relay.

    `base_url` is the relay's address, HTTPS or HTTP to loopback; raises Mendable (`relay_url`) otherwise.
    `proxy` and `ca_file` are the profile's, the environment is not asked. For one thread, but for `cancel`.
    """

    def __init__(
        self,
        *,
        base_url: str,
        stream: str,
        reader_token: str,
        proxy: str | None = None,
        ca_file: str | None = None,
    ) -> None:
        self._url = private_url(base_url, field="relay_url")
        self._place = urlsplit(self._url).netloc
        self._stream = stream
        self._token = reader_token
        self._proxy = proxy
        self._ca_file = ca_file
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._cancelled = False

    def __repr__(self) -> str:
        return f"RelayClient({self._url!r}, stream={self._stream!r})"

    def page(self, after: str | None, *, limit: int = 500, wait: float = 25.0, peek: bool = False) -> Page:
        """Ask for the events after a cursor; with none there, the relay waits `wait` seconds for the first.

        `after` is a cursor's text, `head` for only what is new, or None for all from the oldest. Asking
        with a cursor tells the relay that everything up to it is stored here, unless this is only a `peek`.

        Raises RelayUnreachable, RelayBusy, RelayAnswerUnreadable, RelayRefused; StreamReset, CursorAhead or
        CursorGone when the relay can't go on from that cursor; PollCancelled after `cancel`.
        """
        parameters = {"stream": self._stream, "limit": str(limit), "wait": f"{round(wait, 3):g}"}
        if after is not None:
            parameters["after"] = after
        if peek:
            parameters["peek"] = "1"
        answer = self._ask(parameters, longest_wait=wait * 1.1 + _GRACE_SECONDS)
        if answer.status != 200:
            raise self._refusal(answer)
        try:
            page = parse_page(answer.body)
            self._check(page, after, limit)
        except WireError as error:
            raise RelayAnswerUnreadable(
                f"The relay at {self._place} sent a page that can't be read: {error}."
            ) from error
        return page

    def cancel(self) -> None:
        """End a poll that is under way, at once, and let no other begin. Any thread may call this."""
        with self._lock:
            self._cancelled = True
            if self._connection is not None:
                self._connection.cut()

    def close(self) -> None:
        """Close the connection. The thread that polls calls this."""
        with self._lock:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _ask(self, parameters: dict[str, str], *, longest_wait: float) -> Answer:
        import httpx

        with self._lock:
            if self._cancelled:
                raise _cancelled()
            if self._connection is None:
                self._connection = Connection(self._open(), max_octets=MAX_PAGE_OCTETS)
            connection = self._connection
        try:
            return connection.get(
                f"{self._url}/v1/events",
                parameters,
                read_seconds=longest_wait,
                seconds=longest_wait + CONNECT_SECONDS,
            )
        except CutError:
            raise _cancelled() from None
        except OverdueError:
            self.close()
            raise self._unreachable("it did not answer in time") from None
        except (httpx.HTTPError, OSError, UnicodeError) as error:
            reason, hint = _reason(error)
            raise self._unreachable(reason, hint=hint) from error
        except httpx.InvalidURL as error:
            raise RelayRefused(
                f"{self._url} is not an address of a server. Check the relay address of this profile.",
                field="relay_url",
            ) from error

    def _open(self) -> httpx.Client:
        client = secure_client(self._url, proxy=self._proxy, ca_file=self._ca_file)
        client.headers["Authorization"] = f"Bearer {self._token}"
        return client

    def _check(self, page: Page, after: str | None, limit: int) -> None:
        """Raise WireError if the page does not answer what was asked."""
        if page.stream != self._stream or len(page.events) > limit:
            raise WireError("it is not what was asked for")
        if after is None or after == "head":
            return
        start = Cursor.parse(after)
        if page.epoch != start.epoch or page.cursor.seq < start.seq or (page.has_more and page.next == after):
            raise WireError("it does not go on from the cursor")
        if page.events and page.events[0].seq <= start.seq:
            raise WireError("it repeats events from before the cursor")

    def _unreachable(self, reason: str, *, hint: str | None = None) -> RelayUnreachable:
        return RelayUnreachable(
            f"No contact with the relay at {self._place}: {reason}. "
            "Receipts and replies are kept there and will come in later.",
            hint=hint,
        )

    def _refusal(self, answer: Answer) -> Exception:
        status = answer.status
        problem = _read_problem(answer.body)
        match status:
            case 409 | 410:
                lost = self._position_lost(problem)
                if lost is not None:
                    return lost
            case 401:
                return RelayRefused(
                    f"The relay at {self._place} does not accept the relay token (401). "
                    "Check the relay token of this profile.",
                    field="relay_token",
                )
            case 403:
                return RelayRefused(
                    f"The relay token may not read the stream {self._stream!r} (403). "
                    "Check the stream and the relay token of this profile.",
                    field="relay_token",
                )
            case 404:
                return RelayRefused(
                    f"There is no relay at {self._url} (404). Check the relay address of this profile.",
                    field="relay_url",
                )
            case 429 | 502 | 503 | 504:
                return RelayBusy(
                    f"The relay at {self._place} is busy ({status}). It is asked again later.",
                    retry_after=_seconds(answer.headers.get("retry-after")),
                )
        return RelayAnswerUnreadable(
            f"What answers at {self._url} is not a relay, or one of another version (status {status}).",
            hint="Check the relay address of this profile.",
        )

    def _position_lost(self, problem: _Problem) -> PositionLost | None:
        try:
            Cursor(problem.epoch, problem.oldest)
        except WireError:
            return None
        if problem.missed is not None and problem.missed < 0:
            return None
        match problem.code:
            case "stream-reset":
                return StreamReset(
                    "The relay's log was made anew or restored. Events from before may be missing; "
                    "reading goes on with the oldest one it has.",
                    epoch=problem.epoch,
                    oldest=problem.oldest,
                    missed=problem.missed,
                )
            case "cursor-ahead":
                return CursorAhead(
                    "The relay's log ends before the point this computer had reached: it went back in time. "
                    "Events may be missing; reading goes on with the oldest one it has.",
                    epoch=problem.epoch,
                    oldest=problem.oldest,
                    missed=problem.missed,
                )
            case "cursor-gone":
                count = "Some" if problem.missed is None else f"{problem.missed}"
                return CursorGone(
                    f"{count} events were deleted from the relay before this computer had read them. "
                    f"Reading goes on with event {problem.oldest}.",
                    epoch=problem.epoch,
                    oldest=problem.oldest,
                    missed=problem.missed,
                )
            case _:
                return None


def secure_client(url: str, *, proxy: str | None, ca_file: str | None) -> httpx.Client:
    """An HTTP client for one relay: its certificate is checked, nothing of the environment is asked.

    Raises RelayRefused for a `proxy` or a `ca_file` that can't be read.
    """
    import ssl

    import httpx

    # Both write addresses to their loggers at INFO and DEBUG.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    verify: ssl.SSLContext | bool = True
    if ca_file is not None:
        try:
            verify = ssl.create_default_context(cafile=ca_file)
        except (OSError, ValueError) as error:
            raise RelayRefused(
                f"The certificates in {ca_file} can't be read. Check the file.", field="ca_file"
            ) from error
    elif url.startswith("http://") and proxy is None:
        # Loopback, no redirects: TLS never happens, and reading the certificate bundle takes 30 ms.
        verify = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "sms-desktop"}
    try:
        return httpx.Client(
            verify=verify,
            proxy=proxy,
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=8.0),
            headers=headers,
        )
    except (ValueError, httpx.InvalidURL) as error:
        raise RelayRefused(
            "The proxy's address can't be read. It looks like http://proxy.example:3128.", field="proxy"
        ) from error


def _read_problem(body: bytes) -> _Problem:
    try:
        return msgspec.json.decode(body, type=_Problem)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _Problem()


def _seconds(text: str | None) -> float | None:
    if text is None or not text.isascii() or not text.isdigit():
        return None
    return min(float(text[:9]), _LONGEST_RETRY_AFTER)


def _cancelled() -> PollCancelled:
    return PollCancelled("The relay is no longer asked: this program is stopping.")


def _reason(error: BaseException) -> tuple[str, str | None]:
    """The cause in words, and a hint where there is one."""
    import ssl

    cause: BaseException | None = error
    for _ in range(8):
        match cause:
            case ssl.SSLCertVerificationError():
                return f"its certificate is not trusted ({cause.verify_message})", (
                    "A relay with a certificate of your own needs the file of its authority in the profile."
                )
            case socket.gaierror() | UnicodeError():
                return "its name was not found", None
            case ConnectionRefusedError():
                return "nothing listens there", None
            case TimeoutError():
                return "it did not answer in time", None
            case None:
                break
        cause = cause.__cause__ or cause.__context__
    return "the connection broke", None
