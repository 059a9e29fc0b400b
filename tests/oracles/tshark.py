"""Captures for Wireshark's dissectors (Debian's tshark): written here, answered as layers of JSON."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

RAW_IP, USER_0 = 101, 147
"""Link types of a capture."""

# TPDUs travel in RP-DATA, which tells tshark their direction; each is judged alone.
_RELAYED = (
    *("-o", 'uat:user_dlts:"User 0 (DLT=147)","gsm_a_rp","0","","0",""'),
    *("-o", "gsm_sms.reassemble:FALSE"),
)
_SERVICE_CENTRE = bytes((0x04, 0x91, 0x44, 0x77, 0x09))


def program() -> str:
    """Where tshark is. Raises LookupError when the Debian package is missing."""
    found = shutil.which("tshark")
    if found is None:
        raise LookupError("this test needs the Debian package tshark")
    return found


def dissect(folder: Path, link: int, frames: Iterable[bytes], *options: str) -> list[dict[str, Any]]:
    """The layers of each frame, as tshark reads them."""
    capture = folder / "capture.pcap"
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, link)
    capture.write_bytes(
        head
        + b"".join(
            struct.pack("<IIII", 1_700_000_000 + index, 0, len(frame), len(frame)) + frame
            for index, frame in enumerate(frames)
        )
    )
    done = subprocess.run(
        [program(), "-n", "-r", str(capture), "-T", "json", "--no-duplicate-keys", *options],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return [packet["_source"]["layers"] for packet in json.loads(done.stdout)]


def dissect_tpdus(folder: Path, tpdus: Iterable[tuple[bytes, bool]]) -> list[dict[str, Any]]:
    """The layers of each TPDU; True beside it says that it goes from the phone to the network."""
    return dissect(
        folder,
        USER_0,
        (_rp_data(index, tpdu, from_phone=up) for index, (tpdu, up) in enumerate(tpdus)),
        *_RELAYED,
    )


def _rp_data(index: int, tpdu: bytes, *, from_phone: bool) -> bytes:
    """RP-DATA (TS 24.011 7.3.1): type, reference, the two addresses, the TPDU."""
    addresses = b"\0" + _SERVICE_CENTRE if from_phone else _SERVICE_CENTRE + b"\0"
    return bytes((0 if from_phone else 1, index & 0xFF)) + addresses + bytes((len(tpdu),)) + tpdu


def every(layers: Any, name: str) -> list[str]:
    """Each value of a dissected field, wherever it stands, in order."""
    if isinstance(layers, list):
        return [value for layer in layers for value in every(layer, name)]
    found: list[str] = []
    if isinstance(layers, dict):
        for key, value in layers.items():
            if key == name:
                found += value if isinstance(value, list) else [value]
            else:
                found += every(value, name)
    return found
