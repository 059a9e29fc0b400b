"""The tables of GSM-7, made ready for CPython's fastest codec. Called by gsm7, the door for everyone else."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

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

BLANK: Final = "\0"
"""Marks a cell without a character, in every table."""

SHIFTED: Final = 0x80
"""Added to a septet, the code of the character that it stands for behind an escape."""

CODE_OF_SEPTET_0: Final = SHIFTED | ESCAPE
"""Free for this, since no character stands behind two escapes."""

_UNMAPPED = "\ufffe"  # what the charmap codec reads as "no character"
_EXTENSION_TABLE = "".join(EXTENSION.get(septet, BLANK) for septet in range(128))


class Tables(NamedTuple):
    """What septets mean: plain, and behind an escape. 128 characters each, BLANK where there is none.

    `disputed` and `disputed_single` are the septets whose character differs from phone to phone.
    """

    locking: str = DEFAULT_ALPHABET
    single: str = _EXTENSION_TABLE
    disputed: frozenset[int] = frozenset()
    disputed_single: frozenset[int] = frozenset()


class Codec(NamedTuple):
    """One pair of tables, made ready for both directions.

    `to_codes` turns text into one code a character: its septet, or SHIFTED + its septet behind the escape;
    CODE_OF_SEPTET_0 stands for septet 0, and 0 for U+0000. What is in neither table is an error, handled as
    the second argument says (a name of the `codecs` module). `pairs` gives escape and septet for shifted
    codes. `shown` is what each septet shows, and `shifted` what each octet shows behind an escape.
    """

    to_codes: Callable[[str, str], bytes]
    pairs: tuple[tuple[bytes, bytes], ...]
    characters: frozenset[str]
    shown: str
    shifted: str


def _build(tables: Tables) -> Codec:
    codes = [_UNMAPPED] * 256
    placed = {BLANK}
    for table, flag, avoided in (
        (tables.locking, 0, tables.disputed | {ESCAPE}),
        (tables.single, SHIFTED, tables.disputed_single),
    ):
        for septet, character in enumerate(table):
            # The first place is taken: one septet rather than two, and the first of two equal cells.
            if character not in placed and septet not in avoided:
                codes[flag | septet] = character
                placed.add(character)
    # The charmap codec wants U+0000 at 0, so that the character of septet 0 moves.
    codes[CODE_OF_SEPTET_0], codes[0] = codes[0], "\0"
    shown = tables.locking.replace(BLANK, " ")
    shifted = (shown[septet] if one == BLANK else one for septet, one in enumerate(tables.single))
    # CPython's charmap codec, with a compiled map: far faster than looking characters up one by one.
    compiled = codecs.charmap_build("".join(codes))

    def to_codes(text: str, errors: str) -> bytes:
        return codecs.charmap_encode(text, errors, compiled)[0]

    return Codec(
        to_codes=to_codes,
        pairs=tuple(
            (bytes([code]), bytes([ESCAPE, code & ~SHIFTED]))
            for code in range(SHIFTED, 256)
            if code != CODE_OF_SEPTET_0 and codes[code] != _UNMAPPED
        ),
        characters=frozenset(placed) - {BLANK},
        shown=shown,
        shifted="".join(shifted) + "\ufffd" * 128,
    )


_DEFAULT: Final = _build(Tables())


def codec(locking: int, single: int) -> Codec:
    """The tables made ready, once each. Raises ValueError for one that does not exist."""
    return _national(locking, single) if locking or single else _DEFAULT


@cache  # bounded by the pairs of tables there are: others raise
def _national(locking: int, single: int) -> Codec:
    return _build(tables(locking, single))


def tables(locking: int, single: int) -> Tables:
    """The tables of two identifiers. Raises ValueError for one that does not exist."""
    if not (locking or single):
        return Tables()
    from sms_desktop.encoding import national_tables as known  # for the few messages that need them

    if locking not in {0, *known.LOCKING} or single not in {0, *known.SINGLE}:
        raise ValueError(f"there is no locking shift table {locking}, or no single shift table {single}")
    none: frozenset[int] = frozenset()
    default = Tables()
    return Tables(
        known.LOCKING.get(locking, default.locking),
        known.SINGLE.get(single, default.single),
        known.DISPUTED_LOCKING.get(locking, none),
        known.DISPUTED_SINGLE.get(single, none),
    )


def known(locking: int, single: int) -> tuple[int, int]:
    """The same identifiers, with 0 for one without a table, which a phone ignores (TS 23.040 9.2.3.24.15)."""
    if not (locking or single):
        return 0, 0
    from sms_desktop.encoding import national_tables as known

    return locking if locking in known.LOCKING else 0, single if single in known.SINGLE else 0
