"""What messages to a number cost, asked once per country off the window's thread and remembered.

Made by the compose pane, which hands the price to its sheets; asked by what confirms costly messages.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from sms_desktop.messages.addresses import number_words, recipient
from sms_desktop.messages.errors import Mendable
from sms_desktop.ui.reading import TaskRunner

if TYPE_CHECKING:
    from sms_desktop.services.prices import Money, Price

Ask: TypeAlias = "Callable[[str], Price | None]"
"""Asks the account for the price of a part to a country (two letters, "" for none); may wait and raise."""
_REMEMBERED = 5_000
_REST_SECONDS = 2.0
_TRIES = 5
_LANE = "calls"


class PriceBook(QObject):
    """The prices of one account.

    Signals: `learned()`, a price is known now, or can be asked again.
    """

    learned = Signal()

    def __init__(
        self,
        *,
        tasks: TaskRunner,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._clock = clock
        self._ask: Ask | None = None
        self._lane = _LANE
        self._countries: dict[str, str | None] = {}  # None while it is being looked up
        self._prices: dict[str, Price | None] = {}
        self._asked: dict[str, float] = {}
        self._wanted: set[str] = set()
        self._failures = 0
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(round(_REST_SECONDS * 1000) + 50)
        self._resting.timeout.connect(self.learned)

    def ask_with(self, ask: Ask, *, lane: str = _LANE) -> None:
        """From now on prices can be asked: what was wanted meanwhile is asked at once."""
        self._ask, self._lane = ask, lane
        self._asked.clear()
        self._failures = 0
        wanted, self._wanted = self._wanted, set()
        for party in wanted:
            self.price(party)

    def price(self, party: str) -> Price | None:
        """The price of a part to a number as typed; None while it is not known. Never waits."""
        try:
            number = recipient(party)
        except Mendable:
            return None
        if self._ask is None:
            if len(self._wanted) < _REMEMBERED:
                self._wanted.add(number)
            return None
        country = self._countries.get(number)
        if country is not None:
            return self._of_country(country)
        if number not in self._countries:
            if len(self._countries) >= _REMEMBERED:
                self._countries.clear()
            self._countries[number] = None
            self._tasks.run(
                lambda: number_words(number).region, lambda region: self._know_country(number, region)
            )
        return None

    def estimate(self, party: str, parts: int) -> Money | None:
        """What a message of so many parts to a number will cost, or None where that is not known."""
        price = self.price(party) if parts else None
        return None if price is None else price.of(parts)

    def _know_country(self, number: str, region: str) -> None:
        self._countries[number] = region
        if self._of_country(region) is not None:
            self.learned.emit()

    def _of_country(self, country: str) -> Price | None:
        if country in self._prices:
            return self._prices[country]
        now, ask = self._clock(), self._ask
        if ask is not None and now - self._asked.get(country, float("-inf")) >= _REST_SECONDS:
            self._asked[country] = now
            self._tasks.run(
                lambda: ask(country),
                lambda price: self._know_price(country, price),
                lambda _: self._failed(),
                lane=self._lane,
            )
        return None

    def _failed(self) -> None:
        """What is not known is not shown; who shows prices asks again after a rest, a few times."""
        self._failures += 1
        if self._failures <= _TRIES:
            self._resting.start()

    def _know_price(self, country: str, price: Price | None) -> None:
        self._prices[country] = price
        if price is not None:
            self.learned.emit()
