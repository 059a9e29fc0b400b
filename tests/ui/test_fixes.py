from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding.segment_map import segment_map
from sms_desktop.encoding.segmentation import segment
from sms_desktop.encoding.segments import EncodingChoice, count, count_with_ends
from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.compose.fixes import Way, fixes
from sms_desktop.ui.compose.map_rows import QUARTERS, MapRows

TEXTS = st.text(alphabet=st.sampled_from("ab €[’ę😀謝\n"), max_size=400)


def test_a_text_of_one_part_needs_no_fix() -> None:
    assert fixes("It’s fine", Kind.TEXT) == ()
    assert fixes("", Kind.UNICODE) == ()


def test_the_cheapest_stands_first_and_a_person_can_shorten_last() -> None:
    found = fixes("’" + "x " * 40 + "謝", Kind.TEXT)
    assert [fix.way for fix in found] == [Way.LEAVE_OUT, Way.SHORTEN]
    assert found[0].parts == 1
    assert found[-1].units == 82 - 70
    assert [fix.way for fix in fixes("x" * 100, Kind.UNICODE)] == [Way.AS_TEXT]


@given(TEXTS, st.sampled_from([Kind.TEXT, Kind.UNICODE]))
def test_every_fix_saves_what_it_says(text: str, kind: Kind) -> None:
    encoding: EncodingChoice = "ucs2" if kind is Kind.UNICODE else "auto"
    now = count(text, encoding=encoding).segment_count
    for fix in fixes(text, kind):
        assert fix.parts < now
        if fix.way is Way.SHORTEN:
            assert fix.units > 0
        else:
            still: EncodingChoice = "auto" if fix.way is Way.AS_TEXT else encoding
            assert count(fix.text, encoding=still).segment_count == fix.parts


@given(TEXTS, st.sampled_from(["auto", "gsm7", "ucs2"]))
def test_the_ends_are_those_of_the_parts_that_are_sent(text: str, encoding: EncodingChoice) -> None:
    figures, ends = count_with_ends(text, encoding=encoding)
    cut = segment(text, encoding=encoding)
    assert figures.segment_count == cut.segment_count
    assert ends == tuple(cut.utf16_ends)


@given(TEXTS, st.integers(min_value=1, max_value=200), st.booleans())
def test_every_character_has_one_place_in_the_rows(text: str, room: int, offending: bool) -> None:
    whole = segment_map(text)
    rows = MapRows(whole, room, offending=offending)
    assert rows.start(0) == 0
    assert rows.start(rows.count) == len(text)
    for row in range(rows.count):
        start, end = rows.start(row), rows.start(row + 1)
        assert rows.span(start, end) <= max(room, 2 * QUARTERS)
        for position in range(start, end):
            assert rows.row_of(position) == row
            assert rows.at(row, rows.left(position)) == position
