"""The place of the sheets: as high as what is written needs, and scrolling where the window is too low."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

_LOWEST_LINES = 6


class SheetPlace(QScrollArea):
    """Holds widgets one under the other; never scrolls sideways."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        # A viewport of our own: to wrap Qt's, PySide would first set up every class that it could be of.
        self._ground = QWidget()
        self._ground.setAutoFillBackground(False)
        self.setViewport(self._ground)
        self._content = QWidget()
        self._content.setAutoFillBackground(False)
        self._layout = QVBoxLayout(self._content)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self.setWidget(self._content)
        self._content.setAutoFillBackground(False)  # setWidget fills it
        self._content.installEventFilter(self)

    def add(self, widget: QWidget) -> None:
        """Put a widget under the others."""
        self._layout.addWidget(widget)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """All of the content, at the width that there is."""
        width = self._ground.width()
        if width > 0 and self._layout.hasHeightForWidth():
            return QSize(400, self._layout.totalHeightForWidth(width))
        return QSize(400, self._layout.totalSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """A few lines; less if the content is lower."""
        content = self._layout.totalMinimumSize()
        lowest = round(_LOWEST_LINES * self.fontMetrics().lineSpacing())
        return QSize(content.width(), min(lowest, self.sizeHint().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take another height when the content wants one."""
        if watched is self._content and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
