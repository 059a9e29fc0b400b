from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.elements import NationalShift
from sms_desktop.encoding.encode import Part, encode
from sms_desktop.encoding.reassembly import PartOctets, join, part_of_pdu
from sms_desktop.encoding.udh import UserDataHeader
from sms_desktop.messages.message import Text, Unicode, VCard
from tests.encoding.leaves import assert_covered
from tests.encoding.test_inspect_messages import PUSH_1, PUSH_2

LONG = "Lorem ipsum dolor sit amet, consectetur adipisicing elit. " * 8
CARD = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Doe;Jane\r\nNOTE:" + "x" * 200 + "\r\nEND:VCARD\r\n"


def received(part: Part) -> PartOctets:
    return PartOctets(part.udh, part.user_data, part.data_coding, part.user_data_length)


def of_pdu(octets: str) -> PartOctets:
    part = part_of_pdu(bytes.fromhex(octets), has_smsc=True)
    assert part is not None
    return part


@given(st.text(sorted(gsm7.characters()), max_size=700), st.randoms(use_true_random=False))
def test_a_text_in_any_order(text: str, chance: random.Random) -> None:
    parts = [received(part) for part in encode(Text(text), reference_number=7)]
    chance.shuffle(parts)
    joined = join(parts)
    assert joined.text == text.replace("\r\n", "\n")
    assert (joined.total, joined.missing, joined.duplicates) == (len(parts), (), ())
    assert joined.problems == ()
    assert joined.reference == (7 if len(parts) > 1 else None)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_a_unicode_text(text: str) -> None:
    joined = join([received(part) for part in encode(Unicode(text), reference_bits=16)])
    assert joined.text == text.replace("\r\n", "\n")


def test_a_push_in_two_parts() -> None:
    parts = [of_pdu(PUSH_1), of_pdu(PUSH_2)]
    for given_ in (parts, parts[::-1]):
        joined = join(given_)
        assert joined.content is not None
        assert joined.content.as_dict() == {
            "type": "wap_push_si",
            "href": "http://wap.meincallya.de/",
            "text": 'Zum kostenlosen Portal "Mein Vodafone" - einfach auf den folgenden Link klicken'
            " oder die Seite direkt aufrufen. Ihr Vodafone Team",
            "created": None,
            "expires": None,
            "action": "signal-high",
            "id": None,
        }
        assert (joined.total, joined.reference, joined.text) == (2, 150, None)
        assert joined.problems == ()
        assert joined.inspection is not None
        assert joined.inspection.problems == ()
        assert joined.octets is not None
        assert_covered(joined.inspection.fields, 0, 8 * len(joined.octets))


def test_the_first_part_of_a_push_alone() -> None:
    joined = join([of_pdu(PUSH_1)])
    assert joined.missing == (2,)
    assert joined.content is not None
    assert joined.content.as_dict()["href"] == "http://wap.meincallya.de/"
    assert joined.inspection is not None
    assert joined.inspection.fields[0].meaning == "part 1 of 2, read as far as it goes"
    without_first = join([of_pdu(PUSH_2)])
    assert (without_first.missing, without_first.octets, without_first.content) == ((1,), None, None)


def test_a_card_in_parts() -> None:
    parts = [received(part) for part in encode(VCard(CARD))]
    assert len(parts) > 1
    joined = join(parts)
    assert joined.content is not None
    assert joined.content.as_dict() == {"type": "vcard", "text": CARD}


def test_missing_parts_are_gaps() -> None:
    parts = [received(part) for part in encode(Text(LONG))]
    assert len(parts) == 4
    first, second, third, fourth = parts
    assert join([third]).pieces == (None, LONG[306:459], None)
    assert join([first, fourth]).pieces == (LONG[:153], None, LONG[459:])
    joined = join([second, third])
    assert joined.pieces == (None, LONG[153:459], None)
    assert joined.text == LONG[153:459]
    assert joined.missing == (1, 4)


def test_doubled_parts() -> None:
    parts = [received(part) for part in encode(Text(LONG))]
    joined = join([*parts, parts[1], parts[1]])
    assert (joined.text, joined.duplicates, joined.problems) == (LONG, (2,), ())
    other = PartOctets(parts[1].udh, parts[0].user_data, 0, parts[1].user_data_length)
    joined = join([*parts, other])
    assert (joined.text, joined.duplicates) == (LONG, (2,))
    assert joined.problems == ("Part 2 came twice with different octets; the first is used.",)


def test_parts_of_another_message_are_left_out() -> None:
    parts = [received(part) for part in encode(Text(LONG), reference_number=1)]
    others = [received(part) for part in encode(Text(LONG[:200]), reference_number=2)]
    single = received(encode(Text("alone"))[0])
    joined = join([parts[0], others[0], single, *parts[1:]])
    assert joined.text == LONG
    assert joined.problems == (
        "A part belongs to another message: 1 of 2 with reference 2, not of 4 with 1. It is left out.",
        "A part does not say which it is; it is left out.",
    )


def test_an_escape_that_was_cut_in_two() -> None:
    septets = gsm7.encode("price: 5 €")
    header = [bytes.fromhex("0500030002") + bytes([number]) for number in (1, 2)]
    cut = len(septets) - 1  # between the escape and what it announces
    parts = [
        PartOctets(header[0], gsm7.pack(septets[:cut], 1), 0, 7 + cut),
        PartOctets(header[1], gsm7.pack(septets[cut:], 1), 0, 7 + 1),
    ]
    assert join(parts).text == "price: 5 €"


def test_each_part_in_its_own_alphabet() -> None:
    turkish = UserDataHeader((NationalShift(1, locking=True),)).to_octets()
    parts = [
        PartOctets(bytes.fromhex("050003000301"), gsm7.pack(gsm7.encode("abc"), 1), 0, 7 + 3),
        PartOctets(bytes.fromhex("050003000302"), "déf".encode("utf-16-be"), 8),
        PartOctets(bytes.fromhex("08000300030325") + turkish[2:], gsm7.pack(b"\x07", 5), 0, 11 + 1),
    ]
    joined = join(parts)
    assert joined.text == "abcdéfı"


def test_text_and_octets_do_not_mix() -> None:
    parts = [
        PartOctets(bytes.fromhex("050003000201"), b"octets", 4),
        PartOctets(bytes.fromhex("050003000202"), "text".encode("utf-16-be"), 8),
    ]
    joined = join(parts)
    assert (joined.octets, joined.text) == (b"octets", "text")
    assert joined.problems == ("Some parts hold text, others octets.",)
    compressed = join([PartOctets(b"", b"\x01\x02", 0x20)])
    assert (compressed.text, compressed.octets, len(compressed.problems)) == (None, None, 1)


def test_parts_without_numbers_follow_each_other() -> None:
    joined = join(
        [PartOctets(b"", gsm7.pack(gsm7.encode(word)), 0, len(word)) for word in ("one", "two", "x")]
    )
    assert (joined.text, joined.total, joined.reference) == ("onetwox", 3, None)
    assert joined.problems == ("The parts do not say which they are; they are joined as given.",)


@pytest.mark.parametrize(
    "sender, stamp",
    [
        ("0B913426565711F7", "00" * 7),  # what many gateways and modems write who keep no time
        ("0B913426565711F7", "99" * 7),
        ("0B9134F6565711F7", "11110131521400"),  # a filler among the digits
        ("1691" + "21" * 11, "11110131521400"),  # 22 digits
    ],
)
def test_what_is_amiss_in_front_of_the_user_data_costs_no_text(sender: str, stamp: str) -> None:
    parts = [
        part_of_pdu(
            bytes.fromhex(f"0044{sender}{part.protocol_id:02X}{part.data_coding:02X}{stamp}")
            + bytes((part.user_data_length,))
            + part.udh
            + part.user_data,
            has_smsc=True,
        )
        for part in encode(Text(LONG))
    ]
    joined = join(parts)
    assert (joined.text, joined.total, joined.missing, joined.problems) == (LONG, 4, (), ())


def test_octets_behind_the_length_are_no_text() -> None:
    cut = part_of_pdu(bytes.fromhex("0405811234F50000111101315214000541E19058341E91FFFF"), has_smsc=False)
    assert cut == PartOctets(b"", bytes.fromhex("41E1905834"), 0, 5)
    report = "02270B913426565711F7012081111345400120811174054043"
    assert part_of_pdu(bytes.fromhex(report), has_smsc=False) is None
    with_text = part_of_pdu(bytes.fromhex(report + "060403414243"), has_smsc=False)
    assert with_text == PartOctets(b"", b"ABC", 4, 3)


def test_a_pdu_without_user_data_is_left_out() -> None:
    parts = [received(part) for part in encode(Text(LONG))]
    joined = join([parts[0], None, *parts[1:]])
    assert joined.text == LONG
    assert joined.problems == ("Number 2 of those given carries no user data; it is left out.",)
    nothing = join([None, None])
    assert (nothing.total, nothing.text, len(nothing.problems)) == (0, None, 2)


def test_nothing_to_join() -> None:
    joined = join([])
    assert (joined.total, joined.text, joined.content, joined.missing) == (0, None, None, ())


OCTETS = st.builds(
    PartOctets,
    st.one_of(
        st.binary(max_size=20),
        st.builds(lambda total, part: bytes([5, 0, 3, 9, total, part]), st.integers(0, 4), st.integers(0, 4)),
    ),
    st.binary(max_size=60),
    st.integers(0, 255),
    st.none() | st.integers(0, 255),
)


@given(st.lists(OCTETS, max_size=6))
def test_any_parts_can_be_joined(parts: list[PartOctets]) -> None:
    joined = join(parts)
    assert 0 <= len(joined.missing) <= joined.total <= 255
    if joined.inspection:
        assert joined.octets
        assert_covered(joined.inspection.fields, 0, 8 * len(joined.octets))


def test_as_many_parts_as_there_can_be() -> None:
    text = "x" * (153 * 255)
    parts = [received(part) for part in encode(Text(text))]
    assert len(parts) == 255
    assert join(parts[::-1]).text == text
