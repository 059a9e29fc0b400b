"""Several parts of one message joined into one text or content; what is missing or doubled is said.

Called by smsctl and by the window, for parts that were received or read as octets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from sms_desktop.encoding import content as contents
from sms_desktop.encoding import dcs, tpdu_reading, udh, user_data
from sms_desktop.encoding.content import Content
from sms_desktop.encoding.elements import Concatenation
from sms_desktop.encoding.inspect import Inspection
from sms_desktop.encoding.tpdu_kinds import Direction
from sms_desktop.encoding.tree import Annotator
from sms_desktop.encoding.udh import UserDataHeader


@dataclass(frozen=True, slots=True)
class PartOctets:
    """One part as it was received: header (with its length octet), what follows it, and the data coding.

    `user_data_length` is TP-UDL where it is known: it tells seven septets from eight.
    """

    udh: bytes
    user_data: bytes
    data_coding: int
    user_data_length: int | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """What the parts say together.

    `pieces` are the runs of text in order, with None wherever parts are missing; there are none when the
    parts hold octets. `octets` are the octets of 8-bit parts, up to the first that is missing, and
    `inspection` their tree. `duplicates` are the numbers of parts that came more than once.
    """

    total: int
    reference: int | None
    pieces: tuple[str | None, ...]
    octets: bytes | None
    content: Content | None
    inspection: Inspection | None
    missing: tuple[int, ...]
    duplicates: tuple[int, ...]
    problems: tuple[str, ...]

    @property
    def text(self) -> str | None:
        """The text that is here, without a sign of what is missing; None when the parts hold octets."""
        return "".join(piece or "" for piece in self.pieces) if self.pieces else None


@dataclass(frozen=True, slots=True)
class _Piece:
    number: int
    header: UserDataHeader
    coding: dcs.DataCoding
    units: bytes


def part_of_pdu(octets: bytes, *, has_smsc: bool, direction: Direction | None = None) -> PartOctets | None:
    """The user data of a PDU as a part, whatever is amiss in front of it; None when it carries none.

    A time stamp of zeros or a sender that is no number says nothing about the text.
    """
    place = tpdu_reading.read(Annotator(octets), has_smsc=has_smsc, direction=direction).user_data
    if place is None:
        return None
    data = place.user_data
    return PartOctets(data.header, data.body, place.data_coding, data.length)


def join(parts: Sequence[PartOctets | None]) -> Joined:
    """The parts of one message as one, in whatever order they are given; never fails.

    The first part that says which it is decides the reference and the total: parts of another message are
    left out, with a problem, and so is None, which stands for a PDU without user data. Of parts with the same
    number the first counts. Parts that do not say which they are follow each other as given.
    """
    problems = [
        f"Number {place} of those given carries no user data; it is left out."
        for place, part in enumerate(parts, start=1)
        if part is None
    ]
    found, total, reference, duplicates = _sorted([part for part in parts if part is not None], problems)
    pieces = [found[number] for number in sorted(found)]
    problems += [
        f"Part {piece.number} is compressed (TS 23.042) and is not decoded."
        for piece in pieces
        if piece.coding.compressed
    ]
    text = _texts(pieces, total)
    octets = _octets(pieces)
    if text and octets:
        problems.append("Some parts hold text, others octets.")
    inspection = _inspect(pieces, octets, total)
    content = inspection.content if inspection else None
    if content is None and text:
        content = contents.of_text("".join(piece or "" for piece in text), _ports_of(pieces))
    return Joined(
        total=total,
        reference=reference,
        pieces=text,
        octets=b"".join(octets) or None,
        content=content,
        inspection=inspection,
        missing=tuple(number for number in range(1, total + 1) if number not in found),
        duplicates=duplicates,
        problems=tuple(problems),
    )


def _sorted(
    parts: Sequence[PartOctets], problems: list[str]
) -> tuple[dict[int, _Piece], int, int | None, tuple[int, ...]]:
    """The parts by number, how many there should be, their reference, and the numbers that came twice."""
    headers = [udh.parse(part.udh) for part in parts]
    first = next((header.concatenation for header in headers if header.concatenation), None)
    found: dict[int, _Piece] = {}
    duplicates: list[int] = []
    for place, (part, header) in enumerate(zip(parts, headers, strict=True), start=1):
        number = _number(header.concatenation, first, place, problems)
        if number is None:
            continue
        coding = dcs.parse(part.data_coding)
        piece = _Piece(number, header, coding, _units(part, coding))
        if number not in found:
            found[number] = piece
            continue
        duplicates.append(number)
        if piece != found[number]:
            problems.append(f"Part {number} came twice with different octets; the first is used.")
    total = first.total if first else len(parts)
    return found, total, first.reference if first else None, tuple(sorted(set(duplicates)))


def _number(
    own: Concatenation | None, first: Concatenation | None, place: int, problems: list[str]
) -> int | None:
    """The number of a part, None when it is none of this message; `place` counts the parts given, from 1."""
    if first is None:
        if place == 2:
            problems.append("The parts do not say which they are; they are joined as given.")
        return place
    if own is None:
        problems.append("A part does not say which it is; it is left out.")
        return None
    if (own.reference, own.total, own.bits) != (first.reference, first.total, first.bits):
        problems.append(
            f"A part belongs to another message: {own.part} of {own.total} with reference {own.reference}, "
            f"not of {first.total} with {first.reference}. It is left out."
        )
        return None
    return own.part


def _units(part: PartOctets, coding: dcs.DataCoding) -> bytes:
    """Septets, one an octet, or octets."""
    if coding.alphabet != "gsm7" or coding.compressed:
        return part.user_data
    return user_data.septets_behind(len(part.udh), part.user_data, part.user_data_length)


def _runs(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Neighbouring parts that are decoded as one: an escape or a surrogate pair may have been cut in two."""

    def kind(numbered: tuple[int, _Piece]) -> tuple[object, ...]:
        place, piece = numbered
        header = piece.header
        return (
            piece.number - place,
            piece.coding.alphabet,
            piece.coding.compressed,
            header.locking_shift,
            header.single_shift,
        )

    return [[piece for _, piece in run] for _, run in groupby(enumerate(pieces), kind)]


def _texts(pieces: Sequence[_Piece], total: int) -> tuple[str | None, ...]:
    """The text of each run, and None for each gap; nothing when no part holds text."""
    texts: list[str | None] = []
    follows = 1
    for run in _runs(pieces):
        first = run[0]
        if first.number > follows:
            texts.append(None)
        follows = run[-1].number + 1
        if not first.coding.compressed and first.coding.alphabet != "8bit":
            units = b"".join(piece.units for piece in run)
            texts.append(user_data.decode(units, first.coding, first.header))
    if follows <= total:
        texts.append(None)
    return tuple(texts) if any(text is not None for text in texts) else ()


def _octets(pieces: Sequence[_Piece]) -> list[bytes]:
    """The octets of the parts from the first on, up to one that is missing or holds something else."""
    return [
        piece.units
        for _, piece in takewhile(
            lambda numbered: numbered[0] == numbered[1].number and _holds_octets(numbered[1]),
            enumerate(pieces, start=1),
        )
    ]


def _holds_octets(piece: _Piece) -> bool:
    return piece.coding.alphabet == "8bit" and not piece.coding.compressed


def _ports_of(pieces: Sequence[_Piece]) -> UserDataHeader:
    ports = next((piece.header.ports for piece in pieces if piece.header.ports), None)
    return UserDataHeader((ports,) if ports else ())


def _inspect(pieces: Sequence[_Piece], octets: Sequence[bytes], total: int) -> Inspection | None:
    """The joined octets as what they hold; where the last parts are missing, as far as they go."""
    data = b"".join(octets)
    if not data:
        return None
    header = _ports_of(pieces)
    if len(octets) < total:
        header = UserDataHeader((*header.elements, Concatenation(0, total, 1)))
    annotator = Annotator(data)
    fields, content = contents.read(annotator, 0, len(data), header)
    return Inspection(tuple(fields), None, content, tuple(annotator.problems), header)
