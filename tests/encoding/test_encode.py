from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import gsm7, ucs2
from sms_desktop.encoding.encode import Part, encode
from sms_desktop.encoding.udh import ReferenceBits
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Content, Text, Unicode

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


@pytest.mark.parametrize("message", [Text("ab\udc00"), Unicode("ab\udc00")])
def test_half_a_character_is_refused(message: Content) -> None:
    with pytest.raises(Mendable, match=r"Character 3 \(U\+DC00\) is only half of a character") as caught:
        encode(message)
    assert caught.value.field == "text"


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


def test_a_reference_number_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Mendable) as caught:
        encode(Text("x" * 200), reference_number=256)
    assert caught.value.field == "reference-number"


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
