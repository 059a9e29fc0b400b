"""The page of what was found: filters, messages, and what can be done with them. Made by the main window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.states import State
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.compose.kind_tabs import kind_word
from sms_desktop.ui.fonts import head_height
from sms_desktop.ui.numbers import NumberBook
from sms_desktop.ui.reading import Reading, TaskRunner
from sms_desktop.ui.row_list import RowList
from sms_desktop.ui.search.delegate import FoundDelegate
from sms_desktop.ui.search.model import SearchModel
from sms_desktop.ui.style import set_ink
from sms_desktop.ui.times import now_us

if TYPE_CHECKING:
    from sms_desktop.store.search import Query

_DELAY_MS = 180
_DAY_US = 86_400_000_000
NEEDS_A_LOOK = (
    *(State.UNCERTAIN, State.PARTIAL, State.FAILED, State.REJECTED),
    *(State.EXPIRED, State.REFUSED, State.NOT_SENT),
)
_WAITING = (State.QUEUED, State.SENDING, State.NOT_SENT, State.THROTTLED)
_ON_ITS_WAY = (State.SUBMITTED, State.ACCEPTED, State.BUFFERED, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Filters:
    """What is let through; None and () let everything through. `days` counts back from now."""

    inbound: bool | None = None
    states: tuple[State, ...] = ()
    kinds: tuple[Kind, ...] = ()
    days: int | None = None


class SearchPage(QWidget):
    """Looks as the person types, a moment after the last key.

    Signals: `chosen(row)`, a message should be shown where it stands; `closed()`; `export_asked(query)`;
    `failed(error)`.
    """

    chosen = Signal(object)
    closed = Signal()
    export_asked = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        *,
        reading: Reading,
        tasks: TaskRunner,
        numbers: NumberBook,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._text = ""
        self._filters = _Filters()
        self.setObjectName("search_page")
        self._model = SearchModel(reading=reading, tasks=tasks, numbers=numbers, parent=self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self._look)
        self._title, self._about, self._foot = QLabel(self.tr("Search")), QLabel(), QLabel()
        self._foot.setObjectName("search_foot")
        for label in (self._title, self._about, self._foot):
            label.setTextFormat(Qt.TextFormat.PlainText)
        close = Button("", appearance=appearance, icon="close", look=ButtonLook.PLAIN)
        close.setObjectName("close_search")
        close.setAccessibleName(self.tr("Close the search"))
        self._export = Button(self.tr("Export results…"), appearance=appearance, icon="export")
        self._export.setObjectName("export_found")
        self._clear = Button(self.tr("Clear filters"), appearance=appearance, look=ButtonLook.PLAIN)
        self._clear.setObjectName("clear_filters")
        self._chips = {name: self._chip(name) for name in ("direction", "state", "kind", "time")}
        self.view = self._make_view(numbers)
        self._lay_out(close)
        self._restyle()
        self._show_filters()

        close.clicked.connect(self.closed)
        self._clear.clicked.connect(lambda: self._filter(_Filters()))
        self._export.clicked.connect(self._ask_export)
        self._model.answered.connect(self._answered)
        self._model.rowsInserted.connect(self._show_foot)
        self._model.failed.connect(self.failed)
        numbers.learned.connect(self.view.viewport().update)
        appearance.changed.connect(self._restyle)

    @property
    def query(self) -> Query:
        """What is looked for."""
        from sms_desktop.store.search import Query

        chosen = self._filters
        return Query(
            self._text.strip(),
            states=chosen.states,
            kinds=chosen.kinds,
            inbound=chosen.inbound,
            since_us=None if chosen.days is None else now_us() - chosen.days * _DAY_US,
        )

    def look_for(self, text: str) -> None:
        """Look for a text, a moment after the last call."""
        if text != self._text:
            self._text = text
            self._timer.start()

    def search_now(self) -> None:
        """Look without waiting: the page was opened, or Enter was pressed."""
        self._timer.stop()
        self._look()

    # Slots

    @Slot()
    def _look(self) -> None:
        self._about.setText(
            self.tr("“%1” in texts, numbers and ids").replace("%1", self._text.strip())
            if self._text.strip()
            else self.tr("All messages of this account")
        )
        self._foot.setText(self.tr("Searching"))
        self._model.search(self.query)

    @Slot(int)
    def _answered(self, milliseconds: int) -> None:
        self._milliseconds = milliseconds
        self.view.scrollToTop()
        if self._model.rowCount() and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self._model.index(0, 0))
        self._show_foot()

    @Slot()
    def _show_foot(self) -> None:
        number = self._model.rowCount()
        if not number:
            self._foot.setText(self.tr("Nothing was found. Fewer words or filters find more."))
            return
        found = self.tr("%n message(s)", "", number)
        if self._model.has_more:
            found = self.tr("The newest %1; more are read as you scroll").replace("%1", found)
        self._foot.setText(f"{found} · {self._milliseconds} ms")

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        row = self._model.row_at(index.row())
        if row is not None:
            self.chosen.emit(row)

    @Slot()
    def _ask_export(self) -> None:
        self.export_asked.emit(self.query)

    @Slot()
    def _restyle(self) -> None:
        fonts, theme = self._appearance.fonts, self._appearance.theme
        self._title.setFont(fonts.title)
        self._foot.setFont(fonts.caption)
        for label in (self._about, self._foot):
            set_ink(label, theme.text2)
        self.view.set_row_height(self._delegate.row_height())
        self._head.setFixedHeight(head_height(fonts))
        self.update()

    # Inside

    def _chip(self, name: str) -> Button:
        chip = Button("", appearance=self._appearance, icon="chevron-down", look=ButtonLook.CHIP)
        chip.setObjectName(f"filter_{name}")
        chip.setCheckable(True)
        chip.clicked.connect(lambda: self._open_menu(name))
        return chip

    def _open_menu(self, name: str) -> None:
        self._show_filters()  # a click has toggled the chip: what is chosen decides how it looks
        menu = QMenu(self)
        menu.setObjectName(f"menu_{name}")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for label, filters in self._choices(name):
            entry = QAction(label, menu)
            entry.setCheckable(True)
            entry.setChecked(filters == self._filters)
            entry.triggered.connect(self._filtering(filters))
            menu.addAction(entry)
        menu.popup(self._chips[name].mapToGlobal(self._chips[name].rect().bottomLeft()))

    def _filtering(self, filters: _Filters) -> Callable[[], None]:
        return lambda: self._filter(filters)

    def _filter(self, filters: _Filters) -> None:
        self._filters = filters
        self._show_filters()
        self.search_now()

    def _choices(self, name: str) -> tuple[tuple[str, _Filters], ...]:
        now = self._filters
        match name:
            case "direction":
                return (
                    (self.tr("Sent and received"), replace(now, inbound=None)),
                    (self.tr("Sent"), replace(now, inbound=False)),
                    (self.tr("Received"), replace(now, inbound=True)),
                )
            case "state":
                return (
                    (self.tr("Any state"), replace(now, states=())),
                    (self.tr("Needs a look"), replace(now, states=NEEDS_A_LOOK)),
                    (self.tr("Waiting here"), replace(now, states=_WAITING)),
                    (self.tr("On its way"), replace(now, states=_ON_ITS_WAY)),
                    (self.tr("Delivered"), replace(now, states=(State.DELIVERED,))),
                )
            case "kind":
                every = (self.tr("Any kind"), replace(now, kinds=()))
                return (every, *((kind_word(kind), replace(now, kinds=(kind,))) for kind in Kind))
            case _:
                return (
                    (self.tr("Any time"), replace(now, days=None)),
                    (self.tr("Last 24 hours"), replace(now, days=1)),
                    (self.tr("Last 7 days"), replace(now, days=7)),
                    (self.tr("Last 30 days"), replace(now, days=30)),
                )

    def _show_filters(self) -> None:
        for name, chip in self._chips.items():
            choices = self._choices(name)
            label = next(label for label, filters in choices if filters == self._filters)
            chip.set_label(label)
            chip.setChecked(label != choices[0][0])
        self._clear.setVisible(self._filters != _Filters())

    def _make_view(self, numbers: NumberBook) -> RowList:
        view = RowList()
        view.setObjectName("found")
        view.setAccessibleName(self.tr("Messages that were found"))
        view.setModel(self._model)
        self._delegate = FoundDelegate(
            appearance=self._appearance, numbers=numbers, words=lambda: self._text, parent=self
        )
        view.setItemDelegate(self._delegate)
        view.activated.connect(self._choose)
        view.clicked.connect(self._choose)
        self._milliseconds = 0
        return view

    def _lay_out(self, close: Button) -> None:
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(20, 0, 12, 0)
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._about, 1)
        head.addWidget(close)
        chips = QHBoxLayout()
        chips.setContentsMargins(20, 6, 12, 6)
        chips.setSpacing(6)
        for chip in self._chips.values():
            chips.addWidget(chip)
        chips.addWidget(self._clear)
        chips.addStretch(1)
        chips.addWidget(self._export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addSpacing(1)  # the hairline
        layout.addLayout(chips)
        layout.addSpacing(1)
        layout.addWidget(self.view, 1)
        self._foot.setContentsMargins(52, 6, 20, 8)
        layout.addWidget(self._foot)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the page."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the hairlines under head and filters."""
        painter, theme = QPainter(self), self._appearance.theme
        painter.fillRect(self.rect(), theme.base)
        for y in (self._head.geometry().bottom() + 1, self.view.y() - 1):
            painter.fillRect(0, y, self.width(), 1, theme.line)
