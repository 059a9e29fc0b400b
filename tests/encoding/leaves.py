"""What every annotated tree must be: leaves that cover each bit once, in order, and parents that fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sms_desktop.encoding.tree import Annotator, Field


def leaves(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields without children, in order."""
    for field in fields:
        if field.children:
            yield from leaves(field.children)
        else:
            yield field


def find(fields: Iterable[Field], name: str) -> list[Field]:
    """Every field of that name, at any depth, in order."""
    found = []
    for field in fields:
        if field.name == name:
            found.append(field)
        found += find(field.children, name)
    return found


def assert_covered(fields: tuple[Field, ...], start_bit: int, end_bit: int) -> None:
    """Every bit belongs to exactly one leaf; a parent covers what its children cover; no leaf is empty."""
    position = start_bit
    for field in leaves(fields):
        assert field.bit_offset == position, field
        assert field.bit_length > 0, field
        position += field.bit_length
    assert position == end_bit
    for field in fields:
        if field.children:
            assert_covered(field.children, field.bit_offset, field.bit_offset + field.bit_length)


def assert_annotated(annotator: Annotator, fields: tuple[Field, ...], start: int, end: int) -> None:
    """As `assert_covered`, for octets; values are those octets in hexadecimal, problems lie inside."""
    assert_covered(fields, annotator.base + 8 * start, annotator.base + 8 * end)
    shown = "".join(field.value for field in leaves(fields))
    assert shown == annotator.data[start:end].hex().upper()
    for problem in annotator.problems:
        assert annotator.base + 8 * start <= problem.bit_offset <= annotator.base + 8 * end
        assert problem.message
