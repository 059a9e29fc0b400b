"""The popup over the compose row: templates and requests to choose from, to fill in and to keep.

It stands inside the window and blocks nothing; what is typed in it stays when it is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.services.collection import variables_of
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.library.browse_page import BrowsePage
from sms_desktop.ui.library.entries import Drawer, Entry
from sms_desktop.ui.library.fill_form import FillForm
from sms_desktop.ui.library.keeper import Holdings, LibraryKeeper
from sms_desktop.ui.library.name_form import NameForm
from sms_desktop.ui.library.popup_frame import PopupFrame


class Composing(Protocol):
    """What the popup asks about the message that is written."""

    @property
    def party(self) -> str:
        """To whom, "" for nobody yet."""

    def contact(self) -> str | None:
        """How the other party is called beside its number, None where it has no name."""

    def draft(self) -> Draft:
        """What is written now, with the options."""


class LibraryPopup(PopupFrame):
    """Search, list and preview; then a form for variables, or for a name.

    Signals: `template_chosen(text)`; `request_chosen(draft)`; `curl_asked(text)`, a command is to be taken
    in, "" for one that is pasted later.
    """

    template_chosen = Signal(str)
    request_chosen = Signal(object)
    curl_asked = Signal(str)

    def __init__(
        self,
        window: QWidget,
        *,
        keeper: LibraryKeeper,
        composing: Composing,
        anchor: QWidget,
        appearance: Appearance,
    ) -> None:
        super().__init__(window, anchor=anchor, appearance=appearance)
        self._keeper = keeper
        self._composing = composing
        self._holdings = Holdings()
        self._given_way: list[Entry] = []
        self._filling: Entry | None = None
        self._name_done: Callable[[str], None] = lambda _name: None
        self.setObjectName("library")
        self.setAccessibleName(self.tr("Templates and requests"))
        self.browse = BrowsePage(appearance=appearance)
        self.fill = FillForm(appearance=appearance)
        self.name = NameForm(appearance=appearance)
        inside = QWidget()
        self._pages = QStackedLayout(inside)
        for page in (self.browse, self.fill, self.name):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.addWidget(inside)
        self._connect()

    # What the desk asks

    def open(self, drawer: Drawer | None = None) -> None:
        """Show it over the compose row; a form that is half filled in is shown again."""
        if drawer is not None:
            self.browse.show_drawer(drawer)
        self.appear()
        self._focus_page()
        self._load()

    def save_request(self) -> None:
        """Ask for a name for the message that is written."""
        self.open(Drawer.REQUESTS)
        self._ask_save()

    def add_given_way(self, entry: Entry) -> None:
        """Keep in memory what a request took the place of."""
        self._given_way = [entry, *self._given_way][:5]

    # Loading

    def _load(self, select: str | None = None) -> None:
        def shown(holdings: Holdings) -> None:
            self._holdings = holdings
            self._show_entries()
            if select is not None:
                self.browse.shelf.select(select)

        self._keeper.load(self._composing.party, shown, self._failed)

    @Slot()
    def _show_entries(self) -> None:
        if self.browse.drawer is Drawer.REQUESTS:
            self.browse.show_entries((*self._given_way, *self._holdings.requests))
            self.browse.show_unreadable(self._holdings.unreadable, self._keeper.folder)
        else:
            self.browse.show_entries(self._holdings.templates)
            self.browse.show_unreadable((), "")

    def _failed(self, error: SmsDesktopError) -> None:
        self.browse.say(error.message, tone="bad")

    # Choosing

    @Slot(object)
    def _choose(self, entry: Entry) -> None:
        if entry.given_way or not variables_of(entry.draft):
            self._hand_over(entry.draft)
            return
        self._filling = entry
        request = self.browse.drawer is Drawer.REQUESTS
        self._turn_to(self.fill)
        self.fill.ask(entry, self._offers(), action=self.tr("Open") if request else self.tr("Insert"))

    def _offers(self) -> dict[str, str]:
        party = self._composing.party
        name = self._holdings.contact or self._composing.contact()
        offers = {"name": name} if name else {}
        if party:
            offers["number"] = f"+{party}" if party.isdigit() else party
        return offers

    @Slot(object)
    def _filled(self, draft: Draft) -> None:
        self._filling = None
        self._hand_over(draft)

    def _hand_over(self, draft: Draft) -> None:
        self._show_browse()
        self.hide()
        if self.browse.drawer is Drawer.REQUESTS:
            self.request_chosen.emit(draft)
        else:
            self.template_chosen.emit(draft.text)

    # Keeping

    @Slot()
    def _ask_save(self) -> None:
        drawer, draft = self.browse.drawer, self._composing.draft()
        request = drawer is Drawer.REQUESTS
        if not (draft if request else draft.text):
            self.browse.say(self.tr("Write the message first: there is nothing to keep yet."), tone="warn")
            return
        whole = Entry("", draft if request else Draft(draft.kind, draft.text))
        title = (
            self.tr("Save this message as a request") if request else self.tr("Save this text as a template")
        )
        words = self.tr("A name that is there already gets this in place of what it had.")
        if request:
            words += " " + self.tr("The recipient and secrets are not kept with it.")
            place = self.tr("It becomes a plain file that can be shared, in %1.")
            words += "\n" + place.replace("%1", self._keeper.folder)

        def done(name: str) -> None:
            before = self._known(drawer, name)

            def undo() -> None:
                if before is not None:
                    self._save(drawer, before.name, before.draft)

            self._save(drawer, name, whole.draft, undo=undo if before is not None else None)

        self._ask_name(title, "", words, self.tr("Save"), done)

    @Slot(object)
    def _ask_rename(self, entry: Entry) -> None:
        drawer = self.browse.drawer

        def done(name: str) -> None:
            self._keeper.rename(
                drawer,
                entry.name,
                name,
                lambda _: self._kept(name, None),
                self._refused,
            )

        title = self.tr("Rename %1").replace("%1", entry.name)
        self._ask_name(title, entry.name, "", self.tr("Rename"), done)

    @Slot(object)
    def _ask_duplicate(self, entry: Entry) -> None:
        def done(name: str) -> None:
            if self._known(Drawer.REQUESTS, name) is not None:
                self.name.show_problem(self.tr("There is one of this name already."))
                return
            self._save(Drawer.REQUESTS, name, entry.draft)

        title = self.tr("Duplicate %1").replace("%1", entry.name)
        suggestion = "" if entry.given_way else self.tr("%1, copy").replace("%1", entry.name)[:60]
        self._ask_name(title, suggestion, "", self.tr("Save"), done)

    def _ask_name(self, title: str, name: str, words: str, action: str, done: Callable[[str], None]) -> None:
        self._name_done = done
        self._turn_to(self.name)
        self.name.ask(title, name, words, action=action)

    def _known(self, drawer: Drawer, name: str) -> Entry | None:
        kept = self._holdings.requests if drawer is Drawer.REQUESTS else self._holdings.templates
        wanted = name.strip().casefold()
        return next((entry for entry in kept if entry.name.casefold() == wanted), None)

    def _save(
        self, drawer: Drawer, name: str, draft: Draft, *, undo: Callable[[], None] | None = None
    ) -> None:
        self._keeper.save(
            drawer, name, draft, lambda left_out: self._kept(name, left_out, undo=undo), self._refused
        )

    def _refused(self, error: SmsDesktopError) -> None:
        """Say why something was not kept, at the field where its name was asked for."""
        if self._pages.currentWidget() is self.name:
            self.name.show_problem(error.message)
        else:
            self._failed(error)

    def _kept(self, name: str, left_out: str | None, *, undo: Callable[[], None] | None = None) -> None:
        self._turn_to(self.browse)
        words = self.tr("Kept as %1.").replace("%1", name.strip())
        if undo is not None:
            words = self.tr("Kept as %1, in place of what it had.").replace("%1", name.strip())
        if left_out:
            words += f" {left_out}"
        self.browse.say(words, tone="warn" if left_out else "ok", undo=undo)
        self._load(name.strip())

    @Slot(object)
    def _remove(self, entry: Entry) -> None:
        if entry.given_way:
            self._given_way.remove(entry)
            self._show_entries()
            return
        drawer = self.browse.drawer

        def undo() -> None:
            self._save(drawer, entry.name, entry.draft)

        def done(_removed: bool) -> None:
            words = self.tr("%1 is removed.").replace("%1", entry.name)
            self.browse.say(words, tone="plain", undo=undo)
            self._load()

        self._keeper.remove(drawer, entry.name, done, self._failed)

    # Pages and place

    @Slot()
    def _show_browse(self) -> None:
        self._filling = None
        self._turn_to(self.browse)

    def _turn_to(self, page: QWidget) -> None:
        """Show a page, with the focus in it: what had it is hidden, and Qt would look for it elsewhere."""
        self._turning = True
        self._pages.setCurrentWidget(page)
        if self.isVisible():
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self._turning = False

    def _focus_page(self) -> None:
        if self._pages.currentWidget() is self.fill and self._filling is not None:
            request = self.browse.drawer is Drawer.REQUESTS
            self.fill.ask(
                self._filling, self._offers(), action=self.tr("Open") if request else self.tr("Insert")
            )
        else:
            page = self._pages.currentWidget()
            (page if page is self.name else self.browse.shelf).setFocus(Qt.FocusReason.PopupFocusReason)
            self.browse.shelf.search.selectAll()

    def _connect(self) -> None:
        self.browse.shelf.chosen.connect(self._choose)
        self.browse.shelf.curl_pasted.connect(self._take_curl)
        self.browse.drawer_changed.connect(self._show_entries)
        self.browse.save_asked.connect(self._ask_save)
        self.browse.rename_asked.connect(self._ask_rename)
        self.browse.duplicate_asked.connect(self._ask_duplicate)
        self.browse.remove_asked.connect(self._remove)
        self.browse.import_asked.connect(lambda: self._take_curl(""))
        self.browse.close_asked.connect(self.close_popup)
        self.fill.finished.connect(self._filled)
        self.fill.given_up.connect(self._show_browse)
        self.name.finished.connect(lambda name: self._name_done(name))
        self.name.given_up.connect(self._show_browse)

    @Slot(str)
    def _take_curl(self, text: str) -> None:
        self.hide()
        self.curl_asked.emit(text)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes one page back, then closes."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._pages.currentWidget() is self.browse:
            self.close_popup()
        else:
            self._show_browse()
