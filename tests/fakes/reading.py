"""A profile of any size, made up row by row as it is read: what models and the timeline are tried against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.ids import ConversationId, MessageId, ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.options import Options
from sms_desktop.messages.states import State
from sms_desktop.store.contacts import Contact
from sms_desktop.store.conversations import ConversationRow
from sms_desktop.store.drafts import Former
from sms_desktop.store.messages import MessageRow, PartRow
from sms_desktop.store.opt_outs import OptOut, Suggestion
from sms_desktop.store.search import Query

T = TypeVar("T")

NEWEST_US = 1_800_000_000_000_000
PROFILE = ProfileId("sandbox")


def conversation_row(
    number: int, *, last_us: int | None = None, unread: int = 0, text: str = ""
) -> ConversationRow:
    """Conversation `number`; the higher the number, the older."""
    return ConversationRow(
        id=ConversationId(number),
        profile=PROFILE,
        party=str(31_600_100_000 + number),
        last_us=NEWEST_US - number * 60_000_000 if last_us is None else last_us,
        unread=unread,
        inbound=bool(unread),
        kind=Kind.TEXT,
        last_text=text or f"Last line of {number}",
        state=State.RECEIVED if unread else State.DELIVERED,
        draft=None,
    )


def message_row(
    seq: int,
    *,
    inbound: bool = False,
    text: str | None = None,
    state: State | None = None,
    parts: tuple[PartRow, ...] = (),
    parts_total: int = 1,
    reason: str | None = None,
    next_try_us: int | None = None,
    created_us: int | None = None,
) -> MessageRow:
    """Message `seq` of a conversation, one a minute."""
    row_state = state if state is not None else (State.RECEIVED if inbound else State.DELIVERED)
    return MessageRow(
        seq=seq,
        id=MessageId(f"M{seq:025}"),
        conversation=ConversationId(1),
        profile=PROFILE,
        party="31600000001",
        inbound=inbound,
        kind=Kind.TEXT,
        text=f"Message {seq}" if text is None else text,
        own="Sandbox",
        state=row_state,
        created_us=NEWEST_US + seq * 60_000_000 if created_us is None else created_us,
        parts=parts or (() if inbound else (PartRow(1, row_state),)),
        parts_total=parts_total,
        reason=reason,
        next_try_us=next_try_us,
        deadline_us=None,
        options=Options(),
    )


@dataclass
class MadeUpReading:
    """`count` conversations, and one of them with messages 1 to `last`.

    `largest_page` is the longest answer given.
    """

    count: int = 0
    last: int = 0
    unread_every: int = 0
    handsets_used: set[str] = field(default_factory=set)
    changed_conversations: dict[int, ConversationRow] = field(default_factory=dict)
    changed_messages: dict[int, MessageRow] = field(default_factory=dict)
    largest_page: int = 0
    reads: int = 0

    def conversations(
        self, *, limit: int, before: tuple[int, int] | None = None, unread_only: bool = False
    ) -> tuple[ConversationRow, ...]:
        rows = sorted(self._conversations(), key=lambda row: (row.last_us, row.id), reverse=True)
        wanted = (row for row in rows if before is None or (row.last_us, row.id) < before)
        found = [row for row in wanted if row.unread or not unread_only]
        return self._page(found[:limit])

    def conversations_by_id(self, ids: Iterable[ConversationId]) -> tuple[ConversationRow, ...]:
        wanted = set(ids)
        return tuple(row for row in self._conversations() if row.id in wanted)

    def unread(self) -> int:
        return sum(1 for row in self._conversations() if row.unread)

    def find(self, party: str) -> ConversationId | None:
        if party in self.handsets_used or (party == "31600000001" and self.last):
            return ConversationId(1)
        return next((row.id for row in self._conversations() if row.party == party), None)

    def messages(
        self, conversation: ConversationId, *, limit: int, before: int | None = None, after: int | None = None
    ) -> tuple[MessageRow, ...]:
        if after is not None:
            numbers = range(after + 1, min(self.last, after + limit) + 1)
        else:
            end = self.last if before is None else before - 1
            numbers = range(max(1, end - limit + 1), end + 1)
        return self._page([self.message(seq) for seq in numbers])

    def messages_by_id(self, ids: Iterable[MessageId]) -> tuple[MessageRow, ...]:
        return tuple(self.message(int(one[1:])) for one in sorted(ids))

    def drafts(self, party: str) -> tuple[Draft, ...]:
        return ()

    def former_drafts(self, party: str, kind: Kind) -> tuple[Former, ...]:
        return ()

    def opt_out(self, party: str) -> tuple[OptOut | None, Suggestion | None]:
        return None, None

    def names(self, numbers: Iterable[str]) -> dict[str, str]:
        return {}

    def search(self, query: Query, *, limit: int, before: int | None = None) -> tuple[MessageRow, ...]:
        return ()

    def message(self, seq: int) -> MessageRow:
        """Message `seq` as it is now."""
        return self.changed_messages.get(seq) or message_row(seq, inbound=seq % 3 == 0)

    def change(self, seq: int, state: State) -> MessageId:
        """A message gets another state; returns its id."""
        row = replace(self.message(seq), state=state)
        self.changed_messages[seq] = row
        return row.id

    def _conversations(self) -> list[ConversationRow]:
        return [
            self.changed_conversations.get(number)
            or conversation_row(
                number, unread=1 if self.unread_every and number % self.unread_every == 0 else 0
            )
            for number in range(1, self.count + 1)
        ]

    def _page(self, rows: list[T]) -> tuple[T, ...]:
        self.reads += 1
        self.largest_page = max(self.largest_page, len(rows))
        return tuple(rows)

    def contacts(self) -> tuple[Contact, ...]:
        """None."""
        return ()
