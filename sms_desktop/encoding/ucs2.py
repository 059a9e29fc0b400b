"""UCS-2 as SMS carries it: UTF-16, big-endian (TS 23.038 6.2.3). Called by segments and encode.

The standard names UCS-2, which has no characters beyond U+FFFF; phones read surrogate pairs all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from sms_desktop.messages.errors import Mendable

_SURROGATE = re.compile("[\ud800-\udfff]")


def encode(text: str) -> bytes:
    """The octets of `text`, two for each code unit.

    Raises Mendable when the text holds half a surrogate pair, naming its position.
    """
    refuse_lone_surrogates(text)
    return text.encode("utf-16-be")


def decode(octets: bytes) -> str:
    """The text that octets stand for; never fails.

    Half a surrogate pair stays as it is, so that nothing is lost; such a text can't be written as UTF-8. An
    odd octet at the end shows U+FFFD.
    """
    text = octets[: len(octets) & ~1].decode("utf-16-be", "surrogatepass")
    return text + "\ufffd" if len(octets) % 2 else text


def code_units(text: str) -> bytes:
    """As `encode` for any text: half a surrogate pair is one code unit, written as U+FFFD."""
    try:
        return text.encode("utf-16-be")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode("utf-16-be")


def refuse_lone_surrogates(text: str, *, field: str = "text") -> None:
    """Raise Mendable when `text` holds half a surrogate pair, which neither UTF-8 nor UTF-16 can carry."""
    found = _SURROGATE.search(text)
    if found:
        raise Mendable(
            f"Character {found.start() + 1} (U+{ord(found[0]):04X}) is only half of a character.",
            field=field,
            hint="Delete it, or type it again.",
        )


def code_unit_offsets(text: str, positions: Iterable[int]) -> list[int]:
    """Ascending positions in code points as positions in UTF-16 code units, which Qt counts. Linear."""
    offsets: list[int] = []
    offset = 0
    for start, end in pairwise((0, *positions)):
        offset += len(code_units(text[start:end])) // 2
        offsets.append(offset)
    return offsets
