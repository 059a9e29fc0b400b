"""Never more requests in a second than the account allows."""

from __future__ import annotations

import bisect
import time

from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.background import sender
from sms_desktop.services.clock import now_us
from sms_desktop.services.pace import TokenBucket


def _begun(pauses: list[float], *, rate: float, burst: int, requests: int) -> list[float]:
    """When each of `requests` begins, if each wants to begin `pauses` seconds after the one before."""
    now = 100.0
    bucket = TokenBucket(rate=rate, burst=burst, clock=lambda: now)
    begun: list[float] = []
    for index in range(requests):
        now += pauses[index % len(pauses)] if pauses else 0.0
        while wait := bucket.wait():
            now += wait
        begun.append(now)
    return begun


@given(st.lists(st.floats(0, 3), max_size=20), st.integers(1, 50), st.integers(1, 10))
def test_in_no_second_are_there_more_than_rate_and_burst(pauses: list[float], rate: int, burst: int) -> None:
    begun = _begun(pauses, rate=rate, burst=burst, requests=80)
    for index, moment in enumerate(begun):
        assert bisect.bisect_left(begun, moment + 1.0) - index <= rate + burst + 1


def test_the_sender_stays_below_what_an_account_allows() -> None:
    begun = _begun([], rate=sender.REQUESTS_A_SECOND - sender._BURST, burst=sender._BURST, requests=200)
    for index, moment in enumerate(begun):
        assert bisect.bisect_left(begun, moment + 0.999) - index <= sender.REQUESTS_A_SECOND


def test_a_pause_lets_a_burst_through_and_no_more() -> None:
    now = 0.0
    bucket = TokenBucket(rate=10, burst=3, clock=lambda: now)
    now = 1_000.0
    assert [bucket.wait() for _ in range(3)] == [0.0, 0.0, 0.0]
    assert 0.0 < bucket.wait() <= 0.1


def test_the_clock_tells_utc_in_microseconds() -> None:
    before = time.time_ns() // 1_000
    assert before <= now_us() <= time.time_ns() // 1_000
