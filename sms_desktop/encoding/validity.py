"""How long a service centre keeps trying, TS 23.040 9.2.3.12: relative, absolute, enhanced. For tpdu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, assert_never

from sms_desktop.encoding import timestamps
from sms_desktop.encoding.timestamps import Timestamp, swapped_decimal, two_digits
from sms_desktop.encoding.tree import Annotator, Field
from sms_desktop.messages.errors import Mendable

Format = Literal["none", "enhanced", "relative", "absolute"]
"""TP-VPF, in the order of its two bits (TS 23.040 9.2.3.3)."""

FORMATS: Final[tuple[Format, ...]] = ("none", "enhanced", "relative", "absolute")

LONGEST_MINUTES: Final = 63 * 7 * 24 * 60
"""63 weeks, the longest period that one octet can say."""

_DAY = 24 * 60
_WEEK = 7 * _DAY
_ENHANCED_OCTETS = 7


@dataclass(frozen=True, slots=True)
class Relative:
    """A period in one octet (TS 23.040 9.2.3.12.1): coarser the longer it is."""

    octet: int

    def __post_init__(self) -> None:
        if not 0 <= self.octet <= 255:
            raise ValueError(f"{self.octet} is no octet")

    @property
    def minutes(self) -> int:
        """The period in minutes: 5 to 635,040."""
        return minutes_of(self.octet)

    @property
    def words(self) -> str:
        """As `4 days`."""
        return _period(60 * self.minutes)


@dataclass(frozen=True, slots=True)
class Absolute:
    """The moment when trying ends (TS 23.040 9.2.3.12.2)."""

    until: Timestamp

    @property
    def words(self) -> str:
        """As `until 2008-06-24T09:22:04+02:00`."""
        return f"until {self.until.words}"


@dataclass(frozen=True, slots=True)
class Enhanced:
    """The enhanced format (TS 23.040 9.2.3.12.3): a period, or none, and whether to try only once.

    `period` is the octet of the relative format; or seconds, kept as one octet (1 to 255, `as_clock` False)
    or as hours, minutes and seconds (up to 99:59:59, `as_clock` True); or None for "no period given".
    """

    period: Relative | int | None = None
    as_clock: bool = False
    single_shot: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.period, int):
            low, high = (0, 99 * 3600 + 59 * 60 + 59) if self.as_clock else (1, 255)
            if not low <= self.period <= high:
                raise ValueError(f"a period of {low} to {high} seconds can be said, not {self.period}")
        elif self.as_clock:
            raise ValueError("only seconds can be said as hours, minutes and seconds")

    @property
    def words(self) -> str:
        """The period, and `one try only` where that is asked for."""
        match self.period:
            case None:
                said = "no period given"
            case Relative():
                said = self.period.words
            case int():
                said = _period(self.period)
            case _:
                assert_never(self.period)
        return f"{said}, one try only" if self.single_shot else said


Validity = Relative | Absolute | Enhanced
"""TP-VP, where there is one."""


def minutes_of(octet: int) -> int:
    """The minutes that an octet of the relative format says."""
    if octet <= 143:
        return 5 * (octet + 1)
    if octet <= 167:
        return 12 * 60 + 30 * (octet - 143)
    if octet <= 196:
        return _DAY * (octet - 166)
    return _WEEK * (octet - 192)


def relative(minutes: int) -> Relative:
    """The longest period that one octet can say and that is not longer than `minutes`; 5 minutes at least.

    So nothing is delivered later than asked. Raises Mendable unless it is 1 minute to 63 weeks.
    """
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Mendable(
            f"validity: {minutes} minutes cannot be said; a period is 1 minute to 63 weeks (635040 minutes).",
            field="validity",
        )
    if minutes < 12 * 60 + 30:
        return Relative(max(0, min(minutes, 12 * 60) // 5 - 1))
    if minutes < 2 * _DAY:
        return Relative(143 + (min(minutes, _DAY) - 12 * 60) // 30)
    if minutes < 5 * _WEEK:
        return Relative(166 + min(minutes // _DAY, 30))
    return Relative(192 + minutes // _WEEK)


def format_of(validity: Validity | None) -> Format:
    """The TP-VPF that goes with a period."""
    match validity:
        case None:
            return "none"
        case Relative():
            return "relative"
        case Absolute():
            return "absolute"
        case Enhanced():
            return "enhanced"
        case _:
            assert_never(validity)


def to_octets(validity: Validity | None) -> bytes:
    """TP-VP: no octet, one, or seven."""
    match validity:
        case None:
            return b""
        case Relative():
            return bytes([validity.octet])
        case Absolute():
            return validity.until.to_octets()
        case Enhanced():
            return _enhanced_octets(validity)
        case _:
            assert_never(validity)


def read(annotator: Annotator, start: int, name: str, kind: Format) -> tuple[Validity | None, Field]:
    """TP-VP at `start`, of a format that is not "none"; at least one octet must be there.

    What breaks a rule is None, with problems.
    """
    match kind:
        case "absolute":
            until, field = timestamps.read(annotator, start, name)
            return Absolute(until) if until else None, field
        case "enhanced":
            return _read_enhanced(annotator, start, name)
        case _:
            period = Relative(annotator.data[start])
            return period, annotator.octets(name, start, start + 1, f"{period.words} ({period.octet})")


def _enhanced_octets(validity: Enhanced) -> bytes:
    indicator = validity.single_shot << 6
    period = validity.period
    match period:
        case None:
            octets = bytes([indicator])
        case Relative():
            octets = bytes([indicator | 1, period.octet])
        case int() if validity.as_clock:
            clock = (period // 3600, period // 60 % 60, period % 60)
            octets = bytes([indicator | 3, *(swapped_decimal(number) for number in clock)])
        case int():
            octets = bytes([indicator | 2, period])
        case _:
            assert_never(period)
    return octets.ljust(_ENHANCED_OCTETS, b"\0")


def _read_enhanced(annotator: Annotator, start: int, name: str) -> tuple[Enhanced | None, Field]:
    data = annotator.data
    end = min(start + _ENHANCED_OCTETS, len(data))
    if end - start < _ENHANCED_OCTETS:
        annotator.problem(end, f"{name}: the data ends after {end - start} of {_ENHANCED_OCTETS} octets.")
        return None, annotator.octets(name, start, end, "cut off")
    indicator = data[start]
    kind = indicator & 7
    size = (0, 1, 1, 3)[kind] if kind < 4 else _ENHANCED_OCTETS - 1
    single_shot = bool(indicator & 0x40)
    if indicator & 0xB8 or kind > 3:
        annotator.problem(start, f"Validity indicator {indicator:02X} uses reserved bits.")
    period: Relative | int | None = None
    known = kind < 4 and not indicator & 0x80
    match kind:
        case 1:
            period = Relative(data[start + 1])
        case 2:
            period = data[start + 1]
            if not period:
                annotator.problem(start + 1, "A validity of 0 seconds is reserved.")
                known = False
        case 3:
            period = _clock(data[start + 1 : start + 4])
            if period is None:
                annotator.problem(start + 1, "The validity is no time in hours, minutes and seconds.")
                known = False
    validity = Enhanced(period, as_clock=kind == 3, single_shot=single_shot) if known else None
    words = validity.words if validity else "not a period"
    after = start + 1 + size
    children = [_indicator_field(annotator, start)]
    if size:
        children.append(annotator.octets("Period", start + 1, after, words if known else ""))
    if after < end:
        children.append(annotator.octets("Unused", after, end))
        if any(data[after:end]):
            annotator.problem(after, "The unused octets of an enhanced validity period should be 0.")
    return validity, annotator.octets(name, start, end, words, tuple(children))


def _indicator_field(annotator: Annotator, at: int) -> Field:
    octet = annotator.data[at]
    formats = ("no period", "relative", "seconds", "hours, minutes, seconds")
    children = (
        annotator.bits("Format", at, 0, 3, formats[octet & 7] if octet & 7 < 4 else "reserved"),
        annotator.bits("Reserved", at, 3, 3),
        annotator.bits("Single Shot", at, 6, 1, "one try only" if octet & 0x40 else "repeated tries"),
        annotator.bits("Extension", at, 7, 1),
    )
    return annotator.octets("Functionality Indicator", at, at + 1, children=children)


def _clock(octets: bytes) -> int | None:
    hours, minutes, seconds = (two_digits(octet) for octet in octets)
    if hours is None or minutes is None or seconds is None or minutes > 59 or seconds > 59:
        return None
    return 3600 * hours + 60 * minutes + seconds


def _period(seconds: int) -> str:
    """A period in words, in the largest units that fit without rest, as `12 hours 30 minutes`."""
    if seconds % (60 * _WEEK) == 0 and seconds >= 5 * 60 * _WEEK:
        return f"{seconds // (60 * _WEEK)} weeks"
    said = []
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        number, seconds = divmod(seconds, size)
        if number:
            said.append(f"{number} {unit}" if number == 1 else f"{number} {unit}s")
    return " ".join(said) or "0 seconds"
