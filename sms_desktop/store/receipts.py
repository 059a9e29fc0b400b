"""Receipts: kept whole, joined to parts by the gateway's id whenever that becomes known. Called by services.

A receipt may come before the answer that names its part; nothing special happens then, since the state is
computed from what is there.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import apsw

from sms_desktop.messages.ids import AttemptId, GatewayMessageId, MessageId, ProfileId
from sms_desktop.store import attempts, waiting
from sms_desktop.store.database import Writing


class NewReceipt(NamedTuple):
    """A receipt as it came: `word` is the status word, `party` the recipient, `scts` the carrier's time.

    `received_us` is when the relay took it in (UTC, microseconds).
    """

    gateway_id: str
    party: str
    word: str
    err_code: str
    scts: str
    price: str | None
    network: str | None
    client_ref: str | None
    foreign_account: bool
    received_us: int

    @property
    def key(self) -> _Key:
        """What tells it from every other receipt."""
        return *self[:5], self.foreign_account


_Key = tuple[str, str, str, str, str, bool]


@dataclass(frozen=True, slots=True)
class _Known:
    """The messages that parts belong to, by the gateway's ids of these; references of unsettled attempts."""

    owners: dict[str, tuple[MessageId, ...]]
    unsettled: Collection[str]

    def concerned(self, receipt: NewReceipt) -> tuple[MessageId, ...]:
        return () if receipt.foreign_account else self.owners.get(receipt.gateway_id, ())

    def may_settle(self, receipt: NewReceipt) -> bool:
        is_known = receipt.foreign_account or receipt.gateway_id in self.owners
        return not is_known and receipt.client_ref in self.unsettled


def keep(writing: Writing, profile: ProfileId, arrived: Sequence[NewReceipt]) -> None:
    """Keep receipts and let them take effect, one after the other.

    One that is here already changes nothing, and neither does one of another account.
    """
    if not arrived:
        return
    db = writing.db
    new = _not_here(db, profile, arrived)
    known = _Known(
        attempts.messages_of_parts(db, profile, {receipt.gateway_id for receipt in new}),
        attempts.unsettled(db, {receipt.client_ref for receipt in new if receipt.client_ref is not None}),
    )
    for run in _runs(new, known):
        _keep_run(writing, profile, run, known)


def _not_here(db: apsw.Connection, profile: ProfileId, arrived: Sequence[NewReceipt]) -> list[NewReceipt]:
    """Those of the receipts that are not in the store, each once."""
    rows = db.execute(
        """
        SELECT gateway_id, party, word, err_code, scts, foreign_account FROM receipt
        WHERE profile = ? AND gateway_id IN (SELECT value FROM json_each(?))
        """,
        (profile, json.dumps([receipt.gateway_id for receipt in arrived])),
    )
    here: set[_Key] = {(*key, bool(foreign)) for *key, foreign in rows}
    new = []
    for receipt in arrived:
        key = receipt.key
        if key not in here:
            here.add(key)
            new.append(receipt)
    return new


def _runs(receipts: Iterable[NewReceipt], known: _Known) -> Iterator[list[NewReceipt]]:
    """Cut receipts where one must find what those before it have done.

    That is a second one of the same message; and one that may settle an attempt, which stands alone, since
    it may make known whose those behind it are.
    """
    run: list[NewReceipt] = []
    concerned: set[MessageId] = set()
    for receipt in receipts:
        messages = known.concerned(receipt)
        alone = known.may_settle(receipt)
        if run and (alone or not concerned.isdisjoint(messages)):
            yield run
            run, concerned = [], set()
        run.append(receipt)
        concerned.update(messages)
        if alone:
            yield run
            run = []
    if run:
        yield run


def _keep_run(writing: Writing, profile: ProfileId, run: list[NewReceipt], known: _Known) -> None:
    db = writing.db
    db.executemany(
        """
        INSERT INTO receipt (profile, gateway_id, party, word, err_code, scts, price, network, client_ref,
                             foreign_account, received_us, is_orphan)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        ((profile, *receipt, not known.concerned(receipt)) for receipt in run),
    )
    if known.may_settle(run[0]):
        _settle(db, profile, run[0], known)
    since = {message: receipt.received_us for receipt in run for message in known.concerned(receipt)}
    if since:
        for message, conversation in attempts.project_all(db, list(since)).items():
            writing.changed(conversation, message)
            waiting.go_on(db, message, now_us=since[message])


def _settle(db: apsw.Connection, profile: ProfileId, receipt: NewReceipt, known: _Known) -> None:
    """Add the part that a receipt tells of to the attempt that it belongs to, if there is one."""
    assert receipt.client_ref is not None
    settled = attempts.to_be_settled(db, profile, receipt.client_ref, receipt.party)
    if settled is not None:
        attempt, message = settled
        attempts.add_part(db, attempt, attempts.NewPart(None, GatewayMessageId(receipt.gateway_id)))
        known.owners[receipt.gateway_id] = (message,)


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
