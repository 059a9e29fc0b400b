"""Contacts: a name, a note and tags for a number. Written by services, read by ui and cli."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import apsw


@dataclass(frozen=True, slots=True)
class Contact:
    """What people call a number, and what they noted about it."""

    number: str
    name: str
    note: str = ""
    tags: tuple[str, ...] = ()


_SELECT = "SELECT number, name, note, tags FROM contact"


def find(db: apsw.Connection, number: str) -> Contact | None:
    """The contact of a number, or None."""
    row = next(db.execute(f"{_SELECT} WHERE number = ?", (number,)), None)
    return None if row is None else _contact(*map(str, row))


def page(db: apsw.Connection, *, limit: int, after: str = "") -> tuple[Contact, ...]:
    """Contacts by number; `after` is the last number that is already known."""
    rows = db.execute(f"{_SELECT} WHERE number > ? ORDER BY number LIMIT ?", (after, limit))
    return tuple(_contact(*map(str, row)) for row in rows)


def matching(db: apsw.Connection, query: str, *, limit: int) -> tuple[Contact, ...]:
    """Contacts whose name, note or tags match a query of FTS5."""
    rows = db.execute(
        """
        SELECT c.number, c.name, c.note, c.tags FROM contact_text t CROSS JOIN contact c ON c.id = t.rowid
        WHERE t.contact_text MATCH ? LIMIT ?
        """,
        (query, limit),
    )
    return tuple(_contact(*map(str, row)) for row in rows)


def names(db: apsw.Connection, numbers: Iterable[str]) -> dict[str, str]:
    """The names of those numbers that have one."""
    rows = db.execute(
        "SELECT number, name FROM contact WHERE number IN (SELECT value FROM json_each(?))",
        (json.dumps(list(numbers)),),
    )
    return {str(number): str(name) for number, name in rows}


def save(db: apsw.Connection, contact: Contact, *, now_us: int) -> None:
    """Keep a contact in place of what was known of its number."""
    db.execute(
        """
        INSERT INTO contact (number, name, note, tags, updated_us) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (number) DO UPDATE SET name = excluded.name, note = excluded.note, tags = excluded.tags,
            updated_us = excluded.updated_us
        """,
        (
            contact.number,
            contact.name,
            contact.note,
            json.dumps(list(contact.tags), ensure_ascii=False),
            now_us,
        ),
    )


def remove(db: apsw.Connection, number: str) -> bool:
    """Forget a contact; False if there was none."""
    db.execute("DELETE FROM contact WHERE number = ?", (number,))
    return db.changes() > 0


def _contact(number: str, name: str, note: str, tags: str) -> Contact:
    return Contact(number, name, note, tuple(json.loads(tags)))
