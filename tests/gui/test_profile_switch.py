"""Another profile in the same window: its own shape, colour, messages and drafts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.providers import Provider
from sms_desktop.settings.profiles import SANDBOX, Profile
from sms_desktop.store.drafts import every
from sms_desktop.ui.accounts import account_news
from sms_desktop.ui.compose.send_button import SendButton
from sms_desktop.ui.profile_plate import ProfilePlate
from tests.fakes.keyrings import FakeKeyring
from tests.fakes.office import Office
from tests.gateway.peers import peer
from tests.services.test_connection import Gateway

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LIVE = Profile(
    ProfileId("helpdesk"), "Helpdesk NL", Provider.VONAGE, "abcd1234", "319701052200", "http://127.0.0.1:9"
)
SHOP = replace(LIVE, id=ProfileId("shop"), name="Web shop", colour="indigo", sender="WebShop")


@pytest.fixture
def office(qtbot: QtBot, qapp: QApplication, tmp_path: Path, ring: FakeKeyring) -> Iterator[Office]:
    ring.kept["sms-desktop", "helpdesk/api_secret"] = "s3"
    made = Office(qtbot, qapp, tmp_path, LIVE, SHOP, shown=SANDBOX)
    yield made
    made.close()


def choose(office: Office, profile: Profile) -> None:
    """Choose a profile in the menu of the button, with the mouse."""
    QTest.mouseClick(office.window.plate, Qt.MouseButton.LeftButton)
    menu = office.window.findChild(QMenu, "profile_menu")
    assert isinstance(menu, QMenu)
    entry = menu.findChild(QAction, f"choose_{profile.id}")
    assert isinstance(entry, QAction)
    menu.close()
    entry.trigger()
    office.wait(lambda: office.window.profile.id == profile.id)
    office.wait(lambda: office.window.findChild(QMenu, "profile_menu") is None)


def test_the_menu_marks_what_is_shown_and_leads_to_the_accounts(office: Office) -> None:
    office.window.plate.setFocus()
    QTest.keyClick(office.window.plate, Qt.Key.Key_Down)
    menu = office.window.findChild(QMenu, "profile_menu")
    assert isinstance(menu, QMenu)
    entries = {entry.objectName(): entry for entry in menu.actions()}
    assert entries["choose_sandbox"].isChecked()
    assert not entries["choose_helpdesk"].isChecked()
    assert entries["choose_helpdesk"].text() == "Helpdesk NL · live account"
    assert not entries["choose_shop"].icon().isNull()
    menu.close()
    entries["profile_add"].trigger()
    office.wait(lambda: office.there("field_name"))


def test_shape_colour_and_words_follow_the_profile(office: Office) -> None:
    plate = office.window.plate
    assert office.find(SendButton, "send").label == "Send in Sandbox"
    rail = office.find(QWidget, "profile_rail").grab().toImage()
    assert rail.pixelColor(2, 1) != rail.pixelColor(12, 1), "the sandbox's rail is dashed"
    size = office.window.size()
    choose(office, LIVE)
    assert office.window.plate is not plate
    assert office.window.size() == size
    assert office.find(ProfilePlate, "profile").accessibleName() == "Profile Helpdesk NL. Live account"
    assert office.find(SendButton, "send").label == "Send"
    assert "Helpdesk NL, live" in office.find(SendButton, "send").accessibleName()
    live = office.find(QWidget, "profile_rail").grab().toImage()
    assert live.pixelColor(2, 1) == live.pixelColor(12, 1), "a live rail is solid"
    assert office.edit_sender() == LIVE.sender
    choose(office, SHOP)
    shop = office.find(QWidget, "profile_rail").grab().toImage()
    assert shop.pixelColor(2, 1) != live.pixelColor(2, 1), "each account has its colour"
    assert office.window.windowTitle().startswith("Web shop")


def test_what_was_typed_stays_with_its_profile(office: Office) -> None:
    window = office.window
    QTest.keyClicks(window.page.compose.text_sheet.editor, "For the sandbox only")
    party = window.page.party
    choose(office, LIVE)
    assert window.page.compose.text_sheet.editor.text() == ""
    window.new_message()
    QTest.keyClicks(window.page.recipient.field, "+31612345678")
    QTest.keyClicks(window.page.compose.text_sheet.editor, "For a real phone")
    window.page.compose.sender_field.setText("Helpdesk")
    choose(office, SANDBOX)
    assert window.page.party == party
    office.wait(lambda: window.page.compose.text_sheet.editor.text() == "For the sandbox only")
    choose(office, LIVE)
    office.wait(lambda: window.page.compose.text_sheet.editor.text() == "For a real phone")
    assert window.page.recipient.typed() == "+31612345678"
    assert window.page.compose.sender_field.text() == "Helpdesk"
    with office.console.store.read() as db:
        kept = every(db, SANDBOX.id, party or "")[-1]
    assert kept is not None
    assert kept.text == "For the sandbox only"


def test_switching_at_once_and_back_loses_nothing(office: Office) -> None:
    window = office.window
    QTest.keyClicks(window.page.compose.text_sheet.editor, "Half a thought")
    for profile in (LIVE, SHOP, SANDBOX, LIVE, SANDBOX):
        window.profile_chosen.emit(profile)
    office.wait(lambda: window.page.compose.text_sheet.editor.text() == "Half a thought")
    QTest.keyClicks(window.page.compose.text_sheet.editor, " and more")
    assert window.page.compose.text_sheet.editor.text() == "Half a thought and more"


def test_the_sandbox_goes_on_working_behind_a_live_account(office: Office) -> None:
    window = office.window
    office.wait(lambda: "running" in office.text("status_relay"))
    choose(office, SHOP)
    office.wait(lambda: "running" not in office.text("status_relay"))
    office.wait(lambda: "API secret of Web shop" in window.status_line.queue.text())
    choose(office, SANDBOX)
    assert "running" in office.text("status_relay"), "nothing had to start again"


def test_balance_and_numbers_of_the_account_are_told(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, ring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_news, "SETTLING_MS", 1)
    monkeypatch.setattr(account_news, "_REST_SECONDS", 0.0)
    ring.kept["sms-desktop", "helpdesk/api_secret"] = "s3"
    gateway = Gateway(numbers={"31970000001": "", "31970000002": ""})
    with (
        peer(gateway) as served,
        Office(qtbot, qapp, tmp_path, replace(LIVE, gateway_url=served.url)) as office,
    ):
        profile = office.window.profile
        choose(office, replace(LIVE, gateway_url=served.url))
        office.wait(lambda: office.text("status_balance") == "Balance EUR 14.25")
        office.wait(lambda: not office.find(QWidget, "choose_sender").isHidden())
        office.window.page.compose.sender_box.open_choices()
        menu = office.window.findChild(QMenu, "sender_menu")
        assert isinstance(menu, QMenu)
        assert [entry.text() for entry in menu.actions()] == ["+31970000001", "+31970000002"]
        menu.actions()[1].trigger()
        menu.close()
        assert office.edit_sender() == "31970000002"
        asked = gateway.asked.count("/account/get-balance")
        office.window.sent.emit()
        office.wait(lambda: gateway.asked.count("/account/get-balance") == asked + 1)
        choose(office, profile)
        assert not office.find(QLabel, "status_balance").isVisible(), "the sandbox costs nothing"
