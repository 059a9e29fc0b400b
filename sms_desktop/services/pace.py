"""A token bucket: how fast a profile may send. Asked by background's sender before each request."""

from __future__ import annotations

import time
from collections.abc import Callable

# Without it, the wait may come out shorter than the clock can tell, again and again.
_ROUNDING = 1e-6


class TokenBucket:
    """Lets `rate` requests a second through, and up to `burst` at once after a pause.

    In no second are there more than `rate` and `burst` together. `clock` counts seconds and never goes back.
    """

    def __init__(self, *, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._tokens = float(burst)
        self._at = clock()

    def wait(self) -> float:
        """Seconds until the next request may go; 0 takes a token."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens >= 1 - _ROUNDING:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._rate
