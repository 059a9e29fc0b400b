"""How long from the start of the process until the window is painted and takes text."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.harness import Row, medians

_DRIVER = Path(__file__).with_name("first_paint.py")
_ROUNDS = 15
_DEADLINE_SECONDS = 60.0


def _first_paint(mode: str, home: Path) -> float:
    """Start the driver in `mode` as a process with `home` for everything it keeps; return milliseconds.

    Raises RuntimeError with what the process wrote if it did not open a window.
    """
    result = home / "result"
    result.unlink(missing_ok=True)
    environment = {
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(home),
    }
    # -P: the driver's folder is not searched for modules.
    command = [sys.executable, "-P", str(_DRIVER), mode, str(time.monotonic_ns()), str(result)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=_DEADLINE_SECONDS, check=False
    )
    if done.returncode or not result.exists():
        raise RuntimeError(f"{mode} ended with status {done.returncode} and no window.\n{done.stderr}")
    return float(result.read_text(encoding="ascii"))


def rows() -> Iterator[Row]:
    """Yield the row: our window with an empty store against a bare QMainWindow, both offscreen."""
    with tempfile.TemporaryDirectory(prefix="sms-desktop-bench-") as folder:
        homes = [Path(folder, mode) for mode in ("ours", "bare")]
        for home in homes:
            home.mkdir(mode=0o700)
        ours, bare = medians(
            [lambda: _first_paint("ours", homes[0]), lambda: _first_paint("bare", homes[1])], rounds=_ROUNDS
        )
    yield Row(
        what="process start to painted, usable window, empty store",
        against="bare QMainWindow",
        unit="ms",
        ours=ours,
        yardstick=bare,
        bound=2.0,
    )
