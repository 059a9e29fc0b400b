"""Reads information elements into fields: one table of layouts, raw where none is known. Called by udh."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from sms_desktop.encoding import addresses, ems_reading, ports
from sms_desktop.encoding.element_words import (
    WAITING,
    language_name,
    words_of,
)
from sms_desktop.encoding.elements import (
    Concatenation,
    Element,
    EmailHeader,
    Hyperlink,
    NationalShift,
    Ports,
    RawElement,
    ReplyAddress,
    SmscControl,
    SourceIndicator,
    SpecialIndication,
)
from sms_desktop.encoding.tree import Annotator, Field, octets_in_words

_Reader = Callable[[Annotator, int, int], tuple[Element, tuple[Field, ...]]]


class _Layout(NamedTuple):
    """An element's name, the fewest and the most octets of data, and how they are read (None: kept raw)."""

    name: str
    fewest: int = 0
    most: int = 255
    read: _Reader | None = None


def name_of(identifier: int) -> str:
    """An element's kind in words, for all 256 identifiers (TS 23.040 9.2.3.24)."""
    if identifier in _LAYOUTS:
        return _LAYOUTS[identifier].name
    for first, last, name in _RANGES:
        if first <= identifier <= last:
            return name
    return "reserved"


def read(annotator: Annotator, start: int, data_end: int) -> tuple[Element, Field]:
    """The element whose identifier stands at `start` and whose data ends at `data_end`, inside the header.

    An element of the wrong length is kept raw, with a problem.
    """
    data = annotator.data
    identifier, size = data[start], data_end - start - 2
    name = name_of(identifier)
    layout = _LAYOUTS.get(identifier)
    head = (
        annotator.octets("Information Element Identifier", start, start + 1, name),
        annotator.octets("Information Element Length", start + 1, start + 2, octets_in_words(size)),
    )
    element: Element = RawElement(identifier, data[start + 2 : data_end])
    inside: tuple[Field, ...] = ()
    if layout and not layout.fewest <= size <= layout.most:
        annotator.problem(start + 1, f"{name}: the length is {size}; it should be {_range_of(layout)}.")
        layout = None
    if layout and layout.read:
        element, inside = layout.read(annotator, start + 2, data_end)
    elif size:
        inside = (annotator.octets("Information Element Data", start + 2, data_end),)
    return element, annotator.octets(_capitals(name), start, data_end, words_of(element), (*head, *inside))


def _capitals(name: str) -> str:
    return name[0].upper() + name[1:]


def _range_of(layout: _Layout) -> str:
    if layout.fewest == layout.most:
        return str(layout.fewest)
    return f"{layout.fewest} to {layout.most}" if layout.most < 255 else f"{layout.fewest} or more"


def _concatenation(annotator: Annotator, start: int, end: int) -> tuple[Element, tuple[Field, ...]]:
    reference, first = annotator.number("Reference Number", start, end - 2)
    total, second = annotator.number("Total Number of Parts", end - 2, end - 1)
    part, third = annotator.number("Part Number", end - 1, end)
    element = Concatenation(reference, total, part, bits=8 * (end - 2 - start))
    if not total:
        annotator.problem(end - 2, "The total number of parts is 0; phones ignore this element.")
    elif not part:
        annotator.problem(end - 1, "The part number is 0; phones ignore this element.")
    elif not element.counts:
        annotator.problem(end - 1, f"Part {part} of {total} does not exist; phones ignore this element.")
    return element, (first, second, third)


def _ports(annotator: Annotator, start: int, end: int) -> tuple[Element, tuple[Field, ...]]:
    size = (end - start) // 2
    bits = 8 * size
    numbers = []
    fields = []
    for name, at in (("Destination Port", start), ("Originator Port", start + size)):
        number = int.from_bytes(annotator.data[at : at + size], "big")
        numbers.append(number)
        fields.append(annotator.octets(name, at, at + size, ports.describe(number, bits=bits)))
    return Ports(numbers[0], numbers[1], bits), tuple(fields)


def _special(annotator: Annotator, start: int, _: int) -> tuple[Element, tuple[Field, ...]]:
    octet = annotator.data[start]
    kind = octet & 0x1F
    children = (
        annotator.bits("Message Type", start, 0, 5, WAITING.get(kind, "reserved")),
        annotator.bits("Profile", start, 5, 2, str((octet >> 5 & 3) + 1)),
        annotator.bits("Storage", start, 7, 1, "store" if octet & 0x80 else "discard"),
    )
    first = annotator.octets("Indication Type and Storage", start, start + 1, children=children)
    count, second = annotator.number("Message Count", start + 1, start + 2)
    return SpecialIndication(kind, count, bool(octet & 0x80), (octet >> 5 & 3) + 1), (first, second)


_CONTROLS: Final = (
    "Report When Completed",
    "Report on Permanent Error",
    "Report on Temporary Error, Given Up",
    "Report on Temporary Error, Still Trying",
    "Reserved",
    "Reserved",
    "Cancel for the Remaining Parts",
    "Include the Original Header",
)


def _smsc_control(annotator: Annotator, start: int, _: int) -> tuple[Element, tuple[Field, ...]]:
    octet = annotator.data[start]
    flags = [bool(octet >> place & 1) for place in (0, 1, 2, 3, 6, 7)]
    children = tuple(
        annotator.bits(name, start, place, 1, "yes" if octet >> place & 1 else "no")
        for place, name in enumerate(_CONTROLS)
    )
    return SmscControl(*flags), (annotator.octets("Selective Status Report", start, start + 1, "", children),)


_SOURCES: Final = {1: "original sender", 2: "original receiver", 3: "SMSC"}


def _source(annotator: Annotator, start: int, end: int) -> tuple[Element, tuple[Field, ...]]:
    words = _SOURCES.get(annotator.data[start], "reserved")
    number, leaf = annotator.number("Source", start, end, words)
    return SourceIndicator(number), (leaf,)


def _email_header(annotator: Annotator, start: int, end: int) -> tuple[Element, tuple[Field, ...]]:
    number, leaf = annotator.number("Header Length", start, end)
    return EmailHeader(number), (leaf,)


def _hyperlink(annotator: Annotator, start: int, end: int) -> tuple[Element, tuple[Field, ...]]:
    position, first = annotator.number("Position", start, start + 2)
    title, second = annotator.number("Title Length", start + 2, start + 3)
    url, third = annotator.number("URL Length", start + 3, end)
    return Hyperlink(position, title, url), (first, second, third)


def _reply_address(annotator: Annotator, start: int, end: int) -> tuple[Element, tuple[Field, ...]]:
    address, field, after = addresses.read(annotator, start, "Reply Address", end=end)
    fields = [field]
    if after < end:
        annotator.problem(after, "Octets stand behind the reply address.")
        fields.append(annotator.octets("Surplus Octets", after, end))
    if address is None or after < end:
        return RawElement(0x22, annotator.data[start:end]), tuple(fields)
    return ReplyAddress(address), tuple(fields)


_SPANISH: Final = 2


def _national(annotator: Annotator, start: int, end: int) -> tuple[Element, tuple[Field, ...]]:
    locking = annotator.data[start - 2] == 0x25
    language = annotator.data[start]
    if language_name(language) == "reserved":
        annotator.problem(start, f"There is no national language {language}; phones ignore this element.")
    elif locking and language == _SPANISH:
        annotator.problem(start, "Spanish has no locking shift table; phones ignore this element.")
    number, leaf = annotator.number("Language", start, end, language_name(language))
    return NationalShift(number, locking), (leaf,)


_LAYOUTS: Final = {
    0x00: _Layout("concatenation, 8-bit reference", 3, 3, _concatenation),
    0x01: _Layout("special SMS message indication", 2, 2, _special),
    0x03: _Layout("not used (line feed)"),
    0x04: _Layout("port addressing, 8-bit", 2, 2, _ports),
    0x05: _Layout("port addressing, 16-bit", 4, 4, _ports),
    0x06: _Layout("SMSC control parameters", 1, 1, _smsc_control),
    0x07: _Layout("UDH source indicator", 1, 1, _source),
    0x08: _Layout("concatenation, 16-bit reference", 4, 4, _concatenation),
    0x09: _Layout("wireless control message protocol"),
    0x0A: _Layout("text formatting", 3, 4, ems_reading.formatting),
    0x0B: _Layout("predefined sound", 2, 2, ems_reading.predefined),
    0x0C: _Layout("user-defined sound", 1, 129, ems_reading.media),
    0x0D: _Layout("predefined animation", 2, 2, ems_reading.predefined),
    0x0E: _Layout("large animation", 129, 129, ems_reading.media),
    0x0F: _Layout("small animation", 33, 33, ems_reading.media),
    0x10: _Layout("large picture", 129, 129, ems_reading.media),
    0x11: _Layout("small picture", 33, 33, ems_reading.media),
    0x12: _Layout("variable picture", 3, 255, ems_reading.variable_picture),
    0x13: _Layout("user prompt indicator", 1, 1, ems_reading.user_prompt),
    0x14: _Layout("extended object"),
    0x15: _Layout("reused extended object"),
    0x16: _Layout("compression control"),
    0x17: _Layout("object distribution indicator"),
    0x18: _Layout("standard WVG object"),
    0x19: _Layout("character size WVG object"),
    0x1A: _Layout("extended object data request"),
    0x20: _Layout("RFC 822 e-mail header", 1, 1, _email_header),
    0x21: _Layout("hyperlink format", 4, 4, _hyperlink),
    0x22: _Layout("reply address", 2, 12, _reply_address),
    0x23: _Layout("enhanced voice mail"),
    0x24: _Layout("national language single shift", 1, 1, _national),
    0x25: _Layout("national language locking shift", 1, 1, _national),
    0x70: _Layout("(U)SIM toolkit command packet"),
    0x71: _Layout("(U)SIM toolkit response packet"),
}

_RANGES: Final = (
    (0x72, 0x7F, "(U)SIM toolkit security header"),
    (0x80, 0x9F, "SME to SME"),
    (0xC0, 0xDF, "specific to the service centre"),
)
