"""The options that every kind of message may carry, with their limits.

Built by ui and cli, written by gateway.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from sms_desktop.messages.errors import Mendable

TTL_MINIMUM = 20_000
"""Milliseconds (SMS API 1.5.0, `ttl` minimum)."""
TTL_MAXIMUM = 604_800_000
"""Milliseconds (SMS API 1.5.0, `ttl` maximum): seven days."""
TTL_DEFAULT = 259_200_000
"""Milliseconds (SMS API 1.5.0, `ttl` default): 72 hours."""
CALLBACK_MAXIMUM = 100
"""Characters (SMS API 1.5.0, `callback`)."""
CLIENT_REF_MAXIMUM = 100
"""Characters (SMS API 1.5.0, `client-ref`); older documents say 40."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one message; None means that the parameter is not sent.

    `ttl` is in milliseconds. `message_class` is 0 flash, 1 phone, 2 SIM, 3 terminal. `status_report` is
    `status-report-req`: True asks for a receipt, False refuses one, None leaves it to the account.
    """

    ttl: int | None = None
    callback: str | None = None
    message_class: int | None = None
    client_ref: str | None = None
    status_report: bool | None = None

    def check(self) -> None:
        """Raise Mendable for the first value outside the documented limits."""
        if self.ttl is not None and not TTL_MINIMUM <= self.ttl <= TTL_MAXIMUM:
            raise Mendable(
                f"ttl: {self.ttl} ms is out of range. It lies between {TTL_MINIMUM} ms (20 seconds) and "
                f"{TTL_MAXIMUM} ms (7 days).",
                field="ttl",
            )
        if self.message_class is not None and self.message_class not in range(4):
            raise Mendable(
                f"message-class: {self.message_class} is not a class. It is 0 (flash), 1 (phone), 2 (SIM) or "
                "3 (terminal).",
                field="message-class",
            )
        if self.callback is not None:
            _check_callback(self.callback)
        if self.client_ref is not None:
            _check_client_ref(self.client_ref)


def _check_client_ref(client_ref: str) -> None:
    if not 1 <= len(client_ref) <= CLIENT_REF_MAXIMUM:
        raise Mendable(
            f"client-ref: {len(client_ref)} characters. It holds 1 to {CLIENT_REF_MAXIMUM}.",
            field="client-ref",
        )
    odd = next((character for character in client_ref if not character.isprintable()), None)
    if odd is not None:
        raise Mendable(
            f"client-ref: {odd!r} can't stand in it. It holds printable characters and spaces.",
            field="client-ref",
        )


def _check_callback(callback: str) -> None:
    if len(callback) > CALLBACK_MAXIMUM:
        raise Mendable(
            f"callback: {len(callback)} characters. The gateway takes at most {CALLBACK_MAXIMUM}.",
            field="callback",
        )
    if not callback.isascii() or not callback.isprintable() or " " in callback:
        raise Mendable(
            "callback: only printable ASCII characters without spaces may stand in it.", field="callback"
        )
    no_address = Mendable(
        "callback: give a whole address that begins with https:// or http://.", field="callback"
    )
    try:
        parts = urlsplit(callback)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise no_address from None
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise no_address
