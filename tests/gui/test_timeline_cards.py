from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from sms_desktop.messages.ids import ComposeId, GatewayMessageId, new_id
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary, Message, VCal, VCard, WapPush
from sms_desktop.messages.wire import Route
from sms_desktop.services import payloads, reassembly
from sms_desktop.services.binary_inbound import BinaryPart
from sms_desktop.services.outbox import Compose, Outbox
from sms_desktop.ui.conversations.bubble_layout import CARD_ICON
from sms_desktop.ui.conversations.cards import Card
from sms_desktop.ui.conversations.content_words import content_line
from sms_desktop.ui.conversations.page import ConversationPage
from sms_desktop.ui.conversations.verdict import BubbleAction
from tests.fakes.desktop import Desktop

PARTY = "31600000001"
CONTACT = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Hopper;Grace\r\nTEL;CELL:+31612345678\r\nEND:VCARD\r\n"
EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:1.0\r\nBEGIN:VEVENT\r\nSUMMARY:Stand-up\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
PUSH = WapPush("New timetable", "https://example.com/timetable")


def sample(name: str) -> Binary:
    payload = payloads.named(name)
    return Binary(payload.udh, payload.body, payload.protocol_id)


def send(desktop: Desktop, message: Message, route: Route | None = None, *, parts: int = 1) -> None:
    outbox = Outbox(desktop.store, clock=lambda: desktop.desk.now_us)
    sent = outbox.send(
        Compose(ComposeId(new_id()), desktop.profile, PARTY, desktop.profile.sender, message, route=route)
    )
    for gateway_id in desktop.desk.answered(sent, *["0"] * parts):
        desktop.desk.receipt(PARTY, gateway_id, "delivered")


def receive(desktop: Desktop, udh: str, data: str, number: int = 1) -> None:
    octets = BinaryPart(udh, data)
    part = reassembly.InboundPart(
        GatewayMessageId(f"0B{number:014X}"),
        PARTY,
        desktop.profile.sender,
        Kind.BINARY,
        "",
        None,
        desktop.desk.now_us,
        octets,
    )
    with desktop.store.write() as writing:
        reassembly.take(writing, desktop.profile.id, [part])


def page_of(desktop: Desktop) -> ConversationPage:
    desktop.open(PARTY)
    desktop.settle()
    return desktop.window.page


def cards(desktop: Desktop) -> list[Card | None]:
    entries = page_of(desktop).timeline.visible_entries()
    return [entry.bubble.card.card if entry.bubble.card else None for entry in entries]


@pytest.fixture
def accessible(qapp: QApplication) -> Iterator[None]:
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.mark.parametrize(
    "message, route, icon, title, caption",
    [
        (VCard(CONTACT), None, "kind-vcard", "Grace Hopper", "vCard 2.1 · 76 octet"),
        (
            VCard(CONTACT),
            Route.BINARY,
            "kind-vcard",
            "Grace Hopper",
            "vCard 2.1 · as binary · port 9204 · 76 octet",
        ),
        (VCal(EVENT), None, "kind-vcal", "Stand-up", "vCal 1.0 · "),
        (PUSH, None, "kind-wappush", "New timetable", "WAP Push · https://example.com/timetable"),
        (
            sample("ring-tone"),
            None,
            "kind-binary",
            "Ring tone",
            "Binary · port 5505 · 7 header + 25 body octets",
        ),
        (sample("flash"), None, "kind-binary", "Binary data", "Binary · 13 octet"),
        (
            sample("port-empty"),
            None,
            "kind-binary",
            "Data for port 16000",
            "Binary · 7 header + 0 body octets",
        ),
        (sample("vcard"), None, "kind-vcard", "Ada Lovelace", "vCard 2.1 · Binary · port 9204 · "),
        (
            sample("wap-push-si"),
            None,
            "kind-wappush",
            "New timetable",
            "WAP Push · http://example.com/ · Binary",
        ),
    ],
)
def test_what_is_no_text_is_a_card(
    desktop: Desktop, message: Message, route: Route | None, icon: str, title: str, caption: str
) -> None:
    send(desktop, message, route)
    [card] = cards(desktop)
    assert card is not None
    assert (card.icon, card.title) == (icon, title)
    assert card.caption.startswith(caption)


def test_a_text_is_no_card_even_where_it_looks_like_one(desktop: Desktop) -> None:
    desktop.desk.delivered(PARTY, "BEGIN:VCARD", minutes_ago=2)
    assert cards(desktop) == [None]


def test_the_card_stands_inside_its_bubble_and_says_its_parts(desktop: Desktop) -> None:
    send(desktop, VCard(CONTACT.replace("END", "NOTE:" + "x" * 300 + "\r\nEND")), Route.BINARY, parts=3)
    page = page_of(desktop)
    [entry] = page.timeline.visible_entries()
    placed = entry.bubble.card
    assert placed is not None
    assert "3 part" in placed.card.caption
    assert entry.bubble.rect.contains(placed.rect)
    assert placed.rect.contains(placed.icon_rect)
    assert placed.icon_rect.width() == CARD_ICON
    for text in (placed.title, placed.caption):
        assert placed.rect.contains(text.layout.boundingRect().translated(text.at))
    assert entry.bubble.meta_rect.top() > placed.rect.bottom()


def test_a_long_title_is_cut_and_one_from_right_to_left_stays_inside(desktop: Desktop) -> None:
    send(desktop, WapPush("Wort " * 200, "https://example.com/"))
    send(desktop, WapPush("הודעה חדשה", "https://example.com/"))
    long, hebrew = page_of(desktop).timeline.visible_entries()
    assert long.bubble.card is not None
    assert long.bubble.card.card.title.endswith("…")
    assert long.bubble.card.rect.height() < 200
    placed = hebrew.bubble.card
    assert placed is not None
    line = placed.title.layout.lineAt(0)
    assert placed.rect.contains(line.naturalTextRect().translated(placed.title.at))


def test_a_received_card_and_octets(desktop: Desktop) -> None:
    vcard = sample("vcard")
    receive(desktop, vcard.udh.hex(), vcard.body.hex(), 1)
    receive(desktop, "", "00010203040506", 2)
    first, second = cards(desktop)
    assert first is not None
    assert (first.icon, first.title) == ("kind-vcard", "Ada Lovelace")
    assert second is not None
    assert (second.title, second.caption.endswith("00 01 02 03 04 05 …")) == ("Binary data", True)


def test_a_part_that_has_not_come_is_still_a_block_and_what_is_no_octets_stays_text(desktop: Desktop) -> None:
    receive(desktop, "0B0003CC0201050423F40000", "424547494E", 1)
    receive(desktop, "", "no hex", 2)
    page = page_of(desktop)
    first, second = page.timeline.visible_entries()
    assert first.bubble.card is None
    assert first.bubble.missing
    assert second.bubble.card is None
    assert second.bubble.texts


def test_copy_takes_the_text_that_was_sent(desktop: Desktop) -> None:
    send(desktop, VCard(CONTACT))
    send(desktop, sample("ring-tone"))
    vcard = sample("vcard")
    receive(desktop, vcard.udh.hex(), vcard.body.hex())
    page = page_of(desktop)
    copied = []
    for entry in page.timeline.visible_entries():
        page.act(entry.row, BubbleAction.COPY)
        copied.append(QGuiApplication.clipboard().text())
    ring = sample("ring-tone")
    assert copied[0].splitlines() == CONTACT.splitlines()
    assert bytes.fromhex(copied[1]) == ring.udh + ring.body
    assert copied[2].splitlines() == vcard.body.decode().splitlines()


@pytest.mark.usefixtures("accessible")
def test_a_screen_reader_says_what_the_card_is(desktop: Desktop) -> None:
    send(desktop, sample("ring-tone"))
    page = page_of(desktop)
    QTest.qWait(0)
    spoken = [label.accessibleName() for label in page.timeline.viewport().findChildren(QLabel)]
    [line] = [name for name in spoken if "Ring tone" in name]
    assert line.startswith("You, to ")
    assert "Ring tone, Binary, port 5505, 7 header + 25 body octets" in line
    assert "delivered" in line


@pytest.mark.parametrize(
    "kind, text, line",
    [
        (Kind.VCARD, CONTACT, "vCard · Grace Hopper"),
        (Kind.VCARD, "FN:Ada Lovelace\nN:Lovelace;Ada", "vCard · Ada Lovelace"),
        (Kind.VCARD, "N;CHARSET=UTF-8:Şahin;İpek;;;", "vCard · İpek Şahin"),
        (Kind.VCAL, EVENT, "vCal · Stand-up"),
        (Kind.WAPPUSH, "New\nhttps://example.com/", "WAP Push · New"),
        (Kind.BINARY, "0605040B8423F0 0106", "Binary · port 2948 · WAP Push"),
        (Kind.BINARY, "0605043E800000", "Binary · port 16000"),
        (Kind.BINARY, "024A3A", "Binary · 024A3A"),
        (
            Kind.BINARY,
            "vCard: Ada, port 9204 (vCard), 83 octets",
            "Binary · vCard: Ada, port 9204 (vCard), 83 octets",
        ),
        (Kind.BINARY, "", "Binary"),
    ],
)
def test_the_line_in_the_list_of_conversations(kind: Kind, text: str, line: str) -> None:
    assert content_line(kind, text) == line
