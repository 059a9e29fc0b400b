"""The look that is in force: theme, fonts and icons, following the system and the person's choice.

Made once by app.

Widgets take it as an argument, read it while painting, and repaint when `changed` is emitted.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from sms_desktop.ui.fonts import Fonts, fonts_for
from sms_desktop.ui.icons import Icons
from sms_desktop.ui.style import LineStyle
from sms_desktop.ui.theme import DARK, LIGHT, Scheme, Theme, high_contrast


class ThemeChoice(StrEnum):
    """What the person chose under View."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Appearance(QObject):
    """Theme, fonts and icons of the running application.

    Signals: `changed`, after any of them changed; the application's palette is set by then.
    """

    changed = Signal()

    def __init__(self, application: QApplication, *, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._forced_contrast = False
        self.icons = Icons()
        self.fonts: Fonts = fonts_for(application.font())
        self.theme: Theme = LIGHT
        self._style = LineStyle(self)
        application.setStyle(self._style)
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self.refresh)
        if hasattr(hints, "accessibility"):  # Qt 6.10 and later
            hints.accessibility().contrastPreferenceChanged.connect(self.refresh)
        self._request_scheme()
        self.refresh()

    @property
    def choice(self) -> ThemeChoice:
        """What the person chose."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Use another theme from now on."""
        if choice is not self._choice:
            self._choice = choice
            self._request_scheme()
            self.refresh()

    def force_contrast(self, forced: bool) -> None:
        """Use the high contrast theme although the system does not ask for it."""
        self._forced_contrast = forced
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Look again at the system's colours, contrast and font, and announce what changed."""
        fonts = fonts_for(self._application.font())
        scheme = self._scheme()
        if scheme is Scheme.CONTRAST:
            self._application.setPalette(QPalette())
            theme = high_contrast(self._application.palette())
        else:
            theme = DARK if scheme is Scheme.DARK else LIGHT
        if theme == self.theme and fonts == self.fonts and self._application.palette() == theme.palette():
            return
        self.theme, self.fonts = theme, fonts
        if scheme is not Scheme.CONTRAST:
            self._application.setPalette(theme.palette())
        self.changed.emit()

    def _scheme(self) -> Scheme:
        if self._forced_contrast or self._system_asks_for_contrast():
            return Scheme.CONTRAST
        if self._choice is ThemeChoice.SYSTEM:
            dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        else:
            dark = self._choice is ThemeChoice.DARK
        return Scheme.DARK if dark else Scheme.LIGHT

    def _system_asks_for_contrast(self) -> bool:
        hints = self._application.styleHints()
        if not hasattr(hints, "accessibility"):
            return False
        return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast

    def _request_scheme(self) -> None:
        # Tells the platform too, so that title bars and file dialogs match.
        scheme = {
            ThemeChoice.SYSTEM: Qt.ColorScheme.Unknown,
            ThemeChoice.LIGHT: Qt.ColorScheme.Light,
            ThemeChoice.DARK: Qt.ColorScheme.Dark,
        }[self._choice]
        self._application.styleHints().setColorScheme(scheme)
