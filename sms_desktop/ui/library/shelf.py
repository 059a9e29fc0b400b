"""The first page of the popup: search, the list, and what the selected entry holds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from sms_desktop.services.curl_import import looks_like_curl
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.library.entries import Entry, found
from sms_desktop.ui.library.entry_list import EntryList
from sms_desktop.ui.style import set_ink

_SHOWN = 5_000  # characters of a preview
_PAGE = 8


class Shelf(QWidget):
    """Entries to search and to choose from, all by keyboard: the arrows move while the search has the focus.

    Signals: `chosen(entry)`; `selected()`, another entry or none; `curl_pasted(text)`, a curl command was
    pasted into the search.
    """

    chosen = Signal(object)
    selected = Signal()
    curl_pasted = Signal(str)

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._entries: tuple[Entry, ...] = ()
        self._nothing = ""
        self.search = QLineEdit()
        self.search.setObjectName("library_search")
        self.search.setAccessibleName(self.tr("Search templates and requests"))
        self.search.setClearButtonEnabled(False)
        self.search.setTextMargins(4, 0, 4, 0)
        self.search.installEventFilter(self)
        self.setFocusProxy(self.search)
        self.list = EntryList(appearance=appearance)
        self.preview = QPlainTextEdit()
        self.preview.setObjectName("library_preview")
        self.preview.setAccessibleName(self.tr("What it holds"))
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.preview.document().setDocumentMargin(10)
        self._empty = QLabel()
        self._empty.setObjectName("library_empty")
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(20, 20, 20, 20)
        self._empty.hide()
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(8)
        halves.addWidget(self.list)
        halves.addWidget(self.preview)
        halves.setSizes([300, 300])
        self._halves = halves
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(self.search)
        layout.addLayout(row)
        layout.addWidget(halves, 1)
        layout.addWidget(self._empty, 1)
        self.search.textChanged.connect(self._refresh)
        self.search.returnPressed.connect(self._choose)
        self.list.activated.connect(self._choose)
        self.list.selectionModel().currentChanged.connect(self._show_current)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def show_entries(self, entries: tuple[Entry, ...], *, name: str, hint: str, nothing: str) -> None:
        """List these under a name; `hint` stands in the search, `nothing` where there is none."""
        self._entries, self._nothing = entries, nothing
        self.list.setAccessibleName(name)
        self.search.setPlaceholderText(hint)
        self._refresh()

    def select(self, name: str) -> None:
        """Select the entry of a name, also where the search hides it."""
        if not any(entry.name == name for entry in found(self._entries, self.search.text())):
            self.search.clear()
        self.list.show_entries(found(self._entries, self.search.text()), name)

    def current(self) -> Entry | None:
        """The selected entry."""
        return self.list.current()

    @Slot()
    def _refresh(self) -> None:
        before = self.list.current()
        shown = found(self._entries, self.search.text())
        self.list.show_entries(shown, before.name if before is not None else "")
        words = self._nothing if not self._entries else self.tr("None holds these words.")
        self._empty.setText("" if shown else words)
        self._empty.setVisible(not shown)
        self._halves.setVisible(bool(shown))
        self._show_current()

    @Slot()
    def _show_current(self) -> None:
        entry = self.list.current()
        self.preview.setPlainText("" if entry is None else entry.text()[:_SHOWN])
        self.selected.emit()

    @Slot()
    def _choose(self) -> None:
        entry = self.list.current()
        if entry is not None:
            self.chosen.emit(entry)

    @Slot()
    def _restyle(self) -> None:
        self.preview.setFont(self._appearance.fonts.body)
        self.search.setFixedHeight(round(self.search.fontMetrics().lineSpacing() + 10))
        set_ink(self._empty, self._appearance.theme.text2)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list from the search; take a pasted command as one."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.matches(QKeySequence.StandardKey.Paste):
                pasted = QGuiApplication.clipboard().text()
                if looks_like_curl(pasted):
                    self.curl_pasted.emit(pasted)
                    return True
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: _PAGE,
                Qt.Key.Key_PageUp: -_PAGE,
            }
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                self.list.step(step)
                return True
        return super().eventFilter(watched, event)
