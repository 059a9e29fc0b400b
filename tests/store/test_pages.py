"""Pages of messages and conversations: every one once, in order, in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.ids import GatewayMessageId, MessageId, ProfileId, RequestId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.options import Options
from sms_desktop.messages.outcomes import Outcome
from sms_desktop.messages.states import State
from sms_desktop.services.outbox import Outbox
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store import attempts, conversations, drafts, messages, receipts
from sms_desktop.store.attempts import NewPart
from sms_desktop.store.conversations import ConversationRow
from sms_desktop.store.database import Store
from sms_desktop.store.messages import MessageRow, PartRow
from tests.fakes.hands import PHONE, Clock, conversation_with, fill, row_of, send

_PROFILE = SANDBOX.id


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    yield store
    store.close()


def test_paging_back_and_forth_shows_every_message_once_and_in_order(store: Store) -> None:
    conversation = fill(store, PHONE, 100)
    fill(store, "31687654321", 30)
    with store.read() as db:
        page = messages.page(db, conversation, limit=30)
        back: list[MessageRow] = []
        while page:
            back = [*page, *back]
            page = messages.page(db, conversation, limit=30, before=page[0].seq)
        assert [row.id for row in back] == [f"M{number}" for number in range(1, 101)]

        page = messages.page(db, conversation, limit=30, after=0)
        forth: list[MessageRow] = []
        while page:
            forth += page
            page = messages.page(db, conversation, limit=30, after=page[-1].seq)
        assert forth == back


def test_a_hundred_thousand_messages_page_as_a_hundred_do(store: Store) -> None:
    conversation = fill(store, PHONE, 100_000)
    with store.read() as db:
        newest = messages.page(db, conversation, limit=50)
        middle = messages.page(db, conversation, limit=50, before=50_001)
        oldest = messages.page(db, conversation, limit=50, after=0)
        row = conversations.by_id(db, conversation)
    assert [newest[0].id, newest[-1].id] == ["M99951", "M100000"]
    assert [middle[0].id, middle[-1].id] == ["M49951", "M50000"]
    assert [oldest[0].id, oldest[-1].id] == ["M1", "M50"]
    assert all(len(page) == 50 for page in (newest, middle, oldest))
    assert {part.state for each in newest for part in each.parts} == {State.DELIVERED}
    assert row is not None
    assert row.last_text == "Message 100000"


def test_an_empty_page_is_an_empty_page(store: Store) -> None:
    send(store)
    conversation = conversation_with(store)
    with store.read() as db:
        assert messages.page(db, conversation, limit=10, before=1) == ()
        assert messages.page(db, conversation, limit=10, after=1) == ()
        assert messages.by_ids(db, []) == ()
        assert messages.by_ids(db, [MessageId("none")]) == ()
        assert conversations.page(db, ProfileId("another"), limit=10) == ()
        assert conversations.find(db, _PROFILE, "31600000009") is None


def _pages(store: Store, limit: int, *, unread_only: bool = False) -> list[ConversationRow]:
    found: list[ConversationRow] = []
    with store.read() as db:
        before = None
        while page := conversations.page(db, _PROFILE, limit=limit, before=before, unread_only=unread_only):
            found += page
            before = (page[-1].last_us, page[-1].id)
    return found


def test_conversations_come_newest_first_and_once_also_when_times_are_equal(store: Store) -> None:
    clock = Clock()
    for number in range(25):
        if number % 5 == 0:
            clock.pass_seconds(1)
        send(store, f"to {number}", to=f"316000000{number:02}", clock=clock)
    rows = _pages(store, 7)
    assert [row.party for row in rows] == [f"316000000{number:02}" for number in reversed(range(25))]
    assert len(set(rows)) == 25


def test_a_conversation_shows_its_last_message_and_moves_to_the_top(store: Store) -> None:
    clock = Clock()
    send(store, "first", to="31600000001", clock=clock)
    clock.pass_seconds(1)
    send(store, "second", to="31600000002", clock=clock)
    clock.pass_seconds(1)
    send(store, "third " + "x" * 300, to="31600000001", clock=clock)
    first, second = _pages(store, 10)
    assert (first.party, second.party) == ("31600000001", "31600000002")
    assert first.last_text == ("third " + "x" * 300)[:200]
    assert not first.inbound
    assert first.state is State.QUEUED
    assert first.last_us == clock.us


def test_another_profiles_conversation_with_the_same_number_is_another(store: Store) -> None:
    send(store, "sandbox")
    with store.write() as writing:
        other = conversations.ensure(writing.db, ProfileId("live"), PHONE)
        assert other != conversations.ensure(writing.db, _PROFILE, PHONE)
    assert [row.last_text for row in _pages(store, 10)] == ["sandbox"]


def _receive(store: Store, text: str, party: str = PHONE, *, parts_total: int = 1) -> MessageId:
    message = MessageId(f"in-{text}")
    with store.write() as writing:
        conversation = conversations.ensure(writing.db, _PROFILE, party)
        new = messages.NewInbound(
            message, conversation, _PROFILE, Kind.TEXT, text, "Helpdesk", parts_total, 5
        )
        seq = messages.insert_inbound(writing.db, [new])
        conversations.touch(writing.db, [conversations.News(conversation, seq, 5, unread=1)])
    return message


def test_unread_conversations_page_like_the_others_and_reading_takes_them_out(store: Store) -> None:
    for number in range(12):
        _receive(store, f"from {number}", f"316000000{number:02}")
        if number % 2:
            send(store, to=f"316000000{number:02}")
    _receive(store, "again", "31600000000")
    assert len(_pages(store, 5, unread_only=True)) == 12
    with store.read() as db:
        assert conversations.unread(db, _PROFILE) == 12
    row = next(row for row in _pages(store, 50) if row.party == "31600000000")
    assert row.unread == 2
    assert row.inbound
    assert row.state is State.RECEIVED
    with store.write() as writing:
        assert conversations.mark_read(writing.db, row.id)
        assert not conversations.mark_read(writing.db, row.id)
    assert len(_pages(store, 5, unread_only=True)) == 11


def test_a_parts_evidence_stands_in_its_row(store: Store) -> None:
    message = send(store, "x" * 200)
    with store.write() as writing:
        request = RequestId(next(writing.db.execute("SELECT id FROM request"))[0])
        attempt = attempts.open_attempt(writing.db, request, client_ref="ref", exact={"a": "é"}, now_us=1)
        parts = [
            NewPart("0", GatewayMessageId("G1"), None, "0.0333", "1.10", "20408"),
            NewPart("7", None, "Number barred."),
        ]
        attempts.close_attempt(
            writing.db,
            attempt,
            outcome=Outcome.ANSWERED,
            phase="answered",
            http_status=200,
            response="{}",
            reason=None,
            parts=parts,
            now_us=2,
        )
        receipt = receipts.NewReceipt(
            "G1", PHONE, "failed", "2", "2601011300", "0.03", "20404", None, False, 3
        )
        receipts.keep(writing, _PROFILE, [receipt])
    row = row_of(store, message)
    assert row.state is State.REFUSED
    assert row.parts == (
        PartRow(
            1,
            State.FAILED,
            gateway_id=GatewayMessageId("G1"),
            status="0",
            price="0.0333",
            network="20408",
            word="failed",
            err_code="2",
            scts="2601011300",
        ),
        PartRow(2, State.REFUSED, status="7", error_text="Number barred."),
    )
    assert row.parts_total == 2


def test_a_message_that_was_never_tried_knows_how_many_parts_it_will_have(store: Store) -> None:
    row = row_of(store, send(store, "x" * 400))
    assert row.parts == ()
    assert row.parts_total == 3
    assert row.state is State.QUEUED


def test_options_come_back_as_they_were(store: Store) -> None:
    options = Options(ttl=20_000, callback="https://example.com/", client_ref="ref é", status_report=False)
    assert row_of(store, send(store, options=options)).options == options


def test_a_missing_inbound_part_has_its_place(store: Store) -> None:
    message = _receive(store, "", parts_total=3)
    row = row_of(store, message)
    assert [(part.index, part.text) for part in row.parts] == [(1, None), (2, None), (3, None)]
    assert row.inbound


@pytest.mark.parametrize(
    "typed",
    [
        "Hello",
        "half a pair \ud83d and more \udc00",
        "null \x00 inside",
        "\x00",
        "\ufeff\u2028\u202e",
        "😀" * 3_000,
        "\r\n\r\n",
        "x" * 100_000,
    ],
)
def test_whatever_was_typed_is_kept_as_a_draft(store: Store, typed: str) -> None:
    Outbox(store).save_draft(_PROFILE, PHONE, Draft(Kind.TEXT, typed))
    with store.read() as db:
        assert drafts.load(db, _PROFILE, PHONE, Kind.TEXT) == Draft(Kind.TEXT, typed)
        assert drafts.every(db, _PROFILE, PHONE) == (Draft(Kind.TEXT, typed),)
    send(store, to=PHONE)
    Outbox(store).save_draft(_PROFILE, PHONE, Draft(Kind.TEXT, typed))
    [row] = _pages(store, 1)
    assert row.draft is not None
    assert row.draft == typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")[:200]


def test_each_pane_has_a_draft_and_the_one_that_was_changed_last_stands_last(store: Store) -> None:
    clock = Clock()
    outbox = Outbox(store, clock=clock)
    push = Draft(Kind.WAPPUSH, "", {"url": "http://\udcff.example/", "ttl": "2 h"})
    for draft in (push, Draft(Kind.TEXT, "one"), Draft(Kind.BINARY, "00", {"udh": "0605"})):
        outbox.save_draft(_PROFILE, "", draft)
        clock.pass_seconds(1)
    outbox.save_draft(_PROFILE, "", Draft(Kind.UNICODE, "two"))  # Text and Unicode share a pane
    with store.read() as db:
        found = drafts.every(db, _PROFILE, "")
    assert found == (push, Draft(Kind.BINARY, "00", {"udh": "0605"}), Draft(Kind.UNICODE, "two"))
    clock.pass_seconds(1)
    outbox.save_draft(_PROFILE, "", push)
    outbox.save_draft(_PROFILE, "", Draft(Kind.TEXT, "", {"ttl": "2 h"}))  # options alone are no message
    with store.read() as db:
        assert drafts.every(db, _PROFILE, "") == (found[1], push)
        assert drafts.every(db, ProfileId("live"), "") == ()
