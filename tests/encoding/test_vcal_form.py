from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms_desktop.encoding.vcal import read_events
from sms_desktop.encoding.vcal_form import FIELDS, VERSIONS, in_version, read_form, say_moment, write_form
from sms_desktop.messages import durations
from sms_desktop.messages.errors import Mendable

STAMP = datetime(2026, 11, 28, 12, tzinfo=UTC)
letters = st.sampled_from('ab ;,:=\n\t".éж中😀\u202e\u200b') | st.characters(exclude_categories=["Cs", "Cc"])
texts = st.text(letters, min_size=1, max_size=40)
moments = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis wants it so
    max_value=datetime(2099, 1, 1),  # noqa: DTZ001 - hypothesis wants it so
).map(lambda moment: moment.replace(second=0, microsecond=0))
values = st.fixed_dictionaries(
    {"start": moments.map(say_moment)},
    optional={
        "summary": texts,
        "location": texts,
        "description": texts,
        "alarm": st.integers(0, 10_000).map(lambda minutes: durations.say(minutes * 60_000)),
        "categories": st.lists(
            st.text("abcé 中", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=3
        ).map(", ".join),
    },
)
PICKUP = {
    "summary": "Pick up laptop",
    "start": "2026-11-30 14:30",
    "end": "2026-11-30 15:00",
    "location": "Desk 4",
    "alarm": "15 minutes",
    "categories": "Repair, Work",
}
SHARED = """BEGIN:VCALENDAR
PRODID:-//Somebody//EN
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Amsterdam
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:4711@example.org
DTSTAMP:20261101T000000Z
SUMMARY;LANGUAGE=en:Pick up
DTSTART;TZID=Amsterdam:20261130T143000
DURATION:PT1H
RRULE:FREQ=WEEKLY;COUNT=3
ATTENDEE;CN="Doe; Jane":mailto:jane@example.org
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Now
TRIGGER;RELATED=START:-PT5M
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def test_an_event_in_both_versions() -> None:
    assert write_form("", PICKUP, "1.0").text.split("\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:1.0",
        "BEGIN:VEVENT",
        "SUMMARY:Pick up laptop",
        "DTSTART:20261130T143000",
        "DTEND:20261130T150000",
        "LOCATION:Desk 4",
        "CATEGORIES:Repair;Work",
        "AALARM:20261130T141500",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    text = write_form("", PICKUP, "2.0", stamp=STAMP).text
    assert "DTSTAMP:20261128T120000Z\nSUMMARY:Pick up laptop\nDTSTART:20261130T143000\n" in text
    assert "CATEGORIES:Repair,Work\nBEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT15M\nEND:VALARM\n" in text
    assert read_events(text)[0].summary == "Pick up laptop"


@settings(max_examples=150, deadline=None)
@given(values, st.sampled_from(VERSIONS))
def test_what_is_typed_into_the_form_is_read_back(typed: dict[str, str], version: str) -> None:
    written = write_form("", typed, version, stamp=STAMP)
    assert not written.problems
    assert dict(read_form(written.text).values) == typed


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("end", ["", "2026-12-02"])
def test_whole_days(version: str, end: str) -> None:
    typed = {"summary": "Fair", "start": "2026-11-30", "all-day": "on"} | ({"end": end} if end else {})
    text = write_form("", typed, version).text
    assert dict(read_form(text).values) == typed
    assert ("DTEND" in text) == (version == "1.0" or bool(end))
    if end:
        assert "20261203" in text, "the end is the day after the last"


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([name for name in FIELDS if name in {"summary", "location", "description"}]), texts)
def test_what_the_form_does_not_know_survives_its_edits(name: str, value: str) -> None:
    found = read_form(SHARED)
    assert found.kept == ("RRULE", "ATTENDEE")
    assert found.values["start"] == "2026-11-30 13:30Z"
    assert (found.values["end"], found.values["alarm"]) == ("2026-11-30 14:30Z", "5 minutes")
    text = write_form(SHARED, {**found.values, name: value}, "2.0").text
    for kept in (
        "RRULE:FREQ=WEEKLY;COUNT=3",
        'ATTENDEE;CN="Doe; Jane":mailto:jane@example.org',
        "UID:4711@example.org",
        "DTSTART;TZID=Amsterdam:20261130T143000\nDURATION:PT1H",
        "ACTION:DISPLAY\nDESCRIPTION:Now\nTRIGGER;RELATED=START:-PT5M",
    ):
        assert kept in text
    assert read_form(text).values[name] == value


def test_nothing_changes_where_nothing_was_changed() -> None:
    assert write_form(SHARED, read_form(SHARED).values, "1.0").text == SHARED


def test_the_alarm_follows_the_start() -> None:
    text = write_form("", PICKUP, "1.0").text
    later = write_form(text, {**PICKUP, "start": "2026-11-30 14:45"}, "1.0").text
    assert "AALARM:20261130T143000" in later
    assert "ALARM" not in write_form(later, {**PICKUP, "alarm": ""}, "1.0").text
    text = write_form(SHARED, {**read_form(SHARED).values, "alarm": "2 h"}, "2.0").text
    assert "ACTION:DISPLAY\nDESCRIPTION:Now\nTRIGGER:-PT2H\nEND:VALARM" in text
    assert "VALARM" not in write_form(SHARED, {**read_form(SHARED).values, "alarm": ""}, "2.0").text


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("start", "soon", "'soon' is no date and time that there is. Write it as 2026-11-28 14:30."),
        ("start", "2026-02-30 10:00", "is no date and time that there is"),
        ("end", "2026-11-30 14:00", "The end is before the start."),
        ("end", "2026-11-30 16:00Z", "Start and end are not of one kind"),
        ("alarm", "a bit", "Write it as 15 min"),
        ("summary", "a\0", "Character 2 of summary (U+0000) is a control character."),
    ],
)
@pytest.mark.parametrize("version", VERSIONS)
def test_what_cannot_be_written_is_said(version: str, name: str, value: str, sentence: str) -> None:
    text = write_form("", PICKUP, version).text
    written = write_form(text, {**PICKUP, name: value}, version)
    assert sentence in written.problems[name]
    assert dict(read_form(written.text).values).items() >= {**PICKUP, name: ""}.items() - {(name, "")}


@settings(max_examples=80, deadline=None)
@given(values)
def test_the_other_version_says_the_same(typed: dict[str, str]) -> None:
    text = write_form("", typed, "2.0", stamp=STAMP).text
    older = in_version(text, "1.0")
    assert dict(read_form(older).values) == typed
    assert "UID:" in older


def test_the_other_version_keeps_what_the_form_does_not_know() -> None:
    older = in_version(SHARED, "1.0")
    assert "RRULE:FREQ=WEEKLY;COUNT=3" in older
    assert "mailto:jane@example.org" in older
    assert dict(read_form(older).values) == dict(read_form(SHARED).values)


def test_an_empty_form_is_an_empty_text() -> None:
    for version in VERSIONS:
        assert write_form(write_form("", PICKUP, version).text, {}, version).text == ""
    assert write_form("", {"all-day": "on"}, "1.0").text == ""


@pytest.mark.parametrize("text", ["hello", "BEGIN:VCALENDAR", "BEGIN:VCALENDAR\nEND:VCALENDAR", "\0"])
def test_what_is_no_event_is_refused(text: str) -> None:
    with pytest.raises(Mendable):
        read_form(text)
