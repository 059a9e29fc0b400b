"""Attempts: written before the first octet leaves, closed with their evidence, and folded into states.

Called by services, and by `messages` for the parts of a bubble. The state kept in `message.state` is a
projection: `project` computes it again from attempts, parts and receipts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import apsw

from sms_desktop.messages.ids import (
    AttemptId,
    ConversationId,
    GatewayMessageId,
    MessageId,
    ProfileId,
    RequestId,
)
from sms_desktop.messages.outcomes import Attempt, Outcome, Part, Receipt, state_of
from sms_desktop.messages.states import State


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A part with its evidence; `part` answers for its state."""

    index: int
    part: Part
    gateway_id: GatewayMessageId | None
    error_text: str | None
    price: str | None
    network: str | None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt with its parts.

    `request` is the exact request, secrets left out, as JSON text; `expected` is how many parts it was
    written for; `arrived_us` is when a person said that it arrived (UTC, microseconds).
    """

    id: AttemptId
    no: int
    outcome: Outcome
    client_ref: str
    started_us: int
    request: str
    http_status: int | None
    reason: str | None
    expected: int
    parts: tuple[PartFacts, ...]
    arrived_us: int | None = None

    @property
    def attempt(self) -> Attempt:
        """What the state follows from."""
        return Attempt(
            self.outcome,
            tuple(facts.part for facts in self.parts),
            self.expected,
            arrived=self.arrived_us is not None,
        )


@dataclass(frozen=True, slots=True)
class NewPart:
    """A part as an answer gave it."""

    status: str | None
    gateway_id: GatewayMessageId | None = None
    error_text: str | None = None
    price: str | None = None
    balance: str | None = None
    network: str | None = None


def open_attempt(
    db: apsw.Connection, request: RequestId, *, client_ref: str, exact: Mapping[str, object], now_us: int
) -> AttemptId:
    """Record an attempt that is about to begin; `exact` is the request with its secrets left out."""
    row = next(
        db.execute(
            """
            INSERT INTO attempt (request_id, no, client_ref, outcome, started_us, request)
            SELECT ?1, coalesce(max(no), 0) + 1, ?2, ?3, ?4, ?5 FROM attempt WHERE request_id = ?1
            RETURNING id
            """,
            (request, client_ref, Outcome.OPEN, now_us, json.dumps(exact, ensure_ascii=False)),
        )
    )
    return AttemptId(int(row[0]))


def close_attempt(
    db: apsw.Connection,
    attempt: AttemptId,
    *,
    outcome: Outcome,
    phase: str,
    http_status: int | None,
    response: str | None,
    reason: str | None,
    parts: Sequence[NewPart],
    now_us: int,
) -> None:
    """Record how an attempt ended, and its parts. An attempt that was closed already stays as it was."""
    db.execute(
        """
        UPDATE attempt SET outcome = ?, phase = ?, http_status = ?, response = ?, reason = ?, ended_us = ?
        WHERE id = ? AND outcome = 'open'
        """,
        (outcome, phase, http_status, response, reason, now_us, attempt),
    )
    if db.changes():
        for index, part in enumerate(parts, start=1):
            _insert_part(db, attempt, index, part)


def add_part(db: apsw.Connection, attempt: AttemptId, part: NewPart) -> None:
    """Add a part that a receipt made known."""
    row = next(db.execute("SELECT coalesce(max(idx), 0) + 1 FROM part WHERE attempt_id = ?", (attempt,)))
    _insert_part(db, attempt, int(row[0]), part)


def _insert_part(db: apsw.Connection, attempt: AttemptId, index: int, part: NewPart) -> None:
    db.execute(
        """
        INSERT INTO part (attempt_id, idx, gateway_id, status, error_text, price, balance, network)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            attempt,
            index,
            part.gateway_id,
            part.status,
            part.error_text,
            part.price,
            part.balance,
            part.network,
        ),
    )
    if part.gateway_id is not None:  # receipts that came first have found their part
        db.execute(_ADOPT, (part.gateway_id, attempt))


def vouch(db: apsw.Connection, message: MessageId, *, now_us: int) -> bool:
    """Keep a person's word that what is uncertain of a message arrived; False if nothing is uncertain."""
    uncertain = [
        tried[-1].id
        for tried in of_messages(db, [message]).get(message, [])
        if tried and tried[-1].attempt.state is State.UNCERTAIN
    ]
    db.executemany(
        "UPDATE attempt SET arrived_us = ? WHERE id = ?", ((now_us, attempt) for attempt in uncertain)
    )
    return bool(uncertain)


def left_open(db: apsw.Connection, profile: ProfileId) -> tuple[tuple[AttemptId, MessageId], ...]:
    """Attempts of a profile that have no end: the program ended while they were under way."""
    rows = db.execute(
        """
        SELECT a.id, m.id FROM attempt a
        JOIN request r ON r.id = a.request_id JOIN message m ON m.id = r.message_id
        WHERE a.outcome = 'open' AND m.profile = ?
        """,
        (profile,),
    )
    return tuple((AttemptId(int(str(attempt))), MessageId(str(message))) for attempt, message in rows)


def reference(db: apsw.Connection, attempt: AttemptId) -> tuple[str, str]:
    """The `client-ref` that an attempt carried, and the number it went to."""
    row = next(
        db.execute(
            """
            SELECT a.client_ref, c.party FROM attempt a
            JOIN request r ON r.id = a.request_id JOIN message m ON m.id = r.message_id
            JOIN conversation c ON c.id = m.conversation_id
            WHERE a.id = ?
            """,
            (attempt,),
        )
    )
    return str(row[0]), str(row[1])


def to_be_settled(
    db: apsw.Connection, profile: ProfileId, client_ref: str, party: str
) -> tuple[AttemptId, MessageId] | None:
    """The uncertain attempt that a receipt with `client_ref` from `party` belongs to, or None.

    It must be the only one that it can belong to: another attempt to that number with the same reference,
    uncertain too or still under way, leaves both alone. An attempt whose parts are all known needs no more.
    """
    rows = db.execute(
        f"""
        SELECT a.id, m.id, a.outcome FROM attempt a
        JOIN request r ON r.id = a.request_id JOIN message m ON m.id = r.message_id
        JOIN conversation c ON c.id = m.conversation_id
        WHERE a.outcome IN ('open', 'uncertain') AND a.client_ref = ? AND m.profile = ? AND c.party = ?
          AND (SELECT count(*) FROM part p WHERE p.attempt_id = a.id) < {_EXPECTED}
        LIMIT 2
        """,
        (client_ref, profile, party),
    ).fetchall()
    if len(rows) != 1 or rows[0][2] != Outcome.UNCERTAIN:
        return None
    return AttemptId(int(str(rows[0][0]))), MessageId(str(rows[0][1]))


def unsettled(db: apsw.Connection, client_refs: Iterable[str]) -> set[str]:
    """Those of the references that an attempt carries which has no end, or none that is known."""
    rows = db.execute(
        """
        SELECT client_ref FROM attempt
        WHERE outcome IN ('open', 'uncertain') AND client_ref IN (SELECT value FROM json_each(?))
        """,
        (json.dumps(list(client_refs)),),
    )
    return {str(row[0]) for row in rows}


def messages_of_parts(
    db: apsw.Connection, profile: ProfileId, gateway_ids: Iterable[str]
) -> dict[str, tuple[MessageId, ...]]:
    """The messages of a profile that have parts with these gateway ids: normally one, or no entry."""
    rows = db.execute(
        """
        SELECT DISTINCT p.gateway_id, m.id FROM part p JOIN attempt a ON a.id = p.attempt_id
        JOIN request r ON r.id = a.request_id JOIN message m ON m.id = r.message_id
        WHERE p.gateway_id IN (SELECT value FROM json_each(?)) AND m.profile = ?
        """,
        (json.dumps(list(gateway_ids)), profile),
    )
    found: dict[str, tuple[MessageId, ...]] = {}
    for gateway_id, message in rows:
        found[str(gateway_id)] = (*found.get(str(gateway_id), ()), MessageId(str(message)))
    return found


def of_messages(db: apsw.Connection, ids: Iterable[MessageId]) -> dict[MessageId, list[list[AttemptRow]]]:
    """For each message its requests in order, for each request its attempts in order."""
    wanted = (json.dumps(list(ids)),)
    receipts: dict[tuple[int, int], list[Receipt]] = {}
    for attempt, index, word, err_code, scts in db.execute(_RECEIPTS, wanted):
        receipts.setdefault((attempt, index), []).append(Receipt(word, err_code, scts))
    parts: dict[int, list[PartFacts]] = {}
    for attempt, index, gateway_id, status, error_text, price, network in db.execute(_PARTS, wanted):
        parts.setdefault(attempt, []).append(
            PartFacts(
                index,
                Part(status, tuple(receipts.get((attempt, index), ()))),
                gateway_id,
                error_text,
                price,
                network,
            )
        )
    found: dict[MessageId, list[list[AttemptRow]]] = {}
    last_request = None
    for message, request, attempt, *facts in db.execute(_ATTEMPTS, wanted):
        requests = found.setdefault(message, [])
        if request != last_request:
            requests.append([])
            last_request = request
        if attempt is not None:
            requests[-1].append(_row(attempt, facts, tuple(parts.get(attempt, ()))))
    return found


def _row(attempt: int, facts: Sequence[Any], parts: tuple[PartFacts, ...]) -> AttemptRow:
    no, outcome, client_ref, started_us, request, http_status, reason, arrived_us, expected = facts
    return AttemptRow(
        id=AttemptId(attempt),
        no=no,
        outcome=Outcome(outcome),
        client_ref=client_ref,
        started_us=started_us,
        request=request,
        http_status=http_status,
        reason=reason,
        expected=expected,
        parts=parts,
        arrived_us=arrived_us,
    )


def project(db: apsw.Connection, message: MessageId) -> ConversationId:
    """Compute the state of a message again, keep it, and return its conversation."""
    return project_all(db, [message])[message]


def project_all(db: apsw.Connection, ids: Sequence[MessageId]) -> dict[MessageId, ConversationId]:
    """Compute the states of messages again, keep them, and return their conversations."""
    tried = of_messages(db, ids)
    rows = db.execute(
        "SELECT id, cancelled, conversation_id FROM message WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    ).fetchall()
    states = []
    for message, cancelled, _ in rows:
        requests = tried.get(MessageId(str(message)), [])
        state = state_of(
            ([attempt.attempt for attempt in request] for request in requests), cancelled=bool(cancelled)
        )
        states.append((state, message))
    db.executemany("UPDATE message SET state = ? WHERE id = ?", states)
    return {MessageId(str(message)): ConversationId(int(str(where))) for message, _, where in rows}


def state(db: apsw.Connection, message: MessageId) -> State:
    """The kept state of a message."""
    return State(str(next(db.execute("SELECT state FROM message WHERE id = ?", (message,)))[0]))


_ADOPT = """
    UPDATE receipt SET is_orphan = 0
    WHERE gateway_id = ?1 AND foreign_account = 0 AND is_orphan = 1
      AND profile = (SELECT m.profile FROM attempt a JOIN request r ON r.id = a.request_id
                     JOIN message m ON m.id = r.message_id WHERE a.id = ?2)
"""
# A message of several requests has one for each part.
_EXPECTED = """
    CASE WHEN EXISTS (SELECT 1 FROM request s WHERE s.message_id = m.id AND s.no = 2) THEN 1
    ELSE m.parts_total END
"""
_OF_MESSAGES = "r.message_id IN (SELECT value FROM json_each(?))"
_PARTS = f"""
    SELECT p.attempt_id, p.idx, p.gateway_id, p.status, p.error_text, p.price, p.network
    FROM request r JOIN attempt a ON a.request_id = r.id JOIN part p ON p.attempt_id = a.id
    WHERE {_OF_MESSAGES} ORDER BY p.attempt_id, p.idx
"""
# CROSS JOIN keeps SQLite from beginning with the receipts, which would read every one of the profile.
_RECEIPTS = f"""
    SELECT p.attempt_id, p.idx, t.word, t.err_code, t.scts
    FROM request r CROSS JOIN message m ON m.id = r.message_id
    CROSS JOIN attempt a ON a.request_id = r.id CROSS JOIN part p ON p.attempt_id = a.id
    CROSS JOIN receipt t ON t.profile = m.profile AND t.gateway_id = p.gateway_id AND t.foreign_account = 0
    WHERE {_OF_MESSAGES} ORDER BY t.id
"""
_ATTEMPTS = f"""
    SELECT r.message_id, r.id, a.id, a.no, a.outcome, a.client_ref, a.started_us, a.request, a.http_status,
           a.reason, a.arrived_us, {_EXPECTED}
    FROM request r JOIN message m ON m.id = r.message_id LEFT JOIN attempt a ON a.request_id = r.id
    WHERE {_OF_MESSAGES} ORDER BY r.message_id, r.no, a.no
"""
