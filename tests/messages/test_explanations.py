"""Every state, documented status and error of a carrier has words; unknown ones too."""

from __future__ import annotations

import pytest

from sms_desktop.messages.explanations import explain
from sms_desktop.messages.states import STATE_WORDS, State
from sms_desktop.messages.statuses import (
    API_STATUSES,
    RECEIPT_ERRORS,
    StatusGroup,
    api_status,
    receipt_error,
)

# SMS API 1.5.0 and the older SMS API reference, with 18 of older client libraries.
_DOCUMENTED = {*range(21), 22, 23, 29, 32, 33, 34, 101, 102, 103}
_DOCUMENTED_ERRORS = {*range(16), *range(50, 55), 99}


def test_every_documented_code_has_a_row_and_no_other() -> None:
    assert {int(code) for code in API_STATUSES} == _DOCUMENTED
    assert {int(code) for code in RECEIPT_ERRORS} == _DOCUMENTED_ERRORS
    assert all(row.code == code for code, row in API_STATUSES.items())
    assert all(row.code == code for code, row in RECEIPT_ERRORS.items())


@pytest.mark.parametrize("code", [code for code in API_STATUSES if code != "0"])
def test_a_refusal_says_what_is_wrong_and_what_to_do(code: str) -> None:
    told = explain(State.REFUSED, status=code, error_text="Some words")
    assert told.head == f"Refused: {API_STATUSES[code].meaning} (status {code})"
    assert told.body.endswith('It said: "Some words".')
    assert len(told.body) > len('It said: "Some words".')


@pytest.mark.parametrize("code", [code for code in RECEIPT_ERRORS if code != "0"])
@pytest.mark.parametrize("state", [State.FAILED, State.REJECTED, State.EXPIRED])
def test_a_carriers_reason_stands_in_the_head_with_its_code(state: State, code: str) -> None:
    told = explain(state, word="failed", err_code=code)
    assert told.head.endswith(f": {RECEIPT_ERRORS[code].meaning} (error {code})")
    assert told.body == RECEIPT_ERRORS[code].advice


def test_codes_of_no_document_are_said_to_be_such() -> None:
    assert explain(State.REFUSED, status="77", error_text="Moon phase").head == (
        "Refused: the gateway gave a reason that is not documented (status 77)"
    )
    for said in ("Moon phase", "Moon phase."):
        assert explain(State.REFUSED, status="77", error_text=said).body == 'It said: "Moon phase".'
    assert explain(State.FAILED, err_code="95").head == (
        "Not delivered: the carrier gave a reason that is not documented (error 95)"
    )
    assert api_status("77").group is StatusGroup.OTHER
    assert receipt_error("95").advice == ""


@pytest.mark.parametrize("state", State)
def test_every_state_has_words_without_any_evidence(state: State) -> None:
    told = explain(state)
    assert told.head
    assert STATE_WORDS[state]
    for text in (told.head, told.body, STATE_WORDS[state]):
        assert "!" not in text
        assert "please" not in text.lower()
        assert "None" not in text


def test_the_known_sentences() -> None:
    told = explain(State.FAILED, word="failed", err_code="2")
    assert f"{told.head}. {told.body}" == (
        "Not delivered: the phone is off or out of coverage (error 2). This is temporary."
    )
    told = explain(State.UNCERTAIN, reason="The request was written, then the connection broke.")
    assert f"{told.head}. {told.body}" == (
        "We cannot tell whether this was sent. The request was written, then the connection broke. "
        "A receipt will settle it; nothing is resent by itself."
    )
    told = explain(State.EXPIRED, err_code="0")
    assert f"{told.head}. {told.body}" == (
        "Expired. No final receipt came in time. It may still have been shown."
    )


def test_a_message_that_is_given_up_does_not_promise_another_try() -> None:
    reason = "The name of the gateway was not found: no network, or a wrong address."
    assert explain(State.NOT_SENT, reason=reason).body.endswith("It is tried again by itself.")
    for state in (State.QUEUED, State.NOT_SENT, State.THROTTLED):
        told = explain(state, reason=reason, waits=False)
        assert told.head == "Not sent"
        assert told.body == f"{reason} It is not tried again by itself."


def test_a_throttled_part_of_a_refused_message_does_not_promise_another_try() -> None:
    assert explain(State.REFUSED, status="1").body == "Nothing is sent again by itself."


def test_the_word_unknown_is_documented_and_another_word_is_quoted() -> None:
    assert explain(State.UNKNOWN, word="Unknown").head == "Unknown status"
    assert explain(State.UNKNOWN, word="teleported").head == 'Unknown status "teleported"'


def test_words_of_strangers_are_bounded() -> None:
    assert len(explain(State.REFUSED, status="3", error_text="x" * 100_000).body) < 300
    assert len(explain(State.UNKNOWN, word="x" * 100_000).head) < 300
