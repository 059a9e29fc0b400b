"""The protocol identifier of TS 23.040 9.2.3.9: an octet, both ways and in words. Called by inspect, tpdu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sms_desktop.encoding.tree import Annotator, Field

Protocol = Literal["sme_to_sme", "telematic", "short_message", "reserved", "sc_specific"]
"""The groups: bits 7 to 5 tell them apart."""

SIM_DATA_DOWNLOAD: Final = 0x7F
"""With class 2, data for the (U)SIM itself (TS 23.040 9.2.3.9)."""

_BASE: Final[dict[Protocol, tuple[int, int]]] = {
    "sme_to_sme": (0x00, 32),
    "telematic": (0x20, 32),
    "short_message": (0x40, 64),
    "reserved": (0x80, 64),
    "sc_specific": (0xC0, 64),
}

_TELEMATIC: Final = {
    0x00: "device type not stated",
    0x01: "telex",
    0x02: "group 3 telefax",
    0x03: "group 4 telefax",
    0x04: "voice telephone",
    0x05: "ERMES",
    0x06: "national paging system",
    0x07: "videotex",
    0x08: "teletex, carrier not stated",
    0x09: "teletex in PSPDN",
    0x0A: "teletex in CSPDN",
    0x0B: "teletex in analog PSTN",
    0x0C: "teletex in digital ISDN",
    0x0D: "UCI",
    0x10: "message handling facility",
    0x11: "public X.400 message handling system",
    0x12: "Internet electronic mail",
    **{number: f"specific to the SC ({number})" for number in range(0x18, 0x1F)},
    0x1F: "GSM/UMTS mobile station",
}

_SHORT_MESSAGE: Final = {
    0x00: "short message type 0 (silent)",
    **{number: f"replace short message type {number}" for number in range(1, 8)},
    0x08: "device triggering",
    0x1E: "enhanced message service (obsolete)",
    0x1F: "return call message",
    0x3C: "ANSI-136 R-DATA",
    0x3D: "ME data download",
    0x3E: "ME de-personalization",
    0x3F: "(U)SIM data download",
}


@dataclass(frozen=True, slots=True)
class ProtocolIdentifier:
    """What a protocol identifier says: a group, and a number inside it (0 to 31, or 0 to 63 from 0x40 on)."""

    protocol: Protocol
    number: int

    @property
    def reserved(self) -> bool:
        """Whether the standard gives it no meaning."""
        match self.protocol:
            case "telematic":
                return self.number not in _TELEMATIC
            case "short_message":
                return self.number not in _SHORT_MESSAGE
            case "reserved":
                return True
            case _:
                return False

    @property
    def words(self) -> str:
        """The octet in words; no two octets share them."""
        match self.protocol:
            case "sme_to_sme":
                return f"short message, SM-AL protocol {self.number}" if self.number else "short message"
            case "telematic":
                device = _TELEMATIC.get(self.number, f"reserved ({self.number})")
                return f"telematic interworking: {device}"
            case "short_message":
                return _SHORT_MESSAGE.get(self.number, f"reserved short message type ({self.number})")
            case "reserved":
                return f"reserved ({self.number})"
            case "sc_specific":
                return f"specific to the service centre ({self.number})"


def parse(octet: int) -> ProtocolIdentifier:
    """What the octet says; every one of the 256 has a meaning.

    Raises ValueError when it is no octet.
    """
    for protocol, (base, size) in _BASE.items():
        if base <= octet < base + size:
            return ProtocolIdentifier(protocol, octet - base)
    raise ValueError(f"{octet} is no octet")


def build(identifier: ProtocolIdentifier) -> int:
    """The octet that says `identifier`; the inverse of parse. Raises ValueError for a number out of range."""
    base, size = _BASE[identifier.protocol]
    if not 0 <= identifier.number < size:
        raise ValueError(f"{identifier.protocol} has the numbers 0 to {size - 1}, not {identifier.number}")
    return base + identifier.number


def read(annotator: Annotator, at: int, name: str) -> tuple[ProtocolIdentifier, Field]:
    """The octet at `at` as a field with one child for each group of bits."""
    octet = annotator.data[at]
    identifier = parse(octet)
    bits = annotator.bits
    group = bits("Group", at, 6, 2, ("protocol", "short message type", "reserved", "SC specific")[octet >> 6])
    children: tuple[Field, ...]
    if octet < 0x40:
        telematic = "telematic interworking" if octet & 0x20 else "no interworking, SME to SME"
        children = (bits("Protocol", at, 0, 5), bits("Interworking", at, 5, 1, telematic), group)
    else:
        children = (bits("Type", at, 0, 6), group)
    if identifier.reserved:
        annotator.problem(at, f"Protocol identifier {octet:02X} is reserved; phones treat it as 00.")
    return identifier, annotator.octets(name, at, at + 1, identifier.words, children)
