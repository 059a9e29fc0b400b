from __future__ import annotations

import pytest

from sms_desktop.messages.findings import Severity
from sms_desktop.messages.ids import ComposeId
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.services.outbox import Compose, check
from sms_desktop.services.text_safety import findings
from sms_desktop.settings.profiles import SANDBOX
from tests.fakes.terminal import smsctl


@pytest.mark.parametrize(
    "message, field, words",
    [
        (Text("a\u200bb"), "text", "Text: a hidden character that nobody sees (U+200B ZERO WIDTH SPACE)."),
        (
            Unicode("x\u202ey\u202e"),
            "text",
            "Text: 2 marks that can turn the order of the letters (U+202E RIGHT-TO-LEFT OVERRIDE).",
        ),
        (
            VCard("BEGIN:VCARD\nFN:P\u0430ul"),
            "vcard",
            "vcard: a letter that only looks like a (U+0430 CYRILLIC SMALL LETTER A).",
        ),
        (
            VCal("\ufeffBEGIN"),
            "vcal",
            "vcal: a hidden character that nobody sees (U+FEFF ZERO WIDTH NO-BREAK SPACE).",
        ),
        (
            WapPush("Invoice", "http://bank.example@evil.example/"),
            "url",
            (
                "url: the link http://bank.example@evil.example/ leads to the host behind the @, "
                "not to the name before it."
            ),
        ),
    ],
)
def test_each_disguise_is_a_warning_at_its_field(message: Message, field: str, words: str) -> None:
    (found,) = findings(message)
    assert (found.field, found.severity, found.sentence) == (field, Severity.WARNING, words)
    assert found.document.startswith("Unicode U")
    compose = Compose(ComposeId("1"), SANDBOX, "31612345678", "Acme", message)
    assert found in check(compose)


def test_octets_and_plain_texts_have_nothing_to_tell() -> None:
    assert list(findings(Binary(b"", b"\xe2\x80\x8b"))) == []
    assert list(findings(Text("Hello"))) == []


def test_smsctl_send_warns_on_standard_error() -> None:
    done = smsctl(
        "send",
        "unicode",
        "--to",
        "31612345678",
        "--from",
        "Acme",
        "--text",
        "a\u200bb",
        "--dry-run",
        "--json",
    )
    assert done.status == 0
    assert "hidden character" in done.err.decode()
    assert done.json["state"] is None
