"""Applies what the relay gives: a page of events, what they change, and the cursor, in one transaction.

Called by background's poller.
"""

from __future__ import annotations

from datetime import datetime

import apsw

from sms_desktop.gateway import webhooks
from sms_desktop.messages.addresses import told_party
from sms_desktop.messages.errors import TryLater
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.relay.errors import CursorAhead, CursorGone, PositionLost
from sms_desktop.relay.events import INBOUND, RECEIPT, Cursor, Event, Page
from sms_desktop.services import reassembly
from sms_desktop.services.binary_inbound import BinaryPart
from sms_desktop.services.clock import Clock, now_us
from sms_desktop.services.deeds import Actor
from sms_desktop.settings.profiles import Profile
from sms_desktop.store import cursor, gaps, inbound, receipts
from sms_desktop.store.cursor import NewEvent, Position
from sms_desktop.store.database import Store, Writing
from sms_desktop.store.gaps import Gap, GapKind
from sms_desktop.store.receipts import Orphan


class EventsMissing(TryLater):
    """The relay's numbering has a hole.

    Events `first` to `last` of the log's life `epoch` are missing, and nothing after them was applied.
    """

    def __init__(self, first: int, last: int, epoch: str) -> None:
        named = f"Event {first:,} is" if first == last else f"Events {first:,} to {last:,} are"
        super().__init__(
            f"{named} missing. Nothing after that is shown until it arrives.",
            hint="If the relay has lost it for good: smsctl messages gaps --go-on.",
        )
        self.first = first
        self.last = last
        self.epoch = epoch


def position(store: Store, profile: Profile) -> str | None:
    """The cursor to ask the relay with, or None before the first event."""
    with store.read() as db:
        at = cursor.position(db, profile.id, profile.stream)
    return None if at is None else str(Cursor(at.epoch, at.seq))


def last_event_us(store: Store, profile: ProfileId) -> int | None:
    """When the relay took in the last event that is applied here (UTC, microseconds), or None."""
    with store.read() as db:
        return cursor.last_event_us(db, profile)


def apply_page(store: Store, profile: Profile, page: Page, *, clock: Clock = now_us) -> None:
    """Apply a page exactly once: events known already change nothing, also those that another log told.

    Raises EventsMissing for a hole in the numbering behind which no person said to go on; the cursor then
    stays where it was.
    """
    with store.write() as writing:
        db = writing.db
        at = cursor.position(db, profile.id, profile.stream)
        events = _behind(db, profile, page, at)
        if events:
            _apply(writing, profile, page.epoch, events)
        to, latest = _reached(page, at, events)
        if to != at:
            cursor.move(db, profile.id, profile.stream, to, event_us=latest)
            gaps.close(db, profile.id, profile.stream, to, now_us=clock())


def _behind(db: apsw.Connection, profile: Profile, page: Page, at: Position | None) -> list[Event]:
    """The events of a page that are behind a position, without a hole; raises EventsMissing."""
    seq = at.seq if at is not None and at.epoch == page.epoch else None
    behind = []
    for event in page.events:
        if seq is not None and event.seq <= seq:
            continue
        if seq is not None and event.seq != seq + 1:
            missing = seq + 1, event.seq - 1
            if not gaps.is_accepted(db, profile.id, profile.stream, page.epoch, *missing):
                raise EventsMissing(*missing, page.epoch)
        seq = event.seq
        behind.append(event)
    return behind


def _reached(page: Page, at: Position | None, events: list[Event]) -> tuple[Position, int | None]:
    """Where a page leads, and when the relay took in its last event.

    The cursor follows what was applied, not what the relay says comes next.
    """
    if events:
        return Position(page.epoch, events[-1].seq), _microseconds(events[-1].received_at)
    if at is not None and at.epoch == page.epoch:
        return at, None
    return Position(page.epoch, page.cursor.seq), None


def go_on_from(
    store: Store, profile: Profile, resume: Cursor, *, lost: PositionLost | None = None, clock: Clock = now_us
) -> Gap | None:
    """Accept that events are gone, keep which ones (`lost` says why), and continue behind them.

    Returns what is kept of it, None where nothing had been read before.
    """
    gap: Gap | None = None
    with store.write() as writing:
        db = writing.db
        at = cursor.position(db, profile.id, profile.stream)
        if lost is not None and at is not None:
            kind, last = _what_is_gone(lost, resume)
            gap = gaps.note(db, profile.id, profile.stream, kind, after=at, last=last, now_us=clock())
        cursor.move(db, profile.id, profile.stream, Position(resume.epoch, resume.seq), event_us=None)
    return gap


def note_hole(store: Store, profile: Profile, hole: EventsMissing, *, clock: Clock = now_us) -> None:
    """Keep which events the relay left out; nothing behind them is applied until they come."""
    with store.write() as writing:
        gaps.note(
            writing.db,
            profile.id,
            profile.stream,
            GapKind.HOLE,
            after=Position(hole.epoch, hole.first - 1),
            last=hole.last,
            now_us=clock(),
        )


def go_on_behind_holes(
    store: Store, profile: ProfileId, *, clock: Clock = now_us, actor: Actor | None = None
) -> int:
    """Keep a person's word to go on behind the holes that stop a profile; they stay on record as missing.

    Returns how many there are. The next page that has them is applied.
    """
    with store.write() as writing:
        accepted = gaps.accept(writing.db, profile, now_us=clock())
        for number in accepted:
            (actor or Actor()).note(writing, clock(), "gap accepted", number)
        if accepted:
            writing.queue_changed()
    return len(accepted)


def orphans(store: Store, profile: ProfileId, *, limit: int, before: int | None = None) -> tuple[Orphan, ...]:
    """The newest receipts that belong to no message here; `before` is the id of the last one known."""
    with store.read() as db:
        return receipts.orphans(db, profile, limit=limit, before=before)


def _what_is_gone(lost: PositionLost, resume: Cursor) -> tuple[GapKind, int | None]:
    match lost:
        case CursorGone():
            return GapKind.GONE, resume.seq
        case CursorAhead():
            return GapKind.AHEAD, None
        case _:
            return GapKind.RESET, None


def give_up_waiting(store: Store, profile: ProfileId, *, clock: Clock = now_us) -> int:
    """Show messages as incomplete whose parts should have come by now; returns how many there are."""
    since_us = clock() - reassembly.WINDOW_US
    with store.read() as db:
        if not inbound.overdue(db, profile, since_us=since_us):
            return 0
    with store.write() as writing:
        overdue = inbound.overdue(writing.db, profile, since_us=since_us)
        for message in overdue:
            writing.changed(inbound.give_up(writing.db, message), message)
    return len(overdue)


def _apply(writing: Writing, profile: Profile, epoch: str, events: list[Event]) -> None:
    """Keep events, and what those change that are new.

    Receipts and what comes in have nothing to do with each other, so that each kind is applied as a whole.
    """
    kept = [_kept(event) for event in events]
    new = cursor.keep_events(writing.db, profile.id, profile.stream, epoch, kept)
    new_receipts, parts = [], []
    for event in events:
        if event.seq not in new:
            continue
        if event.kind == RECEIPT:
            receipt = _receipt(profile, webhooks.receipt(event.payload), event.received_at)
            if receipt is not None:
                new_receipts.append(receipt)
        elif event.kind == INBOUND:
            part = _part(profile, webhooks.inbound(event.payload), event.received_at)
            if part is not None:
                parts.append(part)
    receipts.keep(writing, profile.id, new_receipts)
    reassembly.take(writing, profile.id, parts)


def _kept(event: Event) -> NewEvent:
    received_at = event.received_at.isoformat()
    return NewEvent(event.seq, event.id, event.kind, received_at, event.signature, event.payload)


def _receipt(
    profile: Profile, payload: webhooks.ReceiptPayload, received_at: datetime
) -> receipts.NewReceipt | None:
    if payload.message_id is None:
        return None  # belongs to nothing that can be named; the event itself is kept
    weighed = payload.receipt
    return receipts.NewReceipt(
        gateway_id=payload.message_id,
        party=told_party(payload.recipient or ""),
        word=weighed.word,
        err_code=weighed.err_code,
        scts=weighed.scts,
        price=payload.price,
        network=payload.network,
        client_ref=payload.client_ref,
        foreign_account=_is_foreign(payload.api_key, profile),
        received_us=_microseconds(received_at),
    )


def _is_foreign(api_key: str | None, profile: Profile) -> bool:
    """Whether a receipt names another account; one without a key of its own can't tell."""
    return bool(api_key and profile.api_key) and api_key != profile.api_key


def _part(
    profile: Profile, payload: webhooks.InboundPayload, received_at: datetime
) -> reassembly.InboundPart | None:
    if _is_foreign(payload.api_key, profile):
        return None  # no conversation of this account; the event itself is kept
    return reassembly.InboundPart(
        gateway_id=payload.message_id,
        party=told_party(payload.sender or "unknown"),
        own=payload.own_number or "",
        kind=_kind(payload),
        text=_text(payload),
        concatenation=payload.concatenation,
        received_us=_microseconds(received_at),
        octets=_octets(payload),
    )


def _text(payload: webhooks.InboundPayload) -> str:
    if payload.text is not None:
        # Half a surrogate pair can't be stored: the event keeps the original, the bubble shows U+FFFD.
        return payload.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return ""


def _kind(payload: webhooks.InboundPayload) -> Kind:
    if payload.text is None and (payload.data is not None or payload.udh is not None):
        return Kind.BINARY
    return Kind.UNICODE if payload.type == "unicode" else Kind.TEXT


def _octets(payload: webhooks.InboundPayload) -> BinaryPart | None:
    if _kind(payload) is not Kind.BINARY:
        return None
    return BinaryPart(payload.udh or "", payload.data or "")


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
