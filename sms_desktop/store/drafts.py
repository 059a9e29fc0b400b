"""Drafts: what was typed and not sent, for each profile, other party and kind.

Saved by services, read by ui.
"""

from __future__ import annotations

from dataclasses import dataclass

import apsw

from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind


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


def _text(body: object) -> str:
    assert isinstance(body, bytes)
    return body.decode("utf-8", "surrogatepass")
