"""How long a fresh process waits for encoding, against the standard modules that it needs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

from tests.bench.harness import Row, medians

_STANDARD = ("codecs", "dataclasses", "datetime", "enum", "functools", "re", "typing", "unicodedata")
_ROUNDS = 15


def _import(modules: tuple[str, ...]) -> Callable[[], float]:
    """A measurement: milliseconds of processor time that importing takes in a new process."""
    program = (
        "import time\n"
        "start = time.process_time()\n"
        f"import {', '.join(modules)}\n"
        "print((time.process_time() - start) * 1e3)"
    )

    def measure() -> float:
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30
        )
        return float(done.stdout)

    return measure


def rows() -> Iterator[Row]:
    """Yield the rows: the package, counting, encoding."""
    package = "sms_desktop.encoding"
    measured = (
        (("sms_desktop.encoding",), 0.1),
        ((f"{package}.segments",), 2.0),
        ((f"{package}.encode", f"{package}.segment_map"), 3.0),
    )
    *ours, yardstick = medians(
        [*(_import(modules) for modules, _ in measured), _import(_STANDARD)], rounds=_ROUNDS
    )
    for (modules, bound), milliseconds in zip(measured, ours, strict=True):
        yield Row(
            what=f"import {', '.join(modules)}",
            against="the standard modules it needs",
            unit="ms",
            ours=milliseconds,
            yardstick=yardstick,
            bound=bound,
        )
