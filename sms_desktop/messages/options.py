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
TTL_ADVISED = 1_800_000
"""Milliseconds (SMS API 1.5.0, `ttl`: "at least 30 minutes")."""
TEXT_MAXIMUM = 3_200
"""Characters (SMS API 1.5.0, `text`)."""
CALLBACK_MAXIMUM = 100
"""Characters (SMS API 1.5.0, `callback`)."""
CLIENT_REF_MAXIMUM = 100
"""Characters (SMS API 1.5.0, `client-ref`)."""
CLIENT_REF_OLD_MAXIMUM = 40
"""Characters (SMS API reference (2016), `client-ref`)."""
REFERENCE_MAXIMUM = 200
"""Characters of `account-ref`, `entity-id`, `content-id`, `pool-id`: our bound, the documents have none."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one message; None means that the parameter is not sent.

    `ttl` is in milliseconds. `message_class` is 0 flash, 1 phone, 2 SIM, 3 terminal. `status_report` is
    `status-report-req`: True asks for a receipt, False refuses one, None leaves it to the account.
    `entity_id` and `content_id` are what some countries' regulators want; `trusted_number` lifts the
    account's fraud protection for this message; `pool_id` names a pool of numbers to send from, `from` being
    its fall-back.
    """

    ttl: int | None = None
    callback: str | None = None
    message_class: int | None = None
    client_ref: str | None = None
    status_report: bool | None = None
    account_ref: str | None = None
    entity_id: str | None = None
    content_id: str | None = None
    trusted_number: bool | None = None
    pool_id: str | None = None

    def check(self, *, client_ref_maximum: int = CLIENT_REF_MAXIMUM) -> None:
        """Raise Mendable for the first value outside the documented limits.

        `client_ref_maximum` is the provider's, in characters.
        """
        for check in (
            self.check_ttl,
            self.check_message_class,
            self.check_callback,
            lambda: self.check_client_ref(client_ref_maximum),
            self.check_references,
        ):
            check()

    def check_ttl(self) -> None:
        """Raise Mendable for a `ttl` out of range."""
        if self.ttl is not None and not TTL_MINIMUM <= self.ttl <= TTL_MAXIMUM:
            raise Mendable(
                f"ttl: {self.ttl} ms is out of range. It lies between {TTL_MINIMUM} ms (20 seconds) and "
                f"{TTL_MAXIMUM} ms (7 days).",
                field="ttl",
            )

    def check_message_class(self) -> None:
        """Raise Mendable for a class that does not exist."""
        if self.message_class is not None and self.message_class not in range(4):
            raise Mendable(
                f"message-class: {self.message_class} is not a class. It is 0 (flash), 1 (phone), 2 (SIM) or "
                "3 (terminal).",
                field="message-class",
            )

    def check_callback(self) -> None:
        """Raise Mendable for a `callback` that is no address, or a long one."""
        if self.callback is not None:
            check_callback(self.callback)

    def check_client_ref(self, maximum: int = CLIENT_REF_MAXIMUM) -> None:
        """Raise Mendable for a `client-ref` that is empty, longer than `maximum` or not printable."""
        if self.client_ref is not None:
            _check_reference("client-ref", self.client_ref, maximum)

    def check_references(self) -> None:
        """Raise Mendable for one of the other references that is empty, overlong or not printable."""
        for name, value in (
            ("account-ref", self.account_ref),
            ("entity-id", self.entity_id),
            ("content-id", self.content_id),
            ("pool-id", self.pool_id),
        ):
            if value is not None:
                _check_reference(name, value, REFERENCE_MAXIMUM)


def check_callback(callback: str, *, field: str = "callback") -> None:
    """Raise Mendable (`field`) unless the gateway can call this address: http or https, 100 characters."""
    if len(callback) > CALLBACK_MAXIMUM:
        raise Mendable(
            f"{field}: {len(callback)} characters. The gateway takes at most {CALLBACK_MAXIMUM}.",
            field=field,
        )
    if not callback.isascii() or not callback.isprintable() or " " in callback:
        raise Mendable(
            f"{field}: only printable ASCII characters without spaces may stand in it.", field=field
        )
    no_address = Mendable(f"{field}: give a whole address that begins with https:// or http://.", field=field)
    try:
        parts = urlsplit(callback)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise no_address from None
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise no_address


def _check_reference(name: str, value: str, maximum: int) -> None:
    if not 1 <= len(value) <= maximum:
        raise Mendable(f"{name}: {len(value)} characters. It holds 1 to {maximum}.", field=name)
    odd = next((character for character in value if not character.isprintable()), None)
    if odd is not None:
        raise Mendable(
            f"{name}: {odd!r} can't stand in it. It holds printable characters and spaces.", field=name
        )
