"""What became of a message, in words: TP-ST of a status report, TP-FCS of a refusal. For tpdu_reading."""

from __future__ import annotations

from typing import Final

_CAUSES: Final = (
    "congestion",
    "recipient busy",
    "no response from the recipient",
    "service rejected",
    "quality of service not available",
    "error in the recipient",
)

_STATUSES: Final = {
    0x00: "received by the recipient",
    0x01: "forwarded to the recipient, delivery not confirmed",
    0x02: "replaced by the service centre",
    **{0x20 + number: cause for number, cause in enumerate(_CAUSES)},
    0x40: "remote procedure error",
    0x41: "incompatible destination",
    0x42: "connection rejected by the recipient",
    0x43: "not obtainable",
    0x44: "quality of service not available",
    0x45: "no interworking available",
    0x46: "validity period expired",
    0x47: "deleted by the sender",
    0x48: "deleted by the service centre's administration",
    0x49: "the message does not exist",
    **{0x60 + number: cause for number, cause in enumerate(_CAUSES)},
}

_GROUPS: Final = (
    "completed",
    "temporary error, still trying",
    "permanent error, given up",
    "temporary error, given up",
)

_FAILURES: Final = {
    0x80: "telematic interworking not supported",
    0x81: "short message type 0 not supported",
    0x82: "cannot replace the message",
    0x8F: "unspecified protocol identifier error",
    0x90: "data coding not supported",
    0x91: "message class not supported",
    0x9F: "unspecified data coding error",
    0xA0: "command cannot be actioned",
    0xA1: "command unsupported",
    0xAF: "unspecified command error",
    0xB0: "TPDU not supported",
    0xC0: "service centre busy",
    0xC1: "no service centre subscription",
    0xC2: "service centre system failure",
    0xC3: "invalid recipient address",
    0xC4: "destination barred",
    0xC5: "duplicate message rejected",
    0xC6: "validity period format not supported",
    0xC7: "validity period not supported",
    0xD0: "(U)SIM storage full",
    0xD1: "no storage capability in the (U)SIM",
    0xD2: "error in the mobile station",
    0xD3: "memory capacity exceeded",
    0xD4: "(U)SIM application toolkit busy",
    0xD5: "(U)SIM data download error",
    0xFF: "unspecified error cause",
}


def is_reserved(status: int) -> bool:
    """Whether the standard gives a TP-ST no meaning, nor leaves it to the service centre."""
    return status >= 0x80 or not (status & 0x10 or status in _STATUSES)


def status_words(status: int) -> str:
    """TP-ST in words (TS 23.040 9.2.3.15): what happened, and whether the service centre goes on trying."""
    if status >= 0x80:
        return f"reserved ({status})"
    group = _GROUPS[status >> 5]
    if status in _STATUSES:
        return f"{_STATUSES[status]} ({group})"
    return f"specific to the service centre: {status} ({group})" if status & 0x10 else f"reserved ({group})"


def failure_words(cause: int) -> str:
    """TP-FCS in words (TS 23.040 9.2.3.22)."""
    if cause in _FAILURES:
        return _FAILURES[cause]
    return f"specific to the application ({cause})" if 0xE0 <= cause <= 0xFE else f"reserved ({cause})"
