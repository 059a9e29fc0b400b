from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import ucs2
from sms_desktop.messages.errors import Mendable
from tests.known_answers import known_answers

any_text = st.text(st.characters() | st.sampled_from("\ud800\udbff\udc00\udfff😀"), max_size=40)


@pytest.mark.parametrize("given_, expect", known_answers("ucs2_encode"))
def test_known_encodings(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    assert ucs2.encode(given_["text"]).hex().upper() == expect["hex"]
    assert ucs2.decode(bytes.fromhex(expect["hex"])) == given_["text"]


@given(st.text(max_size=60))
def test_decoding_undoes_encoding(text: str) -> None:
    assert ucs2.decode(ucs2.encode(text)) == text


@pytest.mark.parametrize("half", [chr(0xD83D), chr(0xDE00)])
def test_half_a_pair_is_refused_with_its_position(half: str) -> None:
    with pytest.raises(Mendable, match=rf"Character 4 \(U\+{ord(half):04X}\)") as caught:
        ucs2.encode(f"a😀b{half}c")
    assert caught.value.field == "text"


def test_two_halves_that_were_never_one_character_are_refused_too() -> None:
    with pytest.raises(Mendable):
        ucs2.encode("\ud83d\ude00")


@given(st.binary(max_size=60))
def test_any_octets_decode_and_nothing_is_lost(octets: bytes) -> None:
    text = ucs2.decode(octets)
    whole = octets[: len(octets) // 2 * 2]
    kept = text.removesuffix("\ufffd") if len(octets) % 2 else text
    assert kept.encode("utf-16-be", "surrogatepass") == whole


def test_half_a_pair_at_the_end_of_the_octets_stays() -> None:
    assert ucs2.decode(bytes.fromhex("0041D83D")) == "A\ud83d"
    assert ucs2.decode(bytes.fromhex("0041D8")) == "A\ufffd"


@given(any_text)
def test_any_text_has_code_units(text: str) -> None:
    expected = sum(2 if character > "\uffff" else 1 for character in text)
    assert len(ucs2.code_units(text)) == 2 * expected


@given(any_text, st.lists(st.integers(0, 40)).map(sorted))
def test_offsets_are_those_that_qt_counts(text: str, positions: list[int]) -> None:
    expected = [sum(2 if c > "\uffff" else 1 for c in text[:position]) for position in positions]
    assert ucs2.code_unit_offsets(text, positions) == expected
