"""The list of the popup: a name and the first words of each entry. Used by the shelf."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QListView, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import isolated, one_line
from sms_desktop.ui.compose.kind_tabs import kind_word
from sms_desktop.ui.library.entries import Entry
from sms_desktop.ui.row_list import ROW_ROLE, RowDelegate

_MARGIN = 10
_LONGEST_LINE = 200
_Index = QModelIndex | QPersistentModelIndex


class EntryList(QListView):
    """Rows of two lines, all of the same height."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = _Entries(self)
        self.setModel(self.entries)
        self.setItemDelegate(_EntryDelegate(appearance=appearance, parent=self))
        self.setObjectName("library_list")
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        appearance.changed.connect(self.doItemsLayout)

    def show_entries(self, entries: tuple[Entry, ...], chosen: str) -> None:
        """List these; the one called `chosen` is selected, else the first."""
        self.entries.show(entries)
        names = [entry.name for entry in entries]
        row = names.index(chosen) if chosen in names else 0
        if entries:
            self.setCurrentIndex(self.entries.index(row))

    def current(self) -> Entry | None:
        """The selected entry."""
        index = self.currentIndex()
        entry = index.data(ROW_ROLE) if index.isValid() else None
        return entry if isinstance(entry, Entry) else None

    def step(self, rows: int) -> None:
        """Select the entry that many rows further down."""
        count = self.entries.rowCount()
        if count:
            row = min(max(self.currentIndex().row() + rows, 0), count - 1)
            self.setCurrentIndex(self.entries.index(row))


class _Entries(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()

    def show(self, entries: tuple[Entry, ...]) -> None:
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    # Qt overrides

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self._entries[index.row()]
        if role == ROW_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.name}, {kind_word(entry.draft.kind)}, {one_line(entry.begin()[:_LONGEST_LINE])}"
        return None


class _EntryDelegate(RowDelegate):
    def row_height(self) -> int:
        fonts = self._appearance.fonts
        lines = QFontMetricsF(fonts.body).lineSpacing() + QFontMetricsF(fonts.caption).lineSpacing()
        return round(lines + 14)

    def paint_row(
        self, painter: QPainter, rect: QRectF, row: Entry, *, selected: bool, mirrored: bool
    ) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        ink = theme.selected_text if selected else theme.text
        ink2 = theme.selected_text if selected and not theme.tinted else theme.text2
        x = _MARGIN + 3
        icon = "undo" if row.given_way else f"kind-{row.draft.kind.value}"
        left = rect.right() - x - 16 if mirrored else rect.left() + x
        painter_icons = self._appearance.icons
        painter_icons.paint(painter, icon, ink2, left, rect.top() + 8)
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignAbsolute
        y = rect.top() + 6
        for text, font, colour in (
            (row.name, fonts.strong, ink),
            (row.begin()[:_LONGEST_LINE], fonts.caption, ink2),
        ):
            metrics = QFontMetricsF(font)
            room = rect.width() - x - 24 - _MARGIN
            box = QRectF(rect.left() + (_MARGIN if mirrored else x + 24), y, room, metrics.lineSpacing() + 1)
            shown = metrics.elidedText(isolated(one_line(text)), Qt.TextElideMode.ElideRight, room)
            painter.setFont(font)
            painter.setPen(colour)
            painter.drawText(box, flags, shown)
            y += metrics.lineSpacing() + 2
