"""Four packages as judges of GSM-7 and of segments: gsm0338, smsutil, python-gsmmodem-new, smspdudecoder."""

from __future__ import annotations

import warnings

import gsm0338
import smsutil
from smspdudecoder import codecs as smspdudecoder

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.segmentation import segment
from tests.oracles.texts import BASIC, EXTENSION, GSM7, PAIRS, UCS2, generated

with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)  # its escapes were written for older Pythons
    warnings.simplefilter("ignore", DeprecationWarning)
    from gsmmodem import pdu as gsmmodem

CASES = 3_000
BMP = [chr(point) for point in (*range(0xD800), *range(0xE000, 0x10000))]
IN_GSM7 = [character for character in BMP if gsm7.is_encodable(character)]


def texts_in_gsm7(seed: int) -> list[str]:
    return generated(seed, CASES, GSM7)


# --------------------------------------------------------------------------------------------------- gsm0338


def test_gsm0338_knows_the_same_characters_but_the_escape() -> None:
    # It takes U+001B for a character. TS 23.038 6.2.1, note 1: the septet is an escape, and no character.
    known = {*gsm0338.Codec()._encoding_map} - {"\x1b"}
    assert known == set(IN_GSM7)


def test_gsm0338_writes_and_reads_the_same_septets() -> None:
    codec = gsm0338.Codec()
    for text in (*IN_GSM7, *texts_in_gsm7(1)):
        septets, _ = codec.encode(text)
        assert gsm7.encode(text) == septets
        assert gsm7.decode(septets) == codec.decode(septets)[0] == text


def test_gsm0338_has_the_same_spanish_single_shift_table() -> None:
    codec = gsm0338.Codec(single_shift_decode_map=gsm0338.SINGLE_SHIFT_CHARACTER_SET_SPANISH)
    assert {*codec._encoding_map} - {"\x1b"} == gsm7.characters(single=2)
    for text in generated(2, CASES, [BASIC + EXTENSION + "çÁÍÓÚáíóú"]):
        septets, _ = codec.encode(text)
        assert gsm7.encode(text, single=2) == septets
        assert gsm7.decode(septets, single=2) == text


# --------------------------------------------------------------------------------------------------- smsutil


def test_smsutil_knows_the_same_characters_but_the_escape() -> None:
    known = {character for character in BMP if smsutil.is_valid_gsm(character)}
    assert known - {"\x1b"} == set(IN_GSM7)


def test_smsutil_writes_the_same_septets() -> None:
    for text in (*IN_GSM7, *texts_in_gsm7(3)):
        assert gsm7.encode(text) == smsutil.encode(text)


def test_smsutil_cuts_into_the_same_segments() -> None:
    # The empty text is the one that it takes for UCS-2.
    for text in generated(4, CASES, (*GSM7, *UCS2, *PAIRS)):
        mine, theirs = segment(text), smsutil.split(text)
        assert (mine.encoding == "gsm7") is (theirs.encoding == "gsm0338")
        assert [part.text for part in mine.segments] == [part.content for part in theirs.parts]
        units = 1 if mine.encoding == "gsm7" else 2
        assert [part.units * units for part in mine.segments] == [part.bytes for part in theirs.parts]


# ---------------------------------------------------------------------------------------- python-gsmmodem-new

# It has a grave accent at 5F, where TS 23.038 6.2.1 has the section sign, and a small y with diaeresis at 0A
# behind the escape, where 6.2.1.1 has the page break. So these two characters are taken out.
NOT_ITS = {"§", "`"} | {"\f", "ÿ"}


def texts_of_gsmmodem(seed: int) -> list[str]:
    return [text.replace("\f", "").replace("§", "") for text in texts_in_gsm7(seed)]


def test_gsmmodem_knows_the_same_characters_but_three() -> None:
    known = {*gsmmodem.GSM7_BASIC, *gsmmodem.GSM7_EXTENDED} - {"\x1b"}
    assert known ^ set(IN_GSM7) == NOT_ITS


def test_gsmmodem_writes_and_packs_the_same_septets() -> None:
    for text in texts_of_gsmmodem(5):
        septets = gsm7.encode(text)
        assert septets == gsmmodem.encodeGsm7(text)
        for fill in (0, 1, 6):
            # It counts from the other end: the bits of a septet that fit before the first border of octets.
            packed = gsmmodem.packSeptets(bytearray(septets), padBits=7 - fill if fill else 0)
            assert gsm7.pack(septets, fill) == packed


def test_gsmmodem_unpacks_the_same_septets_but_an_eighth_that_is_a_commercial_at() -> None:
    for text in texts_of_gsmmodem(6):
        septets = gsm7.encode(text)
        packed = gsm7.pack(septets)
        theirs = bytes(gsmmodem.unpackSeptets(bytearray(packed), len(septets)))
        assert gsm7.unpack(packed, len(septets)) == septets
        # It drops septet 0 at the end of a group of eight as if it were padding. TS 23.038 6.1.2.1.1: the
        # number of septets says what is padding.
        lost = len(septets) % 8 == 0 and septets.endswith(b"\0")
        assert theirs == (septets[:-1] if lost else septets)
        assert gsm7.decode(septets) == gsmmodem.decodeGsm7(bytearray(septets))


# ---------------------------------------------------------------------------------------------- smspdudecoder


def test_smspdudecoder_packs_and_unpacks_the_same_text() -> None:
    for text in (*IN_GSM7, *texts_in_gsm7(7)):
        septets = gsm7.encode(text)
        packed = gsm7.pack(septets)
        assert packed.hex().upper() == smspdudecoder.GSM.encode(text)
        # Without a count, it reads 7 spare bits as a septet; so do we.
        assert gsm7.decode(gsm7.unpack(packed)) == smspdudecoder.GSM.decode(packed.hex())


def test_smspdudecoder_reads_what_is_undefined_differently() -> None:
    defined = {*gsm7.EXTENSION, gsm7.ESCAPE}
    for septet in set(range(128)) - defined:
        pair = bytes((gsm7.ESCAPE, septet))
        # It shows a space. TS 23.038 6.2.1.1: the phone shows the character of the default alphabet.
        assert smspdudecoder.GSM.decode(gsm7.pack(pair).hex()) == " "
        assert gsm7.decode(pair) == gsm7.DEFAULT_ALPHABET[septet]
