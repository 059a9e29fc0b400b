"""A box to choose one of a few things from, drawn with an edge that can be seen. Used by the panel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.line import ICON
from sms_desktop.ui.style import CONTROL_RADIUS, FOCUS_WIDTH, frame

_PADDING = 10
_FEWEST_LETTERS = 6

T = TypeVar("T")


class Choice(QComboBox, Generic[T]):
    """Words, each standing for a value; `name` is its accessible name."""

    def __init__(
        self,
        options: Iterable[tuple[T, str]],
        *,
        name: str,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._values: list[T] = []
        for value, words in options:
            self._values.append(value)
            self.addItem(words)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_FEWEST_LETTERS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        appearance.changed.connect(self._restyle)

    def value(self) -> T:
        """What is chosen."""
        return self._values[max(self.currentIndex(), 0)]

    def choose(self, value: T) -> None:
        """Choose it; nothing happens for what can't be chosen."""
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """As high as a button."""
        height = QFontMetricsF(self._appearance.fonts.body).lineSpacing() + 10
        return QSize(super().sizeHint().width(), max(round(height), 24))

    def minimumSizeHint(self) -> QSize:
        """Long words are cut."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def showPopup(self) -> None:
        """Show the choices in full, however narrow the box."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 2 * _PADDING)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what is scrolled: nothing is changed in passing."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, edge, what is chosen, the arrow, and focus."""
        theme, rect = self._appearance.theme, QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.base)
        painter.drawRoundedRect(rect, CONTROL_RADIUS, CONTROL_RADIUS)
        if self.hasFocus():
            frame(painter, rect, theme.accent, width=FOCUS_WIDTH)
        else:
            frame(painter, rect, theme.line2, width=theme.edge)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        arrow = 6.0 if mirrored else rect.width() - 6 - ICON
        self._appearance.icons.paint(
            painter, "chevron-down", theme.text2, arrow, (rect.height() - ICON) / 2, ICON
        )
        room = rect.adjusted(_PADDING, 0, -_PADDING - ICON, 0)
        if mirrored:
            room = rect.adjusted(_PADDING + ICON, 0, -_PADDING, 0)
        painter.setFont(self._appearance.fonts.body)
        painter.setPen(theme.text)
        words = painter.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, round(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, words)
