"""Stores of every version that there ever was: brought forward with a backup, or read when they are newer."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import apsw
import pytest

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import MessageId, ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.states import State
from sms_desktop.services import delivery, upkeep
from sms_desktop.services.delivery import Due
from sms_desktop.services.export import ExportFormat, export
from sms_desktop.store import backups, drafts, messages
from sms_desktop.store.database import Store
from sms_desktop.store.schema import APPLICATION_ID, MIGRATIONS
from sms_desktop.store.search import Query
from tests.fakes.hands import count, rows_with, send

_FIXTURES = sorted(Path(__file__).with_name("fixtures").glob("*.db"))
_PROFILE = ProfileId("sandbox")


def _closed(file: Path) -> apsw.Connection:
    """A store that nobody has open, to read: no file appears beside it, as it would beside a fixture."""
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    return apsw.Connection(f"{file.absolute().as_uri()}?immutable=1", flags=flags)


def _version(file: Path) -> int:
    db = _closed(file)
    try:
        return int(next(db.execute("PRAGMA user_version"))[0])
    finally:
        db.close()


def _schema(file: Path) -> set[tuple[object, ...]]:
    db = _closed(file)
    try:
        rows = db.execute("SELECT type, name, tbl_name FROM sqlite_schema").fetchall()
        columns = [
            (name, *column[1:4])
            for _, name, _ in rows
            for column in db.execute(f"PRAGMA table_info('{name}')").fetchall()
        ]
        return {*rows, *columns}
    finally:
        db.close()


def test_there_is_a_fixture_of_every_version() -> None:
    assert {_version(file) for file in _FIXTURES} == set(range(1, len(MIGRATIONS) + 1))


@pytest.mark.parametrize("fixture", _FIXTURES, ids=lambda file: file.stem)
def test_a_store_of_every_version_is_brought_forward_with_everything_in_it(
    fixture: Path, tmp_path: Path
) -> None:
    file = tmp_path / "store.db"
    shutil.copy(fixture, file)
    store = Store(file)
    states = {row.id: row.state for row in rows_with(store)}
    assert states == {
        "M1": State.DELIVERED,
        "M2": State.UNCERTAIN,
        "M3": State.RECEIVED,
        "M5": State.CANCELLED,
    }
    with store.read() as db:
        [third] = messages.by_ids(db, [MessageId("M3")])
        assert [part.text for part in third.parts] == ["first ", None, "third"]
        assert drafts.every(db, _PROFILE, "31612345678") == (Draft(Kind.TEXT, "half a thought"),)
    due = delivery.next_due(store, ProfileId("work"))
    assert isinstance(due, Due)
    assert due.message == "M4"
    assert upkeep.check(store).ok
    send(store)
    store.close()

    fresh = Store(tmp_path / "fresh" / "store.db")
    count(fresh, "message")
    fresh.close()
    assert _schema(file) == _schema(tmp_path / "fresh" / "store.db")


@pytest.mark.parametrize("fixture", _FIXTURES, ids=lambda file: file.stem)
def test_what_was_there_before_an_update_is_kept_whole(fixture: Path, tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    shutil.copy(fixture, file)
    told: list[str] = []
    store = Store(file, progress=lambda what, _: told.append(what))
    count(store, "message")
    store.close()
    made = backups.kept(file)
    was_old = _version(fixture) < len(MIGRATIONS)
    assert bool(made) is was_old
    assert any("Backing up" in each for each in told) is was_old
    if made:
        assert stat.S_IMODE(made[0].file.stat().st_mode) == 0o600
        assert _schema(made[0].file) == _schema(fixture)
        backups.restore(file, made[0].file)
        assert _schema(file) == _schema(fixture)


def test_an_update_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "store.db"
    store = Store(file)
    send(store)
    store.close()
    before = _schema(file)
    broken = (*MIGRATIONS, "CREATE TABLE half (a); INSERT INTO nowhere VALUES (1);")
    with monkeypatch.context() as changed:
        for module in ("opening", "backups"):
            changed.setattr(f"sms_desktop.store.{module}.MIGRATIONS", broken)
        store = Store(file)
        with pytest.raises(Exception, match="nowhere"):
            count(store, "message")
        store.close()
    assert _schema(file) == before
    store = Store(file)
    assert count(store, "message") == 1
    store.close()


def test_two_backups_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    send(store)
    made = [upkeep.backup(store) for _ in range(4)]
    assert [each.file for each in upkeep.kept_backups(store.file)] == made[:1:-1]
    store.close()


def test_a_newer_store_is_read_and_not_written(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    store = Store(file)
    message = send(store, "from the future")
    store.close()
    db = apsw.Connection(str(file))
    db.execute(f"ALTER TABLE message ADD COLUMN mood TEXT; PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    octets = file.read_bytes()

    store = Store(file)
    assert store.notice is not None
    assert "newer version" in store.notice
    assert [row.id for row in rows_with(store)] == [message]
    with pytest.raises(Mendable, match="reading only"):
        send(store)
    store.look_for_others()
    assert export(store, Query(), ExportFormat.JSONL, tmp_path / "out.jsonl") == 1
    store.close()
    assert file.read_bytes() == octets
    assert APPLICATION_ID
