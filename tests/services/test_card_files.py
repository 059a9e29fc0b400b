from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import VCard, WapPush
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import Route
from sms_desktop.services.card_files import MAX_OCTETS, cards_of, read_card_file
from sms_desktop.services.drafting import read
from sms_desktop.services.outbox import usual_route
from sms_desktop.settings.profiles import SANDBOX
from tests.fakes.desktop import LIVE

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann é\r\nN:é;Ann;;;\r\nEND:VCARD\r\n"
INSIDE = "BEGIN:VCARD\nVERSION:2.1\nN:Out\nAGENT:\nBEGIN:VCARD\nN:In\nEND:VCARD\nEND:VCARD\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_files_as_phones_write_them(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.vcf").write_bytes((CARD + "\r\n" + CARD).encode(encoding))
    found = read_card_file(tmp_path / "a.vcf", Kind.VCARD)
    assert [card.name for card in found] == ["Ann é", "Ann é"]
    assert found[0].text == CARD.replace("\r\n", "\n")


def test_a_card_inside_a_card_stays_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_text(INSIDE)
    (found,) = read_card_file(tmp_path / "a.vcf", Kind.VCARD)
    assert found.text == INSIDE


def test_what_is_no_plain_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Mendable, match="is no file"):
        read_card_file(tmp_path / "pipe", Kind.VCARD)
    (tmp_path / "a.vcf").write_bytes(b"B" * (MAX_OCTETS + 1))
    with pytest.raises(Mendable, match="at most 2 MB"):
        read_card_file(tmp_path / "a.vcf", Kind.VCARD)
    (tmp_path / "b.vcf").write_text(CARD)
    with pytest.raises(Mendable, match=r"b.vcf is no calendar: BEGIN:VCALENDAR is missing."):
        read_card_file(tmp_path / "b.vcf", Kind.VCAL)


@given(st.binary(max_size=300), st.sampled_from([Kind.VCARD, Kind.VCAL]))
def test_any_file_gives_cards_or_a_sentence(content: bytes, kind: Kind) -> None:
    begin = b"BEGIN:VCARD\n" if kind is Kind.VCARD else b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n"
    assert cards_of("x", begin + content, kind)


def test_what_the_route_cannot_carry_means_nothing() -> None:
    fields = {"url": "http://a.example/", "validity": "2 days", "expires": "nonsense", "action": "signal-low"}
    own = read(Draft(Kind.WAPPUSH, "Hi", {**fields, "as": "api"}))
    assert own.problems == ()
    assert own.message == WapPush("Hi", "http://a.example/", validity_ms=172_800_000)
    ours = read(Draft(Kind.WAPPUSH, "Hi", {**fields, "as": "binary"}))
    assert [problem.field for problem in ours.problems] == ["expires"]
    assert ours.message == WapPush("Hi", "http://a.example/", action="signal-low")


@pytest.mark.parametrize("kept", ['{"birthday": "1990"}', "not json", "[1]", "{"])
def test_what_is_not_in_the_card_keeps_it_from_being_sent(kept: str) -> None:
    written = read(Draft(Kind.VCARD, "BEGIN:VCARD", {"typed": kept}))
    assert written.message == VCard("BEGIN:VCARD")
    assert [problem.field for problem in written.problems] == (["birthday"] if "1990" in kept else [])


def test_the_usual_route_is_the_providers() -> None:
    assert usual_route(SANDBOX) is Route.API
    assert LIVE.provider is Provider.VONAGE
    assert usual_route(LIVE) is Route.BINARY
