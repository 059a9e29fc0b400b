from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import dcs, gsm7, ucs2
from sms_desktop.encoding.concatenation import ReferenceBits
from sms_desktop.encoding.encode import Part, as_binary, encode
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Binary, Content, Message, Text, Unicode, VCal, VCard, WapPush

ALPHABET = gsm7.DEFAULT_ALPHABET.replace("\x1b", "") + "".join(gsm7.EXTENSION.values())
references = st.sampled_from([8, 16])


def long_texts(alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    runs = st.tuples(st.text(alphabet, min_size=1, max_size=5), st.integers(1, 60))
    return st.lists(runs, max_size=8).map(lambda found: "".join(piece * times for piece, times in found))


def septets_of(part: Part) -> bytes:
    """As a phone reads them: TP-UDL says how many septets there are, header and fill bits included."""
    fill = gsm7.fill_bits(len(part.udh))
    return gsm7.unpack(part.user_data, part.user_data_length - (8 * len(part.udh) + fill) // 7, fill)


def test_a_short_text() -> None:
    (part,) = encode(Text("hello"))
    assert part == Part(
        index=1,
        udh=b"",
        user_data=bytes.fromhex("E8329BFD06"),
        user_data_length=5,
        data_coding=0,
        protocol_id=0,
    )
    assert part.octets == 5


def test_a_short_unicode() -> None:
    (part,) = encode(Unicode("はい"))
    assert part == Part(
        index=1,
        udh=b"",
        user_data=bytes.fromhex("306F3044"),
        user_data_length=4,
        data_coding=8,
        protocol_id=0,
    )


def test_an_empty_message_is_one_empty_part() -> None:
    for message in (Text(""), Unicode("")):
        (part,) = encode(message)
        assert (part.index, part.udh, part.user_data, part.user_data_length) == (1, b"", b"", 0)


def test_a_long_text_begins_behind_header_and_fill_bit() -> None:
    first, second = encode(Text("a" * 160 + "b"), reference_number=0xA7)
    assert first.udh.hex().upper() == "050003A70201"
    assert second.udh.hex().upper() == "050003A70202"
    # 0x61 moved up by the fill bit; 7 septets of header and fill, then 153.
    assert first.user_data[0] == (0x61 << 1 | 0x61 << 8) & 0xFF
    assert (first.octets, first.user_data_length) == (134, 160)
    assert (second.octets, second.user_data_length) == (8, 15)
    assert septets_of(second) == gsm7.encode("a" * 7 + "b")


def test_sixteen_bit_references_need_no_fill_bits() -> None:
    first, second = encode(Text("a" * 160 + "b"), reference_number=0xBEEF, reference_bits=16)
    assert first.udh.hex().upper() == "060804BEEF0201"
    assert first.user_data[:7] == gsm7.pack(b"a" * 8)
    assert (first.octets, first.user_data_length, second.user_data_length) == (133, 160, 17)


def test_a_unicode_message_is_ucs2_even_when_it_is_plain() -> None:
    first, second = encode(Unicode("a" * 71))
    assert (first.data_coding, first.udh.hex().upper(), first.octets) == (8, "050003000201", 134)
    assert second.user_data == "aaaa".encode("utf-16-be")
    assert second.user_data_length == 6 + 8


def test_a_text_outside_gsm7_goes_with_question_marks() -> None:
    (part,) = encode(Text("commerçant 😀"))
    assert gsm7.decode(septets_of(part)) == "commer?ant ?"


def test_cr_lf_goes_as_lf() -> None:
    (part,) = encode(Text("a\r\nb\rc"))
    assert gsm7.decode(septets_of(part)) == "a\nb\rc"


@pytest.mark.parametrize(
    "message, field",
    [
        (Text("ab\udc00"), "text"),
        (Unicode("ab\udc00"), "text"),
        (VCard("ab\udc00"), "vcard"),
        (VCal("ab\udc00"), "vcal"),
        (WapPush("ab\udc00", "http://a.com/"), "title"),
        (WapPush("a", "ab\udc00"), "url"),
    ],
)
def test_half_a_character_is_refused(message: Message, field: str) -> None:
    with pytest.raises(Mendable, match=r"Character 3 .*is only half of a character") as caught:
        encode(message)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "message, bits",
    [
        (Text("x" * 39_016), 8),
        (Text("x" * 38_761), 16),
        (Unicode("x" * 17_086), 8),
        (Unicode("x" * 16_831), 16),
    ],
)
def test_256_parts_are_refused(message: Content, bits: ReferenceBits) -> None:
    with pytest.raises(Mendable, match="256 parts") as caught:
        encode(message, reference_bits=bits)
    assert caught.value.field == "text"
    fitting = type(message)(message.text[1:])
    assert len(encode(fitting, reference_bits=bits)) == 255


@pytest.mark.parametrize("number, bits", [(256, 8), (-1, 8), (65_536, 16)])
@pytest.mark.parametrize("message", [Text("x" * 200), Text("x"), Binary(b"", b"x")])
def test_a_reference_number_that_does_not_fit_is_refused(
    message: Message, number: int, bits: ReferenceBits
) -> None:
    with pytest.raises(Mendable, match=f"reference number is {number}; with {bits} bits") as caught:
        encode(message, reference_number=number, reference_bits=bits)
    assert caught.value.field == "reference-number"


# ----------------------------------------------------------------------------------------------------- class


@pytest.mark.parametrize(
    "message, coding",
    [
        (Text("a"), 0x10),
        (Unicode("a"), 0x18),
        (Binary(b"", b"a"), 0x14),
        (VCard("a"), 0x14),
        (VCal("a"), 0x14),
        (WapPush("a", "b"), 0x14),
    ],
)
def test_a_class_is_said_in_the_general_group(message: Message, coding: int) -> None:
    for message_class in range(4):
        (part,) = encode(message, message_class=message_class)
        assert part.data_coding == coding + message_class
        said = dcs.parse(part.data_coding)
        assert said.message_class == message_class
        assert said.alphabet == dcs.parse(encode(message)[0].data_coding).alphabet
    with pytest.raises(Mendable) as caught:
        encode(message, message_class=4)
    assert caught.value.field == "message-class"


# ---------------------------------------------------------------------------------------------------- binary


def test_a_binary_goes_as_it_is_given() -> None:
    udh, body = bytes.fromhex("06050415811581"), bytes.fromhex("024A3A")
    (part,) = encode(Binary(udh, body, 127), reference_number=9, reference_bits=16)
    assert part == Part(index=1, udh=udh, user_data=body, user_data_length=10, data_coding=4, protocol_id=127)


def test_a_binary_may_lack_a_header_or_a_body_but_not_both() -> None:
    assert encode(Binary(b"", b"a"))[0].user_data_length == 1
    assert encode(Binary(b"\x02\x70\x00", b""))[0].octets == 0
    with pytest.raises(Mendable, match=r"needs a header \(udh\), a body, or both"):
        encode(Binary(b"", b""))


@pytest.mark.parametrize("header", [0, 1, 7, 140])
def test_a_binary_has_140_octets_at_most(header: int) -> None:
    (part,) = encode(Binary(bytes(header), bytes(140 - header)))
    assert part.user_data_length == 140
    words = rf"make 146 octets \(udh {header}, body {146 - header}\); one message holds 140\. Remove 6"
    with pytest.raises(Mendable, match=words) as caught:
        encode(Binary(bytes(header), bytes(146 - header)))
    assert caught.value.field == "body"


@pytest.mark.parametrize("protocol_id", [-1, 256])
def test_a_protocol_identifier_is_one_octet(protocol_id: int) -> None:
    with pytest.raises(Mendable, match=f"is {protocol_id}; it is 0 to 255") as caught:
        encode(Binary(b"", b"a", protocol_id))
    assert caught.value.field == "protocol-id"


# -------------------------------------------------------------------------------------------------- WAP Push


def test_a_wap_push() -> None:
    (part,) = encode(WapPush("Hi", "http://example.com/"))
    assert part.udh.hex().upper() == "0605040B8423F0"
    assert (
        part.user_data.hex().upper() == "01060403AE81EA02056A0045C60C036578616D706C650085010348690001" + "01"
    )
    assert (part.data_coding, part.protocol_id, part.user_data_length) == (4, 0, 38)


def test_what_a_wap_push_says_more_only_when_it_is_given() -> None:
    created = datetime(1999, 6, 25, 15, 23, 15, tzinfo=UTC)
    plain = encode(WapPush("a", "http://x.com/"))
    assert encode(WapPush("a", "http://x.com/", validity_ms=86_400_000)) == plain
    full = WapPush(
        "You have 4 new emails",
        "http://www.xyz.com/email/123/abc.wml",
        created=created,
        expires=datetime(1999, 6, 30, tzinfo=UTC),
    )
    # The example of WAP-167 8.3.
    assert encode(full)[0].user_data.hex().upper() == (
        "01060403AE81EA"
        "02056A0045C60D0378797A008503656D61696C2F3132332F6162632E776D6C000AC3071999062515231510C30419990630"
        "0103596F7520686176652034206E657720656D61696C73000101"
    )
    with_rest = replace(full, action="signal-high", si_id="7")
    assert b"\x08" in encode(with_rest)[0].user_data
    assert b"7\0" in encode(with_rest)[0].user_data


@pytest.mark.parametrize(
    "bits, room, header", [(8, 128, "0B05040B8423F00003"), (16, 127, "0C05040B8423F00804")]
)
def test_a_long_wap_push_has_ports_and_concatenation_in_one_header(
    bits: ReferenceBits, room: int, header: str
) -> None:
    parts = encode(WapPush("a" * 300, "http://x.com/"), reference_bits=bits, reference_number=7)
    assert [part.octets for part in parts[:-1]] == [room] * (len(parts) - 1)
    for index, part in enumerate(parts, start=1):
        assert part.udh.hex().upper().startswith(header)
        assert part.udh[-2:] == bytes((len(parts), index))
        assert part.udh[0] == len(part.udh) - 1
    short = b"".join(part.user_data for part in parts)
    assert short.count(b"a" * 300) == 1


@pytest.mark.parametrize(
    "message, field",
    [
        (WapPush("a", ""), "url"),
        (WapPush("a\0", "http://x.com/"), "title"),
        (WapPush("a", "http://x.com/", action="shout"), "action"),
        (WapPush("a", "http://x.com/", created=datetime(2026, 1, 1)), "created"),  # noqa: DTZ001 -- is what is refused
        (WapPush("a" * 33_000, "http://x.com/"), "title"),
        (VCard(""), "vcard"),
        (VCal(""), "vcal"),
        (VCard("x" * (128 * 255 + 1)), "vcard"),
        (VCal("x" * (128 * 255 + 1)), "vcal"),
    ],
)
def test_what_can_not_be_built_is_named(message: Message, field: str) -> None:
    with pytest.raises(Mendable) as caught:
        encode(message)
    assert caught.value.field == field


# --------------------------------------------------------------------------------------------- cards, events


@pytest.mark.parametrize(
    "message, header",
    [
        (VCard("BEGIN:VCARD\nN:Müller\r\nEND:VCARD\r"), "06050423F40000"),
        (VCal("BEGIN:VCARD\nN:Müller\r\nEND:VCARD\r"), "06050423F50000"),
    ],
)
def test_a_card_is_utf8_with_cr_lf(message: Message, header: str) -> None:
    (part,) = encode(message)
    assert part.udh.hex().upper() == header
    assert part.user_data == "BEGIN:VCARD\r\nN:Müller\r\nEND:VCARD\r\n".encode()
    assert part.data_coding == 4


@pytest.mark.parametrize("octets, parts", [(133, 1), (134, 2), (256, 2), (257, 3), (128 * 255, 255)])
def test_the_room_for_cards(octets: int, parts: int) -> None:
    found = encode(VCard("x" * octets))
    assert len(found) == parts
    assert all(part.octets <= (133 if parts == 1 else 128) for part in found)


# ------------------------------------------------------------------------------------------------- as binary


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=600), references, st.integers(0, 255))
def test_as_binary_is_what_goes_over_the_air(text: str, bits: ReferenceBits, reference: int) -> None:
    for message in (VCard(text), VCal(text), WapPush(text.replace("\0", ""), "http://x.com/")):
        parts = encode(message, reference_bits=bits, reference_number=reference)
        binaries = as_binary(message, reference_bits=bits, reference_number=reference)
        assert [(one.udh, one.body, one.protocol_id) for one in binaries] == [
            (part.udh, part.user_data, None) for part in parts
        ]
        assert [encode(one)[0].user_data_length for one in binaries] == [
            part.user_data_length for part in parts
        ]


def test_a_binary_is_its_own_binary() -> None:
    message = Binary(b"\x01\x70", b"a", 127)
    assert as_binary(message) == (message,)
    with pytest.raises(Mendable):
        as_binary(Binary(b"", bytes(141)))


# ----------------------------------------------------------------------------------------------------- texts


@given(long_texts(st.sampled_from(ALPHABET)), references, st.integers(0, 255))
def test_a_phone_reads_the_text_that_was_written(text: str, bits: ReferenceBits, reference: int) -> None:
    parts = encode(Text(text), reference_number=reference, reference_bits=bits)
    # Decoded part by part: an escape pair across a border would show.
    assert "".join(gsm7.decode(septets_of(part)) for part in parts) == text.replace("\r\n", "\n")
    check_headers(parts, bits, reference)


@given(long_texts(st.characters(codec="utf-8")), references, st.integers(0, 255))
def test_a_phone_reads_the_unicode_that_was_written(text: str, bits: ReferenceBits, reference: int) -> None:
    parts = encode(Unicode(text), reference_number=reference, reference_bits=bits)
    assert "".join(part.user_data.decode("utf-16-be") for part in parts) == text.replace("\r\n", "\n")
    assert all(ucs2.encode(ucs2.decode(part.user_data)) == part.user_data for part in parts)
    check_headers(parts, bits, reference)


def check_headers(parts: tuple[Part, ...], bits: int, reference: int) -> None:
    if len(parts) == 1:
        assert parts[0].udh == b""
        return
    for index, part in enumerate(parts, start=1):
        assert part.index == index
        assert part.udh[0] == len(part.udh) - 1
        assert int.from_bytes(part.udh[3:-2], "big") == reference
        assert len(part.udh[3:-2]) == bits // 8
        assert tuple(part.udh[-2:]) == (len(parts), index)
        assert part.user_data_length <= (160 if part.data_coding == 0 else 140)
