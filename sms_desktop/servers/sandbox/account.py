"""The one account of a sandbox: key and secrets, callbacks, money, numbers, limits. Used by most of it."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sms_desktop.gateway.sandbox_control import Standing, WebhookFormat
from sms_desktop.messages.signatures import SignatureAlgorithm

PRICE = Decimal("0.03330000")
"""Of one part, in EUR, as in the examples of SMS API 1.5.0."""
FULL = Decimal("100.00000000")
REQUESTS_A_SECOND = 30
"""What the gateway takes from an account unless agreed otherwise."""
MOST_CONNECTIONS = 200

FACILITIES = frozenset({"client-ref", "account-ref", "pool-id", "wappush", "vcard", "vcal"})
"""What an account must be enabled for; all is, unless `facilities` says less."""

_CONDITIONS = (
    *("balance", "auto_reload", "standing", "rate", "most_connections"),
    *("sign_webhooks", "webhook_format", "approved", "facilities"),
)
_ADDRESSES = ("dr_callback", "mo_callback")


@dataclass(slots=True)
class Number:
    """A number that the account rents; `webhook` is where messages to it go, or "" for the account's."""

    country: str
    msisdn: str
    webhook: str = field(default="", repr=False)


def _own_numbers() -> dict[str, Number]:
    return {
        msisdn: Number(country, msisdn)
        for country, msisdn in (("NL", "3197010240000"), ("GB", "447700900000"), ("US", "12015550123"))
    }


@dataclass(slots=True)
class Account:
    """Key and secrets, and where receipts and inbound messages go unless a request says otherwise.

    An address may hold a relay's ingest token, so neither it nor a secret is shown. Without a
    `signature_algorithm` any is taken, and webhooks are signed by MD5 hash. `rate` is in requests a second, 0
    for no limit. An account that is topped up by itself never runs dry. `approved` are the numbers that a
    trial account may write to.
    """

    api_key: str
    api_secret: str = field(repr=False)
    dr_callback: str | None = field(default=None, repr=False)
    mo_callback: str | None = field(default=None, repr=False)
    signature_secret: str = field(default="", repr=False)
    signature_algorithm: SignatureAlgorithm | None = None
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    balance: Decimal = FULL
    auto_reload: bool = True
    standing: Standing = "good"
    rate: int = REQUESTS_A_SECOND
    most_connections: int = MOST_CONNECTIONS
    sign_webhooks: bool = False
    webhook_format: WebhookFormat = "json"
    approved: frozenset[str] = frozenset()
    facilities: frozenset[str] = FACILITIES
    numbers: dict[str, Number] = field(default_factory=_own_numbers)
    registered: dict[str, str] = field(default_factory=dict, repr=False)
    """Webhooks that KPN's `/register` set, by the phone that they are for."""
    _first: dict[str, Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._first = {name: getattr(self, name) for name in (*_CONDITIONS, *_ADDRESSES)}

    def knows(self, api_key: str, api_secret: str) -> bool:
        """True for the right key and secret; takes the same time for every wrong secret."""
        return _same(api_secret, self.api_secret) and _same(api_key, self.api_key)

    def knows_client(self, client_id: str, client_secret: str) -> bool:
        """True for the client id and secret that tokens are given to; by default key and secret."""
        own_id, own_secret = self.client_id or self.api_key, self.client_secret or self.api_secret
        return _same(client_secret, own_secret) and _same(client_id, own_id)

    def can_pay(self, parts: int) -> bool:
        """Whether so many parts can be paid; an account that is topped up by itself can pay them."""
        return self.auto_reload or self.balance >= parts * PRICE

    def charge(self) -> Decimal:
        """Take the price of one part and return what remains."""
        if self.balance < PRICE and self.auto_reload:
            self.balance = FULL
        self.balance -= PRICE
        return self.balance

    def inbound_webhook(self, own: str, phone: str, *, registered: bool) -> str | None:
        """Where a message from `phone` to our `own` number goes: the phone's, the number's, the account's."""
        if registered and phone in self.registered:
            return self.registered[phone]
        number = self.numbers.get(own)
        return (number.webhook if number else "") or self.mo_callback

    def renew(self) -> None:
        """Set money, standing, limits and the way of webhooks back to what they were at first."""
        self._set_back(_CONDITIONS)

    def readdress(self) -> None:
        """Let webhooks go where they went at first, and nowhere else."""
        self._set_back(_ADDRESSES)
        self.registered.clear()
        for number in self.numbers.values():
            number.webhook = ""

    def _set_back(self, names: Iterable[str]) -> None:
        for name in names:
            setattr(self, name, self._first[name])


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())
