"""What a program that runs for weeks removes by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from sms_desktop.background.housekeeping import EVERY_SECONDS, Housekeeping
from sms_desktop.services.forgetting import Forgetting
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store.database import Store
from tests.fakes.desk import Desk
from tests.fakes.failing_disk import failing_disk
from tests.fakes.hands import PHONE, rows_with


class _Steady:
    def __init__(self) -> None:
        self.seconds = 7.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.db")
    yield opened
    opened.close()


def _old_message(store: Store) -> None:
    Desk(store, SANDBOX, time.time_ns() // 1_000).delivered(PHONE, "old", minutes_ago=40 * 1_440)


def test_what_grows_old_while_the_program_runs_goes_within_the_hour(store: Store) -> None:
    Forgetting(store).set_retention(SANDBOX.id, 30)
    steady = _Steady()
    housekeeping = Housekeeping(store, steady=steady)
    housekeeping.look()
    _old_message(store)
    steady.seconds += EVERY_SECONDS - 1
    housekeeping.look()
    assert len(rows_with(store)) == 1
    steady.seconds += 1
    housekeeping.look()
    assert rows_with(store) == ()


def test_what_can_t_be_removed_now_goes_later(tmp_path: Path) -> None:
    with failing_disk() as disk:
        store = Store(tmp_path / "store.db")
        Forgetting(store).set_retention(SANDBOX.id, 30)
        _old_message(store)
        steady = _Steady()
        housekeeping = Housekeeping(store, steady=steady)
        disk.fail(apsw.FullError)
        housekeeping.look()
        assert len(rows_with(store)) == 1
        disk.heal()
        steady.seconds += EVERY_SECONDS
        housekeeping.look()
        assert rows_with(store) == ()
        store.close()
