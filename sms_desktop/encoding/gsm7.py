"""GSM-7: text to septets and back, in the default alphabet or national tables; septets to octets and back.

Called by segments, which counts with it, by encode, which sends with it, and by inspect, which reads with it.

A septet is an `int` from 0 to 127; septets are kept one an octet in `bytes` until they are packed. `locking`
and `single` are national language identifiers (TS 23.038 6.2.1.2): a locking shift table stands in for the
default alphabet, a single shift table for its extension table, and 0 for neither. Text messages of the API
can use neither: national tables are for messages that are built and shown here, and for reading.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import Final, Literal, NamedTuple

from sms_desktop.encoding import gsm7_tables
from sms_desktop.encoding.gsm7_tables import BLANK, CODE_OF_SEPTET_0, SHIFTED, Codec, codec, known, tables
from sms_desktop.messages.errors import Mendable

ESCAPE: Final = gsm7_tables.ESCAPE
"""The septet that announces a character of the extension table (TS 23.038 6.2.1.1)."""

DEFAULT_ALPHABET: Final = gsm7_tables.DEFAULT_ALPHABET
"""The character of each septet (TS 23.038 6.2.1); U+001B stands for the escape."""

EXTENSION: Final = gsm7_tables.EXTENSION
"""The character of each septet behind an escape (TS 23.038 6.2.1.1), where there is one."""

DoubtReason = Literal["blank", "undefined", "second escape", "escape at end", "disputed", "no septet"]

_DOUBTS: Final[dict[DoubtReason, str]] = {
    "blank": "No character stands here in this locking shift table; a space is shown.",
    "undefined": "Nothing is defined behind this escape; the character without the escape is shown.",
    "second escape": "A second escape is reserved for a further table; a space is shown.",
    "escape at end": "The text ends with an escape; a space is shown.",
    "disputed": "Phones show different characters here.",
    "no septet": "An octet above 127 is no septet.",
}


class Doubt(NamedTuple):
    """A character of decoded text that is a guess: from `septet`, at `position` in the text, both from 0."""

    septet: int
    position: int
    reason: DoubtReason

    @property
    def message(self) -> str:
        """What is amiss, as a sentence."""
        return _DOUBTS[self.reason]


_QUESTION_MARK = ord("?")  # its septet, in every table
_QUESTION_MARK_FOR_NUL = bytes.maketrans(b"\0", b"?")
_SEPTET_OF_CODE = bytes.maketrans(bytes([CODE_OF_SEPTET_0]), b"\0")
_SEPTETS_OF_CODE = bytes(
    0 if code in {0, _QUESTION_MARK} else 1 if code < SHIFTED or code == CODE_OF_SEPTET_0 else 2
    for code in range(256)
)


def characters(*, locking: int = 0, single: int = 0) -> frozenset[str]:
    """Every character that `encode` takes.

    Raises ValueError for a table that does not exist.
    """
    return codec(locking, single).characters


def is_encodable(text: str, *, locking: int = 0, single: int = 0) -> bool:
    """Whether every character is in the tables."""
    return _codes(text, codec(locking, single)) is not None


def unsupported_spans(text: str, *, locking: int = 0, single: int = 0) -> list[tuple[int, int]]:
    """The runs of characters outside the tables, as (start, end) in code points, in order."""
    return [found.span() for found in _outside(locking, single).finditer(text)]


def unsupported_characters(text: str) -> str:
    """The characters of `text` that are outside the default tables, in order, as often as they occur."""
    return "".join(_outside(0, 0).findall(text))


@cache  # bounded by the pairs of tables that there are
def _outside(locking: int, single: int) -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(''.join(sorted(codec(locking, single).characters)))}]+")


def encode(text: str, *, locking: int = 0, single: int = 0) -> bytes:
    """The septets of `text`, one an octet; a character of the extension or single shift table is two.

    What phones read differently is not written: such a character counts as outside. Raises Mendable when a
    character is outside the tables, naming the first, and ValueError for a table that does not exist.
    """
    septets = encode_or_none(text, locking=locking, single=single)
    if septets is None:
        start, _ = unsupported_spans(text, locking=locking, single=single)[0]
        where = "these national tables" if locking or single else "GSM-7"
        raise Mendable(
            f"Character {start + 1} (U+{ord(text[start]):04X}) is not in {where}.",
            field="text",
            hint="Replace it, or send the message as Unicode.",
        )
    return septets


def encode_or_none(text: str, *, locking: int = 0, single: int = 0) -> bytes | None:
    """As `encode`, but None when a character is outside the tables."""
    ready = codec(locking, single)
    codes = _codes(text, ready)
    return None if codes is None else _septets(codes, ready)


def encode_with_question_marks(text: str, *, locking: int = 0, single: int = 0) -> bytes:
    """As `encode`, with `?` for each character outside the tables: what arrives of such a text."""
    ready = codec(locking, single)
    codes = ready.to_codes(text, "replace")
    return _septets(codes.translate(_QUESTION_MARK_FOR_NUL), ready)


def septets_of_each(text: str, *, locking: int = 0, single: int = 0) -> bytes:
    """For each character an octet: how many septets it takes, 1 or 2, or 0 when it is outside the tables."""
    # Without question marks of its own, each one in the codes stands for a character outside.
    codes = codec(locking, single).to_codes(text.replace("?", "0"), "replace")
    return codes.translate(_SEPTETS_OF_CODE)


def _codes(text: str, ready: Codec) -> bytes | None:
    try:
        codes = ready.to_codes(text, "strict")
    except UnicodeEncodeError:
        return None
    return None if b"\0" in codes else codes


def _septets(codes: bytes, ready: Codec) -> bytes:
    for code, pair in ready.pairs:
        codes = codes.replace(code, pair)
    return codes.translate(_SEPTET_OF_CODE)


def decode(septets: bytes, *, locking: int = 0, single: int = 0) -> str:
    """The text that septets (one an octet) stand for; never fails. `doubts` says what is guessed.

    Behind an escape, a septet that the extension or single shift table leaves empty shows its character of
    the default alphabet or locking shift table, and a second escape shows a space (TS 23.038 6.2.1.1, notes
    to the tables). So does an escape at the very end, and a cell that a locking shift table leaves empty. An
    octet above 127 is no septet and shows U+FFFD. An identifier without a table counts as 0.
    """
    ready = codec(*known(locking, single))
    first, *others = septets.split(b"\x1b")
    text = [codecs.charmap_decode(first, "replace", ready.shown)[0]]
    escaped = True
    for piece in others:
        if escaped and not piece:
            text.append(" ")
            escaped = False  # the next escape was the second of two: it announces nothing
            continue
        if escaped:
            text.append(ready.shifted[piece[0]])
        text.append(codecs.charmap_decode(piece[1:] if escaped else piece, "replace", ready.shown)[0])
        escaped = True
    return "".join(text)


def doubts(septets: bytes, *, locking: int = 0, single: int = 0) -> tuple[Doubt, ...]:
    """The characters of `decode(septets, ...)` that are guesses, in order."""
    suspects, reasons = _guesses(*known(locking, single))
    found = []
    pairs = 0
    for suspect in suspects.finditer(septets):
        reason = reasons.get(suspect[0])
        if reason is not None:
            found.append(Doubt(suspect.start(), suspect.start() - pairs, reason))
        pairs += len(suspect[0]) - 1
    return tuple(found)


@cache  # bounded by the pairs of tables that there are
def _guesses(locking: int, single: int) -> tuple[re.Pattern[bytes], dict[bytes, DoubtReason]]:
    """What finds the septets and escape pairs that may be guesses, and why some are."""
    meant = tables(locking, single)
    reasons: dict[bytes, DoubtReason] = {bytes([octet]): "no septet" for octet in range(128, 256)}
    for septet, character in enumerate(meant.locking):
        if septet in meant.disputed or character == BLANK:
            reasons[bytes([septet])] = "blank" if character == BLANK else "disputed"
    plain = b"".join(reasons)
    for octet in range(256):
        if octet > 127:
            reasons[bytes([ESCAPE, octet])] = "no septet"
        elif octet in meant.disputed_single:
            reasons[bytes([ESCAPE, octet])] = "disputed"
        elif meant.single[octet] == BLANK:
            reasons[bytes([ESCAPE, octet])] = reasons.get(bytes([octet]), "undefined")
    reasons[bytes([ESCAPE])] = "escape at end"
    reasons[bytes([ESCAPE, ESCAPE])] = "second escape"
    return re.compile(b"\x1b.?|[" + re.escape(plain) + b"]", re.DOTALL), reasons


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
