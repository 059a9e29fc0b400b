"""What every measurement shares: interleaved rounds, medians, rows of the table and its verdict.

Called by the measurements beside it and by `python -m tests.bench`.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table: `ours` and `yardstick` in `unit`, and the bound that their ratio keeps."""

    what: str
    against: str
    unit: str
    ours: float
    yardstick: float
    bound: float
    direction: Literal["at most", "at least"] = "at most"

    @property
    def ratio(self) -> float:
        """Ours divided by the yardstick."""
        return self.ours / self.yardstick

    @property
    def is_met(self) -> bool:
        """Whether the ratio keeps the bound."""
        return self.ratio <= self.bound if self.direction == "at most" else self.ratio >= self.bound


def medians(measurements: Sequence[Callable[[], float]], *, rounds: int) -> list[float]:
    """Return the median of each measurement.

    They take turns, in alternating order, so that a change in the machine's speed meets all of them; one
    round before the first is thrown away (cold caches, first-time set-up).
    """
    taken: list[list[float]] = [[] for _ in measurements]
    for number in range(rounds + 1):
        order = list(enumerate(measurements))
        for index, measure in order if number % 2 else reversed(order):
            value = measure()
            if number:
                taken[index].append(value)
    return [statistics.median(values) for values in taken]


def table(rows: Sequence[Row]) -> str:
    """Return the rows as text, aligned; a bound that is not kept reads MISSED."""
    lines = [("what", "ours", "yardstick", "ratio", "to reach")]
    for row in rows:
        verdict = "" if row.is_met else "  MISSED"
        lines.append(
            (
                row.what,
                f"{row.ours:.1f} {row.unit}",
                f"{row.yardstick:.1f} {row.unit}  {row.against}",
                f"{row.ratio:.2f}x",
                f"{row.direction} {row.bound:g}x{verdict}",
            )
        )
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        "  ".join(t.ljust(w) for t, w in zip(line, widths, strict=True)).rstrip() for line in lines
    )
