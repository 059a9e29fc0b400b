"""How delivery states follow from answers and receipts. Asked by store, services and gateway.

The state of a part is a function of its answer and the set of its receipts, so that order and duplicates do
not matter and a receipt may come before the answer it belongs to. A request folds over its parts, a message
over its requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from sms_desktop.messages.states import MAY_BEGIN, TERMINAL, State

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
# When all ends are bad, the last of these that occurs names the whole.
_BAD_ORDER = (
    State.CANCELLED,
    State.EXPIRED,
    State.REJECTED,
    State.FAILED,
    State.REFUSED,
    State.PARTIAL,
)
_BAD = frozenset(_BAD_ORDER)
_HOLDS = frozenset({State.REFUSED, State.PARTIAL, State.UNCERTAIN})
# In a mix, the first of these that occurs names the whole.
_UNSETTLED = (State.UNCERTAIN, State.SENDING, State.THROTTLED, State.NOT_SENT, State.QUEUED)


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


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says of one part.

    `word` is the status as it came, `err_code` the carrier's reason, `scts` the carrier's time (YYMMDDHHMM).
    """

    word: str
    err_code: str = ""
    scts: str = ""

    @property
    def state(self) -> State:
        """The state that the word means, compared without case; a word not known here is UNKNOWN."""
        return _RECEIPT_STATES.get(self.word.strip().lower(), State.UNKNOWN)

    @property
    def order(self) -> tuple[bool, str, int, str, str, str]:
        """The receipt with the largest of these decides; an unreadable time stamp is the lowest.

        The last three members only settle what remains equal, so that the choice does not depend on the order
        of arrival.
        """
        state = self.state
        readable = self.scts if _SCTS.fullmatch(self.scts) else ""
        return state in TERMINAL, readable, _RANKS[state], self.err_code, self.word, self.scts


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an attempt: its answered status (None when known from receipts alone) and its receipts."""

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
    """An attempt of a request: how it ended and its parts, in order.

    `expected` is how many parts the request was written for; it counts only while no answer said how many
    there are. `arrived` is a person's word that an uncertain one arrived; parts that receipts tell of keep
    what these say.
    """

    outcome: Outcome
    parts: tuple[Part, ...] = ()
    expected: int = 1
    arrived: bool = False

    @property
    def state(self) -> State:
        """The state of this attempt. A receipt settles an uncertain one: it was sent, with all its parts."""
        match self.outcome:
            case Outcome.OPEN:
                return State.SENDING
            case Outcome.NOT_SENT:
                return State.NOT_SENT
            case Outcome.THROTTLED:
                return State.THROTTLED
            case Outcome.REFUSED:
                return State.REFUSED
            case Outcome.ANSWERED:
                return fold_parts(part.state for part in self.parts) if self.parts else State.UNCERTAIN
            case Outcome.UNCERTAIN if self.parts or self.arrived:
                unheard = State.DELIVERED if self.arrived else State.SUBMITTED
                silent = [unheard] * max(self.expected - len(self.parts), 0)
                return fold_parts([*(part.state for part in self.parts), *silent])
            case Outcome.UNCERTAIN:
                return State.UNCERTAIN
            case _:
                assert_never(self.outcome)


def fold_parts(states: Iterable[State]) -> State:
    """The state of an answered request by those of its parts.

    A throttled part beside others counts as refused: it can't be tried again alone, and the request as a
    whole must not be.
    """
    found = set(states)
    if State.THROTTLED in found and len(found) > 1:
        found = found - {State.THROTTLED} | {State.REFUSED}
    return fold(found)


def fold(states: Iterable[State]) -> State:
    """One state for several. Nothing at all is QUEUED.

    What is unsettled names the whole; then a mix of bad and other ends is PARTIAL; then the least advanced.
    """
    found = set(states)
    if not found:
        return State.QUEUED
    for state in _UNSETTLED:
        if state in found:
            return state
    bad = found & _BAD
    if not bad:
        return min(found, key=lambda state: _RANKS.get(state, -1))
    if bad != found:
        return State.PARTIAL
    return max(bad, key=_BAD_ORDER.index)


def state_of(requests: Iterable[Iterable[Attempt]], *, cancelled: bool = False) -> State:
    """The state of a message from its requests' attempts, each in order; a request's last attempt decides.

    `cancelled` says that the person took it back; it holds only for requests of which nothing was sent. A
    request that was never tried, behind one that was refused or is in doubt, is held back and does not count.
    """
    states: list[State] = []
    for attempts in requests:
        tried = tuple(attempts)
        if not tried and _HOLDS.intersection(states):
            continue
        state = tried[-1].state if tried else State.QUEUED
        if cancelled and state in MAY_BEGIN:
            state = State.CANCELLED
        states.append(state)
    return fold(states)
