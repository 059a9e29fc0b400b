"""The octets of a TPDU that are bits: the first one, which says what it is, and TP-PI. For tpdu_reading."""

from __future__ import annotations

from typing import Final, Literal

from sms_desktop.encoding.tpdu_kinds import Direction
from sms_desktop.encoding.tree import Annotator, Field

Kind = Literal[
    "SMS-DELIVER",
    "SMS-SUBMIT",
    "SMS-STATUS-REPORT",
    "SMS-DELIVER-REPORT",
    "SMS-SUBMIT-REPORT",
    "SMS-COMMAND",
]
"""The kinds of TPDU (TS 23.040 9.2.2)."""

# By the type bits; a phone reads the reserved 3 as SMS-DELIVER (TS 23.040 9.2.3.1).
_KINDS: Final[dict[Direction | None, tuple[Kind, ...]]] = {
    None: ("SMS-DELIVER", "SMS-SUBMIT", "SMS-STATUS-REPORT", "SMS-DELIVER"),
    "mt": ("SMS-DELIVER", "SMS-SUBMIT-REPORT", "SMS-STATUS-REPORT", "SMS-DELIVER"),
    "mo": ("SMS-DELIVER-REPORT", "SMS-SUBMIT", "SMS-COMMAND", "SMS-SUBMIT"),
}

_NO_YES: Final = ("no", "yes")
_BITS: Final[dict[Kind, tuple[tuple[str, int, int, tuple[str, ...]], ...]]] = {
    "SMS-DELIVER": (
        ("More Messages to Send (TP-MMS)", 2, 1, ("more are waiting", "no more are waiting")),
        ("Loop Prevention (TP-LP)", 3, 1, _NO_YES),
        ("Reserved", 4, 1, ("",) * 2),
        ("Status Report Indication (TP-SRI)", 5, 1, ("no report", "a report will be returned")),
        ("User Data Header Indicator (TP-UDHI)", 6, 1, ("no header", "begins with a header")),
        ("Reply Path (TP-RP)", 7, 1, ("not set", "set")),
    ),
    "SMS-SUBMIT": (
        ("Reject Duplicates (TP-RD)", 2, 1, _NO_YES),
        ("Validity Period Format (TP-VPF)", 3, 2, ("not present", "enhanced", "relative", "absolute")),
        ("Status Report Request (TP-SRR)", 5, 1, ("no report", "a report is requested")),
        ("User Data Header Indicator (TP-UDHI)", 6, 1, ("no header", "begins with a header")),
        ("Reply Path (TP-RP)", 7, 1, ("not set", "set")),
    ),
    "SMS-STATUS-REPORT": (
        ("More Messages to Send (TP-MMS)", 2, 1, ("more are waiting", "no more are waiting")),
        ("Loop Prevention (TP-LP)", 3, 1, _NO_YES),
        ("Reserved", 4, 1, ("",) * 2),
        ("Status Report Qualifier (TP-SRQ)", 5, 1, ("for a submitted message", "for a command")),
        ("User Data Header Indicator (TP-UDHI)", 6, 1, ("no header", "begins with a header")),
        ("Reserved", 7, 1, ("",) * 2),
    ),
    "SMS-COMMAND": (
        ("Reserved", 2, 3, ("",) * 8),
        ("Status Report Request (TP-SRR)", 5, 1, ("no report", "a report is requested")),
        ("User Data Header Indicator (TP-UDHI)", 6, 1, ("no header", "begins with a header")),
        ("Reserved", 7, 1, ("",) * 2),
    ),
}
_REPORT_BITS: Final = (
    ("Reserved", 2, 4, ("",) * 16),
    ("User Data Header Indicator (TP-UDHI)", 6, 1, ("no header", "begins with a header")),
    ("Reserved", 7, 1, ("",) * 2),
)


def kind_of(octet: int, direction: Direction | None) -> Kind:
    """The TPDU that begins with an octet."""
    return _KINDS[direction][octet & 3]


def read_first_octet(annotator: Annotator, at: int, kind: Kind) -> Field:
    """The first octet as a field with a child for each flag."""
    octet = annotator.data[at]
    if octet & 3 == 3:
        annotator.problem(at, f"Message type 3 is reserved; it is read as {kind}.")
    children = [annotator.bits("Message Type Indicator (TP-MTI)", at, 0, 2, kind)]
    for name, low, count, words in _BITS.get(kind, _REPORT_BITS):
        children.append(annotator.bits(name, at, low, count, words[octet >> low & (1 << count) - 1]))
    return annotator.octets("First Octet", at, at + 1, kind, tuple(children))


def read_parameter_indicator(annotator: Annotator, at: int) -> Field:
    """TP-PI as a field with a child for each flag (TS 23.040 9.2.3.27)."""
    octet = annotator.data[at]
    names = ("Protocol Identifier Present", "Data Coding Scheme Present", "User Data Present")
    children = [
        annotator.bits(name, at, place, 1, _NO_YES[octet >> place & 1]) for place, name in enumerate(names)
    ]
    children.append(annotator.bits("Reserved", at, 3, 4))
    children.append(annotator.bits("Extension", at, 7, 1, _NO_YES[octet >> 7]))
    if octet & 0x78:
        annotator.problem(at, "The parameter indicator uses reserved bits.", bit=3)
    follow = [name for place, name in enumerate(("TP-PID", "TP-DCS", "TP-UD")) if octet >> place & 1]
    words = ", ".join(follow) or "nothing follows"
    return annotator.octets("Parameter Indicator (TP-PI)", at, at + 1, words, tuple(children))
