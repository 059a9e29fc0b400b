"""The time of day as the store keeps it. Passed to services so that tests can set it."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Answers the time of day, UTC, in microseconds since 1970."""


def now_us() -> int:
    """The system's clock."""
    return time.time_ns() // 1_000
