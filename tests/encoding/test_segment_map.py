from __future__ import annotations

import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.segment_map import SegmentMap, Why, segment_map
from sms_desktop.encoding.segmentation import segment
from sms_desktop.encoding.segments import count
from sms_desktop.messages.errors import Mendable

EXTENSION = "\f^{}\\[~]|€"
BASIC = "@£$ab \n\rÇ?Ω"
OUTSIDE = "ęçא\u0301\t\0\x1b中\ud83d"
BEYOND = "😀𝐀\U0010ffff"

choices = st.sampled_from(["auto", "gsm7", "ucs2"])
references = st.sampled_from([8, 16])


@st.composite
def texts(draw: st.DrawFn) -> str:
    alphabet = draw(
        st.sampled_from([BASIC + EXTENSION, BASIC + OUTSIDE + BEYOND, BASIC + EXTENSION + BEYOND])
    )
    runs = st.tuples(st.sampled_from([*alphabet, "\r\n"]), st.integers(1, 90))
    return "".join(piece * times for piece, times in draw(st.lists(runs, max_size=12)))


def why(character: str) -> Why:
    if character in BEYOND:
        return Why.SURROGATE_PAIR
    if character in OUTSIDE:
        return Why.NEEDS_UCS2
    return Why.EXTENSION if character in EXTENSION else Why.BASIC


def check(found: SegmentMap) -> None:
    """What holds for every map."""
    size = len(found.text)
    assert len(found) == len(found.units) == len(found.why) == size
    assert found.ends[-1] == size
    assert sum(found.units) == found.figures.units
    assert [found.segment_of(position) for position in range(size)] == [
        index for index, (start, end) in enumerate(pairwise((0, *found.ends)), 1) for _ in range(start, end)
    ]
    room = found.figures.units_per_segment
    totals = [sum(found.units[start:end]) for start, end in pairwise((0, *found.ends))]
    assert all(total <= room for total in totals)
    # A segment that is not full and not the last lost one unit to a character of two, which begins the next.
    assert found.pushed_over == tuple(
        end for end, total in zip(found.ends[:-1], totals, strict=False) if total < room
    )
    for position in found.pushed_over:
        assert found.units[position] == 2
        assert totals[found.segment_of(position) - 2] == room - 1


@given(texts(), choices, references)
def test_every_character_has_its_segment_its_units_and_its_reason(text: str, choice: Any, bits: Any) -> None:
    found = segment_map(text, encoding=choice, reference_bits=bits)
    check(found)
    assert found.figures == count(text, encoding=choice, reference_bits=bits)
    cut = segment(text, encoding=choice, reference_bits=bits)
    assert (found.text, found.ends) == (cut.text, cut.ends)
    for position, character in enumerate(found.text):
        one = found[position]
        assert (one.position, one.character, one.why) == (position, character, why(character))
        assert one.segment == next(index for index, end in enumerate(found.ends, 1) if position < end)
        doubles = {Why.EXTENSION} if found.figures.encoding == "gsm7" else {Why.SURROGATE_PAIR}
        assert one.units == 1 + (one.why in doubles)
        assert one.pushed_over is (position in found.pushed_over)


@pytest.mark.parametrize("text", ["[" * 160, "😀" * 70])
def test_a_pair_is_pushed_over_where_half_of_it_would_fit(text: str) -> None:
    found = segment_map(text)
    check(found)
    assert [found[position].segment for position in found.pushed_over] == [2, 3]


def test_the_reasons_side_by_side() -> None:
    found = segment_map("a[ę😀")
    assert [one.why for one in found] == [Why.BASIC, Why.EXTENSION, Why.NEEDS_UCS2, Why.SURROGATE_PAIR]
    assert [one.units for one in found] == [1, 1, 1, 2]
    as_is = segment_map("a[ę😀", encoding="gsm7")
    assert [one.why for one in as_is] == [one.why for one in found]
    assert [one.units for one in as_is] == [1, 2, 1, 1]  # `?` for what is outside


def test_national_tables() -> None:
    found = segment_map("ş[Ğa", locking=0, single=1, header_octets=4)
    assert [one.why for one in found] == [Why.SHIFTED, Why.SHIFTED, Why.SHIFTED, Why.BASIC]
    assert [one.units for one in found] == [2, 2, 2, 1]
    found = segment_map("ş[Ğa", locking=1, header_octets=4)
    assert [one.why for one in found] == [Why.BASIC, Why.EXTENSION, Why.BASIC, Why.BASIC]
    assert found.figures.units_per_segment == 155
    check(segment_map("ş" * 200, single=1, header_octets=4))


def test_empty_text() -> None:
    found = segment_map("")
    check(found)
    assert list(found) == []
    with pytest.raises(IndexError):
        found[0]


def test_the_last_character_can_be_counted_from_the_end() -> None:
    assert segment_map("ab€")[-1] == segment_map("ab€")[2]


def test_more_than_255_segments_are_mapped() -> None:
    found = segment_map("x" * 100_000)
    check(found)
    assert found.figures.segment_count == 654
    assert found[99_999].segment == 654


def test_a_header_without_room_is_refused() -> None:
    with pytest.raises(Mendable, match="leaves no room") as caught:
        segment_map("a" * 30, header_octets=139)
    assert caught.value.field == "udh"


@pytest.mark.parametrize("unit", ["x", "€", "x€", "ж", "😀", "x😀"])
def test_the_work_grows_with_the_number_of_segments_and_no_faster(unit: str) -> None:
    # Calls, not seconds: what runs inside one call is linear.
    def steps(size: int) -> int:
        text, taken = unit * size, 0

        def tally(*_: object) -> None:
            nonlocal taken
            taken += 1

        before = sys.getprofile()
        sys.setprofile(tally)
        try:
            segment_map(text)
        finally:
            sys.setprofile(before)
        return taken

    small, large = steps(2_000), steps(20_000)
    assert large <= 10 * small
    assert large < 20_000  # fewer than characters


def test_characters_outside_are_found_beside_question_marks() -> None:
    # A question mark is what an outsider becomes: the two must not be mixed up.
    found = segment_map("?ę?\0?", encoding="gsm7")
    assert [one.why for one in found] == [Why.BASIC, Why.NEEDS_UCS2, Why.BASIC, Why.NEEDS_UCS2, Why.BASIC]
    assert list(gsm7.septets_of_each("?ę?")) == [1, 0, 1]
