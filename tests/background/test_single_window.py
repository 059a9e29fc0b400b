"""The door between a second start and the window: real sockets, real locks, real processes."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.background.single_window import Request, WindowDoor, hand_over, read_request
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.links import LONGEST_LINK, Link

SANDBOX = ProfileId("sandbox")
HELPDESK = ProfileId("helpdesk")


class Window:
    """What a window was asked."""

    def __init__(self, folder: Path, profile: ProfileId = SANDBOX) -> None:
        self.asked: list[Request] = []
        self.door = WindowDoor(folder, profile)
        self.claimed = self.door.claim()

    def open(self) -> Window:
        self.door.open(self.asked.append)
        return self


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short name: a socket's path has little room."""
    with tempfile.TemporaryDirectory(prefix="door-") as made:
        yield Path(made) / "sms-desktop"


@pytest.fixture
def window(folder: Path) -> Iterator[Window]:
    opened = Window(folder).open()
    yield opened
    opened.door.close()


def test_what_is_handed_over_arrives_as_it_was(folder: Path, window: Window) -> None:
    link = Request(Link(("31612345678", "447700900123"), "café\n1+1 & more 🙂"), "token-1_TIME123")
    assert hand_over(folder, SANDBOX, link)
    assert hand_over(folder, None, Request())
    assert hand_over(folder, None, Request(Link(), "a token with spaces is none"))
    assert window.asked == [link, Request(), Request(Link())]


def test_a_folder_and_socket_for_this_user_alone(folder: Path, window: Window) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "sandbox.window").stat().st_mode) == 0o600


def test_one_window_for_each_profile(folder: Path, window: Window) -> None:
    second = Window(folder)
    assert window.claimed
    assert not second.claimed
    second.door.close()
    assert hand_over(folder, SANDBOX, Request())  # the one that could not claim took nothing away
    other = Window(folder, HELPDESK).open()
    assert other.claimed
    assert hand_over(folder, HELPDESK, Request())
    assert len(other.asked) == 1
    other.door.close()
    assert hand_over(folder, None, Request())
    assert len(window.asked) == 2


def test_what_is_asked_while_the_window_is_being_made_waits_for_it(folder: Path) -> None:
    made = Window(folder)
    taken: list[bool] = []
    asking = threading.Thread(target=lambda: taken.append(hand_over(folder, SANDBOX, Request())))
    asking.start()
    made.open()
    asking.join()
    made.door.close()
    assert taken == [True]
    assert made.asked == [Request()]


def test_nobody_there(folder: Path) -> None:
    assert not hand_over(folder, SANDBOX, Request())
    assert not hand_over(folder, None, Request())
    Window(folder).open().door.close()
    assert not hand_over(folder, None, Request())
    again = Window(folder)
    assert again.claimed
    again.door.close()


def test_a_killed_window_leaves_nothing_in_the_way(folder: Path) -> None:
    program = (
        "import sys, time, pathlib\n"
        "from sms_desktop.background.single_window import WindowDoor\n"
        "door = WindowDoor(pathlib.Path(sys.argv[1]), 'sandbox')\n"
        "print(door.claim(), flush=True)\n"
        "door.open(print)\n"
    )
    killed = subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE)
    assert killed.stdout is not None
    with killed.stdout as said:
        assert said.readline() == b"True\n"
        assert not Window(folder).claimed
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
    assert (folder / "sandbox.window").exists()
    assert not hand_over(folder, None, Request())
    heir = Window(folder).open()
    assert heir.claimed
    assert hand_over(folder, None, Request())
    heir.door.close()


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\n",
        b"send - sms:+31612345678\n",
        b"open - mailto:x\n",
        b"open - sms:0612\n",
        b"open - sms:+31612345678 --more\n",
        b"open sms:+31612345678\n",
        b"activate\n",
        b"activate " + b"t" * 201 + b"\n",
        b"\xff\xfe\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"open - sms:+31612345678",  # no end
        b"open - sms:?body=" + b"a" * (5 * LONGEST_LINK) + b"\n",
    ],
)
def test_hostile_words_are_not_taken_and_the_next_one_is(folder: Path, window: Window, octets: bytes) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stranger:
        stranger.settimeout(10)
        stranger.connect(str(folder / "sandbox.window"))
        try:
            stranger.sendall(octets)
            stranger.shutdown(socket.SHUT_WR)
            answer = stranger.recv(100)
        except (BrokenPipeError, ConnectionResetError):
            answer = b""
    assert answer == b""
    assert hand_over(folder, SANDBOX, Request())
    assert window.asked == [Request()]


def test_one_that_says_nothing_keeps_nobody_for_long(folder: Path, window: Window) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as silent:
        silent.connect(str(folder / "sandbox.window"))
        assert hand_over(folder, SANDBOX, Request())


def test_no_place_for_a_socket_is_no_obstacle(tmp_path: Path) -> None:
    long = Window(tmp_path / ("x" * 120)).open()
    assert long.claimed
    assert not hand_over(tmp_path / ("x" * 120), None, Request())
    long.door.close()
    file = tmp_path / "file"
    file.touch()
    assert Window(file / "below").claimed


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"open - sms:{text}\n".encode()))
def test_any_line_is_a_request_or_nothing(line: bytes) -> None:
    request = read_request(line)
    assert request is None or read_request(request.as_line()) == request
