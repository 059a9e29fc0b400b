"""The file as a whole: killed, damaged, emptied, copied, brought back, saved."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from sms_desktop.messages.errors import Mendable, TryLater
from sms_desktop.messages.ids import ComposeId, MessageId, ProfileId, new_id
from sms_desktop.messages.states import State
from sms_desktop.services import delivery, upkeep
from sms_desktop.services.delivery import Due
from sms_desktop.services.opt_outs import OptOuts
from sms_desktop.services.outbox import Outbox
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store.database import Store
from sms_desktop.store.schema import MIGRATIONS
from tests.fakes.desk import Desk, busy_morning
from tests.fakes.hands import PHONE, count, fill, row_of, rows_with, send, state_of

_KILLED = """
import os, signal, sys
from pathlib import Path
from sms_desktop.store.database import Store
from tests.fakes.hands import send
store = Store(Path(sys.argv[1]))
send(store)
os.kill(os.getpid(), signal.SIGKILL)
"""


def _killed(file: Path) -> None:
    """A program wrote a message and was killed."""
    done = subprocess.run([sys.executable, "-c", _KILLED, file], check=False, timeout=60)
    assert done.returncode == -9
    assert file.with_name("store.db-wal").stat().st_size


def _damage(file: Path, pages: range) -> None:
    with file.open("r+b") as opened:
        for page in pages:
            opened.seek(page * 4096)
            opened.write(random.Random(page).randbytes(4096))


def test_after_an_unclean_end_the_store_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    _killed(file)
    told: list[str] = []
    store = Store(file, progress=lambda what, _: told.append(what))
    assert len(rows_with(store)) == 1
    store.close()
    assert any("checking" in each for each in told)

    told.clear()
    store = Store(file, progress=lambda what, _: told.append(what))
    count(store, "message")
    store.close()
    assert told == []


def test_a_second_program_is_no_unclean_end(tmp_path: Path) -> None:
    first = Store(tmp_path / "store.db")
    send(first)
    told: list[str] = []
    second = Store(tmp_path / "store.db", progress=lambda what, _: told.append(what))
    assert count(second, "message") == 1
    assert told == []
    second.close()
    first.close()


def test_damage_is_found_after_an_unclean_end_and_nothing_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    store = Store(file)
    fill(store, PHONE, 2_000)
    store.close()
    _killed(file)
    _damage(file, range(60, 70))
    size = file.stat().st_size
    for _ in range(3):  # it is said each time, not only to who comes first
        store = Store(file)
        for _ in range(2):
            with pytest.raises(Mendable, match="damaged") as told:
                send(store)
            assert "salvage" in (told.value.hint or "")
        store.close()
    assert file.stat().st_size >= size


@pytest.mark.parametrize("how", ["emptied", "removed"])
def test_a_store_that_vanished_beside_its_backups_is_not_begun_anew(tmp_path: Path, how: str) -> None:
    file = tmp_path / "store.db"
    store = Store(file)
    message = send(store)
    upkeep.backup(store)
    store.close()
    if how == "emptied":
        os.truncate(file, 0)
    else:
        file.unlink()
    store = Store(file)
    with pytest.raises(Mendable, match="though there was a store"):
        count(store, "message")
    store.close()
    upkeep.restore(file)
    store = Store(file)
    assert state_of(store, message) is State.QUEUED
    store.close()


def test_a_backup_is_brought_back_and_the_old_file_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    store = Store(file)
    send(store, "before")
    chosen = upkeep.backup(store)
    send(store, "after")
    store.close()
    brought, aside = upkeep.restore(file)
    assert brought == chosen
    assert aside is not None
    store, old = Store(file), Store(aside)
    assert [row.text for row in rows_with(store)] == ["before"]
    assert [row.text for row in rows_with(old)] == ["before", "after"]
    assert upkeep.check(store).ok
    store.close()
    old.close()


@pytest.mark.parametrize("version", [*range(1, len(MIGRATIONS)), "now"])
def test_what_waited_in_a_backup_and_went_out_since_does_not_go_out_again(
    tmp_path: Path, version: int | str
) -> None:
    file = tmp_path / "store.db"
    if version != "now":
        file.write_bytes((Path(__file__).with_name("fixtures") / f"version-{version}.db").read_bytes())
    store = Store(file)
    message = send(store) if version == "now" else MessageId("M4")
    profile = SANDBOX if version == "now" else replace(SANDBOX, id=ProfileId("work"))
    if version == "now":
        upkeep.backup(store)
    desk = Desk(store, profile, 1_800_000_000_000_000)
    desk.answered(message, "0")
    assert state_of(store, message) is State.SUBMITTED
    store.close()
    upkeep.restore(file)
    store = Store(file)
    assert delivery.next_due(store, profile.id) is None
    row = row_of(store, message)
    assert (row.state, row.next_try_us) == (State.QUEUED, None)
    if version == "now":
        assert row.reason == "A backup was restored, and this may have been sent after it was made."
    outbox = Outbox(store)
    assert outbox.resend(message, compose_id=ComposeId(new_id()), profile=profile) == message
    assert row_of(store, message).reason is None
    assert isinstance(delivery.next_due(store, profile.id), Due)  # a person said so
    store.close()


@pytest.mark.parametrize("damaged", [False, True])
def test_who_asked_not_to_be_contacted_since_a_backup_still_is_not(tmp_path: Path, damaged: bool) -> None:
    file = tmp_path / "store.db"
    store = Store(file)
    listed = OptOuts(store)
    listed.add("447700900142", reason="before")
    upkeep.backup(store)
    listed.add(PHONE, reason="since")
    store.close()
    if damaged:
        _damage(file, range(file.stat().st_size // 4096))
    upkeep.restore(file)
    store = Store(file)
    reasons = [entry.reason for entry in OptOuts(store).every()]
    assert reasons == (["before"] if damaged else ["since", "before"])
    assert upkeep.check(store).ok
    store.close()


def test_nothing_is_brought_back_under_a_program_that_uses_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    send(store)
    upkeep.backup(store)
    with pytest.raises(TryLater, match="Close it"):
        upkeep.restore(store.file)
    assert len(rows_with(store)) == 1
    store.close()


@pytest.mark.parametrize("kind", ["missing", "other", "damaged", "newer"])
def test_what_is_no_backup_of_ours_is_not_brought_back(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "store.db"
    store = Store(file)
    fill(store, PHONE, 500)
    chosen = upkeep.backup(store)
    store.close()
    if kind == "missing":
        chosen = tmp_path / "nothing.db"
    elif kind == "damaged":
        _damage(chosen, range(5, 30))
    else:
        db = apsw.Connection(str(chosen))
        db.execute("PRAGMA application_id = 7" if kind == "other" else "PRAGMA user_version = 999")
        db.close()
    octets = file.read_bytes()
    with pytest.raises(Mendable):
        upkeep.restore(file, chosen)
    assert file.read_bytes() == octets


def test_what_can_be_read_of_a_damaged_store_is_saved(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    store = Store(file)
    fill(store, PHONE, 5_000)
    store.close()
    pages = file.stat().st_size // 4096
    _damage(file, range(pages // 2, pages // 2 + 3))
    store = Store(file)
    assert not upkeep.check(store).ok
    store.close()
    report, aside = upkeep.salvaged(file)
    assert aside is not None
    assert sum(each.gaps for each in report) > 0
    store = Store(file)
    assert count(store, "message") > 4_000
    assert upkeep.check(store).ok
    send(store)
    store.close()


def test_what_waits_in_a_damaged_store_may_have_been_sent_and_does_not_go_out_by_itself(
    tmp_path: Path,
) -> None:
    file = tmp_path / "store.db"
    store = Store(file)
    fill(store, PHONE, 3_000)
    waits = send(store)
    with store.read() as db:  # the last leaf of the requests: that of the waiting message is on it
        [[found]] = db.execute(
            "SELECT pageno FROM dbstat WHERE name = 'request' AND pagetype = 'leaf'"
            " ORDER BY path DESC LIMIT 1"
        ).fetchall()
    store.close()
    page = int(str(found))
    _damage(file, range(page - 1, page))
    report, _ = upkeep.salvaged(file)
    assert [each.gaps > 0 for each in report if each.table == "request"] == [True]
    store = Store(file)
    row = row_of(store, waits)
    assert row.next_try_us is None
    assert "may be lost" in (row.reason or "")
    assert delivery.next_due(store, SANDBOX.id) is None
    Outbox(store).resend(waits, compose_id=ComposeId(new_id()), profile=SANDBOX)
    assert isinstance(delivery.next_due(store, SANDBOX.id), Due)
    assert upkeep.check(store).ok
    store.close()


def test_a_whole_store_is_saved_whole(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    store = Store(file)
    party = busy_morning(Desk(store, SANDBOX, 1_800_000_000_000_000))
    before = rows_with(store, party)
    store.close()
    report, _ = upkeep.salvaged(file)
    assert not any(each.gaps for each in report)
    store = Store(file)
    assert rows_with(store, party) == before
    store.close()


def test_rebuilding_finds_nothing_in_a_days_work_and_mends_what_was_changed(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    party = busy_morning(Desk(store, SANDBOX, 1_800_000_000_000_000))
    assert upkeep.check(store).ok
    before = rows_with(store, party)
    with store.write() as writing:
        writing.db.execute("UPDATE message SET state = 'queued' WHERE direction = 'out'")
        writing.db.execute("UPDATE message SET body = 'changed' WHERE direction = 'in'")
        writing.db.execute("UPDATE conversation SET last_seq = NULL")
    assert not upkeep.check(store).ok
    assert upkeep.rebuilt(store)
    assert rows_with(store, party) == before
    assert upkeep.rebuilt(store) == ()
    store.close()


def test_how_it_stands_with_a_store_is_told_though_it_can_not_be_opened(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    fill(store, PHONE, 3)
    made = upkeep.backup(store)
    found = upkeep.facts(store)
    assert (found.messages, found.conversations, found.trouble, found.in_use) == (3, 1, None, True)
    assert [backup.file for backup in found.backups] == [made]
    assert found.octets >= store.file.stat().st_size
    store.close()
    store.file.write_bytes(random.Random(1).randbytes(8192))
    broken = Store(store.file)
    found = upkeep.facts(broken)
    broken.close()
    assert (found.octets, found.messages, found.in_use) == (8192, None, False)
    assert isinstance(found.trouble, Mendable)


def test_who_reads_and_writes_does_not_wait_for_a_check_beside_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    fill(store, PHONE, 3)
    counted = []

    def meanwhile(_: float) -> None:
        counted.append(len(rows_with(store)))
        send(store)

    assert upkeep.check_beside(store.file, progress=meanwhile).ok
    assert counted == [3]
    assert len(rows_with(store)) == 4
    store.close()
