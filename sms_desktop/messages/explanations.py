"""States in words: what happened, what it means, what next. Called by ui and cli with the facts of a message."""

from __future__ import annotations

from dataclasses import dataclass

from sms_desktop.messages.states import State
from sms_desktop.messages.statuses import api_status, receipt_error

STATE_WORDS = {
    State.QUEUED: "Waiting to be sent",
    State.SENDING: "Sending",
    State.NOT_SENT: "Waiting to be sent",
    State.THROTTLED: "Slowed down by the gateway",
    State.SUBMITTED: "Accepted by the gateway",
    State.ACCEPTED: "With the carrier",
    State.BUFFERED: "With the carrier",
    State.DELIVERED: "Delivered",
    State.FAILED: "Not delivered",
    State.REJECTED: "Refused",
    State.EXPIRED: "Expired",
    State.UNKNOWN: "Unknown status",
    State.REFUSED: "Refused",
    State.PARTIAL: "Partly delivered",
    State.UNCERTAIN: "Cannot tell",
    State.CANCELLED: "Cancelled before sending",
    State.RECEIVED: "Received",
}
"""The word of each state, as the window and the command line say it."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a message is where it is: a head in words, and a sentence or two of cause and consequence (may be empty)."""

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
) -> Explanation:
    """Explain a state by its evidence.

    `status` and `error_text` come from the answer, `word` and `err_code` from the deciding receipt; `reason` is the
    sentence recorded with an attempt that got no readable answer.
    """
    if state is State.REFUSED:
        if status is None:
            return Explanation("Refused by the gateway", reason or "Nothing was sent.")
        known = api_status(status)
        said = f' It said: "{error_text}".' if error_text else ""
        return Explanation(f"Refused: {known.meaning} (status {status})", f"{known.advice}{said}".strip())
    if state in (State.FAILED, State.REJECTED, State.EXPIRED):
        head = {
            State.FAILED: "Not delivered",
            State.REJECTED: "Refused by the carrier",
            State.EXPIRED: "Expired",
        }[state]
        if err_code and err_code != "0":
            known_error = receipt_error(err_code)
            return Explanation(f"{head}: {known_error.meaning}", f"{known_error.advice} (error {err_code})".strip())
        if state is State.EXPIRED:
            return Explanation(head, "No final receipt came in time. It may still have been shown.")
        return Explanation(head, "The carrier gave no reason.")
    if state is State.UNCERTAIN:
        return Explanation(
            "We cannot tell whether this was sent",
            f"{reason or 'No readable answer came.'} A receipt will settle it; nothing is resent by itself.",
        )
    if state is State.NOT_SENT:
        return Explanation("Waiting to be sent", f"{reason or 'The gateway was not reached.'} It is tried again by itself.")
    if state is State.THROTTLED:
        return Explanation("Slowed down by the gateway", "It goes out again by itself.")
    if state is State.PARTIAL:
        return Explanation("Partly delivered", "Parts are never resent alone without asking.")
    if state is State.UNKNOWN and word:
        return Explanation(f'Unknown status "{word}"', "The carrier used a word that is not documented.")
    return Explanation(STATE_WORDS[state], "")
