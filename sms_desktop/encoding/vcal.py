"""Events for phones: vCalendar 1.0 and iCalendar 2.0, written and read. Called by encode, services and ui.

versit vCalendar 1.0 and RFC 5545. To be sent as octets (content_lines.to_octets) to port 9205.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sms_desktop.encoding.calendar_times import (
    Zones,
    parse_duration,
    parse_moment,
    write_date,
    write_duration,
    write_moment,
)
from sms_desktop.encoding.content_components import Component, ContentLine, read, split, unescape
from sms_desktop.encoding.content_lines import CRLF, clean, escape, mime_line, versit_line
from sms_desktop.messages.errors import Mendable

Version = Literal["1.0", "2.0"]

_PRODUCT = "-//SMS Desktop//EN"


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of a calendar.

    `start` and `end` are both aware (sent in UTC), both naive (the same time of day wherever the phone is),
    or both dates (whole days; the end is the day after the last). `alarm` is how long before the start it
    rings; a negative one rings behind it.
    """

    summary: str
    start: datetime | date
    end: datetime | date | None = None
    location: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    alarm: timedelta | None = None
    uid: str = ""


# ---------------------------------------------------------------------------------------------------- writing


def write(event: Event, version: Version = "1.0", *, stamp: datetime | None = None) -> str:
    """The calendar with CRLF line ends.

    vCalendar 1.0 knows no whole days: they go from midnight to midnight. iCalendar demands a moment of
    writing and an id: `stamp`, else the start, and the event's own id, else one made of its content, so that
    the same event gives the same octets. Fractions of a second are dropped. Raises Mendable, with the field,
    for an end before the start or of another kind, for a moment outside the years 1 to 9999, for what
    `content_lines.clean` refuses, and for another version.
    """
    if version not in {"1.0", "2.0"}:
        raise Mendable(f"A calendar is written in version 1.0 or 2.0, not {version}.", field="version")
    _refuse_end(event)
    if version == "1.0":
        return _versit(event)
    return _mime(event, stamp)


def _refuse_end(event: Event) -> None:
    start, end = event.start, event.end
    if end is None:
        return
    if _kind(start) != _kind(end):
        raise Mendable(
            "Start and end are not of one kind: both in UTC, both without a zone, or both dates.", field="end"
        )
    if end < start:
        raise Mendable("The end is before the start.", field="end")


def _kind(moment: datetime | date) -> str:
    if not isinstance(moment, datetime):
        return "date"
    return "floating" if moment.tzinfo is None else "utc"


def _versit(event: Event) -> str:
    lines = [f"BEGIN:VCALENDAR{CRLF}VERSION:1.0{CRLF}BEGIN:VEVENT{CRLF}"]

    def add(name: str, text: str, field: str) -> None:
        if text:
            lines.append(versit_line(name, clean(text, field=field), field=field))

    add("UID", event.uid, "uid")
    add("SUMMARY", event.summary, "summary")
    add("DTSTART", _moment(_midnight(event.start), "start"), "start")
    if event.end is not None:
        add("DTEND", _moment(_midnight(event.end), "end"), "end")
    add("LOCATION", event.location, "location")
    add("DESCRIPTION", event.description, "description")
    categories = [clean(one, field="categories") for one in event.categories if one]
    if categories:
        lines.append(versit_line("CATEGORIES", categories, field="categories"))
    if event.alarm is not None:
        # Run time; the snooze time, the repeat count and the sound may be left out (vCalendar 1.0, AALARM).
        try:
            rings = _midnight(event.start) - event.alarm
        except OverflowError:
            raise _outside("alarm") from None
        add("AALARM", _moment(rings, "alarm"), "alarm")
    lines.append(f"END:VEVENT{CRLF}END:VCALENDAR{CRLF}")
    return "".join(lines)


def _mime(event: Event, stamp: datetime | None) -> str:
    lines: list[str] = []

    def add(name: str, text: str, field: str) -> None:
        if text:
            lines.append(mime_line(name, escape(clean(text, field=field))))

    def add_moment(name: str, moment: datetime | date, field: str) -> None:
        is_day = not isinstance(moment, datetime)
        lines.append(mime_line(f"{name};VALUE=DATE" if is_day else name, _moment(moment, field)))

    add("SUMMARY", event.summary, "summary")
    add_moment("DTSTART", event.start, "start")
    if event.end is not None:
        add_moment("DTEND", event.end, "end")
    add("LOCATION", event.location, "location")
    add("DESCRIPTION", event.description, "description")
    categories = [escape(clean(one, field="categories")) for one in event.categories if one]
    if categories:
        lines.append(mime_line("CATEGORIES", ",".join(categories)))
    if event.alarm is not None:
        trigger = mime_line("TRIGGER", write_duration(-event.alarm))
        lines.append(f"BEGIN:VALARM{CRLF}ACTION:AUDIO{CRLF}{trigger}END:VALARM{CRLF}")
    content = "".join(lines)
    uid = clean(event.uid, field="uid") or hashlib.sha256(content.encode()).hexdigest()[:32]
    written = _moment(_midnight(stamp or event.start), "stamp")
    # DTSTAMP is in UTC always (RFC 5545 3.8.7.2).
    head = mime_line("UID", escape(uid)) + mime_line("DTSTAMP", written.removesuffix("Z") + "Z")
    opening = f"BEGIN:VCALENDAR{CRLF}VERSION:2.0{CRLF}PRODID:{_PRODUCT}{CRLF}BEGIN:VEVENT{CRLF}"
    return f"{opening}{head}{content}END:VEVENT{CRLF}END:VCALENDAR{CRLF}"


def _midnight(moment: datetime | date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def _moment(moment: datetime | date, field: str) -> str:
    if not isinstance(moment, datetime):
        return write_date(moment)
    try:
        return write_moment(moment)
    except OverflowError:
        raise _outside(field) from None


def _outside(field: str) -> Mendable:
    return Mendable(f"The {field} lies outside the years 1 to 9999.", field=field)


# ---------------------------------------------------------------------------------------------------- reading


def read_events(text: str) -> tuple[Event, ...]:
    """The events of a text in vCalendar 1.0 or iCalendar 2.0, in order.

    Times of a zone that the calendar defines are read as UTC. What an Event has no place for is left out:
    repetition, attendees, attachments, tasks, all alarms but the first. Raises Mendable, with the line, for
    what is no calendar or can't be read, and for more than `content_components.MAX_CHARACTERS`.
    """
    events: list[Event] = []
    for outermost in read(text, source="vcal"):
        zones = Zones(outermost)
        version = outermost.first("VERSION")
        is_versit = version is not None and version.value.strip() == "1.0"
        inside = [outermost, *outermost.components]
        events += [_event(one, zones, is_versit=is_versit) for one in inside if one.name == "VEVENT"]
    if not events:
        raise Mendable("The text holds no event: BEGIN:VEVENT is missing.", field="vcal")
    return tuple(events)


def _event(component: Component, zones: Zones, *, is_versit: bool) -> Event:
    def text(name: str) -> str:
        line = component.first(name)
        if line is None:
            return ""
        return line.value if is_versit else unescape(line.value)

    start_line = component.first("DTSTART")
    if start_line is None:
        raise Mendable(f"Line {component.number} begins an event without DTSTART.", field="vcal")
    start = _read_moment(start_line, zones)
    end = _end(component, start, zones)
    separator = ";" if is_versit else ","
    categories = [
        one.replace("\\;", ";") if is_versit else unescape(one)
        for line in component.every("CATEGORIES")
        for one in split(line.value, separator, is_versit=is_versit)
        if one
    ]
    return Event(
        summary=text("SUMMARY"),
        start=start,
        end=end,
        location=text("LOCATION"),
        description=text("DESCRIPTION"),
        categories=tuple(categories),
        alarm=_alarm(component, start, end),
        uid=text("UID"),
    )


def _read_moment(line: ContentLine, zones: Zones) -> datetime | date:
    moment = parse_moment(line.value)
    if moment is None:
        raise Mendable(f"Line {line.number} holds no date that there is.", field="vcal")
    if isinstance(moment, datetime) and moment.tzinfo is None and line.parameter("TZID"):
        return zones.in_utc(moment, line)
    return moment


def _end(component: Component, start: datetime | date, zones: Zones) -> datetime | date | None:
    line = component.first("DTEND")
    if line is not None:
        return _read_moment(line, zones)
    line = component.first("DURATION")
    if line is None:
        return None
    duration = parse_duration(line.value)
    if duration is None:
        raise Mendable(f"Line {line.number} holds no duration.", field="vcal")
    try:
        return start + duration
    except OverflowError:
        raise Mendable(f"Line {line.number} ends the event after the year 9999.", field="vcal") from None


def _alarm(component: Component, start: datetime | date, end: datetime | date | None) -> timedelta | None:
    """How long before the start the first alarm rings, if that can be said."""
    line = component.first("AALARM") or component.first("DALARM")
    alarms = [one for one in component.components if one.name == "VALARM"]
    if line is not None:
        rings = parse_moment(line.value.partition(";")[0])
    elif alarms and (line := alarms[0].first("TRIGGER")) is not None:
        duration = parse_duration(line.value)
        if duration is None:
            rings = parse_moment(line.value)
        elif line.parameter("RELATED").upper() != "END":
            return -duration
        elif end is None:
            return None
        else:
            try:
                rings = _midnight(end) + duration
            except OverflowError:
                return None
    else:
        return None
    begins = _midnight(start)
    if not isinstance(rings, datetime) or _kind(rings) != _kind(begins):
        return None
    return begins - rings
