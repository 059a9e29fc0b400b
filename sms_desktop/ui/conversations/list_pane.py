"""The left side of the window: filter chips over the list of conversations.

Put into the splitter by the main window.
"""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from sms_desktop.services.handsets import Handset
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.conversations.list_delegate import ConversationDelegate
from sms_desktop.ui.conversations.list_model import ConversationListModel
from sms_desktop.ui.fonts import head_height
from sms_desktop.ui.numbers import NumberBook
from sms_desktop.ui.row_list import RowList


class ConversationView(RowList):
    """The selected row is the open conversation."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setObjectName("conversation_list")
        self.setAccessibleName(self.tr("Conversations"))

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are no search here: they must not jump to another conversation."""
        if event.text().strip() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say what will appear here while there is nothing."""
        super().paintEvent(event)
        model = self.model()
        if isinstance(model, ConversationListModel) and model.is_loaded and not model.rowCount():
            painter = QPainter(self.viewport())
            painter.setFont(self._appearance.fonts.body)
            painter.setPen(self._appearance.theme.text2)
            words = (
                self.tr("Nothing unread") if model.is_unread_only else self.tr("Conversations appear here")
            )
            painter.drawText(
                self.viewport().rect().adjusted(12, 24, -12, 0),
                Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
                words,
            )


class ConversationListPane(QWidget):
    """Chips and list.

    Signals: `chosen(party)`, when the person selects another conversation.
    """

    chosen = Signal(str)

    def __init__(
        self,
        *,
        appearance: Appearance,
        model: ConversationListModel,
        numbers: NumberBook,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._model = model
        self._party: str | None = None
        self._removing = False
        self._all = Button(self.tr("All"), appearance=appearance, look=ButtonLook.CHIP, height_extra=6)
        self._unread = Button(self.tr("Unread"), appearance=appearance, look=ButtonLook.CHIP, height_extra=6)
        self._all.setObjectName("filter_all")
        self._unread.setObjectName("filter_unread")
        group = QButtonGroup(self)
        for chip in (self._all, self._unread):
            chip.setCheckable(True)
            group.addButton(chip)
        self._all.setChecked(True)
        self.view = ConversationView(appearance=appearance)
        self._delegate = ConversationDelegate(
            appearance=appearance, model=model, numbers=numbers, parent=self
        )
        self.view.setItemDelegate(self._delegate)
        # Before the view hears of it: it selects a neighbour of a row that goes, and that is no one's choice.
        model.rowsAboutToBeRemoved.connect(self._hold_selection)
        self.view.setModel(model)
        self._lay_out()
        self._restyle()

        appearance.changed.connect(self._restyle)
        model.unread_changed.connect(self._show_unread)
        model.rowsInserted.connect(self._keep_selection)
        model.rowsRemoved.connect(self._keep_selection)
        model.loaded.connect(self._keep_selection)
        self._unread.toggled.connect(model.set_unread_only)
        self.view.selectionModel().selectionChanged.connect(self._selected)

    @property
    def party(self) -> str | None:
        """The party of the open conversation, as the list shows it."""
        return self._party

    def select(self, party: str | None) -> None:
        """Show `party` as selected, now or as soon as its row is held; nothing is emitted."""
        self._party = party
        self._keep_selection()

    def step(self, rows: int) -> None:
        """Choose the conversation that many rows further down."""
        current = self._model.row_of(self._party) if self._party is not None else None
        count = self._model.rowCount()
        if not count:
            return
        wanted = (0 if rows > 0 else count - 1) if current is None else min(max(current + rows, 0), count - 1)
        self.view.selectRow(wanted)

    # Slots

    @Slot(int)
    def _show_unread(self, count: int) -> None:
        self._unread.set_label(self.tr("Unread %1").replace("%1", str(count)) if count else self.tr("Unread"))

    @Slot()
    def _hold_selection(self) -> None:
        self._removing = True

    @Slot()
    def _keep_selection(self) -> None:
        self._removing = False
        selection = self.view.selectionModel()
        row = self._model.row_of(self._party) if self._party is not None else None
        blocked = selection.blockSignals(True)
        if row is None:
            selection.clear()
        else:
            index = self._model.index(row, 0)
            if not selection.isSelected(index) or selection.currentIndex() != index:
                selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        selection.blockSignals(blocked)
        if self._model.is_loaded:
            self.view.viewport().update()

    @Slot(QItemSelection, QItemSelection)
    def _selected(self, selected: QItemSelection, _deselected: QItemSelection) -> None:
        if self._removing:
            return
        index = next(iter(selected.indexes()), QModelIndex())
        row = self._model.row_at(index.row()) if index.isValid() else None
        if row is None:
            self._keep_selection()
            return
        party = row.number if isinstance(row, Handset) else row.party
        if party != self._party:
            self._party = party
            self.view.scrollTo(index)
            self.chosen.emit(party)

    @Slot()
    def _restyle(self) -> None:
        self.view.set_row_height(self._delegate.row_height())
        self._chips.setFixedHeight(head_height(self._appearance.fonts))
        self.update()

    # Inside

    def _lay_out(self) -> None:
        self._chips = QWidget()
        chips = QHBoxLayout(self._chips)
        chips.setContentsMargins(8, 0, 8, 0)
        chips.setSpacing(4)
        chips.addWidget(self._all)
        chips.addWidget(self._unread)
        chips.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)  # the hairline is painted there
        layout.addWidget(self._chips)
        layout.addWidget(self.view, 1)
        self.setMinimumWidth(200)

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of the chips, and the hairline under them."""
        painter = QPainter(self)
        theme = self._appearance.theme
        painter.fillRect(self.rect(), theme.base)
        painter.fillRect(0, self.view.y() - 1, self.width(), 1, theme.line)
