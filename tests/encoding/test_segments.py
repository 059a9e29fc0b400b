from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import gsm7, ucs2
from sms_desktop.encoding.concatenation import ReferenceBits
from sms_desktop.encoding.encode import encode
from sms_desktop.encoding.segmentation import segment
from sms_desktop.encoding.segments import EncodingChoice, count, count_octets, lay_out_octets, room
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Text, Unicode
from tests.known_answers import known_answers, text_of

DOUBLE = "\f^{}\\[~]|€"
SINGLE = "@£$ab \n\rÇ?Ω"
OUTSIDE = "ęçא\u0301\t\0\x1b中"
ASTRAL = "😀𝐀\U0010ffff"
HALVES = "\ud83d\ude00"

choices = st.sampled_from(["auto", "gsm7", "ucs2"])
references = st.sampled_from([8, 16])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Runs of one character each, so that segment borders fall into every kind of run, at every offset."""
    alphabet = draw(
        st.sampled_from(
            [SINGLE + DOUBLE, SINGLE + OUTSIDE + ASTRAL, SINGLE + DOUBLE + OUTSIDE + ASTRAL + HALVES]
        )
    )
    runs = st.tuples(st.sampled_from([*alphabet, "\r\n", "ab"]), st.integers(1, 90))
    return "".join(piece * times for piece, times in draw(st.lists(runs, max_size=12)))


@dataclass(frozen=True)
class Expected:
    encoding: str
    units: list[int]
    pieces: list[str]
    room: int


def slow(text: str, choice: str, reference_bits: int) -> Expected:
    """The rules, spelled out one character at a time."""
    characters = list(text.replace("\r\n", "\n"))
    in_gsm7 = all(c in DOUBLE or c in gsm7.DEFAULT_ALPHABET.replace("\x1b", "") for c in characters)
    encoding = choice if choice != "auto" else ("gsm7" if in_gsm7 else "ucs2")
    if encoding == "gsm7":
        costs, single = [2 if c in DOUBLE else 1 for c in characters], 160
        several = {8: 153, 16: 152}[reference_bits]
    else:
        costs, single = [2 if c > "\uffff" else 1 for c in characters], 70
        several = {8: 67, 16: 66}[reference_bits]
    if sum(costs) <= single:
        return Expected(encoding, [sum(costs)], ["".join(characters)], single)
    units, pieces = [0], [""]
    for character, cost in zip(characters, costs, strict=True):
        if units[-1] + cost > several:
            units.append(0)
            pieces.append("")
        units[-1] += cost
        pieces[-1] += character
    return Expected(encoding, units, pieces, several)


# ---------------------------------------------------------------------------------------------- known answers


@pytest.mark.parametrize("given_, expect", known_answers("segments"))
def test_known_segments(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    found = segment(text_of(given_), reference_bits=given_.get("ref_bits", 8))
    assert found.encoding == expect["encoding"]
    assert found.units == expect["units"]
    assert found.segment_count == expect["segments"]
    assert [part.units for part in found.segments] == expect["units_per_segment"]


@pytest.mark.parametrize("given_, expect", known_answers("segments_limit"))
def test_the_limit_of_255(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    text, bits = text_of(given_), given_["ref_bits"]
    assert segment(text, reference_bits=bits).segment_count == expect["segments"] == 255
    with pytest.raises(Mendable, match=r"The text takes 256 parts; one message has 255 at most\.") as caught:
        segment(text + text[0], reference_bits=bits)
    assert caught.value.field == "text"
    assert count(text + text[0], reference_bits=bits).segment_count == 256


@pytest.mark.parametrize(
    "character, bits, single, several",
    [("x", 8, 160, 153), ("x", 16, 160, 152), ("ж", 8, 70, 67), ("ж", 16, 70, 66)],
)
def test_the_room_of_a_segment(character: str, bits: ReferenceBits, single: int, several: int) -> None:
    full = count(character * single, reference_bits=bits)
    assert (full.segment_count, full.units_per_segment, full.units_remaining) == (1, single, 0)
    over = count(character * (single + 1), reference_bits=bits)
    assert (over.segment_count, over.units_per_segment) == (2, several)
    assert over.units_remaining == 2 * several - single - 1
    assert count(character * 2 * several, reference_bits=bits).segment_count == 2
    assert count(character * (2 * several + 1), reference_bits=bits).segment_count == 3


@pytest.mark.parametrize(
    "text, bits, octets",
    [
        pytest.param("x" * 160, 8, [140], id="gsm7 full"),
        pytest.param("x" * 306, 8, [134, 134], id="gsm7 8-bit reference: 1 fill bit"),
        pytest.param("x" * 304, 16, [133, 133], id="gsm7 16-bit reference: no fill bits"),
        pytest.param("x" * 161, 8, [134, 8], id="gsm7 8 septets behind 1 fill bit"),
        pytest.param("x" * 160 + "x", 16, [133, 8], id="gsm7 9 septets"),
        pytest.param("x" * 7, 8, [7], id="gsm7 7 septets"),
        pytest.param("ж" * 70, 8, [140], id="ucs2 full"),
        pytest.param("ж" * 134, 8, [134, 134], id="ucs2 8-bit reference"),
        pytest.param("ж" * 132, 16, [132, 132], id="ucs2 16-bit reference: an octet stays free"),
        pytest.param("", 8, [0], id="empty"),
    ],
)
def test_octets_are_user_data_without_header_and_with_fill_bits(
    text: str, bits: ReferenceBits, octets: list[int]
) -> None:
    assert [part.octets for part in segment(text, reference_bits=bits).segments] == octets


@pytest.mark.parametrize("choice, room_", [("auto", 160), ("gsm7", 160), ("ucs2", 70)])
def test_empty_text_is_one_empty_segment(choice: EncodingChoice, room_: int) -> None:
    found = segment("", encoding=choice)
    assert (found.segment_count, found.characters, found.units, found.units_remaining) == (1, 0, 0, room_)
    (part,) = found.segments
    assert (part.index, part.text, part.units, part.octets) == (1, "", 0, 0)
    assert found.unsupported == ()


def test_the_encoding_follows_the_text_unless_it_is_given() -> None:
    assert segment("a€").encoding == "gsm7"
    assert segment("a€ę").encoding == "ucs2"
    assert segment("a€", encoding="ucs2").encoding == "ucs2"
    assert segment("a€ę", encoding="gsm7").encoding == "gsm7"
    assert (count("a").unit_bits, count("ę").unit_bits) == (7, 16)


def test_an_extension_character_is_two_septets_but_one_code_unit() -> None:
    assert count("|^€{}[]~\\\f").units == 20
    assert count("|^€{}[]~\\\f", encoding="ucs2").units == 10


def test_cr_lf_counts_as_lf_and_a_lone_cr_as_itself() -> None:
    found = segment("a\r\nę\rb\r\r\n\n")
    assert found.text == "a\nę\rb\r\n\n"
    assert found.characters == found.units == 8
    assert [entry.position for entry in found.unsupported] == [2]


@pytest.mark.parametrize("choice", ["gsm7", "ucs2"])
def test_the_whole_of_gsm7_may_be_forced_or_declined(choice: EncodingChoice) -> None:
    found = segment("zażółć 😀", encoding=choice)
    assert [(e.position, e.character) for e in found.unsupported] == [
        (2, "ż"), (3, "ó"), (4, "ł"), (5, "ć"), (7, "😀"),
    ]  # fmt: skip
    assert found.units == (8 if choice == "gsm7" else 9)
    assert found.segments[0].text == "zażółć 😀"


def test_a_grapheme_cluster_may_be_cut() -> None:
    family = "👨\u200d👩\u200d👧"
    found = segment("x" * 64 + family)
    assert [part.text for part in found.segments] == ["x" * 64 + "👨\u200d", "👩\u200d👧"]


@pytest.mark.parametrize("choice", ["auto", "ucs2", "gsm7"])
def test_half_a_surrogate_pair_counts_as_one_unit(choice: EncodingChoice) -> None:
    found = segment("a\ud83d", encoding=choice)
    assert found.units == 2
    assert [(e.code_point, e.suggestion) for e in found.unsupported] == [("U+D83D", None)]


def test_what_does_not_exist_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="no such encoding"):
        count("a", encoding="latin1")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="8 or 16 bits"):
        count("a", reference_bits=12)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------- properties


@given(texts(), choices, references)
def test_segments_are_those_of_the_rules(text: str, choice: EncodingChoice, bits: ReferenceBits) -> None:
    expected = slow(text, choice, bits)
    found = segment(text, encoding=choice, reference_bits=bits)
    assert found.encoding == expected.encoding
    assert [part.text for part in found.segments] == expected.pieces
    assert [part.units for part in found.segments] == expected.units
    assert [part.index for part in found.segments] == [*range(1, len(expected.units) + 1)]
    assert found.units == sum(expected.units)
    assert found.units_per_segment == expected.room
    assert found.units_remaining == expected.room - expected.units[-1]
    assert found.characters == sum(map(len, expected.pieces))


@given(texts(), choices, references)
def test_counting_gives_the_same_figures(text: str, choice: EncodingChoice, bits: ReferenceBits) -> None:
    counted = count(text, encoding=choice, reference_bits=bits)
    cut = segment(text, encoding=choice, reference_bits=bits)
    for name in counted.__dataclass_fields__:
        assert getattr(counted, name) == getattr(cut, name)


@given(texts(), choices, references)
def test_borders_are_given_in_code_points_and_in_code_units(
    text: str, choice: EncodingChoice, bits: ReferenceBits
) -> None:
    found = segment(text, encoding=choice, reference_bits=bits)
    assert len(found.ends) == len(found.utf16_ends) == found.segment_count
    pieces = [found.text[start:end] for start, end in pairwise((0, *found.ends))]
    assert pieces == [part.text for part in found.segments]
    octets = ucs2.code_units(found.text)
    cut = [octets[2 * start : 2 * end] for start, end in pairwise((0, *found.utf16_ends))]
    assert cut == [ucs2.code_units(piece) for piece in pieces]


@given(texts(), references)
def test_what_is_counted_is_what_is_sent(text: str, bits: ReferenceBits) -> None:
    text = "".join(character for character in text if character not in HALVES)
    for message, choice in ((Text(text), "gsm7"), (Unicode(text), "ucs2")):
        found = segment(text, encoding="gsm7" if choice == "gsm7" else "ucs2", reference_bits=bits)
        parts = encode(message, reference_bits=bits)
        assert [part.octets for part in parts] == [part.octets for part in found.segments]
        assert all(len(part.udh) + part.octets <= 140 for part in parts)


@given(texts(), choices, references, st.integers(0, 130))
def test_a_header_of_the_caller_takes_its_room(
    text: str, choice: EncodingChoice, bits: ReferenceBits, own: int
) -> None:
    found = count(text, encoding=choice, reference_bits=bits, header_octets=own)
    plain = count(text, encoding=choice, reference_bits=bits)
    assert (found.encoding, found.units, found.characters) == (plain.encoding, plain.units, plain.characters)
    header = own if found.segment_count == 1 else max(own, 1) + {8: 5, 16: 6}[bits]
    assert found.units_per_segment == room(found.encoding, header)
    assert found.units <= room(found.encoding, own) or found.segment_count > 1
    assert segment_octets(text, choice, bits, own) <= 140 - header


def segment_octets(text: str, choice: EncodingChoice, bits: ReferenceBits, own: int) -> int:
    """The most octets that a segment has behind its header."""
    if count(text, encoding=choice, reference_bits=bits, header_octets=own).segment_count > 255:
        return 0
    cut = segment(text, encoding=choice, reference_bits=bits, header_octets=own)
    assert "".join(part.text for part in cut.segments) == cut.text
    return max(part.octets for part in cut.segments)


@pytest.mark.parametrize(
    "octets, bits, own, expect",
    [
        (0, 8, 0, (1, 140, 140)),
        (140, 8, 0, (1, 140, 0)),
        (141, 8, 0, (2, 134, 127)),
        (141, 16, 0, (2, 133, 125)),
        (133, 8, 7, (1, 133, 0)),  # a port of 16 bits
        (134, 8, 7, (2, 128, 122)),
        (134, 16, 7, (2, 127, 120)),
        (128 * 255, 8, 7, (255, 128, 0)),
        (128 * 255 + 1, 8, 7, (256, 128, 127)),
    ],
)
def test_octets(octets: int, bits: ReferenceBits, own: int, expect: tuple[int, int, int]) -> None:
    found = count_octets(octets, reference_bits=bits, header_octets=own)
    assert (found.encoding, found.unit_bits, found.units, found.characters) == ("8bit", 8, octets, octets)
    assert (found.segment_count, found.units_per_segment, found.units_remaining) == expect
    layout = lay_out_octets(bytes(octets), bits, own)
    assert layout.figures(octets) == found


@pytest.mark.parametrize("own", [134, 139, 140, 141, 300])
def test_a_header_that_leaves_no_room_is_refused(own: int) -> None:
    words = f"The header takes {own} octets and leaves no room"
    with pytest.raises(Mendable, match=words) as caught:
        count("ж" * 20, header_octets=own)
    assert caught.value.field == "udh"
    with pytest.raises(Mendable, match=words):
        count_octets(20, header_octets=own)
    if own <= 140:
        assert count("", header_octets=own).segment_count == 1


def test_more_segments_than_a_message_can_have_are_counted_and_refused_on_demand() -> None:
    count("x" * 39_015).refuse_too_many()
    with pytest.raises(Mendable, match=r"The text takes 256 parts; one message has 255 at most\.") as caught:
        count("x" * 39_016).refuse_too_many()
    assert caught.value.field == "text"


@given(st.integers(0, 140))
def test_room_is_what_fits_behind_a_header(header_octets: int) -> None:
    septets = room("gsm7", header_octets)
    fill = gsm7.fill_bits(header_octets)
    assert header_octets + gsm7.packed_length(septets, fill) <= 140
    assert header_octets + gsm7.packed_length(septets + 1, fill) > 140
    assert header_octets + 2 * room("ucs2", header_octets) in {139, 140}


@pytest.mark.parametrize("unit", ["x", "€", "x€", "ж", "😀", "x😀"])
def test_the_work_grows_with_the_number_of_segments_and_no_faster(unit: str) -> None:
    # Calls, not seconds: what runs inside one call (replace, encode, translate, count) is linear.
    def steps(size: int) -> int:
        text, taken = unit * size, 0

        def tally(*_: object) -> None:
            nonlocal taken
            taken += 1

        before = sys.getprofile()
        sys.setprofile(tally)
        try:
            count(text)
        finally:
            sys.setprofile(before)
        return taken

    small, large = steps(2_000), steps(20_000)
    assert large <= 10 * small
    assert large < 20_000 / 5
