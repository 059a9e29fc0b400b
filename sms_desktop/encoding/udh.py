"""The user data header of TS 23.040 9.2.3.24, in front of the user data: built, and read from any octets.

Called by inspect, tpdu, reassembly and the window's element table. What joins parts stands in concatenation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sms_desktop.encoding import elements as kinds
from sms_desktop.encoding.element_reading import name_of
from sms_desktop.encoding.element_reading import read as read_element
from sms_desktop.encoding.elements import Concatenation, Element, NationalShift, Ports
from sms_desktop.encoding.tree import Annotator, Field, octets_follow, octets_in_words

_MAX_OCTETS: Final = 140

# Elements that may stand once in a header, and those that exclude each other, by the identifier that names
# them (TS 23.040 9.2.3.24: of several, the last one is used).
_ONCE: Final = {
    0x00: "concatenation",
    0x08: "concatenation",
    0x04: "port addressing",
    0x05: "port addressing",
    0x06: "SMSC control",
    0x20: "e-mail header",
    0x22: "reply address",
    0x24: "single shift",
    0x25: "locking shift",
}


@dataclass(frozen=True, slots=True)
class UserDataHeader:
    """The elements of a header, in order; of those that exclude each other, the last one counts."""

    elements: tuple[Element, ...] = ()

    @property
    def concatenation(self) -> Concatenation | None:
        """Which part of how many; one whose numbers make no sense is ignored."""
        found = [each for each in self.elements if isinstance(each, Concatenation) and each.counts]
        return found[-1] if found else None

    @property
    def ports(self) -> Ports | None:
        """The application ports."""
        found = [each for each in self.elements if isinstance(each, Ports)]
        return found[-1] if found else None

    @property
    def locking_shift(self) -> int:
        """The language of the locking shift table, as sent; 0 is the default alphabet."""
        return self._language(locking=True)

    @property
    def single_shift(self) -> int:
        """The language of the single shift table, as sent; 0 is the default extension table."""
        return self._language(locking=False)

    def to_octets(self) -> bytes:
        """The header with its length octet; empty when it has no elements.

        Raises ValueError when it is longer than 140 octets or a number of an element does not fit.
        """
        if not self.elements:
            return b""
        octets = b"".join(kinds.to_octets(element) for element in self.elements)
        if len(octets) >= _MAX_OCTETS:
            raise ValueError(f"the header has {1 + len(octets)} octets; {_MAX_OCTETS} at most")
        return bytes([len(octets)]) + octets

    def _language(self, *, locking: bool) -> int:
        found = [
            each.language
            for each in self.elements
            if isinstance(each, NationalShift) and each.locking is locking
        ]
        return found[-1] if found else 0


def parse(octets: bytes) -> UserDataHeader:
    """The header that octets begin with; never fails, and leaves out what is cut off."""
    return read(Annotator(octets), 0, len(octets))[0] if octets else UserDataHeader()


def read(annotator: Annotator, start: int, end: int) -> tuple[UserDataHeader, Sequence[Field], int]:
    """The header at `start`, whose length octet must be there, in user data that ends at `end`.

    Returns what it says, its fields (the length octet, then one for each element), and where it ends.
    """
    data = annotator.data
    length = data[start]
    header_end = min(start + 1 + length, end)
    fields = [annotator.octets("User Data Header Length", start, start + 1, octets_in_words(length))]
    if header_end < start + 1 + length:
        there = octets_follow(end - start - 1)
        annotator.problem(start, f"The header should have {octets_in_words(length)}, and {there}.")
    elements: list[Element] = []
    seen: set[str] = set()
    at = start + 1
    while at < header_end:
        if at + 1 == header_end:
            annotator.problem(at, "An octet is left over in the header; an element has two at least.")
            fields.append(annotator.octets("Leftover Octet", at, header_end))
            break
        data_end = at + 2 + data[at + 1]
        if data_end > header_end:
            fields.append(_cut_off(annotator, at, header_end))
            break
        _note_repetition(annotator, at, seen)
        element, field = read_element(annotator, at, data_end)
        elements.append(element)
        fields.append(field)
        at = data_end
    return UserDataHeader(tuple(elements)), fields, header_end


def _note_repetition(annotator: Annotator, at: int, seen: set[str]) -> None:
    once = _ONCE.get(annotator.data[at])
    if once is None:
        return
    if once in seen:
        annotator.problem(at, f"The header has more than one {once} element; the last one counts.")
    seen.add(once)


def _cut_off(annotator: Annotator, at: int, header_end: int) -> Field:
    """An element that is longer than what is left of the header."""
    size, left = annotator.data[at + 1], header_end - at - 2
    annotator.problem(
        at + 1,
        f"The element's length is {size}, and {octets_in_words(left)} of the header "
        f"{'is' if left == 1 else 'are'} left; phones ignore it.",
    )
    name = name_of(annotator.data[at])
    children = [
        annotator.octets("Information Element Identifier", at, at + 1, name),
        annotator.octets("Information Element Length", at + 1, at + 2, octets_in_words(size)),
    ]
    if left:
        children.append(annotator.octets("Information Element Data", at + 2, header_end, "cut off"))
    return annotator.octets(name[0].upper() + name[1:], at, header_end, "cut off", tuple(children))
