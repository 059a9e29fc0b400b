"""Deletes what need not be kept any more, little by little. Started by app; cli calls `purge_all`."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from sms_desktop.servers.relay.log import EventLog, Retention, StoreFailing
from sms_desktop.servers.relay.metrics import Metrics

_EVERY_SECONDS = 60.0
_BETWEEN_BATCHES_SECONDS = 0.01
_JUMP_SECONDS = 300.0
_TRUSTED_AGAIN_SECONDS = 24 * 3600.0
_DAY_US = 24 * 3600 * 1_000_000

_logger = logging.getLogger(__name__)


def retention(
    *, days: float = 14, greatest_days: float = 30, most_mib: int = 5 * 1024, most_events: int = 10_000_000
) -> Retention:
    """What to keep, in a person's units. Keys stay at least 30 days, and never less than events."""
    return Retention(
        age_us=int(days * _DAY_US),
        greatest_age_us=int(max(days, greatest_days) * _DAY_US),
        most_octets=most_mib * 1024 * 1024,
        most_events=most_events,
        key_age_us=int(max(30.0, greatest_days, days) * _DAY_US),
    )


class Clock:
    """The wall clock, as long as it can be trusted with deleting.

    A clock that jumped would make everything look old. After a jump of more than five minutes it is not
    trusted for a day.
    """

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = wall() - steady()
        self._jumped_at: float | None = None

    def now_us(self) -> int | None:
        """Microseconds since 1970 UTC, None while the clock is not trusted."""
        wall, steady = self._wall(), self._steady()
        if abs(wall - steady - self._offset) > _JUMP_SECONDS:
            self._jumped_at = steady
            _logger.warning("the clock jumped: nothing is deleted for a day")
        self._offset = wall - steady  # it may drift, or be slewed
        if self._jumped_at is not None and steady - self._jumped_at < _TRUSTED_AGAIN_SECONDS:
            return None
        return int(wall * 1_000_000)


class Keeper:
    """Applies a retention once a minute, in a thread of its own, until `end`."""

    def __init__(
        self,
        log: EventLog,
        rule: Retention,
        metrics: Metrics,
        *,
        clock: Clock | None = None,
        every_seconds: float = _EVERY_SECONDS,
    ) -> None:
        self._log = log
        self._rule = rule
        self._metrics = metrics
        self._clock = Clock() if clock is None else clock
        self._every_seconds = every_seconds
        self._ending = threading.Event()
        self._keys_after: dict[int, bytes] = {}
        self._thread = threading.Thread(target=self._run, name="relay retention")
        self._thread.start()

    def end(self) -> None:
        """End the thread; blocks for as long as one batch takes."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(self._every_seconds):
            now_us = self._clock.now_us()
            if now_us is None:
                continue
            try:
                self._once(now_us)
            except StoreFailing as error:
                _logger.warning("old events can't be deleted now: %s", error)

    def _once(self, now_us: int) -> None:
        for stream_id in self._log.streams().values():
            more = True
            while more:
                purged = self._log.purge(stream_id, self._rule, now_us)
                self._metrics.purged += purged.events
                more = purged.more
                if self._ending.wait(_BETWEEN_BATCHES_SECONDS):
                    return
            # A part of the keys each time: all of them are seen within hours, and none is urgent.
            after = self._keys_after.get(stream_id, b"")
            self._keys_after[stream_id] = self._log.purge_keys(stream_id, self._rule, now_us, after) or b""


def purge_all(log: EventLog, rule: Retention, now_us: int) -> dict[str, int]:
    """Apply a retention to all streams, to the end; returns how many events went, by stream."""
    gone: dict[str, int] = {}
    for name, stream_id in sorted(log.streams().items()):
        gone[name] = 0
        more = True
        while more:
            purged = log.purge(stream_id, rule, now_us)
            gone[name] += purged.events
            more = purged.more
        after: bytes | None = b""
        while after is not None:
            after = log.purge_keys(stream_id, rule, now_us, after)
    return gone
