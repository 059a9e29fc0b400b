"""Numbers of seven bits an octet: WSP's uintvar, WBXML's mb_u_int32. Called by cursor."""

from __future__ import annotations

MAX_OCTETS = 5
"""Five octets carry 35 bits, enough for the 32 that both formats allow (WAP-230 8.1.2, WAP-192 5.1)."""


def read(data: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The number at the start of `data[start:end]` and the offset behind it, or None without an end there."""
    value = 0
    for offset in range(start, min(end, start + MAX_OCTETS)):
        octet = data[offset]
        value = value << 7 | octet & 0x7F
        if octet < 0x80:
            return value, offset + 1
    return None


def write(value: int) -> bytes:
    """The fewest octets that hold `value`, the most significant first; all but the last have bit 7 set.

    Raises ValueError for a negative number and for one of more than 32 bits.
    """
    if not 0 <= value < 1 << 32:
        raise ValueError(f"{value} is not an unsigned number of 32 bits")
    octets = [value & 0x7F]
    while value := value >> 7:
        octets.append(value & 0x7F | 0x80)
    return bytes(reversed(octets))
