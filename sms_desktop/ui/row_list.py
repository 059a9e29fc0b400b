"""A list of painted rows, all of one height: a table of one column, which costs the same at any length.

Base of the conversations' list and of what a search found. (A QListView lays out all rows at each insertion.)
The delegate is the base of the library's too.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.style import FOCUS_WIDTH, frame

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The role under which a model gives what a row stands for."""
_BAR = 3


class RowList(QTableView):
    """One row is selected at a time; nothing is edited, and Tab leaves the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def set_row_height(self, height: int) -> None:
        """All rows have this height, in logical pixels."""
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)


class RowDelegate(QStyledItemDelegate):
    """Paints the ground of a row and its focus; what stands in the row is painted by who derives from it."""

    def __init__(self, *, appearance: Appearance, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def row_height(self) -> int:
        """How high every row is, in logical pixels."""
        raise NotImplementedError

    def paint_row(self, painter: QPainter, rect: QRectF, row: Any, *, selected: bool, mirrored: bool) -> None:
        """Paint `row`, what the model gives under ROW_ROLE, on the ground that is there."""
        raise NotImplementedError

    # Qt overrides

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The common height."""
        return QSize(200, self.row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        row = index.data(ROW_ROLE)
        if row is None:
            return
        rect, state, theme = QRectF(option.rect), option.state, self._appearance.theme
        selected = bool(state & QStyle.StateFlag.State_Selected)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.fillRect(rect, theme.selected)
            bar = QRectF(rect.right() - _BAR if mirrored else rect.left(), rect.top(), _BAR, rect.height())
            painter.fillRect(bar, theme.accent if theme.tinted else theme.selected_text)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.hover)
        self.paint_row(painter, rect, row, selected=selected, mirrored=mirrored)
        if state & QStyle.StateFlag.State_HasFocus:
            ring = theme.accent if theme.tinted else theme.text
            frame(painter, rect.adjusted(0, 0, 0, -1), ring, width=FOCUS_WIDTH)
        painter.restore()
