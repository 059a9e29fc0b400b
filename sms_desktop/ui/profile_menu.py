"""The menu of the profile button: which account the window shows, and the way to the accounts.

Opened by the window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.profile_plate import profile_colours, profile_icon

_CHIP = 20
_ICON = 14


@dataclass(frozen=True, slots=True)
class ProfileCommands:
    """What the entries do; `about` is None where there is no Sandbox to tell about."""

    choose: Callable[[Profile], None]
    about: Callable[[], None] | None
    change: Callable[[], None] | None
    add: Callable[[], None]
    accounts: Callable[[], None]


class ProfileMenu(QMenu):
    """One entry for each profile, the shown one marked; then what can be done with accounts."""

    def __init__(
        self,
        profiles: tuple[Profile, ...],
        shown: Profile,
        commands: ProfileCommands,
        *,
        appearance: Appearance,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("profile_menu")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._ratio = parent.devicePixelRatioF()
        self._appearance = appearance
        group = QActionGroup(self)
        for profile in profiles:
            entry = self._entry(f"choose_{profile.id}", _label(profile, self._kind(profile)))
            entry.setIcon(profile_chip(profile, appearance, self._ratio))
            entry.setCheckable(True)
            entry.setChecked(profile.id == shown.id)
            group.addAction(entry)
            entry.triggered.connect(_choosing(commands.choose, profile))
            if profile.id == shown.id:
                self.setActiveAction(entry)
        self.addSeparator()
        if commands.about is not None:
            self._entry("profile_about", self.tr("About the &Sandbox"), commands.about)
        if commands.change is not None:
            name = one_line(shown.name).replace("&", "&&")
            self._entry("profile_change", self.tr("&Change or test %1…").replace("%1", name), commands.change)
        self._entry("profile_add", self.tr("&Add an account…"), commands.add)
        self._entry("profile_accounts", self.tr("A&ccounts…"), commands.accounts)

    def _kind(self, profile: Profile) -> str:
        return self.tr("built in") if profile.is_sandbox else self.tr("live account")

    def _entry(self, name: str, label: str, act: Callable[[], None] | None = None) -> QAction:
        entry = QAction(label, self)
        entry.setObjectName(name)
        if act is not None:
            entry.triggered.connect(lambda: act())
        self.addAction(entry)
        return entry


def profile_chip(profile: Profile, appearance: Appearance, ratio: float) -> QIcon:
    """A profile's shape, icon and colour, small: dashed for the sandbox, filled for a live account."""
    theme = appearance.theme
    colours = profile_colours(profile, theme)
    pixmap = QPixmap(round(_CHIP * ratio), round(_CHIP * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colours.outline, 1.5)
    if profile.is_sandbox:
        pen.setDashPattern([1.8, 1.4])
    painter.setPen(pen)
    painter.setBrush(colours.fill)
    painter.drawRoundedRect(QRectF(0.75, 0.75, _CHIP - 1.5, _CHIP - 1.5), 4, 4)
    inset = (_CHIP - _ICON) / 2
    appearance.icons.paint(painter, profile_icon(profile), colours.text, inset, inset, _ICON)
    painter.end()
    return QIcon(pixmap)


def _label(profile: Profile, kind: str) -> str:
    name = one_line(profile.name).replace("&", "&&")
    return f"{name} · {kind}"


def _choosing(choose: Callable[[Profile], None], profile: Profile) -> Callable[[], None]:
    return lambda: choose(profile)
