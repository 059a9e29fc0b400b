"""Unix sockets in folders with long names. Used by the sandbox's control client and by servers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A path of a Unix socket holds some hundred octets (unix(7), sun_path).
_LONGEST = 100


@contextmanager
def short_path(socket: Path) -> Iterator[str]:
    """A path of `socket` that is short enough for the system: by the folder's descriptor where need be.

    Raises OSError if its folder can't be opened.
    """
    if len(os.fsencode(socket)) <= _LONGEST or sys.platform != "linux":
        yield str(socket)
        return
    folder = os.open(socket.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{socket.name}"
    finally:
        os.close(folder)
