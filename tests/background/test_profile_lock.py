"""One process at a time works for a profile, and a lock ends with its process, however that ends."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sms_desktop.background.profile_lock import ProfileLock
from sms_desktop.messages.errors import Mendable

_HOLDER = """
import sys
from pathlib import Path
from sms_desktop.background.profile_lock import ProfileLock
with ProfileLock(Path(sys.argv[1])) as mine:
    print("mine" if mine else "another's", flush=True)
    sys.stdin.read()
"""


@contextmanager
def _holder(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(10)


def test_the_second_does_not_get_it_until_the_first_lets_go(tmp_path: Path) -> None:
    with ProfileLock(tmp_path) as first:
        assert first
        with ProfileLock(tmp_path) as second:
            assert not second
        with ProfileLock(tmp_path / "another profile") as other:
            assert other
    with ProfileLock(tmp_path) as again:
        assert again


def test_another_process_does_not_get_it_either(tmp_path: Path) -> None:
    with ProfileLock(tmp_path) as mine:
        assert mine
        with _holder(tmp_path) as (_, said):
            assert said == "another's"
    with _holder(tmp_path) as (_, said):
        assert said == "mine"
        with ProfileLock(tmp_path) as mine:
            assert not mine


def test_a_process_that_is_killed_lets_go(tmp_path: Path) -> None:
    with _holder(tmp_path) as (process, said):
        assert said == "mine"
        process.kill()
        process.wait(10)
        with ProfileLock(tmp_path) as mine:
            assert mine


def test_a_child_process_does_not_keep_it(tmp_path: Path) -> None:
    with ProfileLock(tmp_path) as mine:
        assert mine
        child = subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
        )
    with ProfileLock(tmp_path) as again:
        assert again
    child.communicate(timeout=10)


def test_the_folder_is_private_and_one_that_can_t_be_used_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "profiles" / "sandbox"
    with ProfileLock(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "lock").stat().st_mode) == 0o600
    (tmp_path / "odd" / "lock").mkdir(parents=True)
    with pytest.raises(Mendable) as told, ProfileLock(tmp_path / "odd"):
        pytest.fail("entered")
    assert str(tmp_path / "odd" / "lock") in told.value.message
