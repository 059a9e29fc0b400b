"""Finding messages, writing them into files, and forgetting a number: in the window, on a real store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QLineEdit, QMenu, QTableView

from sms_desktop.services.opt_outs import OptOuts
from sms_desktop.store import drafts
from sms_desktop.store import search as store_search
from sms_desktop.store.search import Query
from sms_desktop.ui.compose.editor import MessageEditor
from sms_desktop.ui.records.exporting import ExportStrip
from sms_desktop.ui.records.forget_dialog import ForgetDialog
from sms_desktop.ui.row_list import ROW_ROLE
from sms_desktop.ui.search.model import PAGE
from sms_desktop.ui.strip import Strip
from tests.fakes.desk import busy_morning
from tests.fakes.desktop import Desktop
from tests.fakes.hands import fill

NOOR, OTHER = "31612345678", "447700900142"
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def found(live_desktop: Desktop) -> Desktop:
    desk = live_desktop.desk
    desk.delivered(NOOR, "Your réceipt is ready", minutes_ago=50)
    desk.receive(NOOR, "Which receipt?", minutes_ago=40)
    desk.receive(OTHER, "A receipt, please", minutes_ago=30)
    desk.delivered(OTHER, "Nothing of the kind", minutes_ago=20)
    live_desktop.open()
    return live_desktop


def look_for(desktop: Desktop, text: str) -> QAbstractItemModel:
    desktop.shortcut(Qt.Key.Key_F, CONTROL | SHIFT)
    field = desktop.find(QLineEdit, "search")
    assert field.hasFocus()
    desktop.keys(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    desktop.settle()
    return desktop.find(QTableView, "found").model()


def texts(model: QAbstractItemModel) -> list[str]:
    return [model.index(row, 0).data(ROW_ROLE).text for row in range(model.rowCount())]


def choose(desktop: Desktop, chip: str, label: str) -> None:
    desktop.press(f"filter_{chip}")
    menu = desktop.find(QMenu, f"menu_{chip}")
    next(entry for entry in menu.actions() if entry.text() == label).trigger()
    menu.close()
    desktop.settle()


def test_words_are_found_newest_first_whatever_their_accents(found: Desktop) -> None:
    model = look_for(found, "receipt")
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    assert texts(model) == ["A receipt, please", "Which receipt?", "Your réceipt is ready"]
    assert "3 messages" in found.find(QLabel, "search_foot").text()
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "A receipt, please" in spoken


def test_numbers_find_their_conversations(found: Desktop) -> None:
    assert texts(look_for(found, "0900142")) == ["Nothing of the kind", "A receipt, please"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # menus
def test_filters_narrow_what_is_found_and_are_cleared(found: Desktop) -> None:
    model = look_for(found, "receipt")
    choose(found, "direction", "Received")
    assert texts(model) == ["A receipt, please", "Which receipt?"]
    choose(found, "state", "Delivered")
    assert texts(model) == []
    assert "Fewer words or filters" in found.find(QLabel, "search_foot").text()
    found.press("clear_filters")
    found.settle()
    assert len(texts(model)) == 3
    choose(found, "kind", "vCard")
    assert texts(model) == []


def test_a_message_is_shown_where_it_stands(live_desktop: Desktop) -> None:
    desk = live_desktop.desk
    desk.receive(OTHER, "Another conversation", minutes_ago=1)
    fill(live_desktop.store, NOOR, 400, profile=live_desktop.profile)
    window = live_desktop.open()
    look_for(live_desktop, "Message 57")
    view = live_desktop.find(QTableView, "found")
    QTest.keyClick(live_desktop.find(QLineEdit, "search"), Qt.Key.Key_Down)
    assert view.hasFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    live_desktop.wait(lambda: window.page.party == NOOR)
    timeline = window.page.timeline
    live_desktop.wait(lambda: timeline.focused_row is not None)
    assert timeline.focused_row is not None
    assert timeline.focused_row.text.startswith("Message 57")
    assert timeline.focused_row.id in [entry.row.id for entry in timeline.visible_entries()]
    assert not timeline.is_at_end


def test_more_is_read_as_one_scrolls(live_desktop: Desktop) -> None:
    fill(live_desktop.store, NOOR, 200, profile=live_desktop.profile)
    live_desktop.open()
    model = look_for(live_desktop, "Message")
    assert model.rowCount() == PAGE
    assert "more are read as you scroll" in live_desktop.find(QLabel, "search_foot").text()
    view = live_desktop.find(QTableView, "found")
    for _ in range(3):
        view.scrollToBottom()
        live_desktop.settle()
    live_desktop.wait(lambda: model.rowCount() == 200)
    assert len(set(texts(model))) == 200


def test_escape_leads_back_and_a_draft_stays(found: Desktop) -> None:
    window = found.window
    found.keys(window.page.compose.text_sheet.editor, "half a thought")
    look_for(found, "receipt")
    assert not window.page.isVisible()
    QTest.keyClick(found.find(QLineEdit, "search"), Qt.Key.Key_Escape)
    assert window.page.isVisible()
    assert window.page.compose.text_sheet.editor.text() == "half a thought"
    assert window.page.compose.text_sheet.editor.hasFocus()


# Export


def test_what_was_found_is_written_into_a_file(found: Desktop, tmp_path: Path) -> None:
    look_for(found, "receipt")
    found.press("export_found")
    dialog = found.find(QFileDialog, "export_dialog")
    dialog.fileSelected.emit(str(tmp_path / "found.jsonl"))
    dialog.close()
    strip = found.find(Strip, "export_strip")
    found.wait(lambda: strip.words().startswith("3 messages written"))
    lines = (tmp_path / "found.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == [
        "A receipt, please",
        "Which receipt?",
        "Your réceipt is ready",
    ]
    found.press("close_export")
    assert not strip.isVisible()


def test_an_export_is_cancelled_and_leaves_nothing(live_desktop: Desktop, tmp_path: Path) -> None:
    fill(live_desktop.store, NOOR, 30_000, profile=live_desktop.profile)
    live_desktop.open()
    live_desktop.action("export").trigger()
    live_desktop.find(QFileDialog, "export_dialog").close()
    strip = live_desktop.find(ExportStrip, "export_strip")
    strip.export(Query(party=NOOR), tmp_path / "all.csv")
    live_desktop.press("cancel_export")
    live_desktop.wait(lambda: strip.words().startswith("The export was stopped"))
    assert list(tmp_path.glob("all*")) == []


def test_a_place_that_cannot_be_written_is_a_sentence(found: Desktop, tmp_path: Path) -> None:
    found.action("export").trigger()
    found.find(QFileDialog, "export_dialog").close()
    strip = found.find(ExportStrip, "export_strip")
    strip.export(Query(), tmp_path / "no folder" / "x.csv")
    found.wait(lambda: "can't be written" in strip.words())


# Forgetting


def test_a_number_is_forgotten_after_a_question(live_desktop: Desktop) -> None:
    noor = busy_morning(live_desktop.desk)
    OptOuts(live_desktop.store).add(noor, reason="STOP")
    window = live_desktop.open(noor)
    live_desktop.keys(live_desktop.find(MessageEditor, "message_text"), "typed a moment before")
    live_desktop.action("forget").trigger()
    assert live_desktop.find(QCheckBox, "forget_keep_opt_out").isChecked()
    live_desktop.press("forget_now")
    live_desktop.wait(lambda: window.page.party != noor)
    live_desktop.settle()
    with live_desktop.store.read() as db:
        assert store_search.found(db, Query(party=noor), limit=10) == ()
    assert OptOuts(live_desktop.store).find(noor) is not None
    live_desktop.wait(lambda: window.findChild(ForgetDialog) is None)
    window.page.drafts.flush()
    live_desktop.settle()
    with live_desktop.store.read() as db:
        assert drafts.every(db, live_desktop.profile.id, noor) == ()


def test_the_question_can_be_answered_with_no(found: Desktop) -> None:
    party = found.window.page.party
    found.action("forget").trigger()
    found.press("forget_cancel")
    found.settle()
    assert found.sent(party or "")
    assert isinstance(found.action("forget"), QAction)
