from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import elements, udh
from sms_desktop.encoding.addresses import Address
from sms_desktop.encoding.element_reading import name_of
from sms_desktop.encoding.elements import (
    Concatenation,
    Element,
    EmailHeader,
    Hyperlink,
    MediaObject,
    NationalShift,
    Ports,
    PredefinedObject,
    RawElement,
    ReplyAddress,
    SmscControl,
    SourceIndicator,
    SpecialIndication,
    TextFormatting,
    UserPrompt,
    VariablePicture,
)
from sms_desktop.encoding.tree import Annotator
from sms_desktop.encoding.udh import UserDataHeader
from tests.encoding.leaves import assert_covered
from tests.known_answers import known_answers

OCTET = st.integers(0, 255)
WORD = st.integers(0, 65535)
DATA = st.binary(max_size=20)
UNTYPED = [*range(0x02, 0x04), 0x09, *range(0x14, 0x20), 0x23, *range(0x26, 0x100)]

ELEMENTS: st.SearchStrategy[Element] = st.one_of(
    st.builds(Concatenation, OCTET, OCTET, OCTET),
    st.builds(Concatenation, WORD, OCTET, OCTET, st.just(16)),
    st.builds(SpecialIndication, st.integers(0, 31), OCTET, st.booleans(), st.integers(1, 4)),
    st.builds(Ports, OCTET, OCTET, st.just(8)),
    st.builds(Ports, WORD, WORD),
    st.builds(SmscControl, *[st.booleans()] * 6),
    st.builds(SourceIndicator, OCTET),
    st.builds(
        TextFormatting,
        *(OCTET, OCTET, st.integers(0, 3), st.integers(0, 3)),
        *[st.booleans()] * 4,
        st.none() | OCTET,
    ),
    st.builds(PredefinedObject, st.sampled_from([0x0B, 0x0D]), OCTET, OCTET),
    st.builds(MediaObject, st.just(0x0C), OCTET, DATA),
    st.builds(MediaObject, st.sampled_from([0x0F, 0x11]), OCTET, st.binary(min_size=32, max_size=32)),
    st.builds(MediaObject, st.sampled_from([0x0E, 0x10]), OCTET, st.binary(min_size=128, max_size=128)),
    st.builds(VariablePicture, OCTET, st.just(16), st.just(4), st.binary(min_size=8, max_size=8)),
    st.builds(UserPrompt, OCTET),
    st.builds(EmailHeader, OCTET),
    st.builds(Hyperlink, WORD, OCTET, OCTET),
    st.builds(ReplyAddress, st.builds(Address, st.text("0123456789", max_size=20), st.integers(0, 2))),
    st.builds(NationalShift, OCTET, st.booleans()),
    st.builds(RawElement, st.sampled_from(UNTYPED), DATA),
)
HEADERS = st.lists(ELEMENTS, max_size=6).map(tuple).map(UserDataHeader)


def read(octets: str | bytes) -> tuple[UserDataHeader, Annotator]:
    """The header, its fields checked to cover it."""
    annotator = Annotator(octets if isinstance(octets, bytes) else bytes.fromhex(octets))
    header, fields, end = udh.read(annotator, 0, len(annotator.data))
    assert_covered(tuple(fields), 0, 8 * end)
    return header, annotator


def problems(octets: str) -> list[tuple[int, str]]:
    return [(problem.bit_offset, problem.message) for problem in read(octets)[1].problems]


@pytest.mark.parametrize("given_, expect", known_answers("udh_parse"))
def test_known_answers(given_: dict[str, str], expect: dict[str, Any]) -> None:
    octets = bytes.fromhex(given_["udh_hex"])
    header, annotator = read(octets)
    assert octets[0] == expect["udhl"]
    assert annotator.problems == []
    assert [
        {"iei": f"{element.identifier:02X}", "data": element.data.hex().upper()}
        for element in header.elements
    ] == expect["ies"]
    if "ports" in expect:
        assert header.ports == Ports(
            expect["ports"]["dest"], expect["ports"]["orig"], bits=expect["ports"]["bits"]
        )
    if "concat" in expect:
        said = expect["concat"]
        assert header.concatenation == Concatenation(said["ref"], said["total"], said["part"], said["bits"])
    assert header.to_octets() == octets


@given(HEADERS)
def test_what_is_written_is_read(header: UserDataHeader) -> None:
    try:
        octets = header.to_octets()
    except ValueError:
        assert sum(2 + len(element.data) for element in header.elements) > 139
        return
    if octets:
        assert read(octets)[0] == header
    assert udh.parse(octets) == header


@given(st.binary(min_size=1, max_size=150), st.integers(1, 200))
def test_any_octets_give_fields(data: bytes, end: int) -> None:
    annotator = Annotator(data)
    stop = min(end, len(data))
    header, fields, header_end = udh.read(annotator, 0, stop)
    assert header_end == min(1 + data[0], stop)
    assert_covered(tuple(fields), 0, 8 * header_end)
    for problem in annotator.problems:
        assert 0 <= problem.bit_offset <= 8 * stop
    assert UserDataHeader(header.elements) == header
    again = b"".join(elements.to_octets(element) for element in header.elements)
    if not annotator.problems:
        assert len(again) == header_end - 1


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 13, 33, 129])
def test_every_element_of_every_length(size: int) -> None:
    content = b"\x80" * size
    for identifier in range(256):
        data = bytes([size + 2, identifier, size]) + content
        header, _ = read(data)
        (element,) = header.elements
        assert (element.identifier, element.data) == (identifier, content)
        assert header.to_octets() == data


@pytest.mark.parametrize(
    "octets, name, words",
    [
        ("050003CC0201", "Concatenation, 8-bit reference", "part 1 of 2, reference 204"),
        ("060804BEEF0302", "Concatenation, 16-bit reference", "part 2 of 3, reference 48879"),
        ("0605040B8423F0", "Port addressing, 16-bit", "to 2948 (WAP Push), from 9200 (WSP)"),
        (
            "040402F0E2",
            "Port addressing, 8-bit",
            "to 240 (free for applications), from 226 (vCard, old Nokia)",
        ),
        ("0401028003", "Special SMS message indication", "3 voice"),
        ("03250101", "National language locking shift", "Turkish"),
        ("0324010D", "National language single shift", "Urdu"),
        ("0722050691214365", "Reply address", "+123456"),
        ("027000", "(U)SIM toolkit command packet", ""),
        ("037F0100", "(U)SIM toolkit security header", ""),
        ("0380010A", "SME to SME", ""),
        ("03C00100", "Specific to the service centre", ""),
        ("03A00100", "Reserved", ""),
        ("0318010A", "Standard WVG object", ""),
    ],
)
def test_elements_by_name(octets: str, name: str, words: str) -> None:
    annotator = Annotator(bytes.fromhex(octets))
    _, fields, _ = udh.read(annotator, 0, len(annotator.data))
    assert [(field.name, field.meaning) for field in fields[1:]] == [(name, words)]


def meanings(octets: str) -> dict[str, str]:
    """The leaves of the first element, without identifier and length."""
    annotator = Annotator(bytes.fromhex(octets))
    _, fields, _ = udh.read(annotator, 0, len(annotator.data))
    assert annotator.problems == []
    found = {}
    for field in fields[1].children[2:]:
        for leaf in field.children or (field,):
            found[leaf.name] = leaf.meaning
    return found


def test_the_leaves_of_typed_elements() -> None:
    assert meanings("060A040A051B42") == {
        "Start Position": "10", "Length": "5", "Alignment": "by language", "Size": "small", "Bold": "yes",
        "Italic": "no", "Underlined": "no", "Struck Through": "no", "Foreground": "dark red",
        "Background": "dark green",
    }  # fmt: skip
    assert meanings("0401029F05") == {
        "Message Type": "reserved", "Profile": "1", "Storage": "store", "Message Count": "5"
    }  # fmt: skip
    assert meanings("03060143")["Cancel for the Remaining Parts"] == "yes"
    assert meanings("03070103") == {"Source": "3 (SMSC)"}
    assert meanings("040B020109") == {"Position": "1", "Sound Number": "9 (chord low)"}
    assert meanings("040D020107") == {"Position": "1", "Animation Number": "7 (reserved)"}
    assert meanings("0621040102050A") == {"Position": "258", "Title Length": "5", "URL Length": "10"}
    assert meanings("03200120") == {"Header Length": "32"}
    assert meanings("03130103") == {"Number of Objects": "3"}
    assert meanings("0712050A010201FF") == {
        "Position": "10", "Width in Eights": "8 points", "Height": "2 points", "Bitmap": "2 octets"
    }  # fmt: skip


@pytest.mark.parametrize(
    "octets, expected",
    [
        ("07", [(0, "The header should have 7 octets, and 0 octets follow.")]),
        (
            "050003CC02",
            [
                (0, "The header should have 5 octets, and 4 octets follow."),
                (16, "The element's length is 3, and 2 octets of the header are left; phones ignore it."),
            ],
        ),
        (
            "0300030102",
            [(16, "The element's length is 3, and 1 octet of the header is left; phones ignore it.")],
        ),
        ("06050415811581", []),
        ("01FF", [(8, "An octet is left over in the header; an element has two at least.")]),
        ("0400020102", [(16, "concatenation, 8-bit reference: the length is 2; it should be 3.")]),
        ("040A020102", [(16, "text formatting: the length is 2; it should be 3 to 4.")]),
        ("050003CC0001", [(32, "The total number of parts is 0; phones ignore this element.")]),
        ("050003CC0200", [(40, "The part number is 0; phones ignore this element.")]),
        ("050003CC0203", [(40, "Part 3 of 2 does not exist; phones ignore this element.")]),
        ("0325010E", [(24, "There is no national language 14; phones ignore this element.")]),
        ("03240100", [(24, "There is no national language 0; phones ignore this element.")]),
        ("03250102", [(24, "Spanish has no locking shift table; phones ignore this element.")]),
        ("03240102", []),
        (
            "0B0003CC02010804BEEF0302",
            [(48, "The header has more than one concatenation element; the last one counts.")],
        ),
        (
            "0C0504158115810504158215" + "82",
            [(56, "The header has more than one port addressing element; the last one counts.")],
        ),
        ("0A220805912143F5000000", [(64, "Octets stand behind the reply address.")]),
        ("0712050A01020102", []),
        ("0712050A02020102", [(32, "16 by 2 points take 4 octets, not 2.")]),
        ("00", []),
    ],
)
def test_problems_stand_where_they_are(octets: str, expected: list[tuple[int, str]]) -> None:
    assert problems(octets) == expected


def test_the_last_one_counts_unless_it_makes_no_sense() -> None:
    header, _ = read("0F0003CC02010003CC02020003CC0009")
    assert header.concatenation == Concatenation(0xCC, 2, 2)
    header, _ = read("0A0402102005040B8423F0")
    assert header.ports == Ports(2948, 9200)


def test_tables_of_languages() -> None:
    header, _ = read("06250101240103")
    assert (header.locking_shift, header.single_shift) == (1, 3)
    header, _ = read("050003CC0201")
    assert (header.locking_shift, header.single_shift) == (0, 0)


def test_every_identifier_has_a_name() -> None:
    names = [name_of(identifier) for identifier in range(256)]
    assert all(names)
    assert names[0x70] == "(U)SIM toolkit command packet"
    assert names[0x02] == names[0x1B] == names[0x30] == names[0xA0] == names[0xFF] == "reserved"


def test_what_does_not_fit_is_our_mistake() -> None:
    for element in (Concatenation(256, 2, 1), Ports(65536, 0), Ports(256, 0, 8), Hyperlink(0, 256, 0)):
        with pytest.raises(ValueError, match=r"fit|range"):
            elements.to_octets(element)
    with pytest.raises(ValueError, match="137 at most"):
        elements.to_octets(RawElement(0x80, bytes(138)))
    with pytest.raises(ValueError, match="the header has 141 octets; 140 at most"):
        UserDataHeader((RawElement(0x80, bytes(70)), RawElement(0x80, bytes(66)))).to_octets()
    assert len(UserDataHeader((RawElement(0x80, bytes(137)),)).to_octets()) == 140


def test_no_elements_is_no_header() -> None:
    assert UserDataHeader().to_octets() == b""
    assert udh.parse(b"") == UserDataHeader()
