"""Opens and closes the simulator beside the page, and remembers whether it is open.

Made by the main window for the sandbox's page; the simulator itself is made when it is first opened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.conversations.page import ConversationPage
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.window_state import WindowState

if TYPE_CHECKING:
    from sms_desktop.services.rehearsal import Simulator
    from sms_desktop.ui.simulator.dock import SimulatorDock


class SimulatorDesk(QObject):
    """`simulator` gives the sandbox's, `own` is the number or name that the page sends from."""

    def __init__(
        self,
        *,
        simulator: Callable[[], Simulator],
        page: ConversationPage,
        own: str,
        tasks: TaskRunner,
        state: WindowState,
        appearance: Appearance,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._simulator = simulator
        self._page = page
        self._own = own
        self._tasks = tasks
        self._state = state
        self._appearance = appearance
        self._window = window
        self._dock: SimulatorDock | None = None

    @Slot()
    def toggle(self) -> None:
        """Open it and lead there, or close it."""
        shown = self._dock is None or self._dock.isHidden()
        dock = self._made()
        dock.setVisible(shown)
        if shown:
            dock.widget().setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._page.refocus()

    def reopen(self) -> None:
        """Open it if it was open when the window was closed."""
        if self._state.simulator_shown:
            self._made()

    def region(self) -> QWidget | None:
        """Where the keyboard goes; None while it is closed."""
        return self._dock.widget() if self._dock is not None and self._dock.isVisible() else None

    def refresh(self) -> None:
        """Another conversation may be open, or something of it may have changed."""
        if self._dock is not None:
            self._dock.refresh()

    def keep(self) -> None:
        """Remember where it stands and whether it is open."""
        if self._dock is not None:
            self._state.keep_docks(self._window.saveState())
            self._state.keep_simulator_shown(not self._dock.isHidden())

    def end(self) -> None:
        """Take it away: another profile is shown."""
        self.keep()
        if self._dock is not None:
            self._window.removeDockWidget(self._dock)
            self._dock.deleteLater()
        self.deleteLater()

    def _made(self) -> SimulatorDock:
        if self._dock is None:
            from sms_desktop.ui.simulator.dock import SimulatorDock  # testers open it

            dock = self._dock = SimulatorDock(
                simulator=self._simulator(),
                tasks=self._tasks,
                page=self._page,
                own=self._own,
                appearance=self._appearance,
                parent=self._window,
            )
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            dock.left.connect(self._page.refocus)
            entry = self._window.findChild(QAction, "action_simulator")
            if entry is not None:
                dock.visibilityChanged.connect(lambda _: entry.setChecked(not dock.isHidden()))
                entry.setChecked(True)
            self._window.restoreDockWidget(dock)
            dock.show()
        return self._dock
