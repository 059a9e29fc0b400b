"""The short version of what `make soak` runs for long."""

from __future__ import annotations

from pathlib import Path

from tests.soak import kills


def test_a_desk_that_is_killed_loses_nothing_and_sends_nothing_twice(tmp_path: Path) -> None:
    counts = kills.run(tmp_path, kills=6, seed=4)
    print(counts.words())
    assert counts.bad == {}
    assert counts.kills == 6
    assert counts.accepted > 5
