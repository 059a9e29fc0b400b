"""The part of a sheet that scrolls where it is higher than the window allows. Used by the tall sheets."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

_SHARE = 0.42
"""Of the window's height, at most: the timeline needs room too."""
_FEWEST_LINES = 6


class FormArea(QScrollArea):
    """As high as its content, within bounds; the field that gets the focus scrolls into view."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setWidget(content)
        content.installEventFilter(self)

    def _content_height(self) -> int:
        content = self.widget()
        layout = content.layout() if content is not None else None
        if layout is None:
            return 0
        if layout.hasHeightForWidth():
            return layout.totalHeightForWidth(self.viewport().width())
        return layout.totalSizeHint().height()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """As high as the content, at most a share of the window."""
        height = min(self._content_height(), round(self.window().height() * _SHARE))
        return QSize(400, max(height, self.minimumSizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        """Some lines are always seen, if there are so many."""
        least = round(self.fontMetrics().lineSpacing() * _FEWEST_LINES)
        return QSize(200, min(least, self._content_height() or least))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may ask for another height."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._settle()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the window's height."""
        super().showEvent(event)
        window = self.window()
        if window is not self._watched:
            self._watched = window
            window.installEventFilter(self)
        self._settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for room again when the content or the window changes."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._settle()
        elif watched is self._watched and event.type() == QEvent.Type.Resize:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        # Not at once: a layout that is being worked out takes no new wish.
        QTimer.singleShot(0, self, self.updateGeometry)
