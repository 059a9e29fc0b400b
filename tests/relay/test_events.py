from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.relay.events import (
    MAX_PAGE_OCTETS,
    Cursor,
    Event,
    Page,
    WireError,
    encode_page,
    is_ingest_token,
    is_reader_token,
    is_stream_name,
    new_ingest_token,
    new_reader_token,
    parse_page,
    rfc3339,
)

EPOCH = "0123456789abcdef"
epochs = st.text("0123456789abcdef", min_size=16, max_size=16)
sequences = st.integers(0, 2**63 - 1)


@given(epochs, sequences)
def test_a_cursor_is_read_back_as_it_was_written(epoch: str, seq: int) -> None:
    assert Cursor.parse(str(Cursor(epoch, seq))) == Cursor(epoch, seq)


@given(st.text(max_size=60) | st.text("1.0123456789abcdef-\n ", max_size=60))
def test_any_other_text_is_refused_as_a_cursor(text: str) -> None:
    try:
        cursor = Cursor.parse(text)
    except WireError:
        return
    assert str(cursor) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "head",
        f"2.{EPOCH}.1",
        f"1.{EPOCH}.-1",
        f"1.{EPOCH}.01",
        f"1.{EPOCH}.{2**63}",
        f"1.{EPOCH}.1\n",
        f"1.{EPOCH.upper()}.1",
        f"1.{EPOCH}.١",
    ],
)
def test_what_is_nearly_a_cursor_is_refused(text: str) -> None:
    with pytest.raises(WireError):
        Cursor.parse(text)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
times = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis wants bounds without a zone


@st.composite
def pages(draw: st.DrawFn) -> Page:
    numbers = sorted(draw(st.sets(st.integers(1, 1000), max_size=5)))
    events = [
        Event(
            seq=number,
            id=f"{number:032x}",
            stream="main",
            kind=draw(st.sampled_from(["receipt", "inbound", "unreadable", "of-later"])),
            received_at=draw(times),
            signature="unconfigured",
            duplicates=draw(st.integers(0, 9)),
            payload=draw(st.dictionaries(texts, texts, max_size=3)),
        )
        for number in numbers
    ]
    through = max(numbers, default=0) + draw(st.integers(0, 3))
    return Page(
        stream="main",
        epoch=EPOCH,
        events=events,
        next=f"1.{EPOCH}.{through}",
        head=through + 1,
        oldest=1,
        has_more=draw(st.booleans()),
        poll_after_ms=draw(st.integers(0, 500)),
    )


@given(pages())
def test_a_page_is_read_back_as_it_was_written(page: Page) -> None:
    assert parse_page(encode_page(page)) == page


def test_times_are_utc_with_six_digits() -> None:
    assert rfc3339(datetime(2026, 1, 31, 9, 30, tzinfo=UTC)) == "2026-01-31T09:30:00.000000Z"
    assert (
        rfc3339(datetime(2026, 1, 31, 9, tzinfo=timezone(timedelta(hours=2))))
        == "2026-01-31T07:00:00.000000Z"
    )


def document() -> dict[str, Any]:
    event = {
        "seq": 2,
        "id": "a",
        "stream": "main",
        "kind": "receipt",
        "received_at": "2026-01-31T09:30:00.000000Z",
        "signature": "valid",
        "duplicates": 0,
        "payload": {"status": "delivered"},
    }
    return {
        "stream": "main",
        "epoch": EPOCH,
        "events": [event, event | {"seq": 3, "id": "b"}],
        "next": f"1.{EPOCH}.3",
        "head": 3,
        "oldest": 1,
        "has_more": False,
        "poll_after_ms": 0,
        "of_a_later_version": [1],
    }


def changed(**changes: object) -> bytes:
    return json.dumps(document() | changes).encode()


def with_event(**changes: object) -> bytes:
    good = document()
    return json.dumps(good | {"events": [good["events"][0] | changes, good["events"][1]]}).encode()


def test_unknown_members_are_ignored() -> None:
    assert [event.seq for event in parse_page(changed()).events] == [2, 3]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b" " * (MAX_PAGE_OCTETS + 1),
        changed(epoch="x"),
        changed(epoch=EPOCH[::-1]),
        changed(next="3"),
        changed(next=f"1.{EPOCH}.2"),
        changed(head=-1),
        changed(head=2**63),
        changed(oldest="1"),
        changed(poll_after_ms=10**9),
        changed(stream="other"),
        changed(events=[document()["events"][1], document()["events"][0]]),
        changed(events=document()["events"][:1] * 2),
        changed(events=[document()["events"][0]] * 1001),
        with_event(seq=0),
        with_event(seq=2.5),
        with_event(id=""),
        with_event(id="x" * 65),
        with_event(stream="other"),
        with_event(received_at="yesterday"),
        with_event(received_at="2026-01-31T09:30:00"),
        with_event(payload={"status": 1}),
        with_event(payload={"status": {"a": "b"}}),
        with_event(payload=[]),
        with_event(payload={str(i): "" for i in range(257)}),
    ],
)
def test_a_page_that_is_not_one_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        parse_page(data)


@given(st.binary(max_size=100) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(document())), inner),
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_any_octets_give_a_page_or_the_one_error(data: bytes) -> None:
    try:
        parse_page(data)
    except WireError:
        return


def test_tokens_have_their_form_and_differ() -> None:
    ingest = {new_ingest_token() for _ in range(50)}
    reader = {new_reader_token() for _ in range(50)}
    assert len(ingest) == len(reader) == 50
    assert all(is_ingest_token(token) and not is_reader_token(token) for token in ingest)
    assert all(is_reader_token(token) and not is_ingest_token(token) for token in reader)
    assert {len(token) for token in ingest} == {22}


@pytest.mark.parametrize("name", ["main", "a", "Acme-1.live_2", "x" * 64])
def test_names_of_streams(name: str) -> None:
    assert is_stream_name(name)


@pytest.mark.parametrize("name", ["", "-a", ".a", "a b", "a/b", "ä", "x" * 65, "a\n"])
def test_what_is_no_name_of_a_stream(name: str) -> None:
    assert not is_stream_name(name)
