"""Inbound parts and the messages they make. Called by services' reassembly."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import apsw

from sms_desktop.messages.ids import ConversationId, MessageId, ProfileId
from sms_desktop.messages.kinds import Kind


class Group(NamedTuple):
    """What parts of one message share: the other party, our number, the reference and the number of parts."""

    profile: ProfileId
    party: str
    own: str
    ref: str
    total: int


class Part(NamedTuple):
    """A part of a received message: its number, from 1, and what came.

    `octets` are the header and the data of a binary part, as they came; `text` stands for them in words.
    """

    no: int
    gateway_id: str | None
    text: str
    received_us: int
    octets: tuple[str, str] | None = None


@dataclass(slots=True)
class Growing:
    """A received message while its parts come in, as it shall be kept.

    `began_us` is when the first part came (UTC, microseconds); `conversation` is None while the message is
    not in the store.
    """

    id: MessageId
    group: Group
    kind: Kind
    began_us: int
    body: str = ""
    content: str | None = None
    conversation: ConversationId | None = None
    parts: dict[int, Part] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """True if nothing is missing."""
        return len(self.parts) >= self.group.total

    def add(self, part: Part) -> None:
        """Add a part, and put the text together again from the parts that are here."""
        self.parts[part.no] = part
        self.body = "".join(self.parts[no].text for no in sorted(self.parts))


def known(db: apsw.Connection, profile: ProfileId, gateway_ids: Iterable[str]) -> set[tuple[str, int]]:
    """The parts with these ids that are here already: the same webhook, told again by another log."""
    rows = db.execute(
        """
        SELECT p.gateway_id, p.no FROM inbound_part p JOIN message m ON m.id = p.message_id
        WHERE p.gateway_id IN (SELECT value FROM json_each(?)) AND m.profile = ?
        """,
        (json.dumps(list(gateway_ids)), profile),
    )
    return {(str(gateway_id), int(str(no))) for gateway_id, no in rows}


def unfinished(db: apsw.Connection, groups: Iterable[Group], *, since_us: int) -> list[Growing]:
    """The messages of these groups, begun at or after `since_us`, that miss parts; the oldest first."""
    rows = db.execute(
        """
        SELECT g.message_id, g.profile, g.party, g.own, g.ref, g.total, g.started_us,
               m.conversation_id, m.kind, m.body, m.content
        FROM json_each(?)
        CROSS JOIN reassembly g ON g.profile = value ->> 0 AND g.party = value ->> 1
            AND g.own = value ->> 2 AND g.ref = value ->> 3 AND g.total = value ->> 4
        CROSS JOIN message m ON m.id = g.message_id
        WHERE g.started_us >= ? ORDER BY g.started_us, m.seq
        """,
        (json.dumps(list(groups)), since_us),
    )
    found = {}
    for message, profile, party, own, ref, total, began, conversation, kind, body, content in rows:
        group = Group(profile, party, own, ref, total)
        found[message] = Growing(message, group, Kind(kind), began, body, content, conversation)
    for message, no, gateway_id, text, received, udh, data in db.execute(
        """
        SELECT message_id, no, gateway_id, text, received_us, udh, data FROM inbound_part
        WHERE message_id IN (SELECT value FROM json_each(?))
        """,
        (json.dumps(list(found)),),
    ):
        octets = None if udh is None else (udh, data)
        found[message].parts[no] = Part(no, gateway_id, text, received, octets)
    return list(found.values())


def begin(db: apsw.Connection, messages: Iterable[Growing]) -> None:
    """Note that messages miss parts."""
    db.executemany(
        """
        INSERT INTO reassembly (message_id, profile, party, own, ref, total, started_us)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        ((message.id, *message.group, message.began_us) for message in messages),
    )


def add(db: apsw.Connection, parts: Iterable[tuple[MessageId, Part]]) -> None:
    """Add parts to messages that are in the store, in the order in which they came."""
    db.executemany(
        """
        INSERT INTO inbound_part (message_id, no, gateway_id, text, received_us, udh, data)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        ((message, *part[:4], *(part.octets or (None, None))) for message, part in parts),
    )


def grow(db: apsw.Connection, messages: Iterable[Growing]) -> None:
    """Keep what messages that were there say now, and wait no more for those that are whole."""
    for message in messages:
        said = message.body, message.content, message.id
        db.execute("UPDATE message SET body = ?, content = ? WHERE id = ?", said)
        if message.is_whole:
            db.execute("DELETE FROM reassembly WHERE message_id = ?", (message.id,))


def overdue(db: apsw.Connection, profile: ProfileId, *, since_us: int) -> tuple[MessageId, ...]:
    """Messages that miss parts and began before `since_us`."""
    rows = db.execute(
        "SELECT message_id FROM reassembly WHERE profile = ? AND started_us < ?", (profile, since_us)
    )
    return tuple(MessageId(str(row[0])) for row in rows)


def give_up(db: apsw.Connection, message: MessageId) -> ConversationId:
    """Wait no longer for the missing parts of a message: it stays as it is, marked as incomplete."""
    db.execute("DELETE FROM reassembly WHERE message_id = ?", (message,))
    row = next(
        db.execute("UPDATE message SET incomplete = 1 WHERE id = ? RETURNING conversation_id", (message,))
    )
    return ConversationId(int(str(row[0])))
