"""The information elements of a user data header: what they are, typed, and their octets. Called by udh.

Every element of TS 23.040 9.2.3.24 whose layout is known has a class; the others are kept as they are, in
RawElement. How they are read stands in element_reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sms_desktop.encoding.addresses import Address

MAX_DATA_OCTETS: Final = 137
"""An element's data: 140 octets of user data, less the header's length, its identifier and its own length."""


@dataclass(frozen=True, slots=True)
class Concatenation:
    """One part of several (9.2.3.24.1 with 8 bits of reference, 9.2.3.24.8 with 16); `part` is from 1."""

    reference: int
    total: int
    part: int
    bits: int = 8

    @property
    def identifier(self) -> int:
        """0x00 or 0x08."""
        return 0x00 if self.bits == 8 else 0x08

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        return self.reference.to_bytes(self.bits // 8, "big") + bytes((self.total, self.part))

    @property
    def counts(self) -> bool:
        """Whether phones heed it: total and part are not 0, and the part is one of the total."""
        return 1 <= self.part <= self.total


@dataclass(frozen=True, slots=True)
class SpecialIndication:
    """Messages that wait for the person (9.2.3.24.2): `kind` 0 voice, 1 fax, 2 e-mail, 3 other, 7 video.

    `kind` has five bits, the upper three of which extend the lower two; `profile` is 1 to 4.
    """

    kind: int
    count: int
    store: bool = False
    profile: int = 1

    identifier = 0x01

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        return bytes((self.store << 7 | (self.profile - 1 & 3) << 5 | self.kind & 0x1F, self.count))


@dataclass(frozen=True, slots=True)
class Ports:
    """Application ports (9.2.3.24.3 with 8 `bits`, 9.2.3.24.4 with 16); the destination comes first."""

    destination: int
    origin: int
    bits: int = 16

    @property
    def identifier(self) -> int:
        """0x04 or 0x05."""
        return 0x04 if self.bits == 8 else 0x05

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        size = self.bits // 8
        return self.destination.to_bytes(size, "big") + self.origin.to_bytes(size, "big")


@dataclass(frozen=True, slots=True)
class SmscControl:
    """When a status report is wanted for this part (9.2.3.24.5)."""

    completed: bool = False
    permanent_error: bool = False
    temporary_error_given_up: bool = False
    temporary_error_still_trying: bool = False
    cancel_for_rest: bool = False
    include_original_header: bool = False

    identifier = 0x06

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        bits = (
            self.completed,
            self.permanent_error,
            self.temporary_error_given_up,
            self.temporary_error_still_trying,
            False,
            False,
            self.cancel_for_rest,
            self.include_original_header,
        )
        return bytes([sum(bit << place for place, bit in enumerate(bits))])


@dataclass(frozen=True, slots=True)
class SourceIndicator:
    """Who made the elements that follow (9.2.3.24.6): 1 original sender, 2 original receiver, 3 SMSC."""

    source: int

    identifier = 0x07

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        return bytes([self.source])


@dataclass(frozen=True, slots=True)
class TextFormatting:
    """How `length` characters from `start` look (9.2.3.24.10.1.1); a length of 0 is all that follow.

    `alignment` is 0 left, 1 centre, 2 right, 3 by language; `size` 0 normal, 1 large, 2 small. `colour` holds
    the foreground in its low four bits and the background in its high four, or is None.
    """

    start: int
    length: int
    alignment: int = 3
    size: int = 0
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    struck_through: bool = False
    colour: int | None = None

    identifier = 0x0A

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        style = self.bold << 4 | self.italic << 5 | self.underlined << 6 | self.struck_through << 7
        octets = bytes((self.start, self.length, self.alignment & 3 | (self.size & 3) << 2 | style))
        return octets if self.colour is None else octets + bytes([self.colour])


@dataclass(frozen=True, slots=True)
class PredefinedObject:
    """A sound (0x0B) or animation (0x0D) that the phone has, at a place in the text (9.2.3.24.10.1.2, .4)."""

    identifier: int
    position: int
    number: int

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        return bytes((self.position, self.number))


@dataclass(frozen=True, slots=True)
class MediaObject:
    """An object in the message, at a position in the text (9.2.3.24.10.1.3 and .5 to .8).

    `identifier` is 0x0C for a sound in iMelody, 0x0E and 0x0F for an animation of four bitmaps (128 or 32
    octets), 0x10 and 0x11 for a picture of 32 by 32 or 16 by 16 points.
    """

    identifier: int
    position: int
    content: bytes

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        return bytes([self.position]) + self.content


@dataclass(frozen=True, slots=True)
class VariablePicture:
    """A picture of `width` (a multiple of 8) by `height` points, at a place in the text (9.2.3.24.10.1.9)."""

    position: int
    width: int
    height: int
    bitmap: bytes

    identifier = 0x12

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        return bytes((self.position, self.width // 8, self.height)) + self.bitmap


@dataclass(frozen=True, slots=True)
class UserPrompt:
    """How many objects that follow belong together (9.2.3.24.10.1.10)."""

    objects: int

    identifier = 0x13

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        return bytes([self.objects])


@dataclass(frozen=True, slots=True)
class EmailHeader:
    """The characters of an e-mail header in front of the text (9.2.3.24.11)."""

    length: int

    identifier = 0x20

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        return bytes([self.length])


@dataclass(frozen=True, slots=True)
class Hyperlink:
    """Where a title and its URL stand in the text (9.2.3.24.12): position and lengths in characters."""

    position: int
    title_length: int
    url_length: int

    identifier = 0x21

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        return self.position.to_bytes(2, "big") + bytes((self.title_length, self.url_length))


@dataclass(frozen=True, slots=True)
class ReplyAddress:
    """Where a reply goes, other than to the sender (9.2.3.24.13)."""

    address: Address

    identifier = 0x22

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        return self.address.to_octets()


@dataclass(frozen=True, slots=True)
class NationalShift:
    """A national language table (9.2.3.24.15 single shift, .16 locking shift), by its language's number."""

    language: int
    locking: bool

    @property
    def identifier(self) -> int:
        """0x25 for the locking table, 0x24 for the single shift table."""
        return 0x25 if self.locking else 0x24

    @property
    def data(self) -> bytes:
        """The element without identifier and length."""
        return bytes([self.language])


@dataclass(frozen=True, slots=True)
class RawElement:
    """An element of another kind, or one whose length is not what its kind has."""

    identifier: int
    data: bytes


Element = (
    Concatenation
    | SpecialIndication
    | Ports
    | SmscControl
    | SourceIndicator
    | TextFormatting
    | PredefinedObject
    | MediaObject
    | VariablePicture
    | UserPrompt
    | EmailHeader
    | Hyperlink
    | ReplyAddress
    | NationalShift
    | RawElement
)
"""What a user data header can hold."""


def to_octets(element: Element) -> bytes:
    """Identifier, length and data of an element.

    Raises ValueError when a number of it takes more room than it has.
    """
    try:
        data = element.data
    except OverflowError as error:
        raise ValueError(f"a number of element {element.identifier:02X} does not fit its octets") from error
    if len(data) > MAX_DATA_OCTETS:
        raise ValueError(
            f"element {element.identifier:02X} has {len(data)} octets; {MAX_DATA_OCTETS} at most"
        )
    return bytes((element.identifier, len(data))) + data
