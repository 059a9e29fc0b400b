"""Accounts in the window: added, changed and removed by keyboard and mouse, with a keyring that behaves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import SecretService
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import Authentication, RequestFormat
from sms_desktop.services import account_fields
from sms_desktop.settings.profiles import SANDBOX, Profile
from sms_desktop.ui.first_start import FirstStartCard
from tests.fakes.keyrings import FakeKeyring, Mood
from tests.fakes.office import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LIVE = Profile(
    ProfileId("helpdesk"),
    "Helpdesk NL",
    Provider.VONAGE,
    "abcd1234",
    "319701052200",
    gateway_url="http://127.0.0.1:9",  # nobody listens there
)
SHOP = replace(LIVE, id=ProfileId("shop"), name="Web shop", colour="indigo")
SECRET = "canary-secret-1"
Open = Callable[..., Office]


@pytest.fixture
def office(qtbot: QtBot, qapp: QApplication, tmp_path: Path, ring: FakeKeyring) -> Iterator[Open]:
    opened: list[Office] = []

    def open_it(*accounts: Profile, shown: Profile | None = None, keyring_seconds: float = 0.4) -> Office:
        shown = shown or (accounts[0] if accounts else SANDBOX)
        opened.append(Office(qtbot, qapp, tmp_path, *accounts, shown=shown, keyring_seconds=keyring_seconds))
        return opened[0]

    yield open_it
    ring.released.set()
    for one in opened:
        one.close()


def fill(office: Office) -> None:
    """Type a new account of Vonage."""
    office.type("name", "Night desk")
    office.type("api_key", "k1k2k3k4")
    office.type("api_secret", SECRET)
    office.type("sender", "NightDesk")


def kept_in(ring: FakeKeyring, profile: str) -> dict[str, str]:
    return {
        user.partition("/")[2]: secret
        for (service, user), secret in ring.kept.items()
        if service == "sms-desktop" and user.startswith(f"{profile}/")
    }


def test_a_real_account_is_one_dialog_away(office: Open, ring: FakeKeyring) -> None:
    here = office()
    here.wait(lambda: here.window.findChild(FirstStartCard) is not None)
    QTest.mouseClick(here.find(QWidget, "add_account"), Qt.MouseButton.LeftButton)
    here.wait(lambda: here.there("field_name"))
    assert not here.dialog.isModal()
    fill(here)
    here.press("save_account")
    here.wait(lambda: here.text("account_note") == "Saved")
    (account,) = here.profiles()
    assert (account.id, account.name, account.api_key, account.sender) == (
        "night-desk",
        "Night desk",
        "k1k2k3k4",
        "NightDesk",
    )
    assert kept_in(ring, "night-desk") == {"api_secret": SECRET}
    assert threading.get_ident() not in ring.threads, "the keyring is never asked on the window's thread"
    assert SECRET not in here.places.profiles.read_text()
    assert SECRET not in here.edit("api_secret").text(), "a secret that is kept is not shown again"
    assert "night-desk" in " ".join(label.text() for label in here.dialog.findChildren(QLabel))


def test_every_field_refuses_in_place_and_loses_nothing(office: Open) -> None:
    here = office(shown=SANDBOX)
    here.open_accounts().add()
    here.press("save_account")
    assert here.words("name") == here.words("api_key") == here.words("sender") == "This is needed."
    assert here.text("account_note") == "3 fields need a look"
    here.wait(lambda: here.edit("name").hasFocus())
    fill(here)
    here.press("more_settings")
    for name, typed, words in (
        ("gateway_url", "http://gateway.example", "Plain HTTP would send secrets"),
        ("relay_url", "relay", "This is not the address of a server"),
        ("stream", "a b", "It has 1 to 64 letters"),
        ("proxy", "socks5://x", "It is the address of an HTTP proxy"),
        ("sender", "!!", "'!!' holds '!'"),
    ):
        before = here.edit(name).text()
        here.type(name, typed)
        assert here.words(name).startswith(words)
        assert here.find(QWidget, f"field_{name}").accessibleDescription().startswith(words)
        here.press("save_account")
        assert here.profiles() == ()
        assert here.edit(name).text() == typed
        here.edit(name).clear()
        here.edit(name).textEdited.emit("")
        if before:
            here.type(name, before)
    here.type("ca_file", "/nowhere/ca.pem")
    here.press("save_account")
    here.wait(lambda: "can't be read" in here.words("ca_file"))
    assert here.profiles() == ()
    assert here.edit("api_secret").text() == SECRET, "what was typed is still there"


def test_what_is_probably_not_meant_is_a_warning(office: Open) -> None:
    here = office(shown=SANDBOX)
    here.open_accounts().add()
    fill(here)
    here.type("sender", "Night desk")
    assert here.words("sender") == "It goes as Nightdesk, without spaces."
    here.type("relay_url", "http://127.0.0.1:8080")
    assert "can't reach" in here.words("relay_url")
    here.type("api_secret", "pasted ")
    assert "begins or ends with a space" in here.words("api_secret")


def test_two_accounts_are_never_called_the_same(office: Open) -> None:
    here = office(LIVE)
    here.open_accounts().add()
    fill(here)
    here.type("name", "helpdesk nl")
    here.press("save_account")
    assert here.words("name").startswith("Another account is called so")
    here.type("name", "Sandbox")
    here.press("save_account")
    assert here.words("name").startswith("Another account is called so")
    assert here.profiles() == (LIVE,)


def test_the_fields_follow_provider_and_authentication(office: Open) -> None:
    here = office(shown=SANDBOX)
    here.open_accounts().add()
    assert here.there("field_api_key")
    assert not here.there("field_algorithm")
    here.choose("authentication", Authentication.SIGNATURE)
    assert here.there("field_algorithm")
    assert here.there("field_signature_secret")
    here.press("more_settings")
    here.choose("format", RequestFormat.XML)
    here.choose("provider", Provider.KPN)
    for name, typed in (("name", "Desk"), ("client_id", "client-1"), ("sender", "Desk")):
        here.type(name, typed)
    assert account_fields.profile_from(here.dialog.form.values, ProfileId("x")).format is RequestFormat.FORM
    for name in ("api_key", "api_secret", "signature_secret", "authentication", "phone"):
        assert not here.there(f"field_{name}"), name
    for name in ("client_id", "client_secret", "test_application"):
        assert here.there(f"field_{name}"), name
    here.find(QCheckBox, "field_test_application").click()
    assert here.there("field_phone")
    here.choose("provider", Provider.SANDBOX)
    assert here.there("field_gateway_url"), "a gateway of one's own has no address that is known"


def test_an_account_is_changed_and_its_secret_replaced_or_not(office: Open, ring: FakeKeyring) -> None:
    ring.kept["sms-desktop", "helpdesk/api_secret"] = "old"
    here = office(LIVE, SHOP)
    here.open_accounts()
    here.wait(lambda: here.there("replace_api_secret"))
    assert here.edit("api_secret").isReadOnly()
    here.type("name", "Help desk")
    here.press("save_account")
    here.wait(lambda: here.profiles()[0].name == "Help desk")
    assert kept_in(ring, "helpdesk") == {"api_secret": "old"}
    here.wait(lambda: here.window.windowTitle().startswith("Help desk"))
    here.press("replace_api_secret")
    here.type("api_secret", SECRET)
    here.press("save_account")
    here.wait(lambda: kept_in(ring, "helpdesk") == {"api_secret": SECRET})
    assert here.profiles()[1] == SHOP


def test_what_is_typed_stays_with_its_account(office: Open) -> None:
    here = office(LIVE, SHOP)
    dialog = here.open_accounts()
    here.type("name", "Half a name")
    dialog.list.view.setCurrentRow(1)
    assert here.edit("name").text() == "Web shop"
    assert "not saved" in dialog.list.view.item(0).text()
    dialog.close()
    here.open_accounts()
    dialog.list.view.setCurrentRow(0)
    assert here.edit("name").text() == "Half a name"
    here.press("discard_account")
    assert here.edit("name").text() == "Helpdesk NL"
    assert "not saved" not in dialog.list.view.item(0).text()


def test_without_a_keyring_that_is_said_and_memory_is_offered(office: Open, ring: FakeKeyring) -> None:
    ring.mood = Mood.ABSENT
    here = office(shown=SANDBOX)
    here.open_accounts().add()
    fill(here)
    here.press("save_account")
    here.wait(lambda: here.there("keep_in_memory"))
    assert here.text("notice_head") == "No keyring was found."
    assert here.profiles() == ()
    here.press("install_keyring")
    assert "gnome-keyring" in here.text("notice_words")
    here.press("keep_in_memory")
    here.wait(lambda: len(here.profiles()) == 1)
    assert ring.kept == {}
    here.wait(
        lambda: (
            "in memory until you quit" in " ".join(label.text() for label in here.dialog.findChildren(QLabel))
        )
    )
    for file in here.places.data.parent.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file


def test_a_locked_keyring_is_tried_again_after_it_was_unlocked(office: Open, ring: FakeKeyring) -> None:
    ring.mood = Mood.LOCKED
    here = office(shown=SANDBOX)
    here.open_accounts().add()
    fill(here)
    here.press("save_account")
    here.wait(lambda: here.there("try_keyring"))
    assert here.text("notice_head") == "The keyring is locked."
    assert here.edit("api_secret").text() == SECRET
    ring.mood = Mood.FINE
    here.press("try_keyring")
    here.wait(lambda: kept_in(ring, "night-desk") == {"api_secret": SECRET})
    here.wait(lambda: not here.there("account_notice"))


def test_a_silent_keyring_holds_nobody_up(office: Open, ring: FakeKeyring) -> None:
    here = office(shown=SANDBOX)
    here.open_accounts().add()
    fill(here)
    ring.mood = Mood.SILENT
    here.press("save_account")
    here.type("name", "Typed meanwhile")
    here.wait(lambda: here.there("try_keyring"))
    assert here.text("notice_head") == "The keyring does not answer."
    assert here.edit("name").text() == "Typed meanwhile"
    here.press("keep_in_memory")
    here.wait(lambda: [account.name for account in here.profiles()] == ["Typed meanwhile"])


def test_removing_asks_and_keeps_the_messages(office: Open, ring: FakeKeyring) -> None:
    ring.kept["sms-desktop", "helpdesk/api_secret"] = SECRET
    here = office(LIVE, SHOP)
    here.open_accounts()
    here.press("remove_account")
    here.wait(lambda: here.there("confirm_remove"))
    assert here.text("notice_head") == "Remove the account Helpdesk NL?"
    assert "messages stay" in here.text("notice_words")
    assert here.find(QWidget, "keep_account").hasFocus(), "Enter keeps it"
    here.press("keep_account")
    assert here.profiles() == (LIVE, SHOP)
    here.press("remove_account")
    here.press("confirm_remove")
    here.wait(lambda: here.profiles() == (SHOP,))
    here.wait(lambda: kept_in(ring, "helpdesk") == {})
    here.wait(lambda: here.window.profile == SANDBOX)  # the one that was shown is gone
    assert here.edit("name").text() == "Web shop"


def test_secrets_that_can_t_be_removed_are_said(office: Open, ring: FakeKeyring) -> None:
    ring.kept["sms-desktop", "shop/api_secret"] = SECRET
    here = office(LIVE, SHOP, shown=SANDBOX)
    here.open_accounts().list.view.setCurrentRow(1)
    here.wait(lambda: here.there("replace_api_secret"))
    ring.mood = Mood.LOCKED
    here.press("remove_account")
    here.press("confirm_remove")
    here.wait(lambda: here.profiles() == (LIVE,))
    here.wait(lambda: here.there("account_notice"))
    assert "Web shop may still be in it" in here.text("notice_words")


def test_the_form_is_complete_by_keyboard_and_named(office: Open) -> None:
    here = office(LIVE)
    dialog = here.open_accounts()
    assert here.there("field_proxy"), "details that are not the usual ones are unfolded"
    reached: list[str] = []
    here.edit("name").setFocus()
    for _ in range(80):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused.objectName() in reached:
            break
        reached.append(focused.objectName())
        assert focused.accessibleName(), focused.objectName()
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    fields = "provider api_key api_secret sender relay_url relay_token ingest_token proxy ca_file"
    wanted = {f"field_{name}" for name in fields.split()} | {"colour_plum", "test_account", "save_account"}
    assert wanted <= set(reached), " ".join(reached)
    order = [name for name in reached if name in wanted]
    assert order.index("field_provider") < order.index("field_api_key") < order.index("save_account")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_chosen_account_keeps_its_colour(office: Open) -> None:
    here = office(LIVE)
    dialog = here.open_accounts()
    item = dialog.list.view.item(0)
    assert item.isSelected()
    size = dialog.list.view.iconSize()
    chosen, other = (item.icon().pixmap(size, mode) for mode in (QIcon.Mode.Selected, QIcon.Mode.Normal))
    assert chosen.toImage() == other.toImage()


@pytest.mark.parametrize("scale", [1.0, 1.25, 2.0], ids=["100%", "125%", "200%"])
def test_large_text_is_never_cut(office: Open, qapp: QApplication, scale: float) -> None:
    font, large = qapp.font(), qapp.font()
    large.setPointSizeF(font.pointSizeF() * scale)
    qapp.setFont(large)
    try:
        here = office(LIVE)
        dialog = here.open_accounts()
        here.qtbot.wait(20)
        for control in dialog.findChildren(QWidget):
            if not control.isVisible():
                continue
            if isinstance(control, QAbstractButton) and control.text():
                host = control.parentWidget()
                assert host is not None
                assert host.rect().contains(control.geometry()), control.objectName()
            if isinstance(control, QAbstractButton | QLineEdit) and not isinstance(control, QCheckBox):
                assert control.height() >= min(
                    QFontMetricsF(control.font()).lineSpacing(), control.sizeHint().height()
                ), control.objectName()
            if isinstance(control, QLabel) and control.text():
                wrapped = control.wordWrap()
                wanted = control.heightForWidth(control.width()) if wrapped else control.sizeHint().height()
                assert control.height() >= wanted - 1, control.text()
                if not wrapped:
                    assert control.width() >= control.sizeHint().width() - 1, control.text()
    finally:
        qapp.setFont(font)


@pytest.mark.secret_service
def test_a_real_secret_service_keeps_the_secret_and_gives_it_back_to_nobody_else(office: Open) -> None:
    real: KeyringBackend = SecretService.Keyring()  # type: ignore[no-untyped-call]  # keyring's own
    keyring.set_keyring(real)
    here = office(shown=SANDBOX, keyring_seconds=10.0)
    here.open_accounts().add()
    fill(here)
    here.press("more_settings")
    here.type("gateway_url", "http://127.0.0.1:9")
    here.press("save_account")
    here.wait(lambda: here.text("account_note") == "Saved")
    assert real.get_password("sms-desktop", "night-desk/api_secret") == SECRET
    here.wait(lambda: here.there("replace_api_secret"))
    here.press("test_account")
    here.wait(lambda: here.text("result_keyring").endswith(" ms"))
    assert "failed" not in here.text("result_keyring")
    here.press("remove_account")
    here.press("confirm_remove")
    here.wait(lambda: here.text("account_note") == "Removed")
    assert real.get_password("sms-desktop", "night-desk/api_secret") is None
