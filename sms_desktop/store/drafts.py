"""Drafts: what was typed and not sent, for each profile, other party and kind.

Saved by services, read by ui.
"""

from __future__ import annotations

from dataclasses import dataclass

import apsw

from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind

LONGEST_HISTORY = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as it was typed."""

    kind: Kind
    text: str


def load(db: apsw.Connection, profile: ProfileId, party: str, kind: Kind) -> str | None:
    """The draft of one kind, or None."""
    row = next(
        db.execute(
            "SELECT body FROM draft WHERE profile = ? AND party = ? AND kind = ?", (profile, party, kind)
        ),
        None,
    )
    return None if row is None else _text(row[0])


def latest(db: apsw.Connection, profile: ProfileId, party: str) -> Draft | None:
    """The draft that was changed last, or None."""
    row = next(
        db.execute(
            "SELECT kind, body FROM draft WHERE profile = ? AND party = ? ORDER BY updated_us DESC LIMIT 1",
            (profile, party),
        ),
        None,
    )
    return None if row is None else Draft(Kind(str(row[0])), _text(row[1]))


def save(db: apsw.Connection, profile: ProfileId, party: str, kind: Kind, text: str, *, now_us: int) -> None:
    """Keep a draft; an empty text removes it."""
    before = load(db, profile, party, kind)
    if before is not None and len(text) < len(before):
        _remember(db, profile, party, kind, before, now_us)
    if text:
        db.execute(
            "INSERT OR REPLACE INTO draft (profile, party, kind, body, updated_us) VALUES (?, ?, ?, ?, ?)",
            (profile, party, kind, text.encode("utf-8", "surrogatepass"), now_us),
        )
    else:
        db.execute("DELETE FROM draft WHERE profile = ? AND party = ? AND kind = ?", (profile, party, kind))


def remove(db: apsw.Connection, profile: ProfileId, party: str) -> None:
    """Remove every draft to `party`."""
    db.execute("DELETE FROM draft WHERE profile = ? AND party = ?", (profile, party))


@dataclass(frozen=True, slots=True)
class Former:
    """A text that stood in a draft; `kept_us` is when it was shortened, emptied or replaced."""

    text: str
    kept_us: int


def history(db: apsw.Connection, profile: ProfileId, party: str, kind: Kind) -> tuple[Former, ...]:
    """What stood in a draft before, the newest first, at most LONGEST_HISTORY."""
    rows = db.execute(
        """
        SELECT body, kept_us FROM draft_history WHERE profile = ? AND party = ? AND kind = ? ORDER BY id DESC
        """,
        (profile, party, kind),
    )
    return tuple(Former(_text(body), int(str(kept_us))) for body, kept_us in rows)


def _remember(
    db: apsw.Connection, profile: ProfileId, party: str, kind: Kind, text: str, now_us: int
) -> None:
    """Keep a text that is about to be shortened, unless the newest one kept holds all of it.

    One that only goes on from the newest replaces it, so that corrections while typing don't fill the ring.
    """
    of = (profile, party, kind)
    newest = next(
        db.execute(
            "SELECT id, body FROM draft_history WHERE profile = ? AND party = ? AND kind = ? "
            "ORDER BY id DESC LIMIT 1",
            of,
        ),
        None,
    )
    if newest is not None:
        known = _text(newest[1])
        shared = next((at for at, (a, b) in enumerate(zip(known, text, strict=False)) if a != b), None)
        if shared is None:
            shared = min(len(known), len(text))
        if shared == len(text):
            return
        if shared * 5 >= len(known) * 4:
            db.execute("DELETE FROM draft_history WHERE id = ?", (newest[0],))
    db.execute(
        "INSERT INTO draft_history (profile, party, kind, body, kept_us) VALUES (?, ?, ?, ?, ?)",
        (*of, text.encode("utf-8", "surrogatepass"), now_us),
    )
    db.execute(
        """
        DELETE FROM draft_history WHERE profile = ?1 AND party = ?2 AND kind = ?3 AND id <=
            (SELECT id FROM draft_history WHERE profile = ?1 AND party = ?2 AND kind = ?3
             ORDER BY id DESC LIMIT 1 OFFSET ?4)
        """,
        (*of, LONGEST_HISTORY),
    )


def _text(body: object) -> str:
    assert isinstance(body, bytes)
    return body.decode("utf-8", "surrogatepass")
