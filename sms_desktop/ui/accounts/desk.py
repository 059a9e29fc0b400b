"""What the window has to do with accounts: opens their dialog, and tells the window what an account has.

Made by app once the window was painted.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.ids import ProfileId
from sms_desktop.services.account_book import AccountBook
from sms_desktop.services.prices import Price
from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.accounts.account_news import AccountNews
from sms_desktop.ui.accounts.dialog import AccountsDialog
from sms_desktop.ui.main_window import NEW_ACCOUNT, MainWindow
from sms_desktop.ui.reading import TaskRunner


class AccountsDesk(QObject):
    """The accounts of one window.

    `queued` counts the messages of an account that wait; it is called off the window's thread. Signals:
    `changed(profile)`, an account was added or changed; `removed(id)`.
    """

    changed = Signal(object)
    removed = Signal(str)

    def __init__(
        self, window: MainWindow, *, book: AccountBook, tasks: TaskRunner, queued: Callable[[ProfileId], int]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._book = book
        self._tasks = tasks
        self._queued = queued
        self._dialog: AccountsDialog | None = None
        self._prices: dict[tuple[ProfileId, str], Price | None] = {}
        self.news = AccountNews(book=book, tasks=tasks, parent=self)
        self.news.learned.connect(self._learned)
        window.accounts_asked.connect(self.open)
        window.sent.connect(lambda: self.news.note_sent(window.profile))

    def open(self, which: str) -> None:
        """Show the accounts: the one with the id `which`, a new one, or the one that was shown last."""
        if self._dialog is None:
            self._dialog = AccountsDialog(
                book=self._book,
                tasks=self._tasks,
                queued=self._queued,
                appearance=self._window.appearance,
                parent=self._window,
            )
            self._dialog.saved.connect(self._saved)
            self._dialog.removed.connect(self._removed)
            self._window.closed.connect(self._dialog.close)
        dialog = self._dialog
        dialog.show()
        dialog.activateWindow()

        def found(profiles: tuple[Profile, ...]) -> None:
            dialog.show_profiles(profiles)
            if which == NEW_ACCOUNT:
                dialog.add()
            elif which:
                dialog.show_account(which)

        self._tasks.run(self._book.profiles, found, self._failed, lane="accounts")

    def attend(self, profile: Profile) -> None:
        """The window shows this profile: tell it what its account has."""
        self._learned(profile.id)
        self.news.ask(profile)
        if not profile.is_sandbox:
            self._window.page.compose.prices.ask_with(lambda country: self._price(profile, country))

    def _learned(self, profile: str) -> None:
        if profile == self._window.profile.id:
            self._window.status_line.show_balance(self.news.balance(ProfileId(profile)))
            self._window.page.compose.show_senders(self.news.numbers(ProfileId(profile)))

    def _price(self, profile: Profile, country: str) -> Price | None:
        """Off the window's thread: asked once for each account and country, whoever is shown meanwhile."""
        key = profile.id, country
        if key not in self._prices:
            self._prices[key] = self._book.price(profile, country)
        return self._prices[key]

    def _saved(self, profile: Profile, profiles: tuple[Profile, ...]) -> None:
        self._window.show_profiles(profiles)
        self.news.forget(profile.id)
        self._prices = {key: price for key, price in self._prices.items() if key[0] != profile.id}
        self.changed.emit(profile)

    def _removed(self, profile: str, profiles: tuple[Profile, ...]) -> None:
        self._window.show_profiles(profiles)
        self.news.forget(ProfileId(profile))
        self.removed.emit(profile)

    def _failed(self, error: SmsDesktopError) -> None:
        self._window.show_trouble(error)
