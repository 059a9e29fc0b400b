"""Time stamps of seven octets with their zone, TS 23.040 9.2.3.11. Called by tpdu and validity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from sms_desktop.encoding.tree import Annotator, Field

OCTETS: Final = 7
"""Year, month, day, hour, minute, second, zone: two semi-octets each, the tens last."""

_NAMES: Final = ("Year", "Month", "Day", "Hour", "Minute", "Second")
_CENTURY_PIVOT = 90


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A local time and how far it is from UTC, in quarters of an hour (-79 to 79).

    Only two digits of the year are sent. 90 to 99 are the 1990s, since the first short message is of 1992; 00
    to 89 are this century. Raises ValueError for a time that no calendar has, and for what two digits cannot
    say.
    """

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    offset_quarters: int = 0

    def __post_init__(self) -> None:
        datetime(self.year, self.month, self.day, self.hour, self.minute, self.second, tzinfo=UTC)
        if not 1900 + _CENTURY_PIVOT <= self.year < 2000 + _CENTURY_PIVOT:
            raise ValueError(f"two digits cannot say the year {self.year}")
        if not -79 <= self.offset_quarters <= 79:
            raise ValueError(f"a zone is at most 79 quarters of an hour from UTC, not {self.offset_quarters}")

    @property
    def offset_minutes(self) -> int:
        """Minutes that the local time is ahead of UTC."""
        return 15 * self.offset_quarters

    @property
    def moment(self) -> datetime:
        """The time with its zone."""
        zone = timezone(timedelta(minutes=self.offset_minutes))
        return datetime(self.year, self.month, self.day, self.hour, self.minute, self.second, tzinfo=zone)

    @property
    def words(self) -> str:
        """As `2008-06-24T09:22:04+02:00` (ISO 8601)."""
        return self.moment.isoformat()

    @classmethod
    def of(cls, moment: datetime) -> Timestamp:
        """The stamp of a time that has a zone; fractions of a second and of a quarter of an hour are dropped.

        Raises ValueError for a time without zone and for a year that two digits cannot say.
        """
        offset = moment.utcoffset()
        if offset is None:
            raise ValueError("a time stamp needs a zone")
        if abs(moment.year - 2000) > 1000:  # the ends of the calendar can't be moved to another zone
            raise ValueError(f"two digits cannot say the year {moment.year}")
        quarters = int(offset / timedelta(minutes=15))
        local = moment.astimezone(timezone(timedelta(minutes=15 * quarters)))
        return cls(local.year, local.month, local.day, local.hour, local.minute, local.second, quarters)

    def to_octets(self) -> bytes:
        """The seven octets."""
        numbers = (self.year % 100, self.month, self.day, self.hour, self.minute, self.second)
        sign = 0x08 if self.offset_quarters < 0 else 0
        return bytes(
            [
                *(swapped_decimal(number) for number in numbers),
                swapped_decimal(abs(self.offset_quarters)) | sign,
            ]
        )


def swapped_decimal(number: int) -> int:
    """A number from 0 to 99 as an octet: its tens in the low semi-octet, its units in the high one."""
    return number // 10 | number % 10 << 4


def two_digits(octet: int) -> int | None:
    """The number that an octet of two swapped decimal digits says; None when one of them is no digit."""
    tens, units = octet & 0x0F, octet >> 4
    return 10 * tens + units if tens <= 9 and units <= 9 else None


def parse(octets: bytes) -> Timestamp | None:
    """The time stamp in the first seven octets; None when they hold none."""
    return read(Annotator(octets), 0, "Time Stamp")[0]


def read(annotator: Annotator, start: int, name: str) -> tuple[Timestamp | None, Field]:
    """The time stamp at `start` as a field of seven octets, or of those that are there: at least one.

    What is no time stamp is None, with a problem for each octet that breaks a rule.
    """
    data = annotator.data
    end = min(start + OCTETS, len(data))
    problems_before = len(annotator.problems)
    numbers: list[int] = []
    children = []
    for at, part in zip(range(start, end), _NAMES, strict=False):
        number = two_digits(data[at])
        if number is None:
            annotator.problem(at, f"{part} {data[at]:02X} holds a semi-octet that is no decimal digit.")
            children.append(annotator.octets(part, at, at + 1, "not a number"))
            numbers.append(0)
            continue
        if part == "Year":
            number += 1900 if number >= _CENTURY_PIVOT else 2000
        children.append(annotator.octets(part, at, at + 1, str(number)))
        numbers.append(number)
    stamp = None
    if end - start == OCTETS:
        quarters, zone = _read_zone(annotator, end - 1)
        children.append(zone)
        if len(annotator.problems) == problems_before:
            stamp = _stamp(annotator, start, numbers, quarters)
    else:
        annotator.problem(end, f"{name}: the data ends after {end - start} of {OCTETS} octets.")
    meaning = stamp.words if stamp else "not a time"
    return stamp, annotator.octets(name, start, end, meaning, tuple(children))


def _stamp(annotator: Annotator, start: int, numbers: list[int], quarters: int) -> Timestamp | None:
    year, month, day, hour, minute, second = numbers
    try:
        return Timestamp(year, month, day, hour, minute, second, quarters)
    except ValueError:
        written = f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        annotator.problem(start, f"There is no such time as {written}.")
        return None


def _read_zone(annotator: Annotator, at: int) -> tuple[int, Field]:
    """The zone octet: tens in bits 0 to 2, the sign in bit 3, units in bits 4 to 7."""
    octet = annotator.data[at]
    magnitude = two_digits(octet & 0xF7)
    sign = -1 if octet & 8 else 1
    if magnitude is None:
        annotator.problem(at, f"Time zone {octet:02X} holds a semi-octet that is no decimal digit.")
        meaning = "not a number"
    else:
        hours, quarters = divmod(magnitude, 4)
        meaning = f"UTC{'-' if octet & 8 else '+'}{hours:02}:{15 * quarters:02}"
    children = (
        annotator.bits("Quarters of an Hour, Tens", at, 0, 3),
        annotator.bits("Sign", at, 3, 1, "behind UTC" if octet & 8 else "ahead of UTC"),
        annotator.bits("Quarters of an Hour, Units", at, 4, 4),
    )
    return sign * (magnitude or 0), annotator.octets("Time Zone", at, at + 1, meaning, children)
