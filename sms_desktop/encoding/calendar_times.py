"""Dates, moments, durations and time zones of vCalendar 1.0 and iCalendar 2.0. Called by vcal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sms_desktop.encoding.content_components import Component, ContentLine
from sms_desktop.messages.errors import Mendable

_MOMENT = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:T([0-9]{2}):?([0-9]{2}):?([0-9]{2})(Z?))?")
_DURATION = re.compile(
    r"([+-]?)P(?:([0-9]{1,6})W)?(?:([0-9]{1,6})D)?"
    r"(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?"
)
_OFFSET = re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?")
_NTH_DAY = re.compile(r"([+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def write_moment(moment: datetime) -> str:
    """Whole seconds: an aware moment in UTC (`...Z`), a naive one floating.

    Raises OverflowError for a moment that has no date in UTC.
    """
    suffix = ""
    if moment.tzinfo is not None:
        moment, suffix = moment.astimezone(UTC), "Z"
    return f"{write_date(moment)}T{moment.hour:02}{moment.minute:02}{moment.second:02}{suffix}"


def write_date(day: date) -> str:
    """A date as YYYYMMDD."""
    return f"{day.year:04}{day.month:02}{day.day:02}"


def write_duration(duration: timedelta) -> str:
    """Whole seconds, with a sign when negative (RFC 5545 3.3.6)."""
    seconds = duration // timedelta(seconds=1)
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    days, seconds = divmod(seconds, 86_400)
    parts = ((seconds // 3_600, "H"), (seconds // 60 % 60, "M"), (seconds % 60, "S"))
    time = "".join(f"{count}{unit}" for count, unit in parts if count)
    if not days and not time:
        return "PT0S"
    return f"{sign}P{f'{days}D' if days else ''}{f'T{time}' if time else ''}"


def parse_moment(value: str) -> datetime | date | None:
    """A date, a naive moment, or an aware one in UTC; None for anything else.

    A leap second is read as the second before.
    """
    found = _MOMENT.fullmatch(value.strip())
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if found[4] is None:
            return day
        hour, minute, second = int(found[4]), int(found[5]), min(int(found[6]), 59)
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC if found[7] else None)
    except ValueError:
        return None


def parse_duration(value: str) -> timedelta | None:
    """A duration of RFC 5545 3.3.6, or None."""
    found = _DURATION.fullmatch(value.strip())
    if found is None or not any(found.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(count or 0) for count in found.groups()[1:])
    duration = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -duration if found[1] == "-" else duration


@dataclass(frozen=True, slots=True)
class _Observance:
    """From each of its onsets on, local time is UTC plus `offset`.

    `onsets` are the local times that are listed, DTSTART first; `rule` adds one a year.
    """

    onsets: tuple[datetime, ...]
    offset: timedelta
    offset_before: timedelta
    rule: _YearlyRule | None

    def latest(self, local: datetime) -> datetime | None:
        """The last onset at or before a local time."""
        candidates = [onset for onset in self.onsets if onset <= local]
        if self.rule is not None:
            last = min(local.year, self.rule.until.year) if self.rule.until else local.year
            yearly = (self.rule.onset(year, self.onsets[0]) for year in (last, last - 1))
            candidates += [one for one in yearly if one is not None and self.onsets[0] <= one <= local]
        return max(candidates, default=None)


@dataclass(frozen=True, slots=True)
class _YearlyRule:
    """Once a year in a month: on the nth weekday (negative: from the end), 0 for the first onset's day."""

    month: int
    nth: int
    weekday: int
    until: datetime | None

    def onset(self, year: int, first: datetime) -> datetime | None:
        """The onset in a year, if the rule has one there."""
        try:
            day = date(year, self.month, first.day) if self.nth == 0 else self._nth_weekday(year)
        except (ValueError, OverflowError):
            return None
        onset = datetime.combine(day, first.time())
        is_over = self.until is not None and onset > self.until
        return None if is_over or day.month != self.month else onset

    def _nth_weekday(self, year: int) -> date:
        if self.nth > 0:
            day = date(year, self.month, 1)
            return day + timedelta(days=(self.weekday - day.weekday()) % 7 + 7 * (self.nth - 1))
        next_month = date(year + self.month // 12, self.month % 12 + 1, 1)
        last = next_month - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - self.weekday) % 7 + 7 * (-self.nth - 1))


class Zones:
    """The time zones that a calendar defines (RFC 5545 3.6.5)."""

    def __init__(self, calendar: Component) -> None:
        self._components = {
            line.value: one
            for one in calendar.components
            if one.name == "VTIMEZONE" and (line := one.first("TZID")) is not None
        }
        self._observances: dict[str, list[_Observance]] = {}

    def in_utc(self, local: datetime, line: ContentLine) -> datetime:
        """A naive moment of the zone that a line names, in UTC.

        A time that occurs twice is the first of the two. Raises Mendable, with the line, for a zone that the
        calendar does not define, or defines by other rules than yearly ones.
        """
        name = line.parameter("TZID")
        zone = self._components.get(name)
        if zone is None:
            raise _broken(line, f"names the time zone {name[:60]}, which the calendar does not define")
        if name not in self._observances:
            self._observances[name] = [
                _observance(one) for one in zone.components if one.name in {"STANDARD", "DAYLIGHT"}
            ]
        observances = self._observances[name]
        if not observances:
            raise _broken(line, f"names the time zone {name[:60]}, which says nothing")
        dated = [(onset, one) for one in observances if (onset := one.latest(local)) is not None]
        if dated:
            offset = max(dated, key=lambda pair: pair[0])[1].offset
        else:
            offset = min(observances, key=lambda one: one.onsets[0]).offset_before
        try:
            return (local - offset).replace(tzinfo=UTC)
        except OverflowError:
            raise _broken(line, "holds a time outside the years 1 to 9999") from None


def _observance(component: Component) -> _Observance:
    start = component.first("DTSTART")
    moment = parse_moment(start.value) if start is not None else None
    if start is None or not isinstance(moment, datetime):
        raise Mendable(f"Line {component.number} begins a time zone rule without DTSTART.", field="vcal")
    first = moment.replace(tzinfo=None)
    onsets = [first]
    for line in component.every("RDATE"):
        listed = [parse_moment(value) for value in line.value.split(",")]
        onsets += [one.replace(tzinfo=None) for one in listed if isinstance(one, datetime)]
    after = _offset(component, "TZOFFSETTO")
    before = _offset(component, "TZOFFSETFROM")
    rule = component.first("RRULE")
    return _Observance(tuple(onsets), after, before, _rule(rule, first, before) if rule is not None else None)


def _offset(component: Component, name: str) -> timedelta:
    line = component.first(name)
    found = _OFFSET.fullmatch(line.value.strip()) if line is not None else None
    if found is None:
        raise Mendable(f"Line {component.number} begins a time zone rule without {name}.", field="vcal")
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -offset if found[1] == "-" else offset


def _rule(line: ContentLine, first: datetime, offset: timedelta) -> _YearlyRule:
    pairs = (part.partition("=") for part in line.value.upper().split(";"))
    said = {name.strip(): value.strip() for name, _, value in pairs if name.strip()}
    rest = said.keys() - {"FREQ", "INTERVAL", "BYMONTH", "BYDAY", "UNTIL", "WKST"}
    is_yearly = said.get("FREQ") == "YEARLY" and said.get("INTERVAL", "1") == "1"
    month = said.get("BYMONTH", str(first.month))
    day = _NTH_DAY.fullmatch(said.get("BYDAY", ""))
    until = parse_moment(said.get("UNTIL", ""))
    is_read = bool(day) == ("BYDAY" in said) and (until is not None) == ("UNTIL" in said)
    if rest or not is_yearly or not is_read or not re.fullmatch("[1-9]|1[0-2]", month):
        raise _broken(line, "holds a rule for a time zone that is not understood here")
    end = None
    if isinstance(until, datetime):
        end = until.replace(tzinfo=None)
        if until.tzinfo is not None and 1 < end.year < 9999:
            end += offset
    elif until is not None:
        end = datetime.combine(until, first.time())
    nth, weekday = (int(day[1]), _DAYS.index(day[2])) if day is not None else (0, 0)
    return _YearlyRule(int(month), nth, weekday, end)


def _broken(line: ContentLine, what: str) -> Mendable:
    return Mendable(f"Line {line.number} {what}.", field="vcal")
