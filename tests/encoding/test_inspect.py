from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.encode import Part, encode
from sms_desktop.encoding.inspect import Inspection, inspect_user_data
from sms_desktop.encoding.tpdu import Direction
from sms_desktop.encoding.tree import Field
from sms_desktop.messages.message import Text, Unicode
from tests.encoding.inspections import check, pdu, user_data
from tests.encoding.leaves import find
from tests.known_answers import known_answers

_VECTORS = json.loads((Path(__file__).parents[1] / "vectors.json").read_text("utf-8"))["vectors"]
PDUS = [bytes.fromhex(v["input"]["pdu_hex"]) for v in _VECTORS if v["kind"] == "pdu_decode"]


@pytest.mark.parametrize("given_, expect", known_answers("pdu_decode"))
def test_known_pdus(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    found = pdu(given_["pdu_hex"], has_smsc=given_["has_smsc"])
    assert found.problems == ()
    assert found.text == expect.get("text")
    (first,) = find(found.fields, "First Octet")
    assert (first.value, first.meaning) == (expect["first_octet"], expect["type"])
    smsc = find(found.fields, "Service Centre Address")[0].meaning
    assert smsc == (expect["smsc"] or "none")
    address = next(field for field in found.fields if field.name.endswith(("-OA)", "-DA)", "-RA)")))
    assert address.meaning == expect["address"]
    if "toa" in expect:
        assert find((address,), "Type of Address")[0].value == expect["toa"]
    for name, key in (("Protocol Identifier (TP-PID)", "pid"), ("Data Coding Scheme (TP-DCS)", "dcs")):
        if key in expect:
            assert find(found.fields, name)[0].value == expect[key]
    if "scts" in expect:
        hours, minutes = divmod(abs(expect["tz_minutes"]), 60)
        zone = f"{'-' if expect['tz_minutes'] < 0 else '+'}{hours:02}:{minutes:02}"
        stamp = find(found.fields, "Service Centre Time Stamp (TP-SCTS)")[0].meaning
        assert stamp[2:] == expect["scts"] + zone
    if "ies" in expect:
        assert found.header
        assert [(f"{one.identifier:02X}", one.data.hex().upper()) for one in found.header.elements] == [
            (ie["iei"], ie["data"]) for ie in expect["ies"]
        ]


@pytest.mark.parametrize("given_, expect", known_answers("wap_push_si"))
def test_known_pushes(given_: dict[str, str], expect: dict[str, Any]) -> None:
    octets = given_["ud_hex"]
    header = expect["udh"]
    assert octets.startswith(header)
    said = expect["si"]
    for found in (
        user_data(header, octets[len(header) :]),
        user_data(header, octets[len(header) :], data_coding=0xF5),
        user_data(None, octets[len(header) :]),  # without a port, too
    ):
        assert found.problems == ()
        assert found.text is None
        assert found.content is not None
        assert found.content.as_dict() == {
            "type": "wap_push_si",
            "href": said["href"],
            "text": said["text"],
            "created": said["created"],
            "expires": said["si-expires"],
            "action": said["action"],
            "id": said["si-id"],
        }


@pytest.mark.parametrize("given_, expect", known_answers("gsm7_national"))
def test_known_national_texts(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    found = user_data(
        expect["udh_hex"], expect["user_data_hex_after_header"], data_coding=0, udl=expect["udl"]
    )
    assert found.text == given_["text"]
    assert [field.bit_length for field in find(found.fields, "Fill Bits")] == [expect["fill_bits"]]
    septets = find(found.fields, "Character")
    assert sum(field.bit_length for field in septets) == 7 * len(expect["septets"])


def test_the_example_of_the_contract() -> None:
    found = user_data("0605040B8423F0", "01060403AE81EA02056A0045C60C036578616D706C65008501034869000101")
    assert found.fields[0] == Field("User Data Header Length", 0, 8, "06", "6 octets")
    assert [field.meaning for field in find(found.fields, "charset")] == ["UTF-8"]
    assert found.content is not None
    said = found.content.as_dict()
    assert (said["type"], said["href"], said["text"]) == ("wap_push_si", "http://example.com/", "Hi")
    assert (found.text, found.problems) == (None, ())


CARD = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Müller;Jürgen\r\nEND:VCARD\r\n"
EVENT = "BEGIN:VCALENDAR\r\nVERSION:1.0\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("header", ["06050423F40000", "040402E200", "06050400E20000", None])
def test_a_card(header: str | None, encoding: str) -> None:
    found = user_data(header, CARD.encode(encoding).hex())
    assert found.content is not None
    assert found.content.as_dict() == {"type": "vcard", "text": CARD}
    assert [line.meaning for line in find(found.fields, "Line")] == CARD.split("\r\n")[:-1]
    assert (found.text, found.problems) == (None, ())


def test_an_event() -> None:
    for header in ("06050423F50000", "06050400E40000", None):
        found = user_data(header, EVENT.encode().hex())
        assert found.content is not None
        assert found.content.as_dict() == {"type": "vcal", "text": EVENT}


@pytest.mark.parametrize(
    "text, kind, rest",
    [
        (EVENT, "vcal", EVENT),
        ("begin:vcard\nend:vcard", "vcard", "begin:vcard\nend:vcard"),
        ("//SCKE2 N:Doe;John", "vcard", "N:Doe;John"),
        ("//SCKL23F4 N:Doe", "vcard", "N:Doe"),
        ("//SCKL23F523F5AB0101 X", "vcal", "X"),
    ],
)
def test_a_card_as_text(text: str, kind: str, rest: str) -> None:
    septets = gsm7.encode(text)
    found = user_data(None, gsm7.pack(septets).hex(), data_coding=0, udl=len(septets))
    assert found.text == text
    assert found.content is not None
    assert found.content.as_dict() == {"type": kind, "text": rest}


@pytest.mark.parametrize("text", ["//SCKE3 x", "//SCKX", "//SCKL1581 abc", "BEGIN:VCARDS", "Hi BEGIN:VCARD"])
def test_a_text_that_is_no_card(text: str) -> None:
    septets = gsm7.encode(text)
    found = user_data(None, gsm7.pack(septets).hex(), data_coding=0, udl=len(septets))
    assert found.content is None


@pytest.mark.parametrize(
    "port, name",
    [("1581", "Ring Tone"), ("1582", "Operator Logo"), ("1583", "CLI Icon"), ("158A", "Picture Message")],
)
def test_smart_messages_are_named(port: str, name: str) -> None:
    found = user_data(f"060504{port}0000", "024A3A5195CDD0B1B1BDDC04", data_coding=4)
    assert found.fields[-1].name == name
    assert found.fields[-1].meaning == "12 octets"
    assert (found.text, found.content, found.problems) == (None, None, ())


def test_octets_for_an_unknown_port() -> None:
    found = user_data("060504C34FC002", "48656C6C6F")
    assert found.fields[-1] == Field("Data", 56, 40, "48656C6C6F", '5 octets, "Hello"')


@given(st.text(sorted(gsm7.characters()), max_size=400))
@example("€" * 153)
@example("@" * 8)
@example("x" * 7)
def test_a_text_comes_back(text: str) -> None:
    parts = encode(Text(text))
    assert "".join(text_of(part) for part in parts) == text.replace("\r\n", "\n")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=150))
def test_a_unicode_text_comes_back(text: str) -> None:
    parts = encode(Unicode(text), reference_number=0x1234, reference_bits=16)
    assert "".join(text_of(part) for part in parts) == text.replace("\r\n", "\n")


def text_of(part: Part) -> str:
    found = check(
        part.udh + part.user_data,
        inspect_user_data(
            udh=part.udh or None,
            body=part.user_data,
            data_coding=part.data_coding,
            protocol_id=part.protocol_id,
            udl=part.user_data_length,
        ),
    )
    assert found.problems == ()
    assert found.text is not None
    characters = find(found.fields, "Character")
    assert len(characters) == len(found.text)
    for shown, character in zip(characters, found.text, strict=True):
        assert shown.meaning[0] == character or not character.isprintable() or character == " "
    return found.text


def test_characters_and_their_bits() -> None:
    septets = gsm7.encode("A€ \n")
    body = gsm7.pack(septets, 1)
    found = user_data("050003CC0201", body.hex(), data_coding=0, udl=7 + len(septets))
    (text,) = find(found.fields, "Text")
    assert [(field.bit_offset, field.bit_length, field.value, field.meaning) for field in text.children] == [
        (48, 1, "0", ""),
        (49, 7, "65", "A"),
        (56, 14, str(27 | 101 << 7), "€"),
        (70, 7, "32", "space"),
        (77, 7, "10", "line feed"),
        (84, 4, "0", ""),
    ]
    assert [(field.name, field.value, field.meaning) for field in text.children[2].children] == [
        ("Escape", "27", ""),
        ("Extension", "101", "€"),
    ]


def test_without_a_length_the_last_septet_may_be_nothing() -> None:
    body = gsm7.pack(gsm7.encode("1234567")).hex()
    assert user_data(None, body, data_coding=0, udl=7).text == "1234567"
    found = user_data(None, body, data_coding=0)
    assert found.text == "1234567@"
    assert find(found.fields, "Character")[-1].meaning == "@, or spare bits"


def test_emoji() -> None:
    found = user_data(None, "D83DDE00", data_coding=8)
    assert find(found.fields, "Character") == [Field("Character", 0, 32, "D83DDE00", "😀 (U+1F600)")]
    assert found.text == "😀"


@pytest.mark.parametrize(
    "udh, body, coding, udl, expected",
    [
        (None, "D83D0041", 8, None, [(0, "Half a surrogate pair stands alone; it is no character.")]),
        (None, "004100", 8, None, [(16, "An octet is left over; UCS-2 has two for each character.")]),
        (None, "E8329B", 0, 10, [(24, "The user data should have 10 septets, and has 3.")]),
        (None, "4142", 4, 1, [(8, "1 octet behind the end of the user data.")]),
        (None, "41" * 141, 4, None, [(1120, "User data has 140 octets at most.")]),
        (None, "1B", 0, 1, [(0, "The text ends with an escape; a space is shown.")]),
        (
            None,
            "9B18",
            0,
            2,
            [(0, "Nothing is defined behind this escape; the character without the escape is shown.")],
        ),
        ("060504", "0B8423F0", None, None, [(0, "takes octets of the body for it.")]),
        ("050003CC0201FF", "41", None, None, [(48, "a phone takes the rest for body.")]),
        ("050003CC0201", "E8", 0, 3, [(24, "The header goes beyond the length of the user data.")]),
    ],
)
def test_problems_stand_where_they_are(
    udh: str | None, body: str, coding: int | None, udl: int | None, expected: list[tuple[int, str]]
) -> None:
    found = user_data(udh, body, data_coding=coding, udl=udl)
    said = [(problem.bit_offset, problem.message) for problem in found.problems]
    for bit, words in expected:
        assert [True for at, message in said if at == bit and message.endswith(words)], said


def test_a_reserved_data_coding_is_read_as_gsm7() -> None:
    found = user_data(None, "E8329BFD06", data_coding=0x80, udl=5)
    assert (found.text, found.problems) == ("hello", ())


def test_a_length_that_ends_inside_the_header_leaves_no_text() -> None:
    assert user_data("050003CC0201", "E8329BFD06", data_coding=0, udl=3).text == ""


def test_a_header_that_is_announced_and_not_there() -> None:
    found = pdu("440B911346610089F600002080629173144800", has_smsc=False)
    assert [problem.message for problem in found.problems] == [
        "A header is announced, and there is no user data."
    ]
    assert found.text == ""


def test_compressed_text_is_not_guessed() -> None:
    found = user_data(None, "E8329BFD", data_coding=0x20)
    assert (found.text, found.content, found.problems) == (None, None, ())
    assert found.fields[0].name == "Compressed Text"


def test_nothing_at_all() -> None:
    assert inspect_user_data() == Inspection((), None, None, ())
    found = pdu("")
    assert [problem.message for problem in found.problems] == [
        "The octets end before: Service Centre Address."
    ]


def test_a_header_alone_has_no_text() -> None:
    assert user_data("050003CC0201", None, data_coding=0).text is None
    assert user_data("050003CC0201", "", data_coding=0).text == ""


@pytest.mark.parametrize("data", PDUS, ids=range(len(PDUS)))
def test_every_place_where_octets_may_end(data: bytes) -> None:
    for end in range(len(data)):
        cut = pdu(data[:end])
        assert cut.problems or end in {26, 38}


@given(st.binary(max_size=220), st.booleans(), st.sampled_from([None, "mo", "mt"]))
@settings(max_examples=1500)
def test_any_octets_as_a_pdu(data: bytes, has_smsc: bool, direction: Direction | None) -> None:
    pdu(data, has_smsc=has_smsc, direction=direction)


@given(
    st.none() | st.binary(max_size=150),
    st.none() | st.binary(max_size=200),
    st.none() | st.integers(0, 255),
    st.integers(0, 255),
    st.none() | st.integers(0, 255),
)
@settings(max_examples=1500)
def test_any_octets_as_user_data(
    udh: bytes | None, body: bytes | None, data_coding: int | None, protocol_id: int, udl: int | None
) -> None:
    found = inspect_user_data(udh=udh, body=body, data_coding=data_coding, protocol_id=protocol_id, udl=udl)
    check((udh or b"") + (body or b""), found)


def test_octets_that_nearly_are_a_message() -> None:
    chance = random.Random(23040)
    for _ in range(3000):
        data = bytearray(chance.choice(PDUS))
        for _ in range(chance.randrange(1, 6)):
            match chance.randrange(3):
                case 0:
                    data[chance.randrange(len(data))] = chance.randrange(256)
                case 1:
                    del data[chance.randrange(len(data))]
                case _:
                    data.insert(chance.randrange(len(data)), chance.randrange(256))
        pdu(bytes(data), direction=chance.choice([None, "mo", "mt"]))
