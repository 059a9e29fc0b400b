"""The tree of an inspection as lines for a terminal: offset, bits, value, name, meaning. For inspect."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sms_desktop.cli.words import plural, visible
from sms_desktop.encoding.content import Content
from sms_desktop.encoding.inspect import Inspection
from sms_desktop.encoding.reassembly import Joined
from sms_desktop.encoding.tree import Field, Problem

_VALUE_WIDTH = 24
_NAME_WIDTH = 52
_MEANING_WIDTH = 72


class _Row(NamedTuple):
    """A line of the table: a field, and the branches of the tree in front of its name."""

    field: Field
    branch: str


def lines_of(found: Inspection, *, characters: bool) -> list[str]:
    """The tree, the text, the content and the problems; with `characters`, a row for each one of a text."""
    lines = _table(found.fields, found.problems, characters=characters)
    lines += _said(found.text, found.content)
    if found.problems:
        lines += ["", "Problems:"]
        lines += [
            f"! {_offset(problem.bit_offset):>6}  {visible(problem.message)}" for problem in found.problems
        ]
    return lines


def joined_lines(joined: Joined, *, characters: bool) -> list[str]:
    """What several parts say together, and what is missing of them."""
    here = joined.total - len(joined.missing)
    said = [f"{here} of {plural(joined.total, 'part')}"]
    if joined.missing:
        said.append(f"missing: {_numbers(joined.missing)}")
    if joined.duplicates:
        said.append(f"more than once: {_numbers(joined.duplicates)}")
    lines = [f"Joined: {', '.join(said)}"]
    if joined.inspection:
        found = joined.inspection
        lines += ["", *lines_of(found, characters=characters)]
    if joined.pieces:
        lines += _said(
            "".join("[...]" if piece is None else piece for piece in joined.pieces), joined.content
        )
    if joined.problems:
        lines += ["", "Problems of joining:", *(f"! {visible(problem)}" for problem in joined.problems)]
    return lines


def _table(fields: Sequence[Field], problems: Sequence[Problem], *, characters: bool) -> list[str]:
    bits = [problem.bit_offset for problem in problems]  # in ascending order
    rows = list(_rows(fields, characters=characters, bits=bits))
    offsets = [row.field.bit_offset for row in rows]
    # The last row that begins at the bit or before it is the smallest field that holds it.
    marked = {bisect_right(offsets, bit) - 1 for bit in bits}
    width = min(_NAME_WIDTH, max([len("Field"), *(len(row.branch + row.field.name) for row in rows)]))
    lines = [f"  Offset   Bits  {'Value':{_VALUE_WIDTH}}  {'Field':{width}}  Meaning"]
    for place, (field, branch) in enumerate(rows):
        mark = "!" if place in marked else " "
        offset = _offset(field.bit_offset)
        name = branch + field.name
        line = f"{mark} {offset:>6}  {field.bit_length:5}  {_value(field):{_VALUE_WIDTH}}  {name:{width}}"
        lines.append(f"{line}  {_shortened(visible(field.meaning), _MEANING_WIDTH)}".rstrip())
    return lines


def _rows(
    fields: Sequence[Field], *, characters: bool, bits: Sequence[int], before: str = "", depth: int = 0
) -> Iterator[_Row]:
    for place, field in enumerate(fields):
        last = place == len(fields) - 1
        branch = before + ("└ " if last else "├ ") if depth else ""
        below = before + ("  " if last else "│ ") if depth else ""
        shown: Sequence[Field] = field.children
        if not characters and field.name == "Text":
            shown = [child for child in shown if child.name != "Character" or _has_problem(child, bits)]
        yield _Row(field, branch)
        yield from _rows(shown, characters=characters, bits=bits, before=below, depth=depth + 1)


def _has_problem(field: Field, bits: Sequence[int]) -> bool:
    return bisect_left(bits, field.bit_offset) < bisect_left(bits, field.bit_end)


def _said(text: str | None, content: Content | None) -> list[str]:
    lines = []
    if text is not None:
        lines += ["", f"Text: {visible(text)}"]
    if content:
        lines += ["", "Content:"]
        lines += [
            f"  {name:8} {visible(value)}" for name, value in content.as_dict().items() if value is not None
        ]
    return lines


def _offset(bit: int) -> str:
    """An octet, and behind a dot the bit of it where that is not the first."""
    return f"{bit // 8}.{bit % 8}" if bit % 8 else str(bit // 8)


def _value(field: Field) -> str:
    """The value, shortened; bits of one octet show which they are, as `...10...`, but for septets."""
    low = field.bit_offset % 8
    if field.bit_length < 7 and low + field.bit_length <= 8:
        bits = f"{int(field.value):0{field.bit_length}b}"
        return f"{'.' * (8 - low - field.bit_length)}{bits}{'.' * low}"
    return _shortened(field.value, _VALUE_WIDTH)


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)
