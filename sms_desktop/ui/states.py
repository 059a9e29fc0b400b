"""The icon and the word of every state. Called by list, bubbles and their spoken lines."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from sms_desktop.messages.states import STATE_WORDS, State

STATE_ICONS = {
    State.QUEUED: "state-queued",
    State.SENDING: "state-sending",
    State.NOT_SENT: "state-queued",
    State.THROTTLED: "state-throttled",
    State.SUBMITTED: "state-submitted",
    State.ACCEPTED: "state-buffered",
    State.BUFFERED: "state-buffered",
    State.DELIVERED: "state-delivered",
    State.FAILED: "state-failed",
    State.REJECTED: "state-rejected",
    State.EXPIRED: "state-expired",
    State.UNKNOWN: "state-unknown",
    State.REFUSED: "state-rejected",
    State.PARTIAL: "state-partial",
    State.UNCERTAIN: "state-uncertain",
    State.CANCELLED: "state-cancelled",
    State.RECEIVED: "state-inbound",
}
"""The icon of each state; its shape alone tells the state's group."""


def state_word(state: State) -> str:
    """The word of a state, translated."""
    return QCoreApplication.translate("State", STATE_WORDS[state])


def in_sentence(word: str) -> str:
    """A word as it stands inside a line: its first letter small."""
    return word[:1].lower() + word[1:]
