"""Inspect octets for as long as you like: `python -m tests.fuzz.inspect_any_octets --seconds 120 --seed 1`.

Random ones, and known messages with octets changed, lost, doubled and cut. Each tree must cover every bit
once and say exactly what is there; parts are joined, too. Prints how many were inspected.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path

from sms_desktop.encoding import tpdu
from sms_desktop.encoding.encode import encode
from sms_desktop.encoding.inspect import inspect_pdu, inspect_user_data
from sms_desktop.encoding.reassembly import PartOctets, join
from sms_desktop.encoding.tpdu import Direction
from sms_desktop.messages.message import Unicode, VCard, WapPush
from tests.encoding.inspections import check
from tests.encoding.leaves import assert_covered

_VECTORS = Path(__file__).parents[1] / "vectors.json"
_DIRECTIONS: tuple[Direction | None, ...] = (None, "mo", "mt")
_HEADERS = ("", "0605040B8423F0", "06050423F40000", "050003CC0201", "03250101", "06080400010201", "027000")


def known_messages() -> list[bytes]:
    """PDUs that were published, and user data of every kind that we build."""
    vectors = json.loads(_VECTORS.read_text("utf-8"))["vectors"]
    pdus = [bytes.fromhex(one["input"]["pdu_hex"]) for one in vectors if one["kind"] == "pdu_decode"]
    pushes = [bytes.fromhex(one["input"]["ud_hex"]) for one in vectors if one["kind"] == "wap_push_si"]
    ours = (
        WapPush(title="You have mail", url="https://www.example.com/inbox"),
        VCard("BEGIN:VCARD\r\nVERSION:2.1\r\nN:Doe;Jane\r\nEND:VCARD\r\n"),
        Unicode("déjà vu 😀 " * 12),
    )
    parts = [part.udh + part.user_data for message in ours for part in encode(message)]
    as_xml = b'<?xml version="1.0"?><si><indication href="http://a.com/">Hi &amp; bye</indication></si>'
    return [*pdus, *pushes, *parts, bytes.fromhex("0605040B8423F0" + "010601AD") + as_xml]


def changed(chance: random.Random, octets: bytes) -> bytes:
    """The octets with a few of them changed, lost, doubled or cut off."""
    data = bytearray(octets)
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[at : at + 1] = chance.randbytes(1)
            case 1:
                del data[at : at + chance.randrange(1, 4)]
            case 2:
                data[at:at] = chance.randbytes(chance.randrange(1, 4))
            case 3:
                data[at:at] = data[at : at + chance.randrange(1, 30)]
            case _ if chance.random() < 0.2:
                del data[at:]
    return bytes(data)


def inspect_one(chance: random.Random, known: list[bytes]) -> None:
    """Make octets, inspect them in one of the ways there are, and check the tree."""
    octets = chance.randbytes(chance.randrange(200)) if chance.random() < 0.3 else b""
    octets = octets or changed(chance, chance.choice(known))
    direction = chance.choice(_DIRECTIONS)
    match chance.randrange(4):
        case 0:
            check(octets, inspect_pdu(octets, has_smsc=True, direction=direction))
        case 1:
            check(octets, inspect_pdu(octets, has_smsc=False, direction=direction))
            tpdu.parse(octets, has_smsc=False, direction=direction)
        case 2:
            header = bytes.fromhex(chance.choice(_HEADERS))
            if chance.random() < 0.5:
                cut = chance.randrange(len(octets) + 1)
                header, octets = octets[:cut], octets[cut:]
            coding = chance.choice((None, 0, 4, 8, chance.randrange(256)))
            length = chance.choice((None, chance.randrange(256)))
            found = inspect_user_data(
                udh=header, body=octets, data_coding=coding, protocol_id=chance.choice((0, 0x7F)), udl=length
            )
            check(header + octets, found)
        case _:
            number = chance.randrange(4)
            parts = [
                PartOctets(
                    bytes((5, 0, 3, 7, 3, part)) if chance.random() < 0.8 else chance.randbytes(8),
                    octets[40 * part : 40 * part + 40],
                    chance.choice((0, 4, 8, chance.randrange(256))),
                )
                for part in range(number)
            ]
            joined = join(parts)
            if joined.inspection:
                assert_covered(joined.inspection.fields, 0, 8 * len(joined.octets or b""))


def main() -> None:
    """Run until the time is over; an exception ends it and names the seed and the number of the case."""
    parser = argparse.ArgumentParser(description="Inspect octets and check every tree.")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    known = known_messages()
    count = 0
    end = time.monotonic() + given.seconds
    while time.monotonic() < end:
        try:
            inspect_one(random.Random(f"{given.seed}/{count}"), known)
        except BaseException:
            sys.stderr.write(f"seed {given.seed}, case {count}\n")
            raise
        count += 1
    sys.stdout.write(f"{count} inspected and checked in {given.seconds:.0f} s, seed {given.seed}\n")


if __name__ == "__main__":
    main()
