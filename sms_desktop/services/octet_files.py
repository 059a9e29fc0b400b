"""Octets from a file, within bounds: as they are, or as hexadecimal where that is what it holds.

Read for the Binary pane; waits for the disk, so that it runs on a worker.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from sms_desktop.encoding import hexadecimal
from sms_desktop.encoding.segments import USER_DATA_OCTETS
from sms_desktop.messages.errors import Mendable

MOST_OCTETS = 255 * USER_DATA_OCTETS
"""What 255 parts hold: no message has more."""
_LONGEST_TEXT = 8 * MOST_OCTETS


@dataclass(frozen=True, slots=True)
class FileOctets:
    """What a file holds; `spelled` if it was text that spells octets."""

    name: str
    octets: bytes
    spelled: bool


def read(path: Path) -> FileOctets:
    """The octets of a file. Raises Mendable for one that can't be read, and for more than MOST_OCTETS."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe could wait for ever
            raise Mendable(f"{path.name} is no file. Nothing was read.")
        with path.open("rb") as file:
            found = file.read(_LONGEST_TEXT + 1)
    except OSError as error:
        raise Mendable(f"{path.name} can't be read: {error.strerror}. Nothing was read.") from error
    if len(found) <= _LONGEST_TEXT and found.isascii():
        try:
            return _bounded(path, hexadecimal.parse(found.decode("ascii"), field=""), spelled=True)
        except Mendable:
            pass  # a text that spells no octets is octets itself
    return _bounded(path, found, spelled=False)


def _bounded(path: Path, octets: bytes, *, spelled: bool) -> FileOctets:
    if len(octets) > MOST_OCTETS:
        raise Mendable(
            f"{path.name} holds more than {MOST_OCTETS:,} octets, which is more than 255 parts can carry. "
            "Nothing was read."
        )
    return FileOctets(path.name, octets, spelled)
