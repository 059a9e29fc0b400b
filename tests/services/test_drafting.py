"""From what was typed to what is meant, and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.messages.drafts import MAIN_FIELD, OPTION_FIELDS, OTHER_FIELDS, Draft, pane_of
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.options import Options
from sms_desktop.messages.wire import Route
from sms_desktop.services.drafting import carried, draft_of, message_of, read

_WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
_NAMES = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1)
_MOMENTS = st.datetimes(timezones=st.just(UTC))
_MESSAGES: st.SearchStrategy[Message] = st.one_of(
    _WORDS.map(Text),
    _WORDS.map(Unicode),
    st.builds(Binary, st.binary(max_size=140), st.binary(max_size=140), st.none() | st.integers(0, 255)),
    st.builds(
        WapPush,
        _WORDS,
        _NAMES,
        validity_ms=st.none() | st.integers(1, 10**9),
        created=st.none() | _MOMENTS,
        expires=st.none() | _MOMENTS,
        action=st.none() | st.just("signal-high"),
        si_id=st.none() | _NAMES,
    ),
    _WORDS.map(VCard),
    _WORDS.map(VCal),
)
_OPTIONS = st.builds(
    Options,
    ttl=st.none() | st.integers(20_000, 604_800_000),
    callback=st.none() | st.just("https://example.com/d"),
    message_class=st.none() | st.integers(0, 3),
    client_ref=st.none() | _NAMES,
    status_report=st.none() | st.booleans(),
    account_ref=st.none() | _NAMES,
    entity_id=st.none() | _NAMES,
    content_id=st.none() | _NAMES,
    trusted_number=st.none() | st.booleans(),
    pool_id=st.none() | _NAMES,
)


@given(_MESSAGES, _OPTIONS, st.none() | st.sampled_from(Route), st.none() | _NAMES)
def test_what_a_message_is_drafted_as_is_read_as_that_message(
    message: Message, options: Options, route: Route | None, sender: str | None
) -> None:
    if isinstance(message, WapPush) and route is Route.API:  # it can't carry these: they mean nothing there
        message = replace(message, created=None, expires=None, action=None, si_id=None)
    if isinstance(message, WapPush) and route is Route.BINARY:
        message = replace(message, validity_ms=None)
    written = read(draft_of(message, options, route=route, sender=sender))
    assert (written.message, written.options, written.route, written.sender) == (
        message,
        options,
        route,
        sender,
    )
    assert written.problems == ()


_FIELDS = sorted(
    {*OPTION_FIELDS, *MAIN_FIELD.values(), *(name for each in OTHER_FIELDS.values() for name in each)}
)


@given(st.sampled_from(Kind), st.text(), st.dictionaries(st.sampled_from(_FIELDS), st.text()))
def test_whatever_is_typed_is_read_without_an_exception(
    kind: Kind, text: str, fields: dict[str, str]
) -> None:
    written = read(Draft(kind, text, fields))
    assert written.message.kind is kind
    assert {problem.field for problem in written.problems} <= {*fields, MAIN_FIELD[kind]}


@pytest.mark.parametrize(
    "draft, field, words",
    [
        (Draft(Kind.BINARY, "0G"), "body", "character 2"),
        (Draft(Kind.BINARY, "00", {"udh": "060"}), "udh", "stands alone"),
        (Draft(Kind.BINARY, "00", {"protocol-id": "x"}), "protocol-id", "not a number"),
        (Draft(Kind.WAPPUSH, "Hi", {"url": "http://a/", "expires": "tomorrow"}), "expires", "not a date"),
        (Draft(Kind.WAPPUSH, "Hi", {"validity": "long"}), "validity", "no duration"),
        (Draft(Kind.TEXT, "Hi", {"ttl": "2 fortnights"}), "ttl", "no duration"),
        (Draft(Kind.TEXT, "Hi", {"status-report-req": "maybe"}), "status-report-req", "on or off"),
        (Draft(Kind.VCARD, "BEGIN:VCARD", {"as": "pigeon"}), "as", "api or binary"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_and_the_rest_is_read(
    draft: Draft, field: str, words: str
) -> None:
    written = read(draft)
    assert [(problem.field, words in problem.sentence) for problem in written.problems] == [(field, True)]
    with pytest.raises(Mendable) as refused:
        message_of(draft)
    assert refused.value.field == field


def test_a_date_without_a_zone_is_utc_and_with_one_is_kept() -> None:
    push = Draft(Kind.WAPPUSH, "Hi", {"created": "2026-11-21 18:30", "expires": "2026-11-21T18:30:00+02:00"})
    message = message_of(push)
    assert isinstance(message, WapPush)
    assert message.created == datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
    assert message.expires == datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
    assert message.expires is not None
    assert message.expires.utcoffset() == timedelta(hours=2)


def test_words_and_options_go_along_into_another_pane() -> None:
    text = Draft(Kind.TEXT, "Your report\nis ready", {"ttl": "2 h"})
    assert carried(text, Kind.UNICODE) == Draft(Kind.UNICODE, text.text, text.fields)
    assert carried(text, Kind.WAPPUSH) == Draft(Kind.WAPPUSH, "Your report is ready", {"ttl": "2 h"})
    assert carried(text, Kind.VCARD) == Draft(Kind.VCARD, "", {"ttl": "2 h"})
    push = Draft(Kind.WAPPUSH, "Ready", {"url": "http://a/", "validity": "2 days", "ttl": "2 h"})
    assert carried(push, Kind.TEXT) == Draft(Kind.TEXT, "Ready\nhttp://a/", {"ttl": "2 h"})


def test_options_alone_are_no_message() -> None:
    assert not Draft(Kind.TEXT, "", {"ttl": "2 h", "from": "Helpdesk"})
    assert not Draft(Kind.WAPPUSH, "", {"as": "binary"})
    assert Draft(Kind.WAPPUSH, "", {"url": "h"})
    assert pane_of(Kind.UNICODE) is pane_of(Kind.TEXT)
