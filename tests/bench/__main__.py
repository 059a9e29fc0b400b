"""`make bench`: take every measurement, print the table, and fail when a bound is missed."""

from __future__ import annotations

import sys

from tests.bench import (
    building,
    imports,
    inspecting,
    keeping,
    key_press,
    relay,
    sandbox,
    segment_count,
    start_up,
)
from tests.bench.harness import Row, table

_MEASUREMENTS = {
    "start-up": start_up.rows,
    "segments": segment_count.rows,
    "typing": key_press.rows,
    "building": building.rows,
    "inspecting": inspecting.rows,
    "imports": imports.rows,
    "sandbox": sandbox.rows,
    "relay": relay.rows,
    "store": keeping.rows,
}


def main(names: list[str]) -> int:
    """Run the named measurements, or all; return 0, 1 if a bound was missed, 2 if a name is unknown."""
    unknown = set(names) - _MEASUREMENTS.keys()
    if unknown:
        print(f"No such measurement: {', '.join(sorted(unknown))}. There are: {', '.join(_MEASUREMENTS)}.")
        return 2
    found: list[Row] = []
    for name in names or _MEASUREMENTS:
        print(f"measuring {name} ...", file=sys.stderr)
        found += _MEASUREMENTS[name]()
    print(table(found))
    return 0 if all(row.is_met for row in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
