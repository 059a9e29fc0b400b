"""What the popups over the compose row have in common: place, ground, and when they go away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.style import frame

_WIDTH_LINES, _HEIGHT_LINES = 39.0, 24.0
_LEAST_LINES = 12.0
_GAP = 6
_RADIUS = 8


class PopupFrame(QFrame):
    """Stands inside the window over `anchor` and blocks nothing; it goes when the person goes on elsewhere.

    Signals: `closed()`, the focus goes back to where it was.
    """

    closed = Signal()

    def __init__(self, window: QWidget, *, anchor: QWidget, appearance: Appearance) -> None:
        super().__init__(window)
        self._window = window
        self._anchor = anchor
        self._appearance = appearance
        self._turning = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        window.installEventFilter(self)
        appearance.changed.connect(self.update)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)

    def close_popup(self) -> None:
        """Hide it and give the focus back."""
        self.hide()
        self.closed.emit()

    def appear(self) -> None:
        """Show it in its place, before everything else in the window."""
        self._place()
        self.show()
        self.raise_()

    @Slot()
    def _place(self) -> None:
        """Over the anchor, as large as it needs and the window has room for."""
        line = QFontMetricsF(self._appearance.fonts.body).lineSpacing()
        corner = self._anchor.mapTo(self._window, QPoint(0, 0))
        above = corner.y() - _GAP
        height = round(min(_HEIGHT_LINES * line, max(above - _GAP, _LEAST_LINES * line)))
        width = min(round(_WIDTH_LINES * line), self._window.width() - 2 * _GAP)
        x = min(max(corner.x(), _GAP), self._window.width() - width - _GAP)
        self.setGeometry(x, max(above - height, _GAP), width, height)

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        inside = new is self or self.isAncestorOf(new) if new is not None else True
        if self._turning or inside or not self.isVisible():
            return
        if new is not None and new.window() is self._window:
            self.hide()  # the person went on elsewhere

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._appearance.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.window)
        rect = QRectF(self.rect())
        painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        frame(painter, rect, theme.line2, width=theme.edge, radius=_RADIUS)
