from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.messages.durations import parse, say
from sms_desktop.messages.errors import Mendable


@pytest.mark.parametrize(
    "typed, milliseconds",
    [
        ("90 s", 90_000),
        ("90s", 90_000),
        ("30 min", 1_800_000),
        ("2 h", 7_200_000),
        ("1 hour 30 minutes", 5_400_000),
        ("1h30m", 5_400_000),
        ("1.5 hours", 5_400_000),
        ("2 days, 3 hours and 4 seconds", 183_604_000),
        ("3 Days", 259_200_000),
        ("1 week", 604_800_000),
        ("259200000", 259_200_000),
        ("259 200 000 ms", 259_200_000),
        ("259,200,000", 259_200_000),
        (" 20000 ", 20_000),
        ("0 s", 0),
    ],
)
def test_people_write_durations_in_many_ways(typed: str, milliseconds: int) -> None:
    assert parse(typed, field="ttl") == milliseconds


@pytest.mark.parametrize(
    "typed", ["", " ", "soon", "2 fortnights", "h", "-2 h", "2 h 30", "1:30", "2 h" * 40, "٢ h"]
)
def test_what_is_no_duration_is_refused_with_the_field(typed: str) -> None:
    with pytest.raises(Mendable, match=r"^ttl: .*Write it as 90 s") as refused:
        parse(typed, field="ttl")
    assert refused.value.field == "ttl"


@given(st.integers(0, 10 * 604_800_000))
def test_what_is_said_is_read_back(milliseconds: int) -> None:
    assert parse(say(milliseconds), field="ttl") == milliseconds


@given(st.text())
def test_nothing_crashes_it(typed: str) -> None:
    with suppress(Mendable):
        assert parse(typed, field="ttl") >= 0
