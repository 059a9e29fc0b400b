"""What people type as a number or a sender, and the sentence for what can't be one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.messages.addresses import (
    NumberWords,
    Sender,
    number_words,
    party,
    recipient,
    sender,
    told_party,
)
from sms_desktop.messages.errors import Mendable


@pytest.mark.parametrize(
    "typed",
    [
        "31612345678",
        "+31612345678",
        "0031612345678",
        "+31 6 1234 5678",
        "+31-6-12.34/56 78",
        "(+31) 612345678",
        "+31 (0)6 12345678",
        "0031 ( 0 ) 612345678",
        "\u202a+31 6 12345678\u202c",
        "+31\u00a06\u20111234\u20115678",
        "\ufeff+31\u200b612345678\u2060",
        "+31\u22126\uff0d12345678",
        "＋３１６１２３４５６７８",
        "٣١٦١٢٣٤٥٦٧٨",
        "۳۱۶۱۲۳۴۵۶۷۸",
        "३१६१२३४५६७८",
        "\t+31612345678\n",
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str) -> None:
    assert recipient(typed) == "31612345678"


@pytest.mark.parametrize("digits", ["1234567", "123456789012345"])
def test_a_number_has_seven_to_fifteen_digits(digits: str) -> None:
    assert recipient(digits) == digits


@pytest.mark.parametrize(
    "typed, words",
    [
        ("", "no number yet"),
        ("   ", "no number yet"),
        ("\u200b", "no number yet"),
        ("+", "0 digits"),
        ("123456", "6 digits"),
        ("1234567890123456", "16 digits"),
        ("0612345678", "no country code"),
        ("+0612345678", "no country code"),
        ("0000612345678", "no country code"),
        ("+31 6 CALL ME", "'C'"),
        ("31612345678 ext. 4", "'e'"),
        ("+31+612345678", "'+'"),
        ("31612345678;31687654321", "';'"),
        ("3161234567²", "'²'"),
        ("Ⅻ1234567", "'Ⅻ'"),
        ("12345\ud8006789", r"'\ud800'"),
        ("1\x002345678", r"'\x00'"),
        ("9" * 100_000, "too long"),
    ],
)
def test_what_is_no_number_gets_one_sentence_that_names_the_field(typed: str, words: str) -> None:
    with pytest.raises(Mendable) as told:
        recipient(typed)
    assert told.value.field == "to"
    assert told.value.message.startswith("To: ")
    assert words in told.value.message
    assert len(told.value.message) < 200
    assert told.value.message.isprintable()


def _or_its_field(read: Callable[[str], str], typed: str) -> str | None:
    try:
        return read(typed)
    except Mendable as told:
        return told.field


@given(st.text())
def test_whatever_is_typed_is_a_number_or_a_sentence(typed: str) -> None:
    number = _or_its_field(recipient, typed)
    assert number is not None
    if number != "to":
        assert number.isascii()
        assert number.isdigit()
        assert 7 <= len(number) <= 15
        assert number[0] != "0"


@pytest.mark.parametrize(
    "typed, value, dropped",
    [
        ("Helpdesk", "Helpdesk", False),
        ("ACME2000", "ACME2000", False),
        ("Help desk", "Helpdesk", True),
        ("My Very Shop", "MyVeryShop", True),
        (" Shop ", "Shop", False),
        ("+31612345678", "31612345678", False),
        ("0031612345678", "31612345678", False),
        ("31 6 12345678", "31612345678", False),
        ("2345", "2345", False),
        ("12345678901", "12345678901", False),
        ("123456789012345", "123456789012345", False),
    ],
)
def test_a_sender_is_a_number_or_a_word(typed: str, value: str, dropped: bool) -> None:
    assert sender(typed) == Sender(value, dropped)
    assert sender(typed).is_number is value.isdigit()


@pytest.mark.parametrize(
    "typed, words",
    [
        ("", "no sender yet"),
        ("  ", "no sender yet"),
        ("TwelveLetter", "12 characters"),
        ("1234567890123456", "16 digits"),
        ("Café", "'é'"),
        ("Help-desk", "'-'"),
        ("A\u00a0B", r"'\xa0'"),
        ("Help\u200bdesk", r"'\u200b'"),
        ("АСМЕ", "'А'"),  # Cyrillic, looks like ACME
        ("+", "'+'"),
        ("٣٤٥", "'٣'"),
        ("00", "0 digits"),
        ("A" * 100_000, "100000 characters"),
    ],
)
def test_what_is_no_sender_gets_one_sentence_that_names_the_field(typed: str, words: str) -> None:
    with pytest.raises(Mendable) as told:
        sender(typed)
    assert told.value.field == "from"
    assert words in told.value.message
    assert len(told.value.message) < 200
    assert told.value.message.isprintable()


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_sender_or_a_sentence(typed: str) -> None:
    value = _or_its_field(lambda text: sender(text).value, typed)
    assert value is not None
    if value != "from":
        assert value.isascii()
        assert value.isalnum()
        assert len(value) <= (15 if value.isdigit() else 11)


@pytest.mark.parametrize(
    "typed,name",
    [
        ("+31 6 1234 5678", "31612345678"),
        ("0031612345678", "31612345678"),
        (" DHL24 ", "DHL24"),
        ("80 012", "80012"),
        ("٨٠٠١٢", "80012"),
    ],
)
def test_the_other_side_of_a_conversation_is_a_number_a_word_or_a_short_code(typed: str, name: str) -> None:
    assert party(typed) == name


@pytest.mark.parametrize("typed", ["0612345678", "", "12", "1" * 16])
def test_what_names_nobody_is_a_sentence(typed: str) -> None:
    with pytest.raises(Mendable):
        party(typed)


@pytest.mark.parametrize(
    "told,name",
    [
        ("31612345678", "31612345678"),
        ("+31612345678", "31612345678"),
        ("0031612345678", "31612345678"),
        ("80012", "80012"),
        ("+80012", "+80012"),
        ("DHL24", "DHL24"),
        ("00", "00"),
        ("٣١٦١٢٣٤٥٦٧٨", "٣١٦١٢٣٤٥٦٧٨"),
        ("", ""),
    ],
)
def test_the_gateways_notations_of_a_number_are_one(told: str, name: str) -> None:
    assert told_party(told) == name


def test_a_number_in_words() -> None:
    assert number_words("31612345678") == NumberWords("+31 6 12345678", "NL")
    assert number_words("447700900000").formatted == "+44 7700 900000"


def test_describing_a_number_loads_no_map_of_area_codes() -> None:
    code = (
        "import sys; from sms_desktop.messages.addresses import number_words; number_words('31612345678');"
        "sys.exit('phonenumbers.geodata' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("party", ["Vonage", "12345", "", "unknown", "0612345678"])
def test_what_is_no_msisdn_comes_back_as_it_is(party: str) -> None:
    assert number_words(party) == NumberWords(party, "")


@given(st.from_regex(r"[1-9][0-9]{6,14}", fullmatch=True))
def test_describing_a_number_never_raises(number: str) -> None:
    words = number_words(number)
    assert "".join(character for character in words.formatted if character.isdigit()) == number


@pytest.mark.parametrize("number, region", [("447700900123", "GB"), ("12005550000", ""), ("99912345678", "")])
def test_a_number_that_nobody_has_belongs_to_the_main_country_of_its_code(number: str, region: str) -> None:
    assert number_words(number).region == region
