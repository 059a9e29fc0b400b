"""One of many names: the contacts of a file or of the store. Opened by the card sheets."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, QStringListModel, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import isolated, one_line
from sms_desktop.ui.buttons import Button, ButtonLook


class PickDialog(QDialog):
    """A list that is filtered as one types. Enter or a double click takes an entry.

    Signals: `picked(place)`, the place of the entry in `entries`.
    """

    picked = Signal(int)

    def __init__(
        self, title: str, entries: list[str], *, appearance: Appearance, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setObjectName("pick_dialog")
        head = QLabel(title)
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setFont(appearance.fonts.strong)
        self.filter = QLineEdit()
        self.filter.setObjectName("pick_filter")
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setAccessibleName(self.tr("Filter"))
        self.filter.setTextMargins(4, 0, 4, 0)
        self._model = QStringListModel([isolated(one_line(each[:200])) for each in entries], self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list = QListView()
        self.list.setObjectName("pick_list")
        self.list.setAccessibleName(title)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setModel(self._proxy)
        take = Button(self.tr("Use"), appearance=appearance, look=ButtonLook.PRIMARY)
        take.setObjectName("pick_take")
        cancel = Button(self.tr("Cancel"), appearance=appearance)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(take)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        for widget in (head, self.filter, self.list):
            column.addWidget(widget)
        column.addLayout(buttons)
        self.filter.textChanged.connect(self._filter)
        self.filter.returnPressed.connect(self._take)
        self.list.activated.connect(self._take)
        take.clicked.connect(self._take)
        cancel.clicked.connect(self.reject)
        self._first()
        self.filter.setFocus()
        lines = self.fontMetrics()
        self.resize(lines.averageCharWidth() * 56, lines.lineSpacing() * 22)

    @Slot(str)
    def _filter(self, text: str) -> None:
        self._proxy.setFilterFixedString(text)
        self._first()

    def _first(self) -> None:
        self.list.setCurrentIndex(self._proxy.index(0, 0))

    @Slot()
    def _take(self) -> None:
        index: QModelIndex = self.list.currentIndex()
        if index.isValid():
            self.picked.emit(self._proxy.mapToSource(index).row())
            self.accept()
