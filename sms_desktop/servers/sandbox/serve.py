"""Runs the sandbox until it is told to stop. Called by cli."""

from __future__ import annotations

import logging
import ssl
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec

from sms_desktop.gateway.sandbox_control import SOCKET, WebhookFormat
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.transport import is_loopback
from sms_desktop.servers import lifecycle, logs
from sms_desktop.servers.sandbox.account import FULL, MOST_CONNECTIONS, REQUESTS_A_SECOND, Account
from sms_desktop.servers.sandbox.app import make_app
from sms_desktop.servers.sandbox.script import Scenario, read_document
from sms_desktop.servers.sandbox.sending import SandboxProtocol

_MOST_OPEN = 4000
"""Connections; the account's own limit is lower, and is answered with status 10."""


Balance = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,8})?$")]


class Settings(msgspec.Struct, frozen=True):
    """What to serve and where; also the line that a supervising program writes to standard input.

    `port` 0 takes any free one; `speed` divides the times of carrier and webhooks. `folder` is where a
    restart finds what was on its way, and where the control API's Unix socket is; `control_token` opens that
    API over TCP. `allowed` are hosts that webhooks may go to besides this computer. `scenario` is what a file
    holds.
    """

    api_key: str
    api_secret: str
    host: str = "127.0.0.1"
    port: int = 0
    dr_callback: str | None = None
    mo_callback: str | None = None
    speed: float = 1.0
    webhook_format: WebhookFormat = "json"
    signature_secret: str = ""
    signature_algorithm: SignatureAlgorithm | None = None
    sign_webhooks: bool = False
    client_id: str = ""
    client_secret: str = ""
    rate: int = REQUESTS_A_SECOND
    most_connections: int = MOST_CONNECTIONS
    balance: Balance = str(FULL)
    auto_reload: bool = True
    folder: str | None = None
    control_token: str | None = None
    allowed: Sequence[str] = ()
    scenario: Any = None
    tls: bool = False

    def __repr__(self) -> str:
        return f"Settings(api_key={self.api_key!r}, host={self.host!r}, port={self.port!r})"


def serve_supervised() -> None:
    """Serve as a line of JSON on standard input says, until that input ends: its writer stopped us, or died.

    Raises Mendable before the ready line, nothing after it.
    """
    serve(lifecycle.read_supervised(Settings), until_stdin_ends=True)


def serve(
    settings: Settings, *, until_stdin_ends: bool = False, when_ready: Callable[[], None] = lambda: None
) -> None:
    """Serve until SIGTERM or SIGINT; print the one ready line when connections are accepted.

    With TLS the line also says where the certificate is that clients must trust. Raises Mendable for a host
    or callback that is not on this computer nor allowed, for a port that is taken, for an empty key or
    secret, for a scenario or folder that can't be used.
    """
    logs.log_as_json(logging.WARNING)
    account = _account(settings)
    scenario = None if settings.scenario is None else _scenario(settings.scenario)
    folder = Path(settings.folder) if settings.folder else None
    app = make_app(
        account,
        speed=settings.speed,
        folder=folder,
        control_token=settings.control_token,
        allowed=frozenset(host.lower() for host in settings.allowed),
        scenario=scenario,
    )

    def ready(url: str) -> None:
        lifecycle.print_ready(url, **more)
        when_ready()

    with ExitStack() as stack:
        tls, more = _tls(stack) if settings.tls else (None, {})
        bound = lifecycle.listen(settings.host, settings.port)
        also = []
        if folder is not None and tls is None:
            private = lifecycle.listen_privately(folder / SOCKET)
            if private is not None:
                also.append(private)
                stack.callback((folder / SOCKET).unlink, missing_ok=True)
        lifecycle.serve(
            app,
            bound=bound,
            on_ready=ready,
            until_stdin_ends=until_stdin_ends,
            http=SandboxProtocol,
            most_connections=_MOST_OPEN,
            also=also,
            tls=tls,
        )


def _account(settings: Settings) -> Account:
    if not is_loopback(settings.host):
        raise Mendable(
            f"host: {settings.host!r} is not an address for this computer alone. Use 127.0.0.1.",
            field="host",
        )
    if not settings.api_key or not settings.api_secret:
        raise Mendable(
            "api_secret: the sandbox needs a key and a secret that are not empty.", field="api_secret"
        )
    if not 0.001 <= settings.speed <= 100_000:
        raise Mendable("speed: use 0.001 to 100000.", field="speed")
    if settings.sign_webhooks and not settings.signature_secret:
        raise Mendable(
            "signature_secret: webhooks can't be signed without one. Set SMSCTL_SIGNATURE_SECRET.",
            field="signature_secret",
        )
    allowed = frozenset(host.lower() for host in settings.allowed)
    return Account(
        settings.api_key,
        settings.api_secret,
        dr_callback=_own_callback(settings.dr_callback, allowed, field="dr-callback"),
        mo_callback=_own_callback(settings.mo_callback, allowed, field="mo-callback"),
        signature_secret=settings.signature_secret,
        signature_algorithm=settings.signature_algorithm,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        balance=Decimal(settings.balance),
        auto_reload=settings.auto_reload,
        rate=settings.rate,
        most_connections=settings.most_connections,
        sign_webhooks=settings.sign_webhooks,
        webhook_format=settings.webhook_format,
    )


def _scenario(document: object) -> Scenario:
    return document if isinstance(document, Scenario) else read_document(document)


def _tls(stack: ExitStack) -> tuple[ssl.SSLContext, dict[str, str]]:
    from sms_desktop.servers.sandbox.certificate import make_context  # brings cryptography along

    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="smsctl-sandbox-"))
    authority = Path(folder) / "authority.pem"
    return make_context(authority), {"certificate": str(authority)}


def _own_callback(url: str | None, allowed: frozenset[str], *, field: str) -> str | None:
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        usable = (
            parts.scheme in ("http", "https")
            and (is_loopback(host) or host.lower() in allowed)
            and parts.port != 0
        )
    except ValueError:
        usable = False
    if not usable:
        # Without the address, which may hold a relay's token.
        raise Mendable(
            f"{field}: the sandbox tells only this computer, and hosts that --allow-callback names.",
            field=field,
        )
    return url


def settings_from(document: dict[str, object]) -> Settings:
    """Settings from what options and environment say. Raises Mendable naming the place, without a secret."""
    try:
        return msgspec.convert(document, type=Settings)
    except msgspec.ValidationError as error:
        raise Mendable(f"The settings can't be used. {error}") from None
