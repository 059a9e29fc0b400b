"""The state of a message follows from its answers and the set of its receipts, whatever their order."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.messages.outcomes import Attempt, Outcome, Part, Receipt, fold, fold_parts, state_of
from sms_desktop.messages.states import TERMINAL, State

_WORDS = (
    "accepted",
    "buffered",
    "delivered",
    "expired",
    "failed",
    "rejected",
    "unknown",
    "DELIVERED",
    "odd word",
)
_RECEIPTS = st.builds(
    Receipt,
    word=st.sampled_from(_WORDS),
    err_code=st.sampled_from(("", "0", "2", "99")),
    scts=st.sampled_from(("", "2601011200", "2601011201", "2613011200", "none", "２６０１０１１２００")),
)
_ANSWERED = Outcome.ANSWERED


def _part(*words: str, status: str | None = "0") -> Part:
    return Part(status, tuple(Receipt(word) for word in words))


def _state(*statuses: str) -> State:
    return Attempt(_ANSWERED, tuple(Part(status) for status in statuses)).state


@given(
    st.lists(_RECEIPTS, max_size=7).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some * 2)))
)
def test_every_order_of_a_parts_receipts_with_duplicates_ends_in_the_same_state(
    receipts: tuple[list[Receipt], list[Receipt]],
) -> None:
    once, shuffled = receipts
    part, again = Part("0", tuple(once)), Part("0", tuple(shuffled))
    assert again.state is part.state
    assert again.deciding == part.deciding
    assert again.contradicted is part.contradicted


@given(st.lists(st.lists(_RECEIPTS, max_size=3), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_a_messages_parts_does_not_matter(parts: list[list[Receipt]], random: object) -> None:
    made = [Part("0", tuple(receipts)) for receipts in parts]
    states = {Attempt(_ANSWERED, order).state for order in itertools.permutations(made)}
    assert len(states) == 1


def test_a_final_receipt_outweighs_a_later_one_that_is_not_final() -> None:
    assert _part("delivered", "buffered").state is State.DELIVERED
    final = Receipt("failed", "2", "2601011200")
    later = Receipt("accepted", "0", "2601012300")
    assert Part("0", (final, later)).state is State.FAILED


def test_among_final_receipts_the_carriers_latest_decides_and_delivered_wins_a_tie() -> None:
    early = Receipt("delivered", "0", "2601011200")
    late = Receipt("expired", "1", "2601011300")
    assert Part("0", (late, early)).state is State.EXPIRED
    assert Part("0", (late, Receipt("delivered", "0", "2601011300"))).state is State.DELIVERED
    assert Part("0", (late, early)).contradicted
    assert not Part("0", (early, Receipt("accepted"))).contradicted


@pytest.mark.parametrize(
    "scts", ["", "never", "2613011200", "2601322400", "26010112", "２６０１０１１２００"]
)
def test_an_unreadable_time_stamp_is_the_lowest(scts: str) -> None:
    readable = Receipt("failed", "2", "0001010000")
    assert Part("0", (readable, Receipt("delivered", "0", scts))).state is State.FAILED


def test_unknown_is_not_final_and_anything_later_replaces_it() -> None:
    assert _part("unknown").state is State.UNKNOWN
    assert _part("unknown", "delivered").state is State.DELIVERED
    assert _part("unknown", "buffered").state is State.BUFFERED


def test_a_status_word_of_no_document_is_kept_as_unknown_and_never_an_error() -> None:
    part = _part("teleported")
    assert part.state is State.UNKNOWN
    assert part.deciding is not None
    assert part.deciding.word == "teleported"


def test_status_words_are_compared_without_case() -> None:
    assert _part(" Delivered ").state is State.DELIVERED


def test_a_part_without_receipts_is_where_its_answer_left_it() -> None:
    assert Part("0").state is State.SUBMITTED
    assert Part("1").state is State.THROTTLED
    assert Part("10").state is State.THROTTLED
    assert [Part(status).state for status in ("2", "5", "13", "29", "no such status")] == [State.REFUSED] * 5


@pytest.mark.parametrize(
    "statuses, expected",
    [
        (("0",), State.SUBMITTED),
        (("0", "0", "0"), State.SUBMITTED),
        (("1",), State.THROTTLED),
        (("1", "10"), State.THROTTLED),
        (("7",), State.REFUSED),
        (("7", "6"), State.REFUSED),
        (("0", "7"), State.PARTIAL),
        (("0", "1"), State.PARTIAL),
        (("1", "7"), State.REFUSED),
        (("0", "1", "7"), State.PARTIAL),
    ],
)
def test_an_answer_folds_over_its_parts(statuses: tuple[str, ...], expected: State) -> None:
    for order in itertools.permutations(statuses):
        assert _state(*order) is expected


@given(st.lists(st.sampled_from(("0", "1", "7", "10")), min_size=1, max_size=5))
def test_nothing_of_which_a_part_was_accepted_is_ever_waiting_to_be_sent_again(statuses: list[str]) -> None:
    if "0" in statuses:
        assert _state(*statuses) not in {State.THROTTLED, State.NOT_SENT, State.QUEUED}


@pytest.mark.parametrize(
    "states, expected",
    [
        ((), State.QUEUED),
        ((State.DELIVERED, State.DELIVERED), State.DELIVERED),
        ((State.DELIVERED, State.BUFFERED), State.BUFFERED),
        ((State.DELIVERED, State.ACCEPTED, State.SUBMITTED), State.SUBMITTED),
        ((State.DELIVERED, State.UNKNOWN), State.UNKNOWN),
        ((State.DELIVERED, State.FAILED), State.PARTIAL),
        ((State.SUBMITTED, State.EXPIRED), State.PARTIAL),
        ((State.FAILED, State.EXPIRED), State.FAILED),
        ((State.FAILED, State.REFUSED), State.REFUSED),
        ((State.PARTIAL, State.DELIVERED), State.PARTIAL),
        ((State.PARTIAL, State.FAILED), State.PARTIAL),
        ((State.DELIVERED, State.QUEUED), State.QUEUED),
        ((State.SUBMITTED, State.UNCERTAIN), State.UNCERTAIN),
        ((State.UNCERTAIN, State.SENDING), State.UNCERTAIN),
        ((State.NOT_SENT, State.QUEUED), State.NOT_SENT),
        ((State.CANCELLED, State.CANCELLED), State.CANCELLED),
        ((State.DELIVERED, State.CANCELLED), State.PARTIAL),
    ],
)
def test_requests_fold_into_one_state(states: tuple[State, ...], expected: State) -> None:
    for order in itertools.permutations(states):
        assert fold(order) is expected


@given(st.lists(st.sampled_from([state for state in State if state is not State.RECEIVED])))
def test_folding_is_total_and_one_state_stays_itself(states: list[State]) -> None:
    assert fold(states) in State
    assert fold_parts(states) in State
    if states:
        assert fold([states[0]] * 3) is states[0]
        assert fold_parts([states[0]] * 3) is states[0]


@pytest.mark.parametrize(
    "outcome, expected",
    [
        (Outcome.OPEN, State.SENDING),
        (Outcome.NOT_SENT, State.NOT_SENT),
        (Outcome.THROTTLED, State.THROTTLED),
        (Outcome.REFUSED, State.REFUSED),
        (Outcome.UNCERTAIN, State.UNCERTAIN),
    ],
)
def test_an_attempt_without_parts_is_what_its_outcome_says(outcome: Outcome, expected: State) -> None:
    assert Attempt(outcome).state is expected


def test_a_receipt_settles_an_uncertain_attempt() -> None:
    assert Attempt(Outcome.UNCERTAIN, (_part("accepted", status=None),)).state is State.ACCEPTED
    assert Attempt(Outcome.UNCERTAIN, (_part("delivered", status=None),)).state is State.DELIVERED
    assert Attempt(Outcome.UNCERTAIN, (_part("failed", status=None),)).state is State.FAILED


def test_an_uncertain_attempt_of_three_parts_is_delivered_when_all_three_are() -> None:
    delivered = _part("delivered", status=None)
    states = [Attempt(Outcome.UNCERTAIN, (delivered,) * count, expected=3).state for count in range(1, 5)]
    assert states == [State.SUBMITTED, State.SUBMITTED, State.DELIVERED, State.DELIVERED]


def test_the_last_attempt_of_a_request_decides() -> None:
    tried = [Attempt(Outcome.NOT_SENT), Attempt(Outcome.THROTTLED), Attempt(_ANSWERED, (_part("delivered"),))]
    assert state_of([tried]) is State.DELIVERED
    assert state_of([tried[:2]]) is State.THROTTLED
    assert state_of([tried[:1]]) is State.NOT_SENT
    assert state_of([[]]) is State.QUEUED


def test_taking_back_holds_only_for_what_was_not_sent() -> None:
    assert state_of([[]], cancelled=True) is State.CANCELLED
    assert state_of([[Attempt(Outcome.NOT_SENT)]], cancelled=True) is State.CANCELLED
    assert state_of([[Attempt(Outcome.THROTTLED)]], cancelled=True) is State.CANCELLED
    assert state_of([[Attempt(_ANSWERED, (Part("0"),))]], cancelled=True) is State.SUBMITTED
    assert state_of([[Attempt(Outcome.UNCERTAIN)]], cancelled=True) is State.UNCERTAIN


def test_final_states_are_those_that_a_receipt_ends_in() -> None:
    assert {_part(word).state for word in ("delivered", "failed", "rejected", "expired")} == TERMINAL
