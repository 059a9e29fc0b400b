"""Form, preview and text: beside each other where there is room, else below. Part of the card sheets."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

_GAP = 16
_WIDE, _MIDDLE, _PREVIEW = 120, 66, 46  # average characters


class Columns(QWidget):
    """Two or three pieces in one, two or three columns, in the order of reading."""

    def __init__(
        self, form: QWidget, preview: QWidget, text: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._pieces = tuple(piece for piece in (form, preview, text) if piece is not None)
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(8)
        for piece in self._pieces:
            piece.setParent(self)
        preview.setMaximumWidth(_PREVIEW * self.fontMetrics().averageCharWidth())
        self._arrange(2)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        form, preview, *others = self._pieces
        top = Qt.AlignmentFlag.AlignTop
        for piece in self._pieces:
            self._grid.removeWidget(piece)
        for column in range(3):
            self._grid.setColumnStretch(column, 0)
        match columns:
            case 3:
                self._grid.addWidget(form, 0, 0, top)
                self._grid.addWidget(preview, 0, 1, top)
                self._grid.addWidget(others[0], 0, 2)
                self._grid.setColumnStretch(0, 5)
                self._grid.setColumnStretch(1, 3)
                self._grid.setColumnStretch(2, 6)
            case 2:
                self._grid.addWidget(form, 0, 0, top)
                self._grid.addWidget(preview, 0, 1, top)
                if others:
                    self._grid.addWidget(others[0], 1, 0, 1, 2)
                self._grid.setColumnStretch(0, 8)
                self._grid.setColumnStretch(1, 5)
            case _:
                for row, piece in enumerate(self._pieces):
                    self._grid.addWidget(piece, row, 0, Qt.AlignmentFlag(0) if piece is not preview else top)
                self._grid.setColumnStretch(0, 1)

    def _fitting(self, width: int) -> int:
        """How many columns fit into a width: as many as leave room for what is written."""
        room = width / max(self.fontMetrics().averageCharWidth(), 1)
        narrowest = [piece.minimumSizeHint().width() for piece in self._pieces]
        if len(narrowest) == 3 and room >= _WIDE and sum(narrowest) + 2 * _GAP <= width:
            return 3
        return 2 if room >= _MIDDLE and sum(narrowest[:2]) + _GAP <= width else 1

    # Qt overrides

    def minimumSizeHint(self) -> QSize:
        """As narrow as one column: it is arranged anew where the room is short."""
        narrowest = max(piece.minimumSizeHint().width() for piece in self._pieces)
        return QSize(narrowest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look how many columns fit."""
        super().resizeEvent(event)
        self._arrange(self._fitting(event.size().width()))
