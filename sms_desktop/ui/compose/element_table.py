"""The information elements of a header as a table: number, name, fields in words, octets.

Part of the Binary sheet; it is read, not written in.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from sms_desktop.encoding.tree import Field
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.table_parts import PaddedCells, TableHead

_MOST_ROWS = 4
_WIDE = 90  # characters: name, words and octets of an element, as a rule


class ElementTable(QTableWidget):
    """One row for each element; as high as its rows, up to a few."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self._appearance = appearance
        self._elements: tuple[Field, ...] = ()
        self.setObjectName("binary_elements")
        self.setAccessibleName(self.tr("Elements of the header"))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setItemDelegate(PaddedCells(self))
        header = TableHead(appearance=appearance, parent=self)
        self.setHorizontalHeader(header)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(28)
        modes = QHeaderView.ResizeMode
        for column, mode in enumerate(
            (modes.ResizeToContents, modes.ResizeToContents, modes.Stretch, modes.ResizeToContents)
        ):
            header.setSectionResizeMode(column, mode)
        self.setHorizontalHeaderLabels(
            ["#", self.tr("Element"), self.tr("Fields", "of an element"), self.tr("Octets")]
        )
        appearance.changed.connect(self._restyle)
        self._restyle()

    def show_elements(self, elements: tuple[Field, ...]) -> None:
        """Show these elements; the table hides itself when there are none."""
        if elements != self._elements:
            self._elements = elements
            self._fill()
        self.setVisible(bool(elements))

    def _fill(self) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        self.setRowCount(len(self._elements))
        for row, element in enumerate(self._elements):
            spaced = " ".join(element.value[at : at + 2] for at in range(0, len(element.value), 2))
            for column, words in enumerate((str(row + 1), element.name, element.meaning, spaced)):
                item = QTableWidgetItem(words)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                item.setToolTip(words)
                ink: QColor = theme.text2 if column == 0 else theme.text
                item.setForeground(ink)
                if column == 3:
                    item.setFont(fonts.mono)
                self.setItem(row, column, item)
        self._fit()

    @Slot()
    def _restyle(self) -> None:
        fonts = self._appearance.fonts
        self.horizontalHeader().setFont(fonts.caption_strong)
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().lineSpacing() + 8))
        self._fill()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the room is short the words go before the octets, which stand in the field above."""
        super().resizeEvent(event)
        self.setColumnHidden(3, self.width() < _WIDE * self.fontMetrics().averageCharWidth())

    # Inside

    def _fit(self) -> None:
        rows = max(1, min(self.rowCount(), _MOST_ROWS))
        head = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(head + rows * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth())
