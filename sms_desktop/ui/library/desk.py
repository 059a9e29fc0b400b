"""What the window has to do with templates, requests, their preview and curl. Made when first asked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QPlainTextEdit, QWidget

from sms_desktop.messages.addresses import recipient
from sms_desktop.messages.drafts import MAIN_FIELD, Draft
from sms_desktop.messages.errors import Mendable
from sms_desktop.services.curl_import import Understood
from sms_desktop.services.request_preview import Sketch
from sms_desktop.settings.profiles import Profile
from sms_desktop.store.database import Store
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.editor import LONGEST
from sms_desktop.ui.compose.kind_tabs import kind_word
from sms_desktop.ui.conversations.page import ConversationPage
from sms_desktop.ui.library.curl_dialog import CurlDialog
from sms_desktop.ui.library.entries import Drawer, Entry
from sms_desktop.ui.library.keeper import LibraryKeeper
from sms_desktop.ui.library.popup import LibraryPopup
from sms_desktop.ui.library.request_dock import RequestDock
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.times import clock, now_us


class LibraryDesk(QObject):
    """Belongs to one page of the window; `end` puts it away when another profile is shown.

    `show_party` opens a conversation, "" the message to nobody. Signals: `secret_taken(profile, secret)`, the
    person wants this secret used until the program ends.
    """

    secret_taken = Signal(object, str)

    def __init__(
        self,
        window: QMainWindow,
        *,
        page: ConversationPage,
        profile: Profile,
        profiles: Callable[[], tuple[Profile, ...]],
        show_party: Callable[[str], None],
        store: Store,
        tasks: TaskRunner,
        appearance: Appearance,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._profile = profile
        self._profiles = profiles
        self._show_party = show_party
        self._tasks = tasks
        self._appearance = appearance
        self._caret: QWidget | None = None
        self._wanted: tuple[str, Draft] | None = None
        self._dock: RequestDock | None = None
        self._dialog: CurlDialog | None = None
        self.popup = LibraryPopup(
            window,
            keeper=LibraryKeeper(store, tasks=tasks),
            composing=self,
            anchor=page.compose.templates_button,
            appearance=appearance,
        )
        self.popup.template_chosen.connect(self._insert)
        self.popup.request_chosen.connect(self._open)
        self.popup.curl_asked.connect(self.import_curl)
        self.popup.closed.connect(self._give_back)
        page.drafts.loaded.connect(self._drafts_loaded)

    def end(self) -> None:
        """Put everything away."""
        for widget in (self.popup, self._dialog):
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if self._dock is not None:
            self._window.removeDockWidget(self._dock)
            self._dock.deleteLater()
        self.deleteLater()

    # What the popup asks

    @property
    def party(self) -> str:
        """To whom is written, "" for nobody yet."""
        return self._page.party or ""

    def contact(self) -> str | None:
        """The name of the open conversation's phone, None where it has none."""
        name = self._page.name()
        return None if not self.party or name.startswith("+") or name == self.party else name

    def draft(self) -> Draft:
        """What is written now, with the options."""
        return self._page.compose.draft()

    # What the window asks

    @Slot()
    def toggle(self) -> None:
        """Open the popup over the compose row, or close it."""
        if self.popup.isVisible():
            self.popup.close_popup()
        else:
            self._begin()
            self.popup.open()

    @Slot()
    def save_request(self) -> None:
        """Ask for a name for the message that is written."""
        self._begin()
        self.popup.save_request()

    def _begin(self) -> None:
        """Have something to write to, and remember where the caret is."""
        if self._page.party is None:
            self._show_party("")
        focused = QApplication.focusWidget()
        inside = focused is not None and self._page.compose.sheet.isAncestorOf(focused)
        self._caret = focused if inside else None

    @Slot(str)
    def import_curl(self, text: str = "") -> None:
        """Show the window that takes in a command."""
        if self._dialog is None:
            self._dialog = CurlDialog(
                profiles=self._profiles,
                shown=self._profile,
                tasks=self._tasks,
                appearance=self._appearance,
                parent=self._window,
            )
            self._dialog.taken.connect(self._take)
            self._dialog.secret_taken.connect(self.secret_taken)
        self._dialog.begin(text)

    @Slot()
    def toggle_request(self) -> None:
        """Open or close the dock with the request."""
        dock = self._dock
        if dock is None:
            dock = self._dock = RequestDock(
                sketch=self._sketch, tasks=self._tasks, appearance=self._appearance, parent=self._window
            )
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            self._page.compose.rewritten.connect(dock.refresh)
            dock.left.connect(self._page.refocus)
            entry = self._window.findChild(QAction, "action_request")
            if entry is not None:
                shown = dock
                dock.visibilityChanged.connect(lambda _: entry.setChecked(not shown.isHidden()))
            dock.show()
        else:
            dock.setVisible(dock.isHidden())
        if dock.isHidden():
            self._page.refocus()

    def regions(self) -> list[QWidget]:
        """What of it F6 leads to."""
        return [self._dock.widget()] if self._dock is not None and self._dock.isVisible() else []

    def _sketch(self) -> Sketch | None:
        if self._page.party is None:
            return None
        compose = self._page.compose
        to = self._page.party or self._page.typed_recipient()
        sender = compose.sender_field.text()
        return Sketch(compose.draft(), self._profile, to, sender, compose.sheet.accepts_loss)

    # Putting into the panes

    @Slot(str)
    def _insert(self, text: str) -> None:
        """Put a text where the caret is, as one step that can be undone."""
        sheet = self._page.compose.sheet
        fields = sheet.fields()
        caret = self._caret if self._caret is not None and sheet.isAncestorOf(self._caret) else None
        field = caret or fields.get(MAIN_FIELD[sheet.kind]) or next(iter(fields.values()))
        match field:
            case QPlainTextEdit():
                if len(text) + field.document().characterCount() > LONGEST:
                    self.popup.open(Drawer.TEMPLATES)
                    words = self.tr("There is no room for it: the field holds %1 characters at most.")
                    self.popup.browse.say(words.replace("%1", f"{LONGEST:,}"), tone="warn")
                    return
                field.insertPlainText(text)
                field.ensureCursorVisible()
            case QLineEdit():
                field.insert(" ".join(text.split("\n")))
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _open(self, draft: Draft) -> None:
        before = self._page.compose.open_request(draft)
        if before and before != draft:
            words = (
                self.tr("%1 before, %2").replace("%1", kind_word(before.kind)).replace("%2", clock(now_us()))
            )
            self.popup.add_given_way(Entry(words, before, given_way=True))

    @Slot()
    def _give_back(self) -> None:
        if self._caret is not None and self._page.compose.sheet.isAncestorOf(self._caret):
            self._caret.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._page.refocus()

    @Slot(object)
    def _take(self, found: Understood) -> None:
        """Put a command's message into the panes of its recipient."""
        self._window.activateWindow()
        try:
            party = recipient(found.to)
        except Mendable:
            party = ""
        if self._page.party == party:
            self._open(found.draft)
        else:
            self._wanted = (party, found.draft)  # behind the drafts that are there
            self._show_party(party)
        if not party and found.to:
            self._page.recipient.field.setText(found.to)

    @Slot(str, object)
    def _drafts_loaded(self, party: str, _drafts: object) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted[0] == party == self._page.party:
            self._open(wanted[1])
