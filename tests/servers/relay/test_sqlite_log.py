from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from sms_desktop.messages.errors import Mendable
from sms_desktop.servers.relay.log import Batch, EventLog, LogUnusable, Placement, StoreFailing
from sms_desktop.servers.relay.place import open_event_log
from sms_desktop.servers.relay.sqlite_log import SqliteLog
from sms_desktop.servers.relay.tokens import adopt_tokens, create_ingest_token, create_reader_token, hash_of
from tests.servers.relay.log_conformance import EventLogConformance, arrival, names, store


class TestSqliteLog(EventLogConformance):
    @pytest.fixture
    def log(self, tmp_path: Path) -> Iterator[EventLog]:
        self._path = tmp_path / "events.sqlite"
        with closing(SqliteLog(self._path, serving=True)) as log:
            yield log

    def reopened(self, log: EventLog) -> EventLog:
        return SqliteLog(self._path, serving=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.sqlite"


def test_all_is_there_when_the_log_is_opened_again(path: Path) -> None:
    with closing(SqliteLog(path, serving=True)) as log:
        main = log.stream("main")
        store(log, main, "a", "b")
        epoch = log.state(main).epoch
    assert not path.with_name("events.sqlite-wal").exists()
    with closing(SqliteLog(path, serving=True)) as log:
        assert log.state(main).epoch == epoch
        assert names(log, main) == ["a", "b"]
        assert store(log, main, "b", "c") == [Placement(2, False), Placement(3, True)]


def test_only_the_owner_may_read_its_files(path: Path) -> None:
    with closing(SqliteLog(path, serving=True)) as log:
        store(log, log.stream("main"), "a")
        files = sorted(path.parent.iterdir())
        assert [file.name for file in files] == [
            "events.sqlite",
            "events.sqlite-shm",
            "events.sqlite-wal",
            "events.sqlite.lock",
        ]
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_log_is_served_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sms_desktop.servers.relay.sqlite_schema._LOCK_MILLISECONDS", 20)
    with closing(SqliteLog(path, serving=True)), pytest.raises(LogUnusable, match="by another relay"):
        SqliteLog(path, serving=True)
    SqliteLog(path, serving=True).close()


def test_a_server_that_is_ending_is_waited_for(path: Path) -> None:
    ending = SqliteLog(path, serving=True)
    later = threading.Timer(0.05, ending.close)
    later.start()
    SqliteLog(path, serving=True).close()
    later.join()


def test_no_token_is_in_the_file(path: Path) -> None:
    with closing(SqliteLog(path, serving=True)) as log:
        made = [create_ingest_token(log, stream="main"), create_reader_token(log, streams=["main"])]
    octets = path.read_bytes()
    for token in made:
        assert hash_of(token.token) in octets
        assert token.token.encode() not in octets
        assert token.token not in repr(token)


def refusal(path: Path) -> str:
    with pytest.raises(LogUnusable) as caught:
        SqliteLog(path, serving=True)
    assert caught.value.field == "log"
    return caught.value.message


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"my holiday pictures" * 100)
    assert refusal(path) == f"log: {path} is damaged, or not a relay log at all. Name another file."
    assert path.read_bytes() == b"my holiday pictures" * 100


def test_a_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    with closing(apsw.Connection(str(path))) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    before = path.read_bytes()
    assert refusal(path) == f"log: {path} is a database of another program. Name another file."
    assert path.read_bytes() == before


def test_a_log_of_a_later_version_is_refused(path: Path) -> None:
    SqliteLog(path, serving=False).close()
    with closing(apsw.Connection(str(path))) as later:
        later.pragma("user_version", 99)
    assert "was written by a later version of this program (format 99" in refusal(path)


def test_places_where_no_file_can_be_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"log: {tmp_path} is not a file."
    assert refusal(tmp_path / "missing" / "events").endswith("can't be made (No such file or directory).")


def crash(path: Path) -> None:
    """Make a log of some size whose server never ended in order."""
    with closing(SqliteLog(path, serving=True)) as log:
        main = log.stream("main")
        log.commit(Batch([arrival(main, f"n{i}", text="x" * 200) for i in range(500)]))
    with closing(apsw.Connection(str(path))) as crashed:
        crashed.execute("UPDATE meta SET value = 'yes' WHERE key = 'serving'")


def test_after_a_crash_a_sound_log_goes_on(path: Path) -> None:
    crash(path)
    with closing(SqliteLog(path, serving=True)) as log:
        assert log.state(log.stream("main")).head == 500


def test_after_a_crash_a_damaged_log_is_refused(path: Path) -> None:
    crash(path)
    octets = bytearray(path.read_bytes())
    middle = len(octets) // 4096 // 2 * 4096
    octets[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(octets)
    assert refusal(path) == f"log: {path} is damaged. Move it away and restore a copy, or begin a new log."


def test_a_log_that_another_program_keeps_locked_fails_and_heals(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sms_desktop.servers.relay.sqlite_schema.BUSY_MILLISECONDS", 10)
    with closing(SqliteLog(path, serving=True)) as log, closing(apsw.Connection(str(path))) as other:
        main = log.stream("main")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFailing, match="can't be written now"):
            store(log, main, "a")
        assert names(log, main) == []
        other.execute("ROLLBACK")
        assert store(log, main, "a") == [Placement(1, True)]


def test_a_full_disk_fails_and_heals(path: Path) -> None:
    with closing(SqliteLog(path, serving=True)) as log:
        main = log.stream("main")
        store(log, main, "a")
        writer = log._writer
        pages = writer.pragma("page_count")
        writer.pragma("max_page_count", pages)
        big = Batch([arrival(main, f"n{i}", text="x" * 1000) for i in range(100)])
        with pytest.raises(StoreFailing, match="FullError"):
            log.commit(big)
        assert names(log, main) == ["a"]
        writer.pragma("max_page_count", 10**6)
        assert [placement.seq for placement in log.commit(big)] == list(range(2, 102))


@pytest.mark.parametrize("place", ["", "sqlite:", "mysql:x", "events.sqlite", "sqlite"])
def test_a_place_that_is_none_is_refused(place: str) -> None:
    with pytest.raises(LogUnusable, match="expected sqlite:PATH"):
        open_event_log(place, serving=False)


def test_a_name_that_sqlite_would_take_for_memory_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_event_log("sqlite::memory:", serving=False).close()
    assert (tmp_path / ":memory:").is_file()


def test_adopted_tokens_must_have_their_form_and_are_not_repeated(path: Path) -> None:
    with closing(SqliteLog(path, serving=False)) as log:
        for stream, ingest, reader in [
            ("main", "canary", "smsr_" + "a" * 43),
            ("main", "a" * 22, "canary"),
            ("-", "a" * 22, "smsr_" + "a" * 43),
        ]:
            with pytest.raises(Mendable) as caught:
                adopt_tokens(log, stream=stream, ingest_token=ingest, reader_token=reader)
            assert "canary" not in str(caught.value)
