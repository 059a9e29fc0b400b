"""Balance and own numbers of the accounts, asked seldom and remembered. Made by app.

The balance is asked at the start and some seconds after messages were sent, never more than once a minute;
the numbers once.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from sms_desktop.messages.ids import ProfileId
from sms_desktop.services.account_book import AccountBook
from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.reading import TaskRunner

SETTLING_MS = 8_000
"""Milliseconds after a message was sent: by then the gateway has charged it."""
_REST_SECONDS = 60.0
_LANE = "calls"


class AccountNews(QObject):
    """What is known of each account. Failures are quiet: sending says by itself what is wrong.

    Signals: `learned(id)`, something about an account is known now.
    """

    learned = Signal(str)

    def __init__(
        self,
        *,
        book: AccountBook,
        tasks: TaskRunner,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._book = book
        self._tasks = tasks
        self._clock = clock
        self._balances: dict[ProfileId, str] = {}
        self._numbers: dict[ProfileId, tuple[str, ...]] = {}
        self._asked: dict[ProfileId, float] = {}
        self._wanted: Profile | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._settled)

    def balance(self, profile: ProfileId) -> str | None:
        """The balance with its currency, as it was told last."""
        return self._balances.get(profile)

    def numbers(self, profile: ProfileId) -> tuple[str, ...]:
        """The account's own numbers that can send."""
        return self._numbers.get(profile, ())

    def ask(self, profile: Profile) -> None:
        """Learn what is not known yet; nothing happens for the sandbox."""
        if profile.is_sandbox:
            return
        if profile.id not in self._balances:
            self._ask_balance(profile)
        if profile.id not in self._numbers:
            self._tasks.run(
                lambda: self._book.numbers(profile, {}),
                lambda numbers: self._know_numbers(profile.id, numbers),
                lambda _: None,
                lane=_LANE,
            )

    def note_sent(self, profile: Profile) -> None:
        """A message was sent: the balance is another one soon."""
        if profile.is_sandbox:
            return
        self._wanted = profile
        rested = self._clock() - self._asked.get(profile.id, float("-inf"))
        wait = max(SETTLING_MS, round((_REST_SECONDS - rested) * 1000))
        if not self._timer.isActive():
            self._timer.start(wait)

    def forget(self, profile: ProfileId) -> None:
        """The account was changed or removed."""
        self._balances.pop(profile, None)
        self._numbers.pop(profile, None)
        self._asked.pop(profile, None)

    def _settled(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._ask_balance(wanted)

    def _ask_balance(self, profile: Profile) -> None:
        self._asked[profile.id] = self._clock()
        self._tasks.run(
            lambda: self._book.balance(profile),
            lambda balance: self._know_balance(profile.id, balance),
            lambda _: None,
            lane=_LANE,
        )

    def _know_balance(self, profile: ProfileId, balance: str | None) -> None:
        if balance is not None:
            self._balances[profile] = balance
            self.learned.emit(profile)

    def _know_numbers(self, profile: ProfileId, numbers: tuple[str, ...]) -> None:
        self._numbers[profile] = numbers
        self.learned.emit(profile)
