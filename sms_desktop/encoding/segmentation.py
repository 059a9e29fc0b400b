"""A text cut into the segments that segments counts, each with its text.

Called by `smsctl segments`, the sandbox gateway and the linter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sms_desktop.encoding import gsm7, ucs2
from sms_desktop.encoding.concatenation import ReferenceBits
from sms_desktop.encoding.segments import EncodingChoice, SegmentCount, lay_out, with_line_feeds
from sms_desktop.encoding.transliteration import Unsupported, unsupported


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
                octets=self._octets(unit_end - unit_start),
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

    def _octets(self, units: int) -> int:
        if self.encoding == "gsm7":
            return gsm7.packed_length(units, gsm7.fill_bits(self.header_octets))
        return units * self.unit_bits // 8


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
    figures = layout.figures(len(text))
    return Segmentation(
        figures.encoding,
        figures.characters,
        figures.units,
        figures.segment_count,
        figures.units_per_segment,
        figures.units_remaining,
        text,
        layout.header_octets,
        layout.code_point_ends(),
        tuple(layout.unit_ends),
    )
