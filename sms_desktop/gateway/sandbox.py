"""The sandbox beyond the API: numbers that behave, and those that people meet first. Read by services.

All of them stand in magic_recipients.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class Behaviour(StrEnum):
    """What the sandbox does with a message to a magic recipient."""

    ECHO = "echo"
    SWITCHED_OFF = "switched_off"
    SLOW = "slow"
    LOSES_ANSWER = "loses_answer"
    BARRED = "barred"
    RESETS = "resets"
    TRICKLES = "trickles"
    MALFORMED = "malformed"
    EMPTY = "empty"
    PARTIAL = "partial"
    THROTTLES = "throttles"
    EXPIRES = "expires"
    REJECTS = "rejects"
    UNKNOWN = "unknown"
    BUFFERS = "buffers"
    SILENT = "silent"
    DUPLICATES = "duplicates"
    REORDERS = "reorders"
    EARLY = "early"
    BADLY_SIGNED = "badly_signed"
    CONTRADICTS = "contradicts"
    STOPS = "stops"
    LONG_REPLY = "long_reply"
    SHUFFLED_REPLY = "shuffled_reply"
    INCOMPLETE_REPLY = "incomplete_reply"
    UNICODE_REPLY = "unicode_reply"
    BINARY_REPLY = "binary_reply"
    STATUS = "status"
    ERR_CODE = "err_code"
    HTTP = "http"


class MagicRecipient(NamedTuple):
    """A number of the sandbox that always behaves in one way; `name` and `note` are what people are shown.

    `code` is the status, err-code or HTTP status where the behaviour is one of these.
    """

    number: str
    name: str
    note: str
    behaviour: Behaviour
    code: str = ""


FIRST_RECIPIENTS: Final = (
    MagicRecipient("31600000001", "Echo handset", "answers every message", Behaviour.ECHO),
    MagicRecipient(
        "31600000002", "Handset that is switched off", "messages fail with error 2", Behaviour.SWITCHED_OFF
    ),
    MagicRecipient("31600000003", "Slow handset", "delivers after 30 seconds", Behaviour.SLOW),
    MagicRecipient(
        "31600000004",
        "Gateway that loses answers",
        "takes the message, then breaks the connection; a receipt settles it",
        Behaviour.LOSES_ANSWER,
    ),
    MagicRecipient("31600000005", "Barred number", "refused with status 7", Behaviour.BARRED),
)
"""What people meet first. Every other number is a handset that receives, answers a text that begins with
`echo `, and keeps to the STOP that it sent."""
