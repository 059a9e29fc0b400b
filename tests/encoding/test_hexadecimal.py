from __future__ import annotations

import base64
import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import hexadecimal
from sms_desktop.messages.errors import Mendable

SEPARATORS = ["", " ", ":", ", ", ",", "-", ";", "\t", "\n", "\r\n", " \n", "0x", " 0x", ", 0X", "\u00a0"]


@pytest.mark.parametrize(
    "text, octets",
    [
        ("", ""),
        ("  \n", ""),
        ("0605040B8423F0", "0605040B8423F0"),
        ("0605040b8423f0", "0605040B8423F0"),
        ("06 05 04 0B 84 23 F0\n", "0605040B8423F0"),
        ("06:05:04:0b:84:23:f0", "0605040B8423F0"),
        ("0x06, 0x05, 0x04", "060504"),
        ("0x060504", "060504"),
        ("0X06 0X05", "0605"),
        ("06-05-04", "060504"),
        ("0605\r\n040B", "0605040B"),
        ("060\n504", "060504"),  # wrapped inside an octet
        ("050x06", "0506"),
    ],
)
def test_the_ways_to_write_octets(text: str, octets: str) -> None:
    assert hexadecimal.show(hexadecimal.parse(text, field="udh")) == octets


@pytest.mark.parametrize(
    "text, said",
    [
        ("0", "udh: the hexadecimal digit at character 1 stands alone; an octet has two."),
        ("060", "udh: the hexadecimal digit at character 3 stands alone; an octet has two."),
        ("06 5 04", "udh: the hexadecimal digit at character 4 stands alone; an octet has two."),
        ("0x6 0x5", "udh: the hexadecimal digit at character 3 stands alone; an octet has two."),
        ("06g5", "udh: character 3 (g) is no hexadecimal digit."),
        ("06 05!", "udh: character 6 (!) is no hexadecimal digit."),
        ("0x", "udh: character 2 (x) is no hexadecimal digit."),
        ("06x05", "udh: character 3 (x) is no hexadecimal digit."),
        ("0\x00", "udh: character 2 (U+0000) is no hexadecimal digit."),
        ("\uff10\uff15", "udh: character 1 (\uff10) is no hexadecimal digit."),  # full-width digits
    ],
)
def test_what_is_refused_is_named_by_its_position(text: str, said: str) -> None:
    with pytest.raises(Mendable) as caught:
        hexadecimal.parse(text, field="udh")
    assert caught.value.message == said
    assert caught.value.field == "udh"
    assert caught.value.hint


@given(st.binary(max_size=40), st.lists(st.sampled_from(SEPARATORS), min_size=41, max_size=41), st.booleans())
def test_separators_change_nothing(data: bytes, separators: list[str], capitals: bool) -> None:
    written = "".join(separator + f"{octet:02X}" for separator, octet in zip(separators, data, strict=False))
    assert hexadecimal.parse(written if capitals else written.lower(), field="body") == data


@given(st.text(max_size=30))
def test_anything_else_is_one_clear_error(text: str) -> None:
    with contextlib.suppress(Mendable):
        data = hexadecimal.parse(text, field="body")
        assert hexadecimal.parse(hexadecimal.show(data), field="body") == data


@pytest.mark.parametrize(
    "text, octets",
    [
        ("{0x05, 0x00}", "0500"),
        ("{ 0x5, 0x0, }", "0500"),
        ("unsigned char udh[] = {0x05, 0x00, 0x03};", "050003"),
        ("const uint8_t header[7] = {\n    0x06, 0x05,\n    0x04,\n};\n", "060504"),
        ("[0x05, 0x00]", "0500"),
        ("bytes([0x05, 0x00])", "0500"),
        ("{}", ""),
        (r'"\x05\x00"', "0500"),
        (r"b'\x05\x00'", "0500"),
        (r'b"\x05AB\n\0\\\""', "0541420A005C22"),
        (r'"\x06\x05" "\x04"', "060504"),
        ('char body[] = "\\x42\\x45"\n    "\\x47";', "424547"),
        (r"\x05\x00\x03", "050003"),
        (r"\005\377", "05FF"),
        ("b'BEGIN:VCARD'", "424547494E3A5643415244"),
        ('"0605040B"', "0605040B"),  # digits in quotes, as in JSON
        ("bytes.fromhex('06 05')", "0605"),
        ("udh = '06:05'", "0605"),
        ("base64:BgUECw==", "0605040B"),
        ("base64: BgUE\nCw", "0605040B"),
        ("base64:-_-_", "FBFFBF"),
    ],
)
def test_the_ways_in_which_programs_write_octets(text: str, octets: str) -> None:
    assert hexadecimal.show(hexadecimal.parse(text, field="udh")) == octets


@pytest.mark.parametrize(
    "text, said",
    [
        ("{5, 4}", "character 2 (5) can't be read. In a list every octet is written as 0x05"),
        ("{0x05 0x04}", "character 7 (0) can't be read. In a list"),
        ("{0x105}", "character 2 (0) can't be read. In a list"),
        ("{0x05, 0x04", "the list ends at character 11 without its bracket"),
        ("{0x05}, {0x04}", "character 7 (,) can't be read. Nothing may stand behind it"),
        (r'"\x05', 'The string ends without its ".'),
        (r'"\x5"', "character 2 (\\) can't be read. Of the escapes"),
        (r'"\400"', "character 2 (\\) can't be read. An octal escape goes up to"),
        (r'"\x05é"', "character 6 (é) can't be read. Write characters outside ASCII"),
        (r"\x05 AB", "character 6 (A) can't be read. Put quotes around escapes"),
        ('"06g5"', "udh: character 4 (g) is no hexadecimal digit."),
        ("base64:BgUEC", "what stands behind base64: is no whole base64."),
    ],
)
def test_a_broken_literal_is_refused_with_its_position(text: str, said: str) -> None:
    with pytest.raises(Mendable, match=r"^udh: ") as caught:
        hexadecimal.parse(text, field="udh")
    assert said in caught.value.message


@given(st.binary(max_size=60))
def test_what_a_program_prints_of_octets_is_read_back(data: bytes) -> None:
    listed = ", ".join(f"0x{octet:02x}" for octet in data)
    escaped = "".join(f"\\x{octet:02x}" for octet in data)
    for written in (
        f"{{{listed}}}",
        f"[{listed}]",
        f"char x[] = {{ {listed} }};",
        f'"{escaped}"',
        repr(data),
    ):
        assert hexadecimal.parse(written, field="body") == data
    assert hexadecimal.parse(hexadecimal.spaced(data), field="body") == data
    assert hexadecimal.parse("base64:" + base64.b64encode(data).decode(), field="body") == data


@given(st.text(alphabet="\\x05\"'b{}[],; =ntA\n0", max_size=40))
def test_nothing_that_looks_like_a_literal_breaks_the_parser(text: str) -> None:
    with contextlib.suppress(Mendable):
        hexadecimal.parse(text, field="body")
    hexadecimal.as_base64(text)


@given(st.binary(min_size=9, max_size=60))
def test_base64_is_told_only_where_it_can_be_nothing_else(data: bytes) -> None:
    text = base64.b64encode(data).decode()
    found = hexadecimal.as_base64(text)
    assert found in (None, data)
    if text.endswith("="):
        assert found == data
    assert hexadecimal.as_base64(hexadecimal.show(data)) is None
    assert hexadecimal.as_base64(hexadecimal.spaced(data)) is None


@pytest.mark.parametrize(
    "text", ["", "Message", "Messages", "deadbeef", "DEADBEEF", "0605040B", "AAAA", "BgUEC"]
)
def test_a_word_or_digits_are_no_base64(text: str) -> None:
    assert hexadecimal.as_base64(text) is None


@pytest.mark.parametrize(
    "unit",
    ["05 ", "0x05,", "05:", "0", "\\x05", "{", "[0x05,", '"" ', "'", "a ", "\n", "= ", "b'", "AbC0", "x"],
)
def test_a_megabyte_of_anything_is_read_or_refused_at_once(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    began = time.process_time()
    with contextlib.suppress(Mendable):
        hexadecimal.parse(text, field="body")
    hexadecimal.as_base64(text)
    assert time.process_time() - began < 20
