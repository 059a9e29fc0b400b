"""Pressing Send: kept once, or one sentence that names the field, and nothing typed is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.gateway.evidence import Failure, Phase
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.findings import Severity
from sms_desktop.messages.ids import ComposeId, MessageId, ProfileId, new_id
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Content, Text, Unicode
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.states import State
from sms_desktop.services import delivery
from sms_desktop.services.accounts import Servers, account
from sms_desktop.services.delivery import Due, Ready
from sms_desktop.services.outbox import Compose, Outbox, check, checked
from sms_desktop.settings.profiles import SANDBOX, Profile
from sms_desktop.settings.secrets import MemorySecrets
from sms_desktop.store import drafts
from sms_desktop.store.changes import Changes
from sms_desktop.store.database import Store
from tests.fakes.exchanges import accepted, answered, broken, statuses
from tests.fakes.hands import (
    PHONE,
    Clock,
    compose,
    conversation_with,
    count,
    row_of,
    rows_with,
    send,
    state_of,
)

_SERVERS = Servers("http://127.0.0.1:1", "http://127.0.0.1:2", "s3cr3t-s3cr3t", "i" * 22, "smsr_" + "r" * 43)
_ACCOUNT = account(SANDBOX, MemorySecrets(), servers=_SERVERS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    yield store
    store.close()


def _begin(store: Store, clock: Clock) -> Ready:
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    assert isinstance(due, Due)
    ready = delivery.begin(store, _ACCOUNT, due, clock=clock)
    assert ready is not None
    return ready


def _draft(store: Store, party: str, kind: Kind = Kind.TEXT) -> str | None:
    with store.read() as db:
        found = drafts.load(db, SANDBOX.id, party, kind)
    return None if found is None else found.text


def test_a_double_click_is_one_message(store: Store) -> None:
    outbox = Outbox(store)
    pressed = compose("Hello", compose_id="one press")
    assert outbox.send(pressed) == outbox.send(pressed)
    assert count(store, "message") == 1
    assert outbox.send(compose("Hello", compose_id="another")) != outbox.send(pressed)
    assert count(store, "message") == 2


def test_a_press_from_two_threads_at_once_is_one_message(store: Store) -> None:
    outbox = Outbox(store)
    pressed = compose("Hello", compose_id="one press")
    made: list[MessageId] = []
    gate = threading.Barrier(4)

    def press() -> None:
        gate.wait(10)
        made.append(outbox.send(pressed))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(made) == 4
    assert len(set(made)) == 1
    assert count(store, "message") == 1


def test_a_message_is_kept_as_it_was_meant(store: Store) -> None:
    options = Options(ttl=60_000, client_ref="order 4711")
    message = Outbox(store).send(
        Compose(ComposeId("c"), SANDBOX, "+31 6 1234 5678", "Help desk", Unicode("Tot ✓\r\nziens"), options)
    )
    row = row_of(store, message)
    assert (row.party, row.own, row.kind, row.text, row.options) == (
        PHONE,
        "Helpdesk",
        Kind.UNICODE,
        "Tot ✓\nziens",
        options,
    )
    assert row.state is State.QUEUED
    assert row.parts_total == 1


def test_the_draft_goes_with_the_message_and_only_that_one(store: Store) -> None:
    outbox = Outbox(store)
    for party, text in ((PHONE, "to the phone"), ("", "to nobody yet"), ("31687654321", "to another")):
        outbox.save_draft(SANDBOX.id, party, Draft(Kind.TEXT, text))
    outbox.send(compose("to the phone"))
    assert _draft(store, PHONE) is None
    assert _draft(store, "") == "to nobody yet"
    assert _draft(store, "31687654321") == "to another"
    outbox.send(replace(compose("to nobody yet"), draft_of=""))
    assert _draft(store, "") is None


def test_a_message_that_is_refused_leaves_its_draft(store: Store) -> None:
    outbox = Outbox(store)
    outbox.save_draft(SANDBOX.id, PHONE, Draft(Kind.TEXT, "x" * 10_000))
    with pytest.raises(Mendable):
        outbox.send(compose("x" * 10_000))
    assert _draft(store, PHONE) == "x" * 10_000
    assert count(store, "message") == 0


def test_message_and_draft_change_in_one_transaction(store: Store) -> None:
    outbox = Outbox(store)
    outbox.save_draft(SANDBOX.id, PHONE, Draft(Kind.TEXT, "Hello"))
    seen: list[tuple[int, str | None]] = []
    store.subscribe(lambda _: seen.append((count(store, "message"), _draft(store, PHONE))))
    outbox.send(compose("Hello"))
    assert seen == [(1, None)]


def _typed(**changes: object) -> Compose:
    return replace(compose(), **changes)  # type: ignore[arg-type]  # what each test changes


@pytest.mark.parametrize(
    "typed, field, words",
    [
        (_typed(content=Text("")), "text", "nothing is written yet"),
        (_typed(content=Unicode("")), "text", "nothing is written yet"),
        (_typed(content=Text("x" * 10_000)), "text", "10,000 characters"),
        (_typed(content=Unicode("ż" * 3_201)), "text", "3,201 characters"),
        (_typed(content=Unicode("half \ud83d")), "text", "character 6 is half of a pair (U+D83D)"),
        (_typed(content=Text("\udc00")), "text", "character 1 is half of a pair (U+DC00)"),
        (_typed(content=Text("Cześć")), "text", "ś (U+015B) is not in GSM-7"),
        (_typed(content=Text("tab\there")), "text", "U+0009 is not in GSM-7"),
        (_typed(content=Text("\u202eabc")), "text", "U+202E is not in GSM-7"),
        (_typed(to="06-CALLME"), "to", "'C'"),
        (_typed(to=""), "to", "no number yet"),
        (_typed(to="0612345678"), "to", "no country code"),
        (_typed(sender="TwelveLetter"), "from", "12 characters"),
        (_typed(sender=""), "from", "no sender yet"),
        (_typed(options=Options(ttl=1)), "ttl", "out of range"),
        (_typed(options=Options(callback="nowhere")), "callback", "https://"),
        (_typed(options=Options(message_class=9)), "message-class", "not a class"),
        (_typed(options=Options(client_ref="\udcff")), "client-ref", "printable"),
    ],
)
def test_bad_input_gets_one_sentence_that_names_the_field(
    store: Store, typed: Compose, field: str, words: str
) -> None:
    with pytest.raises(Mendable) as told:
        Outbox(store).send(typed)
    assert told.value.field == field
    assert words in told.value.message
    assert told.value.message.isprintable()
    assert len(told.value.message) < 250
    assert [finding.field for finding in check(typed) if finding.is_error] == [field]
    assert count(store, "message") == 0


def test_everything_that_is_wrong_is_found_at_once() -> None:
    typed = Compose(ComposeId("c"), SANDBOX, "x", "", Text(""), Options(ttl=1))
    assert [finding.field for finding in check(typed)] == ["to", "from", "ttl", "text"]


def test_spaces_in_a_word_sender_are_a_warning_and_stop_nothing() -> None:
    typed = _typed(sender="Help desk")
    [finding] = check(typed)
    assert (finding.field, finding.severity) == ("from", Severity.WARNING)
    assert checked(typed).sender == "Helpdesk"


@pytest.mark.parametrize(
    "content, parts",
    [
        (Text("x" * 160), 1),
        (Text("x" * 161), 2),
        (Text("€" * 80), 1),
        (Unicode("x" * 70), 1),
        (Unicode("😀" * 36), 2),
    ],
)
def test_the_parts_of_a_message_are_known_before_it_is_sent(content: Content, parts: int) -> None:
    assert checked(_typed(content=content)).parts == parts


def test_characters_outside_gsm_7_go_only_when_the_person_says_so(store: Store) -> None:
    typed = _typed(content=Text("Cześć"))
    with pytest.raises(Mendable):
        Outbox(store).send(typed)
    message = Outbox(store).send(replace(typed, accept_loss=True))
    assert row_of(store, message).text == "Cześć"
    assert check(_typed(content=Unicode("Cześć"))) == ()


@given(st.text(max_size=200), st.booleans())
def test_checking_never_fails(text: str, as_unicode: bool) -> None:
    content = Unicode(text) if as_unicode else Text(text)
    check(_typed(content=content, to=text, sender=text))


def test_a_message_waits_as_long_as_its_time_to_live_but_an_hour_at_most(store: Store) -> None:
    clock = Clock()
    for ttl, seconds in ((None, 3_600), (604_800_000, 3_600), (20_000, 20)):
        message = send(store, clock=clock, options=Options(ttl=ttl))
        assert row_of(store, message).deadline_us == clock.us + seconds * 1_000_000


def test_a_waiting_message_can_be_taken_back(store: Store) -> None:
    message = send(store)
    assert Outbox(store).queued(SANDBOX.id) == 1
    assert Outbox(store).cancel(message)
    assert state_of(store, message) is State.CANCELLED
    assert Outbox(store).queued(SANDBOX.id) == 0
    assert delivery.next_due(store, SANDBOX.id) is None
    assert not Outbox(store).cancel(message)


def test_what_is_under_way_or_settled_can_t_be_taken_back(store: Store) -> None:
    clock = Clock()
    message = send(store, clock=clock)
    ready = _begin(store, clock)
    assert not Outbox(store).cancel(message)
    delivery.finish(store, SANDBOX.id, ready, answered(ready, accepted("G1")), clock=clock)
    assert not Outbox(store).cancel(message)
    assert state_of(store, message) is State.SUBMITTED
    assert not Outbox(store).cancel(MessageId("none"))


def test_a_message_that_was_not_sent_can_be_taken_back_between_two_tries(store: Store) -> None:
    clock = Clock()
    message = send(store, clock=clock)
    ready = _begin(store, clock)
    delivery.finish(store, SANDBOX.id, ready, broken(ready, Phase.CONNECTING, Failure.REFUSED), clock=clock)
    assert state_of(store, message) is State.NOT_SENT
    assert Outbox(store).cancel(message)
    assert state_of(store, message) is State.CANCELLED
    clock.pass_seconds(100)
    assert delivery.next_due(store, SANDBOX.id, clock=clock) is None


def test_sending_again_is_a_new_message_with_a_reference_of_its_own(store: Store) -> None:
    clock = Clock()
    old = send(
        store, "Cześć?".replace("ś", "s").replace("ć", "c"), clock=clock, options=Options(client_ref="order")
    )
    ready = _begin(store, clock)
    delivery.finish(store, SANDBOX.id, ready, answered(ready, statuses(["7"])), clock=clock)
    outbox = Outbox(store, clock=clock)
    outbox.save_draft(SANDBOX.id, PHONE, Draft(Kind.TEXT, "half a thought"))
    press = ComposeId(new_id())
    new = outbox.resend(old, compose_id=press, profile=SANDBOX)
    assert new == outbox.resend(old, compose_id=press, profile=SANDBOX) != old
    before, after = row_of(store, old), row_of(store, new)
    assert (after.text, after.kind, after.own, after.party) == (
        before.text,
        before.kind,
        before.own,
        before.party,
    )
    assert after.options == Options(client_ref=None)
    assert (before.state, after.state) == (State.REFUSED, State.QUEUED)
    assert _draft(store, PHONE) == "half a thought"


def test_a_text_that_was_sent_as_it_is_may_be_sent_again(store: Store) -> None:
    clock = Clock()
    old = Outbox(store, clock=clock).send(replace(compose("Cześć"), accept_loss=True))
    ready = _begin(store, clock)
    delivery.finish(store, SANDBOX.id, ready, broken(ready, Phase.WRITTEN, Failure.BROKEN), clock=clock)
    assert state_of(store, old) is State.UNCERTAIN
    new = Outbox(store).resend(old, compose_id=ComposeId("again"), profile=SANDBOX)
    assert row_of(store, new).text == "Cześć"


def test_what_still_waits_by_itself_is_not_sent_again(store: Store) -> None:
    clock = Clock()
    message = send(store, clock=clock)
    with pytest.raises(Mendable, match="still waits"):
        Outbox(store).resend(message, compose_id=ComposeId("c1"), profile=SANDBOX)
    _begin(store, clock)
    with pytest.raises(Mendable, match="still waits"):
        Outbox(store).resend(message, compose_id=ComposeId("c2"), profile=SANDBOX)
    assert count(store, "message") == 1


def test_a_message_that_was_given_up_waits_again_with_a_new_deadline(store: Store) -> None:
    clock = Clock()
    message = send(store, clock=clock)
    clock.pass_seconds(3_601)
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    assert isinstance(due, Due)
    assert delivery.begin(store, _ACCOUNT, due, clock=clock) is None
    assert row_of(store, message).next_try_us is None

    outbox = Outbox(store, clock=clock)
    assert outbox.resend(message, compose_id=ComposeId("again"), profile=SANDBOX) == message
    row = row_of(store, message)
    assert (row.next_try_us, row.deadline_us) == (clock.us, clock.us + 3_600_000_000)
    assert _begin(store, clock).message == message


def test_only_a_sent_message_of_the_profile_can_be_sent_again(store: Store) -> None:
    message = send(store)
    live = Profile(ProfileId("live"), "Live", Provider.VONAGE, "abcd1234", "Helpdesk")
    for other, profile in ((MessageId("none"), SANDBOX), (message, live)):
        with pytest.raises(Mendable, match="no sent message"):
            Outbox(store).resend(other, compose_id=ComposeId("c"), profile=profile)


def test_trying_now_makes_what_waits_due_and_leaves_what_was_given_up(store: Store) -> None:
    clock = Clock()
    waits = send(store, to="31600000001", clock=clock)
    ready = _begin(store, clock)
    delivery.finish(store, SANDBOX.id, ready, broken(ready, Phase.CONNECTING, Failure.NAME), clock=clock)
    given_up = send(store, to="31600000002", clock=clock, options=Options(ttl=20_000))
    ready = _begin(store, clock)
    clock.pass_seconds(30)
    delivery.finish(store, SANDBOX.id, ready, broken(ready, Phase.CONNECTING, Failure.NAME), clock=clock)
    clock.us -= 30_000_000

    assert isinstance(delivery.next_due(store, SANDBOX.id, clock=clock), int)
    seen: list[Changes] = []
    store.subscribe(seen.append)
    Outbox(store, clock=clock).retry_now(SANDBOX.id)
    assert [changes.messages for changes in seen] == [{waits}]
    assert row_of(store, waits).next_try_us == clock.us
    assert row_of(store, given_up).next_try_us is None
    Outbox(store, clock=clock).retry_now(SANDBOX.id)
    assert len(seen) == 1


def test_reading_a_conversation_is_told_once(store: Store) -> None:
    send(store)
    conversation = conversation_with(store)
    with store.write() as writing:
        writing.db.execute("UPDATE conversation SET unread = 2")
    seen: list[Changes] = []
    store.subscribe(seen.append)
    outbox = Outbox(store)
    outbox.mark_read(conversation)
    outbox.mark_read(conversation)
    assert [changes.conversations for changes in seen] == [{conversation}]


def test_a_draft_is_told_where_there_is_a_conversation_to_show_it(store: Store) -> None:
    send(store)
    seen: list[Changes] = []
    store.subscribe(seen.append)
    outbox = Outbox(store)
    outbox.save_draft(SANDBOX.id, PHONE, Draft(Kind.TEXT, "x"))
    outbox.save_draft(SANDBOX.id, "31600000009", Draft(Kind.TEXT, "x"))
    assert [changes.conversations for changes in seen] == [{conversation_with(store)}]
    assert len(rows_with(store)) == 1
