"""What the menu does with what is kept: a contact, contacts in files, export, forgetting, the whole store.

Made by the main window, for the profile that it shows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.conversations.page import ConversationPage
from sms_desktop.ui.numbers import NumberBook
from sms_desktop.ui.reading import TaskRunner

if TYPE_CHECKING:
    from sms_desktop.services.contacts import Contacts
    from sms_desktop.services.forgetting import Forgetting
    from sms_desktop.store.database import Store
    from sms_desktop.store.search import Query
    from sms_desktop.ui.records.contact_files import ContactFiles
    from sms_desktop.ui.records.exporting import ExportStrip
    from sms_desktop.ui.records.kept_work import KeptWork
    from sms_desktop.ui.records.store_dialog import StoreDialog


class RecordsDesk(QObject):
    """Each dialog and strip is made when it is first asked for; strips go into `strips`.

    Signals: `forgotten(party)`, nothing about a party is left; `replaced()`, the
    store is another file now; `failed(error)`, what was begun in a dialog that is gone could not be done.
    """

    forgotten = Signal(str)
    replaced = Signal()
    failed = Signal(object)

    def __init__(
        self,
        *,
        profile: Profile,
        store: Store,
        tasks: TaskRunner,
        page: ConversationPage,
        numbers: NumberBook,
        strips: QVBoxLayout,
        appearance: Appearance,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._profile = profile
        self._store = store
        self._tasks = tasks
        self._page = page
        self._numbers = numbers
        self._strips = strips
        self._appearance = appearance
        self._window = window
        self._exporting: ExportStrip | None = None
        self._files: ContactFiles | None = None
        self._kept: StoreDialog | None = None
        self._work: KeptWork | None = None

    @property
    def has_number(self) -> bool:
        """True while a conversation with a number is open: a word sender is no contact."""
        return (self._page.party or "").isdigit()

    def stop(self) -> None:
        """Stop what is being written: the window closes."""
        if self._exporting is not None:
            self._exporting.stop()
        self.end()

    def end(self) -> None:
        """Put away what shows this profile: another one is shown from now on."""
        if self._kept is not None and self._work is not None:
            self._work.end()
            self._kept.close()
            self._kept.deleteLater()
            self._kept = None

    @Slot(object)
    def export(self, query: Query) -> None:
        """Write what a query finds into a file that the person chooses."""
        if self._exporting is None:
            from sms_desktop.ui.records.exporting import ExportStrip  # seldom used

            self._exporting = ExportStrip(store=self._store, tasks=self._tasks, appearance=self._appearance)
            self._strips.addWidget(self._exporting)
        name = f"messages-{query.party or self._profile.id}"
        self._exporting.ask(replace(query, profile=self._profile.id), name=name)

    @Slot()
    def export_conversation(self) -> None:
        """Write the open conversation into a file."""
        from sms_desktop.store.search import Query

        if self._page.party:
            self.export(Query(party=self._page.party))

    @Slot()
    def show_contact(self) -> None:
        """Show name, note and tags of the open conversation's number."""
        from sms_desktop.ui.records.contact_dialog import ContactDialog

        party = self._page.party or ""
        if not self.has_number:
            return
        dialog = ContactDialog(
            party,
            self._numbers.words(party).formatted,
            contacts=self._contacts,
            tasks=self._tasks,
            appearance=self._appearance,
            parent=self._window,
        )
        dialog.changed.connect(lambda _: self._numbers.refresh())
        dialog.show()

    @Slot()
    def import_contacts(self) -> None:
        """Take in contacts from a file that the person chooses."""
        self._contact_files().ask_import()

    @Slot()
    def export_contacts(self) -> None:
        """Write all contacts into a file that the person chooses."""
        self._contact_files().ask_export()

    @Slot()
    def ask_forget(self) -> None:
        """Ask whether all about the open conversation's party should go."""
        from sms_desktop.ui.records.forget_dialog import ForgetDialog

        party = self._page.party
        if not party:
            return
        dialog = ForgetDialog(
            party,
            self._page.name(),
            listed=self._page.do_not_contact.listed,
            forgetting=self._forgetting,
            tasks=self._tasks,
            appearance=self._appearance,
            parent=self._window,
        )
        dialog.forgotten.connect(self.forgotten)
        dialog.show()

    @Slot()
    def show_kept(self) -> None:
        """Show the store: its state and backups, retention, what is missing, what people did."""
        if self._kept is None:
            from sms_desktop.ui.records.kept_work import KeptWork  # seldom opened
            from sms_desktop.ui.records.store_dialog import StoreDialog

            self._work = KeptWork(self._store, self._profile, tasks=self._tasks, parent=self)
            self._work.failed_late.connect(self.failed)
            self._kept = StoreDialog(self._work, appearance=self._appearance, parent=self._window)
            self._kept.replaced.connect(self.replaced)
        self._kept.look_again()
        self._kept.show()
        self._kept.activateWindow()

    def _contacts(self) -> Contacts:
        from sms_desktop.services.contacts import Contacts  # not before somebody looks at one

        return Contacts(self._store)

    def _forgetting(self) -> Forgetting:
        from sms_desktop.services.forgetting import Forgetting

        return Forgetting(self._store)

    def _contact_files(self) -> ContactFiles:
        if self._files is None:
            from sms_desktop.ui.records.contact_files import ContactFiles  # seldom used

            self._files = ContactFiles(
                contacts=self._contacts, tasks=self._tasks, appearance=self._appearance
            )
            self._files.taken_in.connect(self._numbers.refresh)
            self._strips.addWidget(self._files)
        return self._files
