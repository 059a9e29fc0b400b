"""What the relay gives is applied exactly once, whole pages or nothing, and never with a hole."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sms_desktop.gateway.evidence import Failure, Phase
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.states import State
from sms_desktop.relay.events import Cursor
from sms_desktop.services import delivery, inbox
from sms_desktop.services.accounts import Servers, account
from sms_desktop.services.delivery import Due, Ready
from sms_desktop.services.inbox import EventsMissing
from sms_desktop.services.opt_outs import OptOuts
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.settings.secrets import MemorySecrets
from sms_desktop.store import conversations, gaps
from sms_desktop.store.changes import Changes
from sms_desktop.store.database import Store
from sms_desktop.store.rebuild import differences
from tests.fakes.exchanges import accepted, answered, broken
from tests.fakes.hands import PHONE, Clock, count, rows_with, send, state_of
from tests.fakes.pages import EPOCH, OTHER_EPOCH, inbound, page, part, receipt

_SERVERS = Servers("http://127.0.0.1:1", "http://127.0.0.1:2", "secret", "i" * 22, "smsr_r")
_NOON_US = 1_795_262_400_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    yield store
    store.close()


def _submitted(store: Store, *ids: str) -> Ready:
    clock = Clock()
    send(store, clock=clock)
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    assert isinstance(due, Due)
    ready = delivery.begin(store, account(SANDBOX, MemorySecrets(), servers=_SERVERS), due, clock=clock)
    assert ready is not None
    delivery.finish(store, SANDBOX.id, ready, answered(ready, accepted(*ids)), clock=clock)
    return ready


def _texts(store: Store, party: str = PHONE) -> list[str]:
    return [row.text for row in rows_with(store, party) if row.inbound]


def test_a_page_brings_receipts_and_messages_and_moves_the_cursor(store: Store) -> None:
    message = _submitted(store, "G1").message
    seen: list[Changes] = []
    store.subscribe(seen.append)
    assert inbox.position(store, SANDBOX) is None
    assert inbox.last_event_us(store, SANDBOX.id) is None

    inbox.apply_page(store, SANDBOX, page(receipt("G1"), inbound("Thanks ✓", type="unicode")))

    assert state_of(store, message) is State.DELIVERED
    [reply] = [row for row in rows_with(store) if row.inbound]
    assert (reply.text, reply.kind, reply.own, reply.state) == (
        "Thanks ✓",
        Kind.UNICODE,
        "Helpdesk",
        State.RECEIVED,
    )
    assert inbox.position(store, SANDBOX) == f"1.{EPOCH}.2"
    assert inbox.last_event_us(store, SANDBOX.id) == _NOON_US + 2
    assert len(seen) == 1
    assert seen[0].messages == {message, reply.id}


def test_a_page_that_is_applied_again_changes_nothing(store: Store) -> None:
    _submitted(store, "G1")
    given = page(receipt("G1"), inbound("Hello"))
    inbox.apply_page(store, SANDBOX, given)
    before = rows_with(store)
    seen: list[Changes] = []
    store.subscribe(seen.append)
    for again in (given, page(inbound("Hello"), first=2), page(first=3)):
        inbox.apply_page(store, SANDBOX, again)
    assert rows_with(store) == before
    assert inbox.position(store, SANDBOX) == f"1.{EPOCH}.2"
    assert count(store, "event") == 2
    assert seen == []


def test_a_page_that_overlaps_brings_only_what_is_new(store: Store) -> None:
    inbox.apply_page(store, SANDBOX, page(inbound("one", "I1"), inbound("two", "I2")))
    inbox.apply_page(store, SANDBOX, page(inbound("two", "I2"), inbound("three", "I3"), first=2))
    assert _texts(store) == ["one", "two", "three"]
    assert inbox.position(store, SANDBOX) == f"1.{EPOCH}.3"


def test_two_threads_that_apply_the_same_page_apply_it_once(store: Store) -> None:
    given = page(*(inbound(f"text {number}", f"I{number}") for number in range(20)))
    threads = [threading.Thread(target=inbox.apply_page, args=(store, SANDBOX, given)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert _texts(store) == [f"text {number}" for number in range(20)]


@pytest.mark.parametrize(
    "numbers, missing",
    [([4, 5], (3, 3)), ([7, 8], (3, 6)), ([3, 4, 6], (5, 5)), ([1, 2, 3, 9], (4, 8))],
)
def test_a_hole_stops_everything_and_moves_nothing(
    store: Store, numbers: list[int], missing: tuple[int, int]
) -> None:
    inbox.apply_page(store, SANDBOX, page(inbound("one", "I1"), inbound("two", "I2")))
    seen: list[Changes] = []
    store.subscribe(seen.append)
    given = page(*(inbound(f"text {number}", f"I{number}") for number in numbers), numbers=numbers)
    with pytest.raises(EventsMissing) as told:
        inbox.apply_page(store, SANDBOX, given)
    assert (told.value.first, told.value.last) == missing
    assert "missing. Nothing after" in told.value.message
    assert _texts(store) == ["one", "two"]
    assert inbox.position(store, SANDBOX) == f"1.{EPOCH}.2"
    assert count(store, "event") == 2
    assert seen == []


def test_the_first_page_may_begin_anywhere_since_older_events_may_be_gone(store: Store) -> None:
    inbox.apply_page(store, SANDBOX, page(inbound("late"), first=4_711))
    assert inbox.position(store, SANDBOX) == f"1.{EPOCH}.4711"


def test_a_hole_in_the_first_page_is_a_hole(store: Store) -> None:
    with pytest.raises(EventsMissing) as told:
        inbox.apply_page(store, SANDBOX, page(inbound("a"), inbound("b", "I2"), numbers=[4, 6]))
    assert inbox.position(store, SANDBOX) is None
    inbox.note_hole(store, SANDBOX, told.value)
    with store.read() as db:
        [gap] = gaps.every(db, SANDBOX.id)
    assert (gap.epoch, gap.words) == (EPOCH, "Event 5 is missing.")


def test_a_cursor_that_runs_ahead_of_its_events_is_not_believed(store: Store) -> None:
    inbox.apply_page(store, SANDBOX, page(inbound("one")))
    ahead = page(first=9)
    assert ahead.next == str(Cursor(EPOCH, 8))
    inbox.apply_page(store, SANDBOX, ahead)
    assert inbox.position(store, SANDBOX) == f"1.{EPOCH}.1"


def test_after_events_are_gone_it_goes_on_behind_them(store: Store) -> None:
    inbox.apply_page(store, SANDBOX, page(inbound("one", "I1")))
    inbox.go_on_from(store, SANDBOX, Cursor(EPOCH, 40))
    assert inbox.position(store, SANDBOX) == f"1.{EPOCH}.40"
    assert inbox.last_event_us(store, SANDBOX.id) == _NOON_US + 1
    inbox.apply_page(store, SANDBOX, page(inbound("forty-one", "I41"), first=41))
    assert _texts(store) == ["one", "forty-one"]


def test_a_log_that_was_made_anew_doubles_nothing_that_is_here_already(store: Store) -> None:
    message = _submitted(store, "G1").message
    inbox.apply_page(store, SANDBOX, page(receipt("G1"), inbound("one", "I1"), part("half", 1, 2)))
    inbox.go_on_from(store, SANDBOX, Cursor(OTHER_EPOCH, 0))
    again = page(
        receipt("G1"), inbound("one", "I1"), part("half", 1, 2), inbound("new", "I2"), epoch=OTHER_EPOCH
    )
    inbox.apply_page(store, SANDBOX, again)
    assert _texts(store) == ["one", "half", "new"]
    assert state_of(store, message) is State.DELIVERED
    assert count(store, "receipt") == 1
    assert inbox.position(store, SANDBOX) == f"1.{OTHER_EPOCH}.4"


def test_each_profile_has_its_own_cursor_and_conversations(store: Store) -> None:
    live = replace(SANDBOX, id=ProfileId("live"), api_key="sandbox1")
    inbox.apply_page(store, SANDBOX, page(inbound("one")))
    assert inbox.position(store, live) is None
    inbox.apply_page(store, live, page(inbound("one")))
    assert [row.text for row in rows_with(store, profile=live)] == ["one"]
    assert _texts(store) == ["one"]


def test_a_receipt_of_another_account_is_kept_and_changes_nothing(store: Store) -> None:
    message = _submitted(store, "G1").message
    inbox.apply_page(store, SANDBOX, page(receipt("G1", "failed", api_key="stranger")))
    assert state_of(store, message) is State.SUBMITTED
    with store.read() as db:
        assert next(db.execute("SELECT foreign_account, word FROM receipt")) == (1, "failed")
    inbox.apply_page(store, SANDBOX, page(receipt("G1", "failed"), first=2))
    assert state_of(store, message) is State.FAILED


def test_a_message_to_another_account_is_kept_as_an_event_and_not_shown(store: Store) -> None:
    inbox.apply_page(store, SANDBOX, page(inbound("not for us", api_key="stranger"), inbound("for us", "I2")))
    assert _texts(store) == ["for us"]
    assert count(store, "event") == 2


def test_a_receipt_without_an_api_key_counts(store: Store) -> None:
    message = _submitted(store, "G1").message
    kind, fields = receipt("G1")
    del fields["api-key"]
    inbox.apply_page(store, SANDBOX, page((kind, fields)))
    assert state_of(store, message) is State.DELIVERED


def test_receipts_of_a_message_that_is_not_here_are_kept_for_it(store: Store) -> None:
    inbox.apply_page(store, SANDBOX, page(receipt("G1"), receipt("G1", "buffered")))
    assert count(store, "receipt") == 2
    assert state_of(store, _submitted(store, "G1").message) is State.DELIVERED


@pytest.mark.parametrize(
    "kind, payload",
    [
        ("unreadable", {"problem": "not a form", "body": "\x00\x01"}),
        ("carrier-pigeon", {"text": "a kind of a later version"}),
        ("receipt", {}),
        ("receipt", {"status": "delivered"}),
        ("receipt", {"messageId": "G1"}),
        ("receipt", {"messageId": "G1", "status": "teleported", "scts": "soon", "err-code": "x" * 1_000}),
        ("inbound", {}),
        ("inbound", {"type": "binary", "data": "zz", "udh": "06"}),
        (
            "inbound",
            {"msisdn": "31612345678", "text": "null \x00 inside", "concat": "true", "concat-total": "2"},
        ),
        ("inbound", {"msisdn": "\u202e", "text": "x" * 30_000}),
    ],
)
def test_an_event_that_says_nothing_usable_is_kept_and_stops_nothing(
    store: Store, kind: str, payload: dict[str, str]
) -> None:
    inbox.apply_page(store, SANDBOX, page((kind, payload), inbound("next")))
    assert _texts(store)[-1:] == ["next"]
    assert inbox.position(store, SANDBOX) == f"1.{EPOCH}.2"
    assert count(store, "event") == 2


@pytest.mark.parametrize(
    "odd", ["a\0b", "12", "null", '["x"]', '{"a": 1}', "é\u2028😀\u202e", '\\"', "x" * 30_000]
)
def test_what_came_is_kept_as_it_came(store: Store, odd: str) -> None:
    known = part(odd, 1, 2, gateway_id=odd, msisdn=odd, to=odd, ref=odd)
    inbox.apply_page(store, SANDBOX, page(known, inbound(odd, f"I{odd}", msisdn=odd, to=odd), receipt(odd)))
    rest = part("", 2, 2, msisdn=odd, to=odd, ref=odd)
    inbox.apply_page(store, SANDBOX, page(known, rest, receipt(odd), first=4))
    assert [(row.text, row.own, row.party) for row in rows_with(store, odd)] == [(odd, odd, odd)] * 2
    assert (count(store, "receipt"), count(store, "reassembly")) == (1, 0)


def test_a_binary_part_of_a_text_stands_in_it_in_words(store: Store) -> None:
    kind, fields = part("", 2, 2, type="binary", data="0123", udh="")
    del fields["text"]
    inbox.apply_page(store, SANDBOX, page(part("one ", 1, 2), (kind, fields)))
    assert _texts(store) == ["one [part 2 of 2, 2 octets] "]
    with store.read() as db:
        assert list(differences(db)) == []


def test_a_binary_message_is_shown_as_what_it_holds(store: Store) -> None:
    kind, fields = inbound("", type="binary", data="0123", udh="06050415811581")
    del fields["text"]
    inbox.apply_page(store, SANDBOX, page((kind, fields)))
    [text] = _texts(store)
    assert text == "Binary data, port 5505 (ring tone), 2 octets"


def test_one_number_in_every_notation_is_one_person(store: Store) -> None:
    """The API writes numbers without + or 00; what stands between may not."""
    _submitted(store, "G1")
    lost = send(store)
    due = delivery.next_due(store, SANDBOX.id)
    assert isinstance(due, Due)
    ready = delivery.begin(store, account(SANDBOX, MemorySecrets(), servers=_SERVERS), due)
    assert ready is not None
    delivery.finish(store, SANDBOX.id, ready, broken(ready, Phase.WRITTEN, Failure.BROKEN))
    assert state_of(store, lost) is State.UNCERTAIN
    late = receipt("LATE", msisdn=f"+{PHONE}", client_ref=ready.client_ref)
    replies = [inbound("STOP", f"I{at}", msisdn=f"{sign}{PHONE}") for at, sign in enumerate(("", "+", "00"))]
    inbox.apply_page(store, SANDBOX, page(late, *replies))
    assert state_of(store, lost) is State.DELIVERED
    assert _texts(store) == ["STOP"] * 3
    assert count(store, "conversation") == 1
    assert [each.number for each in OptOuts(store).suggestions()] == [PHONE]


def test_replies_make_a_conversation_unread(store: Store) -> None:
    inbox.apply_page(store, SANDBOX, page(inbound("one", "I1"), inbound("two", "I2")))
    with store.read() as db:
        [row] = conversations.page(db, SANDBOX.id, limit=10)
    assert (row.unread, row.inbound, row.last_text) == (2, True, "two")
    assert row.last_us == _NOON_US + 2


def test_a_reply_from_a_word_sender_has_a_conversation_too(store: Store) -> None:
    inbox.apply_page(store, SANDBOX, page(inbound("Your parcel", msisdn="PostNL")))
    assert _texts(store, "PostNL") == ["Your parcel"]
