from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from sms_desktop.servers.relay.log import Batch
from sms_desktop.servers.relay.metrics import Metrics
from sms_desktop.servers.relay.retention import Clock, Keeper, retention
from sms_desktop.servers.relay.sqlite_log import SqliteLog
from tests.servers.relay.log_conformance import DAY, NOW, arrival

PATIENCE = 10.0


def test_a_clock_that_jumped_is_not_trusted_with_deleting_for_a_day() -> None:
    wall, steady = [1_700_000_000.0], [50.0]
    clock = Clock(lambda: wall[0], lambda: steady[0])
    assert clock.now_us() == NOW

    def passes(seconds: float, *, jump: float = 0) -> None:
        wall[0] += seconds + jump
        steady[0] += seconds

    passes(60, jump=2)
    assert clock.now_us() is not None, "drift is no jump"
    passes(60, jump=365 * 86400)
    assert clock.now_us() is None
    passes(23 * 3600)
    assert clock.now_us() is None
    passes(2 * 3600)
    assert clock.now_us() is not None
    passes(60, jump=-3600)
    assert clock.now_us() is None


def test_the_keeper_deletes_in_batches_until_nothing_is_old(tmp_path: Path) -> None:
    metrics = Metrics()
    with closing(SqliteLog(tmp_path / "events.sqlite", serving=True)) as log:
        main = log.stream("main")
        log.commit(Batch([arrival(main, f"n{i}") for i in range(2500)]))
        log.commit(Batch([arrival(main, "new", received_us=time.time_ns() // 1000)]))
        keeper = Keeper(log, retention(), metrics, every_seconds=0.01)
        try:
            deadline = time.monotonic() + PATIENCE
            while log.state(main).oldest <= 2500:
                assert time.monotonic() < deadline
        finally:
            keeper.end()
        assert (log.state(main).oldest, log.state(main).head, metrics.purged) == (2501, 2501, 2500)


def test_keys_are_kept_as_long_as_events_may_be() -> None:
    assert retention().key_age_us == 30 * DAY
    assert retention(greatest_days=90).key_age_us == 90 * DAY
    assert retention(days=60, greatest_days=30).greatest_age_us == 60 * DAY
