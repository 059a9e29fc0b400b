"""Delivery states, and how they follow from answers and receipts. Pure: store, services, ui and cli all ask here.

The state of a part is a function of its answer and the set of its receipts, so that order and duplicates do not
matter and a receipt may come before the answer it belongs to. A request folds over its parts, a message over its
requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a part, request or message is."""

    QUEUED = "queued"
    SENDING = "sending"
    NOT_SENT = "not_sent"
    THROTTLED = "throttled"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    BUFFERED = "buffered"
    DELIVERED = "delivered"
    FAILED = "failed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    PARTIAL = "partial"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    RECEIVED = "received"
    """An inbound message."""


class Outcome(StrEnum):
    """How an attempt ended, by its evidence."""

    OPEN = "open"
    """Recorded before the first octet left; no end recorded yet."""
    NOT_SENT = "not_sent"
    """Proven: nothing of the request was written."""
    ANSWERED = "answered"
    """An answer with one status per part was read."""
    THROTTLED = "throttled"
    """HTTP 429."""
    REFUSED = "refused"
    """HTTP 4xx (not 408, not 429): the gateway did not take it."""
    UNCERTAIN = "uncertain"
    """Writing had begun and no readable answer came."""


TERMINAL = frozenset({State.DELIVERED, State.FAILED, State.REJECTED, State.EXPIRED})
"""States of a part that a receipt ends in."""

WAITING = frozenset({State.QUEUED, State.SENDING, State.NOT_SENT, State.THROTTLED})
"""States of a message that the sender still works on."""

_RECEIPT_STATES = {
    "accepted": State.ACCEPTED,
    "buffered": State.BUFFERED,
    "delivered": State.DELIVERED,
    "expired": State.EXPIRED,
    "failed": State.FAILED,
    "rejected": State.REJECTED,
}
_RANKS = {
    state: rank
    for rank, state in enumerate(
        (
            State.SUBMITTED,
            State.UNKNOWN,
            State.ACCEPTED,
            State.BUFFERED,
            State.EXPIRED,
            State.REJECTED,
            State.FAILED,
            State.DELIVERED,
        )
    )
}
_SCTS = re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d", re.ASCII)
_THROTTLED_STATUSES = frozenset({"1", "10"})
_BAD = frozenset({State.FAILED, State.REJECTED, State.EXPIRED, State.REFUSED, State.CANCELLED, State.PARTIAL})
# In a mix of requests or parts, the first of these that occurs names the whole.
_UNSETTLED = (State.UNCERTAIN, State.SENDING, State.THROTTLED, State.NOT_SENT, State.QUEUED)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says of one part: the status word as it came, `err-code`, and `scts` (YYMMDDHHMM, carrier's time)."""

    word: str
    err_code: str = ""
    scts: str = ""

    @property
    def state(self) -> State:
        """The state that the word means, compared without case; a word not known here is UNKNOWN."""
        return _RECEIPT_STATES.get(self.word.strip().lower(), State.UNKNOWN)

    @property
    def order(self) -> tuple[bool, str, int, str, str]:
        """The receipt with the largest of these decides; an unreadable time stamp is the lowest.

        The last two members only settle what remains equal, so that the choice does not depend on the order of arrival.
        """
        state = self.state
        readable = self.scts if _SCTS.fullmatch(self.scts) else ""
        return state in TERMINAL, readable, _RANKS[state], self.err_code, self.word


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an attempt: its answered status (None when it is known from receipts alone) and its receipts."""

    status: str | None
    receipts: tuple[Receipt, ...] = ()

    @property
    def deciding(self) -> Receipt | None:
        """The receipt that decides the state, or None."""
        return max(self.receipts, key=lambda receipt: receipt.order, default=None)

    @property
    def state(self) -> State:
        """The state of this part."""
        deciding = self.deciding
        if deciding is not None:
            return deciding.state
        if self.status is None or self.status == "0":
            return State.SUBMITTED
        return State.THROTTLED if self.status in _THROTTLED_STATUSES else State.REFUSED

    @property
    def contradicted(self) -> bool:
        """True if its receipts name two different final states."""
        return len({receipt.state for receipt in self.receipts} & TERMINAL) > 1


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt of a request: how it ended and its parts, in order."""

    outcome: Outcome
    parts: tuple[Part, ...] = ()

    @property
    def state(self) -> State:
        """The state of this attempt. Parts that receipts made known settle an uncertain one."""
        match self.outcome:
            case Outcome.OPEN:
                return fold(part.state for part in self.parts) if self.parts else State.SENDING
            case Outcome.NOT_SENT:
                return State.NOT_SENT
            case Outcome.THROTTLED:
                return State.THROTTLED
            case Outcome.REFUSED:
                return State.REFUSED
            case Outcome.ANSWERED | Outcome.UNCERTAIN:
                return fold(part.state for part in self.parts) if self.parts else State.UNCERTAIN


def fold(states: Iterable[State]) -> State:
    """One state for several: parts of a request, or requests of a message. Nothing at all is QUEUED.

    What is unsettled names the whole; then a mix of bad and other ends is PARTIAL; then the least advanced.
    """
    found = set(states)
    if not found:
        return State.QUEUED
    if len(found) == 1:
        return found.pop()
    if found == {State.THROTTLED, State.REFUSED}:
        return State.REFUSED
    for state in _UNSETTLED:
        # A throttled part beside an accepted one can't be retried alone: the whole is partial, not waiting.
        if state in found and not (state is State.THROTTLED and found - {State.THROTTLED} <= set(_RANKS)):
            return state
    bad = found & (_BAD | {State.THROTTLED})
    if bad and (bad != found or State.PARTIAL in bad):
        return State.PARTIAL
    if bad:
        return State.REFUSED if State.REFUSED in bad else max(bad, key=lambda state: _RANKS.get(state, -1))
    return min(found, key=lambda state: _RANKS[state])


def state_of(requests: Iterable[Iterable[Attempt]], *, cancelled: bool = False) -> State:
    """The state of a message from its requests' attempts, each in order; the last attempt of a request decides.

    `cancelled` says that the person took it back; it holds only for requests that were never tried.
    """
    states = []
    for attempts in requests:
        last = None
        for last in attempts:
            if last.state is State.DELIVERED:
                break
        if last is None:
            states.append(State.CANCELLED if cancelled else State.QUEUED)
        elif cancelled and last.state in (State.NOT_SENT, State.THROTTLED):
            states.append(State.CANCELLED)
        else:
            states.append(last.state)
    return fold(states)
