"""Messages as bubbles: pages of a conversation with the state of every part.

Read by ui and cli; written by services. A page costs a handful of queries whatever the length of the
conversation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

import apsw

from sms_desktop.messages.ids import (
    ComposeId,
    ConversationId,
    GatewayMessageId,
    MessageId,
    ProfileId,
)
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.options import Options
from sms_desktop.messages.outcomes import Outcome
from sms_desktop.messages.states import State
from sms_desktop.store import attempts


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of a message: its state and the evidence for it.

    Outbound: `status`, `error_text`, `price`, `network` are the answer's, `word`, `err_code`, `scts` the
    deciding receipt's. Inbound: `text` is the part's text, or None while it is missing.
    """

    index: int
    state: State
    gateway_id: GatewayMessageId | None = None
    status: str | None = None
    error_text: str | None = None
    price: str | None = None
    network: str | None = None
    word: str | None = None
    err_code: str | None = None
    scts: str | None = None
    contradicted: bool = False
    text: str | None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as a bubble shows it.

    `seq` orders a conversation; `own` is our sender or number; `created_us` is UTC in microseconds; `parts`
    holds the parts known so far and `parts_total` how many there are; `reason` is the sentence recorded with
    an attempt that got no readable answer; `content` is what `text` does not say of a message that is no
    text, as JSON; `next_try_us` is when a waiting message is tried again, None if
    that is left to the person; `deadline_us` is when trying ends; until `not_before_us` the person may undo.
    `blocked` says why a message was taken back by a rule; `arrived_us` is when a person said that it arrived;
    `resent_as` is the message that a person sent instead. `incomplete`: parts of a received message did not
    come, and are not waited for any more.
    """

    seq: int
    id: MessageId
    conversation: ConversationId
    profile: ProfileId
    party: str
    inbound: bool
    kind: Kind
    text: str
    own: str
    state: State
    created_us: int
    parts: tuple[PartRow, ...]
    parts_total: int
    reason: str | None
    next_try_us: int | None
    deadline_us: int | None
    options: Options
    content: str | None = None
    not_before_us: int | None = None
    blocked: str | None = None
    arrived_us: int | None = None
    resent_as: MessageId | None = None
    incomplete: bool = False

    @property
    def contradicted(self) -> bool:
        """True if the receipts of a part name two different final states."""
        return any(part.contradicted for part in self.parts)


def page(
    db: apsw.Connection,
    conversation: ConversationId,
    *,
    limit: int,
    before: int | None = None,
    after: int | None = None,
) -> tuple[MessageRow, ...]:
    """A page, in the order of the conversation.

    It is the newest, or the one just older than the seq `before`, or the one just newer than the seq `after`.
    """
    if after is not None:
        rows = db.execute(_NEWER, (conversation, after, limit)).fetchall()
    else:
        rows = db.execute(_OLDER, (conversation, 2**62 if before is None else before, limit)).fetchall()[::-1]
    return _rows(db, rows)


def by_ids(db: apsw.Connection, ids: Iterable[MessageId]) -> tuple[MessageRow, ...]:
    """The messages with these ids that exist, in the order of their conversations."""
    return _rows(db, db.execute(_BY_IDS, (json.dumps(list(ids)),)).fetchall())


def by_seqs(db: apsw.Connection, seqs: Iterable[int]) -> tuple[MessageRow, ...]:
    """The messages with these numbers that exist, in their order."""
    return _rows(db, db.execute(_BY_SEQS, (json.dumps(list(seqs)),)).fetchall())


def by_compose_id(db: apsw.Connection, compose: ComposeId) -> MessageId | None:
    """The message that one press of Send made, or None."""
    row = next(db.execute("SELECT id FROM message WHERE compose_id = ?", (compose,)), None)
    return None if row is None else MessageId(str(row[0]))


def insert_outbound(
    db: apsw.Connection,
    message: MessageId,
    *,
    conversation: ConversationId,
    profile: ProfileId,
    kind: Kind,
    text: str,
    own: str,
    options: Options,
    compose: ComposeId,
    parts_total: int,
    now_us: int,
    deadline_us: int,
    content: str | None = None,
    requests: int = 1,
    not_before_us: int | None = None,
) -> int:
    """Insert a message to be sent, with the requests that it takes, and return its seq."""
    db.execute(
        """
        INSERT INTO message (id, conversation_id, profile, direction, kind, body, own, options, state,
                             created_us, compose_id, parts_total, next_try_us, deadline_us, content,
                             not_before_us)
        VALUES (?, ?, ?, 'out', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            message,
            conversation,
            profile,
            kind,
            text,
            own,
            json.dumps(asdict(options)),
            State.QUEUED,
            now_us,
            compose,
            parts_total,
            now_us if not_before_us is None else not_before_us,
            deadline_us,
            content,
            not_before_us,
        ),
    )
    seq = db.last_insert_rowid()
    db.executemany(
        "INSERT INTO request (message_id, no) VALUES (?, ?)",
        ((message, number) for number in range(1, requests + 1)),
    )
    return seq


def note_resent(db: apsw.Connection, message: MessageId, again: MessageId) -> None:
    """Note that a person sent `again` instead of `message`."""
    db.execute("UPDATE message SET resent_as = ? WHERE id = ?", (again, message))


class NewInbound(NamedTuple):
    """A received message as it is first kept; `created_us` is UTC in microseconds."""

    id: MessageId
    conversation: ConversationId
    profile: ProfileId
    kind: Kind
    text: str
    own: str
    parts_total: int
    created_us: int
    content: str | None = None


def insert_inbound(db: apsw.Connection, new: Iterable[NewInbound]) -> int:
    """Insert received messages in their order and return the seq of the first; the others follow it.

    One statement for all: each makes the index of words write out what it has gathered.
    """
    first = int(next(db.execute("SELECT coalesce(max(seq), 0) + 1 FROM message"))[0])
    db.execute(
        """
        INSERT INTO message (seq, id, conversation_id, profile, direction, kind, body, own, options, state,
                             created_us, parts_total, content)
        SELECT ?1 + key, value ->> 0, value ->> 1, value ->> 2, 'in', value ->> 3, value ->> 4, value ->> 5,
               '{}', ?2, value ->> 7, value ->> 6, value ->> 8
        FROM json_each(?3)
        """,
        (first, State.RECEIVED, json.dumps(list(new))),
    )
    return first


_SELECT = """
    SELECT m.seq, m.id, m.conversation_id, m.profile, c.party, m.direction, m.kind, m.body, m.own, m.state,
           m.created_us, m.parts_total, m.next_try_us, m.deadline_us, m.options, m.content,
           m.not_before_us, m.blocked, m.resent_as, m.incomplete
    FROM message m JOIN conversation c ON c.id = m.conversation_id
"""
_OLDER = f"{_SELECT} WHERE m.conversation_id = ? AND m.seq < ? ORDER BY m.seq DESC LIMIT ?"
_NEWER = f"{_SELECT} WHERE m.conversation_id = ? AND m.seq > ? ORDER BY m.seq LIMIT ?"
_BY_SEQS = f"{_SELECT} WHERE m.seq IN (SELECT value FROM json_each(?)) ORDER BY m.seq"
_BY_IDS = f"{_SELECT} WHERE m.id IN (SELECT value FROM json_each(?)) ORDER BY m.seq"


def _rows(db: apsw.Connection, found: list[tuple[Any, ...]]) -> tuple[MessageRow, ...]:
    ids = [MessageId(str(values[1])) for values in found]
    tried = attempts.of_messages(db, ids)
    received = _inbound_parts(db, ids)
    return tuple(_row(values, tried, received) for values in found)


def _row(
    values: tuple[Any, ...],
    tried: dict[MessageId, list[list[attempts.AttemptRow]]],
    received: dict[MessageId, dict[int, PartRow]],
) -> MessageRow:
    seq, message, conversation, profile, party, direction, kind, body, own, state, *rest = values
    created, total, next_try, deadline, options, content, not_before, blocked, resent_as, incomplete = rest
    inbound = direction == "in"
    reason: str | None = None
    arrived: int | None = None
    if inbound:
        kept = received.get(message, {})
        parts = tuple(kept.get(index, PartRow(index, State.UNKNOWN)) for index in range(1, total + 1))
    else:
        requests = tried.get(message, [])
        last = [request[-1] for request in requests if request]
        parts = tuple(part for attempt in last for part in map(_part, attempt.parts))
        if len(requests) > 1:  # one a part
            parts = tuple(replace(part, index=index) for index, part in enumerate(parts, start=1))
        reason = next((attempt.reason for attempt in last if attempt.reason is not None), blocked)
        arrived = next((attempt.arrived_us for attempt in last if attempt.arrived_us is not None), None)
        # The gateway's count is the true one; an uncertain attempt's parts are those that receipts told of.
        if len(requests) == 1 and any(attempt.outcome is Outcome.ANSWERED for attempt in last):
            total = len(parts)
        total = max(total, len(parts))
    return MessageRow(
        seq=seq,
        id=message,
        conversation=ConversationId(conversation),
        profile=ProfileId(profile),
        party=party,
        inbound=inbound,
        kind=Kind(kind),
        text=body,
        own=own,
        state=State(state),
        created_us=created,
        parts=parts,
        parts_total=total,
        reason=reason,
        next_try_us=next_try,
        deadline_us=deadline,
        options=Options(**json.loads(options)),
        content=content,
        not_before_us=not_before,
        blocked=blocked,
        arrived_us=arrived,
        resent_as=None if resent_as is None else MessageId(resent_as),
        incomplete=bool(incomplete),
    )


def _part(part: attempts.PartFacts) -> PartRow:
    deciding = part.part.deciding
    return PartRow(
        index=part.index,
        state=part.part.state,
        gateway_id=part.gateway_id,
        status=part.part.status,
        error_text=part.error_text,
        price=part.price,
        network=part.network,
        word=None if deciding is None else deciding.word,
        err_code=None if deciding is None else deciding.err_code,
        scts=None if deciding is None else deciding.scts,
        contradicted=part.part.contradicted,
    )


def _inbound_parts(db: apsw.Connection, ids: list[MessageId]) -> dict[MessageId, dict[int, PartRow]]:
    found: dict[MessageId, dict[int, PartRow]] = {}
    for message, no, gateway, text in db.execute(
        """
        SELECT message_id, no, gateway_id, text FROM inbound_part
        WHERE message_id IN (SELECT value FROM json_each(?))
        """,
        (json.dumps(ids),),
    ):
        found.setdefault(MessageId(str(message)), {})[int(str(no))] = PartRow(
            int(str(no)),
            State.RECEIVED,
            gateway_id=None if gateway is None else GatewayMessageId(str(gateway)),
            text=str(text),
        )
    return found
