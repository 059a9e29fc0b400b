"""Applies what the relay gives: a page of events, what they change, and the cursor, in one transaction.

Called by background's poller.
"""

from __future__ import annotations

from datetime import datetime

from sms_desktop.gateway import webhooks
from sms_desktop.messages.errors import TryLater
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.relay.events import INBOUND, RECEIPT, Cursor, Event, Page
from sms_desktop.services import reassembly
from sms_desktop.settings.profiles import Profile
from sms_desktop.store import cursor, receipts
from sms_desktop.store.cursor import Position
from sms_desktop.store.database import Store, Writing


class EventsMissing(TryLater):
    """The relay's numbering has a hole.

    Events `first` to `last` are missing, and nothing after them was applied.
    """

    def __init__(self, first: int, last: int) -> None:
        named = f"Event {first:,} is" if first == last else f"Events {first:,} to {last:,} are"
        super().__init__(f"{named} missing. Nothing after that is shown until it arrives.")
        self.first = first
        self.last = last


def position(store: Store, profile: Profile) -> str | None:
    """The cursor to ask the relay with, or None before the first event."""
    with store.read() as db:
        at = cursor.position(db, profile.id, profile.stream)
    return None if at is None else str(Cursor(at.epoch, at.seq))


def last_event_us(store: Store, profile: ProfileId) -> int | None:
    """When the relay took in the last event that is applied here (UTC, microseconds), or None."""
    with store.read() as db:
        return cursor.last_event_us(db, profile)


def apply_page(store: Store, profile: Profile, page: Page) -> None:
    """Apply a page exactly once: events known already change nothing.

    Raises EventsMissing for a hole in the numbering; the cursor then stays where it was.
    """
    with store.write() as writing:
        at = cursor.position(writing.db, profile.id, profile.stream)
        seq = at.seq if at is not None and at.epoch == page.epoch else None
        latest: int | None = None
        for event in page.events:
            if seq is not None and event.seq <= seq:
                continue
            if seq is not None and event.seq != seq + 1:
                raise EventsMissing(seq + 1, event.seq - 1)
            seq = event.seq
            latest = _microseconds(event.received_at)
            _apply(writing, profile, page.epoch, event)
        # The cursor follows what was applied, not what the relay says comes next.
        to = Position(page.epoch, page.cursor.seq if seq is None else seq)
        if to != at:
            cursor.move(writing.db, profile.id, profile.stream, to, event_us=latest)


def go_on_from(store: Store, profile: Profile, resume: Cursor) -> None:
    """Accept that events are gone, and continue behind them."""
    with store.write() as writing:
        cursor.move(writing.db, profile.id, profile.stream, Position(resume.epoch, resume.seq), event_us=None)


def _apply(writing: Writing, profile: Profile, epoch: str, event: Event) -> None:
    is_new = cursor.keep_event(
        writing.db,
        profile.id,
        profile.stream,
        Position(epoch, event.seq),
        kind=event.kind,
        received_at=event.received_at.isoformat(),
        signature=event.signature,
        payload=event.payload,
    )
    if not is_new:
        return
    received_us = _microseconds(event.received_at)
    if event.kind == RECEIPT:
        _apply_receipt(writing, profile, webhooks.receipt(event.payload), received_us)
    elif event.kind == INBOUND:
        _apply_inbound(writing, profile, webhooks.inbound(event.payload), received_us)


def _apply_receipt(
    writing: Writing, profile: Profile, payload: webhooks.ReceiptPayload, received_us: int
) -> None:
    if payload.message_id is None:
        return  # belongs to nothing that can be named; the event itself is kept
    weighed = payload.receipt
    receipts.keep(
        writing,
        profile.id,
        receipts.NewReceipt(
            gateway_id=payload.message_id,
            party=payload.recipient or "",
            word=weighed.word,
            err_code=weighed.err_code,
            scts=weighed.scts,
            price=payload.price,
            network=payload.network,
            client_ref=payload.client_ref,
            foreign_account=_is_foreign(payload.api_key, profile),
        ),
        received_us=received_us,
    )


def _is_foreign(api_key: str | None, profile: Profile) -> bool:
    """Whether a receipt names another account; one without a key of its own can't tell."""
    return bool(api_key and profile.api_key) and api_key != profile.api_key


def _apply_inbound(
    writing: Writing, profile: Profile, payload: webhooks.InboundPayload, received_us: int
) -> None:
    if _is_foreign(payload.api_key, profile):
        return  # no conversation of this account; the event itself is kept
    reassembly.take(
        writing,
        profile.id,
        reassembly.InboundPart(
            gateway_id=payload.message_id,
            party=payload.sender or "unknown",
            own=payload.own_number or "",
            kind=Kind.UNICODE if payload.type == "unicode" else Kind.TEXT,
            text=_text(payload),
            concatenation=payload.concatenation,
        ),
        received_us=received_us,
    )


def _text(payload: webhooks.InboundPayload) -> str:
    if payload.text is not None:
        # Half a surrogate pair can't be stored: the event keeps the original, the bubble shows U+FFFD.
        return payload.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return f"Binary message. Header {payload.udh or 'none'}, data {payload.data or 'none'}."


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
