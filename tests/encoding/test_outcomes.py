from __future__ import annotations

import pytest

from sms_desktop.encoding import outcomes


@pytest.mark.parametrize(
    "status, words",
    [
        (0x00, "received by the recipient (completed)"),
        (0x01, "forwarded to the recipient, delivery not confirmed (completed)"),
        (0x10, "specific to the service centre: 16 (completed)"),
        (0x20, "congestion (temporary error, still trying)"),
        (0x25, "error in the recipient (temporary error, still trying)"),
        (0x2F, "reserved (temporary error, still trying)"),
        (0x30, "specific to the service centre: 48 (temporary error, still trying)"),
        (0x4A, "reserved (permanent error, given up)"),
        (0x61, "recipient busy (temporary error, given up)"),
        (0x66, "reserved (temporary error, given up)"),
        (0x7F, "specific to the service centre: 127 (temporary error, given up)"),
        (0x80, "reserved (128)"),
        (0xFF, "reserved (255)"),
    ],
)
def test_a_status_in_words(status: int, words: str) -> None:
    assert outcomes.status_words(status) == words


def test_permanent_errors_in_the_order_of_the_standard() -> None:
    said = [outcomes.status_words(status).partition(" (")[0] for status in range(0x40, 0x4A)]
    assert said == [
        "remote procedure error",
        "incompatible destination",
        "connection rejected by the recipient",
        "not obtainable",
        "quality of service not available",
        "no interworking available",
        "validity period expired",
        "deleted by the sender",
        "deleted by the service centre's administration",
        "the message does not exist",
    ]


def test_every_status_has_words_and_the_reserved_ones_say_so() -> None:
    for status in range(256):
        assert outcomes.is_reserved(status) == outcomes.status_words(status).startswith("reserved")


@pytest.mark.parametrize(
    "cause, words",
    [
        (0x80, "telematic interworking not supported"),
        (0xD0, "(U)SIM storage full"),
        (0xD5, "(U)SIM data download error"),
        (0xE0, "specific to the application (224)"),
        (0xFF, "unspecified error cause"),
        (0x00, "reserved (0)"),
        (0x83, "reserved (131)"),
    ],
)
def test_a_failure_in_words(cause: int, words: str) -> None:
    assert outcomes.failure_words(cause) == words
