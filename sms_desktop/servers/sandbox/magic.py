"""What the sandbox does with messages to its magic recipients. Asked by script."""

from __future__ import annotations

from typing import Final

from sms_desktop.gateway.magic_recipients import MAGIC_RECIPIENTS
from sms_desktop.gateway.sandbox import Behaviour, MagicRecipient
from sms_desktop.gateway.sandbox_control import Reply
from sms_desktop.servers.sandbox.conduct import ACCEPTED, BUFFERED, USUAL, Conduct, Step

_LONG = (
    "This answer is longer than one message, so that it comes in parts which have to be put together again. "
    "Each of them is a webhook of its own, with the fields concat, concat-ref, concat-total and concat-part. "
    "The gateway sends them as they come from the carrier: nobody promises that the first comes first, that "
    "all come within a second, or that all of them come at all. Whoever reads them waits, and puts them in "
    "order, and says what is missing. This is the end of it, somewhere in the fourth part of the answer."
)
_LATE = tuple(Step(5.0 + step.after, step.status, step.err_code) for step in USUAL)

_CONDUCTS: Final = {
    Behaviour.ECHO: Conduct(reply=Reply(text="You said: {text}")),
    Behaviour.SWITCHED_OFF: Conduct(receipts=(ACCEPTED, BUFFERED, Step(0.6, "failed", "2"))),
    Behaviour.SLOW: Conduct(receipts=(ACCEPTED, BUFFERED, Step(30.0, "delivered"))),
    Behaviour.LOSES_ANSWER: Conduct(connection="reset_after", receipts=_LATE),
    Behaviour.BARRED: Conduct(status="7"),
    Behaviour.RESETS: Conduct(connection="reset_before"),
    Behaviour.TRICKLES: Conduct(trickle=20.0),
    Behaviour.MALFORMED: Conduct(body="malformed", receipts=_LATE),
    Behaviour.EMPTY: Conduct(body="empty", receipts=_LATE),
    Behaviour.PARTIAL: Conduct(status="5", part=2),
    Behaviour.THROTTLES: Conduct(status="1", times=2),
    Behaviour.EXPIRES: Conduct(receipts=(ACCEPTED, BUFFERED, Step(5.0, "expired", "1"))),
    Behaviour.REJECTS: Conduct(receipts=(ACCEPTED, Step(0.6, "rejected", "6"))),
    Behaviour.UNKNOWN: Conduct(receipts=(ACCEPTED, Step(0.6, "unknown", "1"))),
    Behaviour.BUFFERS: Conduct(receipts=(ACCEPTED, BUFFERED)),
    Behaviour.SILENT: Conduct(dropped=True),
    Behaviour.DUPLICATES: Conduct(copies=3),
    Behaviour.REORDERS: Conduct(reordered=True),
    Behaviour.EARLY: Conduct(early=True),
    Behaviour.BADLY_SIGNED: Conduct(badly_signed=True),
    Behaviour.CONTRADICTS: Conduct(receipts=(*USUAL, Step(1.2, "failed", "8"))),
    Behaviour.STOPS: Conduct(reply=Reply(text="STOP")),
    Behaviour.LONG_REPLY: Conduct(reply=Reply(text=_LONG)),
    Behaviour.SHUFFLED_REPLY: Conduct(reply=Reply(text=_LONG, order="shuffled")),
    Behaviour.INCOMPLETE_REPLY: Conduct(reply=Reply(text=_LONG, missing=3)),
    Behaviour.UNICODE_REPLY: Conduct(reply=Reply(text="Dziękuję, 谢谢 🙂: {text}")),
    # A port of its own (TS 23.040 9.2.3.24.4) and four octets.
    Behaviour.BINARY_REPLY: Conduct(reply=Reply(data="CAFE0102", udh="06050440004000")),
}


def _conduct(magic: MagicRecipient) -> Conduct:
    match magic.behaviour:
        case Behaviour.STATUS:
            return Conduct(status=magic.code)
        case Behaviour.ERR_CODE:
            return Conduct(receipts=(ACCEPTED, Step(0.6, "failed", magic.code)))
        case Behaviour.HTTP:
            # A proxy that broke says nothing of what happened behind it.
            return Conduct(http=int(magic.code), taken=magic.code == "502", receipts=_LATE)
        case behaviour:
            return _CONDUCTS[behaviour]


CONDUCTS: Final = {magic.number: _conduct(magic) for magic in MAGIC_RECIPIENTS}
"""By number."""
