"""What a message will cost, from an account's price list to the meter."""

from __future__ import annotations

import json
import socket
from pathlib import Path

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.providers import Provider
from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.compose.meter import Figures
from tests.fakes.keyrings import FakeKeyring
from tests.fakes.office import Office
from tests.gateway.peers import Peer, http, peer


class PriceList:
    """A gateway that knows prices for one country, and counts who asks."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        path = served.requests[-1].split(b" ")[1].decode()
        if "get-pricing" not in path:
            connection.sendall(http("404 Not Found", b"{}"))
            return
        self.asked.append(path.partition("?")[2])
        document = {"defaultPrice": "0.07500", "currency": "EUR", "networks": []}
        connection.sendall(http("200 OK", json.dumps(document).encode()))


def say(office: Office, text: str) -> Figures:
    editor = office.window.page.compose.text_sheet.editor
    event = QInputMethodEvent()
    event.setCommitString(text)
    office.application.sendEvent(editor, event)
    found = office.window.findChild(Figures, "meter_figures")
    assert isinstance(found, Figures)
    return found


def test_the_sandbox_tells_its_price(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    with Office(qtbot, qapp, tmp_path) as office:
        figures = say(office, "x" * 161)
        office.wait(lambda: figures.price_words() == "about EUR 0.07")


def test_an_account_is_asked_once_for_each_country(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, ring: FakeKeyring
) -> None:
    ring.kept["sms-desktop", "live/api_secret"] = "secret12"
    prices = PriceList()
    with peer(prices) as served:
        profile = Profile(
            ProfileId("live"), "Live", Provider.VONAGE, "abcd1234", "Acme", gateway_url=served.url
        )
        with Office(qtbot, qapp, tmp_path, profile, shown=profile) as office:
            office.window.page.open("31612345678")
            figures = say(office, "x" * 161)
            office.wait(lambda: figures.price_words() == "about EUR 0.15")
            office.window.page.open("31687654321")
            figures = say(office, "Hello")
            office.wait(lambda: figures.price_words() == "about EUR 0.08")
            assert office.window.page.compose.prices.estimate("31687654321", 4) is not None
        assert prices.asked == ["country=NL"]
