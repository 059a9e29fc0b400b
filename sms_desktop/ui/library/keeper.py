"""Templates and requests for the popup, read and written off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.collection import Collection, Unreadable
from sms_desktop.services.contacts import Contacts
from sms_desktop.services.templates import Templates
from sms_desktop.store.database import Store
from sms_desktop.ui.library.entries import Drawer, Entry
from sms_desktop.ui.reading import TaskRunner

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Holdings:
    """All that is kept, the files that could not be read, and what is known of the open conversation."""

    templates: tuple[Entry, ...] = ()
    requests: tuple[Entry, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    contact: str | None = None


class LibraryKeeper:
    """Every call goes through tasks; `done` and `failed` run on the window's thread."""

    def __init__(self, store: Store, *, tasks: TaskRunner) -> None:
        self._templates = Templates(store)
        self._contacts = Contacts(store)
        self._collection = Collection(store.file.parent / "requests")
        self._tasks = tasks

    @property
    def folder(self) -> str:
        """Where the requests lie."""
        return str(self._collection.folder)

    def load(
        self, party: str, done: Callable[[Holdings], None], failed: Callable[[SmsDesktopError], None]
    ) -> None:
        """Read everything, and the name of `party` where it is a contact."""

        def read() -> Holdings:
            shelf = self._collection.every()
            contact = self._contacts.find(party) if party else None
            return Holdings(
                tuple(Entry.kept(each.name, Draft(Kind.TEXT, each.body)) for each in self._templates.every()),
                tuple(Entry.kept(each.name, each.draft) for each in shelf.requests),
                shelf.unreadable,
                contact.name if contact is not None else None,
            )

        # Behind what was just written.
        self._tasks.run(read, done, failed, lane="writes")

    def save(
        self,
        drawer: Drawer,
        name: str,
        draft: Draft,
        done: Callable[[str | None], None],
        failed: Callable[[SmsDesktopError], None],
    ) -> None:
        """Keep an entry; `done` gets the sentence about what was left out, if anything was."""

        def write() -> str | None:
            if drawer is Drawer.REQUESTS:
                return self._collection.save(name, draft)
            self._templates.save(name, draft.text)
            return None

        self._write(write, done, failed)

    def rename(
        self,
        drawer: Drawer,
        old: str,
        new: str,
        done: Callable[[None], None],
        failed: Callable[[SmsDesktopError], None],
    ) -> None:
        """Give an entry another name."""
        rename = self._collection.rename if drawer is Drawer.REQUESTS else self._templates.rename
        self._write(lambda: rename(old, new), done, failed)

    def remove(
        self,
        drawer: Drawer,
        name: str,
        done: Callable[[bool], None],
        failed: Callable[[SmsDesktopError], None],
    ) -> None:
        """Drop an entry."""
        remove = self._collection.remove if drawer is Drawer.REQUESTS else self._templates.remove
        self._write(lambda: remove(name), done, failed)

    def _write(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[SmsDesktopError], None]
    ) -> None:
        self._tasks.run(work, done, failed, lane="writes")
