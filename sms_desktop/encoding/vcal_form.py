"""An event as the fields of a form, and the text of a vCalendar kept in step with them. Called by ui.

The text is what is sent. A field changes its own property and nothing else; what the form has no field for is
kept as it is written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from sms_desktop.encoding.calendar_times import write_date, write_duration, write_moment
from sms_desktop.encoding.property_text import (
    FormText,
    Placed,
    PropertyText,
    Rewritten,
    parts_lines,
    text_lines,
)
from sms_desktop.encoding.vcal import Event, read_events
from sms_desktop.messages import durations
from sms_desktop.messages.errors import Mendable

FIELDS = ("summary", "start", "end", "all-day", "location", "description", "alarm", "categories")
"""The fields of the form.

`start` and `end` are 2026-11-28 14:30, the phone's own time, or UTC with a Z behind; with `all-day` (`on`)
they are dates, and `end` is the last day. `alarm` is a duration before the start. `categories` have commas
between.
"""

VERSIONS = ("1.0", "2.0")
"""The versions that phones take: vCalendar and iCalendar."""

_ORDER = (
    *("VERSION", "UID", "DTSTAMP", "SUMMARY", "DTSTART", "DTEND", "DURATION"),
    *("LOCATION", "DESCRIPTION", "CATEGORIES", "AALARM", "DALARM"),
)
_TEXTS = {"summary": "SUMMARY", "location": "LOCATION", "description": "DESCRIPTION"}
_WHEN = ("start", "end", "all-day")
_ALARM_OF_OURS = "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:{}\nEND:VALARM"
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?:[T ]+([0-9]{1,2}:[0-9]{2})(?::([0-9]{2}))?)?\s*(Z|UTC)?",
    re.IGNORECASE,
)

_Moment = datetime | date


def read_form(text: str) -> FormText:
    """The fields of the first event of a text. Raises Mendable, with the line, for what can't be read."""
    if not text.strip():
        return FormText({}, "")
    return _Entry(text, is_ours=False).form()


def write_form(
    text: str, values: Mapping[str, str], version: str, *, stamp: datetime | None = None
) -> Rewritten:
    """The text with these fields: those that differ from what it says are changed, those missing taken out.

    An empty text becomes a calendar of `version`, written at `stamp` (now, if None); an event of which
    nothing is left becomes an empty text. Raises Mendable for a text that can't be read.
    """
    wanted = {name: value.replace("\r\n", "\n").replace("\r", "\n") for name, value in values.items()}
    if not text.strip():
        if not any(value for name, value in wanted.items() if name != "all-day"):
            return Rewritten("", {})
        text = _frame(version, stamp or datetime.now(UTC))
    problems: dict[str, str] = {}
    entry = _Entry(text, is_ours=False)
    known = entry.form().values
    changes = [name for name in FIELDS if wanted.get(name, "") != known.get(name, "")]
    for name in changes:
        if name in _TEXTS or name == "categories":
            try:
                text = _Entry(text).written(name, wanted.get(name, ""))
            except Mendable as refused:
                problems[name] = refused.message
    if any(name in changes for name in (*_WHEN, "alarm")):
        text = _timed(text, entry, wanted, changes, problems)
    return Rewritten("" if _Entry(text).is_empty() else text, problems)


def in_version(text: str, version: str) -> str:
    """The same event in the other version's notation, properties that the form does not know included.

    Raises Mendable for a text that can't be read, or that the version has no notation for.
    """
    if not text.strip():
        return text
    entry = _Entry(text, is_ours=False)
    if entry.source.version == version:
        return text
    made = write_form("", entry.form().values, version).text or _frame(version, datetime.now(UTC))
    source = entry.source
    identity = source.first("UID")
    for placed in source.properties:
        line = placed.line
        if line.name in _ORDER or (line.name == "PRODID"):
            continue
        if line.parameter("ENCODING").upper() in {"BASE64", "B"}:
            lines = source.raw(placed)
        else:
            lines = parts_lines(
                source.head(placed), source.parts(placed), is_versit=version == "1.0", field=line.name
            )
        made = PropertyText(made, component="VEVENT", source="vcal").add_last(lines)
    if identity is not None:
        target = PropertyText(made, component="VEVENT", source="vcal")
        lines = text_lines("UID", source.text(identity), is_versit=version == "1.0", field="uid")
        old = target.first("UID")
        made = target.put(old, lines) if old is not None else target.add(lines, "UID", _ORDER)
    return made


def parse_moment(typed: str, *, field: str) -> _Moment:
    """A date, or a date and time: floating, or UTC with Z behind it. Raises Mendable, naming `field`."""
    found = _MOMENT.fullmatch(typed.strip())
    try:
        if found is not None:
            year, month, day = map(int, found[1].split("-"))
            if found[2] is None:
                if found[4] is None:
                    return date(year, month, day)
            else:
                hour, minute = map(int, found[2].split(":"))
                zone = UTC if found[4] else None
                return datetime(year, month, day, hour, minute, int(found[3] or 0), tzinfo=zone)
    except ValueError:
        pass
    raise Mendable(
        f"{typed.strip()[:40]!r} is no date and time that there is. Write it as 2026-11-28 14:30.",
        field=field,
    )


def say_moment(moment: _Moment) -> str:
    """A moment as it is typed."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    clock = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    return f"{moment.date().isoformat()} {clock}{'Z' if moment.tzinfo is not None else ''}"


class _Entry:
    """The first event of a text."""

    def __init__(self, text: str, *, is_ours: bool = True) -> None:
        self.text = text
        self.source = PropertyText(text, component="VEVENT", source="vcal", is_ours=is_ours)
        self.is_versit = self.source.is_versit
        self.event: Event | None = read_events(text)[0] if self.source.first("DTSTART") else None

    def form(self) -> FormText:
        """The fields."""
        source, event = self.source, self.event
        values = {field: source.text(source.first(name)) for field, name in _TEXTS.items()}
        values["categories"] = ", ".join(self.categories())
        if event is not None:
            values |= _when(event, is_versit=self.is_versit)
        return FormText(
            {name: value for name, value in values.items() if value},
            source.version or "1.0",
            tuple(
                dict.fromkeys(
                    placed.line.name
                    for placed in source.properties
                    if placed.line.name not in _ORDER and placed.line.value
                )
            ),
            source.count,
        )

    def is_empty(self) -> bool:
        """Whether nothing is left but the frame."""
        names = {placed.line.name for placed in self.source.properties if placed.line.value.strip()}
        return self.source.count == 1 and names <= {"UID", "DTSTAMP"} and self.source.inside("VALARM") is None

    def categories(self) -> list[str]:
        """All categories."""
        separator = ";" if self.is_versit else ","
        return [
            part
            for placed in self.source.every("CATEGORIES")
            for part in self.source.parts(placed, separator)
            if part
        ]

    def written(self, field: str, value: str) -> str:
        """The text with another text or other categories."""
        if field == "categories":
            parts = [part.strip() for part in value.split(",") if part.strip()]
            separator = ";" if self.is_versit else ","
            lines = (
                parts_lines("CATEGORIES", parts, is_versit=self.is_versit, field=field, separator=separator)
                if parts
                else []
            )
            return self._put("CATEGORIES", lines)
        name = _TEXTS[field]
        placed = self.source.first(name)
        head = name if placed is None else self.source.head(placed)
        return self._put(
            name, text_lines(head, value, is_versit=self.is_versit, field=field) if value else []
        )

    def with_moment(self, name: str, moment: _Moment | None) -> str:
        """The text with another start or end."""
        if moment is None:
            return self._put(name, [])
        if isinstance(moment, datetime):
            return self._put(name, [f"{name}:{write_moment(moment)}"])
        if self.is_versit:
            return self._put(name, [f"{name}:{write_moment(datetime.combine(moment, time()))}"])
        return self._put(name, [f"{name};VALUE=DATE:{write_date(moment)}"])

    def with_alarm(self, before: timedelta | None) -> str:
        """The text with another alarm."""
        if self.is_versit:
            if before is None or self.event is None:
                return _Entry(self._put("AALARM", [])).put_out("DALARM")
            rings = _begin(self.event.start) - before
            return self._put("AALARM", [f"AALARM:{write_moment(rings)}"])
        inside = self.source.inside("VALARM")
        if before is None:
            return self.text if inside is None else self.source.without(*inside)
        trigger = write_duration(-before)
        if inside is None:
            return self.source.add_last(_ALARM_OF_OURS.format(trigger).split("\n"))
        alarm = PropertyText(self.text, component="VALARM", source="vcal", is_ours=True)
        placed = alarm.first("TRIGGER")
        line = [f"TRIGGER:{trigger}"]
        return alarm.add_last(line) if placed is None else alarm.put(placed, line)

    def put_out(self, name: str) -> str:
        """The text without a property."""
        return self._put(name, [])

    def _put(self, name: str, lines: list[str]) -> str:
        placed: Placed | None = self.source.first(name)
        if placed is not None:
            return self.source.put(placed, lines)
        return self.source.add(lines, name, _ORDER) if lines else self.text


def _when(event: Event, *, is_versit: bool) -> dict[str, str]:
    start, end = event.start, event.end
    found: dict[str, str] = {}
    if is_versit and end is not None and _is_midnight(start) and _is_midnight(end) and end > start:
        # vCalendar 1.0 knows no whole days: they go from midnight to midnight.
        start, end = _begin(start).date(), _begin(end).date()
    if not isinstance(start, datetime):
        found["all-day"] = "on"
        if end is not None and not isinstance(end, datetime) and end > start:
            end = end - timedelta(days=1)
            if end == start:
                end = None
    found["start"] = say_moment(start)
    if end is not None:
        found["end"] = say_moment(end)
    if event.alarm is not None and event.alarm >= timedelta():
        found["alarm"] = durations.say(event.alarm // timedelta(milliseconds=1))
    return found


def _timed(
    text: str, entry: _Entry, wanted: Mapping[str, str], changes: list[str], problems: dict[str, str]
) -> str:
    """The text with other times. The alarm of vCalendar 1.0 is a moment, which follows the start."""
    before = entry.event.alarm if entry.event is not None else None
    whole = wanted.get("all-day") == "on"
    moments: dict[str, _Moment | None] = {"start": None, "end": None}
    for name in moments:
        if wanted.get(name, "").strip():
            try:
                moments[name] = parse_moment(wanted[name], field=name)
            except Mendable as refused:
                problems[name] = refused.message
    alarm = before
    if "alarm" in changes:
        alarm = None
        if wanted.get("alarm", "").strip():
            try:
                alarm = timedelta(milliseconds=durations.parse(wanted["alarm"], field="alarm"))
            except Mendable:
                problems["alarm"] = (
                    "Write it as 15 min, 1 h 30 min or 2 days: so long before the start it rings."
                )
                alarm = before
    if problems.keys() & moments.keys():
        return text
    start, end = moments["start"], moments["end"]
    if any(name in changes for name in _WHEN):
        refused_end = _refuse(start, end, whole=whole)
        if refused_end is not None:
            problems["end"] = refused_end
            end = None
        if whole:
            start, end = _days(start, end, is_versit=entry.is_versit)
        elif start is not None:
            start = _begin(start)
            end = None if end is None else _begin(end)
        text = _Entry(text).with_moment("DTSTART", start)
        text = _Entry(text).with_moment("DTEND", end)
        text = _Entry(text).put_out("DURATION")
    if "alarm" in changes or (entry.is_versit and before is not None):
        try:
            if start is None and alarm is not None:
                problems["alarm"] = "An alarm needs a start."
            else:
                text = _Entry(text).with_alarm(alarm)
        except OverflowError:
            problems["alarm"] = "The alarm lies outside the years 1 to 9999."
    return text


def _refuse(start: _Moment | None, end: _Moment | None, *, whole: bool) -> str | None:
    if end is None:
        return None
    if start is None:
        return "An end needs a start."
    first, last = _begin(start), _begin(end)
    if (first.tzinfo is None) != (last.tzinfo is None) and not whole:
        return "Start and end are not of one kind: both with Z (UTC), or both without."
    if first.replace(tzinfo=None) > last.replace(tzinfo=None):
        return "The end is before the start."
    if whole and last.date() == date.max:
        return "The end lies outside the years 1 to 9999."
    return None


def _days(
    start: _Moment | None, end: _Moment | None, *, is_versit: bool
) -> tuple[_Moment | None, _Moment | None]:
    """Whole days as they are written: the end is the day after the last."""
    if start is None:
        return None, None
    first = _begin(start).date()
    last = first if end is None else _begin(end).date()
    if last == date.max or (end is None and not is_versit):
        return first, None
    return first, last + timedelta(days=1)


def _begin(moment: _Moment) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def _is_midnight(moment: _Moment) -> bool:
    return isinstance(moment, datetime) and moment.tzinfo is None and moment.time() == time()


def _frame(version: str, stamp: datetime) -> str:
    if version == "1.0":
        return "BEGIN:VCALENDAR\nVERSION:1.0\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n"
    # iCalendar demands an id and a moment of writing; octets are dear.
    uid = hashlib.sha256(stamp.isoformat().encode()).hexdigest()[:16]
    return (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//SMS Desktop//EN\nBEGIN:VEVENT\n"
        f"UID:{uid}\nDTSTAMP:{write_moment(stamp)}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
