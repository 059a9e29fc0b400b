"""A vCard or vCalendar as text in which single properties change; all else stays. Called by the forms.

What a form does not know, the order of lines and the spelling of parameters are kept as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sms_desktop.encoding.content_components import ContentLine, properties, read, split, unescape
from sms_desktop.encoding.content_lines import CRLF, clean, escape, mime_line, versit_line
from sms_desktop.messages.errors import Mendable

_LINE_END = re.compile("\r\n|\r|\n")
_HEAD_PIECE = re.compile(r'(?:"[^"]*"|[^";:])*')
_ENCODING_WORDS = frozenset({"QUOTED-PRINTABLE", "BASE64", "B", "7BIT", "8BIT"})
_VERSIT = frozenset({"2.1", "1.0"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A property and where it stands: physical lines from `start` up to `stop`, counted from 0."""

    line: ContentLine
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class FormText:
    """What a text says, field by field; a field that it says nothing of is not in `values`.

    `kept` are the names of the properties that the form has no field for, `count` is how many cards or events
    the text holds: the form shows the first.
    """

    values: Mapping[str, str]
    version: str
    kept: tuple[str, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text after its fields were written into it, and what could not be written: a sentence by field."""

    text: str
    problems: Mapping[str, str]


class PropertyText:
    """The first component of a kind in a text, seen as its own properties.

    `source` names the field in errors. Raises Mendable, with the line, for what can't be read, and for a text
    without such a component; `is_ours` says that this was made here of one that could be read. `version` is
    the version that the outermost component says, "" if none.
    """

    def __init__(self, text: str, *, component: str, source: str, is_ours: bool = False) -> None:
        if not is_ours:
            read(text, source=source)  # refuses what is nested wrongly
        self._lines = _LINE_END.split(text)
        self._component = component
        self._source = source
        self.version = ""
        self.count = 0
        self._placed: list[Placed] = []
        self._inside: list[tuple[str, Placed, Placed]] = []
        self._find(list(properties(text, source=source)))
        if not self.count:
            raise Mendable(f"The text holds no BEGIN:{component}.", field=source)

    @property
    def is_versit(self) -> bool:
        """Whether it is written as vCard 2.1 and vCalendar 1.0 are; they are also what has no version."""
        return self.version in _VERSIT or not self.version

    @property
    def properties(self) -> tuple[Placed, ...]:
        """The component's own properties, in order, without those of components inside it."""
        return tuple(self._placed)

    def first(self, name: str) -> Placed | None:
        """The first property of that name that has a value."""
        return next(self.every(name), None)

    def every(self, name: str) -> Iterator[Placed]:
        """The properties of that name that have a value."""
        return (one for one in self._placed if one.line.name == name and one.line.value)

    def inside(self, name: str) -> tuple[Placed, Placed] | None:
        """BEGIN and END of the first component of that name inside this one."""
        return next(((begin, end) for known, begin, end in self._inside if known == name), None)

    def text(self, placed: Placed | None) -> str:
        """The value as a text."""
        if placed is None:
            return ""
        return placed.line.value if self.is_versit else unescape(placed.line.value)

    def parts(self, placed: Placed | None, separator: str = ";") -> list[str]:
        """The parts of a value as texts."""
        if placed is None:
            return []
        found = split(placed.line.value, separator, is_versit=self.is_versit)
        return [part.replace("\\;", ";") if self.is_versit else unescape(part) for part in found]

    def head(self, placed: Placed) -> str:
        """Name and parameters as they are written, with the group, without those of the encoding."""
        return ";".join(self.head_pieces(placed))

    def head_pieces(self, placed: Placed) -> list[str]:
        """The same piece by piece; a quoted parameter is one."""
        joined = "".join(
            line[1:] if number and line.startswith((" ", "\t")) else line
            for number, line in enumerate(self._lines[placed.start : placed.stop])
        )
        pieces: list[str] = []
        at = 0
        while (piece := _HEAD_PIECE.match(joined, at)) is not None:
            pieces.append(piece[0].strip())
            at = piece.end() + 1
            if joined[piece.end() : at] != ";":
                break
        return [pieces[0], *(each for each in pieces[1:] if each and not _is_encoding(each))]

    # What changes gives a text; this one stays as it is.

    def put(self, placed: Placed, lines: Sequence[str]) -> str:
        """The text with other lines in the place of a property; none: without it."""
        return self._joined([*self._lines[: placed.start], *lines, *self._lines[placed.stop :]])

    def put_all(self, replaced: Callable[[Placed], Sequence[str]]) -> str:
        """The text with other lines in the place of each property."""
        lines = list(self._lines)
        for placed in reversed(self._placed):
            lines[placed.start : placed.stop] = replaced(placed)
        return self._joined(lines)

    def add(self, lines: Sequence[str], name: str, order: Sequence[str]) -> str:
        """The text with a further property, behind those that stand before `name` in `order`."""
        before = set(order[: order.index(name) + 1])
        at = self._begin.stop
        for one in self._placed:
            if one.line.name in before or one.line.name == "VERSION":
                at = max(at, one.stop)
        return self._joined([*self._lines[:at], *lines, *self._lines[at:]])

    def add_last(self, lines: Sequence[str]) -> str:
        """The text with further lines at the end of the component."""
        at = self._end.start
        return self._joined([*self._lines[:at], *lines, *self._lines[at:]])

    def without(self, begin: Placed, end: Placed) -> str:
        """The text without a component inside this one."""
        return self._joined([*self._lines[: begin.start], *self._lines[end.stop :]])

    def raw(self, placed: Placed) -> list[str]:
        """The physical lines of a property, as they are written."""
        return self._lines[placed.start : placed.stop]

    def _find(self, lines: list[ContentLine]) -> None:
        path: list[str] = []
        opened: list[Placed] = []
        for number, line in enumerate(lines):
            stop = lines[number + 1].number - 1 if number + 1 < len(lines) else len(self._lines)
            while stop > line.number and not self._lines[stop - 1].strip():
                stop -= 1
            placed = Placed(line, line.number - 1, stop)
            value = line.value.strip().upper()
            in_first = self.count == 1 and self._component in path
            depth = len(path) - path.index(self._component) if self._component in path else 0
            match line.name:
                case "BEGIN":
                    path.append(value)
                    opened.append(placed)
                    if value == self._component and not depth:
                        self.count += 1
                        if self.count == 1:
                            self._begin = placed
                case "END":
                    begun, name = opened.pop(), path.pop()
                    if in_first and depth == 1:
                        self._end = placed
                    elif in_first and depth == 2:
                        self._inside.append((name, begun, placed))
                case _:
                    if line.name == "VERSION" and len(path) == 1 and not self.version:
                        self.version = line.value.strip()
                    if in_first and depth == 1:
                        self._placed.append(placed)

    @staticmethod
    def _joined(lines: Sequence[str]) -> str:
        return "\n".join(lines)


def text_lines(head: str, text: str, *, is_versit: bool, field: str) -> list[str]:
    """A property that is a text, as physical lines. Raises Mendable as `clean` does."""
    text = clean(text, field=field)
    return _physical(versit_line(head, text, field=field) if is_versit else mime_line(head, escape(text)))


def parts_lines(
    head: str, parts: Sequence[str], *, is_versit: bool, field: str, separator: str = ";"
) -> list[str]:
    """A property of parts, as physical lines. Raises Mendable as `clean` and `versit_line` do."""
    texts = [clean(part, field=field) for part in parts]
    if is_versit:
        return _physical(versit_line(head, texts, field=field))
    return _physical(mime_line(head, separator.join(map(escape, texts))))


def plain_lines(head: str, value: str, *, is_versit: bool, field: str) -> list[str]:
    """A property whose value has no escapes (a URI, a moment), as physical lines."""
    text = clean(value, field=field)
    if is_versit:
        return _physical(versit_line(head, text, field=field))
    return _physical(mime_line(head, text.replace("\\", "\\\\").replace("\n", "\\n")))


def typed(name: str, types: Collection[str], *, is_versit: bool) -> str:
    """Name and types as the dialect spells them."""
    if not types:
        return name
    return ";".join((name, *types)) if is_versit else f"{name};TYPE={','.join(types)}"


def _physical(line: str) -> list[str]:
    return line.removesuffix(CRLF).split(CRLF)


def _is_encoding(piece: str) -> bool:
    key, equals, _ = piece.partition("=")
    word = key.strip().upper()
    return word in {"ENCODING", "CHARSET"} if equals else word in _ENCODING_WORDS
