"""Reads user data: header, then text, octets or known content; each bit in one leaf. Called by inspect.

What follows the header depends on the data coding (TS 23.040 9.2.3.24): septets that begin on a septet
boundary behind fill bits, UTF-16BE, or octets for whoever listens at a port.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from sms_desktop.encoding import content as contents
from sms_desktop.encoding import gsm7, gsm7_tables, ucs2
from sms_desktop.encoding.content import Content
from sms_desktop.encoding.dcs import DataCoding
from sms_desktop.encoding.tree import Annotator, Field

if TYPE_CHECKING:
    from sms_desktop.encoding.udh import UserDataHeader

MAX_OCTETS: Final = 140
"""The user data of one message (TS 23.040 9.2.3.24)."""

_INVISIBLE: Final = {"\n": "line feed", "\r": "carriage return", "\f": "page break", " ": "space"}
_DECIMALS: Final = tuple(str(septet) for septet in range(128))


class UserDataReading(NamedTuple):
    """What user data says: its fields in order, the header if there is one, text, and known content.

    The first `header_fields` of the fields are the header's.
    """

    fields: tuple[Field, ...]
    header_fields: int
    header: UserDataHeader | None
    text: str | None
    content: Content | None


def read(
    annotator: Annotator,
    start: int,
    end: int,
    *,
    has_header: bool,
    coding: DataCoding,
    length: int | None,
    for_sim: bool = False,
) -> UserDataReading:
    """The user data `annotator.data[start:end]`; any octets will do.

    `for_sim` says that octets are for the (U)SIM. `length` is TP-UDL: septets for GSM-7 that is not
    compressed, octets otherwise; None is as many as there are.
    """
    septets = coding.alphabet == "gsm7" and not coding.compressed
    stop = _stop(annotator, start, end, length, septets=septets)
    fields: list[Field] = []
    header = None
    at = start
    if has_header and start < end:
        from sms_desktop.encoding import udh  # and every element there is, for those who meet a header

        header, header_fields, at = udh.read(annotator, start, end)
        fields += header_fields
        if at > stop:
            annotator.problem(stop, "The header goes beyond the length of the user data.")
    elif has_header:
        annotator.problem(start, "A header is announced, and there is no user data.")
    stop = max(at, stop)
    count = len(fields)
    text = content = None
    if coding.compressed:
        if at < stop:
            fields.append(annotator.octets("Compressed Text", at, stop, "TS 23.042, not decoded"))
    elif septets:
        text, field = _read_septets(annotator, start, at, stop, length, header)
        fields += field
    elif coding.alphabet == "ucs2":
        text, field = _read_code_units(annotator, at, stop)
        fields += field
    elif at < stop:
        field, content = contents.read(annotator, at, stop, header, for_sim=for_sim)
        fields += field
    if text is not None:
        content = contents.of_text(text, header)
    if stop < end:
        annotator.problem(stop, f"{_count(end - stop, 'octet')} behind the end of the user data.")
        fields.append(annotator.octets("Surplus Octets", stop, end, "behind the end of the user data"))
    return UserDataReading(tuple(fields), count, header, text, content)


def septets_behind(header_octets: int, body: bytes, length: int | None) -> bytes:
    """The septets (one an octet) that `body` holds behind a header of so many octets; `length` is TP-UDL."""
    fill = gsm7.fill_bits(header_octets)
    count = None if length is None else max(0, length - (8 * header_octets + fill) // 7)
    return gsm7.unpack(body, count, fill)


def decode(units: bytes, coding: DataCoding, header: UserDataHeader | None) -> str:
    """The text of septets (one an octet), in the national tables that the header names, or of UCS-2."""
    if coding.alphabet == "ucs2":
        return ucs2.decode(units)
    locking, single = (header.locking_shift, header.single_shift) if header else (0, 0)
    return gsm7.decode(units, locking=locking, single=single)


def _stop(annotator: Annotator, start: int, end: int, length: int | None, *, septets: bool) -> int:
    """Where the user data ends, by its length; problems when that is more than there is, or than may be."""
    if length is None:
        stop = end
    else:
        octets = gsm7.packed_length(length) if septets else length
        stop = min(start + octets, end)
        if start + octets > end:
            unit = "septet" if septets else "octet"
            there = 8 * (end - start) // 7 if septets else end - start
            annotator.problem(end, f"The user data should have {_count(length, unit)}, and has {there}.")
    if stop - start > MAX_OCTETS:
        annotator.problem(start + MAX_OCTETS, f"User data has {MAX_OCTETS} octets at most.")
    return stop


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _read_septets(
    annotator: Annotator, start: int, at: int, stop: int, length: int | None, header: UserDataHeader | None
) -> tuple[str, Sequence[Field]]:
    """GSM-7 behind a header that ends at `at`: fill bits, a field for each character, spare bits."""
    fill = gsm7.fill_bits(at - start)
    septets = septets_behind(at - start, annotator.data[at:stop], length)
    locking, single = (header.locking_shift, header.single_shift) if header else (0, 0)
    text = gsm7.decode(septets, locking=locking, single=single)
    if at == stop:
        return text, ()
    bit = annotator.base + 8 * at
    children: list[Field] = []
    if fill:
        children.append(annotator.bits("Fill Bits", at, 0, fill))
    _characters(children, bit + fill, septets, locking, single)
    for doubt in gsm7.doubts(septets, locking=locking, single=single):
        annotator.problem(at, doubt.message, bit=fill + 7 * doubt.septet)
    spare = 8 * (stop - at) - fill - 7 * len(septets)
    if spare:
        children.append(annotator.bits("Spare Bits", stop - 1, 8 - spare, spare))
    elif length is None and septets.endswith(b"\0"):
        last = children[-1]
        children[-1] = Field(last.name, last.bit_offset, last.bit_length, last.value, "@, or spare bits")
    return text, (annotator.octets("Text", at, stop, text, tuple(children)),)


def _characters(children: list[Field], bit: int, septets: bytes, locking: int, single: int) -> None:
    """Append one field for each character, with two children where an escape announces it."""
    shown, shifted = _words(*gsm7_tables.known(locking, single))
    escape = gsm7.ESCAPE
    if escape not in septets:
        for septet in septets:
            children.append(Field("Character", bit, 7, _DECIMALS[septet], shown[septet]))
            bit += 7
        return
    following = iter(septets)
    for septet in following:
        extension = next(following, None) if septet == escape else None
        if extension is None:
            children.append(Field("Character", bit, 7, _DECIMALS[septet], shown[septet]))
            bit += 7
            continue
        pair = (
            Field("Escape", bit, 7, _DECIMALS[septet]),
            Field("Extension", bit + 7, 7, _DECIMALS[extension], shifted[extension]),
        )
        value = str(septet | extension << 7)
        children.append(Field("Character", bit, 14, value, shifted[extension], pair))
        bit += 14


@lru_cache(maxsize=32)
def _words(locking: int, single: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What each septet shows, plain and behind an escape, with words for what cannot be seen."""
    ready = gsm7_tables.codec(locking, single)
    shown = [_visible(character) for character in ready.shown]
    shown[gsm7.ESCAPE] = "escape"
    return tuple(shown), tuple(_visible(character) for character in ready.shifted[:128])


def _visible(character: str) -> str:
    if character in _INVISIBLE:
        return _INVISIBLE[character]
    return character if character.isprintable() else f"U+{ord(character):04X}"


def _read_code_units(annotator: Annotator, at: int, stop: int) -> tuple[str, Sequence[Field]]:
    """UCS-2: a field for each character, of two octets, or four for a surrogate pair."""
    text = ucs2.decode(annotator.data[at:stop])
    if at == stop:
        return text, ()
    children = []
    position = at
    for character in text:
        after = min(position + (4 if character > "\uffff" else 2), stop)
        meaning = _visible(character)
        if "\ud800" <= character <= "\udfff":
            annotator.problem(position, "Half a surrogate pair stands alone; it is no character.")
        elif after - position == 1:
            annotator.problem(position, "An octet is left over; UCS-2 has two for each character.")
            meaning = "half of a character"
        elif character > "\uffff":
            meaning = f"{meaning} (U+{ord(character):04X})"
        children.append(annotator.octets("Character", position, after, meaning))
        position = after
    return text, (annotator.octets("Text", at, stop, text, tuple(children)),)
