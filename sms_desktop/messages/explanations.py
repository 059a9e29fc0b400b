"""States in words: what happened, what it means, what next.

Called by ui and cli with the facts of a message.
"""

from __future__ import annotations

from dataclasses import dataclass

from sms_desktop.messages.states import STATE_WORDS, State
from sms_desktop.messages.statuses import StatusGroup, api_status, receipt_error

_BAD_HEADS = {
    State.FAILED: "Not delivered",
    State.REJECTED: "Refused by the carrier",
    State.EXPIRED: "Expired",
}
_LONGEST_QUOTED = 160


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a message is where it is: a head in words, then a sentence or two of cause and consequence."""

    head: str
    body: str


def explain(
    state: State,
    *,
    status: str | None = None,
    error_text: str | None = None,
    word: str | None = None,
    err_code: str | None = None,
    reason: str | None = None,
    waits: bool = True,
) -> Explanation:
    """Explain a state by its evidence.

    `status` and `error_text` come from the answer, `word` and `err_code` from the deciding receipt; `reason`
    is the sentence recorded with an attempt that got no readable answer. `waits` is False for a message that
    the sender does not try again by itself.
    """
    match state:
        case State.REFUSED:
            return _refused(status, error_text, reason)
        case State.FAILED | State.REJECTED | State.EXPIRED:
            return _undelivered(state, err_code)
        case State.UNCERTAIN:
            why = reason or "No readable answer came."
            return Explanation(
                "We cannot tell whether this was sent",
                f"{why} A receipt will settle it; nothing is resent by itself.",
            )
        case State.QUEUED | State.NOT_SENT | State.THROTTLED if not waits:
            return Explanation("Not sent", f"{reason or ''} It is not tried again by itself.".strip())
        case State.NOT_SENT:
            return Explanation(
                "Waiting to be sent",
                f"{reason or 'The gateway was not reached.'} It is tried again by itself.",
            )
        case State.THROTTLED:
            return Explanation("Slowed down by the gateway", "It goes out again by itself.")
        case State.PARTIAL:
            return Explanation("Partly delivered", "Parts are never resent alone without asking.")
        case State.UNKNOWN if word and word.strip().lower() != "unknown":
            return Explanation(
                f"Unknown status {_quoted(word)}", "The carrier used a word that is not documented."
            )
        case State.UNKNOWN:
            return Explanation(STATE_WORDS[state], "The carrier knows no more. A later receipt may say more.")
        case _:
            return Explanation(STATE_WORDS[state], "")


def _refused(status: str | None, error_text: str | None, reason: str | None) -> Explanation:
    if status is None:
        return Explanation("Refused by the gateway", reason or "Nothing was sent.")
    known = api_status(status)
    # A throttled part beside parts that were accepted: the message can't be sent again as a whole.
    advice = "Nothing is sent again by itself." if known.group is StatusGroup.THROTTLED else known.advice
    said = f"It said: {_quoted(error_text.rstrip('.'))}." if error_text else ""
    return Explanation(f"Refused: {known.meaning} (status {status})", f"{advice} {said}".strip())


def _undelivered(state: State, err_code: str | None) -> Explanation:
    head = _BAD_HEADS[state]
    if err_code and err_code != "0":
        known = receipt_error(err_code)
        return Explanation(f"{head}: {known.meaning} (error {err_code})", known.advice)
    if state is State.EXPIRED:
        return Explanation(head, "No final receipt came in time. It may still have been shown.")
    return Explanation(head, "The carrier gave no reason.")


def _quoted(text: str) -> str:
    """Words of a stranger, in quotes and no longer than fits a sentence."""
    return f'"{text if len(text) <= _LONGEST_QUOTED else text[: _LONGEST_QUOTED - 1] + "…"}"'
