"""Well-known application ports of SMS, and what messages to them hold. Called by udh and inspect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Holds = Literal["wap_push", "vcard", "vcal", "picture", "ring_tone", "operator_logo", "cli_icon"]
"""What the user data behind a port is, where that is known."""

WAP_PUSH: Final = 2948
VCARD: Final = 9204
VCAL: Final = 9205


@dataclass(frozen=True, slots=True)
class Port:
    """A port with a name. `holds` says what its messages carry, None where we read no further."""

    number: int
    name: str
    holds: Holds | None = None


_NAMED: Final[tuple[tuple[int, str, Holds | None], ...]] = (
    (226, "vCard, old Nokia", "vcard"),
    (228, "vCalendar, old Nokia", "vcal"),
    (2948, "WAP Push", "wap_push"),
    (2949, "WAP Push, secure", None),
    (4035, "WAP Push over HTTP", None),
    (4036, "WAP Push over HTTP, secure", None),
    (5505, "ring tone", "ring_tone"),
    (5506, "operator logo", "operator_logo"),
    (5507, "CLI icon", "cli_icon"),
    (5514, "picture message", "picture"),
    (9200, "WSP", None),
    (9201, "WSP with WTP", None),
    (9202, "WSP, secure", None),
    (9203, "WSP with WTP, secure", None),
    (9204, "vCard", "vcard"),
    (9205, "vCalendar", "vcal"),
    (9206, "vCard, secure", None),
    (9207, "vCalendar, secure", None),
    (49996, "SyncML settings", None),
    (49999, "Nokia over-the-air settings", None),
)

WELL_KNOWN: Final = {number: Port(number, name, holds) for number, name, holds in _NAMED}
"""Ports of IANA's registry (wap-push, wap-vcard and so on) and of Nokia's Smart Messaging."""


def describe(number: int, *, bits: int) -> str:
    """A port as `2948 (WAP Push)`, or with the range that it lies in (TS 23.040 9.2.3.24.3 and .4)."""
    if number in WELL_KNOWN:
        return f"{number} ({WELL_KNOWN[number].name})"
    if bits == 8:
        return f"{number} (free for applications)" if number >= 240 else f"{number} (reserved)"
    if 16000 <= number <= 16999:
        return f"{number} (free for applications)"
    return f"{number} (reserved)" if number >= 49152 else str(number)


def holds(number: int | None) -> Holds | None:
    """What messages to a port carry; None for a port that we do not read, and for no port."""
    port = None if number is None else WELL_KNOWN.get(number)
    return port.holds if port else None
