"""Octets as people write them: hexadecimal with separators, literals of programs, base64 where it is named.

Called by smsctl and by the window's fields. Every way of reading takes time in proportion to the text.
"""

from __future__ import annotations

import base64
import binascii
import re

from sms_desktop.encoding import octet_literals
from sms_desktop.messages.errors import Mendable

BASE64 = "base64:"
"""What stands before base64 in a field: without it, what is written is hexadecimal."""

# A line end inside a run of digits is where an editor or a mail wrapped it, so it separates nothing.
_TOKEN = re.compile(
    r"(?P<skip>[\r\n]+)|(?P<gap>[ \t\f\v\u00a0:,;-]+)"
    r"|(?P<digit>[0-9A-Fa-f])|(?P<prefix>[xX](?=[0-9A-Fa-f]))"
)
# The usual case with separators: whole octets. It says the same as the tokens do, at the speed of C.
_WHOLE = re.compile(r"(?:[ \t\f\v\u00a0:,;\r\n-]++|0[xX](?=[0-9A-Fa-f]{2})|[0-9A-Fa-f]{2})*+")
_NO_DIGITS = re.compile(r"0[xX]|[^0-9A-Fa-f]+")
_BASE64_SHORTEST = 8
_MIXED = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9+/_-])", re.DOTALL)


def parse(text: str, *, field: str) -> bytes:
    r"""The octets that `text` spells: two digits each, in capitals or not.

    Spaces, line ends, colons, commas, semicolons and dashes may stand between octets, and `0x` before each of
    them or before all. Lists and strings of programs are read as well (`{0x05, 0x00}`, `"\x05\x00"`,
    `b'\x05'`), and base64 behind `base64:`. Raises Mendable, which names `field` and the character (from 1),
    for anything else and for a digit that stands alone.
    """
    try:
        return bytes.fromhex(text)  # the usual case, at the speed of C; it knows no separator but white space
    except ValueError:
        pass
    whole = _WHOLE.match(text)
    there = whole.end() if whole else 0
    if there == len(text):
        return _whole(text)
    if text.lstrip().lower().startswith(BASE64):
        return _named_base64(text, field)
    literal = octet_literals.read(text, field=field)
    if literal is not None:
        return literal
    quoted = octet_literals.unquoted(text)
    if quoted is not None:
        return _parse_slowly(quoted[1], field, quoted[0])
    return _whole(text[:there]) + _parse_slowly(text[there:], field, there)


def _whole(text: str) -> bytes:
    return bytes.fromhex(_NO_DIGITS.sub("", text))


def show(data: bytes) -> str:
    """Octets as capitals without spaces."""
    return data.hex().upper()


def spaced(data: bytes) -> str:
    """Octets as capitals with a space between."""
    return data.hex(" ").upper()


def as_base64(text: str) -> bytes | None:
    """The octets of a text that can be nothing but base64, else None.

    Such a text is whole and exact, is no hexadecimal, and looks like no word: it is padded, or has digits or
    signs beside letters of both cases.
    """
    compact = "".join(text.split())
    if len(compact) < _BASE64_SHORTEST or len(compact) % 4 or _is_octets(text):
        return None
    if not compact.endswith("=") and not _MIXED.match(compact):
        return None
    return _decoded(compact)


def _is_octets(text: str) -> bool:
    try:
        parse(text, field="")
    except Mendable:
        return False
    return True


def _named_base64(text: str, field: str) -> bytes:
    compact = "".join(text.lstrip()[len(BASE64) :].split())
    data = _decoded(compact + "=" * (-len(compact) % 4))
    if data is None:
        raise Mendable(f"{field}: what stands behind {BASE64} is no whole base64.", field=field)
    return data


def _decoded(compact: str) -> bytes | None:
    """Octets of base64 without spaces, of either alphabet; None unless they would be written the same way."""
    standard = compact.replace("-", "+").replace("_", "/")
    try:
        data = base64.b64decode(standard, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == standard else None


def _parse_slowly(text: str, field: str, before: int = 0) -> bytes:
    """Token by token, to name what is wrong; `before` characters stood before `text`."""
    digits: list[str] = []
    begun = 0  # how many digits stood before the run that is being read
    last = 0  # where its latest digit stands
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        kind = found.lastgroup if found else None
        match kind:
            case "digit":
                digits.append(text[position])
                last = before + position
            case "gap":
                _refuse_half(len(digits) - begun, last, field)
                begun = len(digits)
            case "prefix" if _is_prefix(digits, begun):
                digits.pop()
                begun = len(digits)
            case "skip":
                pass
            case _:
                odd = f"character {before + position + 1} ({_shown(text[position])})"
                raise Mendable(
                    f"{field}: {odd} is no hexadecimal digit.",
                    field=field,
                    hint="Two of 0 to 9 and A to F make an octet; spaces and colons may stand between.",
                )
        position = found.end() if found else position
    _refuse_half(len(digits) - begun, last, field)
    return bytes.fromhex("".join(digits))


def _is_prefix(digits: list[str], begun: int) -> bool:
    """Whether an x here ends `0x`: after a nought that begins a run, or that follows whole octets."""
    return (len(digits) - begun) % 2 == 1 and digits[-1] == "0"


def _refuse_half(run: int, last: int, field: str) -> None:
    if run % 2:
        raise Mendable(
            f"{field}: the hexadecimal digit at character {last + 1} stands alone; an octet has two.",
            field=field,
            hint="Write 05 for 5, and look for a digit that was lost.",
        )


def _shown(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"
