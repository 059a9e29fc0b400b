"""Contacts: name, note and tags for a number; in and out as vCard and CSV. Called by ui and cli."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from sms_desktop.encoding import vcard
from sms_desktop.messages.addresses import recipient
from sms_desktop.messages.errors import Mendable
from sms_desktop.services.clock import Clock, now_us
from sms_desktop.services.deeds import Actor
from sms_desktop.services.tables import neutral, plain
from sms_desktop.store import contacts
from sms_desktop.store.contacts import Contact
from sms_desktop.store.database import Store
from sms_desktop.store.search import fts_query

_LONGEST_NAME = 200
_LONGEST_NOTE = 5_000
_MOST_TAGS = 30
_MOST = 1_000_000
_COLUMNS = ("number", "name", "note", "tags")


class Contacts:
    """The contacts of this person, for all profiles. Every method touches the disk."""

    def __init__(self, store: Store, *, clock: Clock = now_us, actor: Actor | None = None) -> None:
        self._store = store
        self._clock = clock
        self._actor = actor or Actor()

    def save(self, number: str, name: str, *, note: str = "", tags: Iterable[str] = ()) -> Contact:
        """Keep a contact in place of what was known of its number. Raises Mendable for no number or name."""
        contact = _made(number, name, note, tags)
        with self._store.write() as writing:
            contacts.save(writing.db, contact, now_us=self._clock())
            self._actor.note(writing, self._clock(), "contact saved", "contact")
            writing.queue_changed()
        return contact

    def remove(self, number: str) -> bool:
        """Forget a contact; its messages stay. False if there was none."""
        with self._store.write() as writing:
            removed = contacts.remove(writing.db, recipient(number))
            if removed:
                self._actor.note(writing, self._clock(), "contact removed", "contact")
                writing.queue_changed()
        return removed

    def find(self, number: str) -> Contact | None:
        """The contact of a number, or None."""
        with self._store.read() as db:
            return contacts.find(db, recipient(number))

    def every(self, text: str = "", *, limit: int = _MOST) -> tuple[Contact, ...]:
        """The contacts by number, or those whose name, note or tags hold the words of `text`."""
        query = fts_query(text)
        with self._store.read() as db:
            if query is not None:
                return contacts.matching(db, query, limit=limit)
            return contacts.page(db, limit=limit)

    def take_in_vcards(self, text: str) -> int:
        """Take in the cards of a text, one contact for each number; returns how many.

        Cards without a number that can be sent to are left out. Raises Mendable for what is no vCard.
        """
        found = []
        for card in vcard.read_contacts(text):
            for phone in card.phones:
                try:
                    name = card.display_name or phone.number
                    found.append(_made(phone.number, name, card.note, card.categories))
                except Mendable:  # an extension, a number without its country code: nothing to send to
                    continue
        return self._take_in(found)

    def take_in_csv(self, text: str) -> int:
        """Take in rows of number, name, note and tags (split by `;`); a head line names the columns.

        Returns how many. Raises Mendable with the line; nothing is taken in then.
        """
        rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
        columns = list(_COLUMNS)
        found = []
        for line, row in enumerate(rows, start=1):
            if line == 1 and "number" in (head := [cell.strip().lower() for cell in row]):
                columns = head
                continue
            cells = dict(zip(columns, (plain(cell) for cell in row), strict=False))
            if not any(cells.values()):
                continue
            number, name = cells.get("number", ""), cells.get("name", "")
            try:
                tags = cells.get("tags", "").split(";")
                found.append(_made(number, name or number, cells.get("note", ""), tags))
            except Mendable as error:
                raise Mendable(f"Line {line}: {error.message}", field=error.field) from error
        return self._take_in(found)

    def _take_in(self, found: list[Contact]) -> int:
        with self._store.write() as writing:
            for contact in found:
                contacts.save(writing.db, contact, now_us=self._clock())
            self._actor.note(writing, self._clock(), "contacts imported", len(found))
            writing.queue_changed()
        return len(found)

    def as_vcards(self) -> str:
        """Every contact as a vCard 3.0."""
        return "".join(
            vcard.write(
                vcard.Contact(
                    formatted_name=contact.name,
                    family=contact.name,
                    phones=(vcard.Phone(f"+{contact.number}"),),
                    note=contact.note,
                    categories=contact.tags,
                ),
                "3.0",
            )
            for contact in self.every()
        )

    def as_csv(self) -> str:
        """Every contact as a row, below a head line; cells can't be taken for formulas."""
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\r\n")
        table.writerow(_COLUMNS)
        for contact in self.every():
            cells = (contact.number, contact.name, contact.note, ";".join(contact.tags))
            table.writerow([neutral(cell) for cell in cells])
        return out.getvalue()


def _made(number: str, name: str, note: str, tags: Iterable[str]) -> Contact:
    told = " ".join(name.split())
    if not 1 <= len(told) <= _LONGEST_NAME:
        raise Mendable(f"name: use 1 to {_LONGEST_NAME} characters.", field="name")
    if len(note) > _LONGEST_NOTE:
        raise Mendable(f"note: use at most {_LONGEST_NOTE:,} characters.", field="note")
    # A semicolon separates tags in CSV, and so no tag holds one.
    words = tuple(dict.fromkeys(word.strip() for tag in tags for word in tag.split(";") if word.strip()))
    return Contact(recipient(number), told, note.strip(), words[:_MOST_TAGS])
