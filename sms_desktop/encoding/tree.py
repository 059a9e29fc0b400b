"""The annotated tree of octets: fields with exact bit ranges, and problems. Filled by parsers, shown by ui.

Bits are counted from the first octet given, and inside an octet from its least significant bit, so that
septets and semi-octets are contiguous runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Field:
    """A named run of bits. `value` is hex of whole octets, else decimal; `meaning` is words, or "".

    A field without children is a leaf. A parent covers exactly what its children cover, in order and without
    holes.
    """

    name: str
    bit_offset: int
    bit_length: int
    value: str
    meaning: str = ""
    children: tuple[Field, ...] = ()

    @property
    def bit_end(self) -> int:
        """The first bit behind the field."""
        return self.bit_offset + self.bit_length


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that breaks a rule, at a bit; the sentence names the rule."""

    bit_offset: int
    message: str


def octets_in_words(number: int) -> str:
    """As `1 octet` or `6 octets`."""
    return "1 octet" if number == 1 else f"{number} octets"


def octets_follow(number: int) -> str:
    """As `1 octet follows` or `6 octets follow`."""
    return f"{octets_in_words(number)} follow{'s' if number == 1 else ''}"


@dataclass(slots=True)
class Annotator:
    """Collects fields and problems while a parser walks over `data`.

    `base` is the bit offset of `data[0]` in what the person gave, for data that is a piece of something
    longer.
    """

    data: bytes
    base: int = 0
    problems: list[Problem] = field(default_factory=list)

    def octets(
        self, name: str, start: int, end: int, meaning: str = "", children: tuple[Field, ...] = ()
    ) -> Field:
        """A field of whole octets `data[start:end]`."""
        value = self.data[start:end].hex().upper()
        return Field(name, self.base + 8 * start, 8 * (end - start), value, meaning, children)

    def number(self, name: str, start: int, end: int, words: str = "") -> tuple[int, Field]:
        """The number in whole octets, the most significant first, and its field: decimal, then words."""
        number = int.from_bytes(self.data[start:end], "big")
        return number, self.octets(name, start, end, f"{number} ({words})" if words else str(number))

    def bits(self, name: str, octet: int, low: int, count: int, meaning: str = "") -> Field:
        """A field of `count` bits of one octet, fewer than eight, from its bit `low` (0 is the least)."""
        value = self.data[octet] >> low & (1 << count) - 1
        return Field(name, self.base + 8 * octet + low, count, str(value), meaning)

    def problem(self, octet: int, message: str, *, bit: int = 0) -> None:
        """Note a problem at a bit of an octet."""
        self.problems.append(Problem(self.base + 8 * octet + bit, message))
