"""What only a person decides: doubt, undo, a stopped queue, and whom not to contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sms_desktop.gateway.auth import SecretInBody
from sms_desktop.gateway.evidence import Failure, Phase
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import Mendable, OurFault
from sms_desktop.messages.ids import ComposeId, MessageId, new_id
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import VCard
from sms_desktop.messages.states import State
from sms_desktop.messages.wire import Route
from sms_desktop.services import delivery, inbox
from sms_desktop.services.accounts import Account
from sms_desktop.services.delivery import Due, Ready
from sms_desktop.services.opt_outs import OptOuts, stop_word
from sms_desktop.services.outbox import Compose, Outbox
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store import audit, drafts
from sms_desktop.store.database import Store
from tests.fakes import pages
from tests.fakes.exchanges import accepted, answered, broken
from tests.fakes.hands import PHONE, Clock, compose, row_of, send, state_of

_ACCOUNT = Account(SANDBOX, "http://127.0.0.1:9", SecretInBody("sandbox1", "secret"), None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _begun(store: Store, clock: Clock) -> Ready:
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    assert isinstance(due, Due)
    ready = delivery.begin(store, _ACCOUNT, due, clock=clock)
    assert ready is not None
    return ready


def _finish(store: Store, ready: Ready, body: bytes, clock: Clock) -> None:
    delivery.finish(store, SANDBOX.id, ready, answered(ready, body), clock=clock)


def _lose(store: Store, ready: Ready, clock: Clock) -> None:
    exchange = broken(ready, Phase.WRITTEN, Failure.BROKEN)
    delivery.finish(store, SANDBOX.id, ready, exchange, clock=clock)


def _uncertain(store: Store, clock: Clock) -> MessageId:
    message = send(store, clock=clock)
    _lose(store, _begun(store, clock), clock)
    assert state_of(store, message) is State.UNCERTAIN
    return message


def test_a_person_says_that_an_uncertain_message_arrived(store: Store, clock: Clock) -> None:
    message = _uncertain(store, clock)
    clock.pass_seconds(60)
    Outbox(store, clock=clock).arrived(message)
    row = row_of(store, message)
    assert (row.state, row.arrived_us) == (State.DELIVERED, clock.us)
    assert delivery.next_due(store, SANDBOX.id, clock=clock) is None


def test_a_receipt_is_believed_more_than_the_persons_word(store: Store, clock: Clock) -> None:
    message = _uncertain(store, clock)
    Outbox(store, clock=clock).arrived(message)
    with store.read() as db:
        ref = str(next(db.execute("SELECT client_ref FROM attempt"))[0])
    inbox.apply_page(store, SANDBOX, pages.page(pages.receipt("G9", "failed", client_ref=ref, err_code="2")))
    assert state_of(store, message) is State.FAILED


def test_nothing_but_a_doubt_can_be_said_to_have_arrived(store: Store, clock: Clock) -> None:
    message = send(store, clock=clock)
    with pytest.raises(Mendable, match="uncertain"):
        Outbox(store, clock=clock).arrived(message)
    assert state_of(store, message) is State.QUEUED


def test_sending_again_makes_a_second_message_and_names_it(store: Store, clock: Clock) -> None:
    message = _uncertain(store, clock)
    again = Outbox(store, clock=clock).resend(message, compose_id=ComposeId(new_id()), profile=SANDBOX)
    assert again != message
    row = row_of(store, message)
    assert (row.state, row.resent_as) == (State.UNCERTAIN, again)
    assert state_of(store, again) is State.QUEUED


def _three_requests(store: Store, clock: Clock) -> MessageId:
    card = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:" + "Doe;" + "J" * 300 + "\r\nEND:VCARD\r\n"
    made = Compose(ComposeId(new_id()), SANDBOX, PHONE, "Helpdesk", VCard(card), route=Route.BINARY)
    return Outbox(store, clock=clock).send(made)


def test_what_a_doubt_held_back_goes_on_when_a_person_says_that_it_arrived(
    store: Store, clock: Clock
) -> None:
    message = _three_requests(store, clock)
    _finish(store, _begun(store, clock), accepted("G1"), clock)
    _lose(store, _begun(store, clock), clock)
    assert state_of(store, message) is State.UNCERTAIN
    assert delivery.next_due(store, SANDBOX.id, clock=clock) is None
    clock.pass_seconds(7_200)  # its patience is over; a person's decision gives it new
    Outbox(store, clock=clock).arrived(message)
    assert state_of(store, message) is State.QUEUED
    _finish(store, _begun(store, clock), accepted("G3"), clock)
    assert state_of(store, message) is State.SUBMITTED
    with store.read() as db:
        tries = db.execute(
            "SELECT r.no, count(*) FROM request r JOIN attempt a ON a.request_id = r.id GROUP BY 1"
        )
        assert tries.fetchall() == [(1, 1), (2, 1), (3, 1)]


@pytest.mark.parametrize("late", [False, True])
def test_what_a_doubt_held_back_goes_on_when_a_receipt_settles_it_in_time(
    store: Store, clock: Clock, late: bool
) -> None:
    clock.us = 1_795_262_400_000_000  # the day of the pages: 2026-11-21, 12:00
    message = _three_requests(store, clock)
    _finish(store, _begun(store, clock), accepted("G1"), clock)
    ready = _begun(store, clock)
    _lose(store, ready, clock)
    page = pages.page(pages.receipt("G2", client_ref=ready.client_ref), hours=2 if late else 0)
    inbox.apply_page(store, SANDBOX, page)
    assert state_of(store, message) is State.QUEUED
    assert (row_of(store, message).next_try_us is None) is late


def test_send_can_be_undone_while_its_window_is_open(store: Store, clock: Clock) -> None:
    outbox = Outbox(store, clock=clock)
    message = outbox.send(replace(compose("Oops"), undo_ms=5_000))
    assert delivery.next_due(store, SANDBOX.id, clock=clock) == clock.us + 5_000_000
    outbox.retry_now(SANDBOX.id)  # the network came back: no reason to hurry past the window
    assert delivery.next_due(store, SANDBOX.id, clock=clock) == clock.us + 5_000_000
    assert outbox.undo(message)
    assert state_of(store, message) is State.CANCELLED
    with store.read() as db:
        draft = drafts.load(db, SANDBOX.id, PHONE, Kind.TEXT)
    assert draft is not None
    assert draft.text == "Oops"


def test_undo_keeps_a_draft_that_was_begun_meanwhile(store: Store, clock: Clock) -> None:
    outbox = Outbox(store, clock=clock)
    message = outbox.send(replace(compose("Oops"), undo_ms=5_000))
    outbox.save_draft(SANDBOX.id, PHONE, Draft(Kind.TEXT, "next"))
    assert outbox.undo(message)
    with store.read() as db:
        draft = drafts.load(db, SANDBOX.id, PHONE, Kind.TEXT)
    assert draft is not None
    assert draft.text == "next"


def test_after_the_window_send_can_t_be_undone_and_goes_out(store: Store, clock: Clock) -> None:
    outbox = Outbox(store, clock=clock)
    message = outbox.send(replace(compose(), undo_ms=5_000))
    clock.pass_seconds(5)
    assert not outbox.undo(message)
    assert _begun(store, clock).message == message


def test_a_stopped_queue_keeps_what_waits_and_goes_on(store: Store, clock: Clock) -> None:
    outbox = Outbox(store, clock=clock)
    first, second = send(store, clock=clock), send(store, to="31600000009", clock=clock)
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    outbox.pause(SANDBOX.id)
    assert isinstance(due, Due)
    assert delivery.begin(store, _ACCOUNT, due, clock=clock) is None  # it was on its way to the sender
    assert delivery.next_due(store, SANDBOX.id, clock=clock) is None
    assert outbox.paused(SANDBOX.id)
    assert outbox.queued(SANDBOX.id) == 2
    assert [row.id for row in outbox.waiting(SANDBOX.id, limit=9)] == [first, second]
    outbox.resume(SANDBOX.id)
    assert _begun(store, clock).message == first


def test_a_number_not_to_contact_is_refused_at_send(store: Store, clock: Clock) -> None:
    listed = OptOuts(store, clock=clock)
    listed.add("+31 6 1234 5678", reason="asked by phone")
    with pytest.raises(Mendable, match=r"since 2027-01-15 \(asked by phone") as told:
        send(store, clock=clock)
    assert (told.value.field, PHONE in told.value.message) == ("to", False)
    with store.read() as db:
        assert next(db.execute("SELECT count(*) FROM message"))[0] == 0
    assert listed.remove(PHONE)
    send(store, clock=clock)


def test_a_refused_send_keeps_the_draft(store: Store, clock: Clock) -> None:
    Outbox(store).save_draft(SANDBOX.id, PHONE, Draft(Kind.TEXT, "Hello"))
    OptOuts(store).add(PHONE)
    with pytest.raises(Mendable):
        send(store)
    with store.read() as db:
        draft = drafts.load(db, SANDBOX.id, PHONE, Kind.TEXT)
    assert draft is not None
    assert draft.text == "Hello"


def test_the_list_takes_back_what_waits_and_resend_is_refused(store: Store, clock: Clock) -> None:
    uncertain_to_it = _uncertain(store, clock)
    message, other = send(store, clock=clock), send(store, to="31600000009", clock=clock)
    OptOuts(store, clock=clock).add(PHONE)
    row = row_of(store, message)
    assert row.state is State.CANCELLED
    assert row.reason is not None
    assert "not to contact" in row.reason
    assert state_of(store, other) is State.QUEUED
    with pytest.raises(Mendable, match="not to contact"):
        Outbox(store).resend(uncertain_to_it, compose_id=ComposeId(new_id()), profile=SANDBOX)


def test_the_sender_refuses_what_slipped_past_the_outbox(store: Store, clock: Clock) -> None:
    message = send(store, clock=clock)
    with store.write() as writing:  # as another program, or an older version, would
        writing.db.execute("INSERT INTO opt_out VALUES (?, '', 'person', 0)", (PHONE,))
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    assert isinstance(due, Due)
    assert delivery.begin(store, _ACCOUNT, due, clock=clock) is None
    assert state_of(store, message) is State.CANCELLED
    with store.read() as db:
        assert next(db.execute("SELECT count(*) FROM attempt"))[0] == 0


@pytest.mark.parametrize(
    "text,word",
    [
        ("STOP", "stop"),
        (" Stop. ", "stop"),
        ("stop please", "stop"),
        ("ARRÊT", "arret"),
        ("Afmelden!", "afmelden"),
        ("ＳＴＯＰ", "stop"),
        ("Don't stop", None),
        ("Stop by my desk at four", None),
        ("end of the day is fine", None),
        ("", None),
        ("🛑", None),
    ],
)
def test_replies_that_ask_for_it_are_told_from_others(text: str, word: str | None) -> None:
    assert stop_word(text) == word


def test_a_reply_only_suggests_and_a_person_decides(store: Store) -> None:
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound("STOP")))
    listed = OptOuts(store)
    assert [(each.number, each.word) for each in listed.suggestions()] == [(PHONE, "stop")]
    send(store)  # nothing is forbidden before a person said so
    assert listed.dismiss(PHONE)
    assert not listed.dismiss(PHONE)
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound("Stop", "I2"), first=2))
    listed.add(PHONE, source="reply")
    assert listed.suggestions() == ()
    inbox.apply_page(store, SANDBOX, pages.page(pages.inbound("stop", "I3"), first=3))
    assert listed.suggestions() == ()


def test_the_list_goes_out_as_csv_and_comes_in_again(store: Store, tmp_path: Path) -> None:
    long_ago = Clock(1_700_000_000_000_000)
    listed = OptOuts(store, clock=long_ago)
    listed.add(PHONE, reason="=HYPERLINK(1)")
    listed.add("447700900142")
    text = listed.as_csv()
    assert "'=HYPERLINK(1)" in text
    other = Store(tmp_path / "other.db")
    assert OptOuts(other).take_in(text) == 2
    assert OptOuts(other).take_in(text) == 0
    assert [(entry.number, entry.reason, entry.at_us) for entry in OptOuts(other).every()] == [
        (PHONE, "=HYPERLINK(1)", long_ago.us),
        ("447700900142", "", long_ago.us),
    ]
    assert OptOuts(other).take_in("0031600000009,x,,not a day\n31600000008,x,,2999-01-01\n") == 2
    assert all(entry.at_us < 2_000_000_000_000_000 for entry in OptOuts(other).every())
    with pytest.raises(Mendable, match="Line 2"):
        OptOuts(other).take_in("number\n0612345678\n")
    other.close()


def test_what_people_did_is_on_record_with_ids_only(store: Store, clock: Clock) -> None:
    outbox = Outbox(store, clock=clock)
    message = send(store, "A secret text", clock=clock)
    outbox.cancel(message)
    outbox.pause(SANDBOX.id)
    OptOuts(store, clock=clock).add(PHONE)
    with store.read() as db:
        rows = audit.page(db, limit=10)
    assert [(row.action, row.subject) for row in rows] == [
        ("opt-out", "person"),
        ("pause", "sandbox"),
        ("cancel", message),
        ("send", message),
    ]
    assert not any(PHONE in str(row) or "secret" in str(row) for row in rows)


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET actor = 'nobody'"])
def test_the_record_can_t_be_changed(store: Store, statement: str) -> None:
    send(store)
    with pytest.raises(OurFault), store.write() as writing:
        writing.db.execute(statement)
    with store.read() as db:
        assert len(audit.page(db, limit=10)) == 1


def test_a_clock_that_was_set_back_lets_nothing_wait_for_years(store: Store, clock: Clock) -> None:
    clock.pass_seconds(365 * 86_400)
    message = send(store, clock=clock)
    clock.pass_seconds(-365 * 86_400)
    assert isinstance(delivery.next_due(store, SANDBOX.id, clock=clock), int)
    delivery.clock_was_set_back(store, SANDBOX.id, clock=clock)
    assert _begun(store, clock).message == message


def test_a_clock_set_back_between_two_runs_is_noticed_too(store: Store, clock: Clock) -> None:
    clock.pass_seconds(3_600)
    message = send(store, clock=clock)
    clock.pass_seconds(-3_600)
    delivery.recover(store, SANDBOX.id, clock=clock)
    row = row_of(store, message)
    assert row.next_try_us == clock.us
    assert row.deadline_us == clock.us + 3_600_000_000
