from __future__ import annotations

import contextlib

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
