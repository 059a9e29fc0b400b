"""What the window and the sender ask costs the same in a large store as in a small one.

Counted in steps of SQLite's virtual machine and read from its query plans, never measured by a clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

import apsw
import pytest

from sms_desktop.messages.ids import AttemptId, ComposeId, ConversationId, MessageId, ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.states import State
from sms_desktop.store import attempts, conversations, drafts, inbound, messages, receipts, waiting
from sms_desktop.store.database import Store
from tests.fakes.hands import PHONE, conversation_with, fill, numbers, send

_PROFILE = ProfileId("sandbox")
_SMALL, _LARGE = 300, 20_000
_GROUP = inbound.Group(_PROFILE, "31600000001", "Helpdesk", "7", 3)

_READS: dict[str, Callable[[apsw.Connection, ConversationId], object]] = {
    "newest conversations": lambda db, _: conversations.page(db, _PROFILE, limit=50),
    "older conversations": lambda db, _: conversations.page(db, _PROFILE, limit=50, before=(2**50, 7)),
    "unread conversations": lambda db, _: conversations.page(db, _PROFILE, limit=50, unread_only=True),
    "a conversation": lambda db, conversation: conversations.by_id(db, conversation),
    "a party's conversation": lambda db, _: conversations.find(db, _PROFILE, PHONE),
    "how many are unread": lambda db, _: conversations.unread(db, _PROFILE),
    "newest messages": lambda db, conversation: messages.page(db, conversation, limit=50),
    "older messages": lambda db, conversation: messages.page(db, conversation, limit=50, before=100),
    "newer messages": lambda db, conversation: messages.page(db, conversation, limit=50, after=100),
    "messages by id": lambda db, _: messages.by_ids(db, [MessageId("M1"), MessageId("M250")]),
    "a press of send": lambda db, _: messages.by_compose_id(db, ComposeId("C1")),
    "the next to send": lambda db, _: waiting.next_waiting(db, _PROFILE, now_us=2**60),
    "when the next is due": lambda db, _: waiting.next_waiting(db, _PROFILE, now_us=0),
    "how many wait": lambda db, _: waiting.count(db, _PROFILE),
    "attempts left open": lambda db, _: attempts.left_open(db, _PROFILE),
    "a message by the gateway's id": lambda db, _: attempts.messages_of_parts(db, _PROFILE, ["G250"]),
    "references that are in doubt": lambda db, _: attempts.unsettled(db, ["ref250", "G250"]),
    "what is settled": lambda db, _: attempts.to_be_settled(db, _PROFILE, "ref250", PHONE),
    "a part that came before": lambda db, _: inbound.known(db, _PROFILE, ["G250"]),
    "a message that misses a part": lambda db, _: inbound.unfinished(db, [_GROUP], since_us=0),
    "a draft": lambda db, _: drafts.every(db, _PROFILE, PHONE),
}
_WRITES: dict[str, Callable[[apsw.Connection, ConversationId], object]] = {
    "tries at once": lambda db, _: waiting.hasten(db, _PROFILE, now_us=0),
    "receipts that settle": lambda db, _: receipts.settle(db, _PROFILE, AttemptId(250), "ref250", PHONE),
    "a state": lambda db, _: attempts.project(db, MessageId("M250")),
    "news": lambda db, conversation: conversations.touch(db, [conversations.News(conversation, 1, 1, 1)]),
    "parties": lambda db, _: conversations.ensure_all(db, _PROFILE, ["32250", "32251"]),
    "read marks": lambda db, conversation: conversations.mark_read(db, conversation),
}


def _fill(store: Store, number: int) -> ConversationId:
    """One conversation of `number` messages, as many conversations of one, and a few that wait."""
    conversation = fill(store, PHONE, number)
    next_number = numbers()
    with store.write() as writing:
        writing.db.execute(
            """
            WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
            INSERT INTO conversation (profile, party, last_us, last_seq, unread)
            SELECT ?, '32' || i, i, i, i <= 60 FROM n
            """,
            (number, _PROFILE),
        )
    for to in (PHONE, *(next_number() for _ in range(5))):
        send(store, to=to)
    return conversation


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    folder = tmp_path_factory.mktemp("stores")
    made = Store(folder / "small.db"), Store(folder / "large.db")
    for store, number in zip(made, (_SMALL, _LARGE), strict=True):
        _fill(store, number)
    yield made
    for store in made:
        store.close()


def _steps(db: apsw.Connection, work: Callable[[], object]) -> int:
    """How many steps of SQLite's virtual machine `work` takes, to the next ten."""
    counted = 0

    def count() -> bool:
        nonlocal counted
        counted += 10
        return False

    db.set_progress_handler(count, 10)
    try:
        work()
    finally:
        db.set_progress_handler(None)
    return counted


def _plan(db: apsw.Connection, work: Callable[[], object]) -> list[str]:
    """What SQLite does for each statement of `work`."""
    statements: list[str] = []
    db.trace_v2(apsw.SQLITE_TRACE_STMT, lambda event: statements.append(event["sql"]))
    try:
        work()
    finally:
        db.trace_v2(0)
    plan = []
    for statement in dict.fromkeys(statements):
        bindings = [None] * max(statement.count("?"), 1)
        for used in range(len(bindings), -1, -1):
            try:
                rows = db.execute(f"EXPLAIN QUERY PLAN {statement}", bindings[:used]).fetchall()
            except apsw.BindingsError:
                continue
            plan += [str(row[3]) for row in rows]
            break
    assert plan
    return plan


# Indexes that hold only what waits, is under way or is unread; everything else must be looked up by its key.
_PARTIAL = ("message_waiting", "conversation_unread", "attempt_open", "json_each", "queue_pause")


def _reads_everything(step: str) -> bool:
    by_profile_alone = re.search(r"\(profile=\?\)$", step)
    scans = step.startswith("SCAN ") and not step.startswith("SCAN CONSTANT ROW")
    return bool(scans or by_profile_alone) and not any(name in step for name in _PARTIAL)


@pytest.mark.parametrize("name", _READS)
def test_reading_uses_an_index(stores: tuple[Store, Store], name: str) -> None:
    large = stores[1]
    conversation = conversation_with(large)
    with large.read() as db:
        plan = _plan(db, lambda: _READS[name](db, conversation))
    assert [step for step in plan if _reads_everything(step)] == []


@pytest.mark.parametrize("name", _WRITES)
def test_writing_uses_an_index(stores: tuple[Store, Store], name: str) -> None:
    large = stores[1]
    conversation = conversation_with(large)
    with large.write() as writing:
        plan = _plan(writing.db, lambda: _WRITES[name](writing.db, conversation))
    assert [step for step in plan if _reads_everything(step)] == []


def _steps_in(store: Store, work: Callable[[apsw.Connection, ConversationId], object]) -> int:
    conversation = conversation_with(store)
    with store.write() as writing:
        return _steps(writing.db, lambda: work(writing.db, conversation))


@pytest.mark.parametrize("name", [*_READS, *_WRITES])
def test_work_does_not_grow_with_the_store(stores: tuple[Store, Store], name: str) -> None:
    small, large = (_steps_in(store, (_READS | _WRITES)[name]) for store in stores)
    assert large <= small * 1.2 + 50


def test_a_page_is_found_in_the_order_of_its_index(stores: tuple[Store, Store]) -> None:
    large = stores[1]
    with large.read() as db:
        for sql in (conversations._PAGE, conversations._UNREAD_PAGE, messages._OLDER, messages._NEWER):
            rows = db.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?")).fetchall()
            of_the_page = [str(row[3]) for row in rows if row[1] == 0]
            assert not any("TEMP B-TREE" in step for step in of_the_page), of_the_page


def test_keeping_a_receipt_costs_the_same_in_a_large_store(stores: tuple[Store, Store]) -> None:
    receipt = receipts.NewReceipt("G250", PHONE, "failed", "2", "2601011300", None, None, "ref250", False, 1)
    steps = []
    for store in stores:
        with store.write() as writing:
            steps.append(_steps(writing.db, partial(receipts.keep, writing, _PROFILE, [receipt])))
            assert attempts.state(writing.db, MessageId("M250")) is State.FAILED
    assert steps[1] <= steps[0] * 1.2 + 50


def test_a_kind_of_draft_is_found_by_its_key(stores: tuple[Store, Store]) -> None:
    with stores[1].read() as db:
        plan = _plan(db, lambda: drafts.load(db, _PROFILE, PHONE, Kind.TEXT))
    assert plan == ["SEARCH draft USING PRIMARY KEY (profile=? AND party=? AND kind=?)"]
