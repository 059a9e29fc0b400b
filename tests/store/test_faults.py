"""A disk that fails at every single write: clear words, nothing half done, and all is well when it heals."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from sms_desktop.messages.errors import TryLater
from sms_desktop.services import inbox, upkeep
from sms_desktop.services.outbox import Outbox
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store.database import Store
from tests.fakes import pages
from tests.fakes.failing_disk import Disk, failing_disk
from tests.fakes.hands import compose, count, rows_with, send

_FAULTS = [(apsw.FullError, "full"), (apsw.IOError, "failed")]


def _send(store: Store, number: int) -> bool:
    """Press Send; True if it said that it is kept."""
    try:
        Outbox(store).send(compose(f"Message {number}", compose_id=f"press{number}"))
    except TryLater:
        return False
    return True


@pytest.mark.parametrize("error,words", _FAULTS)
def test_every_write_may_fail_and_what_was_said_to_be_kept_is_kept(
    tmp_path: Path, error: type[apsw.Error], words: str
) -> None:
    with failing_disk() as disk:
        store = Store(tmp_path / "store.db")
        send(store)
        kept = {
            f"Message {number}"
            for number in range(40)
            if _fails_at(disk, store, error, number, at=1 + number)
        }
        assert disk.failures >= 10
        assert len(kept) >= 3
        disk.fail(error)
        with pytest.raises(TryLater, match=words):
            send(store)
        disk.heal()
        there = {row.text for row in rows_with(store)}
        assert kept <= there
        assert upkeep.check(store).ok
        for number in range(40):  # pressed again: what is there already stays one
            assert _send(store, number)
        assert count(store, "message") == 41
        store.close()
    again = Store(tmp_path / "store.db")
    assert upkeep.check(again).ok
    assert count(again, "message") == 41
    again.close()


def _fails_at(disk: Disk, store: Store, error: type[apsw.Error], number: int, *, at: int) -> bool:
    disk.fail(error, at=at)
    try:
        return _send(store, number)
    finally:
        disk.heal()


@pytest.mark.parametrize("error,words", _FAULTS)
def test_a_page_that_can_t_be_applied_leaves_the_cursor_and_comes_again(
    tmp_path: Path, error: type[apsw.Error], words: str
) -> None:
    page = pages.page(*(pages.inbound(f"Reply {number}", f"I{number}") for number in range(5)))
    said: set[bool] = set()
    with failing_disk() as disk:
        store = Store(tmp_path / "store.db")
        count(store, "message")
        for at in range(1, 60):
            disk.fail(error, at=at)
            try:
                inbox.apply_page(store, SANDBOX, page)
            except TryLater as told:
                disk.heal()
                said.add(words in told.message)
                assert inbox.position(store, SANDBOX) is None
                assert count(store, "event") == 0
            else:
                break
        disk.heal()
        assert said == {True}
        inbox.apply_page(store, SANDBOX, page)
        assert [row.text for row in rows_with(store)] == [f"Reply {number}" for number in range(5)]
        assert upkeep.check(store).ok
        store.close()


def test_a_backup_that_fails_leaves_none_behind_and_an_update_waits_for_it(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    fixture = Path(__file__).with_name("fixtures") / "version-1.db"
    file.write_bytes(fixture.read_bytes())
    with failing_disk() as disk:
        for at in (1, 5, 20, 36):
            store = Store(file)
            disk.fail(apsw.FullError, at=at, times=1)
            with pytest.raises(TryLater, match="full"):
                count(store, "message")
            disk.heal()
            store.close()
            assert list((tmp_path / "backups").glob("*")) == []
        store = Store(file)
        assert count(store, "message") == 5
        assert upkeep.check(store).ok
        store.close()
