"""A list of records in columns, the newest first, which grows by a page at a time. Used by the pages."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.table_parts import PaddedCells, TableHead

_FEWEST_ROWS = 3


class KeptTable(QTableWidget):
    """Rows of plain words, in the columns `heads`; `wide` is the column that takes the room that is left.

    Where the room is short it scrolls sideways: no cell is cut.
    """

    def __init__(
        self,
        name: str,
        words: str,
        heads: Sequence[str],
        *,
        wide: int,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(0, len(heads), parent)
        self._appearance = appearance
        self._wide = wide
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(PaddedCells(self))
        head = TableHead(appearance=appearance, parent=self)
        self.setHorizontalHeader(head)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setHorizontalHeaderLabels(list(heads))
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these rows instead of what was there; the row that was chosen stays chosen."""
        chosen = max(self.currentRow(), 0)
        self.setRowCount(0)
        self.add_rows(rows)
        if rows:
            self.setCurrentCell(min(chosen, len(rows) - 1), 0)

    def add_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these rows too, below the others."""
        first = self.rowCount()
        self.setRowCount(first + len(rows))
        for number, row in enumerate(rows, start=first):
            for column, words in enumerate(row):
                item = QTableWidgetItem(one_line(words))
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.setItem(number, column, item)
        self._fit()

    def words(self) -> list[list[str]]:
        """All cells, row by row."""
        found = []
        for row in range(self.rowCount()):
            items = [self.item(row, column) for column in range(self.columnCount())]
            found.append([item.text() if item is not None else "" for item in items])
        return found

    @Slot()
    def _restyle(self) -> None:
        self.horizontalHeader().setFont(self._appearance.fonts.caption_strong)
        theme = self._appearance.theme
        if theme.tinted:
            palette = QPalette()
            palette.setColor(QPalette.ColorRole.Highlight, theme.selected)
            palette.setColor(QPalette.ColorRole.HighlightedText, theme.selected_text)
            self.setPalette(palette)
        else:
            self.setPalette(QPalette())
        line = round(self.fontMetrics().lineSpacing() + 8)
        self.verticalHeader().setDefaultSectionSize(line)
        self.horizontalHeader().setMinimumSectionSize(line * 3)
        self.setMinimumHeight(line * (_FEWEST_ROWS + 1) + 4)
        self.updateGeometry()
        self._fit()

    def _fit(self) -> None:
        """Give the wide column what room is left, if any is."""
        head = self.horizontalHeader()
        needed = sum(
            max(self.sizeHintForColumn(column), head.sectionSizeHint(column))
            for column in range(self.columnCount())
        )
        modes = QHeaderView.ResizeMode
        roomy = needed <= self.viewport().width()
        head.setSectionResizeMode(self._wide, modes.Stretch if roomy else modes.ResizeToContents)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may leave room, or none."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """No higher than it must be: it takes what room the page has."""
        return QSize(super().sizeHint().width(), self.minimumHeight())
