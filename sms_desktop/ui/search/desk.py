"""Leads from the search field to what was found, and from there to the message. Made by the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.conversations.page import ConversationPage
from sms_desktop.ui.numbers import NumberBook
from sms_desktop.ui.reading import Reading, TaskRunner
from sms_desktop.ui.search.field import SearchField

if TYPE_CHECKING:
    from sms_desktop.store.messages import MessageRow
    from sms_desktop.store.search import Query
    from sms_desktop.ui.search.page import SearchPage


class SearchDesk(QObject):
    """The page of what was found is made at the first search, beside the conversation's in `places`.

    Signals: `shown(party)`, a message of that conversation is shown; `failed(error)`.
    """

    shown = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        *,
        reading: Reading,
        tasks: TaskRunner,
        numbers: NumberBook,
        places: QStackedWidget,
        page: ConversationPage,
        field: SearchField,
        export: Callable[[Query], None],
        appearance: Appearance,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reading = reading
        self._tasks = tasks
        self._numbers = numbers
        self._places = places
        self._page = page
        self._field = field
        self._export = export
        self._appearance = appearance
        self._found: SearchPage | None = None
        field.typed.connect(self._look_for)
        field.entered.connect(lambda: self.found.search_now())
        field.down.connect(lambda: self.found.view.setFocus())
        field.left.connect(self.close)

    @property
    def found(self) -> SearchPage:
        """The page of what was found."""
        if self._found is None:
            from sms_desktop.ui.search.page import SearchPage  # not before somebody searches

            page = self._found = SearchPage(
                reading=self._reading,
                tasks=self._tasks,
                numbers=self._numbers,
                appearance=self._appearance,
            )
            page.chosen.connect(self._show)
            page.closed.connect(self.close)
            page.failed.connect(self.failed)
            page.export_asked.connect(self._export)
            self._places.addWidget(page)
        return self._found

    @Slot()
    def begin(self) -> None:
        """Put the caret into the search field, and show what was looked for last."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()
        self._places.setCurrentWidget(self.found)
        self.found.search_now()

    @Slot()
    def close(self) -> None:
        """Lead back to the conversation."""
        self._field.clear()
        if self._found is not None:
            self._found.look_for("")
        self._places.setCurrentWidget(self._page)
        self._page.refocus()

    @Slot(str)
    def _look_for(self, text: str) -> None:
        self._places.setCurrentWidget(self.found)
        self.found.look_for(text)

    @Slot(object)
    def _show(self, row: MessageRow) -> None:
        self._places.setCurrentWidget(self._page)
        self._page.open_at(row)
        self.shown.emit(row.party)
