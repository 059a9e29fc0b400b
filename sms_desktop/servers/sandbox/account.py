"""The one account of a sandbox: its key and secret, its callbacks, its money. Used by app and carrier."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from decimal import Decimal

PRICE = Decimal("0.03330000")
"""Of one part, in EUR, as in the examples of SMS API 1.5.0."""
_FULL = Decimal("100.00000000")


@dataclass(slots=True)
class Account:
    """Key and secret, and where receipts and inbound messages go unless a request says otherwise.

    An address may hold a relay's ingest token, so neither it nor the secret is shown.
    """

    api_key: str
    api_secret: str = field(repr=False)
    dr_callback: str | None = field(default=None, repr=False)
    mo_callback: str | None = field(default=None, repr=False)
    balance: Decimal = _FULL

    def knows(self, api_key: str, api_secret: str) -> bool:
        """True for the right key and secret; takes the same time for every wrong secret."""
        same_key = hmac.compare_digest(api_key.encode(), self.api_key.encode())
        return hmac.compare_digest(api_secret.encode(), self.api_secret.encode()) and same_key

    def charge(self) -> Decimal:
        """Take the price of one part and return what remains; an account that runs dry is filled up again."""
        if self.balance < PRICE:
            self.balance = _FULL
        self.balance -= PRICE
        return self.balance
