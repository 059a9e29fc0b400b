"""Addresses of TS 23.040 9.1.2.5: digits in swapped semi-octets, or words in GSM-7. Called by tpdu and udh.

The same field carries senders, destinations and recipients, where its length counts semi-octets, and the
service centre (TS 24.011 8.2.5.1), where it counts octets, the type of address among them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.tree import Annotator, Field
from sms_desktop.messages.errors import Mendable

UNKNOWN: Final = 0
INTERNATIONAL: Final = 1
NATIONAL: Final = 2
ALPHANUMERIC: Final = 5
"""Types of number that programs ask for (TS 23.040 9.1.2.5)."""

ISDN: Final = 1
"""The numbering plan of telephone numbers (E.164)."""

MAX_SEMI_OCTETS: Final = 20

LengthUnit = Literal["semi-octets", "octets"]
"""What the length counts: semi-octets of the value, or octets of type and value (the service centre)."""

_TYPES = (
    "unknown",
    "international",
    "national",
    "network specific",
    "subscriber number",
    "alphanumeric",
    "abbreviated",
    "reserved",
)
_PLANS = {
    0: "unknown",
    1: "ISDN, telephone (E.164)",
    3: "data (X.121)",
    4: "telex",
    5: "SC specific 5",
    6: "SC specific 6",
    8: "national",
    9: "private",
    10: "ERMES",
    15: "reserved for extension",
}

_DIGITS = "0123456789*#abc"
_FILLER = 0xF
_UNREADABLE = "?"  # which GSM-7 has, and no number
_WRITTEN = re.compile(r"\+?[0-9*#abc]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A number, or words as a sender may bear.

    `value` is digits (with `*`, `#`, `a`, `b`, `c`; TS 23.040 9.1.2.3) without `+`, or, for an alphanumeric
    one, its text. Raises Mendable when the value can't be written so.
    """

    value: str
    type_of_number: int = UNKNOWN
    numbering_plan: int = ISDN

    def __post_init__(self) -> None:
        if not (0 <= self.type_of_number <= 7 and 0 <= self.numbering_plan <= 15):
            raise ValueError(f"no such type {self.type_of_number} or plan {self.numbering_plan}")
        if self.is_alphanumeric:
            if not gsm7.is_encodable(self.value):
                raise Mendable(f"The address {self.value} has a character outside GSM-7.", field="from")
        elif any(character not in _DIGITS for character in self.value):
            raise Mendable(f"The address {self.value} is no number.", field="to")
        if self.semi_octets > MAX_SEMI_OCTETS:
            raise Mendable(
                f"The address {self.value} is too long; it has 20 digits or 11 characters at most.",
                field="to",
            )

    @property
    def is_alphanumeric(self) -> bool:
        """Whether the value is text rather than digits."""
        return self.type_of_number == ALPHANUMERIC

    @property
    def semi_octets(self) -> int:
        """The semi-octets that the value takes, without filler."""
        if self.is_alphanumeric:
            return -(-7 * len(gsm7.encode(self.value)) // 4)
        return len(self.value)

    @property
    def type_octet(self) -> int:
        """The type of address: 0x91 for an international telephone number."""
        return 0x80 | self.type_of_number << 4 | self.numbering_plan

    @property
    def text(self) -> str:
        """As people write it: `+31612345678`, `12220`, `Vodafone`."""
        return f"+{self.value}" if self.type_of_number == INTERNATIONAL and self.value else self.value

    @classmethod
    def of(cls, text: str) -> Address:
        """The address that a person means: `+` is international, digits alone unknown, anything else words.

        Raises Mendable for one that is too long or has characters outside GSM-7.
        """
        if not _WRITTEN.fullmatch(text):
            return cls(text, ALPHANUMERIC, 0)
        return cls(text[1:], INTERNATIONAL) if text.startswith("+") else cls(text)

    def to_octets(self, unit: LengthUnit = "semi-octets") -> bytes:
        """The field with its length octet."""
        if self.is_alphanumeric:
            value = gsm7.pack(gsm7.encode(self.value))
        else:
            semi_octets = [_DIGITS.index(digit) for digit in self.value]
            if len(semi_octets) % 2:
                semi_octets.append(_FILLER)
            pairs = zip(semi_octets[::2], semi_octets[1::2], strict=True)
            value = bytes(low | high << 4 for low, high in pairs)
        length = self.semi_octets if unit == "semi-octets" else 1 + len(value)
        return bytes([length, self.type_octet]) + value


def parse(octets: bytes, unit: LengthUnit = "semi-octets") -> Address | None:
    """The address in octets that begin with its length; None when they hold none."""
    return read(Annotator(octets), 0, "Address", unit)[0] if octets else None


def read(
    annotator: Annotator, start: int, name: str, unit: LengthUnit = "semi-octets", *, end: int | None = None
) -> tuple[Address | None, Field, int]:
    """The address at `start`: what it is, its field, and where it ends. Its length octet must be there.

    None when it has no type, is cut off or too long, or has a filler among its digits; then problems say why,
    and the field shows what could be read. `end` bounds what may be read.
    """
    data = annotator.data
    limit = len(data) if end is None else end
    length = data[start]
    size = 1 + (length + 1) // 2 if unit == "semi-octets" else length
    counted = unit[:-1] if length == 1 else unit
    first = annotator.octets("Address Length", start, start + 1, f"{length} {counted}")
    if not size:
        return None, annotator.octets(name, start, start + 1, "none", (first,)), start + 1
    if start + 1 >= limit:
        annotator.problem(limit, f"{name}: the data ends before the type of address.")
        return None, annotator.octets(name, start, start + 1, "cut off", (first,)), start + 1
    after = min(start + 1 + size, limit)
    type_of_number = data[start + 1] >> 4 & 7
    plan = data[start + 1] & 0x0F
    semi_octets = length if unit == "semi-octets" else 2 * (length - 1)
    if semi_octets > MAX_SEMI_OCTETS:
        annotator.problem(start, f"{name}: {semi_octets} semi-octets; the most are {MAX_SEMI_OCTETS}.")
    if after < start + 1 + size:
        annotator.problem(after, f"{name}: the data ends after {after - start} of {1 + size} octets.")
    if type_of_number == ALPHANUMERIC:
        value, leaves = _read_words(annotator, start + 2, after, semi_octets)
    else:
        value, leaves = _read_digits(annotator, start + 2, after, semi_octets, whole=unit == "semi-octets")
    address = None
    if (
        after == start + 1 + size
        and semi_octets <= MAX_SEMI_OCTETS
        and (type_of_number == ALPHANUMERIC or _UNREADABLE not in value)
    ):
        address = Address(value, type_of_number, plan)
    meaning = f"+{value}" if type_of_number == INTERNATIONAL and value else value
    children = (first, _read_type(annotator, start + 1), *leaves)
    return address, annotator.octets(name, start, after, meaning, children), after


def _read_type(annotator: Annotator, at: int) -> Field:
    octet = annotator.data[at]
    plan, kind = octet & 0x0F, octet >> 4 & 7
    if not octet & 0x80:
        annotator.problem(at, "Bit 7 of the type of address should be 1.", bit=7)
    children = (
        annotator.bits("Numbering Plan", at, 0, 4, _PLANS.get(plan, "reserved")),
        annotator.bits("Type of Number", at, 4, 3, _TYPES[kind]),
        annotator.bits("Extension", at, 7, 1, "no extension" if octet & 0x80 else "reserved"),
    )
    words = f"{_TYPES[kind]}, {_PLANS.get(plan, 'reserved')}" if kind != ALPHANUMERIC else _TYPES[kind]
    return annotator.octets("Type of Address", at, at + 1, words, children)


def _read_words(
    annotator: Annotator, start: int, end: int, semi_octets: int
) -> tuple[str, tuple[Field, ...]]:
    text = gsm7.decode(gsm7.unpack(annotator.data[start:end], semi_octets * 4 // 7))
    if start == end:
        return text, ()
    return text, (annotator.octets("Address Text", start, end, text),)


def _read_digits(
    annotator: Annotator, start: int, end: int, semi_octets: int, *, whole: bool
) -> tuple[str, tuple[Field, ...]]:
    """The digits. Where not `whole`, only octets were counted, and a filler may end them."""
    found = [octet >> shift & 0x0F for octet in annotator.data[start:end] for shift in (0, 4)]
    if found and found[-1] == _FILLER and semi_octets == len(found):
        semi_octets -= 1
        if whole:  # some modems count it
            annotator.problem(end - 1, "The length counts the filler as a digit.", bit=4)
    digits, rest = found[:semi_octets], found[semi_octets:]
    for index, digit in enumerate(digits):
        if digit == _FILLER:
            annotator.problem(start + index // 2, "A filler stands among the digits.", bit=index % 2 * 4)
    if rest and rest != [_FILLER]:
        annotator.problem(end - 1, f"The filler behind an odd digit should be F, not {rest[0]:X}.", bit=4)
    value = "".join(_DIGITS[digit] if digit < _FILLER else _UNREADABLE for digit in digits)
    if start == end:
        return value, ()
    return value, (annotator.octets("Address Digits", start, end, value),)
