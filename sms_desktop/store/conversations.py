"""Conversations: one row for each profile and other party.

Read by the list in the window; written by services, beside messages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import apsw

from sms_desktop.messages.ids import ConversationId, ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.states import State

_SELECT = """
    SELECT c.id, c.profile, c.party, c.last_us, c.unread,
           m.direction, m.kind, substr(m.body, 1, 200), m.state,
           (SELECT substr(d.body, 1, 800) FROM draft d WHERE d.profile = c.profile AND d.party = c.party
            ORDER BY d.updated_us DESC LIMIT 1),
           (SELECT d.kind FROM draft d WHERE d.profile = c.profile AND d.party = c.party
            ORDER BY d.updated_us DESC LIMIT 1)
    FROM conversation c JOIN message m ON m.seq = c.last_seq
"""
_OLDER = "WHERE c.profile = ? AND (c.last_us, c.id) < (?, ?)"
_NEWEST_FIRST = "ORDER BY c.last_us DESC, c.id DESC LIMIT ?"
_PAGE = f"{_SELECT} {_OLDER} {_NEWEST_FIRST}"
_UNREAD_PAGE = f"{_SELECT} {_OLDER} AND c.unread > 0 {_NEWEST_FIRST}"
_BY_ID = f"{_SELECT} WHERE c.id = ?"
_FIND = """
    SELECT party, id FROM conversation WHERE profile = ? AND party IN (SELECT value FROM json_each(?))
"""
_MAKE = """
    INSERT INTO conversation (profile, party, last_us, last_seq, unread)
    SELECT ?, value, 0, NULL, 0 FROM json_each(?) RETURNING party, id
"""
# One statement for all: each statement makes the indexes of words write out what they have gathered.
_TOUCH = """
    UPDATE conversation SET last_us = max(last_us, value ->> 2), last_seq = value ->> 1,
        unread = unread + (value ->> 3)
    FROM json_each(?) WHERE conversation.id = value ->> 0
"""


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation as the list shows it.

    `party` is the other side's MSISDN or word sender; `last_us` is UTC in microseconds; `last_text` and
    `draft` (the main field of the draft of kind
    `draft_kind`) hold at most 200 characters; `inbound` tells the last message's direction and `state` its
    state.
    """

    id: ConversationId
    profile: ProfileId
    party: str
    last_us: int
    unread: int
    inbound: bool
    kind: Kind
    last_text: str
    state: State
    draft: str | None
    draft_kind: Kind = Kind.TEXT


def page(
    db: apsw.Connection,
    profile: ProfileId,
    *,
    limit: int,
    before: tuple[int, int] | None = None,
    unread_only: bool = False,
) -> tuple[ConversationRow, ...]:
    """The newest conversations first; `before` is (last_us, id) of the last row that is already known."""
    last_us, last_id = before if before is not None else (2**62, 2**62)
    rows = db.execute(_UNREAD_PAGE if unread_only else _PAGE, (profile, last_us, last_id, limit))
    return tuple(_row(values) for values in rows)


def by_id(db: apsw.Connection, conversation: ConversationId) -> ConversationRow | None:
    """One conversation, or None."""
    values = next(db.execute(_BY_ID, (conversation,)), None)
    return None if values is None else _row(values)


def find(db: apsw.Connection, profile: ProfileId, party: str) -> ConversationId | None:
    """The conversation with `party`, or None."""
    found = next(
        db.execute("SELECT id FROM conversation WHERE profile = ? AND party = ?", (profile, party)), None
    )
    return None if found is None else ConversationId(int(found[0]))


def unread(db: apsw.Connection, profile: ProfileId) -> int:
    """How many conversations of a profile hold unread messages."""
    found = next(db.execute("SELECT count(*) FROM conversation WHERE profile = ? AND unread > 0", (profile,)))
    return int(found[0])


def ensure(db: apsw.Connection, profile: ProfileId, party: str) -> ConversationId:
    """The conversation with `party`, made if it is new."""
    return ensure_all(db, profile, [party])[party]


def ensure_all(db: apsw.Connection, profile: ProfileId, parties: Iterable[str]) -> dict[str, ConversationId]:
    """The conversations with these parties; those that are new are made in this order."""
    wanted = list(dict.fromkeys(parties))
    found = dict(_ids(db.execute(_FIND, (profile, json.dumps(wanted)))))
    new = [party for party in wanted if party not in found]
    if new:
        found.update(_ids(db.execute(_MAKE, (profile, json.dumps(new)))))
    return found


def _ids(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, ConversationId]]:
    return ((str(party), ConversationId(int(conversation))) for party, conversation in rows)


class News(NamedTuple):
    """What new messages change in their conversation.

    `seq` is the last one's, `at_us` (UTC, microseconds) the latest time of them all, `unread` how many of
    them are unread.
    """

    conversation: ConversationId
    seq: int
    at_us: int
    unread: int


def touch(db: apsw.Connection, news: Iterable[News]) -> None:
    """Note the new last messages of conversations, each of which is named once, and count the unread ones."""
    db.execute(_TOUCH, (json.dumps(list(news)),))


def mark_read(db: apsw.Connection, conversation: ConversationId) -> bool:
    """Set the unread count to zero; False if it was zero already."""
    db.execute("UPDATE conversation SET unread = 0 WHERE id = ? AND unread > 0", (conversation,))
    return db.changes() > 0


def _row(values: tuple[object, ...]) -> ConversationRow:
    identifier, profile, party, last_us, unread_count, direction, kind, text, state, draft, draft_kind = (
        values
    )
    return ConversationRow(
        id=ConversationId(int(str(identifier))),
        profile=ProfileId(str(profile)),
        party=str(party),
        last_us=int(str(last_us)),
        unread=int(str(unread_count)),
        inbound=direction == "in",
        kind=Kind(str(kind)),
        last_text=str(text),
        state=State(str(state)),
        draft=draft.decode("utf-8", "replace")[:200] if isinstance(draft, bytes) else None,
        draft_kind=Kind.TEXT if draft_kind is None else Kind(str(draft_kind)),
    )
