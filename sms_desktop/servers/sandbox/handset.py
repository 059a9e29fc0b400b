"""The phone at the other end: what it reads of a message, and what it answers. Used by app and carrier."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.segments import Segmentation, segment
from sms_desktop.gateway.sandbox import Behaviour
from sms_desktop.messages.kinds import Kind
from sms_desktop.servers.sandbox.submission import Submission

_ECHO = "echo "


def parts_of(kind: Kind, text: str) -> Segmentation:
    """The parts that a message arrives in, in the encoding that its kind stands for."""
    return segment(text, encoding="gsm7" if kind is Kind.TEXT else "ucs2", reference_bits=8)


def reply_to(message: Submission) -> str | None:
    """What the phone answers to a message that reached it, or None."""
    read = message.text
    if message.kind is Kind.TEXT:
        read = gsm7.decode(gsm7.encode_with_question_marks(read))
    if read[: len(_ECHO)].lower() == _ECHO:
        return read[len(_ECHO) :].strip() or None
    return f"You said: {read}" if message.behaviour is Behaviour.ECHO else None


def inbound_fields(reply: str, *, phone: str, own: str, api_key: str) -> Iterator[dict[str, str]]:
    """The webhooks that bring a reply from `phone` to our sender or number `own`, one for each part of it.

    The time stamp is missing: it is the time of each try (SMS API 1.5.0, schema `InboundMessage`).
    """
    kind = Kind.TEXT if gsm7.is_encodable(reply) else Kind.UNICODE
    parts = parts_of(kind, reply).segments
    reference = str(secrets.randbelow(255) + 1)
    for part in parts:
        words = part.text.split(maxsplit=1)
        fields = {
            "msisdn": phone,
            "to": own,
            "messageId": new_message_id(),
            "text": part.text,
            "type": str(kind),
            "keyword": words[0].upper() if words else "",
            "api-key": api_key,
        }
        if len(parts) > 1:
            fields |= {
                "concat": "true",
                "concat-ref": reference,
                "concat-total": str(len(parts)),
                "concat-part": str(part.index),
            }
        yield fields


def new_message_id() -> str:
    """A new id of a part: 16 hexadecimal digits."""
    return secrets.token_hex(8).upper()
