"""What the sender does with a waiting message: one attempt at a time, with its evidence.

Called by background's sender. An attempt is recorded before its first octet leaves, and nothing is ever
repeated here that may have been sent.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from sms_desktop.gateway.evidence import Exchange
from sms_desktop.gateway.providers import rules
from sms_desktop.gateway.request import GatewayRequest, MaskedRequest, build
from sms_desktop.messages.ids import AttemptId, MessageId, ProfileId, RequestId, new_id
from sms_desktop.messages.message import Message
from sms_desktop.messages.options import Options
from sms_desktop.messages.outcomes import Outcome
from sms_desktop.messages.states import MAY_BEGIN, State
from sms_desktop.services.accounts import Account, RelayAccess, stand_in
from sms_desktop.services.clock import Clock, now_us
from sms_desktop.services.contents import requests_of, restored
from sms_desktop.services.outbox import Compose, opted_out_words
from sms_desktop.settings.secrets import KeyringUnavailable, SecretName, Secrets
from sms_desktop.store import attempts, messages, opt_outs, receipts, waiting
from sms_desktop.store.database import Store

_FIRST_PAUSE_US = 1_000_000
_LONGEST_PAUSE_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Due:
    """A message that may be tried now."""

    message: MessageId
    request: RequestId


@dataclass(frozen=True, slots=True)
class Ready:
    """An attempt that is recorded and may now be sent, once."""

    attempt: AttemptId
    message: MessageId
    client_ref: str
    party: str
    request: GatewayRequest


def next_due(store: Store, profile: ProfileId, *, clock: Clock = now_us) -> Due | int | None:
    """The next message to try; else when (UTC, microseconds) the next one becomes due; else None.

    Messages to one number go in the order in which they were written: a later one waits for an earlier one.
    """
    with store.read() as db:
        found = waiting.next_waiting(db, profile, now_us=clock())
    if isinstance(found, tuple):
        return Due(*found)
    return found


def begin(store: Store, account: Account, due: Due, *, clock: Clock = now_us) -> Ready | None:
    """Record an attempt, durably; None if the message is not waiting any more, or must not go out.

    What the outbox refused at Send is refused here again: the list may have grown since.
    """
    now = clock()
    with store.write() as writing:
        found = messages.by_ids(writing.db, [due.message])
        if not found or found[0].next_try_us is None or found[0].state not in MAY_BEGIN:
            return None
        row = found[0]
        if waiting.paused_since(writing.db, row.profile) is not None:
            return None
        forbidden = opt_outs.find(writing.db, row.party)
        if forbidden is not None:
            waiting.block(writing.db, row.id, opted_out_words(forbidden))
            writing.changed(attempts.project(writing.db, row.id), row.id)
            return None
        if row.deadline_us is not None and now > row.deadline_us:
            waiting.schedule(writing.db, row.id, None)
            writing.changed(row.conversation, row.id)
            return None
        client_ref = row.options.client_ref or new_id()
        message, route = restored(row.kind, row.text, row.content)
        provider = account.profile.provider
        carried = requests_of(message, route, provider, row.id)
        request = _build(
            carried[waiting.number(writing.db, due.request) - 1],
            sender=row.own,
            to=row.party,
            options=row.options,
            account=account,
            client_ref=client_ref,
        )
        attempt = attempts.open_attempt(
            writing.db, due.request, client_ref=client_ref, exact=request.masked(), now_us=now
        )
        waiting.schedule(writing.db, row.id, None)
        writing.changed(attempts.project(writing.db, row.id), row.id)
    return Ready(attempt, row.id, client_ref, row.party, request)


def finish(
    store: Store, profile: ProfileId, ready: Ready, exchange: Exchange, *, clock: Clock = now_us
) -> None:
    """Close an attempt with its evidence, and decide when (if ever) the message is tried again by itself."""
    now = clock()
    with store.write() as writing:
        db = writing.db
        attempts.close_attempt(
            db,
            ready.attempt,
            outcome=exchange.outcome,
            phase=exchange.phase,
            http_status=exchange.http_status,
            response=exchange.body,
            reason=exchange.reason,
            parts=[
                attempts.NewPart(
                    status=part.status,
                    gateway_id=part.message_id,
                    error_text=part.error_text,
                    price=part.price,
                    balance=part.balance,
                    network=part.network,
                )
                for part in exchange.parts
            ],
            now_us=now,
        )
        if exchange.outcome is Outcome.UNCERTAIN:
            receipts.settle(db, profile, ready.attempt, ready.client_ref, ready.party)
        conversation = attempts.project(db, ready.message)
        match attempts.state(db, ready.message):
            case State.NOT_SENT | State.THROTTLED:
                pause = _pause_us(waiting.tries(db, ready.attempt), exchange.retry_after_ms)
                waiting.schedule(db, ready.message, now + pause)
            case State.QUEUED:  # more requests of it are to come
                waiting.schedule(db, ready.message, now)
        writing.changed(conversation, ready.message)


def clock_was_set_back(store: Store, profile: ProfileId, *, clock: Clock = now_us) -> None:
    """Let nothing wait for years because the computer's clock was set back: what waits is tried now.

    When it was set forward nothing need be done: deadlines are over, and the person decides.
    """
    now = clock()
    with store.write() as writing:
        waiting.from_the_future(writing.db, profile, now_us=now)
        for conversation, message in waiting.hasten(writing.db, profile, now_us=now):
            writing.changed(conversation, message)


def recover(store: Store, profile: ProfileId, *, clock: Clock = now_us) -> int:
    """Close attempts that an earlier run left open, as uncertain: it can't be known how far they came.

    Returns how many there were. Only the process that holds the profile's lock may call this.
    """
    now = clock()
    with store.write() as writing:
        if waiting.from_the_future(writing.db, profile, now_us=now):
            writing.queue_changed()
        open_ones = attempts.left_open(writing.db, profile)
        for attempt, message in open_ones:
            client_ref, party = attempts.reference(writing.db, attempt)
            attempts.close_attempt(
                writing.db,
                attempt,
                outcome=Outcome.UNCERTAIN,
                phase="interrupted",
                http_status=None,
                response=None,
                reason="The program ended while this was being sent.",
                parts=(),
                now_us=now,
            )
            receipts.settle(writing.db, profile, attempt, client_ref, party)
            writing.changed(attempts.project(writing.db, message), message)
    return len(open_ones)


def _build(
    message: Message, *, sender: str, to: str, options: Options, account: Account, client_ref: str
) -> GatewayRequest:
    return build(
        message,
        sender=sender,
        to=to,
        options=_complete(options, account, client_ref),
        provider=account.profile.provider,
        base_url=account.gateway_url,
        auth=account.auth,
        wire=account.wire,
    )


def _complete(options: Options, account: Account, client_ref: str) -> Options:
    ours = account.message_callback if options.callback is None else None
    if ours is None:
        return replace(options, client_ref=client_ref)
    report = options.status_report
    if report is None and not rules(account.profile.provider).reports_by_default:
        report = True  # an address alone brings nothing there
    return replace(options, client_ref=client_ref, callback=ours, status_report=report)


def _pause_us(tries: int, hint_ms: int | None) -> int:
    """How long to wait before the next try.

    The gateway's own hint, else from one second doubling up to a minute, spread by a fifth.
    """
    if hint_ms is not None:
        return hint_ms * 1_000
    pause = min(_FIRST_PAUSE_US << min(tries - 1, 10), _LONGEST_PAUSE_US)
    return int(pause * random.uniform(0.8, 1.2))  # noqa: S311 - spreads load, guards nothing


def rehearse(compose: Compose, secrets: Secrets) -> tuple[MaskedRequest, ...]:
    """The exact requests that would be sent, secrets left out; nothing is kept and no server need run.

    A secret that is not known, or that the keyring does not give now, is shown as `***` like the others.
    """
    profile = compose.profile
    relay = None
    if profile.is_sandbox:
        relay = RelayAccess(_LATER, profile.stream, _UNKNOWN, _UNKNOWN)
    elif profile.relay_url is not None and _is_kept(secrets, profile.id, SecretName.RELAY_TOKEN):
        ingest = _UNKNOWN if _is_kept(secrets, profile.id, SecretName.INGEST_TOKEN) else None
        relay = RelayAccess(profile.relay_url, profile.stream, _UNKNOWN, ingest)
    url = _LATER if profile.is_sandbox else profile.gateway_url
    actor = Account(profile, url, stand_in(profile, mask=_UNKNOWN), relay)
    return tuple(
        _build(
            message,
            sender=compose.sender,
            to=compose.to,
            options=compose.options,
            account=actor,
            client_ref=compose.options.client_ref or new_id(),
        ).masked()
        for message in requests_of(compose.content, compose.route, profile.provider, MessageId(new_id()))
    )


def _is_kept(secrets: Secrets, profile: ProfileId, name: SecretName) -> bool:
    try:
        return secrets.get(profile, name) is not None
    except KeyringUnavailable:
        return True


_UNKNOWN = "***"
# The embedded servers choose their ports when they start.
_LATER = "http://127.0.0.1"
