"""Runs the sandbox gateway until it is told to stop. Called by cli."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

import msgspec

from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.transport import is_loopback
from sms_desktop.servers import lifecycle, logs
from sms_desktop.servers.sandbox.account import Account
from sms_desktop.servers.sandbox.app import SandboxProtocol, make_app
from sms_desktop.servers.sandbox.webhook_http import WebhookFormat


class Settings(msgspec.Struct, frozen=True):
    """What to serve and where; also the line that a supervising program writes to standard input.

    `port` 0 takes any free one; `speed` divides the times of carrier and webhooks.
    """

    api_key: str
    api_secret: str
    host: str = "127.0.0.1"
    port: int = 0
    dr_callback: str | None = None
    mo_callback: str | None = None
    speed: float = 1.0
    webhook_format: WebhookFormat = "json"

    def __repr__(self) -> str:
        return f"Settings(api_key={self.api_key!r}, host={self.host!r}, port={self.port!r})"


def serve_supervised() -> None:
    """Serve as a line of JSON on standard input says, until that input ends: its writer stopped us, or died.

    Raises Mendable before the ready line, nothing after it.
    """
    serve(lifecycle.read_supervised(Settings), until_stdin_ends=True)


def serve(settings: Settings, *, until_stdin_ends: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; print the one ready line when connections are accepted.

    Raises Mendable for a host or callback that is not on this computer, for a port that is taken, for an
    empty key or secret.
    """
    logs.log_as_json(logging.WARNING)
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
    account = Account(
        settings.api_key,
        settings.api_secret,
        dr_callback=_own_callback(settings.dr_callback, field="dr-callback"),
        mo_callback=_own_callback(settings.mo_callback, field="mo-callback"),
    )
    app = make_app(account, speed=settings.speed, webhook_format=settings.webhook_format)
    lifecycle.serve(
        app,
        bound=lifecycle.listen(settings.host, settings.port),
        on_ready=lifecycle.print_ready,
        until_stdin_ends=until_stdin_ends,
        http=SandboxProtocol,
    )


def _own_callback(url: str | None, *, field: str) -> str | None:
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and is_loopback(parts.hostname or "") and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        # Without the address, which may hold a relay's token.
        raise Mendable(
            f"{field}: the sandbox tells only this computer. Give an address such as http://127.0.0.1:8000/.",
            field=field,
        )
    return url
