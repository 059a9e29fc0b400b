"""icalendar as judge: it reads back the events that we write, and we read those that it writes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar

from sms_desktop.encoding.vcal import Event, read_events, write

CASES = 1_500
LETTERS = "abc XYZ 019-_~.:=/?!()éßЖ中😀€\"',;\\\n"


def chances(name: str) -> Iterator[random.Random]:
    return (random.Random(f"icalendar {name} {case}") for case in range(CASES))


def a_text(chance: random.Random, letters: str = LETTERS) -> str:
    return "".join(chance.choices(letters, k=chance.randint(0, 90))).strip() or "x"


def an_event(chance: random.Random, letters: str = LETTERS) -> Event:
    start: datetime | date = datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(3 * 10**9))
    assert isinstance(start, datetime)
    start = chance.choice([start, start.replace(tzinfo=None), start.date()])
    length = (
        timedelta(days=chance.randrange(3))
        if type(start) is date
        else timedelta(seconds=chance.randrange(10**6))
    )
    return Event(
        summary=a_text(chance, letters),
        start=start,
        end=start + length,
        location=a_text(chance, letters),
        description=a_text(chance, letters),
        categories=tuple(a_text(chance, letters) for _ in range(chance.randint(1, 3))),
        alarm=timedelta(seconds=chance.randrange(-(10**6), 10**6)),
        uid=a_text(chance, letters),
    )


def read_by_them(text: str) -> Any:
    """The one event; Any, since what its properties are depends on their names."""
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return event


def test_our_events_of_version_2_0_are_read_back() -> None:
    for chance in chances("ours"):
        event = an_event(chance)
        theirs = read_by_them(write(event, "2.0"))
        texts = [str(theirs[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "UID")]
        assert texts == [event.summary, event.location, event.description, event.uid]
        assert [str(one) for one in theirs["CATEGORIES"].cats] == list(event.categories)
        assert [theirs.decoded(name) for name in ("DTSTART", "DTEND")] == [event.start, event.end]
        (alarm,) = theirs.subcomponents
        assert event.alarm is not None
        assert alarm.decoded("TRIGGER") == -event.alarm


def test_our_events_of_version_1_0_are_read_back() -> None:
    # It does not know quoted-printable, which belongs to vCalendar 1.0: the texts are plain and short.
    for chance in chances("plain"):
        event = an_event(chance, "abc XYZ019-_~.:/?!()'")
        theirs = read_by_them(write(event))
        texts = {"SUMMARY": event.summary, "LOCATION": event.location, "DESCRIPTION": event.description}
        for name, text in texts.items():
            if "ENCODING" not in theirs[name].params:
                assert str(theirs[name]) == text
        start = event.start if isinstance(event.start, datetime) else datetime.combine(event.start, time())
        assert theirs.decoded("DTSTART") == start


def test_their_events_are_read() -> None:
    for chance in chances("theirs"):
        event = an_event(chance)
        theirs = icalendar.Event()
        texts = {"summary": event.summary, "location": event.location, "description": event.description}
        for name, text in {**texts, "uid": event.uid}.items():
            theirs.add(name, text)
        theirs.add("categories", list(event.categories))
        theirs.add("dtstart", event.start)
        theirs.add("dtend", event.end)
        alarm = icalendar.Alarm()
        alarm.add("action", "AUDIO")
        assert event.alarm is not None
        alarm.add("trigger", -event.alarm)
        theirs.add_component(alarm)
        calendar = icalendar.Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//judge//EN")
        calendar.add_component(theirs)
        assert read_events(calendar.to_ical().decode()) == (event,)


def test_the_zones_that_they_define_are_read() -> None:
    names = [
        "Europe/Amsterdam",
        "America/New_York",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "America/Sao_Paulo",
    ]
    for name in names:
        zone = icalendar.Timezone.from_tzid(name, first_date=date(1998, 1, 1), last_date=date(2038, 1, 1))
        chance = random.Random(name)
        for _ in range(100):
            local = datetime(2000, 1, 1, 12, tzinfo=UTC) + timedelta(days=chance.randrange(12_000))
            start = local.replace(tzinfo=zone.to_tz())
            theirs = icalendar.Event()
            theirs.add("dtstart", local.replace(tzinfo=None), parameters={"TZID": name})
            calendar = icalendar.Calendar()
            calendar.add("version", "2.0")
            calendar.add_component(zone)
            calendar.add_component(theirs)
            (event,) = read_events(calendar.to_ical().decode())
            assert event.start == start, (name, local)
