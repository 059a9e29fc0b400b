"""How many parts a text or octets take and where they begin: counted in linear time.

Called by the window's meter and part map, by segmentation, which cuts, and by encode, which sends exactly the
parts that are counted here.

`header_octets` is always the caller's own user data header, its length octet included, and 0 where there is
none. With several parts, each has that header with a concatenation element of 5 or 6 octets added to it, or a
header with that element alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from sms_desktop.encoding import gsm7, ucs2
from sms_desktop.encoding.concatenation import MAX_PARTS, ReferenceBits, concatenation_octets
from sms_desktop.messages.errors import Mendable

Encoding = Literal["gsm7", "ucs2"]
"""How the characters of a text become user data."""

Units = Literal["gsm7", "ucs2", "8bit"]
"""What user data is counted in: septets, 16-bit code units, or octets."""

EncodingChoice = Literal["auto", "gsm7", "ucs2"]
"""`auto` is GSM-7 where every character is in it, else UCS-2."""

USER_DATA_OCTETS = 140
"""The user data of one message, header included (TS 23.040 9.2.3.24)."""

_NO_PAIR: Final = bytes({*range(256)} - {*range(0xD8, 0xE0)})
"""The first octets of code units that are no half of a surrogate pair."""
_UNIT_BITS: Final[dict[Units, int]] = {"gsm7": 7, "ucs2": 16, "8bit": 8}


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """The figures of a text or of octets, however long: more than 255 segments are counted too.

    `units` are septets for gsm7 (an extension character is two), 16-bit code units for ucs2, and octets for
    8bit; `characters` are code points, or octets for 8bit. `units_per_segment` is the room of one segment as
    it now stands (without a header of the caller 160, or 153 or 152 once there are several; 70, or 67 or 66;
    140, or 134 or 133), `units_remaining` the free room in the last one.
    """

    encoding: Units
    characters: int
    units: int
    segment_count: int
    units_per_segment: int
    units_remaining: int

    @property
    def unit_bits(self) -> int:
        """7 for septets, 16 for code units, 8 for octets."""
        return _UNIT_BITS[self.encoding]

    def refuse_too_many(self, *, field: str = "text") -> None:
        """Raise Mendable when these are more segments than one message can have (TS 23.040 9.2.3.24.1)."""
        if self.segment_count > MAX_PARTS:
            raise _too_many(self.segment_count, field)


class Layout(NamedTuple):
    """The whole user data of a text and where to cut it.

    `data` is septets, one an octet, for gsm7, UTF-16BE for ucs2, and the octets for 8bit; `unit_ends` holds
    the units up to the end of each segment; `room` is what one segment holds, behind a whole header of
    `header_octets`, the concatenation element included.
    """

    encoding: Units
    data: bytes
    header_octets: int
    room: int
    unit_ends: list[int]

    def refuse_too_many(self, *, field: str = "text") -> None:
        """Raise Mendable when these are more segments than one message can have (TS 23.040 9.2.3.24.1)."""
        if len(self.unit_ends) > MAX_PARTS:
            raise _too_many(len(self.unit_ends), field)

    def figures(self, characters: int) -> SegmentCount:
        """The figures of what has `characters` code points."""
        ends = self.unit_ends
        used = ends[-1] - (ends[-2] if len(ends) > 1 else 0)
        return SegmentCount(self.encoding, characters, ends[-1], len(ends), self.room, self.room - used)

    def code_point_ends(self) -> tuple[int, ...]:
        """As `unit_ends`, in code points of the text that was laid out; octets have none."""
        if self.encoding == "ucs2" and not self.data[::2].translate(None, _NO_PAIR):
            return tuple(self.unit_ends)
        ends = []
        start, position = 0, 0
        for end in self.unit_ends:
            if self.encoding == "gsm7":
                position += end - start - self.data.count(gsm7.ESCAPE, start, end)
            else:
                position += len(self.data[2 * start : 2 * end].decode("utf-16-be"))
            ends.append(position)
            start = end
        return tuple(ends)


def count(
    text: str,
    *,
    encoding: EncodingChoice = "auto",
    reference_bits: ReferenceBits = 8,
    header_octets: int = 0,
) -> SegmentCount:
    """Only the figures: what a meter needs at each key press.

    Never fails for any text. Raises Mendable when the header leaves no room.
    """
    text = with_line_feeds(text)
    layout = lay_out(text, encoding=encoding, reference_bits=reference_bits, header_octets=header_octets)
    return layout.figures(len(text))


def count_with_ends(text: str, *, encoding: EncodingChoice = "auto") -> tuple[SegmentCount, tuple[int, ...]]:
    """The figures, and where each part ends in UTF-16 code units, which Qt counts. Never fails."""
    text = with_line_feeds(text)
    layout = lay_out(text, encoding=encoding, reference_bits=8)
    figures = layout.figures(len(text))
    if layout.encoding == "ucs2":
        return figures, tuple(layout.unit_ends)
    ends = layout.code_point_ends()
    if encoding == "gsm7" and not gsm7.is_encodable(text):  # a character that is lost may be a pair here
        return figures, tuple(ucs2.code_unit_offsets(text, ends))
    return figures, ends


def count_octets(octets: int, *, reference_bits: ReferenceBits = 8, header_octets: int = 0) -> SegmentCount:
    """The figures of so many octets of 8-bit data. Raises Mendable when the header leaves no room."""
    return _lay_out("8bit", b"", octets, reference_bits, header_octets).figures(octets)


def with_line_feeds(text: str) -> str:
    """`text` with CR LF taken as LF, as it is counted and sent; a CR alone stays."""
    return text.replace("\r\n", "\n")


def room(encoding: Units, header_octets: int) -> int:
    """The units that one message holds behind a header: (140 octets - header), in whole units."""
    return 8 * (USER_DATA_OCTETS - header_octets) // _UNIT_BITS[encoding]


def lay_out(
    text: str,
    *,
    encoding: EncodingChoice,
    reference_bits: ReferenceBits,
    header_octets: int = 0,
    locking: int = 0,
    single: int = 0,
) -> Layout:
    """Encode the whole text and find where its segments end; CR LF is left as it is, and no limit applies.

    `locking` and `single` are national tables for GSM-7, whose elements the caller's header holds. Raises
    Mendable when the header leaves no room, ValueError for an encoding, reference size or table that does not
    exist.
    """
    septets = None
    match encoding:
        case "auto":
            septets = gsm7.encode_or_none(text, locking=locking, single=single)
        case "gsm7":
            septets = gsm7.encode_with_question_marks(text, locking=locking, single=single)
        case "ucs2":
            pass
        case _:
            raise ValueError(f"no such encoding: {encoding}")
    if septets is None:
        data = ucs2.code_units(text)
        return _lay_out("ucs2", data, len(data) // 2, reference_bits, header_octets)
    return _lay_out("gsm7", septets, len(septets), reference_bits, header_octets)


def lay_out_octets(data: bytes, reference_bits: ReferenceBits, header_octets: int = 0) -> Layout:
    """Find where the segments of 8-bit data end; no limit applies. Raises as `lay_out`."""
    return _lay_out("8bit", data, len(data), reference_bits, header_octets)


def _lay_out(
    encoding: Units, data: bytes, units: int, reference_bits: ReferenceBits, header_octets: int
) -> Layout:
    several = max(header_octets, 1) + concatenation_octets(reference_bits) - 1
    limit = room(encoding, header_octets)
    if units <= limit:
        return Layout(encoding, data, header_octets, limit, [units])
    limit = room(encoding, several)
    if limit < 2:  # neither an escape nor a surrogate pair would fit
        raise Mendable(
            f"The header takes {header_octets} octets and leaves no room: a part has {USER_DATA_OCTETS}.",
            field="udh",
        )
    return Layout(encoding, data, several, limit, _unit_ends(encoding, data, units, limit))


def _unit_ends(encoding: Units, data: bytes, units: int, limit: int) -> list[int]:
    if encoding == "8bit":
        return [*range(limit, units, limit), units]
    ends = []
    end = 0
    while units - end > limit:
        end += limit
        if encoding == "gsm7":
            end -= data[end - 1] == gsm7.ESCAPE
        else:
            end -= 0xD8 <= data[2 * end - 2] <= 0xDB  # the first half of a surrogate pair
        ends.append(end)
    ends.append(units)
    return ends


def _too_many(parts: int, field: str) -> Mendable:
    return Mendable(
        f"The {field} takes {parts} parts; one message has {MAX_PARTS} at most.",
        field=field,
        hint="Shorten it, or send it as several messages.",
    )
