"""Every number of the sandbox that behaves. Read by cli and the sandbox server.

The last digits say what a number does: 316000001NN is refused with status NN, 316000002NN fails with err-code
NN, 31600000429 and the like are answered with that HTTP status.
"""

from __future__ import annotations

from typing import Final

from sms_desktop.gateway.sandbox import FIRST_RECIPIENTS, Behaviour, MagicRecipient
from sms_desktop.messages.statuses import API_STATUSES, RECEIPT_ERRORS

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
