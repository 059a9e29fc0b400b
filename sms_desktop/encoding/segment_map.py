"""For each character of a text: its part, what it costs, and why. Called by the window, which paints it.

The figures are those of segments, and take linear time however long the text is: the columns are octets, made
by whole-string operations, and a record of one character is built when it is asked for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.concatenation import ReferenceBits
from sms_desktop.encoding.segments import EncodingChoice, Layout, SegmentCount, lay_out, with_line_feeds


class Why(IntEnum):
    """Why a character costs what it costs."""

    BASIC = 0
    """In the default alphabet, or in the locking shift table that stands in for it."""
    EXTENSION = 1
    """In the extension table: in GSM-7 an escape comes before it (TS 23.038 6.2.1.1)."""
    SHIFTED = 2
    """In a national single shift table: in GSM-7 an escape comes before it (TS 23.038 6.2.1.2.2)."""
    NEEDS_UCS2 = 4
    """Outside GSM-7: it keeps the text out of it, or arrives as `?`."""
    SURROGATE_PAIR = 5
    """Outside GSM-7 and beyond U+FFFF: in UCS-2 two code units."""


@dataclass(frozen=True, slots=True)
class MappedCharacter:
    """One character: `position` in code points from 0, `segment` from 1, `units` as its text counts them.

    `pushed_over` says that it begins its segment because the one before had room for half of it only.
    """

    position: int
    character: str
    segment: int
    units: int
    why: Why
    pushed_over: bool


@dataclass(frozen=True, slots=True)
class SegmentMap:
    """The characters of `text`, whose line ends are line feeds here, one entry of each column for each.

    `units` holds 1 or 2, `why` the values of Why. `ends` holds, for each segment, the code points up to its
    end; `pushed_over` the positions of the characters that could not be split between two segments and left a
    unit of the first one free.
    """

    figures: SegmentCount
    text: str
    units: bytes
    why: bytes
    ends: tuple[int, ...]
    pushed_over: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.text)

    def __iter__(self) -> Iterator[MappedCharacter]:
        return (self[position] for position in range(len(self.text)))

    def __getitem__(self, position: int) -> MappedCharacter:
        """The character at a position in code points. Raises IndexError beyond the end."""
        position = range(len(self.text))[position]
        return MappedCharacter(
            position=position,
            character=self.text[position],
            segment=self.segment_of(position),
            units=self.units[position],
            why=Why(self.why[position]),
            pushed_over=self._is_pushed_over(position),
        )

    def segment_of(self, position: int) -> int:
        """The segment of a character, counted from 1."""
        return bisect_right(self.ends, position) + 1

    def _is_pushed_over(self, position: int) -> bool:
        at = bisect_left(self.pushed_over, position)
        return self.pushed_over[at : at + 1] == (position,)


def segment_map(
    text: str,
    *,
    encoding: EncodingChoice = "auto",
    reference_bits: ReferenceBits = 8,
    header_octets: int = 0,
    locking: int = 0,
    single: int = 0,
) -> SegmentMap:
    """Map `text`, however long: more than 255 segments are mapped too.

    The caller's own header and the national tables are those of `segments.lay_out`, which raises as said
    there.
    """
    text = with_line_feeds(text)
    layout = lay_out(
        text,
        encoding=encoding,
        reference_bits=reference_bits,
        header_octets=header_octets,
        locking=locking,
        single=single,
    )
    ends = layout.code_point_ends()
    why = _why(text, locking, single)
    return SegmentMap(
        figures=layout.figures(len(text)),
        text=text,
        units=why.translate(_SEPTETS if layout.encoding == "gsm7" else _CODE_UNITS),
        why=why,
        ends=ends,
        pushed_over=tuple(_pushed_over(layout, ends)),
    )


_SEPTETS = bytes(2 if why in {Why.EXTENSION, Why.SHIFTED} else 1 for why in range(256))
_CODE_UNITS = bytes(2 if why == Why.SURROGATE_PAIR else 1 for why in range(256))
# From gsm7.septets_of_each, which says 0 outside the tables.
_WHY = bytes.maketrans(b"\0\1\2", bytes([Why.NEEDS_UCS2, Why.BASIC, Why.EXTENSION]))
_WHY_NATIONAL = bytes.maketrans(b"\0\1\2", bytes([Why.NEEDS_UCS2, Why.BASIC, Why.SHIFTED]))
# From the third octet of UTF-32LE: the plane, 0 up to U+FFFF.
_BEYOND = bytes([0]) + bytes([Why.SURROGATE_PAIR ^ Why.NEEDS_UCS2]) * 255


def _why(text: str, locking: int, single: int) -> bytes:
    costs = gsm7.septets_of_each(text, locking=locking, single=single)
    why = costs.translate(_WHY_NATIONAL if single else _WHY)
    if Why.NEEDS_UCS2 not in why:
        return why
    planes = text.encode("utf-32-le", "surrogatepass")[2::4]
    if not planes.strip(b"\0"):
        return why
    # NEEDS_UCS2 with one bit more is SURROGATE_PAIR: all characters at once, as one number each.
    beyond = int.from_bytes(planes.translate(_BEYOND), "little")
    return (int.from_bytes(why, "little") | beyond).to_bytes(len(why), "little")


def _pushed_over(layout: Layout, ends: tuple[int, ...]) -> list[int]:
    lengths = [end - start for start, end in pairwise((0, *layout.unit_ends))]
    return [end for end, units in zip(ends[:-1], lengths[:-1], strict=True) if units < layout.room]
