"""Inbound parts and the messages they make. Called by services' reassembly."""

from __future__ import annotations

from dataclasses import dataclass

import apsw

from sms_desktop.messages.ids import ConversationId, MessageId, ProfileId


@dataclass(frozen=True, slots=True)
class Group:
    """What parts of one message share: the other party, our number, the reference and the number of parts."""

    profile: ProfileId
    party: str
    own: str
    ref: str
    total: int


def known(db: apsw.Connection, profile: ProfileId, gateway_id: str, no: int) -> bool:
    """True if this part of a message is here already (the same webhook, told again by another log)."""
    row = next(
        db.execute(
            """
            SELECT 1 FROM inbound_part p JOIN message m ON m.id = p.message_id
            WHERE p.gateway_id = ? AND p.no = ? AND m.profile = ?
            """,
            (gateway_id, no, profile),
        ),
        None,
    )
    return row is not None


def unfinished(db: apsw.Connection, group: Group, no: int, *, since_us: int) -> MessageId | None:
    """The youngest message of this group, begun at or after `since_us`, that misses part `no`, or None."""
    row = next(
        db.execute(
            """
            SELECT g.message_id FROM reassembly g
            WHERE g.profile = ? AND g.party = ? AND g.own = ? AND g.ref = ? AND g.total = ?
              AND g.started_us >= ?
              AND NOT EXISTS (SELECT 1 FROM inbound_part p WHERE p.message_id = g.message_id AND p.no = ?)
            ORDER BY g.started_us DESC LIMIT 1
            """,
            (group.profile, group.party, group.own, group.ref, group.total, since_us, no),
        ),
        None,
    )
    return None if row is None else MessageId(str(row[0]))


def begin(db: apsw.Connection, group: Group, message: MessageId, *, now_us: int) -> None:
    """Note that a message misses parts."""
    db.execute(
        """
        INSERT INTO reassembly (message_id, profile, party, own, ref, total, started_us)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        (message, group.profile, group.party, group.own, group.ref, group.total, now_us),
    )


def add_first(
    db: apsw.Connection,
    message: MessageId,
    *,
    no: int,
    gateway_id: str | None,
    text: str,
    now_us: int,
    octets: tuple[str, str] | None = None,
) -> None:
    """Add the first part of a message whose body is its text already."""
    db.execute(
        """
        INSERT INTO inbound_part (message_id, gateway_id, no, text, received_us, udh, data)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        (message, gateway_id, no, text, now_us, *(octets or (None, None))),
    )


def add(
    db: apsw.Connection,
    message: MessageId,
    *,
    no: int,
    gateway_id: str | None,
    text: str,
    now_us: int,
    octets: tuple[str, str] | None = None,
) -> ConversationId:
    """Add a part, put the text together again from the parts that are here, and return the conversation.

    `octets` are the header and the data of a binary part, as they came.
    """
    add_first(db, message, no=no, gateway_id=gateway_id, text=text, now_us=now_us, octets=octets)
    texts = [
        str(row[0])
        for row in db.execute("SELECT text FROM inbound_part WHERE message_id = ? ORDER BY no", (message,))
    ]
    row = next(
        db.execute(
            "UPDATE message SET body = ? WHERE id = ? RETURNING conversation_id, parts_total",
            ("".join(texts), message),
        )
    )
    if len(texts) >= int(str(row[1])):
        db.execute("DELETE FROM reassembly WHERE message_id = ?", (message,))
    return ConversationId(int(str(row[0])))


def octets(db: apsw.Connection, message: MessageId) -> dict[int, tuple[str, str]]:
    """Header and data of the binary parts that are here, by number."""
    rows = db.execute(
        "SELECT no, coalesce(udh, ''), coalesce(data, '') FROM inbound_part WHERE message_id = ?", (message,)
    )
    return {int(str(no)): (str(udh), str(data)) for no, udh, data in rows}


def say(db: apsw.Connection, message: MessageId, body: str, content: str | None) -> None:
    """Keep what a binary message is, in words, and its content as JSON."""
    db.execute("UPDATE message SET body = ?, content = ? WHERE id = ?", (body, content, message))


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
