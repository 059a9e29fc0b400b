"""Octets as people write them: hexadecimal, with separators. Called by smsctl and by the window's fields."""

from __future__ import annotations

import re

from sms_desktop.messages.errors import Mendable

# A line end inside a run of digits is where an editor or a mail wrapped it, so it separates nothing.
_TOKEN = re.compile(
    r"(?P<skip>[\r\n]+)|(?P<gap>[ \t\f\v\u00a0:,;-]+)"
    r"|(?P<digit>[0-9A-Fa-f])|(?P<prefix>[xX](?=[0-9A-Fa-f]))"
)


def parse(text: str, *, field: str) -> bytes:
    """The octets that `text` spells: two digits each, in capitals or not.

    Spaces, line ends, colons, commas, semicolons and dashes may stand between octets, and `0x` before each of
    them or before all. Raises Mendable, which names `field` and the character (from 1), for anything else and
    for a digit that stands alone.
    """
    try:
        return bytes.fromhex(text)  # the usual case, at the speed of C; it knows no separator but white space
    except ValueError:
        return _parse_slowly(text, field)


def show(data: bytes) -> str:
    """Octets as capitals without spaces."""
    return data.hex().upper()


def _parse_slowly(text: str, field: str) -> bytes:
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
                last = position
            case "gap":
                _refuse_half(len(digits) - begun, last, field)
                begun = len(digits)
            case "prefix" if _is_prefix(digits, begun):
                digits.pop()
                begun = len(digits)
            case "skip":
                pass
            case _:
                raise Mendable(
                    f"{field}: character {position + 1} ({_shown(text[position])}) is no hexadecimal digit.",
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
