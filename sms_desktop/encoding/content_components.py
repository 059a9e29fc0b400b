"""The lines of vCard and vCalendar, read as components: any version, linear time. Called by vcard and vcal.

These come from strangers, which rules vobject out: a parameter with 30 equal signs and a stray quote keeps it
busy for minutes (twice as long for each sign more), and in vCard 2.1 it drops what stands behind a comma.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sms_desktop.encoding import charsets
from sms_desktop.messages.errors import Mendable

MAX_CHARACTERS = 200_000
"""More than any card that fits into 255 parts; what is longer is refused unread."""

MAX_DEPTH = 8
"""Components inside each other."""

_LINE_END = re.compile("\r\n|\r|\n")
_NAME = re.compile(r"[ \t]*(?:[\w-]+\.)?([\w-]+)[ \t]*", re.ASCII)
_PARAMETER = re.compile(r";[ \t]*([\w/.+-]+)[ \t]*(=?)", re.ASCII)
_PARAMETER_VALUE = re.compile(r"[ \t]*(?:\"([^\"]*)\"|([^\";:,]*))")
_HAS_SOFT_BREAKS = re.compile(r"[^:]*[;=]quoted-printable\b", re.IGNORECASE)
_HAS_BASE64 = re.compile(r"[^:]*(?:[;=]base64|;encoding=b)\b", re.IGNORECASE)
_QUOTED_RUN = re.compile("(?:=[0-9A-Fa-f]{2})+")
_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "B", "7BIT", "8BIT"})
_VERSIT_VERSIONS = frozenset({"2.1", "1.0"})


@dataclass(frozen=True, slots=True)
class ContentLine:
    """A property: `number` is its first physical line, from 1. Names are capitals, without a group.

    A parameter without a name is the encoding, or else a TYPE. Quoted-printable is undone in `value`, escapes
    are not.
    """

    number: int
    name: str
    parameters: tuple[tuple[str, str], ...]
    value: str

    def parameter(self, name: str) -> str:
        """The first value of that parameter, or ""."""
        return next((value for known, value in self.parameters if known == name), "")

    @property
    def types(self) -> tuple[str, ...]:
        """The values of TYPE, in capitals."""
        return tuple(value.upper() for name, value in self.parameters if name == "TYPE")


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END. `number` is the line of BEGIN, from 1; the name is in capitals."""

    number: int
    name: str
    lines: list[ContentLine] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)

    def first(self, name: str) -> ContentLine | None:
        """The first property of that name that has a value."""
        return next(self.every(name), None)

    def every(self, name: str) -> Iterator[ContentLine]:
        """The properties of that name that have a value, in order."""
        return (line for line in self.lines if line.name == name and line.value)


def read(text: str, *, source: str) -> list[Component]:
    """The outermost components of a text.

    `source` names the field in errors. Raises Mendable, with the line, for a text that is too long, a line
    that is no property, BEGIN and END that do not match, components nested too deep, and an unknown character
    set.
    """
    outermost: list[Component] = []
    open_ones: list[Component] = []
    for line in properties(text, source=source):
        value = line.value.strip().upper()
        if line.name == "BEGIN":
            if len(open_ones) == MAX_DEPTH:
                raise _broken(line.number, f"nests more than {MAX_DEPTH} components", source)
            component = Component(line.number, value)
            (open_ones[-1].components if open_ones else outermost).append(component)
            open_ones.append(component)
        elif not open_ones:
            raise _broken(line.number, "stands outside BEGIN and END", source)
        elif line.name == "END":
            if open_ones.pop().name != value:
                raise _broken(line.number, f"ends {value}, which was not begun last", source)
        else:
            open_ones[-1].lines.append(line)
    if open_ones:
        raise _broken(open_ones[-1].number, f"begins {open_ones[-1].name}, which has no end", source)
    return outermost


def properties(text: str, *, source: str) -> Iterator[ContentLine]:
    """Every line of a text in order, BEGIN and END among them, however they are nested.

    `source` names the field in errors. Raises Mendable, with the line, for a text that is too long, a line
    that is no property, and an unknown character set.
    """
    if len(text) > MAX_CHARACTERS:
        raise Mendable(
            f"The text has {len(text)} characters; at most {MAX_CHARACTERS} are read.", field=source
        )
    return _logical_lines(text.removeprefix("\ufeff"), source)


def split(value: str, separator: str, *, is_versit: bool) -> list[str]:
    """The components of a value at its separators that are not escaped; their escapes stay."""
    escaped = re.escape(f"\\{separator}") if is_versit else r"\\."
    parts: list[str] = []
    start = 0
    for found in re.finditer(f"{escaped}|{re.escape(separator)}", value, re.DOTALL):
        if found[0] == separator:
            parts.append(value[start : found.start()])
            start = found.end()
    parts.append(value[start:])
    return parts


def unescape(text: str) -> str:
    """A mime text without its escapes (RFC 2426 2.4.2, RFC 5545 3.3.11), and without those of colons."""
    return re.sub(r"\\([\\;,:nN])", lambda found: "\n" if found[1] in "nN" else found[1], text)


def _logical_lines(text: str, source: str) -> Iterator[ContentLine]:
    """Properties with their continuation lines joined."""
    lines = _LINE_END.split(text)
    is_versit = False
    index = 0
    while index < len(lines):
        number, first = index + 1, lines[index]
        index += 1
        if not first.strip():
            continue
        pieces = [first]
        has_soft_breaks = _HAS_SOFT_BREAKS.match(first)
        has_base64 = _HAS_BASE64.match(first)
        while index < len(lines):
            following = lines[index]
            stripped = pieces[-1].rstrip(" \t")
            if has_soft_breaks and stripped.endswith("="):
                pieces[-1] = stripped[:-1]
                pieces.append(following)
            elif following.startswith((" ", "\t")):
                # versit unfolds to the white space, mime to nothing.
                pieces.append(following if is_versit and not has_base64 else following[1:])
            elif has_base64 and following.strip() and ":" not in following:
                pieces.append(following)
            else:
                break
            index += 1
        line = _content_line(number, "".join(pieces), source)
        if line.name == "VERSION":
            is_versit = line.value.strip() in _VERSIT_VERSIONS
        yield line


def _content_line(number: int, line: str, source: str) -> ContentLine:
    found = _NAME.match(line)
    if found is None:
        raise _broken(number, "does not begin with a name", source)
    name = found[1].upper()
    position = found.end()
    parameters: list[tuple[str, str]] = []
    while (parameter := _PARAMETER.match(line, position)) is not None:
        position = parameter.end()
        key = parameter[1].upper()
        if not parameter[2]:
            parameters.append(("ENCODING", key) if key in _ENCODINGS else ("TYPE", parameter[1]))
            continue
        while (value := _PARAMETER_VALUE.match(line, position)) is not None:
            position = value.end()
            parameters.append((key, (value[1] or value[2] or "").strip()))
            if line[position : position + 1] != ",":
                break
            position += 1
    rest = line[position:].lstrip(" \t;")
    if not rest.startswith(":"):
        raise _broken(number, "has no colon behind its name", source)
    found_line = ContentLine(number, name, tuple(parameters), rest[1:])
    if found_line.parameter("ENCODING").upper() != "QUOTED-PRINTABLE":
        return found_line
    value_text = _unquoted(found_line, source)
    return ContentLine(number, name, found_line.parameters, value_text)


def _unquoted(line: ContentLine, source: str) -> str:
    """The text of a quoted-printable value (RFC 2045 6.7), its line ends LF."""
    name = line.parameter("CHARSET") or "UTF-8"
    charset = charsets.by_name(name)
    if charset is None:
        raise _broken(line.number, f"is in the character set {name[:40]}, which is not known here", source)
    if line.value.isascii():
        text = binascii.a2b_qp(line.value.encode()).decode(charset.codec, "replace")
    else:  # octets that should have been quoted were taken for characters already
        text = _QUOTED_RUN.sub(
            lambda run: bytes.fromhex(run[0].replace("=", "")).decode(charset.codec, "replace"), line.value
        )
    return _LINE_END.sub("\n", text)


def _broken(number: int, what: str, source: str) -> Mendable:
    return Mendable(f"Line {number} {what}.", field=source)
