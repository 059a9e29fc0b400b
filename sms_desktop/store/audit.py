"""What people did, in that order: append-only, ids only. Written by services, read by cli.

No number and no text stands here, so that a number can be forgotten and the record kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import apsw


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One deed: when (UTC, microseconds), who (the name of the account on this computer), what, on what."""

    seq: int
    at_us: int
    actor: str
    action: str
    subject: str


def note(db: apsw.Connection, *, at_us: int, actor: str, action: str, subject: object) -> None:
    """Add a deed; `subject` is an id."""
    db.execute(
        "INSERT INTO audit (at_us, actor, action, subject) VALUES (?, ?, ?, ?)",
        (at_us, actor, action, str(subject)),
    )


def is_kept(db: apsw.Connection) -> bool:
    """Whether the schema has the log: a backup of long ago has not."""
    return bool(db.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'audit'").fetchall())


def page(db: apsw.Connection, *, limit: int, before: int | None = None) -> tuple[AuditRow, ...]:
    """The newest deeds first; `before` is the seq of the last one that is already known."""
    rows = db.execute(
        "SELECT seq, at_us, actor, action, subject FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?",
        (2**62 if before is None else before, limit),
    )
    return tuple(
        AuditRow(int(str(seq)), int(str(at)), str(actor), str(action), str(thing))
        for seq, at, actor, action, thing in rows
    )
