"""One window a profile: a second start, by a link say, hands what it wants to the first. Called by app.

The window listens on a socket in a folder that only this user can enter. It knows two requests, `activate`
and `open`, one to a connection, bounded in size and time; neither can send a message. A lock that ends with
its process says whose the socket is, so a killed window leaves nothing in the way.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sms_desktop.background.profile_lock import try_lock
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.ids import ProfileId
from sms_desktop.settings.paths import make_private

if TYPE_CHECKING:  # links are read at first use
    from sms_desktop.messages.links import Link

_ANSWER_SECONDS = 5.0
_ASKING_SECONDS = 1.0
_LONGEST_TOKEN = 200
_TAKEN = b"taken\n"


class Request(NamedTuple):
    """What a second start wants of the window: come to the front, and begin the drafts of `link`, if any.

    `token` is what the desktop gave the second start to prove that a person asked for it (XDG activation); ""
    for none.
    """

    link: Link | None = None
    token: str = ""

    def as_line(self) -> bytes:
        """The request as it goes over the socket: words between spaces, and a line end."""
        token = self.token if _is_token(self.token) else "-"
        words = ["activate", token] if self.link is None else ["open", token, self.link.as_uri()]
        return " ".join(words).encode("ascii") + b"\n"


def read_request(line: bytes) -> Request | None:
    """The request in a line, or None for anything else."""
    try:
        words = line.decode("ascii").removesuffix("\n").split(" ")
    except UnicodeDecodeError:
        return None
    if len(words) < 2 or not _is_token(words[1]):
        return None
    token = "" if words[1] == "-" else words[1]
    match words:
        case ["activate", _]:
            return Request(None, token)
        case ["open", _, uri]:
            from sms_desktop.messages.links import parse

            try:
                return Request(parse(uri), token)
            except SmsDesktopError:
                return None
        case _:
            return None


class WindowDoor:
    """Where the window of `profile` takes requests; its files lie in `folder`.

    Where the system has no such sockets, or the folder's name is too long, every start opens a window.
    """

    def __init__(self, folder: Path, profile: ProfileId) -> None:
        self._socket_file = folder / f"{profile}.window"
        self._lock_file = folder / f"{profile}.lock"
        self._lock: int | None = None
        self._listening: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def claim(self) -> bool:
        """Whether this process is the profile's window now; False if another one is. Never waits."""
        try:
            make_private(self._lock_file.parent)
            descriptor = os.open(self._lock_file, os.O_CREAT | os.O_RDWR, 0o600)
        except (OSError, SmsDesktopError):
            return True  # without a place for a lock, nobody can say otherwise
        if not try_lock(descriptor):
            os.close(descriptor)
            return False
        self._lock = descriptor
        if sys.platform != "win32":
            self._listen()
        return True

    def _listen(self) -> None:
        self._socket_file.unlink(missing_ok=True)  # left by a window that was killed
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listening.bind(str(self._socket_file))
            self._socket_file.chmod(0o600)
            listening.listen(4)
        except OSError:
            listening.close()
            return
        self._listening = listening

    def open(self, take: Callable[[Request], None]) -> None:
        """Begin to answer with `take`, on the door's thread; requests since `claim` have waited."""
        if self._listening is not None:
            arguments = (self._listening, take)
            self._thread = threading.Thread(target=self._serve, args=arguments, name="window-door")
            self._thread.start()

    def close(self) -> None:
        """Answer nobody any more, and let go of the profile."""
        self._closing.set()
        if self._listening is not None:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)  # wakes accept
            if self._thread is not None:
                self._thread.join()
            self._listening.close()
            self._listening = None
            self._socket_file.unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _serve(self, listening: socket.socket, take: Callable[[Request], None]) -> None:
        while not self._closing.is_set():
            try:
                asking, _ = listening.accept()
            except OSError:
                self._closing.wait(0.1)  # no descriptors left, say: later there may be some
                continue
            with asking:
                request = read_request(_line(asking, time.monotonic() + _ASKING_SECONDS))
                if request is not None and not self._closing.is_set():
                    take(request)
                    with suppress(OSError):
                        asking.sendall(_TAKEN)


def hand_over(folder: Path, profile: ProfileId | None, request: Request) -> bool:
    """Whether a running window took the request; with None as `profile`, any window, the newest first.

    Waits a few seconds for a window that does not answer.
    """
    if sys.platform == "win32":
        return False
    try:
        doors = [folder / f"{profile}.window"] if profile is not None else _newest_first(folder)
    except OSError:
        return False
    return any(_ask(door, request) for door in doors)


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.window"), key=lambda door: door.stat().st_mtime, reverse=True)


def _ask(door: Path, request: Request) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as window:
        window.settimeout(_ANSWER_SECONDS)
        try:
            window.connect(str(door))
            window.sendall(request.as_line())
        except OSError:
            return False
        return _line(window, time.monotonic() + _ANSWER_SECONDS) == _TAKEN


def _line(connection: socket.socket, deadline: float) -> bytes:
    """The first line that comes before `deadline`; what is longer than any request, or has no end, is b""."""
    from sms_desktop.messages.links import LONGEST_LINK

    longest = 4 * LONGEST_LINK
    line = b""
    while not line.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or len(line) > longest:
            return b""
        connection.settimeout(left)
        try:
            piece = connection.recv(65_536)
        except OSError:
            return b""
        if not piece:
            return b""
        line += piece
    return line


def _is_token(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_TOKEN and text.isascii() and text.isprintable() and " " not in text
