"""Templates: texts with a name, to be filled in and sent. Written by services, read by ui and cli."""

from __future__ import annotations

from dataclasses import dataclass

import apsw


@dataclass(frozen=True, slots=True)
class Template:
    """A text with variables, by a name that is found whatever its case."""

    name: str
    body: str


def every(db: apsw.Connection) -> tuple[Template, ...]:
    """All templates, by name."""
    rows = db.execute("SELECT name, body FROM template ORDER BY name")
    return tuple(Template(str(name), str(body)) for name, body in rows)


def find(db: apsw.Connection, name: str) -> Template | None:
    """The template of a name, or None."""
    row = next(db.execute("SELECT name, body FROM template WHERE name = ?", (name,)), None)
    return None if row is None else Template(str(row[0]), str(row[1]))


def save(db: apsw.Connection, template: Template, *, now_us: int) -> None:
    """Keep a template in place of one of the same name."""
    db.execute("DELETE FROM template WHERE name = ?", (template.name,))
    db.execute("INSERT INTO template VALUES (?, ?, ?)", (template.name, template.body, now_us))


def remove(db: apsw.Connection, name: str) -> bool:
    """Drop a template; False if there was none."""
    db.execute("DELETE FROM template WHERE name = ?", (name,))
    return db.changes() > 0
