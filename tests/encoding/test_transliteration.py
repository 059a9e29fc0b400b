from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.transliteration import Unsupported, suggest, transliterate, unsupported


def test_no_suggestion_for_any_code_point_is_outside_gsm7() -> None:
    for point in range(
        0x30000
    ):  # above are only ideographs, tags and private use, which fall apart into nothing
        suggestion = suggest(chr(point))
        assert suggestion is None or gsm7.is_encodable(suggestion), hex(point)


def test_a_character_of_the_alphabet_stands_for_itself() -> None:
    assert [suggest(character) for character in "@Ç€\n"] == ["@", "Ç", "€", "\n"]


@pytest.mark.parametrize(
    "characters, suggestions",
    [
        pytest.param("‘’‚‛“”„«»", '\'\'\'\'"""""', id="quotes"),
        pytest.param("`´ʼ′", "''''", id="what is typed for an apostrophe"),
        pytest.param("‐‑‒–—―−", "-------", id="dashes"),
        pytest.param("\u00a0\u202f\u2009\u3000\t", "     ", id="spaces"),
        pytest.param("\u2028\u2029\x85", "\n\n\n", id="line ends"),
        pytest.param("áâãçêëíîóôőúûýęąłńśźżčšžğşıİ", "aaaceeiiooouuyealnszzcszgsiI", id="accents"),
        pytest.param("ǖ Ấ ǿ Ǻ ấ", "ü A ø Å a", id="accents only as far as needed"),
        pytest.param("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", id="Greek capitals that look Latin"),
        pytest.param("καλημέρα", "KAΛHMEPA", id="Greek small letters"),
        pytest.param("ｆｕｌｌ，𝐛𝐨𝐥𝐝①²µ°", "full,bold12uo", id="compatibility"),
        pytest.param("\u2126\u212b\u037e", "ΩÅ;", id="canonical twins"),
    ],
)
def test_one_character_for_one(characters: str, suggestions: str) -> None:
    assert [suggest(character) for character in characters] == list(suggestions)


@pytest.mark.parametrize(
    "character, suggestion",
    [
        ("…", "..."),
        ("œ", "oe"),
        ("Þ", "Th"),
        ("ĳ", "ij"),
        ("ﬁ", "fi"),
        ("½", "1/2"),
        ("№", "No"),
        ("©", "(C)"),
        ("™", "TM"),
        ("≤", "<="),
        ("₹", "INR"),
        ("ẞ", "SS"),
    ],
)
def test_several_characters_for_one(character: str, suggestion: str) -> None:
    assert suggest(character) == suggestion


@pytest.mark.parametrize("character", list("\u200b\u200d\ufeff\u00ad\u0301\ufe0f\x00\x1b\x7f"))
def test_what_has_no_shape_is_left_out(character: str) -> None:
    assert suggest(character) == ""


@pytest.mark.parametrize("character", list("Жя中はअعא😀☎\ud800¬∞‰\u05b0"))
def test_nothing_stands_for_other_scripts_and_signs(character: str) -> None:
    assert suggest(character) is None


def test_a_negated_sign_does_not_lose_its_negation() -> None:
    assert suggest("≠") == "!="
    assert suggest("≮") is None


def test_the_list_names_each_place() -> None:
    assert unsupported("aęb😀ę") == (
        Unsupported(1, "ę", "e"),
        Unsupported(3, "😀", None),
        Unsupported(4, "ę", "e"),
    )
    assert [entry.code_point for entry in unsupported("ę😀\t")] == ["U+0119", "U+1F600", "U+0009"]


def test_transliterating_takes_every_suggestion() -> None:
    assert transliterate("“Zażółć” … 😀 e\u0301") == '"Zazolc" ... 😀 e'


@given(st.text(max_size=60))
def test_transliterating_leaves_only_what_has_no_suggestion(text: str) -> None:
    left = unsupported(transliterate(text))
    assert [e.character for e in left] == [e.character for e in unsupported(text) if e.suggestion is None]
