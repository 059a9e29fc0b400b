"""The lines of vCard and vCalendar, written: folding, escaping, quoted-printable. Called by vcard and vcal.

Two dialects share the lines. "versit" is vCard 2.1 and vCalendar 1.0: text beyond printable ASCII, and lines
longer than 76 octets, are quoted-printable (RFC 2045 6.7), since unfolding a line of theirs would leave a
space in it (versit vCard 2.1, 2.1.3: the line break goes, the white space stays). "mime" is vCard 3.0 and
iCalendar 2.0: UTF-8, backslash escapes, lines folded at 75 octets (RFC 2425 5.8.1, RFC 5545 3.1).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sms_desktop.messages.errors import Mendable

CRLF = "\r\n"

MAX_MIME_OCTETS = 75
"""Octets of a folded line without its CRLF, the space in front included (RFC 2425 5.8.1)."""

MAX_VERSIT_OCTETS = 76
"""Octets of a line without its CRLF, the `=` of a soft line break included (RFC 2045 6.7, rule 5)."""

_LINE_END = re.compile("\r\n|\r|\n")
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")


def to_octets(text: str, *, field: str) -> bytes:
    """A card or calendar as it is sent: UTF-8, every line end CRLF, nothing else changed.

    Raises Mendable, naming `field`, for half a surrogate pair.
    """
    found = _HALF.search(text)
    if found:
        raise Mendable(f"Character {found.start() + 1} of {field} is only half of a character.", field=field)
    return _LINE_END.sub(CRLF, text).encode()


def from_octets(octets: bytes) -> str:
    """What `to_octets` made; octets that are not UTF-8 are read as ISO-8859-1. Never raises."""
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def clean(text: str, *, field: str) -> str:
    """A text whose line ends are LF.

    Raises Mendable, naming `field`, for a control character (tab and line ends are none) and for half a
    surrogate pair: neither dialect has a notation for them that phones read.
    """
    text = _LINE_END.sub("\n", text)
    found = _REFUSED.search(text)
    if found:
        what = "only half of a character" if found[0] >= "\ud800" else "a control character"
        raise Mendable(
            f"Character {found.start() + 1} of {field} (U+{ord(found[0]):04X}) is {what}.", field=field
        )
    return text


def versit_line(head: str, value: str | Sequence[str], *, field: str) -> str:
    """A property of versit with its CRLF: `head` is name and parameters, `value` a text or its components.

    Texts are clean. A semicolon in a component is escaped; a backslash is itself (versit vCard 2.1, 2.1.2).
    Raises Mendable, naming `field`, for what could not be read back: a backslash at the end of a component
    before another.
    """
    if not isinstance(value, str):
        if any(component.endswith("\\") for component in value[:-1]):
            raise Mendable(
                f"A part of {field} ends with a backslash, which versions 2.1 and 1.0 read as an escape.",
                field=field,
                hint="Versions 3.0 and 2.0 have a notation for it.",
            )
        value = ";".join(component.replace(";", "\\;") for component in value)
    is_plain = value.isascii() and "\n" not in value and value == value.strip(" \t")
    if is_plain and len(head) + 1 + len(value) <= MAX_VERSIT_OCTETS:
        return f"{head}:{value}{CRLF}"
    charset = "" if value.isascii() else ";CHARSET=UTF-8"
    head = f"{head}{charset};ENCODING=QUOTED-PRINTABLE:"
    return head + quoted_printable(value, room=MAX_VERSIT_OCTETS - len(head)) + CRLF


def quoted_printable(text: str, *, room: int) -> str:
    """A clean text as quoted-printable UTF-8 in lines of at most 76 octets, the first of `room`.

    A character's octets stay on one line, and no line begins or ends with white space, which some would trim.
    """
    lines: list[str] = []
    line: list[str] = []
    last = len(text) - 1
    for index, character in enumerate(text):
        piece = _quoted(character, is_edge=index in {0, last})
        if len(piece) > room - 1:  # one for the `=` of the soft line break
            lines.append("".join(line) + "=")
            line, room = [], MAX_VERSIT_OCTETS
            piece = _quoted(character, is_edge=True)
        line.append(piece)
        room -= len(piece)
    lines.append("".join(line))
    return CRLF.join(lines)


def _quoted(character: str, *, is_edge: bool) -> str:
    if ("!" <= character <= "~" and character != "=") or (character in " \t" and not is_edge):
        return character
    octets = b"\r\n" if character == "\n" else character.encode()
    return "".join(f"={octet:02X}" for octet in octets)


def mime_line(head: str, value: str) -> str:
    """A property of mime with its CRLF, folded between characters; `value` has its escapes."""
    octets = f"{head}:{value}".encode()
    lines: list[bytes] = []
    start, room = 0, MAX_MIME_OCTETS
    while len(octets) - start > room:
        stop = start + room
        while octets[stop] & 0xC0 == 0x80:  # inside a UTF-8 sequence
            stop -= 1
        lines.append(octets[start:stop])
        start, room = stop, MAX_MIME_OCTETS - 1
    lines.append(octets[start:])
    return b"\r\n ".join(lines).decode() + CRLF


def escape(text: str) -> str:
    """A clean text as a mime value or a component of one (RFC 2426 2.4.2, RFC 5545 3.3.11)."""
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")
