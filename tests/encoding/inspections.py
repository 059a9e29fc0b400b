"""Inspections as the tests make them: every one is checked for what must hold of all."""

from __future__ import annotations

from sms_desktop.encoding.inspect import Inspection, inspect_pdu, inspect_user_data
from sms_desktop.encoding.tpdu import Direction
from sms_desktop.encoding.tree import Field
from tests.encoding.leaves import assert_covered


def bits_of(data: bytes, field: Field) -> int:
    """The bits of a field as a number, the first the least significant."""
    return int.from_bytes(data, "little") >> field.bit_offset & (1 << field.bit_length) - 1


def assert_exact(data: bytes, fields: tuple[Field, ...]) -> None:
    """Every value is what the octets hold there: hex of whole octets, else decimal."""
    for field in fields:
        if field.bit_offset % 8 or field.bit_length % 8:
            assert field.value == str(bits_of(data, field)), field
        else:
            end = field.bit_offset + field.bit_length
            assert field.value == data[field.bit_offset // 8 : end // 8].hex().upper(), field
        assert_exact(data, field.children)


def check(data: bytes, found: Inspection) -> Inspection:
    """What holds of every inspection."""
    assert_covered(found.fields, 0, 8 * len(data))
    assert_exact(data, found.fields)
    positions = [problem.bit_offset for problem in found.problems]
    assert positions == sorted(positions)
    assert all(0 <= position <= 8 * len(data) for position in positions)
    assert all(problem.message.endswith(".") for problem in found.problems)
    return found


def pdu(octets: bytes | str, *, has_smsc: bool = True, direction: Direction | None = None) -> Inspection:
    """A PDU, inspected."""
    data = octets if isinstance(octets, bytes) else bytes.fromhex(octets)
    return check(data, inspect_pdu(data, has_smsc=has_smsc, direction=direction))


def user_data(
    udh: str | None, body: str | None, *, data_coding: int | None = None, udl: int | None = None
) -> Inspection:
    """A header and a body in hexadecimal, inspected."""
    header = None if udh is None else bytes.fromhex(udh)
    rest = None if body is None else bytes.fromhex(body)
    found = inspect_user_data(udh=header, body=rest, data_coding=data_coding, udl=udl)
    return check((header or b"") + (rest or b""), found)


def outline(fields: tuple[Field, ...], depth: int = 0) -> list[str]:
    """Names and meanings, open where a message is told apart from another."""
    opened = ("User Data", "WAP Push", "WSP Push", "WBXML", "vCard")
    lines = []
    for field in fields:
        lines.append("  " * depth + field.name + (f": {field.meaning}" if field.meaning else ""))
        if field.name.startswith(opened):
            lines += outline(field.children, depth + 1)
    return lines
