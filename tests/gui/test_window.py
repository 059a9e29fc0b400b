from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QMetaMethod, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from sms_desktop.background.status import ProfileStatus, RelayCondition, Trouble
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Kind
from sms_desktop.services import inbox
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store import gaps
from sms_desktop.ui.appearance import ThemeChoice
from sms_desktop.ui.compose.editor import MessageEditor
from sms_desktop.ui.compose.send_button import SendButton
from sms_desktop.ui.first_start import FirstStartCard
from sms_desktop.ui.profile_plate import ProfilePlate
from sms_desktop.ui.theme import DARK, LIGHT, Scheme
from sms_desktop.ui.window_state import WindowState
from tests.fakes import pages
from tests.fakes.desk import busy_morning
from tests.fakes.desktop import LIVE, Desktop

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
NOOR = "31612345678"


def test_the_window_is_there_before_the_store_answers(desktop: Desktop) -> None:
    with desktop.store.read():  # reading waits its turn
        window = desktop.build()
        window.show()
        with desktop.qtbot.waitSignal(window.painted):
            pass
        assert window.list_pane.view.model().rowCount() == 0
        editor = desktop.find(MessageEditor, "message_text")
        desktop.keys(editor, "Typed before anything was read")
    desktop.wait(lambda: window.list_pane.view.model().rowCount() > 0)
    desktop.settle()
    assert editor.text() == "Typed before anything was read"
    assert window.list_pane.view.currentIndex().row() == 0


def test_a_live_account_opens_its_newest_conversation(live_desktop: Desktop) -> None:
    live_desktop.desk.receive("31687654321", "Older", minutes_ago=9)
    live_desktop.desk.receive(NOOR, "Newest", minutes_ago=1)
    assert live_desktop.open().page.party == NOOR


def test_tab_leads_from_the_number_of_a_new_message_to_its_text_and_back(desktop: Desktop) -> None:
    window = desktop.open()
    editor = desktop.find(MessageEditor, "message_text")
    window.new_button.click()
    field = window.page.recipient.field
    desktop.wait(field.hasFocus)
    desktop.keys(field, "+31612345678")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert window.focusWidget() is editor
    QTest.keyClick(editor, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert window.focusWidget() is field


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_card_of_the_first_start_closes_for_good(desktop: Desktop) -> None:
    window = desktop.open()
    card = desktop.find(FirstStartCard, "first_start")
    assert card.isVisible()
    assert card.accessibleName() == "You are in the Sandbox"
    window.page.compose.choose_kind(Kind.VCARD)
    assert not card.isVisible(), "a form needs the room"
    window.page.compose.choose_kind(Kind.UNICODE)
    assert card.isVisible()
    for shown in (True, False):
        desktop.press("options")
        assert card.isVisible() is not shown, "so do the options"
    desktop.press("close_first_start")
    assert not card.isVisible()
    window.close()
    assert desktop.open().findChild(FirstStartCard, "first_start") is None
    desktop.press("profile")
    desktop.action_of_menu("profile_about").trigger()
    assert desktop.find(FirstStartCard, "first_start").isVisible(), "it comes back when it is asked for"


def test_a_live_account_has_no_card_and_another_shape(live_desktop: Desktop) -> None:
    live_desktop.desk.receive(NOOR, "Hello", minutes_ago=1)
    window = live_desktop.open()
    assert window.findChild(FirstStartCard, "first_start") is None
    assert live_desktop.find(SendButton, "send").label == "Send"
    assert live_desktop.find(ProfilePlate, "profile").accessibleName() == "Profile Helpdesk NL. Live account"
    assert "live" in live_desktop.find(SendButton, "send").accessibleName()
    assert window.windowTitle().startswith("Helpdesk NL")


def status(**changes: object) -> ProfileStatus:
    return replace(ProfileStatus(LIVE.id, RelayCondition.CONNECTED), **changes)  # type: ignore[arg-type]


TROUBLE = Trouble("No contact with the relay for 4 min.", "Receipts come in later.", "error", "try_now", 1)


@pytest.mark.parametrize(
    "condition, words",
    [
        (RelayCondition.STARTING, "Connecting to the relay"),
        (RelayCondition.CONNECTED, "Relay connected · 0 behind"),
        (RelayCondition.UNREACHABLE, "Relay unreachable"),
        (RelayCondition.REFUSED, "The relay refused this computer"),
        (RelayCondition.NONE, "No relay: receipts and replies can't come in"),
        (RelayCondition.GAP, "Events are missing"),
        (RelayCondition.ELSEWHERE, "Another program of yours sends and receives for this profile"),
        (RelayCondition.STOPPED, "Relay stopped"),
    ],
)
def test_the_relay_is_told_in_words(live_desktop: Desktop, condition: RelayCondition, words: str) -> None:
    window = live_desktop.open()
    window.apply_status(
        status(relay=condition, relay_detail="Connection refused", last_event_us=1_800_000_000_000_000)
    )
    assert live_desktop.find(QLabel, "status_relay").text() == words
    assert live_desktop.find(QLabel, "status_relay").toolTip() == "Connection refused"
    assert live_desktop.find(QLabel, "status_event").text().startswith("Last event ")


def test_trouble_is_a_banner_that_blocks_nothing(live_desktop: Desktop) -> None:
    live_desktop.desk.receive(NOOR, "Hello", minutes_ago=1)
    window = live_desktop.open()
    editor = live_desktop.find(MessageEditor, "message_text")
    editor.setFocus()
    window.apply_status(status(relay=RelayCondition.UNREACHABLE, trouble=TROUBLE))
    banner = live_desktop.find(QWidget, "banner")
    assert banner.isVisible()
    assert banner.accessibleName() == "No contact with the relay for 4 min. Receipts come in later."
    assert editor.hasFocus()
    assert QApplication.activeModalWidget() is None
    live_desktop.press("try_now")
    assert live_desktop.tried == [1]
    live_desktop.press("close_banner")
    window.apply_status(status(relay=RelayCondition.UNREACHABLE, trouble=replace(TROUBLE, since_us=2)))
    assert not window.banners.isVisible(), "what was closed stays closed while it lasts"
    window.apply_status(status())
    window.apply_status(status(trouble=TROUBLE))
    assert window.banners.isVisible()
    window.apply_status(status())
    assert not window.banners.isVisible()


def test_who_goes_on_without_what_is_missing_is_asked_first(desktop: Desktop) -> None:
    inbox.apply_page(desktop.store, SANDBOX, pages.page(pages.inbound("one")))
    with pytest.raises(inbox.EventsMissing) as hole:
        inbox.apply_page(desktop.store, SANDBOX, pages.page(pages.inbound("nine"), first=9))
    inbox.note_hole(desktop.store, SANDBOX, hole.value)
    window = desktop.open()
    trouble = Trouble(hole.value.message, "If the relay has lost them for good ...", "warning", "go_on", 1)
    window.apply_status(ProfileStatus(SANDBOX.id, RelayCondition.GAP, trouble=trouble))
    button = desktop.find(QAbstractButton, "go_on")
    assert button.text() == "Go on without them…"
    button.click()
    desktop.settle()
    with desktop.store.read() as db:
        assert [gap.accepted_us for gap in gaps.every(db, SANDBOX.id)] == [None]
    assert button.text() == "Never show what is missing"
    button.click()
    desktop.wait(lambda: bool(desktop.tried))
    with desktop.store.read() as db:
        [gap] = gaps.every(db, SANDBOX.id)
    assert (gap.first, gap.last) == (2, 8)
    assert gap.accepted_us is not None


def test_a_store_that_takes_long_to_open_is_a_banner_that_goes_by_itself(desktop: Desktop) -> None:
    window = desktop.open()
    window.banners.show_opening(Trouble("Updating the store: 50%", "Wait.", "warning", None, 0))
    assert desktop.find(QWidget, "banner").accessibleName() == "Updating the store: 50% Wait."
    assert window.banners.isVisible()
    window.banners.show_opening(None)
    assert not window.banners.isVisible()


def test_a_failure_of_the_window_itself_is_a_banner(desktop: Desktop) -> None:
    window = desktop.open()
    window.show_trouble(Mendable("The store can't be read.", hint="Free some space."))
    assert desktop.find(QWidget, "banner").accessibleName() == "The store can't be read. Free some space."


def test_regions_follow_one_another(desktop: Desktop) -> None:
    desktop.open()
    regions = [
        desktop.find(QTableView, "conversation_list"),
        desktop.window.page.timeline,
        desktop.find(MessageEditor, "message_text"),
    ]
    regions[0].setFocus()
    for wanted in (*regions[1:], regions[0]):
        desktop.shortcut(Qt.Key.Key_F6, NO_MODIFIER)
        assert wanted.hasFocus()
    desktop.shortcut(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert regions[-1].hasFocus()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_keys_are_told_in_a_window_that_blocks_nothing(desktop: Desktop) -> None:
    window = desktop.open()
    desktop.shortcut(Qt.Key.Key_F1, NO_MODIFIER)
    keys = window.findChild(QDialog, "shortcuts_window")
    assert isinstance(keys, QDialog)
    assert not keys.isModal()
    words = {label.text() for label in keys.findChildren(QLabel)}
    assert {"New message", "Ctrl+N", "Send", "Next conversation", "Alt+Down"} <= words
    keys.close()
    desktop.action("about").trigger()
    about = window.findChild(QDialog, "about_window")
    assert isinstance(about, QDialog)
    about.close()


def test_every_menu_entry_does_something(desktop: Desktop) -> None:
    window = desktop.open()
    for top in window.menuBar().actions():
        menu = top.menu()
        assert menu is not None
        for entry in menu.actions():  # type: ignore[attr-defined]
            pressed = QMetaMethod.fromSignal(entry.triggered)
            assert entry.isSeparator() or entry.isSignalConnected(pressed), entry.text()


def test_a_theme_is_chosen_and_remembered(desktop: Desktop) -> None:
    window = desktop.open()
    assert desktop.appearance.theme == LIGHT
    desktop.action("theme_dark").trigger()
    assert desktop.appearance.theme == DARK
    assert QApplication.palette().window().color() == DARK.window
    desktop.wait(lambda: window.grab().toImage().pixelColor(5, 600) == DARK.base)
    desktop.action("theme_light").trigger()
    desktop.wait(lambda: window.grab().toImage().pixelColor(5, 600) == LIGHT.base)
    window.close()
    desktop.action("theme_dark").trigger()
    assert WindowState(desktop.folder / "window.ini").theme is ThemeChoice.DARK
    desktop.appearance.choose(ThemeChoice.LIGHT)


def test_high_contrast_draws_no_tints(desktop: Desktop) -> None:
    window = desktop.open(busy_morning(desktop.desk))
    desktop.wait(lambda: bool(window.page.timeline.visible_entries()))
    desktop.appearance.force_contrast(True)
    assert desktop.appearance.theme.scheme is Scheme.CONTRAST
    assert desktop.appearance.theme.bad == QApplication.palette().windowText().color()

    def grey() -> bool:
        image = window.page.timeline.grab().toImage()
        places = ((x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7))
        return all(QColor(image.pixel(x, y)).hsvSaturation() == 0 for x, y in places)

    desktop.wait(grey)
    desktop.appearance.force_contrast(False)


def test_size_and_splitter_are_remembered(desktop: Desktop) -> None:
    window = desktop.open()
    # The screen of the tests is 800 by 800.
    window.resize(750, 700)
    window.close()
    again = desktop.open()
    assert again.size() == QSize(750, 700)


def test_the_last_conversation_is_open_again(desktop: Desktop) -> None:
    busy_morning(desktop.desk)
    window = desktop.open()
    desktop.find(QTableView, "conversation_list").selectRow(3)
    party = window.page.party
    window.close()
    assert desktop.open().page.party == party


def test_closing_tells_and_saves(desktop: Desktop) -> None:
    window = desktop.open()
    with desktop.qtbot.waitSignal(window.closed):
        desktop.shortcut(Qt.Key.Key_Q)
    assert not window.isVisible()


@pytest.fixture(params=[1.25, 2.0], ids=["125%", "200%"])
def large_text(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[None]:
    font = qapp.font()
    large = qapp.font()
    large.setPointSizeF(font.pointSizeF() * request.param)
    qapp.setFont(large)
    yield
    qapp.setFont(font)


@pytest.mark.usefixtures("large_text")
def test_large_text_is_never_cut(desktop: Desktop) -> None:
    window = desktop.open(busy_morning(desktop.desk))
    window.resize(1_440, 1_000)
    desktop.say(desktop.find(MessageEditor, "message_text"), "We’ll see")
    window.apply_status(
        status(relay=RelayCondition.UNREACHABLE, trouble=TROUBLE, sender_waits_for="the keyring")
    )
    desktop.settle()
    desktop.qtbot.wait(20)
    for control in window.findChildren(QWidget):
        if not control.isVisible():
            continue
        if isinstance(control, (QAbstractButton, QLineEdit)) and not isinstance(control, QCheckBox):
            assert control.height() >= QFontMetricsF(control.font()).lineSpacing(), control
            assert control.height() >= control.minimumSizeHint().height(), control
        if isinstance(control, QAbstractButton):
            assert control.width() >= control.minimumSizeHint().width(), control
        if isinstance(control, QLabel) and control.text():
            wanted = (
                control.heightForWidth(control.width()) if control.wordWrap() else control.sizeHint().height()
            )
            assert control.height() >= wanted - 1, control.text()
            if not control.wordWrap():
                assert control.width() >= control.sizeHint().width() - 1, control.text()
    rows = desktop.find(QTableView, "conversation_list")
    assert rows.rowHeight(0) >= 2 * QFontMetricsF(QApplication.font()).lineSpacing()
    for entry in window.page.timeline.visible_entries():
        inside = entry.bubble.rect
        for text in entry.bubble.texts:
            for number in range(text.layout.lineCount()):
                assert inside.contains(text.layout.lineAt(number).naturalTextRect().translated(text.at))
        for button in entry.bubble.buttons:
            assert inside.contains(button.rect)
        assert inside.contains(entry.bubble.meta_rect)


def test_the_editor_grows_with_its_text_and_stops(desktop: Desktop) -> None:
    desktop.open()
    editor = desktop.find(QPlainTextEdit, "message_text")
    low = editor.height()
    editor.setPlainText("\n".join("line" for _ in range(5)))
    assert editor.height() > low
    editor.setPlainText("\n".join("line" for _ in range(50)))
    tall = editor.height()
    assert low < tall < 300
    editor.setPlainText("")
    assert editor.height() == low
