"""Received binary messages in words: what they are, for which port, and the title of a card, event or push.

Called by reassembly, for the text of a bubble. Total: what is not hexadecimal is said, and kept as it came.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sms_desktop.encoding import content, ports, vcal, vcard
from sms_desktop.encoding.inspect import Inspection, inspect_user_data
from sms_desktop.encoding.reassembly import PartOctets, join
from sms_desktop.encoding.tree import octets_in_words
from sms_desktop.gateway.webhooks import Concatenation
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Binary
from sms_desktop.services.contents import kept

_EIGHT_BIT = 0x04
_LONGEST_TITLE = 80
_LONGEST_READ = 100_000
_NOT_HEXADECIMAL = re.compile(r"[^0-9A-Fa-f]")


@dataclass(frozen=True, slots=True)
class BinaryPart:
    """A header and data as the gateway told them: hexadecimal as a rule."""

    udh: str
    data: str

    @property
    def octets(self) -> tuple[bytes, bytes] | None:
        """Both as octets, or None if one is not hexadecimal."""
        try:
            return bytes.fromhex(self.udh), bytes.fromhex(self.data)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Words:
    """What a binary message is, in words, and its content as the store keeps it."""

    body: str
    content: str | None


def place_of(part: BinaryPart) -> Concatenation | None:
    """Which part of a longer message this is by its own header, or None."""
    octets = part.octets
    if octets is None or not octets[0]:
        return None
    header = _inspected(*octets).header
    found = header.concatenation if header else None
    if found is None or found.total < 2:
        return None
    return Concatenation(str(found.reference), found.total, found.part)


def part_words(part: BinaryPart, number: int, total: int) -> str:
    """One part of several, in words."""
    octets = part.octets
    size = octets_in_words(len(octets[1])) if octets is not None else "not hexadecimal"
    return f"[part {number} of {total}, {size}] "


def words(parts: Mapping[int, BinaryPart], total: int) -> Words:
    """What the parts that are here say together."""
    known = {number: part.octets for number, part in sorted(parts.items())}
    readable = {number: octets for number, octets in known.items() if octets is not None}
    if len(readable) != len(known) or not readable:
        raw = " ".join(f"{part.udh} {part.data}".strip() for _, part in sorted(parts.items()))
        return Words(f"Binary message that is not hexadecimal: {raw[:_LONGEST_READ]}", None)
    if total == 1:
        [(udh, data)] = readable.values()
        inspection: Inspection | None = _inspected(udh, data)
        whole = data
    else:
        joined = join([PartOctets(udh, data, _EIGHT_BIT) for udh, data in readable.values()])
        inspection, whole = (
            joined.inspection,
            joined.octets or b"".join(data for _, data in readable.values()),
        )
        udh = next(iter(readable.values()))[0]
    size = len(whole)
    text = f"{_named(inspection)}{_port(_inspected(udh, b'').header, size)}"
    if len(readable) < total:
        text += f", {len(readable)} of {total} parts"
    return Words(text, kept(Binary(udh if total == 1 else b"", whole), None))


def _inspected(udh: bytes, data: bytes) -> Inspection:
    return inspect_user_data(udh=udh or None, body=data[:_LONGEST_READ], data_coding=_EIGHT_BIT)


def _named(inspection: Inspection | None) -> str:
    found = inspection.content if inspection is not None else None
    match found:
        case None:
            return "Binary data"
        case content.CardContent("vcard", text):
            return _titled("vCard", _name_of_card(text))
        case content.CardContent("vcal", text):
            return _titled("vCalendar", _name_of_event(text))
        case _:
            fields = found.as_dict()
            return _titled("WAP Push", " ".join(filter(None, (fields.get("text"), fields.get("href")))))


def _titled(kind: str, title: str) -> str:
    line = " ".join(title.split())[:_LONGEST_TITLE]
    return f"{kind}: {line}" if line else kind


def _name_of_card(text: str) -> str:
    try:
        return vcard.read_contacts(text)[0].display_name
    except Mendable:
        return ""


def _name_of_event(text: str) -> str:
    try:
        events = vcal.read_events(text)
    except Mendable:
        return ""
    return events[0].summary if events else ""


def _port(header: object, size: int) -> str:
    from sms_desktop.encoding.udh import UserDataHeader

    numbers = header.ports if isinstance(header, UserDataHeader) else None
    if numbers is None:
        return f", {octets_in_words(size)}"
    described = ports.describe(numbers.destination, bits=numbers.bits)
    return f", port {described}, {octets_in_words(size)}"
