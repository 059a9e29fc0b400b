"""The button that sends, in the shape and colour of the profile that pays for it.

Part of the compose pane.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.line import Line
from sms_desktop.ui.profile_plate import paint_profile_ground, profile_colours, profile_icon
from sms_desktop.ui.style import FOCUS_WIDTH, frame

_ICON = 16
_KEYS = "Ctrl+↵"
_NAME_GAP = 8
_LONGEST_NAME = 22  # characters of the font


class SendButton(QPushButton):
    """Says what it will do: `Send in Sandbox · 3 parts`, or `Queue · 1 part` while sending waits.

    A live account's name stands beside that where there is room. Never disabled.
    """

    def __init__(self, profile: Profile, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._profile = profile
        self._label = ""
        self._queues = False
        self.setObjectName("send")
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setToolTip(profile.name)
        appearance.changed.connect(self.updateGeometry)
        appearance.changed.connect(self.update)
        self.show_parts(0, queues=False)

    def show_parts(self, parts: int, *, queues: bool) -> None:
        """Say how many parts will go, none for an empty text, and whether they will wait."""
        self._queues = queues
        if queues:
            what = self.tr("Queue")
        elif self._profile.is_sandbox:
            what = self.tr("Send in Sandbox")
        else:
            what = self.tr("Send")
        number = self.tr("%n part(s)", "", parts)
        label = f"{what} · {number}" if parts else what
        if label != self._label:
            self._label = label
            self.setText(label)
            kind = self.tr("sandbox") if self._profile.is_sandbox else self.tr("live")
            self.setAccessibleName(f"{label}, {self._profile.name}, {kind}")
            self.updateGeometry()
            self.update()

    @property
    def label(self) -> str:
        """What the button says."""
        return self._label

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Icon, label, the live account's name, and keys."""
        least, name = self.minimumSizeHint(), self._name()
        if not name:
            return least
        width = QFontMetricsF(self._appearance.fonts.caption).horizontalAdvance(name)
        return QSize(round(least.width() + width + _NAME_GAP), least.height())

    def minimumSizeHint(self) -> QSize:
        """Icon, label and keys: the label is never cut."""
        fonts = self._appearance.fonts
        strong = QFontMetricsF(fonts.strong)
        width = 11 + _ICON + 7 + strong.horizontalAdvance(self._label)
        width += 12 + QFontMetricsF(fonts.caption).horizontalAdvance(_KEYS) + 12
        return QSize(round(width) + 1, max(32, round(strong.lineSpacing() + 14)))

    def _name(self) -> str:
        if self._profile.is_sandbox:
            return ""
        metrics = QFontMetricsF(self._appearance.fonts.caption)
        widest = _LONGEST_NAME * metrics.averageCharWidth()
        return metrics.elidedText(one_line(self._profile.name), Qt.TextElideMode.ElideRight, widest)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, icon, label, keys and focus."""
        theme, fonts = self._appearance.theme, self._appearance.fonts
        colours = profile_colours(self._profile, theme)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_profile_ground(painter, QRectF(self.rect()), self._profile, theme)
        if self.isDown() or self.underMouse():
            frame(painter, QRectF(self.rect()), colours.outline, width=2)
        icon = "queue" if self._queues else profile_icon(self._profile)
        line = Line(painter, self, start=11)
        line.icon(self._appearance.icons, icon, colours.text, gap=7)
        named = self._name() if self.width() >= self.sizeHint().width() else ""
        line.text(self._label, fonts.strong, colours.text, gap=_NAME_GAP if named else 12)
        if named:
            line.text(named, fonts.caption, colours.text, gap=12)
        line.text(_KEYS, fonts.caption, colours.text)
        if self.hasFocus():
            # The profile's own colours may be close to the accent: the ring stands off the edge.
            frame(
                painter,
                QRectF(self.rect()).adjusted(2, 2, -2, -2),
                theme.accent if self._profile.is_sandbox else colours.text,
                width=FOCUS_WIDTH,
            )
