"""What a message holds survives the store, whatever its kind; several requests of one go in order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding.encode import as_binary
from sms_desktop.gateway.evidence import Failure, Phase
from sms_desktop.messages.errors import Mendable, OurFault
from sms_desktop.messages.ids import ComposeId, MessageId, new_id
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.states import State
from sms_desktop.messages.wire import Route
from sms_desktop.services import delivery
from sms_desktop.services.accounts import Servers, account
from sms_desktop.services.contents import body_of, kept, parts_of, requests_of, restored
from sms_desktop.services.delivery import Due, Ready
from sms_desktop.services.outbox import Compose, Outbox
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.settings.secrets import MemorySecrets
from sms_desktop.store.database import Store
from sms_desktop.store.schema import APPLICATION_ID, MIGRATIONS
from tests.fakes.exchanges import accepted, answered, broken, statuses
from tests.fakes.hands import PHONE, Clock, row_of, state_of

LONG_CARD = VCard("BEGIN:VCARD\nVERSION:2.1\nN:Doe;Jane\nNOTE:" + "x" * 300 + "\nEND:VCARD")
_SERVERS = Servers("http://127.0.0.1:1", "http://127.0.0.1:2", "s3cr3t-s3cr3t", "i" * 22, "smsr_" + "r" * 43)
_ACCOUNT = account(SANDBOX, MemorySecrets(), servers=_SERVERS)

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])
_moments = st.none() | st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis wants it so
    max_value=datetime(2099, 1, 1),  # noqa: DTZ001 - hypothesis wants it so
    timezones=_zones,
)
_messages: st.SearchStrategy[Message] = st.one_of(
    st.builds(Binary, st.binary(max_size=20), st.binary(max_size=120), st.none() | st.integers(0, 255)),
    st.builds(
        WapPush,
        _text,
        _text,
        st.none() | st.integers(1, 10**9),
        created=_moments,
        expires=_moments,
        action=st.none() | _text,
        si_id=st.none() | _text,
    ),
    st.builds(VCard, _text),
    st.builds(VCal, _text),
    st.builds(Text, _text.map(lambda text: text.replace("\r", ""))),
    st.builds(Unicode, _text.map(lambda text: text.replace("\r", ""))),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@given(_messages, st.none() | st.sampled_from(Route))
def test_what_is_kept_comes_back(message: Message, route: Route | None) -> None:
    is_text = isinstance(message, Text | Unicode)
    found = restored(message.kind, body_of(message), kept(message, route))
    assert found == (message, None if is_text else route)


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"as":"post","vcard":"x"}', '{"as":null}'])
def test_a_content_that_was_not_written_by_us_is_a_fault_in_words(content: str | None) -> None:
    with pytest.raises(OurFault, match="without its content"):
        restored(Kind.VCARD, "x", content)


def test_what_a_person_would_search_for_is_the_body() -> None:
    assert body_of(Text("a\r\nb")) == "a\nb"
    assert body_of(Binary(b"\x01\x00", b"\xab\xcd")) == "0100 ABCD"
    assert body_of(Binary(b"", b"\xab")) == "AB"
    assert body_of(WapPush("Title", "http://x")) == "Title\nhttp://x"


@pytest.mark.parametrize("message", [WapPush("T", "http://example.com/"), LONG_CARD, VCal("BEGIN:VCALENDAR")])
def test_the_provider_decides_how_a_built_kind_goes_unless_the_person_does(message: Message) -> None:
    for provider in (Provider.SANDBOX, Provider.KPN):
        assert requests_of(message, None, provider) == (message,)
    assert requests_of(message, Route.API, Provider.VONAGE) == (message,)
    built = requests_of(message, None, Provider.VONAGE)
    assert built == requests_of(message, Route.BINARY, Provider.KPN)
    assert all(isinstance(part, Binary) for part in built)
    assert parts_of(message, len(built)) == parts_of(message, 1) == len(built)


def test_the_parts_of_a_message_share_a_reference_that_stays() -> None:
    message = MessageId(new_id())
    first = requests_of(LONG_CARD, Route.BINARY, Provider.VONAGE, message)
    assert first == requests_of(LONG_CARD, Route.BINARY, Provider.VONAGE, message)
    assert len(first) == 3
    references = {part.udh[-3] for part in first if isinstance(part, Binary)}
    assert len(references) == 1
    (reference,) = references
    assert first == as_binary(LONG_CARD, reference_number=reference)


def press(store: Store, message: Message, clock: Clock, **changed: object) -> MessageId:
    compose = Compose(ComposeId(new_id()), SANDBOX, PHONE, "Helpdesk", message, Options(), **changed)  # type: ignore[arg-type]
    return Outbox(store, clock=clock).send(compose)


def begin(store: Store, clock: Clock) -> Ready | None:
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    return delivery.begin(store, _ACCOUNT, due, clock=clock) if isinstance(due, Due) else None


def step(store: Store, clock: Clock, answer: bytes | None) -> dict[str, str]:
    """Try the next request; None is an answer that was lost."""
    ready = begin(store, clock)
    assert ready is not None
    if answer is None:
        exchange = broken(ready, Phase.WRITTEN, Failure.BROKEN)
    else:
        exchange = answered(ready, answer)
    delivery.finish(store, SANDBOX.id, ready, exchange, clock=clock)
    return ready.request.masked()["parameters"]


@pytest.mark.parametrize(
    "message, fields",
    [
        (
            Binary(b"\x01\x00", b"\xab", 127),
            {"type": "binary", "udh": "0100", "body": "AB", "protocol-id": "127"},
        ),
        (
            WapPush("T", "http://x/", 60_000),
            {"type": "wappush", "title": "T", "url": "http://x/", "validity": "60000"},
        ),
        (VCard("BEGIN:VCARD\r\nEND:VCARD"), {"type": "vcard", "vcard": "BEGIN:VCARD\r\nEND:VCARD"}),
        (VCal("BEGIN:VCALENDAR"), {"type": "vcal", "vcal": "BEGIN:VCALENDAR"}),
    ],
)
def test_every_kind_goes_out_as_it_was_written(
    store: Store, clock: Clock, message: Message, fields: dict[str, str]
) -> None:
    sent = press(store, message, clock)
    parameters = step(store, clock, accepted("a"))
    assert {name: parameters[name] for name in fields} == fields
    assert state_of(store, sent) is State.SUBMITTED
    assert restored(message.kind, row_of(store, sent).text, row_of(store, sent).content) == (
        message,
        Route.API,
    )


def test_several_requests_go_in_order_and_make_one_message(store: Store, clock: Clock) -> None:
    sent = press(store, LONG_CARD, clock, route=Route.BINARY)
    other = press(store, Text("later"), clock)
    headers, references = [], set()
    for number in range(3):
        assert state_of(store, sent) is State.QUEUED
        parameters = step(store, clock, accepted(f"part-{number}"))
        headers.append(parameters["udh"][-2:])
        references.add(parameters["client-ref"])
    assert headers == ["01", "02", "03"]
    assert len(references) == 3, "receipts must tell the requests apart"
    row = row_of(store, sent)
    assert (row.state, row.parts_total) == (State.SUBMITTED, 3)
    assert [(part.index, part.gateway_id) for part in row.parts] == [
        (1, "part-0"),
        (2, "part-1"),
        (3, "part-2"),
    ]
    assert step(store, clock, accepted("z"))["text"] == "later"
    assert state_of(store, other) is State.SUBMITTED


@pytest.mark.parametrize(
    "answer, before, state",
    [
        (statuses(["7"]), 0, State.REFUSED),
        (statuses(["7"]), 1, State.PARTIAL),
        (None, 0, State.UNCERTAIN),
        (None, 2, State.UNCERTAIN),
    ],
)
def test_after_a_refusal_or_doubt_the_rest_is_held_back(
    store: Store, clock: Clock, answer: bytes | None, before: int, state: State
) -> None:
    sent = press(store, LONG_CARD, clock, route=Route.BINARY)
    for number in range(before):
        step(store, clock, accepted(f"part-{number}"))
    step(store, clock, answer)
    assert state_of(store, sent) is state
    assert begin(store, clock) is None
    clock.pass_seconds(7_200)
    assert begin(store, clock) is None


def test_a_throttled_part_is_tried_again_and_not_the_ones_before_it(store: Store, clock: Clock) -> None:
    sent = press(store, LONG_CARD, clock, route=Route.BINARY)
    step(store, clock, accepted("part-0"))
    assert step(store, clock, statuses(["1"]))["udh"].endswith("02")
    assert state_of(store, sent) is State.THROTTLED
    clock.pass_seconds(2)
    assert step(store, clock, accepted("part-1"))["udh"].endswith("02")
    assert step(store, clock, accepted("part-2"))["udh"].endswith("03")
    assert state_of(store, sent) is State.SUBMITTED


def test_a_message_is_sent_again_as_it_was(store: Store, clock: Clock) -> None:
    sent = press(store, LONG_CARD, clock, route=Route.BINARY)
    step(store, clock, statuses(["7"]))
    again = Outbox(store, clock=clock).resend(sent, compose_id=ComposeId(new_id()), profile=SANDBOX)
    assert again != sent
    assert step(store, clock, accepted("a"))["type"] == "binary"
    assert restored(Kind.VCARD, row_of(store, again).text, row_of(store, again).content)[0] == LONG_CARD


def test_what_can_t_be_built_is_said_before_it_is_kept(store: Store, clock: Clock) -> None:
    for message in (WapPush("T\0", "http://x"), VCard("x" * 32_001), WapPush("T", "x", action="jump")):
        with pytest.raises(Mendable):
            press(store, message, clock, route=Route.BINARY)


def test_a_store_of_the_first_version_is_read_on(tmp_path: Path, clock: Clock) -> None:
    db = apsw.Connection(str(tmp_path / "store.db"))
    db.execute(MIGRATIONS[0])
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1")
    options = json.dumps({"ttl": None, "callback": None, "message_class": None, "client_ref": "r"})
    db.execute("INSERT INTO conversation VALUES (1, 'sandbox', ?, 1, NULL, 0)", (PHONE,))
    db.execute(
        "INSERT INTO message VALUES (1, 'm', 1, 'sandbox', 'out', 'text', 'Hello', 'Acme', ?, 'queued', 1,"
        " 'c', 1, 1, ?, 0)",
        (options, clock.us + 10**9),
    )
    db.execute("INSERT INTO request VALUES (1, 'm', 1)")
    db.close()
    store = Store(tmp_path / "store.db")
    try:
        parameters = step(store, clock, accepted("a"))
        assert (parameters["text"], parameters["client-ref"]) == ("Hello", "r")
    finally:
        store.close()
