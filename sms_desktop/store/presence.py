"""Who has a store open: a shared lock on its folder. Used by whatever opens or replaces the file.

The lock ends with its process however that ends, so that the next one knows whether it is alone.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from sms_desktop.messages.errors import TryLater

if sys.platform != "win32":
    import fcntl

_STEP_SECONDS = 0.01


class Presence:
    """A lock on the folder of a store: shared while it is used, for `exclusive` alone while it is replaced.

    `alone` tells whether no other process had it when this one came; False on systems that can't tell.
    Raises TryLater if the lock is not to be had within `seconds`.
    """

    def __init__(self, folder: Path, *, exclusive: bool = False, seconds: float = 5.0) -> None:
        self.alone = False
        self._descriptor: int | None = None
        if sys.platform == "win32":
            return  # a folder can't be opened there
        self._descriptor = os.open(folder, os.O_RDONLY)
        try:
            self._take(folder, exclusive, seconds)
        except BaseException:
            self.close()
            raise

    def _take(self, folder: Path, exclusive: bool, seconds: float) -> None:
        if sys.platform == "win32":
            return
        assert self._descriptor is not None
        deadline = time.monotonic() + seconds
        with suppress(OSError):
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.alone = True
        wanted = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        while True:
            try:
                fcntl.flock(self._descriptor, wanted | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TryLater(
                        f"Another program has the store in {folder} open. Close it, and try again."
                    ) from None
                time.sleep(_STEP_SECONDS)
            else:
                return

    def close(self) -> None:
        """Let go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_open(folder: Path) -> bool:
    """Whether any program, this one included, has the store in a folder open; False where nobody can tell."""
    try:
        Presence(folder, exclusive=True, seconds=0.0).close()
    except TryLater:
        return True
    return False
