from __future__ import annotations

import pytest

from sms_desktop.encoding.concatenation import ReferenceBits, concatenation, concatenation_octets
from sms_desktop.messages.errors import Mendable


@pytest.mark.parametrize(
    "bits, reference, header",
    [(8, 0x00, "050003000301"), (8, 0xA7, "050003A70301"), (16, 0xBEEF, "060804BEEF0301")],
)
def test_a_concatenation_header(bits: ReferenceBits, reference: int, header: str) -> None:
    made = concatenation(reference_number=reference, reference_bits=bits, total=3, index=1)
    assert made.hex().upper() == header
    assert len(made) == concatenation_octets(bits)


@pytest.mark.parametrize("bits, reference", [(8, 256), (8, -1), (16, 65536)])
def test_a_reference_that_does_not_fit_is_refused(bits: ReferenceBits, reference: int) -> None:
    with pytest.raises(Mendable, match=f"reference number is {reference}; with {bits} bits") as caught:
        concatenation(reference_number=reference, reference_bits=bits, total=2, index=1)
    assert caught.value.field == "reference-number"


@pytest.mark.parametrize("total, index", [(256, 1), (2, 3), (2, 0), (0, 0)])
def test_a_part_that_cannot_be_stated_is_our_mistake(total: int, index: int) -> None:
    with pytest.raises(ValueError, match="cannot be stated"):
        concatenation(reference_number=0, reference_bits=8, total=total, index=index)
