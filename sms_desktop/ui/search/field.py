"""The field in the window's bar in which a search begins. Made by the main window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from sms_desktop.ui.appearance import Appearance

_WIDEST = 52  # characters of the font
_LONGEST = 200
_ICON = 16


class SearchField(QLineEdit):
    """Signals: `typed(text)`, as the person types; `entered()`, Enter; `left()`, Esc; `down()`, the arrow."""

    typed = Signal(str)
    entered = Signal()
    left = Signal()
    down = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setObjectName("search")
        self.setAccessibleName(self.tr("Search"))
        self.setPlaceholderText(self.tr("Search messages, numbers, ids"))
        self.setToolTip(self.tr("Search everything (Ctrl+Shift+F)"))
        self.setMaxLength(_LONGEST)
        self.setTextMargins(_ICON + 8, 0, 4, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textEdited.connect(self.typed)
        self.returnPressed.connect(self.entered)
        appearance.changed.connect(self._restyle)
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        self.setFixedHeight(round(self.fontMetrics().lineSpacing() + 12))
        self.setMaximumWidth(_WIDEST * self.fontMetrics().averageCharWidth())

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the glass before the words."""
        super().paintEvent(event)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self.width() - 8 - _ICON if mirrored else 8
        icons, ink = self._appearance.icons, self._appearance.theme.text2
        icons.paint(QPainter(self), "search", ink, x, (self.height() - _ICON) / 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, the arrow leads to what was found."""
        match event.key():
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Down:
                self.down.emit()
            case _:
                super().keyPressEvent(event)
