"""Numbers that are not to be contacted, and replies that ask for it.

Read by the outbox and again by the sender; written by services.
"""

from __future__ import annotations

from dataclasses import dataclass

import apsw

from sms_desktop.messages.ids import MessageId


@dataclass(frozen=True, slots=True)
class OptOut:
    """A number that is not to be contacted: why, who said so (person, reply, import), and since when."""

    number: str
    reason: str
    source: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A reply that asks not to be contacted: the word that says so, and the message that it stands in."""

    number: str
    message: MessageId
    word: str
    at_us: int


def find(db: apsw.Connection, number: str) -> OptOut | None:
    """The entry of a number, or None: it may be contacted."""
    row = next(
        db.execute("SELECT number, reason, source, at_us FROM opt_out WHERE number = ?", (number,)), None
    )
    return None if row is None else OptOut(str(row[0]), str(row[1]), str(row[2]), int(str(row[3])))


def every(db: apsw.Connection, *, limit: int, after: str = "") -> tuple[OptOut, ...]:
    """The entries by number; `after` is the last number that is already known."""
    rows = db.execute(
        "SELECT number, reason, source, at_us FROM opt_out WHERE number > ? ORDER BY number LIMIT ?",
        (after, limit),
    )
    return tuple(OptOut(str(row[0]), str(row[1]), str(row[2]), int(str(row[3]))) for row in rows)


def add(db: apsw.Connection, entry: OptOut) -> bool:
    """Keep an entry, and drop the suggestion for it; False if the number is there already."""
    db.execute("DELETE FROM opt_out_suggestion WHERE number = ?", (entry.number,))
    db.execute(
        "INSERT INTO opt_out VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (entry.number, entry.reason, entry.source, entry.at_us),
    )
    return db.changes() > 0


def remove(db: apsw.Connection, number: str) -> bool:
    """Let a number be contacted again; False if it was not there."""
    db.execute("DELETE FROM opt_out WHERE number = ?", (number,))
    return db.changes() > 0


def suggest(db: apsw.Connection, suggestion: Suggestion) -> bool:
    """Keep a suggestion, unless the number is on the list; the newest reply replaces an earlier one."""
    if find(db, suggestion.number) is not None:
        return False
    db.execute(
        "INSERT OR REPLACE INTO opt_out_suggestion VALUES (?, ?, ?, ?)",
        (suggestion.number, suggestion.message, suggestion.word, suggestion.at_us),
    )
    return True


def suggestions(db: apsw.Connection, *, limit: int = 1_000) -> tuple[Suggestion, ...]:
    """The suggestions that no person has decided on, by number."""
    rows = db.execute(
        "SELECT number, message_id, word, at_us FROM opt_out_suggestion ORDER BY number LIMIT ?", (limit,)
    )
    return tuple(
        Suggestion(str(number), MessageId(str(message)), str(word), int(str(at)))
        for number, message, word, at in rows
    )


def suggestion(db: apsw.Connection, number: str) -> Suggestion | None:
    """The suggestion for a number, on which no person has decided; or None."""
    row = next(
        db.execute(
            "SELECT number, message_id, word, at_us FROM opt_out_suggestion WHERE number = ?", (number,)
        ),
        None,
    )
    if row is None:
        return None
    return Suggestion(str(row[0]), MessageId(str(row[1])), str(row[2]), int(str(row[3])))


def dismiss(db: apsw.Connection, number: str) -> bool:
    """Drop a suggestion; False if there was none."""
    db.execute("DELETE FROM opt_out_suggestion WHERE number = ?", (number,))
    return db.changes() > 0
