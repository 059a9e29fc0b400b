"""How many parts a text or octets take and where they begin: counted, and cut, in linear time.

Called by the window's meter and part map, by `smsctl segments`, by the sandbox gateway, and by encode, which
sends exactly the parts that are counted here.

`header_octets` is always the caller's own user data header, its length octet included, and 0 where there is
none. With several parts, each has that header with a concatenation element of 5 or 6 octets added to it, or a
header with that element alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple

from sms_desktop.encoding import gsm7, ucs2
from sms_desktop.encoding.concatenation import MAX_PARTS, ReferenceBits, concatenation_octets
from sms_desktop.encoding.transliteration import Unsupported, unsupported
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


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a text: `index` from 1; `octets` of its user data without header, fill bits included.

    `text` is as written: with gsm7 a character outside the alphabet counts as the `?` that it becomes, and
    stays here, so that the texts of all segments joined are the whole text.
    """

    index: int
    text: str
    units: int
    octets: int


@dataclass(frozen=True)  # without slots: cached_property keeps its values in __dict__
class Segmentation(SegmentCount):
    """A text and where its segments end. What is costly to list is made when first asked for.

    `text` has its line ends taken as line feeds, and every position refers to it. `ends` holds, for each
    segment, the code points up to its end; `unit_ends` the same in units.
    """

    text: str
    header_octets: int
    ends: tuple[int, ...]
    unit_ends: tuple[int, ...]

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The segments, at least one."""
        starts, unit_starts = (0, *self.ends[:-1]), (0, *self.unit_ends[:-1])
        return tuple(
            Segment(
                index=index,
                text=self.text[start:end],
                units=unit_end - unit_start,
                octets=_octets(self.encoding, unit_end - unit_start, self.header_octets),
            )
            for index, (start, end, unit_start, unit_end) in enumerate(
                zip(starts, self.ends, unit_starts, self.unit_ends, strict=True), start=1
            )
        )

    @cached_property
    def unsupported(self) -> tuple[Unsupported, ...]:
        """Every character that keeps the text out of GSM-7."""
        return unsupported(self.text)

    @cached_property
    def utf16_ends(self) -> tuple[int, ...]:
        """As `ends`, in UTF-16 code units, which Qt counts."""
        if self.encoding == "ucs2":
            return self.unit_ends
        return tuple(ucs2.code_unit_offsets(self.text, self.ends))


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
        return SegmentCount(*_figures(characters, self))

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


def segment(
    text: str,
    *,
    encoding: EncodingChoice = "auto",
    reference_bits: ReferenceBits = 8,
    header_octets: int = 0,
) -> Segmentation:
    """Cut `text` into segments, never inside an escape or a surrogate pair; grapheme clusters may be cut.

    Empty text is one empty segment. Half a surrogate pair counts as one code unit here, and is refused by
    encode. Raises Mendable for more than 255 segments, and when the header leaves no room.
    """
    text = with_line_feeds(text)
    layout = lay_out(text, encoding=encoding, reference_bits=reference_bits, header_octets=header_octets)
    layout.refuse_too_many()
    return Segmentation(
        *_figures(len(text), layout),
        text,
        layout.header_octets,
        layout.code_point_ends(),
        tuple(layout.unit_ends),
    )


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


def _figures(characters: int, layout: Layout) -> tuple[Units, int, int, int, int, int]:
    ends = layout.unit_ends
    used = ends[-1] - (ends[-2] if len(ends) > 1 else 0)
    return layout.encoding, characters, ends[-1], len(ends), layout.room, layout.room - used


def _octets(encoding: Units, units: int, header_octets: int) -> int:
    if encoding == "gsm7":
        return gsm7.packed_length(units, gsm7.fill_bits(header_octets))
    return units * _UNIT_BITS[encoding] // 8
