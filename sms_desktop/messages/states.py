"""Delivery states, and the words for them. Read by everything that knows of messages.

How they follow from answers and receipts stands in outcomes.
"""

from __future__ import annotations

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

TERMINAL = frozenset({State.DELIVERED, State.FAILED, State.REJECTED, State.EXPIRED})
"""States of a part that a receipt ends in."""

WAITING = frozenset({State.QUEUED, State.SENDING, State.NOT_SENT, State.THROTTLED})
"""States of a message that the sender still works on."""

MAY_BEGIN = frozenset({State.QUEUED, State.NOT_SENT, State.THROTTLED})
"""States of a message or request that a new attempt may begin from."""
