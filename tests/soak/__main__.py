"""`python -m tests.soak [KILLS] [SEED]`: kill a desk for long, and print what was lost: nothing."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.soak import kills


def main(arguments: list[str]) -> int:
    """Run with so many kills (500 if not given); return 1 if anything was lost or doubled."""
    number = int(arguments[0]) if arguments else 500
    seed = int(arguments[1]) if len(arguments) > 1 else time.time_ns() % 1_000_000
    print(f"{number} kills, seed {seed} ...", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="sms-desktop-soak-") as folder:
        counts = kills.run(Path(folder), kills=number, seed=seed)
    print(counts.words())
    return 1 if counts.bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
