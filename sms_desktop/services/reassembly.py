"""Inbound messages put together from their parts.

Called by the inbox, inside the transaction that applies a page, with all its parts: what is known of them is
looked up once, they are put together in memory, and what came of it is written once. Parts belong together by
the other party, our number, the reference and the number of parts. A message is there from its first part on;
what has not come is shown as missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import apsw

from sms_desktop.gateway.webhooks import Concatenation
from sms_desktop.messages.ids import ConversationId, MessageId, ProfileId, new_id
from sms_desktop.messages.kinds import Kind
from sms_desktop.services import opt_outs
from sms_desktop.services.binary_inbound import BinaryPart, part_words, place_of, words
from sms_desktop.store import conversations, inbound, messages
from sms_desktop.store.conversations import News
from sms_desktop.store.database import Writing
from sms_desktop.store.inbound import Group, Growing, Part
from sms_desktop.store.messages import NewInbound

WINDOW_US = 24 * 3_600 * 1_000_000
"""References have 8 bits and come again: parts further apart than the gateway's own retries are strangers."""

_ALONE = Concatenation(ref="", total=1, part=1)


class InboundPart(NamedTuple):
    """A part as the gateway told it; `concatenation` is None where it does not say which part it is.

    `received_us` is when the relay took it in (UTC, microseconds); `octets` are those of a binary part, which
    has no text.
    """

    gateway_id: str | None
    party: str
    own: str
    kind: Kind
    text: str
    concatenation: Concatenation | None
    received_us: int
    octets: BinaryPart | None = None

    @property
    def place(self) -> Concatenation:
        """Which part it is: as the gateway says, or by its own header, or the only one."""
        return self.concatenation or (place_of(self.octets) if self.octets else None) or _ALONE


def take(writing: Writing, profile: ProfileId, parts: Sequence[InboundPart]) -> None:
    """Take parts in the order in which they came.

    Each completes a message that waits for it, or begins one; one that is here already changes nothing.
    """
    if not parts:
        return
    placed = [(part, part.place) for part in parts]
    page = _Assembly(writing.db, profile, placed)
    for part, place in placed:
        page.take(part, place)
    page.keep(writing)


class _Assembly:
    """The messages that the parts of a page begin or complete, in memory until all parts are taken."""

    def __init__(
        self, db: apsw.Connection, profile: ProfileId, placed: Sequence[tuple[InboundPart, Concatenation]]
    ) -> None:
        self._profile = profile
        self._known = inbound.known(
            db, profile, {part.gateway_id for part, _ in placed if part.gateway_id is not None}
        )
        self._waiting: dict[Group, list[Growing]] = {}
        self._begun: list[Growing] = []
        self._grown: dict[MessageId, Growing] = {}
        self._new_parts: list[tuple[MessageId, Part]] = []
        self._replies: list[tuple[Growing, str]] = []
        groups = {self._group(part, place) for part, place in placed if place.total > 1}
        if groups:
            since_us = min(part.received_us for part, _ in placed) - WINDOW_US
            for message in inbound.unfinished(db, groups, since_us=since_us):
                self._waiting.setdefault(message.group, []).append(message)

    def _group(self, part: InboundPart, place: Concatenation) -> Group:
        return Group(self._profile, part.party, part.own, place.ref, place.total)

    def take(self, part: InboundPart, place: Concatenation) -> None:
        """Put a part to its message, unless it is here already."""
        if part.gateway_id is not None:
            if (part.gateway_id, place.part) in self._known:
                return
            self._known.add((part.gateway_id, place.part))
        group = self._group(part, place)
        message = self._that_misses(group, place.part, part.received_us - WINDOW_US)
        if message is None:
            message = self._begin(group, part)
        elif message.conversation is not None:
            self._grown[message.id] = message
        self._add(message, place, part)

    def _that_misses(self, group: Group, no: int, since_us: int) -> Growing | None:
        """The youngest message of a group, begun at or after `since_us`, that misses part `no`, or None."""
        missing = [
            message
            for message in reversed(self._waiting.get(group, ()))
            if message.began_us >= since_us and not message.is_whole and no not in message.parts
        ]
        return max(missing, key=lambda message: message.began_us, default=None)

    def _begin(self, group: Group, part: InboundPart) -> Growing:
        message = Growing(MessageId(new_id()), group, part.kind, part.received_us)
        self._begun.append(message)
        if group.total > 1:
            self._waiting.setdefault(group, []).append(message)
        elif part.octets is None:
            self._replies.append((message, part.text))
        return message

    def _add(self, message: Growing, place: Concatenation, part: InboundPart) -> None:
        if part.octets is None:
            new = Part(place.part, part.gateway_id, part.text, part.received_us)
        else:
            text, octets = part_words(part.octets, place.part, place.total), part.octets
            new = Part(place.part, part.gateway_id, text, part.received_us, (octets.udh, octets.data))
        message.add(new)
        self._new_parts.append((message.id, new))
        # A binary part of a text stands in it in words, as what follows from the parts says.
        if part.octets is not None and message.kind is Kind.BINARY:
            there = {no: BinaryPart(*(each.octets or ("", ""))) for no, each in message.parts.items()}
            said = words(there, place.total)
            message.body, message.content = said.body, said.content

    def keep(self, writing: Writing) -> None:
        """Write what came of it."""
        db = writing.db
        if self._begun:
            self._keep_begun(db)
        inbound.add(db, self._new_parts)
        inbound.grow(db, self._grown.values())
        for message in (*self._begun, *self._grown.values()):
            assert message.conversation is not None
            writing.changed(message.conversation, message.id)
        for message, text in self._replies:
            opt_outs.notice(writing, message.group.party, message.id, text, at_us=message.began_us)

    def _keep_begun(self, db: apsw.Connection) -> None:
        parties = conversations.ensure_all(db, self._profile, (each.group.party for each in self._begun))
        for message in self._begun:
            message.conversation = parties[message.group.party]
        seq = messages.insert_inbound(db, map(_new_row, self._begun))
        news: dict[ConversationId, News] = {}
        for at, message in enumerate(self._begun, start=seq):
            conversation = parties[message.group.party]
            known = news.get(conversation)
            latest = message.began_us if known is None else max(known.at_us, message.began_us)
            news[conversation] = News(conversation, at, latest, 1 if known is None else known.unread + 1)
        conversations.touch(db, news.values())
        inbound.begin(db, (each for each in self._begun if not each.is_whole))


def _new_row(message: Growing) -> NewInbound:
    assert message.conversation is not None
    return NewInbound(
        message.id,
        message.conversation,
        message.group.profile,
        message.kind,
        message.body,
        message.group.own,
        message.group.total,
        message.began_us,
        message.content,
    )
