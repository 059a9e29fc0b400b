"""The sandbox beyond the API: numbers that behave. Read by services, cli and the sandbox server.

The last digits say what a number does: 316000001NN is refused with status NN, 316000002NN fails with err-code
NN, 31600000429 and the like are answered with that HTTP status.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sms_desktop.messages.statuses import API_STATUSES, RECEIPT_ERRORS


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


@dataclass(frozen=True, slots=True)
class MagicRecipient:
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

_ANSWERS = (
    ("06", "Gateway that hangs up", "breaks the connection before it takes the message", Behaviour.RESETS),
    ("07", "Slow gateway", "its answer trickles for 20 seconds", Behaviour.TRICKLES),
    ("08", "Garbled gateway", "takes the message and answers what is no JSON or XML", Behaviour.MALFORMED),
    ("09", "Half a message", "part 2 is refused with status 5", Behaviour.PARTIAL),
    ("10", "Busy gateway", "throttles twice with status 1, then takes the message", Behaviour.THROTTLES),
    ("11", "Silent gateway", "takes the message and answers with an empty body", Behaviour.EMPTY),
)
_RECEIPTS = (
    ("20", "Handset out of reach", "expires", Behaviour.EXPIRES),
    ("21", "Carrier that refuses", "rejected with err-code 6", Behaviour.REJECTS),
    ("22", "Carrier that does not know", "receipt unknown with err-code 1", Behaviour.UNKNOWN),
    ("23", "Carrier that waits", "stays buffered", Behaviour.BUFFERS),
    ("24", "Carrier without receipts", "delivers, and tells nothing", Behaviour.SILENT),
    ("25", "Carrier that repeats itself", "every receipt comes three times", Behaviour.DUPLICATES),
    ("26", "Carrier out of order", "delivered comes first, accepted last", Behaviour.REORDERS),
    ("27", "Hasty carrier", "receipts come before the answer to the request", Behaviour.EARLY),
    ("28", "Forged receipts", "receipts with a wrong signature", Behaviour.BADLY_SIGNED),
    ("29", "Carrier that contradicts itself", "delivered, and failed afterwards", Behaviour.CONTRADICTS),
)
_REPLIES = (
    ("40", "Handset that has enough", "answers STOP; START ends that", Behaviour.STOPS),
    ("41", "Talkative handset", "answers in four parts", Behaviour.LONG_REPLY),
    ("42", "Talkative handset, shuffled", "answers in four parts, out of order", Behaviour.SHUFFLED_REPLY),
    ("43", "Talkative handset, cut off", "part 3 of its answer is missing", Behaviour.INCOMPLETE_REPLY),
    ("44", "Handset abroad", "answers in unicode", Behaviour.UNICODE_REPLY),
    ("45", "Machine", "answers in binary", Behaviour.BINARY_REPLY),
)
_HTTP = (
    ("302", "Gateway that moved", "HTTP 302 to another address"),
    ("429", "Gateway with too many requests", "HTTP 429 with Retry-After"),
    ("500", "Gateway with a fault", "HTTP 500; the message is not taken"),
    ("502", "Gateway behind a broken proxy", "HTTP 502; the message was taken"),
    ("503", "Gateway under repair", "HTTP 503 with Retry-After"),
)

MAGIC_RECIPIENTS: Final = (
    *FIRST_RECIPIENTS,
    *(
        MagicRecipient(f"316000000{digits}", name, note, behaviour)
        for digits, name, note, behaviour in (*_ANSWERS, *_RECEIPTS, *_REPLIES)
    ),
    *(
        MagicRecipient(
            f"316000001{code:0>2}", status.name, f"refused with status {code}", Behaviour.STATUS, code
        )
        for code, status in API_STATUSES.items()
        if 0 < int(code) < 100
    ),
    *(
        MagicRecipient(
            f"316000002{code:0>2}",
            error.meaning[0].upper() + error.meaning[1:],
            f"fails with err-code {code}",
            Behaviour.ERR_CODE,
            code,
        )
        for code, error in RECEIPT_ERRORS.items()
        if code != "0"
    ),
    *(MagicRecipient(f"31600000{code}", name, note, Behaviour.HTTP, code) for code, name, note in _HTTP),
)
"""Every number that behaves, each once."""
