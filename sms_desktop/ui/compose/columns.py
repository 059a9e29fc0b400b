"""Form, preview and text: beside each other where there is room, else below. Part of the card sheets."""

from __future__ import annotations

from PySide6.QtCore import Qt
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

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look how many columns fit."""
        super().resizeEvent(event)
        room = event.size().width() / max(self.fontMetrics().averageCharWidth(), 1)
        self._arrange(3 if room >= _WIDE and len(self._pieces) == 3 else 2 if room >= _MIDDLE else 1)
