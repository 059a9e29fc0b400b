"""A message as the parts that go over the air. Called by smsctl and by the window's inspector."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import assert_never

from sms_desktop.encoding import gsm7, ucs2
from sms_desktop.encoding.segments import Encoding, lay_out, with_line_feeds
from sms_desktop.encoding.udh import ReferenceBits, concatenation
from sms_desktop.messages.kinds import Content, Text, Unicode

DATA_CODING_GSM7 = 0x00
"""Default alphabet, no class, not compressed (TS 23.038 4)."""

DATA_CODING_UCS2 = 0x08
"""UCS-2, no class, not compressed (TS 23.038 4)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of the air interface, without addresses.

    `index` counts from 1. `udh` is the user data header with its length octet, empty when there is none.
    `user_data` is what follows: packed septets after the fill bits that the header asks for, or UTF-16BE.
    `user_data_length` is TP-UDL: septets for 7-bit text, octets otherwise, header and fill bits included
    (TS 23.040 9.2.3.16).
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
    message: Content, *, reference_number: int = 0, reference_bits: ReferenceBits = 8
) -> tuple[Part, ...]:
    """The parts of `message`, in order; those of a long one share `reference_number`.

    CR LF is taken as LF. In a Text, a character outside GSM-7 becomes `?`, as the API sends it.
    Raises Mendable for half a surrogate pair in the text, for more than 255 parts, and for a reference number
    that does not fit `reference_bits`.
    """
    match message:
        case Text(text):
            return _encode_text(text, "gsm7", reference_number, reference_bits)
        case Unicode(text):
            return _encode_text(text, "ucs2", reference_number, reference_bits)
        case _:
            assert_never(message)


def _encode_text(
    text: str, encoding: Encoding, reference_number: int, reference_bits: ReferenceBits
) -> tuple[Part, ...]:
    text = with_line_feeds(text)
    ucs2.refuse_lone_surrogates(text)
    layout = lay_out(text, encoding=encoding, reference_bits=reference_bits)
    layout.refuse_too_many()
    total = len(layout.unit_ends)
    parts = []
    for index, (start, end) in enumerate(pairwise((0, *layout.unit_ends)), start=1):
        udh = b""
        if total > 1:
            udh = concatenation(
                reference_number=reference_number, reference_bits=reference_bits, total=total, index=index
            )
        parts.append(
            _gsm7_part(index, udh, layout.data[start:end])
            if encoding == "gsm7"
            else _ucs2_part(index, udh, layout.data[2 * start : 2 * end])
        )
    return tuple(parts)


def _gsm7_part(index: int, udh: bytes, septets: bytes) -> Part:
    fill = gsm7.fill_bits(len(udh))
    return Part(
        index=index,
        udh=udh,
        user_data=gsm7.pack(septets, fill),
        user_data_length=(8 * len(udh) + fill) // 7 + len(septets),
        data_coding=DATA_CODING_GSM7,
        protocol_id=0,
    )


def _ucs2_part(index: int, udh: bytes, octets: bytes) -> Part:
    return Part(
        index=index,
        udh=udh,
        user_data=octets,
        user_data_length=len(udh) + len(octets),
        data_coding=DATA_CODING_UCS2,
        protocol_id=0,
    )
