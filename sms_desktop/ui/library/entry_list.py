"""The list of the popup: a name and the first words of each entry. Used by the shelf."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import isolated, one_line
from sms_desktop.ui.compose.kind_tabs import kind_word
from sms_desktop.ui.library.entries import Entry
from sms_desktop.ui.style import frame

ENTRY_ROLE = Qt.ItemDataRole.UserRole
_MARGIN = 10
_LONGEST_LINE = 200
_Index = QModelIndex | QPersistentModelIndex


class EntryList(QListView):
    """Rows of two lines, all of the same height."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = _Entries(self)
        self.setModel(self.entries)
        self.setItemDelegate(_EntryDelegate(appearance, self))
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
        entry = index.data(ENTRY_ROLE) if index.isValid() else None
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
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.name}, {kind_word(entry.draft.kind)}, {one_line(entry.begin()[:_LONGEST_LINE])}"
        return None


class _EntryDelegate(QStyledItemDelegate):
    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self._appearance = appearance

    # Qt overrides

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        fonts = self._appearance.fonts
        lines = QFontMetricsF(fonts.body).lineSpacing() + QFontMetricsF(fonts.caption).lineSpacing()
        return QSize(160, round(lines + 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry = index.data(ENTRY_ROLE)
        theme, fonts = self._appearance.theme, self._appearance.fonts
        rect, state = QRectF(option.rect), option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        if selected:
            painter.fillRect(rect, theme.selected)
            bar = QRectF(rect.right() - 3 if mirrored else rect.left(), rect.top(), 3, rect.height())
            painter.fillRect(bar, theme.accent if theme.tinted else theme.selected_text)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.hover)
        ink = theme.selected_text if selected else theme.text
        ink2 = theme.selected_text if selected and not theme.tinted else theme.text2
        x = _MARGIN + 3
        icon = "undo" if entry.given_way else f"kind-{entry.draft.kind.value}"
        left = rect.right() - x - 16 if mirrored else rect.left() + x
        painter_icons = self._appearance.icons
        painter_icons.paint(painter, icon, ink2, left, rect.top() + 8)
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignAbsolute
        y = rect.top() + 6
        for text, font, colour in (
            (entry.name, fonts.strong, ink),
            (entry.begin()[:_LONGEST_LINE], fonts.caption, ink2),
        ):
            metrics = QFontMetricsF(font)
            room = rect.width() - x - 24 - _MARGIN
            box = QRectF(rect.left() + (_MARGIN if mirrored else x + 24), y, room, metrics.lineSpacing() + 1)
            shown = metrics.elidedText(isolated(one_line(text)), Qt.TextElideMode.ElideRight, room)
            painter.setFont(font)
            painter.setPen(colour)
            painter.drawText(box, flags, shown)
            y += metrics.lineSpacing() + 2
        if state & QStyle.StateFlag.State_HasFocus:
            frame(painter, rect, theme.accent if theme.tinted else theme.text, width=2)
        painter.restore()
