"""Finding messages and conversations: words, numbers and ids, newest first. Read by ui and cli.

Nothing is ranked: ranking reads every message that holds a frequent word. Diacritics don't matter, a last
word may be a beginning, text in quotes is a phrase.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import apsw

from sms_desktop.messages.ids import ConversationId, MessageId, ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.states import State
from sms_desktop.store import conversations, messages
from sms_desktop.store.conversations import ConversationRow
from sms_desktop.store.messages import MessageRow

_LONGEST_QUERY = 1_000
_MOST_WORDS = 20
_MOST_PARTIES = 100
_WORD = re.compile(r'"([^"]*)"|(\S+)')
_NUMBER = re.compile(r"\+?[0-9][0-9 ().\-/]*")
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. Without `text` everything that the filters let through. `party` is the other side.

    `since_us` and `until_us` are UTC in microseconds, the latter excluded; `contradicted` and the like are
    shown on the rows and are no filters.
    """

    text: str = ""
    profile: ProfileId | None = None
    states: tuple[State, ...] = ()
    kinds: tuple[Kind, ...] = ()
    inbound: bool | None = None
    since_us: int | None = None
    until_us: int | None = None
    party: str | None = None


def found(
    db: apsw.Connection, query: Query, *, limit: int, before: int | None = None
) -> tuple[MessageRow, ...]:
    """The newest messages that match; `before` is the seq of the last one that is already known."""
    seqs = _newest(db, query, 2**62 if before is None else before)
    chosen = list(islice(seqs, limit))
    return tuple(reversed(messages.by_seqs(db, chosen)))


def parties(db: apsw.Connection, text: str, profile: ProfileId, *, limit: int) -> tuple[ConversationRow, ...]:
    """Conversations whose number holds the digits of `text`, or whose contact bears its words."""
    ids = dict.fromkeys([*_by_number(db, text, profile), *_by_contact(db, text, profile)])
    rows = (conversations.by_id(db, found) for found in islice(ids, limit))
    return tuple(row for row in rows if row is not None)


def fts_query(text: str) -> str | None:
    """`text` as a query of FTS5: every word quoted, the last one as a beginning; None without a word."""
    words = [(quoted or bare, bool(quoted)) for quoted, bare in _WORD.findall(text[:_LONGEST_QUERY])]
    usable = [(word, phrase) for word, phrase in words if any(c.isalnum() for c in word)][:_MOST_WORDS]
    if not usable:
        return None
    last = len(usable) - 1
    return " ".join(
        '"' + word.replace('"', "").replace("\0", "") + '"' + ("*" if at == last and not phrase else "")
        for at, (word, phrase) in enumerate(usable)
    )


def _newest(db: apsw.Connection, query: Query, before: int) -> Iterator[int]:
    """The numbers of the messages that match, the newest first, each once."""
    text = query.text.strip()
    conditions, values = _filters(query)
    if not text and query.party is not None:
        ids = db.execute("SELECT id FROM conversation WHERE party = ?", (query.party,)).fetchall()
        sources = [
            _in_conversation(db, ConversationId(int(str(each))), before, conditions, values)
            for (each,) in ids
        ]
    elif not text:
        sources = [_everything(db, before, conditions, values)]
    else:
        sources = [
            _by_words(db, text, before, conditions, values),
            _by_id(db, text, before, conditions, values),
        ]
        sources += [
            _in_conversation(db, party, before, conditions, values)
            for party in _by_number(db, text, query.profile)
        ]
    last = None
    for seq in heapq.merge(*sources, reverse=True):
        if seq != last:
            yield seq
        last = seq


def _filters(query: Query) -> tuple[str, list[str | int]]:
    conditions: list[str] = []
    values: list[str | int] = []
    for column, wanted in (("state", query.states), ("kind", query.kinds)):
        if wanted:
            conditions.append(f"m.{column} IN ({', '.join('?' * len(wanted))})")
            values += [str(each) for each in wanted]
    if query.profile is not None:
        conditions.append("m.profile = ?")
        values.append(query.profile)
    if query.party is not None:
        conditions.append("m.conversation_id IN (SELECT id FROM conversation WHERE party = ?)")
        values.append(query.party)
    if query.inbound is not None:
        conditions.append("m.direction = ?")
        values.append("in" if query.inbound else "out")
    if query.since_us is not None:
        conditions.append("m.created_us >= ?")
        values.append(query.since_us)
    if query.until_us is not None:
        conditions.append("m.created_us < ?")
        values.append(query.until_us)
    return "".join(f" AND {condition}" for condition in conditions), values


def _seqs(db: apsw.Connection, sql: str, values: list[str | int]) -> Iterator[int]:
    for (seq,) in db.execute(sql, values):
        yield int(str(seq))


def _everything(db: apsw.Connection, before: int, conditions: str, values: list[str | int]) -> Iterator[int]:
    sql = f"SELECT m.seq FROM message m NOT INDEXED WHERE m.seq < ?{conditions} ORDER BY m.seq DESC"
    return _seqs(db, sql, [before, *values])


def _by_words(
    db: apsw.Connection, text: str, before: int, conditions: str, values: list[str | int]
) -> Iterator[int]:
    match = fts_query(text)
    if match is None:
        return iter(())
    if not conditions:
        sql = "SELECT rowid FROM message_text WHERE message_text MATCH ? AND rowid < ? ORDER BY rowid DESC"
        return _seqs(db, sql, [match, before])
    # CROSS JOIN: the index of words leads, in its own order.
    sql = f"""
        SELECT m.seq FROM message_text t CROSS JOIN message m ON m.seq = t.rowid
        WHERE t.message_text MATCH ? AND t.rowid < ?{conditions} ORDER BY t.rowid DESC
    """
    return _seqs(db, sql, [match, before, *values])


def _by_id(
    db: apsw.Connection, text: str, before: int, conditions: str, values: list[str | int]
) -> Iterator[int]:
    """Our id of a message, the gateway's of a part, or the reference of a request."""
    if _ID.fullmatch(text) is None:
        return iter(())
    sql = f"""
        SELECT m.seq FROM message m WHERE m.id IN (
            SELECT ?1 UNION
            SELECT r.message_id FROM part p JOIN attempt a ON a.id = p.attempt_id
                JOIN request r ON r.id = a.request_id WHERE p.gateway_id = ?1 UNION
            SELECT r.message_id FROM attempt a JOIN request r ON r.id = a.request_id
                WHERE a.client_ref = ?1 UNION
            SELECT message_id FROM inbound_part WHERE gateway_id = ?1
        ) AND m.seq < ?2{conditions} ORDER BY m.seq DESC
    """
    return _seqs(db, sql, [text, before, *values])


def _in_conversation(
    db: apsw.Connection, conversation: ConversationId, before: int, conditions: str, values: list[str | int]
) -> Iterator[int]:
    sql = f"""
        SELECT m.seq FROM message m INDEXED BY message_conversation
        WHERE m.conversation_id = ? AND m.seq < ?{conditions} ORDER BY m.seq DESC
    """
    return _seqs(db, sql, [conversation, before, *values])


def _by_number(db: apsw.Connection, text: str, profile: ProfileId | None) -> tuple[ConversationId, ...]:
    """Conversations whose number holds the digits of `text`, if that looks like (a piece of) a number."""
    typed = text.strip()
    digits = "".join(character for character in typed if character.isdigit() and character.isascii())
    if _NUMBER.fullmatch(typed) is None or len(digits) < 3:
        return ()
    digits = digits.removeprefix("00") if typed.startswith("00") else digits.lstrip("0") or digits
    if len(digits) < 3:
        return ()
    rows = db.execute(
        """
        SELECT c.id FROM conversation_text t CROSS JOIN conversation c ON c.id = t.rowid
        WHERE t.conversation_text MATCH ? AND (?2 IS NULL OR c.profile = ?2) LIMIT ?3
        """,
        (f'"{digits}"', profile, _MOST_PARTIES),
    )
    return tuple(ConversationId(int(str(row[0]))) for row in rows)


def _by_contact(db: apsw.Connection, text: str, profile: ProfileId) -> tuple[ConversationId, ...]:
    match = fts_query(text)
    if match is None:
        return ()
    rows = db.execute(
        """
        SELECT v.id FROM contact_text t CROSS JOIN contact c ON c.id = t.rowid
        CROSS JOIN conversation v ON v.profile = ? AND v.party = c.number
        WHERE t.contact_text MATCH ? LIMIT ?
        """,
        (profile, match, _MOST_PARTIES),
    )
    return tuple(ConversationId(int(str(row[0]))) for row in rows)


def by_any_id(db: apsw.Connection, text: str) -> tuple[MessageId, ...]:
    """The messages that an id of any kind names: ours, the gateway's, or a reference."""
    seqs = list(islice(_by_id(db, text, 2**62, "", []), 50))
    return tuple(row.id for row in messages.by_seqs(db, seqs))
