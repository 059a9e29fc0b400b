"""How many parts a text takes and where they begin: counted, and cut, in linear time.

Called by the window's meter and part map, by `smsctl segments`, by the sandbox gateway, and by encode, which
sends exactly the parts that are counted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sms_desktop.encoding import gsm7, ucs2
from sms_desktop.encoding.transliteration import Unsupported, unsupported
from sms_desktop.encoding.udh import MAX_PARTS, ReferenceBits, concatenation_octets
from sms_desktop.messages.errors import Mendable

Encoding = Literal["gsm7", "ucs2"]
"""How the characters of a text become user data."""

EncodingChoice = Literal["auto", "gsm7", "ucs2"]
"""`auto` is GSM-7 where every character is in it, else UCS-2."""

USER_DATA_OCTETS = 140
"""The user data of one message, header included (TS 23.040 9.2.3.24)."""


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """The figures of a text, however long: more than 255 segments are counted too.

    `units` are septets for gsm7 (an extension character is two) and 16-bit code units for ucs2; `characters`
    are code points. `units_per_segment` is the room of one segment as it now stands (160, or 153 or 152 once
    there are several; 70, or 67 or 66), `units_remaining` the free room in the last one.
    """

    encoding: Encoding
    characters: int
    units: int
    segment_count: int
    units_per_segment: int
    units_remaining: int

    @property
    def unit_bits(self) -> int:
        """7 for septets, 16 for code units."""
        return 7 if self.encoding == "gsm7" else 16


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


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole user data of a text and where to cut it.

    `data` is septets, one an octet, for gsm7, and UTF-16BE for ucs2; `unit_ends` holds the units up to the
    end of each segment; `room` is what one segment holds, behind a header of `header_octets` (0 for a single
    segment).
    """

    encoding: Encoding
    data: bytes
    header_octets: int
    room: int
    unit_ends: list[int]

    def refuse_too_many(self) -> None:
        """Raise Mendable when these are more segments than one message can have (TS 23.040 9.2.3.24.1)."""
        if len(self.unit_ends) > MAX_PARTS:
            raise Mendable(
                f"The text takes {len(self.unit_ends)} parts; one message has {MAX_PARTS} at most.",
                field="text",
                hint="Shorten it, or send it as several messages.",
            )


def count(text: str, *, encoding: EncodingChoice = "auto", reference_bits: ReferenceBits = 8) -> SegmentCount:
    """Only the figures: what a meter needs at each key press. Never fails for any text."""
    text = with_line_feeds(text)
    return SegmentCount(*_figures(text, lay_out(text, encoding=encoding, reference_bits=reference_bits)))


def segment(
    text: str, *, encoding: EncodingChoice = "auto", reference_bits: ReferenceBits = 8
) -> Segmentation:
    """Cut `text` into segments, never inside an escape or a surrogate pair; grapheme clusters may be cut.

    Empty text is one empty segment. Half a surrogate pair counts as one code unit here, and is refused by
    encode. Raises Mendable for more than 255 segments.
    """
    text = with_line_feeds(text)
    layout = lay_out(text, encoding=encoding, reference_bits=reference_bits)
    layout.refuse_too_many()
    ends = _code_point_ends(layout)
    return Segmentation(*_figures(text, layout), text, layout.header_octets, ends, tuple(layout.unit_ends))


def with_line_feeds(text: str) -> str:
    """`text` with CR LF taken as LF, as it is counted and sent; a CR alone stays."""
    return text.replace("\r\n", "\n")


def room(encoding: Encoding, header_octets: int) -> int:
    """The units that one message holds behind a header: (140 octets - header), in whole units."""
    octets = USER_DATA_OCTETS - header_octets
    return 8 * octets // 7 if encoding == "gsm7" else octets // 2


def lay_out(text: str, *, encoding: EncodingChoice, reference_bits: ReferenceBits) -> Layout:
    """Encode the whole text and find where its segments end; CR LF is left as it is, and no limit applies.

    Raises ValueError for an encoding or a reference size that does not exist.
    """
    header_octets = concatenation_octets(reference_bits)
    septets = None
    match encoding:
        case "auto":
            septets = gsm7.encode_or_none(text)
        case "gsm7":
            septets = gsm7.encode_with_question_marks(text)
        case "ucs2":
            pass
        case _:
            raise ValueError(f"no such encoding: {encoding}")
    chosen: Encoding = "ucs2" if septets is None else "gsm7"
    data = ucs2.code_units(text) if septets is None else septets
    units = len(data) if chosen == "gsm7" else len(data) // 2
    if units <= room(chosen, 0):
        return Layout(chosen, data, 0, room(chosen, 0), [units])
    limit = room(chosen, header_octets)
    unit_ends = _septet_ends(data, limit) if chosen == "gsm7" else _code_unit_ends(data, limit)
    return Layout(chosen, data, header_octets, limit, unit_ends)


def _septet_ends(septets: bytes, limit: int) -> list[int]:
    ends = []
    end, total = 0, len(septets)
    while total - end > limit:
        end += limit
        if septets[end - 1] == gsm7.ESCAPE:
            end -= 1
        ends.append(end)
    ends.append(total)
    return ends


def _code_unit_ends(octets: bytes, limit: int) -> list[int]:
    ends = []
    end, total = 0, len(octets) // 2
    while total - end > limit:
        end += limit
        if 0xD8 <= octets[2 * end - 2] <= 0xDB:  # the first half of a surrogate pair
            end -= 1
        ends.append(end)
    ends.append(total)
    return ends


def _code_point_ends(layout: Layout) -> tuple[int, ...]:
    ends = []
    start, position = 0, 0
    for end in layout.unit_ends:
        if layout.encoding == "gsm7":
            position += end - start - layout.data.count(gsm7.ESCAPE, start, end)
        else:
            position += len(layout.data[2 * start : 2 * end].decode("utf-16-be"))
        ends.append(position)
        start = end
    return tuple(ends)


def _figures(text: str, layout: Layout) -> tuple[Encoding, int, int, int, int, int]:
    ends = layout.unit_ends
    used = ends[-1] - (ends[-2] if len(ends) > 1 else 0)
    return layout.encoding, len(text), ends[-1], len(ends), layout.room, layout.room - used


def _octets(encoding: Encoding, units: int, header_octets: int) -> int:
    return gsm7.packed_length(units, gsm7.fill_bits(header_octets)) if encoding == "gsm7" else 2 * units
