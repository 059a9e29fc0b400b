from __future__ import annotations

import pytest

from sms_desktop.encoding import pid
from sms_desktop.encoding.pid import ProtocolIdentifier
from sms_desktop.encoding.tree import Annotator
from tests.encoding.leaves import assert_covered


@pytest.mark.parametrize(
    "octet, words",
    [
        (0x00, "short message"),
        (0x05, "short message, SM-AL protocol 5"),
        (0x20, "telematic interworking: device type not stated"),
        (0x22, "telematic interworking: group 3 telefax"),
        (0x32, "telematic interworking: Internet electronic mail"),
        (0x39, "telematic interworking: specific to the SC (25)"),
        (0x3F, "telematic interworking: GSM/UMTS mobile station"),
        (0x40, "short message type 0 (silent)"),
        (0x41, "replace short message type 1"),
        (0x47, "replace short message type 7"),
        (0x48, "device triggering"),
        (0x5E, "enhanced message service (obsolete)"),
        (0x5F, "return call message"),
        (0x7C, "ANSI-136 R-DATA"),
        (0x7D, "ME data download"),
        (0x7E, "ME de-personalization"),
        (0x7F, "(U)SIM data download"),
        (0x80, "reserved (0)"),
        (0xC0, "specific to the service centre (0)"),
        (0xFF, "specific to the service centre (63)"),
    ],
)
def test_octets_in_words(octet: int, words: str) -> None:
    assert pid.parse(octet).words == words


def test_every_octet_both_ways() -> None:
    found = [pid.parse(octet) for octet in range(256)]
    assert [pid.build(identifier) for identifier in found] == list(range(256))
    assert len({identifier.words for identifier in found}) == 256


@pytest.mark.parametrize("octet", range(256))
def test_its_field(octet: int) -> None:
    annotator = Annotator(bytes([octet]))
    identifier, field = pid.read(annotator, 0, "Protocol Identifier")
    assert_covered((field,), 0, 8)
    assert field.meaning == identifier.words
    assert bool(annotator.problems) == identifier.reserved
    assert identifier.reserved == ("reserved" in identifier.words)


@pytest.mark.parametrize(
    "identifier",
    [
        ProtocolIdentifier("telematic", 32),
        ProtocolIdentifier("short_message", 64),
        ProtocolIdentifier("sme_to_sme", -1),
    ],
)
def test_a_number_out_of_range_is_our_mistake(identifier: ProtocolIdentifier) -> None:
    with pytest.raises(ValueError, match="numbers 0 to"):
        pid.build(identifier)


def test_what_is_no_octet_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="256 is no octet"):
        pid.parse(256)
