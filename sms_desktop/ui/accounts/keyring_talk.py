"""What is said when the keyring is missing, locked or silent, and what can be done. Used by the dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from sms_desktop.settings.secrets import KeyringTrouble, KeyringUnavailable
from sms_desktop.ui.accounts.notice import Action, Notice


class KeyringTalk(QObject):
    """Speaks through the dialog's notice; `keep_in_memory` saves the account without the keyring."""

    def __init__(self, notice: Notice, *, keep_in_memory: Callable[[], None]) -> None:
        super().__init__(notice)
        self._notice = notice
        self._keep_in_memory = keep_in_memory

    def tell(self, error: KeyringUnavailable, *, again: Callable[[], None]) -> None:
        """Say what is wrong with the keyring, and offer to do without."""
        if error.trouble is KeyringTrouble.ABSENT:
            self._notice.say(
                self.tr("No keyring was found."),
                self.tr("Secrets are never written into a file. They can be kept in memory until you quit."),
                self._memory(),
                ("install_keyring", self.tr("How to install one"), "info", self.tell_install),
            )
            return
        words = {
            KeyringTrouble.LOCKED: self.tr("The keyring is locked."),
            KeyringTrouble.SILENT: self.tr("The keyring does not answer."),
        }.get(error.trouble, error.message)
        self._notice.say(
            words,
            self.tr("Unlock it and try again. What you typed is still here."),
            ("try_keyring", self.tr("Try again"), "retry", again),
            self._memory(),
        )

    def tell_install(self) -> None:
        """Say how to get a keyring."""
        self._notice.say(
            self.tr("How to install a keyring"),
            self.tr(
                "Install the package gnome-keyring (GNOME and others), kwalletmanager (KDE) or keepassxc "
                "with its Secret Service switched on; then log out and in again. Until then secrets can be "
                "kept in memory."
            ),
            self._memory(),
        )

    def _memory(self) -> Action:
        return "keep_in_memory", self.tr("Keep it in memory until quit"), "clock", self._keep_in_memory
