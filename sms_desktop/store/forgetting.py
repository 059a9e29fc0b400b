"""Removing messages with all their evidence: one number's, or those that are old. Called by services."""

from __future__ import annotations

import json
import re

import apsw

from sms_desktop.messages.addresses import told_party
from sms_desktop.messages.ids import MessageId, ProfileId

_SHORTEST_MSISDN = 7
_EVIDENCE = (
    """
    DELETE FROM receipt WHERE (profile, gateway_id) IN (
        SELECT m.profile, p.gateway_id FROM message m JOIN request r ON r.message_id = m.id
        JOIN attempt a ON a.request_id = r.id JOIN part p ON p.attempt_id = a.id
        WHERE m.id IN (SELECT value FROM json_each(?)) AND p.gateway_id IS NOT NULL)
    """,
    """
    DELETE FROM part WHERE attempt_id IN (SELECT a.id FROM attempt a JOIN request r ON r.id = a.request_id
        WHERE r.message_id IN (SELECT value FROM json_each(?)))
    """,
    """
    DELETE FROM attempt WHERE request_id IN (
        SELECT id FROM request WHERE message_id IN (SELECT value FROM json_each(?)))
    """,
    "DELETE FROM request WHERE message_id IN (SELECT value FROM json_each(?))",
    "DELETE FROM inbound_part WHERE message_id IN (SELECT value FROM json_each(?))",
    "DELETE FROM reassembly WHERE message_id IN (SELECT value FROM json_each(?))",
    """
    UPDATE conversation SET last_seq = NULL
    WHERE last_seq IN (SELECT seq FROM message WHERE id IN (SELECT value FROM json_each(?)))
    """,
    "DELETE FROM message WHERE id IN (SELECT value FROM json_each(?))",
)

_DONE_WITH = """
    profile = ? AND created_us < ? AND state != 'sending'
    AND NOT (state IN ('queued', 'not_sent', 'throttled') AND next_try_us IS NOT NULL)
"""


def messages(db: apsw.Connection, ids: list[MessageId]) -> None:
    """Remove messages with requests, attempts, parts and receipts, and find each conversation's last one."""
    wanted = (json.dumps(ids),)
    for statement in _EVIDENCE:
        db.execute(statement, wanted)
    db.execute(
        """
        UPDATE conversation SET last_seq =
            (SELECT max(m.seq) FROM message m WHERE m.conversation_id = conversation.id)
        WHERE last_seq IS NULL
        """
    )
    db.execute("DELETE FROM conversation WHERE last_seq IS NULL")


def older_than(
    db: apsw.Connection, profile: ProfileId, before_us: int, *, limit: int, after: int = -1
) -> list[tuple[int, MessageId]]:
    """Messages of a profile from before a moment that the sender has no more to do with, by seq.

    `after` is the seq of the last one that is already known.
    """
    rows = db.execute(
        f"SELECT seq, id FROM message NOT INDEXED WHERE seq > ? AND {_DONE_WITH} ORDER BY seq LIMIT ?",
        (after, profile, before_us, limit),
    )
    return [(int(str(seq)), MessageId(str(message))) for seq, message in rows]


def count_older_than(db: apsw.Connection, profile: ProfileId, before_us: int) -> int:
    """How many messages `older_than` finds in all."""
    rows = db.execute(
        f"SELECT count(*) FROM message NOT INDEXED WHERE {_DONE_WITH}",
        (profile, before_us),
    )
    return int(str(next(rows)[0]))


def events_before(db: apsw.Connection, profile: ProfileId, before: str) -> int:
    """Remove events that the relay took in before a moment (RFC 3339); returns how many."""
    db.execute("DELETE FROM event WHERE profile = ? AND received_at < ?", (profile, before))
    return db.changes()


def orphans_before(db: apsw.Connection, profile: ProfileId, before_us: int) -> int:
    """Remove receipts from before a moment that no message here has; returns how many."""
    db.execute(
        "DELETE FROM receipt WHERE profile = ? AND is_orphan = 1 AND received_us < ?", (profile, before_us)
    )
    return db.changes()


def of_number(db: apsw.Connection, number: str, *, limit: int) -> list[MessageId]:
    """Messages with a number, in all profiles."""
    rows = db.execute(
        """
        SELECT m.id FROM conversation c CROSS JOIN message m ON m.conversation_id = c.id
        WHERE c.party = ? LIMIT ?
        """,
        (number, limit),
    )
    return [MessageId(str(row[0])) for row in rows]


def traces(db: apsw.Connection, number: str, *, keep_opt_out: bool) -> None:
    """Remove what else names a number. Events keep their place in the log, and lose what they said."""
    db.execute("DELETE FROM receipt WHERE party = ?", (number,))
    for table in ("draft", "draft_history", "conversation"):
        db.execute(f"DELETE FROM {table} WHERE party = ?", (number,))
    db.execute("DELETE FROM contact WHERE number = ?", (number,))
    db.execute("DELETE FROM opt_out_suggestion WHERE number = ?", (number,))
    if not keep_opt_out:
        db.execute("DELETE FROM opt_out WHERE number = ?", (number,))
    _empty_events(db, number)


def _empty_events(db: apsw.Connection, number: str) -> None:
    """Empty the events that name a number: as a value, or, where it is long enough to be one, in a text."""
    within = None
    if number.isdecimal() and len(number) >= _SHORTEST_MSISDN:
        within = re.compile(rf"(?<![0-9])(?:00)?{number}(?![0-9])")  # no piece of a longer number
    candidates = db.execute(
        "SELECT profile, stream, epoch, seq, payload FROM event WHERE instr(payload, ?) > 0",
        (json.dumps(number)[1:-1],),
    )
    named = [
        key
        for *key, payload in candidates
        if any(
            told_party(str(value)) == number or (within is not None and within.search(str(value)))
            for value in json.loads(str(payload)).values()
        )
    ]
    db.executemany(
        "UPDATE event SET payload = '{}' WHERE profile = ? AND stream = ? AND epoch = ? AND seq = ?", named
    )


def retention(db: apsw.Connection) -> dict[ProfileId, int]:
    """For how many days each profile keeps its messages; those that keep them for good are left out."""
    rows = db.execute("SELECT profile, days FROM retention ORDER BY profile")
    return {ProfileId(str(profile)): int(str(days)) for profile, days in rows}


def set_retention(db: apsw.Connection, profile: ProfileId, days: int | None) -> None:
    """Keep a profile's messages for so many days, or for good."""
    db.execute("DELETE FROM retention WHERE profile = ?", (profile,))
    if days is not None:
        db.execute("INSERT INTO retention VALUES (?, ?)", (profile, days))
