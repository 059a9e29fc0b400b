from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QRadioButton,
    QWidget,
)

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.contacts import Contacts
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.compose.bounded_line import LONGEST as LONGEST_LINE
from sms_desktop.ui.compose.card_preview import CardPreview
from sms_desktop.ui.compose.form_area import FormArea
from sms_desktop.ui.compose.octet_meter import OctetMeter
from sms_desktop.ui.compose.raw_text import LONGEST, RawText
from sms_desktop.ui.compose.send_button import SendButton
from tests.fakes.desktop import LIVE, Desktop

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # menus and dialogs

ECHO = "31600000001"
HOSTILE = "a\u202eb\u200bc שלום"
CARD = "BEGIN:VCARD\nVERSION:2.1\nN:Hopper;Grace\nTEL;CELL:+31612345678\nX-RANK:Admiral\nEND:VCARD\n"


def sheet(desktop: Desktop, kind: Kind) -> None:
    desktop.open(ECHO)
    desktop.window.page.compose.choose_kind(kind)


def line(desktop: Desktop, name: str) -> QLineEdit:
    return desktop.find(QLineEdit, name)


def raw(desktop: Desktop, kind: Kind = Kind.VCARD) -> RawText:
    return desktop.find(RawText, f"{kind.value}_{kind.value}")


def said(desktop: Desktop, name: str) -> str:
    return desktop.find(QLabel, name).text()


def drop(target: QWidget, path: Path) -> None:
    """Drop a file where a person would."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(target, QDragEnterEvent(QPoint(5, 5), *how))
    QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), *how))


# ------------------------------------------------------------------------------------------------ WAP Push


def test_a_wap_push_by_keyboard_alone(desktop: Desktop) -> None:
    sheet(desktop, Kind.WAPPUSH)
    desktop.wait(lambda: line(desktop, "wappush_title").hasFocus())
    desktop.keys(line(desktop, "wappush_title"), "Your report")
    QTest.keyClick(line(desktop, "wappush_title"), Qt.Key.Key_Tab)
    assert line(desktop, "wappush_url").hasFocus()
    desktop.keys(line(desktop, "wappush_url"), "https://helpdesk.example/r/1")
    QTest.keyClick(line(desktop, "wappush_url"), Qt.Key.Key_Tab)
    desktop.keys(line(desktop, "wappush_validity"), "48 hours")
    assert any("172\u202f800\u202f000 ms" in label.text() for label in desktop.window.findChildren(QLabel))
    figures = desktop.window.page.compose.sheet.findChild(OctetMeter)
    assert figures is not None
    assert "of 140 octets" in figures.accessibleName()
    desktop.shortcut(Qt.Key.Key_Return)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    (row,) = desktop.sent(ECHO)
    kept = json.loads(row.content or "")
    assert (row.kind, kept["validity_ms"], kept["as"]) == (Kind.WAPPUSH, 172_800_000, "api")


def test_the_provider_decides_how_it_goes_at_first(live_desktop: Desktop) -> None:
    assert LIVE.provider == "vonage"
    live_desktop.open(ECHO)
    live_desktop.window.page.compose.choose_kind(Kind.WAPPUSH)
    assert live_desktop.find(QRadioButton, "wappush_as_binary").isChecked()
    live_desktop.window.page.compose.choose_kind(Kind.VCARD)
    assert live_desktop.find(QComboBox, "vcard_as").currentData() == "binary"


def test_a_field_that_does_not_apply_says_why_and_keeps_what_was_typed(desktop: Desktop) -> None:
    sheet(desktop, Kind.WAPPUSH)
    desktop.keys(line(desktop, "wappush_title"), "Hi")
    desktop.keys(line(desktop, "wappush_url"), "http://a.example/")
    desktop.keys(line(desktop, "wappush_validity"), "2 days")
    expires = line(desktop, "wappush_expires")
    assert not expires.isEnabled()
    assert expires.accessibleDescription() == "only when built here"
    here = desktop.find(QRadioButton, "wappush_as_binary")
    QTest.mouseClick(here, Qt.MouseButton.LeftButton, pos=QPoint(8, here.height() // 2))
    assert expires.isEnabled()
    assert not line(desktop, "wappush_validity").isEnabled()
    assert line(desktop, "wappush_validity").text() == "2 days"
    desktop.keys(expires, "2027-01-02 10:00")
    desktop.shortcut(Qt.Key.Key_Return)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    kept = json.loads(desktop.sent(ECHO)[0].content or "")
    assert (kept["validity_ms"], kept["as"]) == (None, "binary"), "what does not apply is not sent"
    assert kept["expires"] == "2027-01-02T10:00:00+00:00"


def test_what_cannot_be_read_is_said_at_the_field_and_keeps_send(desktop: Desktop) -> None:
    sheet(desktop, Kind.WAPPUSH)
    desktop.keys(line(desktop, "wappush_title"), "Hi")
    desktop.keys(line(desktop, "wappush_url"), "http://a.example/")
    desktop.keys(line(desktop, "wappush_validity"), "a while")
    assert "is no duration" in said(desktop, "words_validity")
    desktop.shortcut(Qt.Key.Key_Return)
    assert "is no duration" in said(desktop, "compose_notice")
    assert line(desktop, "wappush_validity").hasFocus()
    assert not desktop.sent(ECHO)


# --------------------------------------------------------------------------------------------------- vCard


def test_typing_in_the_form_writes_the_text(desktop: Desktop) -> None:
    sheet(desktop, Kind.VCARD)
    desktop.wait(lambda: line(desktop, "vcard_given").hasFocus())
    desktop.say(line(desktop, "vcard_given"), "Zoë")
    desktop.keys(line(desktop, "vcard_mobile"), "+31612345678")
    assert raw(desktop).text().split("\n") == [
        "BEGIN:VCARD",
        "VERSION:2.1",
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;Zo=C3=AB",
        "TEL;CELL:+31612345678",
        "END:VCARD",
        "",
    ]
    assert "Zoë" in desktop.find(CardPreview, "card_preview").accessibleName()
    desktop.shortcut(Qt.Key.Key_Return)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    assert "TEL;CELL:+31612345678" in desktop.sent(ECHO)[0].text
    desktop.wait(lambda: raw(desktop).text() == "")
    assert line(desktop, "vcard_given").text() == ""


def test_typing_in_the_text_fills_the_form(desktop: Desktop) -> None:
    sheet(desktop, Kind.VCARD)
    text = raw(desktop)
    text.setFocus()
    desktop.say(text, CARD)
    desktop.wait(lambda: line(desktop, "vcard_family").text() == "Hopper")
    assert "X-RANK" in said(desktop, "vcard_state")
    desktop.keys(line(desktop, "vcard_note"), "Ships")
    assert "X-RANK:Admiral\n" in text.text(), "what the form does not know stays"
    assert "NOTE:Ships\n" in text.text()
    text.undo()
    text.undo()
    assert "NOTE:Ships" not in text.text()


def test_form_and_text_typed_in_quick_turn_keep_both(desktop: Desktop) -> None:
    sheet(desktop, Kind.VCARD)
    desktop.window.page.compose.sheet.put(Draft(Kind.VCARD, CARD))
    text = raw(desktop)
    text.selectAll()
    desktop.say(text, CARD.replace("Hopper", "Murray Hopper"))
    desktop.keys(line(desktop, "vcard_note"), "x")  # before the form has followed
    assert "N:Murray Hopper;Grace\n" in text.text()
    assert "NOTE:x\n" in text.text()
    assert line(desktop, "vcard_family").text() == "Murray Hopper"


def test_a_text_that_cannot_be_read_is_sent_as_it_stands(desktop: Desktop) -> None:
    sheet(desktop, Kind.VCARD)
    broken = CARD.replace("N:Hopper", "N Hopper")
    desktop.say(raw(desktop), broken)
    desktop.wait(lambda: "Line 3" in said(desktop, "vcard_state"))
    assert not line(desktop, "vcard_given").isEnabled()
    desktop.shortcut(Qt.Key.Key_Return)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    assert desktop.sent(ECHO)[0].text == broken
    desktop.wait(lambda: line(desktop, "vcard_given").isEnabled())


def test_a_field_that_is_seldom_needed_comes_by_a_button(desktop: Desktop) -> None:
    sheet(desktop, Kind.VCARD)
    birthday = line(desktop, "vcard_birthday")
    assert not birthday.isVisible()
    desktop.press("vcard_add_field")
    entry = desktop.window.findChild(QAction, "add_birthday")
    assert isinstance(entry, QAction)
    entry.trigger()
    desktop.find(QMenu, "vcard_more_fields").close()
    desktop.wait(birthday.hasFocus)
    desktop.keys(line(desktop, "vcard_given"), "Ada")
    desktop.keys(birthday, "1815-12")
    assert "is no date" in said(desktop, "words_birthday")
    assert "BDAY" not in raw(desktop).text()
    desktop.shortcut(Qt.Key.Key_Return)
    assert "birthday" in said(desktop, "compose_notice")
    assert not desktop.sent(ECHO)
    draft = desktop.window.page.compose.draft()
    desktop.window.page.compose.sheet.put(Draft(Kind.VCARD, ""))
    assert birthday.text() == ""
    desktop.window.page.compose.sheet.put(draft)
    assert birthday.text() == "1815-12", "what can't be written yet is in the draft"
    birthday.end(False)
    desktop.keys(birthday, "-10")
    assert "BDAY:18151210" in raw(desktop).text()
    assert said(desktop, "words_birthday") == ""


def test_the_other_version_rewrites_the_text(desktop: Desktop) -> None:
    sheet(desktop, Kind.VCARD)
    desktop.window.page.compose.sheet.put(Draft(Kind.VCARD, CARD))
    version = desktop.find(QComboBox, "vcard_version")
    version.setFocus()
    QTest.keyClick(version, Qt.Key.Key_Down)
    assert version.currentData() == "3.0"
    text = raw(desktop).text()
    assert "VERSION:3.0" in text
    assert "TEL;TYPE=CELL:+31612345678" in text
    assert "FN:Grace Hopper" in text
    assert "X-RANK:Admiral" in text


def test_a_card_of_three_parts_goes_as_binary(desktop: Desktop) -> None:
    sheet(desktop, Kind.VCARD)
    desktop.keys(line(desktop, "vcard_given"), "Ada")
    desktop.keys(line(desktop, "vcard_note"), "word " * 50)
    route = desktop.find(QComboBox, "vcard_as")
    route.setCurrentIndex(route.findData("binary"))
    assert "3 parts" in desktop.find(SendButton, "send").accessibleName()
    desktop.shortcut(Qt.Key.Key_Return)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    assert json.loads(desktop.sent(ECHO)[0].content or "")["as"] == "binary"


def test_a_contact_of_the_store(desktop: Desktop) -> None:
    sheet(desktop, Kind.VCARD)
    desktop.press("vcard_from_contact")
    desktop.wait(lambda: "no contacts yet" in said(desktop, "vcard_news"))
    Contacts(desktop.store).save("31612345678", "Noor de Wit", note="Desk 4")
    Contacts(desktop.store).save("31687654321", "Bram Smit")
    desktop.press("vcard_from_contact")
    desktop.wait(lambda: desktop.window.findChild(QListView, "pick_list") is not None)
    chooser = desktop.find(QLineEdit, "pick_filter")
    desktop.keys(chooser, "noor")
    QTest.keyClick(chooser, Qt.Key.Key_Return)
    assert line(desktop, "vcard_family").text() == "de Wit"
    assert line(desktop, "vcard_mobile").text() == "+31612345678"


# ------------------------------------------------------------------------------------------------ from files


def test_a_file_by_the_dialog(desktop: Desktop, tmp_path: Path) -> None:
    (tmp_path / "grace.vcf").write_bytes(CARD.replace("\n", "\r\n").encode())
    sheet(desktop, Kind.VCARD)
    desktop.press("vcard_from_file")
    dialog = desktop.find(QFileDialog, "card_file")
    assert dialog.nameFilters()[0] == "Contacts (*.vcf *.vcard)"
    dialog.fileSelected.emit(str(tmp_path / "grace.vcf"))
    dialog.close()
    desktop.wait(lambda: line(desktop, "vcard_family").text() == "Hopper")
    assert "Taken from grace.vcf." in said(desktop, "vcard_news")
    assert raw(desktop).text() == CARD


@pytest.mark.parametrize("name", ["vcard_given", "vcard_vcard"])
def test_a_dropped_file_is_not_taken_for_text(desktop: Desktop, tmp_path: Path, name: str) -> None:
    (tmp_path / "grace.vcf").write_text(CARD)
    sheet(desktop, Kind.VCARD)
    target = desktop.find(QWidget, name)
    drop(raw(desktop).viewport() if target is raw(desktop) else target, tmp_path / "grace.vcf")
    desktop.wait(lambda: line(desktop, "vcard_family").text() == "Hopper")
    assert raw(desktop).text() == CARD


def test_one_of_several_is_chosen(desktop: Desktop, tmp_path: Path) -> None:
    (tmp_path / "book.vcf").write_text(CARD + CARD.replace("Grace", "Anne") + "BEGIN:VCARD\nbroken\n")
    sheet(desktop, Kind.VCARD)
    drop(desktop.window.page.compose.sheet, tmp_path / "book.vcf")
    desktop.wait(lambda: desktop.window.findChild(QListView, "pick_list") is not None)
    names = desktop.find(QListView, "pick_list")
    assert names.model().rowCount() == 3
    QTest.keyClick(names, Qt.Key.Key_Down)
    desktop.press("pick_take")
    assert line(desktop, "vcard_given").text() == "Anne"
    assert raw(desktop).text().count("BEGIN:VCARD") == 1


@pytest.mark.parametrize(
    "name, content, sentence",
    [
        ("big.vcf", b"x" * 10_000_000, "big.vcf has 10.0 MB; at most 2 MB are read. Nothing was changed."),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0", "picture.png is no vCard: BEGIN:VCARD is missing."),
        ("notes.txt", b"hello", "notes.txt is no vCard: BEGIN:VCARD is missing."),
        ("empty.vcf", b"", "empty.vcf is no vCard: BEGIN:VCARD is missing."),
    ],
)
def test_a_file_that_is_no_card_is_a_sentence(
    desktop: Desktop, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    sheet(desktop, Kind.VCARD)
    desktop.keys(line(desktop, "vcard_given"), "Ada")
    before = raw(desktop).text()
    for path, words in (
        (tmp_path / name, sentence),
        (tmp_path, "is no file"),
        (tmp_path / "no", "can't be read"),
    ):
        drop(desktop.window.page.compose.sheet, path)
        desktop.wait(lambda words=words: words in said(desktop, "vcard_news"))  # type: ignore[misc]
    assert raw(desktop).text() == before


def test_a_picture_in_a_card_is_left_out_with_a_word(desktop: Desktop, tmp_path: Path) -> None:
    photo = "PHOTO;ENCODING=BASE64;JPEG:" + "\n ".join(["A" * 70] * 800) + "\n\n"
    (tmp_path / "grace.vcf").write_text(CARD.replace("X-RANK", photo + "X-RANK"))
    sheet(desktop, Kind.VCARD)
    drop(desktop.window.page.compose.sheet, tmp_path / "grace.vcf")
    desktop.wait(lambda: "no message could carry it: PHOTO" in said(desktop, "vcard_news"))
    assert line(desktop, "vcard_family").text() == "Hopper"
    assert "PHOTO" not in raw(desktop).text()
    assert "X-RANK:Admiral" in raw(desktop).text()


def test_a_picture_on_the_clipboard_is_a_sentence(desktop: Desktop) -> None:
    sheet(desktop, Kind.VCARD)
    QGuiApplication.clipboard().setImage(QImage(4, 4, QImage.Format.Format_RGB32))
    raw(desktop).setFocus()
    raw(desktop).paste()
    assert "holds a picture" in said(desktop, "vcard_news")
    assert raw(desktop).text() == ""


# --------------------------------------------------------------------------------------------------- vCal


def test_an_event_by_the_form(desktop: Desktop) -> None:
    sheet(desktop, Kind.VCAL)
    desktop.keys(line(desktop, "vcal_summary"), "Pick up laptop")
    assert "needs a start" in said(desktop, "vcal_state")
    desktop.keys(line(desktop, "vcal_start"), "2026-11-30 14:30")
    assert said(desktop, "vcal_state") == ""
    desktop.keys(line(desktop, "vcal_end"), "2026-11-30 14:00")
    assert said(desktop, "words_end") == "The end is before the start."
    line(desktop, "vcal_end").clear()
    desktop.keys(line(desktop, "vcal_end"), "2026-11-30 15:00")
    desktop.keys(line(desktop, "vcal_alarm"), "15 min")
    text = raw(desktop, Kind.VCAL).text()
    assert "DTSTART:20261130T143000\nDTEND:20261130T150000\nAALARM:20261130T141500\n" in text
    assert "Pick up laptop" in desktop.find(CardPreview, "card_preview").accessibleName()
    all_day = desktop.find(QCheckBox, "vcal_all-day")
    QTest.keyClick(all_day, Qt.Key.Key_Space)
    assert "DTSTART:20261130T000000\nDTEND:20261201T000000\n" in raw(desktop, Kind.VCAL).text()
    desktop.shortcut(Qt.Key.Key_Return)
    desktop.wait(lambda: bool(desktop.sent(ECHO)))
    assert desktop.sent(ECHO)[0].kind is Kind.VCAL


def test_an_event_from_a_file(desktop: Desktop, tmp_path: Path) -> None:
    (tmp_path / "fair.ics").write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261130\nSUMMARY:Fair\n"
        "RRULE:FREQ=YEARLY\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    sheet(desktop, Kind.VCAL)
    drop(desktop.window.page.compose.sheet, tmp_path / "fair.ics")
    desktop.wait(lambda: line(desktop, "vcal_summary").text() == "Fair")
    assert desktop.find(QCheckBox, "vcal_all-day").isChecked()
    assert desktop.find(QComboBox, "vcal_version").currentData() == "2.0"
    assert "RRULE" in said(desktop, "vcal_state")


# ------------------------------------------------------------------------------------------------ bad input


@pytest.mark.parametrize("kind", [Kind.WAPPUSH, Kind.VCARD, Kind.VCAL])
def test_a_megabyte_is_not_pasted_into_any_field(desktop: Desktop, kind: Kind) -> None:
    sheet(desktop, kind)
    for field in desktop.window.page.compose.sheet.findChildren(QLineEdit):
        QGuiApplication.clipboard().setText("kept")
        field.paste()
        QGuiApplication.clipboard().setText("x" * 1_000_000)
        field.paste()
        assert field.text() == "kept", field.objectName()
        words = f"at most {LONGEST_LINE:,} characters"
        assert words in said(desktop, f"{kind.value}_news"), field.objectName()
    if kind is not Kind.WAPPUSH:
        before = raw(desktop, kind).text()
        raw(desktop, kind).paste()
        assert f"at most {LONGEST:,}" in said(desktop, f"{kind.value}_news")
        assert raw(desktop, kind).text() == before


@pytest.mark.parametrize("kind", [Kind.WAPPUSH, Kind.VCARD, Kind.VCAL])
def test_hostile_characters_are_kept_and_named(desktop: Desktop, kind: Kind) -> None:
    sheet(desktop, kind)
    name = {Kind.WAPPUSH: "wappush_title", Kind.VCARD: "vcard_note", Kind.VCAL: "vcal_description"}[kind]
    QGuiApplication.clipboard().setText(HOSTILE)
    line(desktop, name).paste()
    assert line(desktop, name).text() == HOSTILE
    words = said(desktop, f"words_{name.partition('_')[2]}")
    assert "U+202E, right-to-left override" in words
    QGuiApplication.clipboard().setText("x\0y")
    line(desktop, name).selectAll()
    line(desktop, name).paste()
    assert line(desktop, name).text() == "x\0y"
    assert "U+0000" in said(desktop, f"words_{name.partition('_')[2]}")


def test_a_text_with_nulls_is_kept(desktop: Desktop) -> None:
    sheet(desktop, Kind.VCARD)
    QGuiApplication.clipboard().setText(CARD.replace("Grace", "Gr\0ace"))
    raw(desktop).setFocus()
    raw(desktop).paste()
    assert raw(desktop).text() == CARD.replace("Grace", "Gr\0ace")
    desktop.wait(lambda: "U+0000" in said(desktop, "vcard_state"))


# --------------------------------------------------------------------------------------------------- access


@pytest.mark.parametrize("kind", [Kind.WAPPUSH, Kind.VCARD, Kind.VCAL])
def test_tab_reaches_every_control_and_each_has_a_name(desktop: Desktop, kind: Kind) -> None:
    sheet(desktop, kind)
    shown = desktop.window.page.compose.sheet
    wanted = {
        widget
        for widget in shown.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.window() is desktop.window
    }
    for widget in wanted:
        assert widget.accessibleName() or getattr(widget, "text", str)(), widget.objectName()
    reached: list[QWidget] = []
    shown.setFocus()
    for _ in range(40):
        focused = QApplication.focusWidget()
        if focused is None or focused is desktop.find(QLineEdit, "sender"):
            break
        reached.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    ways = {widget for widget in wanted if isinstance(widget, QRadioButton)}
    assert not ways or ways & set(reached), "arrows lead from one to the other"
    assert set(reached) | ways == wanted
    assert QApplication.focusWidget() is desktop.find(QLineEdit, "sender")
    places = [widget.mapTo(shown, QPoint(0, 0)) for widget in reached]
    if kind is Kind.WAPPUSH:
        assert [place.y() for place in places] == sorted(place.y() for place in places)


def test_the_draft_comes_back(desktop: Desktop) -> None:
    sheet(desktop, Kind.VCARD)
    desktop.keys(line(desktop, "vcard_given"), "Ada")
    route = desktop.find(QComboBox, "vcard_as")
    route.setCurrentIndex(route.findData("binary"))
    desktop.window.page.compose.finish()
    desktop.settle()
    desktop.window.page.compose.open("31600000002", "other")
    desktop.settle()
    assert raw(desktop).text() == ""
    desktop.window.page.compose.open(ECHO, "echo")
    desktop.settle()
    assert line(desktop, "vcard_given").text() == "Ada"
    assert route.currentData() == "binary"


@pytest.mark.parametrize("kind", [Kind.WAPPUSH, Kind.VCARD, Kind.VCAL])
@pytest.mark.parametrize("size, factor", [((800, 700), 1.0), ((1_100, 900), 1.25), ((1_300, 1_000), 2.0)])
def test_nothing_is_cut_in_a_narrow_window_or_with_large_text(
    desktop: Desktop, qapp: QApplication, kind: Kind, size: tuple[int, int], factor: float
) -> None:
    usual = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(larger.pointSizeF() * factor)
    qapp.setFont(larger)
    desktop.appearance.refresh()
    try:
        sheet(desktop, kind)
        desktop.window.resize(*size)
        desktop.qtbot.waitUntil(lambda: desktop.window.size().toTuple() >= size)
        desktop.settle()
        shown = desktop.window.page.compose.sheet
        area = shown.findChild(FormArea)
        assert area is not None
        controls = area.findChildren(QLineEdit) + area.findChildren(RawText) + area.findChildren(Button)
        for control in controls:
            if control.isVisible():
                left = control.mapTo(area.viewport(), QPoint(0, 0)).x()
                assert left >= 0, control.objectName()
                assert left + control.width() <= area.viewport().width(), control.objectName()
                assert control.height() >= control.fontMetrics().lineSpacing(), control.objectName()
        assert desktop.window.page.timeline.height() > 60
    finally:
        qapp.setFont(usual)
        desktop.appearance.refresh()
