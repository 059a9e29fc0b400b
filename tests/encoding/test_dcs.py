from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import dcs
from sms_desktop.encoding.dcs import DataCoding, MessageWaiting
from sms_desktop.encoding.tree import Annotator
from tests.encoding.leaves import assert_covered


@pytest.mark.parametrize(
    "octet, coding",
    [
        (0x00, DataCoding("gsm7")),
        (0x01, DataCoding("gsm7")),
        (0x02, DataCoding("gsm7")),  # bits 1 to 0 mean nothing without bit 4
        (0x04, DataCoding("8bit")),
        (0x08, DataCoding("ucs2")),
        (0x0C, DataCoding("gsm7", reserved=True)),
        (0x10, DataCoding("gsm7", message_class=0)),
        (0x18, DataCoding("ucs2", message_class=0)),
        (0x16, DataCoding("8bit", message_class=2)),
        (0x20, DataCoding("gsm7", compressed=True)),
        (0x44, DataCoding("8bit", automatic_deletion=True)),
        (0x7B, DataCoding("ucs2", compressed=True, message_class=3, automatic_deletion=True)),
        (0x80, DataCoding("gsm7", reserved=True)),
        (0xBF, DataCoding("gsm7", reserved=True)),
        (0xC0, DataCoding("gsm7", waiting=MessageWaiting(active=False, kind="voicemail", store=False))),
        (0xC8, DataCoding("gsm7", waiting=MessageWaiting(active=True, kind="voicemail", store=False))),
        (0xD9, DataCoding("gsm7", waiting=MessageWaiting(active=True, kind="fax", store=True))),
        (0xE2, DataCoding("ucs2", waiting=MessageWaiting(active=False, kind="email", store=True))),
        (0xEB, DataCoding("ucs2", waiting=MessageWaiting(active=True, kind="other", store=True))),
        (0xF0, DataCoding("gsm7", message_class=0)),
        (0xF5, DataCoding("8bit", message_class=1)),
        (0xF6, DataCoding("8bit", message_class=2)),
        (0xFE, DataCoding("8bit", message_class=2)),  # bit 3 is reserved
    ],
)
def test_octets_and_what_they_say(octet: int, coding: DataCoding) -> None:
    assert dcs.parse(octet) == coding


@pytest.mark.parametrize("octet", range(256))
def test_every_octet_can_be_said_again(octet: int) -> None:
    coding = dcs.parse(octet)
    assert dcs.parse(dcs.build(coding)) == coding
    if octet >= 0xF0:
        assert dcs.build(coding, class_group=True) == octet & 0xF7


@pytest.mark.parametrize("octet", [0x00, 0x04, 0x08, 0x10, 0x18, 0x44, 0xC8, 0xD0, 0xE3])
def test_the_usual_octets_come_out_as_they_went_in(octet: int) -> None:
    assert dcs.build(dcs.parse(octet)) == octet


def test_words() -> None:
    said = {octet: dcs.parse(octet).words for octet in (0x00, 0x18, 0xF6, 0xC8, 0xE1, 0x60, 0x80)}
    assert said == {
        0x00: "GSM 7-bit default alphabet",
        0x18: "UCS-2, class 0 (flash: shown at once)",
        0xF6: "8-bit data, class 2 (SIM)",
        0xC8: "GSM 7-bit default alphabet, voicemail waiting, text discarded",
        0xE1: "UCS-2, fax no longer waiting, text stored",
        0x60: "GSM 7-bit default alphabet, compressed, deleted once read",
        0x80: "reserved, read as GSM 7-bit default alphabet",
    }


@pytest.mark.parametrize(
    "coding",
    [
        DataCoding("gsm7", message_class=4),
        DataCoding("ucs2", reserved=True),
        DataCoding("8bit", waiting=MessageWaiting(active=True, kind="fax", store=True)),
        DataCoding("ucs2", waiting=MessageWaiting(active=True, kind="fax", store=False)),
        DataCoding("gsm7", message_class=1, waiting=MessageWaiting(active=True, kind="fax", store=True)),
    ],
)
def test_what_no_octet_can_say(coding: DataCoding) -> None:
    with pytest.raises(ValueError, match=r".+"):
        dcs.build(coding)


@pytest.mark.parametrize("coding", [DataCoding("ucs2", message_class=1), DataCoding("gsm7")])
def test_what_the_class_group_cannot_say(coding: DataCoding) -> None:
    with pytest.raises(ValueError, match="0xF0"):
        dcs.build(coding, class_group=True)


@given(st.integers(0, 255))
def test_its_field(octet: int) -> None:
    annotator = Annotator(bytes([octet]))
    coding, field = dcs.read(annotator, 0, "Data Coding")
    assert_covered((field,), 0, 8)
    assert (coding, field.value, field.meaning) == (dcs.parse(octet), f"{octet:02X}", coding.words)
    assert bool(coding.reserved) <= bool(annotator.problems)


@pytest.mark.parametrize("octet, bit", [(0xF8, 3), (0xC4, 2), (0xE7, 2), (0x02, 0), (0x45, 0)])
def test_reserved_bits_are_problems_where_they_stand(octet: int, bit: int) -> None:
    annotator = Annotator(bytes([octet]))
    dcs.read(annotator, 0, "Data Coding")
    assert [problem.bit_offset for problem in annotator.problems] == [bit]


@pytest.mark.parametrize("number", [-1, 256])
def test_what_is_no_octet_is_our_mistake(number: int) -> None:
    with pytest.raises(ValueError, match="no octet"):
        dcs.parse(number)
