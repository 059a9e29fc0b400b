"""Dates of a Service Indication: two digits an octet (WAP-167 8.2.2). Called by wap_push, wbxml and wsp."""

from __future__ import annotations

from datetime import UTC, datetime


def pack(moment: datetime) -> bytes:
    """The octets YY YY MM DD hh mm ss of an aware `moment`, in UTC, without the zero octets at the end.

    Fractions of a second are dropped. Raises OverflowError when the moment has no date in UTC.
    """
    utc = moment.astimezone(UTC)
    digits = f"{utc.year:04}{utc.month:02}{utc.day:02}{utc.hour:02}{utc.minute:02}{utc.second:02}"
    return bytes.fromhex(digits).rstrip(b"\0")


def unpack(octets: bytes) -> str | None:
    """What `pack` packed, as `YYYY-MM-DDThh:mm:ssZ`; None when it is not a date."""
    digits = octets.hex()
    if not digits.isdecimal() or not 8 <= len(digits) <= 14:
        return None
    digits = digits.ljust(14, "0")
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    hour, minute, second = int(digits[8:10]), int(digits[10:12]), int(digits[12:])
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return text_of(moment)


def text_of(moment: datetime) -> str:
    """An aware moment in whole seconds of UTC, as XML documents write it: `YYYY-MM-DDThh:mm:ssZ`."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
