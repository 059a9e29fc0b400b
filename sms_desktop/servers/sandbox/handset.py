"""The phone at the other end: what it reads of a message, what it writes, and its STOP. Used by carrier."""

from __future__ import annotations

import random
from collections import OrderedDict

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.encode import Part
from sms_desktop.encoding.segmentation import segment
from sms_desktop.gateway.sandbox_control import Reply
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Message, Text, Unicode
from sms_desktop.servers.sandbox.script import new_message_id

_ECHO = "echo "
_STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
_START_WORDS = frozenset({"START", "UNSTOP", "YES"})
_MOST_OPT_OUTS = 10_000


class OptOuts:
    """Which phones want nothing from which of our senders."""

    def __init__(self) -> None:
        self.pairs: OrderedDict[tuple[str, str], None] = OrderedDict()

    def hear(self, text: str, *, phone: str, own: str) -> None:
        """Take note of a STOP or START that a phone writes to `own`."""
        word = text.strip().upper()
        if word in _STOP_WORDS:
            self.pairs[phone, own] = None
            while len(self.pairs) > _MOST_OPT_OUTS:
                self.pairs.popitem(last=False)
        elif word in _START_WORDS:
            self.pairs.pop((phone, own), None)

    def holds(self, *, phone: str, own: str) -> bool:
        """Whether the phone wants nothing from `own`."""
        return (phone, own) in self.pairs


def read(content: Message, parts: tuple[Part, ...]) -> str:
    """What the phone shows of a message; of octets, hexadecimal digits."""
    match content:
        case Text(text):
            return gsm7.decode(gsm7.encode_with_question_marks(text))
        case Unicode(text):
            return text
        case _:
            return "".join(part.user_data.hex().upper() for part in parts)


def answer_to(content: Message, parts: tuple[Part, ...], own_answer: Reply | None) -> Reply | None:
    """What the phone answers to a message that reached it: what it was told to, or an echo, or nothing."""
    if own_answer is not None and "{text}" not in own_answer.text:
        return own_answer
    is_echo = isinstance(content, Text | Unicode) and content.text[: len(_ECHO)].lower() == _ECHO
    if own_answer is None and not is_echo:
        return None
    shown = read(content, parts)
    if is_echo or own_answer is None:
        echoed = shown[len(_ECHO) :].strip()
        return Reply(text=echoed) if echoed else None
    return Reply(
        text=own_answer.text.replace("{text}", shown),
        after=own_answer.after,
        order=own_answer.order,
        missing=own_answer.missing,
        concat=own_answer.concat,
    )


def inbound_fields(
    reply: Reply, *, phone: str, own: str, api_key: str, chance: random.Random
) -> list[dict[str, str]]:
    """The webhooks that bring what `phone` writes to `own`, one for each part, in the order that they come.

    The time stamp is missing: it is the time of each try (SMS API 1.5.0, schema `InboundMessage`). Raises
    Mendable for nothing, and for more than 255 parts.
    """
    common = {"msisdn": phone, "to": own}
    if reply.data or reply.udh:
        content = {"type": str(Kind.BINARY), "data": reply.data.upper(), "udh": reply.udh.upper()}
        return [{**common, "messageId": new_message_id(chance), **content, "api-key": api_key}]
    if not reply.text:
        raise Mendable("A reply needs a text, or octets.", field="text")
    kind = Kind.TEXT if gsm7.is_encodable(reply.text) else Kind.UNICODE
    segments = segment(
        reply.text, encoding="gsm7" if kind is Kind.TEXT else "ucs2", reference_bits=8
    ).segments
    reference = str(chance.randrange(1, 256))
    webhooks = []
    for part in segments:
        words = part.text.split(maxsplit=1)
        fields = {
            **common,
            "messageId": new_message_id(chance),
            "text": part.text,
            "type": str(kind),
            "keyword": words[0].upper() if words else "",
            "api-key": api_key,
        }
        if len(segments) > 1 and reply.concat:
            fields |= {
                "concat": "true",
                "concat-ref": reference,
                "concat-total": str(len(segments)),
                "concat-part": str(part.index),
            }
        webhooks.append(fields)
    return _in_order(webhooks, reply, chance)


def _in_order(webhooks: list[dict[str, str]], reply: Reply, chance: random.Random) -> list[dict[str, str]]:
    if reply.missing is not None and len(webhooks) > 1:
        webhooks = [*webhooks[: reply.missing - 1], *webhooks[reply.missing :]]
    if reply.order == "reversed":
        webhooks.reverse()
    elif reply.order == "shuffled":
        in_order = list(webhooks)
        while len(webhooks) > 1 and webhooks == in_order:
            chance.shuffle(webhooks)
    return webhooks
