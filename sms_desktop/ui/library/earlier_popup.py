"""The popup that lists what stood in the shown pane before it was shortened, emptied or replaced."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.library.entries import Entry
from sms_desktop.ui.library.entry_list import EntryList
from sms_desktop.ui.library.popup_frame import PopupFrame
from sms_desktop.ui.style import set_ink

_SHOWN = 5_000  # characters of a preview


class EarlierPopup(PopupFrame):
    """A list, the newest first, and the whole of the selected one. Nothing in it changes what is kept.

    Signals: `chosen(draft)`, the person wants this one back.
    """

    chosen = Signal(object)

    def __init__(self, window: QWidget, *, anchor: QWidget, appearance: Appearance) -> None:
        super().__init__(window, anchor=anchor, appearance=appearance)
        self.setObjectName("earlier_drafts")
        self.setAccessibleName(self.tr("Earlier drafts"))
        self._title = QLabel()
        self._title.setObjectName("earlier_title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._close = Button("", appearance=appearance, icon="close", look=ButtonLook.PLAIN, height_extra=6)
        self._close.setObjectName("earlier_close")
        self._close.setAccessibleName(self.tr("Close"))
        self._close.setToolTip(self.tr("Close"))
        self.list = EntryList(appearance=appearance)
        self.list.setObjectName("earlier_list")
        self.list.setAccessibleName(self.tr("Earlier drafts, the newest first"))
        self.preview = QPlainTextEdit()
        self.preview.setObjectName("earlier_preview")
        self.preview.setAccessibleName(self.tr("What it holds"))
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.preview.document().setDocumentMargin(10)
        self._empty = QLabel()
        self._empty.setObjectName("earlier_empty")
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(20, 20, 20, 20)
        self._take = Button(
            self.tr("Write this"), appearance=appearance, look=ButtonLook.PRIMARY, height_extra=8
        )
        self._take.setObjectName("earlier_take")
        self._promise = QLabel(self.tr("What stands there now is kept here in its place."))
        self._promise.setTextFormat(Qt.TextFormat.PlainText)
        self._promise.setWordWrap(True)
        self._lay_out()
        self.list.activated.connect(self._choose)
        self.list.selectionModel().currentChanged.connect(self._show_current)
        self._take.clicked.connect(self._choose)
        self._close.clicked.connect(self.close_popup)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def open(self, title: str) -> None:
        """Show it without entries yet; `title` says whose they are."""
        self._title.setText(title)
        self._show((), "")
        self.appear()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """List these."""
        nothing = self.tr(
            "Nothing yet: what you type here is kept in this list when it is cleared, shortened or replaced."
        )
        self._show(entries, nothing)

    def show_trouble(self, sentence: str) -> None:
        """Say why there is nothing to list."""
        self._show((), sentence)

    def _show(self, entries: tuple[Entry, ...], nothing: str) -> None:
        # What is hidden loses the focus: it is not the person who went on elsewhere.
        self._turning = True
        self.list.show_entries(entries, "")
        self._empty.setText(nothing)
        self._empty.setVisible(bool(nothing) and not entries)
        for widget in (self._halves, self._take, self._promise):
            widget.setVisible(bool(entries) or not nothing)
        self._take.setEnabled(bool(entries))
        self._show_current()
        if self.isVisible():
            first = self.list if entries else self._close
            first.setFocus(Qt.FocusReason.PopupFocusReason)
        self._turning = False

    @Slot()
    def _show_current(self) -> None:
        entry = self.list.current()
        self.preview.setPlainText("" if entry is None else entry.text()[:_SHOWN])

    @Slot()
    def _choose(self) -> None:
        entry = self.list.current()
        if entry is not None and self.isVisible():  # an Enter that the list took comes here once more
            self.hide()
            self.chosen.emit(entry.draft)

    @Slot()
    def _restyle(self) -> None:
        fonts, ink = self._appearance.fonts, self._appearance.theme.text2
        self._title.setFont(fonts.strong)
        self._promise.setFont(fonts.caption)
        self.preview.setFont(fonts.body)
        for label in (self._promise, self._empty):
            set_ink(label, ink)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        self._halves = QSplitter(Qt.Orientation.Horizontal)
        self._halves.setChildrenCollapsible(False)
        self._halves.setHandleWidth(8)
        self._halves.addWidget(self.list)
        self._halves.addWidget(self.preview)
        self._halves.setSizes([300, 300])
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self._take)
        foot.addWidget(self._promise, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._halves, 1)
        layout.addWidget(self._empty, 1)
        layout.addLayout(foot)
        for before, after in (
            (self.list, self.preview),
            (self.preview, self._take),
            (self._take, self._close),
        ):
            QWidget.setTabOrder(before, after)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes what is selected, on the button that closes it closes; so does Escape."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (enter and self._close.hasFocus()):
            self.close_popup()
        elif enter:
            self._choose()
        else:
            super().keyPressEvent(event)
