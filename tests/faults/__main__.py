"""`make soak`: the faults, long. A line a fault; fails when anything was lost, doubled or reordered."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults import circumstances, crowd, kills
from tests.faults.circumstances import Latency
from tests.faults.ledger import Verdict
from tests.faults.power_cuts import power_cuts


def _naive() -> str:
    verdict = crowd.many_relays(10_000, program=crowd.NAIVE)
    assert verdict.lost, "naive relays must fail the same test, or that of ours proves nothing"
    return f"{verdict} (it must fail)"


def _bounded(latency: Latency) -> str:
    assert latency.p99 < 1000, latency
    return str(latency)


_FAULTS: dict[str, Callable[[Path], Verdict | str]] = {
    "kill-sqlite": lambda folder: kills.kill_the_relay_on_sqlite(folder, 500),
    "kill-postgresql-relay": lambda _: kills.kill_the_relay_on_postgresql(100),
    "stop-postgresql": lambda _: kills.stop_postgresql_at_once(100),
    "fail-over": lambda _: kills.fail_over(),
    "many-relays": lambda _: crowd.many_relays(100_000),
    "naive-relays": lambda _: _naive(),
    "power-cuts": lambda folder: power_cuts(folder, 1000),
    "full-disk": lambda folder: circumstances.full_disk(folder, 50),
    "clock": lambda folder: circumstances.jumping_clock(folder, 20_000),
    "repeated": lambda folder: circumstances.repeated_and_shuffled(folder, 900, 50),
    "slow-readers": lambda folder: _bounded(
        circumstances.slow_and_dead_readers(folder, slow=64, dead=256, seconds=20)
    ),
    "slowloris": lambda folder: _bounded(circumstances.slowloris(folder, connections=1000, seconds=20)),
    "backup": lambda folder: type(circumstances.old_backup_restored(folder)).__name__ + " seen",
    "cut-off": lambda folder: type(circumstances.log_cut_off(folder)).__name__ + " seen",
    "retention": lambda folder: (
        f"{circumstances.retention_passes_an_offline_console(folder)} of 6 missed events told"
    ),
    "revoked": lambda folder: f"refused after {circumstances.token_revoked_while_it_waits(folder):.2f} s",
}


def main(names: list[str]) -> int:
    """Run the named faults, or all; return 0, 1 if one did harm, 2 if a name is unknown."""
    unknown = set(names) - _FAULTS.keys()
    if unknown:
        print(f"No such fault: {', '.join(sorted(unknown))}. There are: {', '.join(_FAULTS)}.")
        return 2
    harmed = False
    for name in names or _FAULTS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="sms-desktop-soak-") as folder:
            try:
                outcome: Verdict | str = _FAULTS[name](Path(folder))
            except AssertionError as error:
                outcome = f"FAILED: {error}"
                harmed = True
        bad = isinstance(outcome, Verdict) and not outcome.is_clean
        harmed |= bad
        seconds = time.monotonic() - began
        print(f"{name:22} {outcome}{'  HARM' if bad else ''}  ({seconds:.0f} s)", flush=True)
    return 1 if harmed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
