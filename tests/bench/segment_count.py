"""How fast texts are counted, and mapped character by character: against smsutil and Twilio's calculator."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import smsutil

from sms_desktop.encoding.segment_map import segment_map
from sms_desktop.encoding.segments import count
from tests.bench.harness import Row, medians

_UNITS = (
    "Hello World, how are you today. ",
    "Price {10 €} [ok] or not é Ω ab ",
    "Привет мир, 中文. ",
    "Hi 😀 there ",
)
# Characters of each text, and how often all texts are counted in one measurement: some milliseconds each.
_SIZES = {160: 200, 1_600: 40, 100_000: 1}
_ROUNDS = 15
_TWILIO = Path(__file__).with_name("twilio_count.js")
_TWILIO_MODULES = Path(__file__).parents[1] / "oracles" / "node_modules"
_TWILIO_ROUNDS = 25
_TWILIO_SECONDS = 60.0


def texts(characters: int) -> list[str]:
    """Four texts of so many characters: GSM-7, with extension characters, UCS-2, with surrogate pairs."""
    return [(unit * (characters // len(unit) + 1))[:characters] for unit in _UNITS]


def _speed(function: Callable[[str], object], characters: int) -> Callable[[], float]:
    """A measurement: millions of characters a second."""
    every = texts(characters)
    times = _SIZES[characters]

    def measure() -> float:
        start = time.perf_counter()
        for _ in range(times):
            for text in every:
                function(text)
        return times * len(every) * characters / (time.perf_counter() - start) / 1e6

    return measure


def rows() -> Iterator[Row]:
    """Yield the rows: counted and mapped against smsutil, each size; counted against Twilio's, one size."""
    for size in _SIZES:
        functions = (count, segment_map, smsutil.split)
        counted, mapped, yardstick = medians(
            [_speed(function, size) for function in functions], rounds=_ROUNDS
        )
        for what, ours, bound in (
            ("segment count", counted, 1 if size == 160 else 5),
            ("segment map", mapped, 1),
        ):
            yield Row(
                what=f"{what}, {size:,} characters",
                against="smsutil",
                unit="Mchar/s",
                ours=ours,
                yardstick=yardstick,
                bound=bound,
                direction="at least",
            )
    if shutil.which("node") is None or not _TWILIO_MODULES.exists():
        print(
            "left out: Twilio's calculator (Node, and the modules that `make test` installs)", file=sys.stderr
        )
        return
    (ours,) = medians([_speed(count, 1_600)], rounds=_ROUNDS)
    yield Row(
        what="segment count, 1,600 characters",
        against="Twilio's calculator on Node",
        unit="Mchar/s",
        ours=ours,
        yardstick=_speed_of_twilio(1_600),
        bound=100,
        direction="at least",
    )


def _speed_of_twilio(characters: int) -> float:
    every = texts(characters)
    done = subprocess.run(
        ["node", _TWILIO],
        input=json.dumps({"texts": every, "rounds": _TWILIO_ROUNDS}),
        capture_output=True,
        text=True,
        check=True,
        timeout=_TWILIO_SECONDS,
    )
    return len(every) * characters / float(done.stdout)
