"""The whole program at a temporary place, its keyring in hand, and hands to work with its accounts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from sms_desktop.app import Console
from sms_desktop.settings import profiles
from sms_desktop.settings.paths import Places, make_private
from sms_desktop.settings.profiles import SANDBOX, Profile
from sms_desktop.settings.secrets import KeyringSecrets
from sms_desktop.ui.accounts.dialog import AccountsDialog

W = TypeVar("W", bound=QWidget)
SOON = 15_000


class Office:
    """A console with these accounts, showing `shown`."""

    def __init__(
        self,
        qtbot: QtBot,
        application: QApplication,
        folder: Path,
        *accounts: Profile,
        shown: Profile = SANDBOX,
        keyring_seconds: float = 0.4,
    ) -> None:
        self.qtbot = qtbot
        self.application = application
        self.places = Places(folder / "data", folder / "config", folder / "state")
        for place in (self.places.data, self.places.config, self.places.state):
            make_private(place)
        profiles.save(self.places.profiles, (SANDBOX, *accounts))
        self.console = Console(
            application,
            shown,
            self.places,
            profiles=profiles.load(self.places.profiles),
            keyring=KeyringSecrets(seconds=keyring_seconds),
        )
        self.window = self.console.window
        self.console.show()
        self.window.activateWindow()
        self.wait(lambda: self.console.ready)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End everything."""
        self.window.close()
        self.console.stop()
        self.window.deleteLater()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait for something to become true, with a deadline."""
        self.qtbot.waitUntil(condition, timeout=SOON)

    @property
    def dialog(self) -> AccountsDialog:
        """The window of the accounts, which was opened."""
        found = self.window.findChild(AccountsDialog)
        assert found is not None
        return found

    def open_accounts(self) -> AccountsDialog:
        """Open the accounts with the key, as from anywhere, and wait until they are listed."""
        entry = self.window.findChild(QAction, "action_accounts")
        assert isinstance(entry, QAction)
        entry.trigger()
        listed = len(profiles.load(self.places.profiles)) - 1
        self.wait(lambda: self.dialog.list.view.count() >= listed)
        return self.dialog

    def find(self, kind: type[W], name: str) -> W:
        """A widget of the dialog, else of the window, by its object name."""
        dialogs: list[QWidget] = list(self.window.findChildren(AccountsDialog))
        for place in (*dialogs, self.window):
            found = place.findChild(kind, name)
            if found is not None:
                return found
        raise AssertionError(name)

    def there(self, name: str) -> bool:
        """True if a widget of the dialog is shown."""
        found = self.dialog.findChild(QWidget, name)
        return isinstance(found, QWidget) and found.isVisible()

    def press(self, name: str) -> None:
        """Click a button, once it is there."""
        self.wait(lambda: self.there(name))
        QTest.mouseClick(self.find(QWidget, name), Qt.MouseButton.LeftButton)

    def type(self, name: str, text: str) -> None:
        """Type into a field of the form, in place of what stands there."""
        edit = self.edit(name)
        edit.selectAll()
        edit.setFocus()
        QTest.keyClicks(edit, text)

    def edit(self, name: str) -> QLineEdit:
        """The line of a field."""
        found = self.find(QWidget, f"field_{name}")
        if isinstance(found, QComboBox):
            line = found.lineEdit()
            assert line is not None
            return line
        assert isinstance(found, QLineEdit)
        return found

    def choose(self, name: str, value: str) -> None:
        """Choose a value, as with the keyboard: the choice is told."""
        box = self.find(QComboBox, f"field_{name}")
        at = box.findData(value)
        assert at >= 0, value
        box.setCurrentIndex(at)
        box.activated.emit(at)

    def words(self, name: str) -> str:
        """What stands under a field."""
        label = f"words_{name}"
        return self.find(QLabel, label).text() if self.there(label) else ""

    def text(self, name: str) -> str:
        """What a label says."""
        return self.find(QLabel, name).text()

    def edit_sender(self) -> str:
        """What stands under From."""
        return self.window.page.compose.sender_field.text()

    def profiles(self) -> tuple[Profile, ...]:
        """The accounts that are kept."""
        return profiles.load(self.places.profiles)[1:]
