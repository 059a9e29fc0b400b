"""The sandbox's control API: what travels, and a client. Called by services, cli and the sandbox server.

It is JSON over HTTP beneath `/control`: on a Unix socket in a folder that only its owner enters, or on the
gateway's own port with a bearer token. Times are in seconds of the sandbox's clock.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from sms_desktop.gateway.unix_sockets import short_path
from sms_desktop.messages.errors import Mendable, OurFault, TryLater
from sms_desktop.messages.transport import private_url

if TYPE_CHECKING:  # imported at first use
    import httpx

_Answer = TypeVar("_Answer")

CONTROL = "/control"
"""Where the control API begins."""
SOCKET = "sandbox.sock"
"""The Unix socket's name in a profile's folder."""
MOST_OCTETS = 1024 * 1024
"""Of one command."""

Standing = Literal["good", "suspended", "smpp_only", "demo"]
"""Of an account: as it should be; suspended (status 8); without HTTP (11); on trial (29)."""
WebhookFormat = Literal["json", "form", "get"]
"""POST with JSON, POST with a form, or GET: what an account's settings say."""
Seconds = Annotated[float, Meta(ge=0, le=7 * 24 * 3600)]
Digits = Annotated[str, Meta(pattern=r"^[0-9]{1,15}$")]
Hexadecimal = Annotated[str, Meta(pattern=r"^([0-9A-Fa-f]{2})*$", max_length=280)]


class Reply(Struct, frozen=True, forbid_unknown_fields=True):
    """What a phone writes: a text, or octets as hexadecimal digits with a header of theirs.

    `{text}` in a scenario's text stands for what the phone read. A long text goes in parts, `missing` of
    which does not come; without `concat` the parts don't say that they belong together.
    """

    text: Annotated[str, Meta(max_length=20_000)] = ""
    data: Hexadecimal = ""
    udh: Hexadecimal = ""
    after: Seconds = 0.2
    order: Literal["in_order", "reversed", "shuffled"] = "in_order"
    missing: Annotated[int, Meta(ge=1, le=255)] | None = None
    concat: bool = True


class ReplyCommand(Struct, frozen=True, forbid_unknown_fields=True):
    """Let `phone` write to `own`; None is whoever wrote to it last."""

    phone: Digits
    reply: Reply
    own: Annotated[str, Meta(max_length=16)] | None = None


class ReceiptCommand(Struct, frozen=True, forbid_unknown_fields=True):
    """Send a receipt for a message that was taken; it ends those that were still to come for it."""

    message_id: Annotated[str, Meta(max_length=64)]
    status: Annotated[str, Meta(min_length=1, max_length=40)] = "delivered"
    err_code: Annotated[str, Meta(pattern=r"^[0-9]{1,3}$")] = "0"


class AdvanceCommand(Struct, frozen=True, forbid_unknown_fields=True):
    """Move a clock that goes by hand."""

    seconds: Seconds


class AccountChanges(Struct, frozen=True, forbid_unknown_fields=True):
    """What to change of the account; the rest stays. `balance` is in EUR."""

    standing: Standing | UnsetType = UNSET
    rate: Annotated[int, Meta(ge=0, le=1_000_000)] | UnsetType = UNSET
    most_connections: Annotated[int, Meta(ge=1, le=4000)] | UnsetType = UNSET
    balance: Annotated[str, Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,8})?$")] | UnsetType = UNSET
    auto_reload: bool | UnsetType = UNSET
    sign_webhooks: bool | UnsetType = UNSET
    webhook_format: WebhookFormat | UnsetType = UNSET
    approved: Annotated[frozenset[Digits], Meta(max_length=100)] | UnsetType = UNSET
    facilities: Annotated[frozenset[str], Meta(max_length=20)] | UnsetType = UNSET


class SandboxState(Struct, frozen=True):
    """How the sandbox stands: `waiting` webhooks are still to come, `taken` messages have come.

    `price` is what a part costs in EUR, to any country; None from a sandbox that does not tell.
    """

    api_key: str
    balance: str
    standing: Standing
    rate: int
    speed: float
    clock: str
    scenario: str | None
    waiting: int
    taken: int
    price: str | None = None


class TakenPart(Struct, frozen=True):
    """A part of a message that the sandbox took."""

    message_id: str
    phone: str
    sender: str
    text: str


class TracePage(Struct, frozen=True):
    """What happened, one object each; `next` is where to go on."""

    entries: list[dict[str, Any]]
    next: int


class SandboxControl:
    """A sandbox that runs, controlled by `socket` (a path), or by `url` and `token`. Safe for any thread.

    `ca_file` is the certificate that a sandbox with TLS has made. Raises Mendable for an address that a token
    may not travel to.
    """

    def __init__(
        self,
        *,
        socket: Path | None = None,
        url: str = "",
        token: str = "",
        ca_file: Path | None = None,
        seconds: float = 30.0,
    ) -> None:
        self._socket = socket
        self._url = "http://localhost" if socket is not None else private_url(url, field="url")
        self._ca_file = ca_file
        self._token = token
        self._seconds = seconds

    def state(self) -> SandboxState:
        """How it stands. Raises TryLater when nothing answers, as all of these do."""
        return self._ask("GET", "/state", SandboxState)

    def messages(self) -> list[TakenPart]:
        """The parts that it took last, the newest first."""
        return self._ask("GET", "/messages", list[TakenPart])

    def trace(self, *, after: int | None = None, wait: float = 0.0) -> TracePage:
        """What happened: all of it by message and time, or, `after` a place, as it came."""
        if after is None:
            return self._ask("GET", "/trace", TracePage)
        return self._ask("GET", f"/trace?after={after}&wait={wait:g}", TracePage)

    def reply(self, command: ReplyCommand) -> list[str]:
        """Write as a phone; the ids of what will come. Raises Mendable for what can't be written."""
        return self._ask("POST", "/reply", list[str], command)

    def receipt(self, command: ReceiptCommand) -> None:
        """Send a receipt. Raises Mendable for an id that is not known."""
        self._ask("POST", "/receipt", dict[str, str], command)

    def scenario(self, document: object) -> SandboxState:
        """Begin a scenario, everything else set back; None ends it. Raises Mendable naming the place."""
        return self._ask("POST", "/scenario", SandboxState, document)

    def account(self, changes: AccountChanges) -> SandboxState:
        """Change the account."""
        return self._ask("POST", "/account", SandboxState, changes)

    def advance(self, command: AdvanceCommand) -> SandboxState:
        """Move a clock that goes by hand, and wait until all that was due has gone out. Raises Mendable."""
        return self._ask("POST", "/advance", SandboxState, command)

    def reset(self) -> SandboxState:
        """Forget everything: messages, webhooks on their way, opt-outs, scenario, money spent."""
        return self._ask("POST", "/reset", SandboxState)

    def _trusted(self) -> ssl.SSLContext | bool:
        if not self._url.startswith("https:"):
            return False  # nothing to verify, and a store of certificates takes long to load
        return ssl.create_default_context(cafile=self._ca_file)

    def _ask(self, method: str, path: str, kind: type[_Answer], body: object = UNSET) -> _Answer:
        import httpx  # large: loaded at first use

        if self._socket is not None and not self._socket.exists():
            raise _nobody()
        content = b"" if body is UNSET else msgspec.json.encode(body)
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            with _transport(self._socket, self._trusted()) as transport:
                answer = transport.handle_request(
                    httpx.Request(
                        method,
                        f"{self._url}{CONTROL}{path}",
                        headers=headers,
                        content=content,
                        extensions={"timeout": httpx.Timeout(self._seconds).as_dict()},
                    )
                )
                answer.read()
        except (httpx.TransportError, OSError, httpx.InvalidURL) as error:
            raise _nobody() from error
        if answer.status_code != 200:
            raise _refused(answer)
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except msgspec.DecodeError as error:
            raise OurFault("The sandbox's answer can't be read: it may be of another version.") from error


def _nobody() -> TryLater:
    return TryLater(
        "No sandbox answers there.", hint="Start the app with the sandbox profile, or smsctl sandbox serve."
    )


def _refused(answer: httpx.Response) -> Mendable:
    try:
        document = msgspec.json.decode(answer.content, type=dict[str, Any])
        return Mendable(str(document["error"]), field=document.get("field"))
    except (msgspec.DecodeError, KeyError):
        return Mendable(f"The sandbox refused it with HTTP {answer.status_code}.")


@contextmanager
def _transport(socket: Path | None, verify: ssl.SSLContext | bool) -> Iterator[httpx.HTTPTransport]:
    import httpx

    with short_path(socket) if socket is not None else nullcontext() as reachable:
        transport = httpx.HTTPTransport(uds=reachable, trust_env=False, verify=verify)
        try:
            yield transport
        finally:
            transport.close()
