"""What the window remembers about itself between two starts: an ini file.

Read and written by the main window.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from sms_desktop.messages.ids import ProfileId
from sms_desktop.ui.appearance import ThemeChoice


class WindowState:
    """Geometry, splitter, docks, theme, the last conversation, and what was closed for good.

    Without a file nothing is kept.
    """

    def __init__(self, file: Path | None) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat) if file is not None else None

    @property
    def geometry(self) -> QByteArray | None:
        """As `QWidget.saveGeometry` gives it."""
        return self._bytes("window/geometry")

    def keep_geometry(self, geometry: QByteArray) -> None:
        """Remember where the window was."""
        self._keep("window/geometry", geometry)

    @property
    def splitter(self) -> QByteArray | None:
        """As `QSplitter.saveState` gives it."""
        return self._bytes("window/splitter")

    def keep_splitter(self, state: QByteArray) -> None:
        """Remember how wide the list was."""
        self._keep("window/splitter", state)

    @property
    def docks(self) -> QByteArray | None:
        """As `QMainWindow.saveState` gives it."""
        return self._bytes("window/docks")

    def keep_docks(self, state: QByteArray) -> None:
        """Remember where the docks were."""
        self._keep("window/docks", state)

    @property
    def simulator_shown(self) -> bool:
        """True if the simulator was open."""
        return self._text("window/simulator") == "yes"

    def keep_simulator_shown(self, shown: bool) -> None:
        """Remember whether the simulator is open."""
        self._keep("window/simulator", "yes" if shown else "no")

    @property
    def part_map_shown(self) -> bool:
        """True if the part map under the editor was open."""
        return self._text("window/part_map") == "yes"

    def keep_part_map_shown(self, shown: bool) -> None:
        """Remember whether the part map is open."""
        self._keep("window/part_map", "yes" if shown else "no")

    @property
    def theme(self) -> ThemeChoice:
        """What the person chose under View."""
        kept = self._text("window/theme")
        return ThemeChoice(kept) if kept in set(ThemeChoice) else ThemeChoice.SYSTEM

    def keep_theme(self, choice: ThemeChoice) -> None:
        """Remember the choice."""
        self._keep("window/theme", choice.value)

    def last_party(self, profile: ProfileId) -> str | None:
        """The conversation that was open last."""
        return self._text(f"last/{profile}") or None

    def keep_last_party(self, profile: ProfileId, party: str) -> None:
        """Remember the open conversation."""
        self._keep(f"last/{profile}", party)

    @property
    def first_start_closed(self) -> bool:
        """True after the card of the first start was closed: it never comes back by itself."""
        return self._text("closed/first_start") == "yes"

    def keep_first_start_closed(self) -> None:
        """Remember that the card was closed."""
        self._keep("closed/first_start", "yes")

    def _bytes(self, key: str) -> QByteArray | None:
        value = self._settings.value(key) if self._settings is not None else None
        return value if isinstance(value, QByteArray) else None

    def _text(self, key: str) -> str:
        value = self._settings.value(key) if self._settings is not None else None
        return value if isinstance(value, str) else ""

    def _keep(self, key: str, value: object) -> None:
        if self._settings is not None:
            self._settings.setValue(key, value)
