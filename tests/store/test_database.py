"""The store's file: private, kept, shared between processes, and never a riddle when it can't be used."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import apsw
import pytest

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import Mendable, OurFault, TryLater
from sms_desktop.messages.ids import ConversationId, ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.store import database, drafts
from sms_desktop.store.changes import Changes
from sms_desktop.store.database import Store
from sms_desktop.store.schema import APPLICATION_ID, MIGRATIONS
from tests.fakes.hands import PHONE, conversation_with, count, rows_with, send

_PROFILE = ProfileId("sandbox")


def _write_draft(store: Store, text: str, party: str = PHONE) -> None:
    with store.write() as writing:
        drafts.save(writing.db, _PROFILE, party, Draft(Kind.TEXT, text), now_us=1)


def _draft(store: Store, party: str = PHONE) -> str | None:
    with store.read() as db:
        found = drafts.load(db, _PROFILE, party, Kind.TEXT)
    return None if found is None else found.text


def _run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_nothing_is_made_before_the_first_use_and_what_is_made_is_private(tmp_path: Path) -> None:
    file = tmp_path / "data" / "store.db"
    store = Store(file)
    assert not file.parent.exists()
    _write_draft(store, "Hello")
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    for path in file.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    store.close()


def test_the_file_says_what_it_is_and_a_commit_survives_a_power_cut(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    with store.read() as db:
        pragmas = {
            name: next(db.execute(f"PRAGMA {name}"))[0]
            for name in ("application_id", "user_version", "journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {
        "application_id": APPLICATION_ID,
        "user_version": len(MIGRATIONS),
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
    }
    store.close()


def test_a_store_that_is_opened_again_has_kept_everything(tmp_path: Path) -> None:
    first = Store(tmp_path / "store.db")
    message = send(first, "Kept")
    _write_draft(first, "half a thou", "31687654321")
    before = rows_with(first)
    first.close()
    assert {path.name for path in tmp_path.iterdir()} == {"store.db"}

    again = Store(tmp_path / "store.db")
    assert rows_with(again) == before
    assert before[0].id == message
    assert _draft(again, "31687654321") == "half a thou"
    again.close()


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE album (id INTEGER PRIMARY KEY)",
        "CREATE TABLE album (id INTEGER PRIMARY KEY); PRAGMA user_version = 1",
        "CREATE TABLE album (id INTEGER); PRAGMA application_id = 252006675; PRAGMA user_version = 1",
        "PRAGMA application_id = 252006675",
    ],
)
def test_a_database_of_another_program_is_left_alone(tmp_path: Path, made: str) -> None:
    file = tmp_path / "store.db"
    db = apsw.Connection(str(file))
    db.execute(made)
    db.close()
    octets = file.read_bytes()

    store = Store(file)
    with pytest.raises(Mendable, match="another program") as told:
        send(store)
    assert str(file) in told.value.message
    store.close()
    assert file.read_bytes() == octets


@pytest.mark.parametrize(
    "octets", [b"not a database at all", b"SQLite format 3\x00" + bytes(200), os.urandom(9_000)]
)
def test_a_file_that_is_no_database_is_named(tmp_path: Path, octets: bytes) -> None:
    file = tmp_path / "store.db"
    file.write_bytes(octets)
    store = Store(file)
    with pytest.raises(Mendable) as told:
        count(store, "message")
    assert str(file) in told.value.message
    assert file.read_bytes() == octets
    store.close()


def test_a_damaged_page_is_said_to_be_damage_and_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    store = Store(file)
    send(store, "x" * 150)
    store.close()
    data = bytearray(file.read_bytes())
    data[4096:] = b"\x5a" * (len(data) - 4096)  # the schema stays, everything else is garbage
    file.write_bytes(data)

    store = Store(file)
    with pytest.raises(Mendable, match="damaged") as told:
        send(store)
    assert str(file) in told.value.message
    store.close()


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.touch()
    store = Store(file)
    send(store)
    assert count(store, "message") == 1
    store.close()


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.mkdir()
    store = Store(file)
    with pytest.raises(Mendable) as told:
        count(store, "message")
    assert str(file) in told.value.message
    store.close()


_AS_NOBODY = """
import os, sys
from pathlib import Path
from sms_desktop.messages.errors import Mendable
from sms_desktop.store import opening  # at once: nobody may not be able to read where Python is
from sms_desktop.store.database import Store
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
store = Store(Path(sys.argv[1]))
try:
    with store.write():
        print("written")
except Mendable as error:
    print(error.message)
"""


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_that_can_only_be_read_is_named(tmp_path: Path, exists: bool) -> None:
    folder = tmp_path / "data"
    file = folder / "store.db"
    if exists:
        store = Store(file)
        send(store)
        store.close()
        file.chmod(0o444)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o555)
    for parent in (tmp_path, *tmp_path.parents):  # another user must come as far as the folder
        if parent.stat().st_uid == os.geteuid() and os.geteuid() == 0 and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    done = _run(_AS_NOBODY, file)
    folder.chmod(0o700)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{file} can't be ")
    assert "yours to write" in done.stdout


_WITH_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from sms_desktop.messages.errors import TryLater
from sms_desktop.store.database import Store
from tests.fakes.hands import count, send
store = Store(Path(sys.argv[1]))
send(store, "before")
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, unlimited[1]))
sent, refused = 1, None
while refused is None:
    try:
        send(store, "x" * 3000)
        sent += 1
    except TryLater as error:
        refused = error
assert sys.argv[1] in refused.message or str(Path(sys.argv[1]).parent) in refused.message, refused.message
assert count(store, "message") == sent
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
send(store, "after")
assert count(store, "message") == sent + 1
store.close()
print("all", sent + 1)
"""


def test_a_full_disk_loses_nothing_and_goes_on_when_there_is_space(tmp_path: Path) -> None:
    done = _run(_WITH_A_FULL_DISK, tmp_path / "store.db")
    assert done.stdout.startswith("all "), done.stderr
    store = Store(tmp_path / "store.db")
    assert count(store, "message") == int(done.stdout.split()[1])
    store.close()


_OPENED_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from sms_desktop.messages.errors import TryLater
from sms_desktop.store.database import Store
from tests.fakes.hands import count, send
store = Store(Path(sys.argv[1]))
send(store)
store.close()
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, unlimited[1]))  # no room for the index of the log
store = Store(Path(sys.argv[1]))
try:
    count(store, "message")
except TryLater as error:
    print(error.message)
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
assert count(store, "message") == 1
store.close()
"""


def test_a_store_that_is_opened_on_a_full_disk_says_so(tmp_path: Path) -> None:
    done = _run(_OPENED_ON_A_FULL_DISK, tmp_path / "store.db")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"The disk of {tmp_path} is full.")


def _write_and_raise(store: Store, conversation: ConversationId) -> None:
    with store.write() as writing:
        writing.changed(conversation)
        drafts.save(writing.db, _PROFILE, PHONE, Draft(Kind.TEXT, "x"), now_us=1)
        raise ZeroDivisionError


def test_a_transaction_that_raises_leaves_nothing_and_announces_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    seen: list[Changes] = []
    send(store)
    conversation = conversation_with(store)
    store.subscribe(seen.append)
    with pytest.raises(ZeroDivisionError):
        _write_and_raise(store, conversation)
    assert _draft(store) is None
    assert seen == []
    _write_draft(store, "y")  # the next one works
    assert _draft(store) == "y"
    store.close()


def test_changes_are_announced_once_they_can_be_read(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    seen: list[tuple[Changes, int, str]] = []
    store.subscribe(
        lambda changes: seen.append((changes, count(store, "message"), threading.current_thread().name))
    )
    message = send(store)
    [(changes, rows, thread)] = seen
    assert changes == Changes(frozenset({conversation_with(store)}), frozenset({message}))
    assert rows == 1
    assert thread == threading.current_thread().name
    store.close()


def test_a_read_does_not_wait_for_a_write_and_does_not_see_it_before_its_end(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    send(store)
    with store.write() as writing:
        drafts.save(writing.db, _PROFILE, PHONE, Draft(Kind.TEXT, "unfinished"), now_us=1)
        assert _draft(store) is None
    assert _draft(store) == "unfinished"
    store.close()


def test_a_read_is_one_snapshot(tmp_path: Path) -> None:
    store, other = Store(tmp_path / "store.db"), Store(tmp_path / "store.db")
    send(store)
    with store.read() as db:
        before = next(db.execute("SELECT count(*) FROM message"))[0]
        send(other)
        assert next(db.execute("SELECT count(*) FROM message"))[0] == before
    assert count(store, "message") == before + 1
    store.close()
    other.close()


def test_what_is_read_can_t_be_written_to(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    with pytest.raises(Mendable), store.read() as db:
        db.execute("DELETE FROM draft")
    send(store)
    store.close()


_SEND_MANY = """
import sys
from pathlib import Path
from sms_desktop.store.database import Store
from tests.fakes.hands import send
store = Store(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    send(store, f"{sys.argv[3]} {number}")
store.close()
"""


def test_several_processes_make_the_store_and_write_at_once(tmp_path: Path) -> None:
    file = tmp_path / "data" / "store.db"
    processes = [
        subprocess.Popen([sys.executable, "-c", _SEND_MANY, str(file), "20", f"process {number}"])
        for number in range(4)
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0, 0]
    store = Store(file)
    assert count(store, "message") == 80
    for number in range(4):
        texts = [row.text for row in rows_with(store) if row.text.startswith(f"process {number}")]
        assert texts == [f"process {number} {index}" for index in range(20)]
    with store.read() as db:
        assert next(db.execute("PRAGMA integrity_check"))[0] == "ok"
    store.close()


def test_another_processs_commit_is_seen_and_our_own_is_not(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    send(store)
    store.look_for_others()
    seen: list[Changes] = []
    store.subscribe(seen.append)

    send(store)
    seen.clear()
    store.look_for_others()
    assert seen == []

    assert _run(_SEND_MANY, tmp_path / "store.db", 1, "other").returncode == 0
    store.look_for_others()
    assert seen == [Changes(everything=True)]
    store.look_for_others()
    assert seen == [Changes(everything=True)]
    store.close()


def test_a_commit_of_another_between_two_of_ours_is_seen(tmp_path: Path) -> None:
    store, other = Store(tmp_path / "store.db"), Store(tmp_path / "store.db")
    send(store)
    store.look_for_others()
    seen: list[Changes] = []
    store.subscribe(seen.append)
    send(store)
    send(other)
    send(store)
    seen.clear()
    store.look_for_others()
    assert seen == [Changes(everything=True)]
    store.close()
    other.close()


def test_a_store_that_another_keeps_locked_says_so_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_MS", 30)
    store, other = Store(tmp_path / "store.db"), Store(tmp_path / "store.db")
    send(store)
    with other.write(), pytest.raises(TryLater, match="in use") as told:
        send(store)
    assert str(tmp_path) in told.value.message
    send(store)
    assert count(store, "message") == 2
    store.close()
    other.close()


def test_a_closed_store_is_closed_for_good(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    send(store)
    store.close()
    store.close()
    with pytest.raises(OurFault):
        count(store, "message")
    with pytest.raises(OurFault):
        send(store)


def test_changes_add_up() -> None:
    one = Changes(frozenset(), frozenset())
    assert not one
    two = one | Changes(everything=True)
    assert two
    assert two.everything
