"""Drafts: what was typed and not sent, for each profile, other party and kind.

Saved by services, read by ui.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import apsw

from sms_desktop.messages.drafts import Draft, pane_of
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind

LONGEST_HISTORY = 20
_WRITTEN_TOO = ("udh", "url")  # beside the main field


def load(db: apsw.Connection, profile: ProfileId, party: str, kind: Kind) -> Draft | None:
    """The draft of one kind, or None."""
    row = next(
        db.execute(
            "SELECT body, fields FROM draft WHERE profile = ? AND party = ? AND kind = ?",
            (profile, party, kind),
        ),
        None,
    )
    return None if row is None else Draft(kind, _text(row[0]), _fields(row[1]))


def every(db: apsw.Connection, profile: ProfileId, party: str) -> tuple[Draft, ...]:
    """The drafts to `party`, at most one a pane; the one that was changed last stands last."""
    rows = db.execute(
        "SELECT kind, body, fields FROM draft WHERE profile = ? AND party = ? ORDER BY updated_us",
        (profile, party),
    )
    return tuple(Draft(Kind(str(kind)), _text(body), _fields(fields)) for kind, body, fields in rows)


def save(db: apsw.Connection, profile: ProfileId, party: str, draft: Draft, *, now_us: int) -> None:
    """Keep a draft in place of what its pane held before; one in which nothing is typed removes that."""
    for each in Kind:  # a pane may have held another kind than it holds now
        before = load(db, profile, party, each) if pane_of(each) is pane_of(draft.kind) else None
        if before is not None and not _goes_on(before, draft):
            _remember(db, profile, party, before, now_us)
    remove(db, profile, party, draft.kind)
    if draft:
        db.execute(
            "INSERT INTO draft (profile, party, kind, body, fields, updated_us) VALUES (?, ?, ?, ?, ?, ?)",
            (profile, party, draft.kind, _octets(draft.text), _json(draft.fields), now_us),
        )


def remove(db: apsw.Connection, profile: ProfileId, party: str, kind: Kind) -> None:
    """Remove the draft to `party` in the pane of `kind`."""
    for each in Kind:
        if pane_of(each) is pane_of(kind):
            db.execute(
                "DELETE FROM draft WHERE profile = ? AND party = ? AND kind = ?", (profile, party, each)
            )


@dataclass(frozen=True, slots=True)
class Former:
    """What a draft was; `kept_us` is when what was written in it was shortened, emptied or replaced."""

    draft: Draft
    kept_us: int


def history(db: apsw.Connection, profile: ProfileId, party: str, kind: Kind) -> tuple[Former, ...]:
    """What stood in a draft before, the newest first, at most LONGEST_HISTORY."""
    rows = db.execute(
        """
        SELECT body, fields, kept_us FROM draft_history WHERE profile = ? AND party = ? AND kind = ?
        ORDER BY id DESC
        """,
        (profile, party, kind),
    )
    return tuple(
        Former(Draft(kind, _text(body), _fields(fields)), int(str(kept_us))) for body, fields, kept_us in rows
    )


def _remember(db: apsw.Connection, profile: ProfileId, party: str, draft: Draft, now_us: int) -> None:
    """Keep a draft that is about to be shortened, unless the newest one kept holds all that is written in it.

    One that only goes on from the newest replaces it, so that corrections while typing don't fill the ring;
    nor does what goes to and fro.
    """
    of = (profile, party, draft.kind)
    newest = next(
        db.execute(
            "SELECT id, body, fields FROM draft_history WHERE profile = ? AND party = ? AND kind = ? "
            "ORDER BY id DESC LIMIT 1",
            of,
        ),
        None,
    )
    if newest is not None:
        known = Draft(draft.kind, _text(newest[1]), _fields(newest[2]))
        pairs = list(zip(_written(known), _written(draft), strict=True))
        if all(_holds(before, text) for before, text in pairs):
            return
        if all(_much_alike(before, text) for before, text in pairs):
            db.execute("DELETE FROM draft_history WHERE id = ?", (newest[0],))
    body, fields = _octets(draft.text), _json(draft.fields)
    db.execute(
        "DELETE FROM draft_history WHERE profile = ? AND party = ? AND kind = ? AND body = ? AND fields = ?",
        (*of, body, fields),
    )
    db.execute(
        "INSERT INTO draft_history (profile, party, kind, body, fields, kept_us) VALUES (?, ?, ?, ?, ?, ?)",
        (*of, body, fields, now_us),
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


def _written(draft: Draft) -> tuple[str, ...]:
    """What a person writes out in a draft; what is chosen from a few values is quickly chosen again."""
    return draft.text, *(draft.fields.get(name, "") for name in _WRITTEN_TOO)


def _goes_on(before: Draft, draft: Draft) -> bool:
    """Whether `draft` is what `before` becomes by typing on: no shorter, and most of it still there."""
    return all(
        _holds(text, stood) or (len(text) >= len(stood) and _much_alike(stood, text))
        for stood, text in zip(_written(before), _written(draft), strict=True)
    )


def _holds(whole: str, part: str) -> bool:
    """Whether `whole` is `part` with at most one piece put in somewhere, as by typing on in its middle."""
    return len(whole) >= len(part) and whole.endswith(part[_shared(part, whole) :])


def _much_alike(one: str, other: str) -> bool:
    """Whether the other text begins with most of the one."""
    return _shared(one, other) * 5 >= len(one) * 4


def _shared(one: str, other: str) -> int:
    """How many characters two texts share from their beginning."""
    if other.startswith(one):
        return len(one)
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(other))


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _fields(kept: object) -> dict[str, str]:
    found = json.loads(str(kept))
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _json(fields: Mapping[str, str]) -> str:
    return json.dumps(dict(fields))  # ASCII: lone surrogates are written as escapes
