from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import addresses, gsm7
from sms_desktop.encoding.addresses import ALPHANUMERIC, INTERNATIONAL, NATIONAL, Address, LengthUnit
from sms_desktop.encoding.tree import Annotator
from sms_desktop.messages.errors import Mendable
from tests.encoding.leaves import assert_covered, find
from tests.known_answers import known_answers

ALPHABET = sorted(gsm7.characters())
NUMBERS = st.builds(
    Address,
    st.text("0123456789*#abc", max_size=20),
    st.sampled_from([0, 1, 2, 3, 4, 6, 7]),
    st.integers(0, 15),
)
WORDS = st.builds(
    Address,
    st.text(ALPHABET, max_size=11).filter(lambda text: len(gsm7.encode(text)) <= 11),
    st.just(ALPHANUMERIC),
    st.just(0),
)


@pytest.mark.parametrize("given_, expect", known_answers("address_decode"))
def test_known_answers(given_: dict[str, str], expect: dict[str, str]) -> None:
    octets = bytes.fromhex(given_["hex"])
    address = addresses.parse(octets)
    assert address
    assert address.text == expect["address"]
    assert address.to_octets() == octets


@pytest.mark.parametrize(
    "text, octets",
    [
        ("+447917267410", "0C91449771624701"),
        ("+31612345678", "0B911316325476F8"),
        ("12220", "05812122F0"),
        ("*100#", "05811A00FB"),
        ("1*#abc", "0681A1CBED"),
        ("FONIC", "09D0C6A7333904"),
        ("A", "02D041"),
        ("Vodafone NL", "14D0D6373B6C7EBBCBA0270B"),
    ],
)
def test_as_people_write_them(text: str, octets: str) -> None:
    address = Address.of(text)
    assert address.text == text
    assert addresses.parse(address.to_octets()) == address
    if text != "Vodafone NL":
        assert address.to_octets().hex().upper() == octets


def test_the_service_centre_counts_octets() -> None:
    octets = bytes.fromhex("07914306073011F0")
    address = addresses.parse(octets, "octets")
    assert address == Address("34607003110", INTERNATIONAL)
    assert address.to_octets("octets") == octets


@given(NUMBERS | WORDS)
def test_what_is_written_is_read(address: Address) -> None:
    annotator = Annotator(address.to_octets())
    found, field, end = addresses.read(annotator, 0, "Address")
    assert (found, end) == (address, len(annotator.data))
    assert annotator.problems == []
    assert field.meaning == address.text
    assert_covered((field,), 0, 8 * end)


@given(NUMBERS)
def test_the_service_centre_both_ways(address: Address) -> None:
    assert addresses.parse(address.to_octets("octets"), "octets") == address


@given(st.binary(min_size=1, max_size=16), st.sampled_from(["octets", "semi-octets"]))
def test_any_octets_give_a_field(data: bytes, unit: LengthUnit) -> None:
    annotator = Annotator(data)
    address, field, end = addresses.read(annotator, 0, "Address", unit)
    assert 1 <= end <= len(data)
    assert_covered((field,), 0, 8 * end)
    if address:
        # Written again it is the same, though a type octet whose bit 7 is 0 gets its 1.
        again = address.to_octets(unit)
        if not (unit == "octets" and address.is_alphanumeric):
            assert addresses.parse(again, unit) == address
    elif data[0] or unit == "semi-octets":
        assert annotator.problems


@pytest.mark.parametrize(
    "octets, text, bit",
    [
        ("0B91449771624701", "+44791726741", 60),  # the filler is a digit
        ("0391F100", "+1?0", 20),
        ("0C914497", "+4479", 32),
        ("0C91", "", 16),
        ("0C", "cut off", 8),
        ("1511" + "00" * 11, "+" + "0" * 21, 0),
        ("0211" + "10", "+01", 15),
    ],
)
def test_what_breaks_a_rule_is_shown_all_the_same(octets: str, text: str, bit: int) -> None:
    annotator = Annotator(bytes.fromhex(octets))
    _, field, _ = addresses.read(annotator, 0, "Address")
    assert field.meaning == text
    assert bit in [problem.bit_offset for problem in annotator.problems]


@pytest.mark.parametrize("digits", range(1, 12))
def test_words_of_every_length(digits: int) -> None:
    address = Address.of("ABCDEFGHIJK"[:digits])
    assert addresses.parse(address.to_octets()) == address
    assert address.to_octets()[0] == -(-7 * digits // 4)


def test_a_length_that_counts_the_filler() -> None:
    annotator = Annotator(bytes.fromhex("0C910661345542F6"))  # published by python-gsmmodem as "+60164355246"
    address, field, _ = addresses.read(annotator, 0, "Address")
    assert address == Address("60164355246", INTERNATIONAL)
    assert field.meaning == "+60164355246"
    assert [problem.bit_offset for problem in annotator.problems] == [60]


def test_a_national_number_has_no_plus() -> None:
    address = addresses.parse(bytes.fromhex("0AA1607120436587"))
    assert address is not None
    assert (address.type_of_number, address.text) == (NATIONAL, "0617023456")


def test_the_type_in_words() -> None:
    annotator = Annotator(bytes.fromhex("0B911316325476F8"))
    _, field, _ = addresses.read(annotator, 0, "Address")
    assert [leaf.meaning for leaf in find((field,), "Type of Number")] == ["international"]
    assert [leaf.meaning for leaf in find((field,), "Numbering Plan")] == ["ISDN, telephone (E.164)"]


@pytest.mark.parametrize("text", ["+" + "1" * 21, "Twelve chars", "€€€€€€", "Łódź"])
def test_what_no_address_can_be(text: str) -> None:
    with pytest.raises(Mendable, match="address"):
        Address.of(text)


def test_digits_that_are_none() -> None:
    with pytest.raises(Mendable, match="no number"):
        Address("12x4")
    with pytest.raises(ValueError, match="no such type"):
        Address("1", 8)
