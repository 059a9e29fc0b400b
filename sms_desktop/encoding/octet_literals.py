r"""Octets as programs write them: lists as `{0x05, 0x00}`, strings as `"\x05\x00"`. Called by hexadecimal.

Both take what C, Python and their like agree on; where they would differ, the sentence says how to write it.
"""

from __future__ import annotations

import re

from sms_desktop.messages.errors import Mendable

_WRAPPED = re.compile(
    r"\s*+(?:[\w\s*:&]{1,120}+(?:\[\d{0,9}\])?\s{0,9}=\s*+)?(?:bytes|bytearray)?(?:\.fromhex)?(?:\()?\s*+"
)
"""What may stand before a literal: a declaration as far as its equals sign, and Python's words for octets."""
_SPACE = re.compile(r"\s*+")
_BEHIND = re.compile(r"\s*+\)?\s*+;?\s*+")
_ITEM = re.compile(r"\s*+(?:0[xX](?P<hex>[0-9A-Fa-f]{1,2})(?![0-9A-Za-z])\s*+(?P<comma>,?)|(?P<end>[}\]]))")
_PLAIN = re.compile(r"[^\\\"']+|[\"']")
_ESCAPE = re.compile(r"\\(?:x(?P<hex>[0-9A-Fa-f]{2})|(?P<octal>[0-7]{1,3})|(?P<letter>[abfnrtv\\'\"?]))")
_LETTERS = {
    **dict(zip("abtnvfr", range(7, 14), strict=True)),
    **{sign: ord(sign) for sign in "\\'\"?"},
}
_PREFIX = re.compile(r"[bB]?[\"']")


def read(text: str, *, field: str) -> bytes | None:
    """The octets of a literal, or None where `text` is none. Raises Mendable for a literal that is broken."""
    before = _WRAPPED.match(text)
    at = before.end() if before else 0
    if at == len(text):
        return None
    if text[at] in "{[":
        return _list(text, at + 1, field)
    if text[at] == "\\":
        return _bare(text, at, field)
    if _PREFIX.match(text, at):
        return _strings(text, at, field)
    return None


def _list(text: str, at: int, field: str) -> bytes:
    octets = bytearray()
    comma = True
    while True:
        item = _ITEM.match(text, at)
        if item is None or (item["hex"] and not comma):
            at = _behind_space(text, at)
            raise _odd(text, at, field, "In a list every octet is written as 0x05, with commas between.")
        at = item.end()
        if item["end"]:
            _check_end(text, at, field)
            return bytes(octets)
        octets.append(int(item["hex"], 16))
        comma = bool(item["comma"])


def _bare(text: str, at: int, field: str) -> bytes:
    """Escapes without quotes around them, white space between."""
    octets = bytearray()
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        escape = _ESCAPE.match(text, at)
        if escape is None:
            raise _odd(text, at, field, "Put quotes around escapes that have letters between them.")
        octets.append(_value(escape, text, at, field))
        at = escape.end()
    return bytes(octets)


def _strings(text: str, at: int, field: str) -> bytes | None:
    """Strings, one after another; None where no escape and no b says that they are more than digits."""
    literal = False
    octets = bytearray()
    while at < len(text) and (prefix := _PREFIX.match(text, at)):
        literal = literal or prefix[0][0] in "bB"
        quote, at = prefix[0][-1], prefix.end()
        while True:
            if at == len(text):
                raise _odd(text, at - 1, field, f"The string ends without its {quote}.")
            if text[at] == quote:
                at += 1
                break
            if text[at] == "\\":
                escape = _ESCAPE.match(text, at)
                if escape is None:
                    raise _odd(text, at, field, "Of the escapes, \\x05, \\0 and single letters are read.")
                octets.append(_value(escape, text, at, field))
                literal, at = True, escape.end()
                continue
            plain = _PLAIN.match(text, at)
            assert plain is not None  # neither quote of ours nor backslash
            if not plain[0].isascii():
                odd = next(place for place, sign in enumerate(plain[0]) if not sign.isascii())
                raise _odd(text, at + odd, field, "Write characters outside ASCII as the octets they are.")
            octets += plain[0].encode()
            at = plain.end()
        at = _behind_space(text, at)
    _check_end(text, at, field)
    return bytes(octets) if literal else None


def unquoted(text: str) -> tuple[int, str] | None:
    """What stands between the first and the last quote, and where it begins; None where there are not two."""
    before = _WRAPPED.match(text)
    at = before.end() if before else 0
    end = text.rfind(text[at]) if at < len(text) and text[at] in "\"'" else -1
    return (at + 1, text[at + 1 : end]) if end > at else None


def _value(escape: re.Match[str], text: str, at: int, field: str) -> int:
    if escape["hex"]:
        return int(escape["hex"], 16)
    if escape["letter"]:
        return _LETTERS[escape["letter"]]
    value = int(escape["octal"], 8)
    if value > 255:
        raise _odd(text, at, field, "An octal escape goes up to \\377.")
    return value


def _behind_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _check_end(text: str, at: int, field: str) -> None:
    behind = _BEHIND.match(text, at)
    end = behind.end() if behind else at
    if end < len(text):
        raise _odd(text, end, field, "Nothing may stand behind it: give one list or string at a time.")


def _odd(text: str, at: int, field: str, hint: str) -> Mendable:
    character = text[at] if at < len(text) else ""
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    if not character:
        return Mendable(f"{field}: the list ends at character {len(text)} without its bracket.", field=field)
    return Mendable(f"{field}: character {at + 1} ({shown}) can't be read. {hint}", field=field)
