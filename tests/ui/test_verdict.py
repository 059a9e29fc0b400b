from __future__ import annotations

from itertools import product

import pytest

from sms_desktop.messages.states import State
from sms_desktop.store.messages import PartRow
from sms_desktop.ui.conversations.bubble_words import Missing, blocks_of, meta_of, shown, spoken
from sms_desktop.ui.conversations.verdict import BubbleAction, actions_of, verdict_of
from tests.fakes.reading import message_row

RETRY, EDIT, RESEND = BubbleAction.RETRY, BubbleAction.EDIT, BubbleAction.RESEND
TRY_NOW, CANCEL, COPY = BubbleAction.TRY_NOW, BubbleAction.CANCEL, BubbleAction.COPY


@pytest.mark.parametrize(
    "state, actions",
    [
        (State.QUEUED, None),
        (State.SENDING, None),
        (State.SUBMITTED, None),
        (State.ACCEPTED, None),
        (State.BUFFERED, None),
        (State.DELIVERED, None),
        (State.UNKNOWN, None),
        (State.CANCELLED, None),
        (State.FAILED, (RETRY, EDIT)),
        (State.REJECTED, (RETRY, EDIT)),
        (State.EXPIRED, (RETRY, EDIT)),
        (State.REFUSED, (RETRY, EDIT)),
        (State.PARTIAL, (RETRY, EDIT)),
        (State.UNCERTAIN, (BubbleAction.ARRIVED, RESEND)),
    ],
)
def test_only_what_needs_a_decision_has_a_footer(
    state: State, actions: tuple[BubbleAction, ...] | None
) -> None:
    verdict = verdict_of(message_row(1, state=state), None)
    assert (verdict.actions if verdict is not None else None) == actions


@pytest.mark.parametrize("state", list(State))
def test_every_state_can_be_shown_and_spoken(state: State) -> None:
    row = message_row(1, state=state, inbound=state is State.RECEIVED)
    verdict = verdict_of(row, None)
    line = spoken(row, "Noor de Wit", verdict)
    assert "Noor de Wit" in line
    assert row.text in line
    assert actions_of(row, None)[-1] is COPY
    if verdict is not None:
        assert verdict.head
        assert len(verdict.actions) <= 3


def test_what_waits_says_until_when_and_can_be_taken_back() -> None:
    waiting = message_row(1, state=State.NOT_SENT, reason="No route.", next_try_us=1_800_000_000_000_000)
    verdict = verdict_of(waiting, None)
    assert verdict is not None
    assert verdict.actions == (TRY_NOW, CANCEL)
    assert "No route." in verdict.body
    assert "Next try at" in verdict.body


def test_what_was_given_up_waits_for_the_person() -> None:
    verdict = verdict_of(message_row(1, state=State.NOT_SENT, reason="No route."), None)
    assert verdict is not None
    assert verdict.head == "Not sent"
    assert "not tried again by itself" in verdict.body
    assert RETRY in verdict.actions


def test_what_keeps_the_sender_is_said_on_the_message() -> None:
    queued = message_row(1, state=State.QUEUED)
    assert actions_of(queued, None) == (CANCEL, BubbleAction.AGAIN, COPY)
    verdict = verdict_of(queued, "the keyring")
    assert verdict is not None
    assert "the keyring" in verdict.body


def test_a_failure_names_its_cause() -> None:
    parts = (PartRow(1, State.FAILED, word="failed", err_code="2"),)
    verdict = verdict_of(message_row(1, state=State.FAILED, parts=parts), None)
    assert verdict is not None
    assert "off or out of coverage" in verdict.head
    assert "error 2" in f"{verdict.head} {verdict.body}"


def test_a_partial_message_counts_and_names_the_part() -> None:
    parts = (PartRow(1, State.DELIVERED, status="0"), PartRow(2, State.REFUSED, status="9"))
    row = message_row(1, state=State.PARTIAL, parts=parts, parts_total=2)
    verdict = verdict_of(row, None)
    assert verdict is not None
    assert verdict.head == "Partly delivered: 1 of 2 parts"
    assert "Part 2" in verdict.body
    assert meta_of(row, verdict).ticks == (State.DELIVERED, State.REFUSED)


def test_many_parts_are_counted_instead_of_ticked() -> None:
    parts = tuple(PartRow(number, State.DELIVERED) for number in range(1, 10))
    meta = meta_of(message_row(1, state=State.DELIVERED, parts=parts, parts_total=9), None)
    assert meta.ticks == ()
    assert meta.words.startswith("9 of 9 parts delivered")


def test_an_unknown_word_of_the_carrier_is_quoted() -> None:
    parts = (PartRow(1, State.UNKNOWN, word="teleported"),)
    row = message_row(1, state=State.UNKNOWN, parts=parts)
    assert 'nknown status "teleported"' in meta_of(row, None).words


def test_missing_parts_stand_between_what_is_there() -> None:
    for first, second, third in product((True, False), repeat=3):
        parts = tuple(
            PartRow(number, State.RECEIVED, text=f"{number}")
            for number, there in enumerate((first, second, third), start=1)
            if there
        )
        row = message_row(1, inbound=True, parts=parts or (PartRow(1, State.RECEIVED),), parts_total=3)
        blocks = blocks_of(row)
        texts = "".join(block for block in blocks if isinstance(block, str))
        assert texts == "".join(str(part.index) for part in parts) or (first and second and third)
        assert any(isinstance(block, Missing) for block in blocks) == (len(parts) < 3)


def test_every_line_end_is_one_and_control_characters_are_seen() -> None:
    assert shown("a\r\nb\rc\nd") == "a\u2028b\u2028c\u2028d"
    assert shown("a\0b\x1bc\x7f") == "a\u2400b\u241bc\u2421"
    assert shown("tab\there") == "tab\there"
