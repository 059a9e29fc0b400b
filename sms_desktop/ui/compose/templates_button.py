"""The button that opens templates and requests; an icon alone where the row is narrow. Part of the pane."""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook

_NARROW_LINES = 40.0  # 720 pixels where a line is 18


class TemplatesButton(Button):
    """Says what it opens in a wide row, and always in its tool tip and its spoken name."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__("", appearance=appearance, icon="template", look=ButtonLook.PLAIN, parent=parent)
        self.setObjectName("templates")
        self.setToolTip(self.tr("Templates and requests (Ctrl+T)"))
        self.fit(0)

    def fit(self, width: int) -> None:
        """Show the word where the row has this much room and that is enough."""
        narrow = width < QFontMetricsF(self._appearance.fonts.body).lineSpacing() * _NARROW_LINES
        self.set_label("" if narrow else self.tr("Templates"))
        self.setAccessibleName(self.tr("Templates"))
