"""The GSM 7 bit default alphabet: text to septets and back, septets to packed octets and back.

Called by segments, which counts with it, and by encode, which sends with it.

A septet is an `int` from 0 to 127; septets are kept one an octet in `bytes` until they are packed.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from sms_desktop.messages.errors import Mendable

ESCAPE: Final = 0x1B
"""The septet that announces a character of the extension table (TS 23.038 6.2.1.1)."""

# 3GPP TS 23.038 6.2.1: the character of each septet, 16 a row; U+001B stands for the escape, which is no
# character. Septet 0x09 is the capital C with cedilla: the small one is not in the alphabet.
DEFAULT_ALPHABET: Final = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)

# 3GPP TS 23.038 6.2.1.1: what follows an escape. 0x0A is the page break; 0x0D and 0x1B are reserved for
# control and for a further table, and are no characters.
EXTENSION: Final = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}

_FLAG = 0x80
_UNMAPPED = "\ufffe"  # what CPython's charmap codec reads as "no character"
_COMMERCIAL_AT = _FLAG  # septet 0; 0x80 is free because no extension character has septet 0


def _code_table() -> str:
    # One code a character (its septet, or 0x80 + its septet after the escape) makes CPython's compiled map
    # usable, far faster than looking characters up one by one. It wants U+0000 at 0: the commercial at moves.
    table = [_UNMAPPED] * 256
    table[: len(DEFAULT_ALPHABET)] = DEFAULT_ALPHABET
    table[ESCAPE] = _UNMAPPED
    table[0], table[_COMMERCIAL_AT] = "\0", "@"
    for septet, character in EXTENSION.items():
        table[_FLAG | septet] = character
    return "".join(table)


_CODES = codecs.charmap_build(_code_table())
_ESCAPED = [(bytes([_FLAG | septet]), bytes([ESCAPE, septet])) for septet in EXTENSION]
_QUESTION_MARK_FOR_NUL = bytes.maketrans(b"\0", b"?")
_SEPTET_OF_CODE = bytes.maketrans(bytes([_COMMERCIAL_AT]), b"\0")
_CHARACTER_AFTER_ESCAPE = {DEFAULT_ALPHABET[septet]: character for septet, character in EXTENSION.items()}
_CHARACTER_AFTER_ESCAPE |= {"\x1b": " ", "": " "}
_ESCAPE_PAIR = re.compile("\x1b(.?)", re.DOTALL)
_ALPHABET = (set(DEFAULT_ALPHABET) - {"\x1b"}) | set(EXTENSION.values())
_OUTSIDE = re.compile(f"[^{re.escape(''.join(sorted(_ALPHABET)))}]+")


def is_encodable(text: str) -> bool:
    """Whether every character is in the default alphabet or its extension table."""
    return _codes(text) is not None


def unsupported_spans(text: str) -> list[tuple[int, int]]:
    """The runs of characters outside the alphabet, as (start, end) in code points, in order."""
    return [found.span() for found in _OUTSIDE.finditer(text)]


def encode(text: str) -> bytes:
    """The septets of `text`, one an octet; an extension character is two.

    Raises Mendable when a character is outside the alphabet, naming the first.
    """
    septets = encode_or_none(text)
    if septets is None:
        start, _ = unsupported_spans(text)[0]
        raise Mendable(
            f"Character {start + 1} (U+{ord(text[start]):04X}) is not in GSM-7.",
            field="text",
            hint="Replace it, or send the message as Unicode.",
        )
    return septets


def encode_or_none(text: str) -> bytes | None:
    """As `encode`, but None when a character is outside the alphabet."""
    codes = _codes(text)
    return None if codes is None else _septets(codes)


def encode_with_question_marks(text: str) -> bytes:
    """As `encode`, with `?` for each character outside the alphabet: what arrives of such a text."""
    codes, _ = codecs.charmap_encode(text, "replace", _CODES)
    return _septets(codes.translate(_QUESTION_MARK_FOR_NUL))


def _codes(text: str) -> bytes | None:
    try:
        codes, _ = codecs.charmap_encode(text, "strict", _CODES)
    except UnicodeEncodeError:
        return None
    return None if b"\0" in codes else codes


def _septets(codes: bytes) -> bytes:
    for code, pair in _ESCAPED:
        codes = codes.replace(code, pair)
    return codes.translate(_SEPTET_OF_CODE)


def decode(septets: bytes) -> str:
    """The text that septets (one an octet) stand for; never fails.

    After an escape, a septet that the extension table leaves empty shows its character of the default
    alphabet, and a second escape shows a space (TS 23.038 6.2.1.1, the notes to the tables). An escape at the
    very end shows a space; an octet above 127 is no septet and shows U+FFFD.
    """
    text, _ = codecs.charmap_decode(septets, "replace", DEFAULT_ALPHABET)
    if "\x1b" not in text:
        return text
    return _ESCAPE_PAIR.sub(_after_escape, text)


def _after_escape(found: re.Match[str]) -> str:
    character = found[1]
    return _CHARACTER_AFTER_ESCAPE.get(character, character)


def fill_bits(header_octets: int) -> int:
    """The bits left free after a header, so that text begins on a septet boundary (TS 23.040 9.2.3.24)."""
    return -header_octets % 7  # 8 h + fill is a multiple of 7, and 8 h = h (mod 7)


def packed_length(septet_count: int, fill: int = 0) -> int:
    """The octets that `septet_count` septets take behind `fill` free bits."""
    return (fill + 7 * septet_count + 7) // 8


# Eight septets make seven octets. Seen as one little-endian integer, the free bits are squeezed out of all
# groups at once: between neighbours, then between pairs, then between fours: (lane bits, gap bits) of each.
_STEPS = ((8, 1), (16, 2), (32, 4))


def pack(septets: bytes, fill: int = 0) -> bytes:
    """Septets as octets, least significant bit first, after `fill` zero bits (TS 23.038 6.1.2.1.1).

    Spare bits at the end are zero. Only the low seven bits of each octet of `septets` count.
    """
    groups = -(-len(septets) // 8)
    if not groups:
        return bytes(packed_length(0, fill))
    lanes = int.from_bytes(septets, "little") & _mask(8, 7, groups)
    for lane, gap in _STEPS:
        low = _mask(2 * lane, lane - gap, groups)
        lanes = (lanes & low) | ((lanes >> gap) & (low << (lane - gap)))
    packed = bytearray(lanes.to_bytes(8 * groups, "little"))
    del packed[7::8]
    length = packed_length(len(septets), fill)
    return (int.from_bytes(packed, "little") << fill).to_bytes(length, "little")


def unpack(octets: bytes, septet_count: int | None = None, fill: int = 0) -> bytes:
    """The septets that octets hold after `fill` bits, one an octet: `septet_count` of them, or all there are.

    The count tells seven septets from eight, since both fill seven octets. Fewer come back when the octets
    end early; never fails.
    """
    available = max(0, (8 * len(octets) - fill) // 7)
    count = available if septet_count is None else max(0, min(septet_count, available))
    groups = -(-count // 8)
    if not groups:
        return b""
    size = 7 * groups
    shifted = (int.from_bytes(octets, "little") >> fill).to_bytes(len(octets), "little")
    data = shifted[:size].ljust(size, b"\0")
    spread = bytearray(8 * groups)
    for offset in range(7):
        spread[offset::8] = data[offset::7]
    lanes = int.from_bytes(spread, "little")
    for lane, gap in reversed(_STEPS):
        low = _mask(2 * lane, lane - gap, groups)
        lanes = (lanes & low) | ((lanes & (low << (lane - gap))) << gap)
    return lanes.to_bytes(8 * groups, "little")[:count]


def _mask(lane: int, bits: int, groups: int) -> int:
    """`bits` ones at the bottom of each `lane` bits, over `groups` times 64 bits."""
    return int.from_bytes(((1 << bits) - 1).to_bytes(lane // 8, "little") * (64 * groups // lane), "little")
