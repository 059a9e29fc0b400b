from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import gsm7
from sms_desktop.messages.errors import Mendable
from tests.known_answers import known_answers

TABLES = json.loads((Path(__file__).parents[1] / "gsm7_tables.json").read_text("utf-8"))
ALPHABET = "".join(chr(point) for point in TABLES["locking"]["0"] if point is not None)
EXTENSION = {int(septet, 16): chr(point) for septet, point in TABLES["single_shift"]["0"].items()}
ENCODABLE = ALPHABET + "".join(EXTENSION.values())

septet_strings = st.lists(st.integers(0, 127), max_size=200).map(bytes)
encodable_texts = st.text(st.sampled_from(ENCODABLE), max_size=200)


def bit_by_bit(septets: bytes, fill: int) -> bytes:
    """The definition: bit b of septet s is bit fill + 7 s + b of the octets (TS 23.038 6.1.2.1.1)."""
    octets = bytearray(-(-(fill + 7 * len(septets)) // 8))
    for position, septet in enumerate(septets):
        for bit in range(7):
            at = fill + 7 * position + bit
            octets[at // 8] |= (septet >> bit & 1) << at % 8
    return bytes(octets)


# ----------------------------------------------------------------------------------------------- the alphabet


def test_the_tables_are_the_published_ones() -> None:
    published = [None if point is None else chr(point) for point in TABLES["locking"]["0"]]
    assert published[gsm7.ESCAPE] is None
    assert [c for i, c in enumerate(gsm7.DEFAULT_ALPHABET) if i != gsm7.ESCAPE] == [c for c in published if c]
    assert len(gsm7.DEFAULT_ALPHABET) == 128
    assert gsm7.EXTENSION == EXTENSION


def test_every_character_of_the_tables_and_no_other_is_encodable() -> None:
    accepted = {chr(point) for point in range(0x110000) if gsm7.is_encodable(chr(point))}
    assert accepted == set(ENCODABLE)


def test_each_character_becomes_its_septet() -> None:
    for septet, point in enumerate(TABLES["locking"]["0"]):
        if point is not None:
            assert gsm7.encode(chr(point)) == bytes([septet])
    for septet, character in EXTENSION.items():
        assert gsm7.encode(character) == bytes([0x1B, septet])


@pytest.mark.parametrize("given_, expect", known_answers("gsm7_char"))
def test_known_characters(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    assert gsm7.is_encodable(given_["char"]) is expect["in_default_or_ext"]


def test_capital_c_with_cedilla_is_in_and_the_small_one_is_not() -> None:
    # unicode.org's early GSM0338.TXT had the small one at 0x09; TS 23.038 has the capital.
    assert gsm7.encode("Ç") == b"\x09"
    assert not gsm7.is_encodable("ç")


@pytest.mark.parametrize("character", list("àèìòùéÉñÑ¿¡§¤ΓΔΘΛΞΠΣΦΨΩ"))
def test_letters_that_are_often_thought_to_be_outside(character: str) -> None:
    assert gsm7.is_encodable(character)


@pytest.mark.parametrize("character", list("áíóúâêô`‘’“”\u00a0\tçÀÈÙ\x1b\0ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ\ud800😀"))
def test_characters_that_are_often_thought_to_be_inside(character: str) -> None:
    assert not gsm7.is_encodable(character)
    assert gsm7.encode_with_question_marks(character) == b"?"


@pytest.mark.parametrize("given_, expect", known_answers("gsm7_reject"))
def test_known_rejections(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    text = given_["text"]
    assert gsm7.is_encodable(text) is expect["encodable"]
    assert [text[start:end] for start, end in gsm7.unsupported_spans(text)] == expect["bad_chars"]


def test_a_refusal_names_the_first_character_outside() -> None:
    with pytest.raises(Mendable, match=r"Character 2 \(U\+00E1\) is not in GSM-7") as caught:
        gsm7.encode("más ç")
    assert caught.value.field == "text"


@given(st.text(max_size=60))
def test_spans_cover_exactly_what_is_outside(text: str) -> None:
    covered = {i for start, end in gsm7.unsupported_spans(text) for i in range(start, end)}
    assert covered == {i for i, character in enumerate(text) if character not in ENCODABLE}


@given(st.text(max_size=60))
def test_question_marks_stand_for_exactly_what_is_outside(text: str) -> None:
    expected = "".join(character if character in ENCODABLE else "?" for character in text)
    assert gsm7.encode_with_question_marks(text) == gsm7.encode(expected)
    assert gsm7.encode_or_none(text) == (gsm7.encode(text) if expected == text else None)


# --------------------------------------------------------------------------------------------------- decoding


@given(encodable_texts)
def test_decoding_undoes_encoding(text: str) -> None:
    assert gsm7.decode(gsm7.encode(text)) == text


@given(st.binary(max_size=200))
def test_any_octets_decode(octets: bytes) -> None:
    text = gsm7.decode(octets)
    assert len(text) <= len(octets)
    assert "\x1b" not in text


@pytest.mark.parametrize(
    "septets, text",
    [
        pytest.param(b"\x1b\x65", "€", id="defined"),
        pytest.param(b"\x1b\x41", "A", id="undefined: character of the default alphabet"),
        pytest.param(b"\x1b\x00", "@", id="undefined: septet 0"),
        pytest.param(b"\x1b\x0d", "\r", id="reserved for control"),
        pytest.param(b"\x1b\x1b", " ", id="reserved for a further table"),
        pytest.param(b"\x1b\x1b\x65", " e", id="a second escape announces nothing"),
        pytest.param(b"\x1b\x1b\x1b\x65", " €", id="a third escape does"),
        pytest.param(b"a\x1b", "a ", id="escape at the end"),
        pytest.param(b"a\x80\xff", "a\ufffd\ufffd", id="no septets"),
    ],
)
def test_escapes(septets: bytes, text: str) -> None:
    assert gsm7.decode(septets) == text


@pytest.mark.parametrize(
    "septets, expect",
    [
        pytest.param(b"abc\x1b\x65", [], id="none"),
        pytest.param(b"\x1b\x65\x1b\x41b", [(2, 1, "undefined")], id="position counts characters"),
        pytest.param(b"a\x1b\x1b\x1b\x65", [(1, 1, "second escape")], id="second escape"),
        pytest.param(b"a\x1b", [(1, 1, "escape at end")], id="escape at end"),
        pytest.param(b"\x80a\x1b\xff", [(0, 0, "no septet"), (2, 2, "no septet")], id="no septets"),
    ],
)
def test_what_is_guessed_is_said(septets: bytes, expect: list[tuple[int, int, str]]) -> None:
    found = gsm7.doubts(septets)
    assert [(doubt.septet, doubt.position, doubt.reason) for doubt in found] == expect
    assert all(doubt.message.endswith(".") for doubt in found)


@given(encodable_texts)
def test_nothing_is_guessed_of_what_was_encoded(text: str) -> None:
    assert gsm7.doubts(gsm7.encode(text)) == ()


@given(st.text(max_size=60))
def test_the_septets_of_each_character(text: str) -> None:
    costs = {**dict.fromkeys(ALPHABET, 1), **dict.fromkeys(EXTENSION.values(), 2)}
    assert list(gsm7.septets_of_each(text)) == [costs.get(character, 0) for character in text]


# ---------------------------------------------------------------------------------------------------- packing


@pytest.mark.parametrize("given_, expect", known_answers("gsm7_pack"))
def test_known_packings(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    septets = gsm7.encode(given_["text"])
    assert len(septets) == expect["septets"]
    assert gsm7.pack(septets).hex().upper() == expect["packed_hex"]
    unpacked = gsm7.unpack(bytes.fromhex(expect["packed_hex"]), expect["septets"])
    assert gsm7.decode(unpacked) == given_["text"]


@pytest.mark.parametrize("given_, expect", known_answers("gsm7_pack_fill"))
def test_known_packings_with_fill_bits(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    packed = gsm7.pack(bytes(given_["septets"]), given_["fill_bits"])
    assert packed.hex().upper() == expect["packed_hex"]


@pytest.mark.parametrize("given_, expect", known_answers("gsm7_unpack"))
def test_known_unpackings(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    septets = gsm7.unpack(bytes.fromhex(given_["packed_hex"]), given_["septet_count"])
    assert gsm7.decode(septets) == expect["text"]


def test_only_the_count_tells_seven_septets_from_eight() -> None:
    packed = gsm7.pack(gsm7.encode("message"))
    assert gsm7.decode(gsm7.unpack(packed, 7)) == "message"
    assert gsm7.decode(gsm7.unpack(packed)) == "message@"


@given(septet_strings, st.integers(0, 6))
def test_packing_follows_the_definition(septets: bytes, fill: int) -> None:
    packed = gsm7.pack(septets, fill)
    assert packed == bit_by_bit(septets, fill)
    assert len(packed) == gsm7.packed_length(len(septets), fill)
    assert gsm7.unpack(packed, len(septets), fill) == septets


@given(st.binary(max_size=60), st.integers(-3, 100), st.integers(0, 6))
def test_any_octets_unpack(octets: bytes, count: int, fill: int) -> None:
    everything = gsm7.unpack(octets, fill=fill)
    assert len(everything) == max(0, 8 * len(octets) - fill) // 7
    assert gsm7.unpack(octets, count, fill) == everything[: max(0, count)]
    # Packed again, every bit that belongs to a septet is where it was.
    used = fill + 7 * len(everything)
    mask = ((1 << used) - 1) & ~((1 << fill) - 1)
    assert int.from_bytes(gsm7.pack(everything, fill), "little") == int.from_bytes(octets, "little") & mask


@pytest.mark.parametrize("header_octets, fill", [(0, 0), (6, 1), (7, 0), (8, 6), (5, 2), (12, 2), (140, 0)])
def test_text_begins_on_a_septet_boundary_behind_a_header(header_octets: int, fill: int) -> None:
    assert gsm7.fill_bits(header_octets) == fill
    assert (8 * header_octets + fill) % 7 == 0
