"""The header that joins the parts of one message, TS 23.040 9.2.3.24.1 and .8. Called by segments and encode.

It stands apart from udh, so that counting a text need not wait for every element that a header may hold.
"""

from __future__ import annotations

from typing import Literal

from sms_desktop.messages.errors import Mendable

ReferenceBits = Literal[8, 16]
"""The size of the reference number that the parts of one message share."""

MAX_PARTS = 255
"""The highest number of parts that a concatenation element can state (TS 23.040 9.2.3.24.1, octet 2)."""

_CONCATENATION_OCTETS = {8: 6, 16: 7}


def concatenation_octets(reference_bits: ReferenceBits) -> int:
    """The octets of a header that holds only a concatenation element, its length octet included: 6 or 7.

    Raises ValueError for another reference size.
    """
    if reference_bits not in _CONCATENATION_OCTETS:
        raise ValueError(f"a reference has 8 or 16 bits, not {reference_bits}")
    return _CONCATENATION_OCTETS[reference_bits]


def concatenation(*, reference_number: int, reference_bits: ReferenceBits, total: int, index: int) -> bytes:
    """The header of part `index` (from 1) of `total`, with its length octet (TS 23.040 9.2.3.24.1 and .8).

    Raises Mendable when the reference number does not fit, ValueError when index or total is out of range.
    """
    length = concatenation_octets(reference_bits) - 1
    highest = (1 << reference_bits) - 1
    if not 0 <= reference_number <= highest:
        raise Mendable(
            f"The reference number is {reference_number}; with {reference_bits} bits it is 0 to {highest}.",
            field="reference-number",
        )
    if not 1 <= index <= total <= MAX_PARTS:
        raise ValueError(f"part {index} of {total} cannot be stated")
    element = 0x00 if reference_bits == 8 else 0x08
    reference = reference_number.to_bytes(reference_bits // 8, "big")
    return bytes((length, element, len(reference) + 2)) + reference + bytes((total, index))
