"""Who works for a profile: one process at a time, by a lock on the profile's folder.

Used by the profile's worker.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sms_desktop.messages.errors import Mendable
from sms_desktop.settings.paths import make_private


class ProfileLock:
    """A lock on a profile's folder that ends with the process, however it ends.

    Entering tells whether it is ours; it never waits. Raises Mendable if the folder can't be used.
    """

    def __init__(self, folder: Path) -> None:
        self._file = make_private(folder) / "lock"
        self._descriptor: int | None = None

    def __enter__(self) -> bool:
        try:
            # Not inherited by child processes, which would hold it for as long as they live.
            descriptor = os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise Mendable(
                f"{self._file} can't be opened: {error.strerror}. The folder must be yours to write."
            ) from error
        if try_lock(descriptor):
            self._descriptor = descriptor
            return True
        os.close(descriptor)
        return False

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def try_lock(descriptor: int) -> bool:
    """Lock an open file for as long as it stays open; False if another process has it. Never waits."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
