"""Everything that follows from something else, computed again. Used by services for check and rebuild.

States follow from attempts, parts and receipts; the text of a received message from its parts; the head of a
conversation from its messages; the index of words from the texts. Kept rows and computed rows must be equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import apsw

from sms_desktop.messages.ids import MessageId
from sms_desktop.messages.outcomes import state_of
from sms_desktop.store import attempts
from sms_desktop.store.database import Writing

_BATCH = 500
INDEXES = ("message_text", "conversation_text", "contact_text")
"""The tables that searching goes through."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept value that is not what follows: which table and row, the column, what is kept, what follows."""

    table: str
    row: str
    column: str
    kept: str
    follows: str


def differences(
    db: apsw.Connection, *, progress: Callable[[float], None] = lambda _: None
) -> Iterator[Difference]:
    """Every difference, as it is found. Reads the whole store, in steps of bounded size."""
    yield from _states(db, progress)
    yield from _texts(db)
    yield from _heads(db)
    yield from _orphans(db)


def index_is_sound(writing: Writing) -> bool:
    """Whether the indexes of words hold exactly what the texts say."""
    try:
        for table in INDEXES:
            writing.db.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
    except apsw.CorruptError:
        return False
    return True


def index_again(writing: Writing) -> None:
    """Make the indexes of words anew from the texts."""
    for table in INDEXES:
        writing.db.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")


def mend(writing: Writing, found: Difference) -> None:
    """Put what follows in place of what is kept."""
    if found.table == "message":
        key = "id"
    else:
        key = "id" if found.table in {"conversation", "receipt"} else "rowid"
    value: str | int | None = found.follows
    if found.column in {"last_seq", "is_orphan"}:
        value = None if found.follows == "None" else int(found.follows)
    writing.db.execute(
        f"UPDATE {found.table} SET {found.column} = ? WHERE {key} = ?",
        (value, found.row if found.table == "message" else int(found.row)),
    )
    writing.queue_changed()


def _states(db: apsw.Connection, progress: Callable[[float], None]) -> Iterator[Difference]:
    last = int(next(db.execute("SELECT coalesce(max(seq), 0) FROM message"))[0])
    at = -1
    while True:
        rows = db.execute(
            "SELECT seq, id, state, cancelled, direction FROM message WHERE seq > ? ORDER BY seq LIMIT ?",
            (at, _BATCH),
        ).fetchall()
        if not rows:
            return
        outbound = [MessageId(str(row[1])) for row in rows if row[4] == "out"]
        tried = attempts.of_messages(db, outbound)
        for _, message, kept, cancelled, direction in rows:
            if direction == "in":
                continue
            requests = tried.get(MessageId(str(message)), [])
            follows = state_of(
                ([attempt.attempt for attempt in request] for request in requests), cancelled=bool(cancelled)
            )
            if follows != kept:
                yield Difference("message", str(message), "state", str(kept), follows)
        at = int(str(rows[-1][0]))
        progress(at / max(last, 1))


def _texts(db: apsw.Connection) -> Iterator[Difference]:
    """Received texts, from their parts."""
    for message, kept, follows in db.execute(
        """
        SELECT m.id, m.body, (SELECT group_concat(text, '') FROM
                              (SELECT p.text FROM inbound_part p WHERE p.message_id = m.id ORDER BY p.no))
        FROM message m WHERE m.direction = 'in' AND m.kind != 'binary'
        """
    ):
        if follows is not None and follows != kept:
            yield Difference("message", str(message), "body", str(kept), str(follows))


def _heads(db: apsw.Connection) -> Iterator[Difference]:
    """The last message of each conversation."""
    for conversation, kept, follows in db.execute(
        """
        SELECT c.id, c.last_seq, (SELECT max(m.seq) FROM message m WHERE m.conversation_id = c.id)
        FROM conversation c
        """
    ):
        if kept != follows:
            yield Difference("conversation", str(conversation), "last_seq", str(kept), str(follows))


def _orphans(db: apsw.Connection) -> Iterator[Difference]:
    """Receipts that no part has, and parts that were found."""
    for receipt, kept, follows in db.execute(
        """
        SELECT t.id, t.is_orphan, NOT EXISTS
            (SELECT 1 FROM part p JOIN attempt a ON a.id = p.attempt_id JOIN request r ON r.id = a.request_id
             JOIN message m ON m.id = r.message_id
             WHERE p.gateway_id = t.gateway_id AND m.profile = t.profile)
        FROM receipt t WHERE t.foreign_account = 0
        """
    ):
        if kept != follows:
            yield Difference("receipt", str(receipt), "is_orphan", str(kept), str(follows))
