"""Character sets by IANA's number (MIBenum) and by name. Called by the readers of pushes and cards."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Charset:
    """A character set by its number in IANA's registry (MIBenum); `codec` is Python's name for it."""

    name: str
    codec: str
    wide: bool = False
    """A code unit has two octets, and so has the NUL that ends a string."""


CHARSETS = {
    3: Charset("US-ASCII", "ascii"),
    **{number: Charset(f"ISO-8859-{number - 3}", f"iso8859-{number - 3}") for number in range(4, 14)},
    17: Charset("Shift_JIS", "shift_jis"),
    18: Charset("EUC-JP", "euc_jp"),
    38: Charset("EUC-KR", "euc_kr"),
    106: Charset("UTF-8", "utf-8"),
    109: Charset("ISO-8859-13", "iso8859-13"),
    111: Charset("ISO-8859-15", "iso8859-15"),
    113: Charset("GBK", "gbk"),
    114: Charset("GB18030", "gb18030"),
    1000: Charset("ISO-10646-UCS-2", "utf-16-be", wide=True),
    1013: Charset("UTF-16BE", "utf-16-be", wide=True),
    1014: Charset("UTF-16LE", "utf-16-le", wide=True),
    1015: Charset("UTF-16", "utf-16-be", wide=True),
    2025: Charset("GB2312", "gb2312"),
    2026: Charset("Big5", "big5"),
    2084: Charset("KOI8-R", "koi8-r"),
    **{number: Charset(f"windows-{number - 1000}", f"cp{number - 1000}") for number in range(2250, 2259)},
}
"""UCS-2 and UTF-16 without a byte order mark are big-endian (RFC 2781 4.3)."""

UTF_8 = 106
"""The number of UTF-8."""

_ALIASES = {"ASCII": 3, "LATIN1": 4, "SJIS": 17}
_BY_NAME = {re.sub("[-_]", "", known.name.upper()): known for known in CHARSETS.values()}
_BY_NAME |= {name: CHARSETS[number] for name, number in _ALIASES.items()}


def by_name(name: str) -> Charset | None:
    """The character set of that name, whatever its case, dashes and underscores."""
    return _BY_NAME.get(re.sub("[-_]", "", name.upper()))
