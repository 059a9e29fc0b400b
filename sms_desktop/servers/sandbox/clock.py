"""The sandbox's clock: seconds that go as fast as is wished, or only by hand. Used by all of it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(2020, 1, 1, 12, 0, 0, tzinfo=UTC)
"""When a clock that is moved by hand begins: the moment in the examples of SMS API 1.5.0."""


class Clock:
    """Counts seconds, `speed` of them in a second; by hand it stands still but for `advance`."""

    def __init__(self, speed: float = 1.0) -> None:
        self._base = 0.0
        self._since = time.monotonic()
        self.speed = speed
        self.by_hand = False

    def now(self) -> float:
        """Seconds since some moment of the past."""
        return self._base if self.by_hand else self._base + (time.monotonic() - self._since) * self.speed

    def set_speed(self, speed: float) -> None:
        """Go so fast from now on."""
        self._base, self._since = self.now(), time.monotonic()
        self.speed, self.by_hand = speed, False

    def stop(self) -> None:
        """Begin anew at zero, and go on by hand."""
        self._base, self.by_hand = 0.0, True

    def advance(self, to: float) -> None:
        """Move a clock that goes by hand."""
        self._base = max(self._base, to)

    def real_seconds(self, seconds: float) -> float:
        """How long that takes in real time."""
        return seconds / self.speed

    def moment(self, after: float = 0.0) -> datetime:
        """The date and time of day that it will be in `after` seconds, in UTC."""
        if self.by_hand:
            return _EPOCH + timedelta(seconds=self._base + after)
        return datetime.now(UTC) + timedelta(seconds=after / self.speed)

    def milliseconds(self) -> int:
        """Milliseconds that throttling counts: real ones, however fast the clock goes."""
        return int(self._base * 1000) if self.by_hand else time.monotonic_ns() // 1_000_000
