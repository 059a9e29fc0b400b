"""Short ways to press the store's and the outbox's real buttons, for tests that are about what follows."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from sms_desktop.messages.ids import ComposeId, ConversationId, MessageId, new_id
from sms_desktop.messages.message import Text
from sms_desktop.messages.options import Options
from sms_desktop.messages.states import State
from sms_desktop.services.outbox import Compose, Outbox
from sms_desktop.settings.profiles import SANDBOX, Profile
from sms_desktop.store import conversations, messages
from sms_desktop.store.database import Store
from sms_desktop.store.messages import MessageRow

PHONE = "31612345678"


class Clock:
    """A clock that stands still until it is moved: UTC in microseconds."""

    def __init__(self, us: int = 1_800_000_000_000_000) -> None:
        self.us = us

    def __call__(self) -> int:
        return self.us

    def pass_seconds(self, seconds: float) -> None:
        """Let time pass."""
        self.us += round(seconds * 1_000_000)


def compose(
    text: str = "Hello",
    *,
    to: str = PHONE,
    profile: Profile = SANDBOX,
    compose_id: str | None = None,
    options: Options | None = None,
) -> Compose:
    """A text that a person wants to send."""
    return Compose(
        ComposeId(compose_id or new_id()), profile, to, "Helpdesk", Text(text), options or Options()
    )


def send(
    store: Store,
    text: str = "Hello",
    *,
    to: str = PHONE,
    profile: Profile = SANDBOX,
    clock: Callable[[], int] | None = None,
    options: Options | None = None,
) -> MessageId:
    """Press Send."""
    outbox = Outbox(store) if clock is None else Outbox(store, clock=clock)
    return outbox.send(compose(text, to=to, profile=profile, options=options))


def row_of(store: Store, message: MessageId) -> MessageRow:
    """A message as its bubble shows it."""
    with store.read() as db:
        return messages.by_ids(db, [message])[0]


def state_of(store: Store, message: MessageId) -> State:
    """The state that is kept for a message."""
    return row_of(store, message).state


def rows_with(store: Store, party: str = PHONE, profile: Profile = SANDBOX) -> tuple[MessageRow, ...]:
    """The newest hundred messages of a conversation; none if there is no such conversation."""
    with store.read() as db:
        found = conversations.find(db, profile.id, party)
        return () if found is None else messages.page(db, found, limit=100)


def conversation_with(store: Store, party: str = PHONE, profile: Profile = SANDBOX) -> ConversationId:
    """The conversation with a party, which must exist."""
    with store.read() as db:
        found = conversations.find(db, profile.id, party)
    assert found is not None
    return found


def count(store: Store, table: str) -> int:
    """How many rows a table has."""
    with store.read() as db:
        return int(next(db.execute(f"SELECT count(*) FROM {table}"))[0])


def fill(store: Store, party: str, number: int, *, profile: Profile = SANDBOX) -> ConversationId:
    """A conversation of `number` delivered messages, each with a part and a receipt, put there in bulk."""
    with store.write() as writing:
        db = writing.db
        conversation = conversations.ensure(db, profile.id, party)
        first = int(next(db.execute("SELECT coalesce(max(seq), 0) + 1 FROM message"))[0])
        span = (first, first + number - 1)
        for table in _BULK:
            db.execute(table, {"first": span[0], "last": span[1], "c": conversation, "p": profile.id})
        conversations.touch(db, [conversations.News(conversation, span[1], span[1], unread=0)])
        writing.changed(conversation)
    return conversation


_SERIES = "WITH RECURSIVE n(i) AS (VALUES (:first) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
_BULK = tuple(
    f"{_SERIES} {statement}"
    for statement in (
        """
        INSERT INTO message (seq, id, conversation_id, profile, direction, kind, body, own, options, state,
                             created_us, parts_total)
        SELECT i, 'M' || i, :c, :p, 'out', 'text', 'Message ' || i, 'Helpdesk', '{}', 'delivered', i, 1 FROM n
        """,
        "INSERT INTO request (id, message_id, no) SELECT i, 'M' || i, 1 FROM n",
        """
        INSERT INTO attempt (id, request_id, no, client_ref, outcome, started_us, request)
        SELECT i, i, 1, 'ref' || i, 'answered', i, '{}' FROM n
        """,
        "INSERT INTO part (attempt_id, idx, gateway_id, status) SELECT i, 1, 'G' || i, '0' FROM n",
        """
        INSERT INTO receipt (profile, gateway_id, party, word, err_code, scts, client_ref, received_us,
                             foreign_account)
        SELECT :p, 'G' || i, '31612345678', 'delivered', '0', '2601011200', 'ref' || i, i, 0 FROM n
        """,
    )
)


def numbers(prefix: str = "3161") -> Callable[[], str]:
    """Phone numbers, each one once."""
    counter = itertools.count(1)
    return lambda: f"{prefix}{next(counter):07}"
