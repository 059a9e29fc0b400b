"""What smsctl store and messages gaps and orphans do, done in the window."""

from __future__ import annotations

import random
import shlex
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sms_desktop.messages.errors import TryLater
from sms_desktop.services import upkeep
from sms_desktop.services.forgetting import Forgetting
from sms_desktop.services.inbox import EventsMissing, note_hole
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store import audit, gaps, receipts
from sms_desktop.store.database import Store
from sms_desktop.ui.records.kept_table import KeptTable
from sms_desktop.ui.records.store_dialog import StoreDialog
from sms_desktop.ui.strip import Strip
from sms_desktop.ui.times import now_us
from tests.fakes.desk import Desk
from tests.fakes.desktop import LIVE, Desktop

NOOR = "31612345678"
DAY_MINUTES = 24 * 60
STORE, RETENTION, MISSING, DEEDS = range(4)


def show(desktop: Desktop, page: int = STORE) -> StoreDialog:
    desktop.action("kept_messages").trigger()
    pages = desktop.find(QListWidget, "store_pages")
    for _ in range(page):
        QTest.keyClick(pages, Qt.Key.Key_Down)
    desktop.settle()
    return desktop.find(StoreDialog, "store_dialog")


def strip(desktop: Desktop, name: str) -> str:
    return desktop.find(Strip, f"{name}_strip").words()


def label(desktop: Desktop, name: str) -> str:
    return desktop.find(QLabel, name).text()


def deeds(desktop: Desktop) -> list[str]:
    with desktop.store.read() as db:
        return [row.action for row in audit.page(db, limit=100)]


@pytest.fixture
def talking(live_desktop: Desktop) -> Desktop:
    live_desktop.desk.receive(NOOR, "Hello", minutes_ago=1)
    live_desktop.desk.delivered(NOOR, "Hello to you", minutes_ago=1)
    live_desktop.open()
    return live_desktop


# The store


def test_the_store_says_how_it_stands(talking: Desktop) -> None:
    dialog = show(talking)
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert label(talking, "store_file") == str(talking.store.file)
    assert "octets" in label(talking, "store_size")
    assert label(talking, "store_holds") == "2 messages in 1 conversation"
    assert label(talking, "store_backup") == "None yet"
    assert not talking.find(QWidget, "restore_backup").isVisible()
    assert not talking.find(QWidget, "salvage_store").isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_everything_is_reached_by_tab_and_has_a_name(talking: Desktop) -> None:
    upkeep.backup(talking.store)
    dialog = show(talking)
    for page, names in (
        (STORE, {"check_store", "back_up", "recompute", "store_backups", "restore_backup"}),
        (RETENTION, {"field_retention", "save_retention"}),
        (DEEDS, {"deeds_table"}),
    ):
        talking.find(QListWidget, "store_pages").setCurrentRow(page)
        talking.settle()
        talking.find(QListWidget, "store_pages").setFocus()
        met = set()
        for _ in range(12):
            focused = QApplication.focusWidget()
            assert focused is not None
            assert focused.accessibleName(), focused.objectName()
            met.add(focused.objectName())
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert names | {"store_pages", "close_store"} == met
    assert dialog.isVisible()


def test_a_whole_store_is_checked(talking: Desktop) -> None:
    show(talking)
    talking.press("check_store")
    assert strip(talking, "store").startswith("Checking the store")
    assert not talking.find(QWidget, "back_up").isEnabled()
    talking.wait(lambda: strip(talking, "store").startswith("The store is whole."))
    assert talking.find(QWidget, "back_up").isEnabled()
    assert not talking.find(QPlainTextEdit, "store_report").isVisible()


def test_states_that_do_not_follow_are_named_and_recomputed(talking: Desktop) -> None:
    with talking.store.write() as writing:
        writing.db.execute("UPDATE message SET state = 'failed' WHERE direction = 'out'")
    show(talking)
    talking.press("check_store")
    talking.wait(lambda: strip(talking, "store").startswith("1 difference found."))
    report = talking.find(QPlainTextEdit, "store_report").toPlainText()
    assert "state is failed, and follows as delivered" in report
    talking.press("recompute")
    talking.wait(lambda: strip(talking, "store").startswith("1 row differed"))
    assert not talking.find(QPlainTextEdit, "store_report").isVisible()
    talking.press("recompute")
    talking.wait(lambda: strip(talking, "store").startswith("Everything was as it follows"))
    assert deeds(talking)[:2] == ["rebuild", "rebuild"]


def test_a_backup_is_made_and_listed(talking: Desktop) -> None:
    show(talking)
    talking.press("back_up")
    talking.wait(lambda: strip(talking, "store").startswith("Backed up"))
    talking.settle()
    made = upkeep.kept_backups(talking.store.file)
    assert [row[2] for row in talking.find(KeptTable, "store_backups").words()] == [made[0].file.name]
    assert label(talking, "store_backup") != "None yet"


def test_while_the_window_has_the_store_the_command_that_restores_is_said(talking: Desktop) -> None:
    first = upkeep.backup(talking.store)
    upkeep.backup(talking.store)
    show(talking)
    backups = talking.find(QAbstractItemView, "store_backups")
    QTest.keyClick(backups, Qt.Key.Key_Down)
    talking.press("restore_backup")
    assert "this window has it open" in strip(talking, "store")
    command = talking.find(QPlainTextEdit, "store_command").toPlainText()
    assert shlex.split(command) == ["smsctl", "store", "restore", str(first)]
    talking.press("copy_store_command")
    assert QGuiApplication.clipboard().text() == command
    with pytest.raises(TryLater):  # the reason why the window does not try
        upkeep.restore(talking.store.file, first)
    talking.press("check_store")
    assert not talking.find(QPlainTextEdit, "store_command").isVisible()


def damage(file: Path, pages: range) -> None:
    with file.open("r+b") as opened:
        for page in pages:
            opened.seek(page * 4096)
            opened.write(random.Random(page).randbytes(4096))


def test_damage_is_said_exactly_with_the_command_that_salvages(talking: Desktop) -> None:
    for number in range(200):
        talking.desk.receive(NOOR, f"{number} " + "x" * 200, minutes_ago=2)
    with talking.store.whole() as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = int(str(next(db.execute("PRAGMA page_count"))[0]))
    damage(talking.store.file, range(pages - 12, pages - 4))
    show(talking)
    talking.press("check_store")
    talking.wait(lambda: "damaged" in strip(talking, "store"))
    assert "malformed" in talking.find(QPlainTextEdit, "store_report").toPlainText()
    talking.press("salvage_store")
    assert talking.find(QPlainTextEdit, "store_command").toPlainText() == "smsctl store salvage"


@pytest.fixture
def broken(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Desktop:
    """A window whose store can't be opened: it is no longer one, and a backup is there."""
    store = Store(tmp_path / "store.db")
    Desk(store, LIVE, now_us()).receive(NOOR, "Kept in the backup", minutes_ago=1)
    upkeep.backup(store)
    store.close()
    (tmp_path / "store.db").write_bytes(random.Random(1).randbytes(8192))
    return Desktop(qtbot, qapp, tmp_path, LIVE)


def test_a_store_that_can_not_be_opened_is_restored_in_the_window(broken: Desktop) -> None:
    try:
        broken.build().show()
        broken.settle()
        show(broken)
        assert "is damaged" in strip(broken, "store")
        assert label(broken, "store_holds") == "Not known: it can't be read."
        broken.press("restore_backup")
        assert "The file of now is kept beside it" in strip(broken, "store")
        broken.press("store_no")
        assert strip(broken, "store") == ""
        broken.press("restore_backup")
        broken.press("store_yes")
        broken.wait(lambda: strip(broken, "store").startswith("The backup is in the store's place."))
        assert "store-replaced-" in strip(broken, "store")
        broken.wait(lambda: label(broken, "store_holds") == "1 message in 1 conversation")
        listed = broken.find(QAbstractItemView, "conversation_list")
        broken.wait(lambda: listed.model().rowCount() == 1)
        assert not broken.find(QWidget, "salvage_store").isVisible()
    finally:
        broken.close()


def test_a_store_whose_head_is_damaged_is_salvaged_in_the_window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    store = Store(tmp_path / "store.db")
    desk = Desk(store, LIVE, now_us())
    for number in range(20):
        desk.receive(NOOR, f"Message {number}", minutes_ago=2)
    store.close()
    with store.file.open("r+b") as opened:
        opened.seek(68)  # whose file it is, as SQLite's header has it
        opened.write(b"oops")
    before = store.file.read_bytes()
    desktop = Desktop(qtbot, qapp, tmp_path, LIVE)
    try:
        desktop.build().show()
        desktop.settle()
        show(desktop)
        assert "belongs to another program" in strip(desktop, "store")
        desktop.press("salvage_store")
        assert "The damaged file is kept beside it." in strip(desktop, "store")
        desktop.press("store_yes")
        desktop.wait(lambda: strip(desktop, "store").startswith("A new store of what could be read"))
        assert "message: 20 rows" in desktop.find(QPlainTextEdit, "store_report").toPlainText()
        [aside] = tmp_path.glob("store-replaced-*.db")
        assert aside.read_bytes() == before
        listed = desktop.find(QAbstractItemView, "conversation_list")
        desktop.wait(lambda: listed.model().rowCount() == 1)
        desktop.press("check_store")
        desktop.wait(lambda: strip(desktop, "store").startswith("The store is whole."))
    finally:
        desktop.close()


# Retention


def choose_days(desktop: Desktop, typed: str) -> None:
    box = desktop.find(QComboBox, "field_retention")
    QTest.keyClick(box, Qt.Key.Key_Down)
    days = desktop.find(QLineEdit, "field_retention_days")
    days.selectAll()
    desktop.keys(days, typed)


@pytest.mark.parametrize("typed", ["", "0", "36501", "ten", "-3", "1.5", "9" * 30])
def test_a_wrong_number_of_days_is_said_in_place(talking: Desktop, typed: str) -> None:
    show(talking, RETENTION)
    choose_days(talking, typed)
    talking.press("save_retention")
    words = label(talking, "words_retention_days")
    assert words.startswith("Write a whole number of days, 1 to ")
    assert talking.find(QLineEdit, "field_retention_days").text() == typed
    talking.settle()
    assert Forgetting(talking.store).retention() == {}


def test_messages_are_kept_for_so_many_days_and_for_good_again(talking: Desktop) -> None:
    show(talking, RETENTION)
    assert not talking.find(QWidget, "remove_old").isVisible()
    choose_days(talking, "30")
    talking.wait(lambda: label(talking, "retention_older") == "Older than that now: 0 messages.")
    QTest.keyClick(talking.find(QLineEdit, "field_retention_days"), Qt.Key.Key_Return)
    talking.wait(lambda: strip(talking, "retention") == "Saved: messages are kept for 30 days.")
    assert Forgetting(talking.store).retention() == {LIVE.id: 30}
    QTest.keyClick(talking.find(QComboBox, "field_retention"), Qt.Key.Key_Up)
    assert not talking.find(QLineEdit, "field_retention_days").isVisible()
    talking.press("save_retention")
    talking.wait(lambda: strip(talking, "retention") == "Saved: messages are kept for good.")
    assert Forgetting(talking.store).retention() == {}


def test_what_is_older_is_counted_and_goes_after_a_question(talking: Desktop) -> None:
    talking.desk.delivered(NOOR, "Long ago", minutes_ago=40 * DAY_MINUTES)
    other = Desk(talking.store, SANDBOX, now_us())
    other.delivered(NOOR, "Of another account", minutes_ago=40 * DAY_MINUTES)
    Forgetting(talking.store).set_retention(SANDBOX.id, 7)
    show(talking, RETENTION)
    choose_days(talking, "30")
    talking.wait(lambda: label(talking, "retention_older") == "Older than that now: 1 message.")
    talking.press("save_retention")
    talking.wait(lambda: strip(talking, "retention").startswith("Keep messages for 30 days?"))
    assert "1 message" in strip(talking, "retention")
    assert talking.find(QWidget, "retention_no").hasFocus()
    talking.press("retention_no")
    assert Forgetting(talking.store).retention() == {SANDBOX.id: 7}
    talking.press("save_retention")
    talking.wait(lambda: strip(talking, "retention") != "")
    talking.press("retention_yes")
    talking.wait(lambda: strip(talking, "retention").startswith("Saved"))
    talking.settle()
    assert len(talking.sent(NOOR)) == 3
    talking.press("remove_old")
    talking.wait(lambda: strip(talking, "retention").startswith("Remove 1 message now?"))
    talking.press("retention_yes")
    talking.wait(lambda: strip(talking, "retention") == "1 message removed.")
    assert [row.text for row in talking.sent(NOOR)] == ["Hello", "Hello to you"]
    assert Forgetting(talking.store).older(SANDBOX.id, 7) == 1  # the other account's stays
    talking.press("remove_old")
    talking.wait(lambda: strip(talking, "retention") == "Nothing is older than 30 days.")


# What is missing


def test_nothing_is_missing(talking: Desktop) -> None:
    show(talking, MISSING)
    assert talking.find(QLabel, "missing_nothing").isVisible()
    assert talking.find(QLabel, "orphans_nothing").isVisible()
    assert not talking.find(QWidget, "go_on").isVisible()


def test_a_hole_is_shown_with_its_range_and_passed_after_a_question(talking: Desktop) -> None:
    note_hole(talking.store, LIVE, EventsMissing(5, 7, "e"))
    note_hole(talking.store, SANDBOX, EventsMissing(90, 90, "e"))
    show(talking, MISSING)
    [row] = talking.find(KeptTable, "missing_events").words()
    assert row[1:] == ["Events 5 to 7 are missing: 3 in all.", "nothing behind them is shown"]
    talking.press("go_on")
    assert "Events 5 to 7 are missing: 3 in all." in strip(talking, "missing")
    talking.press("missing_no")
    talking.press("go_on")
    talking.press("missing_yes")
    talking.wait(lambda: strip(talking, "missing") == "Going on behind 1 hole.")
    talking.settle()
    [row] = talking.find(KeptTable, "missing_events").words()
    assert row[2].startswith("a person went on without them")
    assert not talking.find(QWidget, "go_on").isVisible()
    with talking.store.read() as db:
        assert [gap.accepted_us for gap in gaps.every(db, SANDBOX.id)] == [None]
    assert deeds(talking)[0] == "gap accepted"


def test_receipts_without_a_message_are_listed_by_pages(talking: Desktop) -> None:
    with talking.store.write() as writing:
        for number in range(150):
            kept = receipts.NewReceipt(
                f"G{number}", NOOR, "delivered", "0", "26", None, None, None, number == 149, now_us()
            )
            receipts.keep(writing, LIVE.id, [kept])
    show(talking, MISSING)
    orphans = talking.find(KeptTable, "orphans")
    assert orphans.rowCount() == 100
    assert [row[1:] for row in orphans.words()[:2]] == [
        [NOOR, "delivered", "another account's", "G149"],
        [NOOR, "delivered", "this account's", "G148"],
    ]
    talking.press("more_orphans")
    talking.wait(lambda: orphans.rowCount() == 150)
    assert not talking.find(QWidget, "more_orphans").isVisible()


# What people did


def test_deeds_are_listed_the_newest_first_by_pages(talking: Desktop) -> None:
    with talking.store.write() as writing:
        for number in range(120):
            audit.note(writing.db, at_us=number, actor="ada", action="tried", subject=number)
    show(talking, DEEDS)
    table = talking.find(KeptTable, "deeds_table")
    assert table.rowCount() == 100
    assert table.words()[0][1:] == ["ada", "tried", "119"]
    talking.press("more_deeds")
    talking.wait(lambda: table.rowCount() == 121)  # and the message that was sent
    assert not talking.find(QWidget, "more_deeds").isVisible()


# The window around it


def test_another_profile_puts_the_dialog_away_and_shows_its_own(talking: Desktop) -> None:
    Forgetting(talking.store).set_retention(SANDBOX.id, 7)
    show(talking, RETENTION)
    talking.window.show_profile(SANDBOX)
    talking.settle()
    QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
    assert talking.window.findChild(StoreDialog, "store_dialog") is None
    show(talking, RETENTION)
    assert talking.find(QLineEdit, "field_retention_days").text() == "7"


def test_what_was_begun_goes_on_although_the_dialog_is_closed(talking: Desktop) -> None:
    dialog = show(talking)
    talking.press("back_up")
    dialog.close()
    talking.wait(lambda: len(upkeep.kept_backups(talking.store.file)) == 1)
    talking.settle()
    show(talking)
    assert strip(talking, "store").startswith("Backed up")


def test_a_failure_is_a_sentence_in_the_dialog(talking: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> Path:
        raise TryLater("The disk is full.", hint="Free some space.")

    show(talking)
    monkeypatch.setattr(upkeep, "backup", full)
    talking.press("back_up")
    talking.wait(lambda: strip(talking, "store") == "The disk is full. Free some space.")
    assert talking.find(QWidget, "back_up").isEnabled()
