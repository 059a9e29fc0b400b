"""A message as the parts that go over the air. Called by smsctl, services and the window's inspector."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, assert_never

from sms_desktop.encoding import gsm7, ucs2
from sms_desktop.encoding.concatenation import ReferenceBits, concatenation
from sms_desktop.encoding.segments import (
    USER_DATA_OCTETS,
    Encoding,
    Layout,
    Units,
    lay_out,
    lay_out_octets,
    with_line_feeds,
)
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush

WAP_PUSH_HEADER: Final = bytes.fromhex("0605040B8423F0")
"""Port addressing from 9200 (WSP) to 2948 (WAP Push)."""

VCARD_HEADER: Final = bytes.fromhex("06050423F40000")
"""Port addressing to 9204 (vCard)."""

VCAL_HEADER: Final = bytes.fromhex("06050423F50000")
"""Port addressing to 9205 (vCalendar)."""

_DATA_CODINGS: Final[dict[Units, int]] = {"gsm7": 0x00, "8bit": 0x04, "ucs2": 0x08}
_CLASS_PRESENT = 0x10
_LINE_END = re.compile("\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One message of the air interface, without addresses.

    `index` counts from 1. `udh` is the user data header with its length octet, empty when there is none.
    `user_data` is what follows: packed septets after the fill bits that the header asks for, UTF-16BE, or
    octets. `user_data_length` is TP-UDL: septets for 7-bit text, octets otherwise, header and fill bits
    included (TS 23.040 9.2.3.16). `data_coding` is TP-DCS (TS 23.038 4), `protocol_id` TP-PID (TS 23.040
    9.2.3.9).
    """

    index: int
    udh: bytes
    user_data: bytes
    user_data_length: int
    data_coding: int
    protocol_id: int

    @property
    def octets(self) -> int:
        """The octets of `user_data` alone."""
        return len(self.user_data)


def encode(
    message: Message,
    *,
    reference_number: int = 0,
    reference_bits: ReferenceBits = 8,
    message_class: int | None = None,
    national: bool = False,
) -> tuple[Part, ...]:
    """The parts of `message`, in order; those of a long one share `reference_number`.

    `message_class` is 0 to 3: the data coding then is of the general group with a class (0x10 and up, TS
    23.038 4). `national` lets a Text use the national tables that hold it most cheaply, which the API's own
    text messages can't.

    In a text CR LF is taken as LF, and in a Text a character outside GSM-7 becomes `?`, as the API sends it
    (with `national` it is refused). Cards and events are UTF-8 with CR LF. A Binary goes as it is given.

    Raises Mendable, with the field: half a surrogate pair, more than 255 parts, nothing to send, a Binary of
    more than 140 octets, a reference number, class or protocol identifier out of range, and what a WAP Push
    can't hold.
    """
    _check(reference_number, reference_bits, message_class)
    plan = _plan(message, reference_bits, national=national)
    layout = plan.layout
    total = len(layout.unit_ends)
    data_coding = _DATA_CODINGS[layout.encoding]
    if message_class is not None:
        data_coding |= _CLASS_PRESENT | message_class
    parts = []
    for index, (start, end) in enumerate(pairwise((0, *layout.unit_ends)), start=1):
        udh = plan.header
        if total > 1:
            joint = concatenation(
                reference_number=reference_number, reference_bits=reference_bits, total=total, index=index
            )
            udh = _joined(udh, joint)
        user_data, length = _user_data(layout, start, end, len(udh))
        parts.append(Part(index, udh, user_data, length, data_coding, plan.protocol_id))
    return tuple(parts)


def as_binary(
    message: Binary | WapPush | VCard | VCal, *, reference_number: int = 0, reference_bits: ReferenceBits = 8
) -> tuple[Binary, ...]:
    """The same octets as `binary` messages of the API, one for each part.

    For providers that don't take the types wappush, vcard and vcal (any more), and since nothing says what
    becomes of these types on the way. Raises Mendable as `encode`.
    """
    if isinstance(message, Binary):
        encode(message)
        return (message,)
    parts = encode(message, reference_number=reference_number, reference_bits=reference_bits)
    return tuple(Binary(part.udh, part.user_data) for part in parts)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The user data of a message and where to cut it; `header` is its own, without concatenation."""

    layout: Layout
    header: bytes = b""
    protocol_id: int = 0


def _plan(message: Message, reference_bits: ReferenceBits, *, national: bool) -> _Plan:
    match message:
        case Text(text):
            return _text(text, "gsm7", reference_bits, national=national)
        case Unicode(text):
            return _text(text, "ucs2", reference_bits, national=False)
        case Binary(udh, body, protocol_id):
            return _binary(udh, body, protocol_id or 0)
        case WapPush():
            return _for_port(WAP_PUSH_HEADER, _push(message), reference_bits, "title")
        case VCard(vcard):
            return _for_port(VCARD_HEADER, _lines(vcard, "vcard"), reference_bits, "vcard")
        case VCal(vcal):
            return _for_port(VCAL_HEADER, _lines(vcal, "vcal"), reference_bits, "vcal")
        case _:
            assert_never(message)


def _text(text: str, encoding: Encoding, reference_bits: ReferenceBits, *, national: bool) -> _Plan:
    text = with_line_feeds(text)
    ucs2.refuse_lone_surrogates(text)
    header, locking, single = b"", 0, 0
    if national:
        from sms_desktop.encoding.national import cheapest  # brings the national tables along

        found = cheapest(text, reference_bits=reference_bits)
        header, locking, single = found.header, found.locking, found.single
    layout = lay_out(
        text,
        encoding=encoding,
        reference_bits=reference_bits,
        header_octets=len(header),
        locking=locking,
        single=single,
    )
    layout.refuse_too_many()
    return _Plan(layout, header)


def _binary(udh: bytes, body: bytes, protocol_id: int) -> _Plan:
    octets = len(udh) + len(body)
    if not octets:
        raise Mendable("A binary message needs a header (udh), a body, or both.", field="body")
    if octets > USER_DATA_OCTETS:
        raise Mendable(
            f"Header and body make {octets} octets (udh {len(udh)}, body {len(body)}); one message holds "
            f"{USER_DATA_OCTETS}. Remove {octets - USER_DATA_OCTETS}, or split them into several messages.",
            field="body",
        )
    if not 0 <= protocol_id <= 0xFF:
        raise Mendable(f"The protocol identifier is {protocol_id}; it is 0 to 255.", field="protocol-id")
    room = USER_DATA_OCTETS - len(udh)
    return _Plan(Layout("8bit", body, len(udh), room, [len(body)]), udh, protocol_id)


def _for_port(header: bytes, data: bytes, reference_bits: ReferenceBits, field: str) -> _Plan:
    layout = lay_out_octets(data, reference_bits, len(header))
    layout.refuse_too_many(field=field)
    return _Plan(layout, header)


def _push(push: WapPush) -> bytes:
    from sms_desktop.encoding.wap_push import ServiceIndication, SiAction, encode_push  # brings WBXML along

    action = None
    if push.action is not None:
        try:
            action = SiAction(push.action)
        except ValueError:
            raise Mendable(
                f"{push.action} is not an action; there are {', '.join(SiAction)}.", field="action"
            ) from None
    return encode_push(
        ServiceIndication(
            url=push.url,
            text=push.title,
            created=push.created,
            expires=push.expires,
            action=action,
            si_id=push.si_id,
        )
    )


def _lines(text: str, field: str) -> bytes:
    if not text:
        raise Mendable(f"The {field} is empty.", field=field)
    ucs2.refuse_lone_surrogates(text, field=field)
    return _LINE_END.sub("\r\n", text).encode()


def _joined(header: bytes, joint: bytes) -> bytes:
    """A header with the elements of both, those of `header` first."""
    elements = header[1:] + joint[1:]
    return bytes((len(elements),)) + elements


def _user_data(layout: Layout, start: int, end: int, header_octets: int) -> tuple[bytes, int]:
    """The octets behind the header of the units from `start` to `end`, and TP-UDL."""
    match layout.encoding:
        case "gsm7":
            fill = gsm7.fill_bits(header_octets)
            septets = layout.data[start:end]
            return gsm7.pack(septets, fill), (8 * header_octets + fill) // 7 + len(septets)
        case "ucs2":
            start, end = 2 * start, 2 * end
        case "8bit":
            pass
    octets = layout.data[start:end]
    return octets, header_octets + len(octets)


def _check(reference_number: int, reference_bits: ReferenceBits, message_class: int | None) -> None:
    highest = (1 << reference_bits) - 1
    if not 0 <= reference_number <= highest:
        raise Mendable(
            f"The reference number is {reference_number}; with {reference_bits} bits it is 0 to {highest}.",
            field="reference-number",
        )
    if message_class is not None and message_class not in range(4):
        raise Mendable(
            f"The message class is {message_class}; it is 0 (flash), 1 (phone), 2 (SIM) or 3 (terminal).",
            field="message-class",
        )
