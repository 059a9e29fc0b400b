"""A short run of each fault; `make soak` runs them long."""

from __future__ import annotations

from pathlib import Path

from tests.faults import circumstances, crowd, kills
from tests.faults.power_cuts import power_cuts


def test_kill_9_on_sqlite(tmp_path: Path) -> None:
    verdict = kills.kill_the_relay_on_sqlite(tmp_path, 4)
    assert verdict.is_clean, verdict


def test_kill_9_on_postgresql() -> None:
    verdict = kills.kill_the_relay_on_postgresql(2)
    assert verdict.is_clean, verdict


def test_postgresql_stopped_at_once() -> None:
    verdict = kills.stop_postgresql_at_once(2)
    assert verdict.is_clean, verdict


def test_the_database_fails_over_to_its_standby() -> None:
    verdict = kills.fail_over()
    assert verdict.is_clean, verdict


def test_many_relays_on_one_stream_while_naive_ones_lose() -> None:
    verdict = crowd.many_relays(800, relays=2, writers=8, readers=3)
    assert verdict.is_clean, verdict
    naive = crowd.many_relays(800, relays=2, writers=8, readers=3, program=crowd.NAIVE)
    assert naive.lost > 0, "naive relays must fail the same, or it proves nothing"


def test_power_cuts_on_sqlite_where_a_log_that_waits_less_for_the_disk_loses(tmp_path: Path) -> None:
    verdict = power_cuts(tmp_path, 60)
    assert verdict.is_clean, verdict
    (tmp_path / "less").mkdir()
    less = power_cuts(tmp_path / "less", 20, synchronous="NORMAL")
    assert less.lost > 0, "a log that synchronises less must fail the same, or it proves nothing"


def test_a_full_disk(tmp_path: Path) -> None:
    verdict = circumstances.full_disk(tmp_path, 1)
    assert verdict.is_clean, verdict


def test_a_clock_that_jumps(tmp_path: Path) -> None:
    verdict = circumstances.jumping_clock(tmp_path, 300)
    assert verdict.is_clean, verdict


def test_repetitions_and_any_order(tmp_path: Path) -> None:
    verdict = circumstances.repeated_and_shuffled(tmp_path, 20, 50)
    assert verdict.is_clean, verdict
    assert circumstances.every_order_of_receipts(tmp_path) == 24


def test_slow_and_dead_readers(tmp_path: Path) -> None:
    latency = circumstances.slow_and_dead_readers(tmp_path, slow=8, dead=32, seconds=1.5)
    assert latency.p99 < 1000, latency
    assert latency.resident_mib < 250, latency


def test_slowloris(tmp_path: Path) -> None:
    latency = circumstances.slowloris(tmp_path, connections=300, seconds=1.0)
    assert latency.p99 < 1000, latency


def test_an_old_backup_is_restored(tmp_path: Path) -> None:
    (tmp_path / "cut").mkdir()
    circumstances.old_backup_restored(tmp_path)
    circumstances.log_cut_off(tmp_path / "cut")


def test_retention_passes_an_offline_console(tmp_path: Path) -> None:
    assert circumstances.retention_passes_an_offline_console(tmp_path) == 6


def test_a_token_is_revoked_while_it_waits(tmp_path: Path) -> None:
    assert circumstances.token_revoked_while_it_waits(tmp_path) < 1.0
