"""Keeps and removes accounts off the window's thread, and says when that takes long. Used by the dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.ids import ProfileId
from sms_desktop.services.account_book import AccountBook
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import SecretName
from sms_desktop.ui.reading import TaskRunner

_PATIENCE_MS = 1_000
_LANE = "accounts"

Removed = tuple[tuple[Profile, ...], str | None]


class Saving(QObject):
    """One thing at a time; what is asked meanwhile is not begun.

    Signals: `says(words)`, what is going on, "" when it is over.
    """

    says = Signal(str)

    def __init__(self, *, book: AccountBook, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._tasks = tasks
        self._busy = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._grow_impatient)

    @property
    def busy(self) -> bool:
        """True while something is being kept or removed."""
        return self._busy

    def save(
        self,
        profile: Profile,
        typed: Mapping[SecretName, str],
        done: Callable[[tuple[Profile, ...]], None],
        failed: Callable[[SmsDesktopError], None],
        *,
        in_memory: bool,
    ) -> None:
        """Keep an account and the secrets that were typed; `done` gets all profiles."""
        secrets = dict(typed)
        self._begin(self.tr("Saving"))
        self._tasks.run(
            lambda: self._book.save(profile, secrets, in_memory=in_memory),
            lambda profiles: self._end(lambda: done(profiles)),
            lambda error: self._end(lambda: failed(error)),
            lane=_LANE,
        )

    def remove(
        self,
        profile: ProfileId,
        done: Callable[[Removed], None],
        failed: Callable[[SmsDesktopError], None],
    ) -> None:
        """Remove an account with its secrets; `done` gets what is left, and what kept secrets from going."""
        self._begin(self.tr("Removing"))
        self._tasks.run(
            lambda: self._book.remove(profile),
            lambda found: self._end(lambda: done(found)),
            lambda error: self._end(lambda: failed(error)),
            lane=_LANE,
        )

    def _begin(self, words: str) -> None:
        self._busy = True
        self._patience.start()
        self.says.emit(words)

    def _end(self, then: Callable[[], None]) -> None:
        self._busy = False
        self._patience.stop()
        self.says.emit("")
        then()

    def _grow_impatient(self) -> None:
        self.says.emit(self.tr("Waiting for the keyring; it may be asking you to unlock it"))
