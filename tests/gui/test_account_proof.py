"""The connection test in the window: each step passing and failing, its gateway and relay as children."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.providers import Provider
from sms_desktop.services import proof
from sms_desktop.services.proof_steps import ProofStatus, ProofStep
from sms_desktop.settings.profiles import SANDBOX, Profile
from tests.fakes.keyrings import FakeKeyring, Mood
from tests.fakes.office import Office
from tests.gateway.peers import peer
from tests.servers.relay.running import RunningRelay, Stream
from tests.servers.relay.running import supervised as relay_server
from tests.servers.sandbox import running as sandbox_server
from tests.services.test_connection import Gateway

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

SECRET = "canary-secret-2"


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRelay]:
    with relay_server(tmp_path_factory.mktemp("relay") / "relay.db") as served:
        yield served


@pytest.fixture
def stream(relay: RunningRelay) -> Stream:
    return relay.stream()


class Room:
    """A gateway, an account of it, and the dialog open on that account."""

    def __init__(self, office: Office, gateway: Gateway, ring: FakeKeyring) -> None:
        self.office = office
        self.gateway = gateway
        self.ring = ring

    def test(self) -> dict[ProofStep, ProofStatus]:
        """Press Test and wait for all steps."""
        self.office.press("test_account")
        return self.tested()

    def tested(self) -> dict[ProofStep, ProofStatus]:
        """What the test that runs finds."""
        panel = self.office.dialog.proof
        self.office.wait(lambda: panel.summary.text().endswith("passed"))
        return {proof.step: proof.status for proof in panel.proofs}

    def cause(self, step: ProofStep) -> str:
        return self.office.text(f"cause_{step.value}")


@pytest.fixture
def room(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, ring: FakeKeyring, stream: Stream
) -> Iterator[Room]:
    gateway = Gateway(numbers={"31970000001": "", "31970000002": ""})
    gateway.inbound = f"{stream.url}/h/{stream.ingest_token}/m"
    for name, secret in (
        ("api_secret", SECRET),
        ("relay_token", stream.reader_token),
        ("ingest_token", stream.ingest_token),
    ):
        ring.kept["sms-desktop", f"live/{name}"] = secret
    with peer(gateway) as served:
        profile = Profile(
            ProfileId("live"),
            "Live",
            Provider.VONAGE,
            "abcd1234",
            "Acme",
            gateway_url=served.url,
            relay_url=stream.url,
            stream=stream.name,
        )
        # The sandbox is shown: nothing but the test asks this account's gateway and relay.
        office = Office(qtbot, qapp, tmp_path, profile, shown=SANDBOX)
        office.open_accounts()
        office.wait(lambda: office.there("replace_ingest_token"))
        yield Room(office, gateway, ring)
        ring.released.set()
        office.close()


def test_all_six_steps_pass(room: Room) -> None:
    where = room.office.find(QWidget, "test_account").pos()
    found = room.test()
    assert room.office.find(QWidget, "test_account").pos() == where, "a second press meets the same button"
    assert list(found) == list(ProofStep)
    assert set(found.values()) == {ProofStatus.PASSED}, room.office.dialog.proof.report_text("x")
    office = room.office
    assert office.text("test_summary") == "6 of 6 passed"
    assert office.text("result_keyring").startswith("Test keyring, ")
    assert office.text("result_credentials").startswith("accepted, ")
    assert office.text("result_balance") == "EUR 14.25"
    assert office.text("result_loop").startswith("came back, ")
    assert office.find(QWidget, "step_balance").accessibleName() == "Balance: EUR 14.25"
    office.press("copy_report")
    report = QApplication.clipboard().text()
    assert report.startswith("Live\n")
    assert "14.25" in report
    assert SECRET not in report
    assert "smsr_" not in report


def test_own_numbers_become_choices_of_the_sender(room: Room) -> None:
    room.test()
    box = room.office.dialog.form.findChild(QWidget, "field_sender")
    room.office.wait(lambda: box.count() == 2)  # type: ignore[union-attr]  # a combo box
    assert room.office.edit("sender").text() == "Acme", "what is typed stays"


def test_a_wrong_secret_fails_the_credentials_and_leads_to_its_field(room: Room) -> None:
    room.gateway.refuses = True
    found = room.test()
    assert found[ProofStep.CREDENTIALS] is ProofStatus.FAILED
    assert found[ProofStep.BALANCE] is ProofStatus.UNAVAILABLE
    assert found[ProofStep.LOOP] is ProofStatus.PASSED
    assert "HTTP 401" in room.cause(ProofStep.CREDENTIALS)
    assert "sending waits" in room.office.text("account_note")
    room.office.press("cure_credentials_field")
    room.office.wait(lambda: room.office.edit("api_secret").hasFocus())
    room.gateway.refuses = False
    room.office.press("cure_credentials_try_again")
    assert set(room.tested().values()) == {ProofStatus.PASSED}


@pytest.mark.parametrize(
    "mood, words, cures",
    [
        (Mood.ABSENT, "No keyring was found", ["in_memory", "install_keyring"]),
        (Mood.LOCKED, "The keyring is locked.", ["try_again", "in_memory"]),
        (Mood.SILENT, "The keyring does not answer.", ["try_again", "in_memory"]),
    ],
)
def test_a_keyring_in_trouble_fails_the_first_step(
    room: Room, mood: Mood, words: str, cures: list[str]
) -> None:
    room.ring.mood = mood
    found = room.test()
    assert found[ProofStep.KEYRING] is ProofStatus.FAILED
    assert set(found.values()) == {ProofStatus.FAILED, ProofStatus.UNAVAILABLE}
    assert room.cause(ProofStep.KEYRING).startswith(words)
    for cure in cures:
        assert room.office.there(f"cure_keyring_{cure}")


def test_secrets_kept_in_memory_pass_the_first_step(room: Room) -> None:
    room.ring.mood = Mood.ABSENT
    for name, secret in (
        ("api_secret", SECRET),
        ("relay_token", room.ring.kept["sms-desktop", "live/relay_token"]),
        ("ingest_token", room.ring.kept["sms-desktop", "live/ingest_token"]),
    ):
        room.office.press(f"replace_{name}")
        room.office.type(name, secret)
    room.test()
    room.office.press("cure_keyring_in_memory")
    room.office.wait(lambda: room.office.text("result_keyring").startswith("in memory until you quit"))
    assert set(room.tested().values()) == {ProofStatus.PASSED}


@pytest.mark.parametrize(
    "field, typed, step, words",
    [
        ("relay_url", "http://127.0.0.1:9", ProofStep.RELAY, ""),
        ("relay_token", "smsr_" + "x" * 43, ProofStep.RELAY, ""),
        ("ingest_token", "abcdefghijklmnopqrstuv", ProofStep.CALLBACK, "HTTP 404"),
    ],
)
def test_what_is_wrong_with_the_relay_is_told_at_its_step(
    room: Room, field: str, typed: str, step: ProofStep, words: str
) -> None:
    office = room.office
    if field != "relay_url":
        office.press(f"replace_{field}")
    office.type(field, typed)
    found = room.test()
    assert found[step] is ProofStatus.FAILED
    assert found[ProofStep.CREDENTIALS] is ProofStatus.PASSED
    assert words in room.cause(step)
    assert "receipts may not arrive" in office.text("account_note")
    office.press(f"cure_{step.value}_field")
    office.wait(lambda: office.edit(field).hasFocus())
    assert office.edit(field).text() == typed


def test_two_streams_mixed_up_fail_the_loop(
    room: Room, relay: RunningRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "LOOP_SECONDS", 0.5)
    other = relay.stream()
    room.office.press("replace_ingest_token")
    room.office.type("ingest_token", other.ingest_token)
    room.gateway.inbound = f"{other.url}/h/{other.ingest_token}/m"
    assert room.test()[ProofStep.LOOP] is ProofStatus.FAILED
    assert "did not come back" in room.cause(ProofStep.LOOP)


def test_an_account_that_leads_elsewhere_is_connected_only_when_the_person_says_so(room: Room) -> None:
    ours, room.gateway.inbound = room.gateway.inbound, "https://old.example/in"
    found = room.test()
    assert found[ProofStep.CALLBACK] is ProofStatus.FAILED
    assert "https://old.example/in" in room.cause(ProofStep.CALLBACK)
    room.office.press("cure_callback_connect")
    room.office.wait(lambda: room.office.there("replace_address"))
    assert room.gateway.inbound == "https://old.example/in"
    room.office.press("leave_address")
    room.office.press("cure_callback_connect")
    room.office.press("replace_address")
    room.office.wait(lambda: room.office.text("notice_head") == "Connected to the relay")
    assert room.gateway.inbound == ours
    assert set(room.tested().values()) == {ProofStatus.PASSED}
    assert "***" in room.office.text("notice_words")


def test_an_account_that_leads_nowhere_is_connected_with_one_button(room: Room) -> None:
    ours, room.gateway.inbound = room.gateway.inbound, ""
    room.office.press("connect_account")
    room.office.wait(lambda: room.gateway.inbound == ours)
    assert set(room.tested().values()) == {ProofStatus.PASSED}


def test_another_account_ends_the_test(room: Room) -> None:
    room.ring.mood = Mood.SILENT
    room.office.press("test_account")
    room.office.dialog.add()
    room.ring.mood = Mood.FINE
    room.ring.released.set()
    room.office.wait(lambda: room.office.dialog.proof.summary.text() == "")
    room.office.qtbot.wait(100)
    assert room.office.dialog.proof.proofs == ()


def test_a_sandbox_gateway_of_one_s_own_is_proven_as_far_as_it_can(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, ring: FakeKeyring, stream: Stream
) -> None:
    for name, secret in (
        ("api_secret", sandbox_server.SECRET),
        ("relay_token", stream.reader_token),
        ("ingest_token", stream.ingest_token),
    ):
        ring.kept["sms-desktop", f"own/{name}"] = secret
    with sandbox_server.supervised() as served:
        profile = replace(
            SANDBOX,
            id=ProfileId("own"),
            name="Own",
            gateway_url=served.url,
            relay_url=stream.url,
            stream=stream.name,
        )
        with Office(qtbot, qapp, tmp_path, profile, shown=SANDBOX) as office:
            office.open_accounts()
            office.wait(lambda: office.there("replace_ingest_token"))
            office.press("test_account")
            office.wait(lambda: office.text("test_summary").endswith("passed"))
            proofs = office.dialog.proof.proofs
    found = {proof.step: proof.status for proof in proofs}
    assert found[ProofStep.KEYRING] is found[ProofStep.LOOP] is ProofStatus.PASSED
    assert found[ProofStep.CREDENTIALS] is not ProofStatus.FAILED, proofs
