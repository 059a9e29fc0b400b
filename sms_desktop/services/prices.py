"""What a message will cost, as far as the account's price list tells. Asked by ui; waits for the network."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
_SMALLEST = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217, as EUR)."""

    amount: Decimal
    currency: str

    @property
    def words(self) -> str:
        """As `EUR 0.23`; an amount below one hundredth keeps four places."""
        step = _SMALLEST if 0 < abs(self.amount) < _CENT else _CENT
        return f"{self.currency} {self.amount.quantize(step, ROUND_HALF_UP)}"


@dataclass(frozen=True, slots=True)
class Price:
    """What one part costs."""

    per_part: Decimal
    currency: str

    def of(self, parts: int) -> Money:
        """What so many parts cost."""
        return Money(self.per_part * parts, self.currency)
