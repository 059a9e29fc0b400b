"""Any octets as a tree of fields with exact bit ranges, with text, content and problems. For smsctl and ui.

Total: truncated, malformed and unknown octets give a tree, too. Every bit is in exactly one leaf, and a field
covers exactly what its children cover, in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sms_desktop.encoding import dcs, user_data
from sms_desktop.encoding.content import Content
from sms_desktop.encoding.dcs import DataCoding
from sms_desktop.encoding.pid import SIM_DATA_DOWNLOAD
from sms_desktop.encoding.tree import Annotator, Field, Problem, octets_in_words

if TYPE_CHECKING:  # loaded when there is a header, or a TPDU
    from sms_desktop.encoding.tpdu_kinds import Direction
    from sms_desktop.encoding.udh import UserDataHeader


@dataclass(frozen=True, slots=True)
class Inspection:
    """What octets say.

    `text` is what a phone would show of this part, None where there is no text. `content` is what a known
    port or content type holds. `header` is the user data header, typed, if there is one. Problems are in
    order of position.
    """

    fields: tuple[Field, ...]
    text: str | None
    content: Content | None
    problems: tuple[Problem, ...]
    header: UserDataHeader | None = None


def inspect_user_data(
    *,
    udh: bytes | None = None,
    body: bytes | None = None,
    data_coding: int | None = None,
    protocol_id: int = 0,
    udl: int | None = None,
) -> Inspection:
    """A user data header and what follows it, given apart as the API takes them, and counted as one.

    `udl` is TP-UDL, in septets for GSM-7 (header and fill bits counted in), else in octets; None is as many
    as the octets hold. Without `data_coding`, the body is 8-bit data. Where the header's own length differs
    from what was given as header, it is read as a phone would, with a problem. Raises ValueError for what is
    no octet.
    """
    given = udh or b""
    annotator = Annotator(given + (body or b""))
    if given and given[0] + 1 != len(given):
        _note_header_length(annotator, given, has_body=bool(body))
    coding = DataCoding("8bit") if data_coding is None else dcs.parse(data_coding)
    reading = user_data.read(
        annotator,
        0,
        len(annotator.data),
        has_header=bool(given),
        coding=coding,
        length=udl,
        for_sim=_is_for_sim(coding, protocol_id),
    )
    text = None if body is None else reading.text
    return _inspection(annotator, reading.fields, text, reading.content, reading.header)


def inspect_pdu(octets: bytes, *, has_smsc: bool, direction: Direction | None = None) -> Inspection:
    """A TPDU, with the service centre's address in front of it or not.

    The type bits mean another TPDU each way; without a direction they are read as DELIVER, SUBMIT or
    STATUS-REPORT.
    """
    from sms_desktop.encoding import tpdu_reading

    annotator = Annotator(octets)
    pdu = tpdu_reading.read(annotator, has_smsc=has_smsc, direction=direction)
    place = pdu.user_data
    if place is None:
        return _inspection(annotator, pdu.fields, None, None, None)
    end = len(octets)
    coding = dcs.parse(place.data_coding)
    reading = user_data.read(
        annotator,
        place.start,
        end,
        has_header=place.user_data.has_header,
        coding=coding,
        length=place.user_data.length,
        for_sim=_is_for_sim(coding, place.protocol_id),
    )
    fields = pdu.fields
    if place.start < end:
        fields += (_user_data_field(annotator, place.start, end, reading),)
    return _inspection(annotator, fields, reading.text, reading.content, reading.header)


def _user_data_field(annotator: Annotator, start: int, end: int, reading: user_data.UserDataReading) -> Field:
    children = reading.fields
    if reading.header_fields:
        count = reading.header_fields
        last = children[count - 1]
        header_end = (last.bit_end - annotator.base) // 8
        header = annotator.octets(
            "User Data Header", start, header_end, octets_in_words(header_end - start), children[:count]
        )
        children = (header, *children[count:])
    return annotator.octets("User Data (TP-UD)", start, end, octets_in_words(end - start), children)


def _inspection(
    annotator: Annotator,
    fields: tuple[Field, ...],
    text: str | None,
    content: Content | None,
    header: UserDataHeader | None,
) -> Inspection:
    problems = sorted(annotator.problems, key=lambda problem: problem.bit_offset)
    return Inspection(fields, text, content, tuple(problems), header)


def _is_for_sim(coding: DataCoding, protocol_id: int) -> bool:
    """Data for the (U)SIM itself: its protocol identifier, and class 2 (TS 23.040 9.2.3.9)."""
    return protocol_id == SIM_DATA_DOWNLOAD and coding.message_class == 2


def _note_header_length(annotator: Annotator, given: bytes, *, has_body: bool) -> None:
    """The header's length octet counts what follows it; phones know nothing else of where the body begins."""
    stated, there = given[0], len(given) - 1
    if stated < there:
        annotator.problem(1 + stated, f"The header's length is {stated}; a phone takes the rest for body.")
    elif has_body:
        annotator.problem(0, f"The header's length is {stated}; a phone takes octets of the body for it.")
