"""Connects an account to its relay, and asks before what leads elsewhere is changed. Used by the dialog."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.services.account_book import AccountBook
from sms_desktop.services.connection import Change, Changed
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import SecretName
from sms_desktop.ui.accounts.notice import Notice
from sms_desktop.ui.reading import TaskRunner


class Connecting(QObject):
    """Speaks through the dialog's notice.

    Signals: `says(words)`, what is going on; `connected(profile, words)`; `failed(error)`. After `stop`,
    nothing of a call that is under way is told.
    """

    says = Signal(str)
    connected = Signal(str)
    failed = Signal(object)

    def __init__(self, notice: Notice, *, book: AccountBook, tasks: TaskRunner) -> None:
        super().__init__(notice)
        self._notice = notice
        self._book = book
        self._tasks = tasks
        self._asked = 0

    def stop(self) -> None:
        """Another account is looked at."""
        self._asked += 1

    def connect_account(
        self, profile: Profile, typed: Mapping[SecretName, str], *, replacing: bool = False
    ) -> None:
        """Have the gateway lead an account to its relay; `replacing` also what leads elsewhere now."""
        secrets = dict(typed)
        self._asked += 1
        asked = self._asked
        self._notice.clear()
        self.says.emit(self.tr("Connecting"))

        def done(changes: tuple[Change, ...]) -> None:
            if asked == self._asked:
                self.says.emit("")
                self.connected.emit("\n".join(self._words(change) for change in changes))

        def failed(error: SmsDesktopError) -> None:
            if asked != self._asked:
                return
            self.says.emit("")
            if error.field == "replace":
                self._ask(error, profile, secrets)
            else:
                self.failed.emit(error)

        self._tasks.run(
            lambda: self._book.connect(profile, secrets, replacing=replacing), done, failed, lane="calls"
        )

    def _ask(self, error: SmsDesktopError, profile: Profile, secrets: Mapping[SecretName, str]) -> None:
        self._notice.say(
            error.message,
            self.tr("Whoever listens there hears no more of this account."),
            ("leave_address", self.tr("Leave it"), "", self._notice.clear),
            (
                "replace_address",
                self.tr("Lead it to my relay"),
                "link",
                lambda: self.connect_account(profile, secrets, replacing=True),
            ),
        )

    def _words(self, change: Change) -> str:
        words = {
            Changed.REPLIES: self.tr("Replies go to %1"),
            Changed.RECEIPTS: self.tr("Receipts go to %1"),
            Changed.NUMBER: self.tr("Replies to %2 go to %1"),
            Changed.REGISTRATION: self.tr("What %2 answers goes to %1"),
        }[change.what]
        return words.replace("%1", change.address).replace("%2", change.subject or "")
