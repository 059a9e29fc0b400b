"""How a table of words looks: cells with air beside their words, heads on a quiet ground. Used by tables."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sms_desktop.ui.appearance import Appearance

_AIR = 5


class PaddedCells(QStyledItemDelegate):
    """Cells with air beside their words."""

    # Qt overrides

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the ground over the whole cell, the words inside."""
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.highlight())
        option.rect = option.rect.adjusted(_AIR, 0, -_AIR, 0)
        super().paint(painter, option, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Wider by the air."""
        found = super().sizeHint(option, index)
        return QSize(found.width() + 2 * _AIR, found.height())


class TableHead(QHeaderView):
    """Column heads as words on a quiet ground."""

    def __init__(self, *, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._appearance = appearance

    # Qt overrides

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:
        """Draw one head."""
        theme = self._appearance.theme
        painter.save()
        painter.fillRect(rect, theme.alt)
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.line)
        painter.setFont(self._appearance.fonts.caption_strong)
        painter.setPen(theme.text2)
        words = str(self.model().headerData(column, self.orientation()))
        painter.drawText(rect.adjusted(_AIR + 3, 0, -_AIR, 0), int(self.defaultAlignment()), words)
        painter.restore()

    def sizeHint(self) -> QSize:
        """A line with air."""
        found = super().sizeHint()
        return QSize(found.width(), round(self.fontMetrics().lineSpacing() + 8))
