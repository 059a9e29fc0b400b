"""Inbound messages put together from their parts.

Called by the inbox, inside the transaction that applies a page. Parts belong together by the other party, our
number, the reference and the number of parts. A message is there from its first part on; what has not come is
shown as missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sms_desktop.gateway.webhooks import Concatenation
from sms_desktop.messages.ids import MessageId, ProfileId, new_id
from sms_desktop.messages.kinds import Kind
from sms_desktop.services import opt_outs
from sms_desktop.services.binary_inbound import BinaryPart, part_words, place_of, words
from sms_desktop.store import conversations, inbound, messages
from sms_desktop.store.database import Writing

WINDOW_US = 24 * 3_600 * 1_000_000
"""References have 8 bits and come again: parts further apart than the gateway's own retries are strangers."""

_ALONE = Concatenation(ref="", total=1, part=1)


@dataclass(frozen=True, slots=True)
class InboundPart:
    """A part as the gateway told it; `concatenation` is None where it does not say which part it is.

    `octets` are those of a binary part, which has no text.
    """

    gateway_id: str | None
    party: str
    own: str
    kind: Kind
    text: str
    concatenation: Concatenation | None
    octets: BinaryPart | None = None


def take(writing: Writing, profile: ProfileId, part: InboundPart, *, received_us: int) -> MessageId | None:
    """Take a part: it completes a message that waits for it, or begins one. None if it is here already."""
    db = writing.db
    place = part.concatenation or (place_of(part.octets) if part.octets else None) or _ALONE
    if part.gateway_id is not None and inbound.known(db, profile, part.gateway_id, place.part):
        return None
    group = inbound.Group(profile, part.party, part.own, place.ref, place.total)
    text = part.text if part.octets is None else part_words(part.octets, place.part, place.total)
    message = (
        inbound.unfinished(db, group, place.part, since_us=received_us - WINDOW_US)
        if place.total > 1
        else None
    )
    octets = None if part.octets is None else (part.octets.udh, part.octets.data)
    number, gateway_id = place.part, part.gateway_id
    if message is None:
        message = MessageId(new_id())
        conversation = conversations.ensure(db, profile, part.party)
        seq = messages.insert_inbound(
            db,
            message,
            conversation=conversation,
            profile=profile,
            kind=part.kind,
            text=text,
            own=part.own,
            parts_total=place.total,
            now_us=received_us,
        )
        conversations.touch(db, conversation, seq=seq, at_us=received_us, unread=1)
        if place.total > 1:
            inbound.begin(db, group, message, now_us=received_us)
        inbound.add_first(
            db, message, no=number, gateway_id=gateway_id, text=text, now_us=received_us, octets=octets
        )
    else:
        conversation = inbound.add(
            db, message, no=number, gateway_id=gateway_id, text=text, now_us=received_us, octets=octets
        )
    if part.octets is not None:
        there = {no: BinaryPart(*octets) for no, octets in inbound.octets(db, message).items()}
        said = words(there, place.total)
        inbound.say(db, message, said.body, said.content)
    writing.changed(conversation, message)
    if place.total == 1 and part.octets is None:
        opt_outs.notice(writing, part.party, message, part.text, at_us=received_us)
    return message
