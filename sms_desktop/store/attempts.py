"""Attempts: written before the first octet leaves, closed with their evidence, and folded into states. Called by services.

The state kept in `message.state` is a projection: `project` computes it again from attempts, parts and receipts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import apsw

from sms_desktop.messages.ids import (
    AttemptId,
    ConversationId,
    GatewayMessageId,
    MessageId,
    ProfileId,
    RequestId,
)
from sms_desktop.messages.states import Attempt, Outcome, Part, Receipt, State, state_of


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
    """An attempt with its parts. `request` is the exact request, secrets left out, as JSON text."""

    id: AttemptId
    no: int
    outcome: Outcome
    client_ref: str
    started_us: int
    request: str
    http_status: int | None
    reason: str | None
    parts: tuple[PartFacts, ...]

    @property
    def attempt(self) -> Attempt:
        """What the state follows from."""
        return Attempt(self.outcome, tuple(facts.part for facts in self.parts))


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
            SELECT ?1, coalesce(max(no), 0) + 1, ?2, ?3, ?4, ?5 FROM attempt WHERE request_id = ?1 RETURNING id
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


def left_open(db: apsw.Connection, profile: ProfileId) -> tuple[tuple[AttemptId, MessageId], ...]:
    """Attempts of a profile that have no end: the program ended while they were under way."""
    rows = db.execute(
        """
        SELECT a.id, m.id FROM attempt a JOIN request r ON r.id = a.request_id JOIN message m ON m.id = r.message_id
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
            SELECT a.client_ref, c.party FROM attempt a JOIN request r ON r.id = a.request_id
            JOIN message m ON m.id = r.message_id JOIN conversation c ON c.id = m.conversation_id WHERE a.id = ?
            """,
            (attempt,),
        )
    )
    return str(row[0]), str(row[1])


def uncertain_by_client_ref(
    db: apsw.Connection, profile: ProfileId, client_ref: str, party: str
) -> tuple[tuple[AttemptId, MessageId], ...]:
    """The uncertain attempts to `party` that carried `client_ref`."""
    rows = db.execute(
        """
        SELECT a.id, m.id FROM attempt a JOIN request r ON r.id = a.request_id JOIN message m ON m.id = r.message_id
        JOIN conversation c ON c.id = m.conversation_id
        WHERE a.outcome = 'uncertain' AND a.client_ref = ? AND m.profile = ? AND c.party = ?
        """,
        (client_ref, profile, party),
    )
    return tuple((AttemptId(int(str(attempt))), MessageId(str(message))) for attempt, message in rows)


def message_of_part(db: apsw.Connection, profile: ProfileId, gateway_id: str) -> tuple[MessageId, ...]:
    """The messages of a profile that have a part with this gateway id; normally one or none."""
    rows = db.execute(
        """
        SELECT DISTINCT m.id FROM part p JOIN attempt a ON a.id = p.attempt_id
        JOIN request r ON r.id = a.request_id JOIN message m ON m.id = r.message_id
        WHERE p.gateway_id = ? AND m.profile = ?
        """,
        (gateway_id, profile),
    )
    return tuple(MessageId(str(values[0])) for values in rows)


def of_messages(db: apsw.Connection, ids: Iterable[MessageId]) -> dict[MessageId, list[list[AttemptRow]]]:
    """For each message its requests in order, for each request its attempts in order."""
    wanted = json.dumps(list(ids))
    parts: dict[int, list[tuple[int, str | None, str | None, str | None, str | None, str | None]]] = {}
    receipts: dict[str, list[Receipt]] = {}
    for attempt, index, gateway, status, error_text, price, network in db.execute(
        f"""
        SELECT p.attempt_id, p.idx, p.gateway_id, p.status, p.error_text, p.price, p.network FROM part p
        WHERE p.attempt_id IN ({_ATTEMPTS_OF}) ORDER BY p.attempt_id, p.idx
        """,
        (wanted,),
    ):
        parts.setdefault(int(str(attempt)), []).append(
            (int(str(index)), _text(gateway), _text(status), _text(error_text), _text(price), _text(network))
        )
    for gateway, word, err_code, scts in db.execute(
        f"""
        SELECT t.gateway_id, t.word, t.err_code, t.scts FROM receipt t WHERE t.foreign_account = 0 AND (t.profile, t.gateway_id) IN (
            SELECT m.profile, p.gateway_id FROM part p JOIN attempt a ON a.id = p.attempt_id
            JOIN request r ON r.id = a.request_id JOIN message m ON m.id = r.message_id
            WHERE p.gateway_id IS NOT NULL AND p.attempt_id IN ({_ATTEMPTS_OF}))
        ORDER BY t.id
        """,
        (wanted,),
    ):
        receipts.setdefault(str(gateway), []).append(Receipt(str(word), str(err_code), str(scts)))
    found: dict[MessageId, list[list[AttemptRow]]] = {}
    last_request = None
    for message, request, attempt, no, outcome, client_ref, started, exact, http_status, reason in db.execute(
        """
        SELECT r.message_id, r.id, a.id, a.no, a.outcome, a.client_ref, a.started_us, a.request, a.http_status, a.reason
        FROM request r LEFT JOIN attempt a ON a.request_id = r.id
        WHERE r.message_id IN (SELECT value FROM json_each(?)) ORDER BY r.message_id, r.no, a.no
        """,
        (wanted,),
    ):
        requests = found.setdefault(MessageId(str(message)), [])
        if request != last_request:
            requests.append([])
            last_request = request
        if attempt is None:
            continue
        requests[-1].append(
            AttemptRow(
                id=AttemptId(int(str(attempt))),
                no=int(str(no)),
                outcome=Outcome(str(outcome)),
                client_ref=str(client_ref),
                started_us=int(str(started)),
                request=str(exact),
                http_status=None if http_status is None else int(str(http_status)),
                reason=_text(reason),
                parts=tuple(
                    PartFacts(
                        index,
                        Part(status, tuple(receipts.get(gateway, ())) if gateway is not None else ()),
                        None if gateway is None else GatewayMessageId(gateway),
                        error_text,
                        price,
                        network,
                    )
                    for index, gateway, status, error_text, price, network in parts.get(int(str(attempt)), ())
                ),
            )
        )
    return found


def project(db: apsw.Connection, message: MessageId) -> ConversationId:
    """Compute the state of a message again, keep it, and return its conversation."""
    requests = of_messages(db, [message]).get(message, [])
    row = next(db.execute("SELECT cancelled, conversation_id FROM message WHERE id = ?", (message,)))
    state = state_of(
        ([attempt.attempt for attempt in request] for request in requests), cancelled=bool(row[0])
    )
    db.execute("UPDATE message SET state = ? WHERE id = ?", (state, message))
    return ConversationId(int(str(row[1])))


def state(db: apsw.Connection, message: MessageId) -> State:
    """The kept state of a message."""
    return State(str(next(db.execute("SELECT state FROM message WHERE id = ?", (message,)))[0]))


_ATTEMPTS_OF = """
    SELECT a.id FROM attempt a JOIN request r ON r.id = a.request_id
    WHERE r.message_id IN (SELECT value FROM json_each(?))
"""


def _text(value: object) -> str | None:
    return None if value is None else str(value)
