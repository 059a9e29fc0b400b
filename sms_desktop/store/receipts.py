"""Receipts: kept whole, joined to parts by the gateway's id whenever that becomes known. Called by services.

A receipt may come before the answer that names its part; nothing special happens then, since the state is
computed from what is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import apsw

from sms_desktop.messages.ids import AttemptId, GatewayMessageId, ProfileId
from sms_desktop.store import attempts, waiting
from sms_desktop.store.database import Writing


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """A receipt as it came: `word` is the status word, `party` the recipient, `scts` the carrier's time."""

    gateway_id: str
    party: str
    word: str
    err_code: str
    scts: str
    price: str | None
    network: str | None
    client_ref: str | None
    foreign_account: bool


def keep(writing: Writing, profile: ProfileId, receipt: NewReceipt, *, received_us: int) -> None:
    """Keep a receipt and let it take effect.

    One that is here already changes nothing, and neither does one of another account.
    """
    db = writing.db
    messages = attempts.message_of_part(db, profile, receipt.gateway_id)
    db.execute(
        """
        INSERT INTO receipt (profile, gateway_id, party, word, err_code, scts, price, network, client_ref,
                             received_us, foreign_account, is_orphan)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        (
            profile,
            receipt.gateway_id,
            receipt.party,
            receipt.word,
            receipt.err_code,
            receipt.scts,
            receipt.price,
            receipt.network,
            receipt.client_ref,
            received_us,
            receipt.foreign_account,
            receipt.foreign_account or not messages,
        ),
    )
    if not db.changes() or receipt.foreign_account:
        return
    if not messages and receipt.client_ref is not None:
        settled = attempts.to_be_settled(db, profile, receipt.client_ref, receipt.party)
        if settled is not None:
            attempt, message = settled
            attempts.add_part(db, attempt, attempts.NewPart(None, GatewayMessageId(receipt.gateway_id)))
            messages = (message,)
    for message in messages:
        writing.changed(attempts.project(db, message), message)
        waiting.go_on(db, message, now_us=received_us)


@dataclass(frozen=True, slots=True)
class Orphan:
    """A receipt that no part here has: another program's, another account's, or it came before its answer."""

    id: int
    profile: ProfileId
    gateway_id: str
    party: str
    word: str
    err_code: str
    scts: str
    client_ref: str | None
    received_us: int
    foreign_account: bool


def orphans(
    db: apsw.Connection, profile: ProfileId, *, limit: int, before: int | None = None
) -> tuple[Orphan, ...]:
    """The newest orphans first; `before` is the id of the last one that is already known."""
    rows = db.execute(
        """
        SELECT id, profile, gateway_id, party, word, err_code, scts, client_ref, received_us, foreign_account
        FROM receipt WHERE profile = ? AND is_orphan = 1 AND id < ? ORDER BY id DESC LIMIT ?
        """,
        (profile, 2**62 if before is None else before, limit),
    )
    return tuple(_orphan(values) for values in rows)


def _orphan(values: tuple[Any, ...]) -> Orphan:
    number, profile, gateway_id, party, word, err_code, scts, client_ref, received_us, foreign = values
    return Orphan(
        id=number,
        profile=ProfileId(profile),
        gateway_id=gateway_id,
        party=party,
        word=word,
        err_code=err_code,
        scts=scts,
        client_ref=client_ref,
        received_us=received_us,
        foreign_account=bool(foreign),
    )


def settle(db: apsw.Connection, profile: ProfileId, attempt: AttemptId, client_ref: str, party: str) -> None:
    """Let receipts that are here already settle an attempt that has just become uncertain."""
    rows = db.execute(
        """
        SELECT t.gateway_id FROM receipt t INDEXED BY receipt_client_ref
        WHERE t.profile = ? AND t.client_ref = ? AND t.party = ? AND t.foreign_account = 0
          AND NOT EXISTS (SELECT 1 FROM part p WHERE p.gateway_id = t.gateway_id)
        GROUP BY t.gateway_id ORDER BY min(t.id)
        """,
        (profile, client_ref, party),
    ).fetchall()
    for (gateway_id,) in rows:
        settled = attempts.to_be_settled(db, profile, client_ref, party)
        if settled is None or settled[0] != attempt:
            return
        attempts.add_part(db, attempt, attempts.NewPart(None, GatewayMessageId(str(gateway_id))))
