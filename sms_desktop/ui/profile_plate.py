"""Where a profile's shape, icon, word and colour are drawn.

The plate in the tool bar, the rail under it, and the ground of Send.

Live is a solid fill, the sandbox a dashed outline: the two can be told apart without colour.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.line import Line
from sms_desktop.ui.style import CONTROL_RADIUS, FOCUS_WIDTH, frame
from sms_desktop.ui.theme import ProfileColours, Theme

RAIL_HEIGHT = 3
_DASH, _SPACE = 10, 6
_ICON = 16
_CHEVRON = 12


def profile_icon(profile: Profile) -> str:
    """The icon of a profile's shape."""
    return "sandbox" if profile.is_sandbox else "live"


def profile_colours(profile: Profile, theme: Theme) -> ProfileColours:
    """The colours of a profile in a theme."""
    return theme.profile(sandbox=profile.is_sandbox, colour=profile.colour)


def paint_profile_ground(painter: QPainter, rect: QRectF, profile: Profile, theme: Theme) -> None:
    """Draw the ground that says which profile acts: dashed for the sandbox, filled for a live one."""
    colours = profile_colours(profile, theme)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.fill)
    painter.drawRoundedRect(rect, CONTROL_RADIUS, CONTROL_RADIUS)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if profile.is_sandbox:
        pen = QPen(colours.outline, 1.5)
        pen.setDashPattern([2.7, 1.6])
        painter.setPen(pen)
        painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), CONTROL_RADIUS, CONTROL_RADIUS)
    else:
        width = 1 if theme.tinted else theme.edge
        frame(painter, rect, colours.outline, width=width)


class ProfilePlate(QAbstractButton):
    """The profile's name, always visible; pressing it opens the menu of profiles."""

    def __init__(self, profile: Profile, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._profile = profile
        self._note = (
            self.tr("Built in, nothing leaves this computer")
            if profile.is_sandbox
            else self.tr("Live account")
        )
        self.setObjectName("profile")
        self.setText(profile.name.replace("&", "&&"))
        self.setAccessibleName(
            self.tr("Profile %1. %2").replace("%1", profile.name).replace("%2", self._note)
        )
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(self.tr("Choose the account that this window shows"))
        self.setAccessibleDescription(self.tr("Opens a menu"))
        appearance.changed.connect(self.updateGeometry)
        appearance.changed.connect(self.update)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Icon, name and note."""
        fonts = self._appearance.fonts
        name = QFontMetricsF(fonts.strong)
        width = 10 + _ICON + 6 + name.horizontalAdvance(self._profile.name)
        width += 8 + QFontMetricsF(fonts.caption).horizontalAdvance(self._note)
        width += 8 + _CHEVRON + 8
        return QSize(round(width) + 1, round(name.lineSpacing() + 12))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, icon, name and note."""
        theme, fonts = self._appearance.theme, self._appearance.fonts
        colours = profile_colours(self._profile, theme)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_profile_ground(painter, QRectF(self.rect()), self._profile, theme)
        line = Line(painter, self, start=10)
        line.icon(self._appearance.icons, profile_icon(self._profile), colours.text, gap=6)
        line.text(self._profile.name, fonts.strong, colours.text, gap=8)
        line.text(self._note, fonts.caption, colours.text, gap=8)
        left, top = line.take(_CHEVRON), (self.height() - _CHEVRON) / 2
        self._appearance.icons.paint(painter, "chevron-down", colours.text, left, top, _CHEVRON)
        if self.hasFocus():
            # The profile's own colours may be close to the accent: the ring stands off the edge.
            rect = QRectF(self.rect()).adjusted(2, 2, -2, -2)
            frame(
                painter, rect, theme.accent if self._profile.is_sandbox else colours.text, width=FOCUS_WIDTH
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Down open the menu too, as on every button with a menu."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.click()
        else:
            super().keyPressEvent(event)


class ProfileRail(QWidget):
    """The line under the tool bar: solid for a live profile, dashed for the sandbox."""

    def __init__(self, profile: Profile, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._profile = profile
        self.setObjectName("profile_rail")
        self.setFixedHeight(RAIL_HEIGHT)
        appearance.changed.connect(self.update)

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        colour = profile_colours(self._profile, self._appearance.theme).outline
        if not self._profile.is_sandbox:
            painter.fillRect(self.rect(), colour)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        starts = range(0, self.width(), _DASH + _SPACE)
        painter.drawRects([QRect(x, 0, _DASH, self.height()) for x in starts])
