"""The real window on a real store, without a network, and hands to drive it with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sms_desktop.background.feed import Feed
from sms_desktop.background.tasks import LANES, Tasks
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.providers import Provider
from sms_desktop.services.handsets import handsets
from sms_desktop.services.outbox import Outbox
from sms_desktop.services.rehearsal import Simulator
from sms_desktop.settings.profiles import SANDBOX, Profile
from sms_desktop.store import conversations, messages
from sms_desktop.store.database import Store
from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.delivery import MainThread
from sms_desktop.ui.main_window import MainWindow
from sms_desktop.ui.times import now_us
from sms_desktop.ui.window_state import WindowState
from tests.fakes.desk import Desk

W = TypeVar("W", bound=QWidget)
LIVE = replace(
    SANDBOX,
    id=ProfileId("helpdesk"),
    name="Helpdesk NL",
    provider=Provider.VONAGE,
    api_key="abcd1234",
    sender="319701052200",
)


class Desktop:
    """A window and the store behind it."""

    def __init__(self, qtbot: QtBot, application: QApplication, folder: Path, profile: Profile) -> None:
        self.qtbot = qtbot
        self.profile = profile
        self.folder = folder
        self.store = Store(folder / "store.db")
        self.outbox = Outbox(self.store)
        self.desk = Desk(self.store, profile, now_us())
        self.tried: list[int] = []
        self._application = application
        self.appearance = Appearance(application)
        self._deliver = MainThread(application)
        self.tasks = Tasks(self._deliver)

    def build(self) -> MainWindow:
        """Make the window, not shown yet."""
        self.window = MainWindow(
            profile=self.profile,
            store=self.store,
            outbox=lambda: self.outbox,
            tasks=self.tasks,
            handsets=handsets() if self.profile.is_sandbox else (),
            try_now=lambda: self.tried.append(1),
            simulator=(lambda: Simulator(self.folder)) if self.profile.is_sandbox else None,
            window_state=self.folder / "window.ini",
            appearance=self.appearance,
        )
        self._feed = Feed(self.window.apply_changes, self._deliver)
        self.store.subscribe(self._feed.take)
        self.qtbot.addWidget(self.window)
        return self.window

    def open(self, party: str | None = None) -> MainWindow:
        """Show the window with the conversation that was open last time; wait until its list is there."""
        if party is not None:
            WindowState(self.folder / "window.ini").keep_last_party(self.profile.id, party)
        window = self.build()
        with self.qtbot.waitSignal(window.list_loaded):
            window.show()
            window.activateWindow()
        self.settle()
        return window

    def close(self) -> None:
        """Close the window, then what stands behind it."""
        if hasattr(self, "window"):
            self.window.close()
        self.tasks.stop()
        self.store.close()

    def settle(self) -> None:
        """Wait until all lanes have answered what was asked so far, and what that asked for in turn."""
        for _ in range(3):
            for lane in LANES:
                answered: list[int] = []
                self.tasks.run(lambda: 0, answered.append, lane=lane)
                self.qtbot.waitUntil(lambda answered=answered: bool(answered))  # type: ignore[misc]

    def find(self, kind: type[W], name: str) -> W:
        """A widget by its object name."""
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, name: str) -> None:
        """Click a button."""
        QTest.mouseClick(self.find(QWidget, name), Qt.MouseButton.LeftButton)

    def keys(self, widget: QWidget, text: str) -> None:
        """Type ASCII."""
        QTest.keyClicks(widget, text)

    def say(self, widget: QWidget, text: str) -> None:
        """Type anything, as an input method does."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        self._application.sendEvent(widget, event)

    def shortcut(
        self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier
    ) -> None:
        """Press a key of the window, wherever the focus is."""
        QTest.keyClick(self._application.focusWidget() or self.window, key, modifiers)

    def action(self, name: str) -> QAction:
        """An entry of the menu bar."""
        found = self.window.findChild(QAction, f"action_{name}")
        assert isinstance(found, QAction), name
        return found

    def action_of_menu(self, name: str) -> QAction:
        """An entry of the profile button's menu, which is open."""
        found = self.window.findChild(QAction, name)
        assert isinstance(found, QAction), name
        return found

    def sent(self, party: str) -> tuple[MessageRow, ...]:
        """What the store holds for `party`."""
        with self.store.read() as db:
            conversation = conversations.find(db, self.profile.id, party)
            return () if conversation is None else messages.page(db, conversation, limit=100)

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait for something to become true, with a deadline."""
        self.qtbot.waitUntil(condition, timeout=3_000)
