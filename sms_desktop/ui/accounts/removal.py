"""Asks before an account is removed, then has it removed. Used by the dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from sms_desktop.messages.ids import ProfileId
from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.accounts.drafts import AccountDraft
from sms_desktop.ui.accounts.notice import Notice
from sms_desktop.ui.accounts.saving import Saving
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.reading import TaskRunner


class Removal(QObject):
    """Speaks through the dialog's notice; `queued` counts the messages of an account that wait.

    Signals: `dropped(draft)`, a new account was given up; `removed(draft, found)`, an account is gone, with
    what Saving found; `failed(error)`. After `stop`, nothing that was not confirmed is asked any more.
    """

    dropped = Signal(object)
    removed = Signal(object, object)
    failed = Signal(object)

    def __init__(
        self, notice: Notice, *, saving: Saving, tasks: TaskRunner, queued: Callable[[ProfileId], int]
    ) -> None:
        super().__init__(notice)
        self._notice = notice
        self._saving = saving
        self._tasks = tasks
        self._queued = queued
        self._asked: AccountDraft | None = None

    def stop(self) -> None:
        """Another account is looked at."""
        self._asked = None

    def ask(self, draft: AccountDraft) -> None:
        """Ask whether an account is to go; one that is new and empty goes at once."""
        self._asked = draft
        profile = draft.saved
        if profile is not None:
            self._tasks.run(
                lambda: self._queued(profile.id),
                lambda queued: self._confirm(draft, profile, queued),
                self.failed.emit,
            )
        elif draft.is_changed:
            self._notice.say(
                self.tr("Discard this new account?"),
                self.tr("What you typed for it is lost."),
                ("keep_account", self.tr("Keep it"), "", self._notice.clear),
                ("confirm_remove", self.tr("Discard it"), "trash", lambda: self.dropped.emit(draft)),
            )
            self._focus()
        else:
            self.dropped.emit(draft)

    def _confirm(self, draft: AccountDraft, profile: Profile, queued: int) -> None:
        if draft is not self._asked:
            return
        words = self.tr("Its secrets are removed from the keyring. Its messages stay on this computer.")
        if queued:
            words += " " + self.tr("%n message(s) that wait are not sent without it.", "", queued)
        self._notice.say(
            self.tr("Remove the account %1?").replace("%1", one_line(profile.name)),
            words,
            ("keep_account", self.tr("Keep it"), "", self._notice.clear),
            ("confirm_remove", self.tr("Remove it"), "trash", lambda: self._remove(draft, profile)),
        )
        self._focus()

    def _focus(self) -> None:
        """Enter keeps the account."""
        keep = self._notice.findChild(QWidget, "keep_account")
        if isinstance(keep, QWidget):
            keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, draft: AccountDraft, profile: Profile) -> None:
        if not self._saving.busy:
            self._notice.clear()
            self._saving.remove(profile.id, lambda found: self.removed.emit(draft, found), self.failed.emit)
