"""A link from end to end: a second process hands it to the window, which drafts it and sends nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

_SECONDS = 30.0


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="home-") as home:
        yield {
            "HOME": home,
            "LC_ALL": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_RUNTIME_DIR": home,
        }


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sms_desktop", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def query(environment: dict[str, str], statement: str) -> list[tuple[object, ...]]:
    file = Path(environment["HOME"], ".local/share/sms-desktop/store.db")
    if not file.exists():
        return []
    db = apsw.Connection(f"file:{file}?mode=ro", flags=apsw.SQLITE_OPEN_URI | apsw.SQLITE_OPEN_READONLY)
    try:
        db.set_busy_timeout(5_000)
        return [tuple(row) for row in db.execute(statement)]
    except apsw.SQLError:
        return []  # its tables are being made
    finally:
        db.close()


def wait_for(environment: dict[str, str], party: str, body: str) -> None:
    deadline = time.monotonic() + _SECONDS
    while (party, body.encode()) not in query(environment, "SELECT party, body FROM draft"):
        assert time.monotonic() < deadline, query(environment, "SELECT party, body FROM draft")
        time.sleep(0.05)


def test_a_second_start_hands_its_link_to_the_window(environment: dict[str, str]) -> None:
    window = start(environment, "sms:+31612345678?body=First")
    try:
        wait_for(environment, "31612345678", "First")
        second = start(environment, "smsto:+447700900123?body=Second%20%26%20last")
        said, _ = second.communicate(timeout=_SECONDS)
        assert (second.returncode, said) == (0, b"")
        wait_for(environment, "447700900123", "Second & last")
        third = start(environment, "--profile", "sandbox", "--new-message")
        said, _ = third.communicate(timeout=_SECONDS)
        assert (third.returncode, said) == (0, b"")
        assert query(environment, "SELECT count(*) FROM message") == [(0,)]
    finally:
        window.send_signal(signal.SIGTERM)
        window.communicate(timeout=_SECONDS)
    assert window.returncode == 0


def test_a_display_that_is_not_there_is_said_in_one_sentence(environment: dict[str, str]) -> None:
    environment["QT_QPA_PLATFORM"] = "xcb"
    environment["DISPLAY"] = "127.0.0.1:9"
    said, _ = (started := start(environment)).communicate(timeout=_SECONDS)
    assert started.returncode == 3
    assert said.decode().splitlines()[-1].startswith("sms-desktop: there is no display that can be used.")
    assert len(said.splitlines()) == 1
