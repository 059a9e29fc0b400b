"""The linter: every documented rule, with its document; every status that can be known beforehand."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.gateway.auth import Bearer, SecretInBody
from sms_desktop.gateway.lint import lint
from sms_desktop.gateway.request import build
from sms_desktop.messages.addresses import recipient, sender
from sms_desktop.messages.country_codes import has_known_country_code
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.findings import Finding, Severity
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.statuses import API_STATUSES
from sms_desktop.messages.wire import Route

HELLO = Text("Hello")
PUSH = WapPush("Title", "https://example.com/")


def found(message: Message = HELLO, **changed: Any) -> tuple[Finding, ...]:
    given: dict[str, Any] = {
        "options": Options(),
        "sender": "Acme",
        "to": "+31612345678",
        "provider": Provider.VONAGE,
    }
    return lint(message, **(given | changed))


# Status, what provokes it, the field, and whether it is certain.
PREDICTED: list[tuple[str, dict[str, Any], str, Severity]] = [
    ("2", {"message": Text("")}, "text", Severity.ERROR),
    ("2", {"sender": " "}, "from", Severity.ERROR),
    ("2", {"to": ""}, "to", Severity.ERROR),
    ("2", {"message": Binary(b"", b"")}, "body", Severity.ERROR),
    ("2", {"message": WapPush("", "http://x")}, "title", Severity.ERROR),
    ("2", {"message": WapPush("T", "")}, "url", Severity.ERROR),
    ("2", {"message": VCard(" \n")}, "vcard", Severity.ERROR),
    ("2", {"message": VCal("")}, "vcal", Severity.ERROR),
    ("3", {"message": Unicode("half \ud83d")}, "text", Severity.ERROR),
    ("3", {"message": Binary(b"", b"x", 256)}, "protocol-id", Severity.ERROR),
    ("3", {"message": WapPush("T", "http://x", -1)}, "validity", Severity.ERROR),
    ("3", {"options": Options(client_ref="x" * 101)}, "client-ref", Severity.ERROR),
    ("3", {"options": Options(client_ref="x" * 41), "provider": Provider.KPN}, "client-ref", Severity.ERROR),
    ("4", {"api_key": "abc"}, "api_key", Severity.WARNING),
    ("6", {"to": "+2101234567"}, "to", Severity.WARNING),
    ("12", {"message": Text("x" * 3201)}, "text", Severity.ERROR),
    ("12", {"message": Binary(bytes(6), bytes(135))}, "body", Severity.ERROR),
    ("12", {"message": VCard("BEGIN:VCARD" + "x" * 40_000)}, "vcard", Severity.ERROR),
    ("15", {"sender": "TwelveLetters"}, "from", Severity.ERROR),
    ("15", {"to": "+12025550123"}, "from", Severity.WARNING),
    ("15", {"to": "+12025550123", "provider": Provider.SANDBOX}, "from", Severity.WARNING),
    ("16", {"options": Options(ttl=19_999)}, "ttl", Severity.ERROR),
    ("16", {"options": Options(ttl=604_800_001)}, "ttl", Severity.ERROR),
    ("18", {"to": "+31612345678, +31612345679"}, "to", Severity.ERROR),
    ("19", {"options": Options(account_ref="customer1234")}, "account-ref", Severity.WARNING),
    ("20", {"options": Options(message_class=4)}, "message-class", Severity.ERROR),
    ("23", {"options": Options(callback="example.com/dlr")}, "callback", Severity.ERROR),
    ("23", {"options": Options(callback="https://example.com/" + "x" * 81)}, "callback", Severity.ERROR),
    ("23", {"options": Options(callback="https://example.com/ä")}, "callback", Severity.ERROR),
    ("23", {"options": Options(callback="http://example.com/")}, "callback", Severity.WARNING),
    ("34", {"to": "0612345678"}, "to", Severity.ERROR),
    ("34", {"to": "+3161234567890123"}, "to", Severity.ERROR),
]

NOT_KNOWN_BEFOREHAND = {
    "1": "how fast others send with the same key",
    "5": "the platform's own state",
    "7": "the platform's own list of numbers",
    "8": "the account's standing",
    "9": "the account's credit at that moment",
    "10": "connections of others",
    "11": "how the account was set up",
    "13": "the platform's own links",
    "14": "the secret that the platform has",
    "17": "the provider's judgement",
    "22": "no request of ours names a network",
    "29": "the account's own list of numbers",
    "32": "a request has one authentication: both together can't be built",
    "33": "the number's own state",
    "101": "campaigns, which are another API",
    "102": "campaigns, which are another API",
    "103": "campaigns, which are another API",
}


@pytest.mark.parametrize("status, changed, field, severity", PREDICTED)
def test_a_status_is_predicted(status: str, changed: dict[str, Any], field: str, severity: Severity) -> None:
    assert [(f.field, f.severity) for f in found(**changed) if f.status == status] == [(field, severity)]


def test_every_documented_status_is_predicted_or_cannot_be() -> None:
    predicted = {status for status, *_ in PREDICTED}
    assert predicted | NOT_KNOWN_BEFOREHAND.keys() | {"0"} == API_STATUSES.keys()
    assert not predicted & NOT_KNOWN_BEFOREHAND.keys()


@pytest.mark.parametrize(
    "changed, field, words, document",
    [
        ({"sender": "My Shop"}, "from", "drops the spaces", "SMS API 1.5.0, from"),
        ({"sender": "Ab", "provider": Provider.KPN}, "from", "3 characters", "KPN portal"),
        ({"options": Options(ttl=900_000)}, "ttl", "30 minutes", "SMS API 1.5.0, ttl"),
        ({"options": Options(client_ref="x" * 41)}, "client-ref", "41 characters", "(2016), client-ref"),
        (
            {"options": Options(trusted_number=True)},
            "trusted-number",
            "Fraud Defender",
            "1.5.0, trusted-number",
        ),
        ({"options": Options(callback="https://localhost/")}, "callback", "can't reach", "1.5.0, callback"),
        (
            {"options": Options(callback="https://x.example/", status_report=False)},
            "callback",
            "nothing will come",
            "1.5.0, callback",
        ),
        (
            {"options": Options(callback="https://x.example/"), "provider": Provider.KPN},
            "status-report-req",
            "unless they are asked for",
            "KPN portal",
        ),
        ({"message": Unicode("x" * 100)}, "type", "takes 1 part, not 2", "(2016), type"),
        ({"message": Binary(b"", b"x")}, "udh", "is empty", "(2016), type"),
        ({"message": Binary(b"\x01\x00", b"")}, "body", "is empty", "(2016), type"),
        ({"message": Binary(b"\x05\x00", b"x")}, "udh", "says that 5 follow, and 1 do", "TS 23.040 9.2.3.24"),
        ({"message": Binary(b"\x02\x70\x00", b"x")}, "protocol-id", "127", "(2016), protocol-id"),
        ({"message": WapPush("T", "example.com")}, "url", "http://", "(2016), url"),
        ({"message": WapPush("T", "http://x", 60_000)}, "validity", "sent as binary", "(2016), validity"),
        ({"message": PUSH, "route": Route.API}, "type", "no longer", "1.5.0, type"),
        ({"message": VCard("N:Doe")}, "vcard", "BEGIN:VCARD", "(2016), vcard"),
        ({"message": VCal("N:Doe")}, "vcal", "BEGIN:VCALENDAR", "(2016), vcal"),
    ],
)
def test_a_warning_cites_its_document(changed: dict[str, Any], field: str, words: str, document: str) -> None:
    (finding,) = (f for f in found(**changed) if f.field == field)
    assert finding.severity is Severity.WARNING
    assert words in finding.sentence
    assert document in finding.document


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"options": Options(entity_id="1"), "provider": Provider.KPN}, "entity-id"),
        (
            {
                "message": WapPush("T", "http://x", expires=datetime(2030, 1, 1, tzinfo=UTC)),
                "route": Route.API,
            },
            "expires",
        ),
        ({"message": Text("ż")}, "text"),
    ],
)
def test_what_has_no_status_may_still_stop_a_message(changed: dict[str, Any], field: str) -> None:
    (finding,) = (f for f in found(**changed) if f.is_error)
    assert (finding.field, finding.status) == (field, None)


def test_a_receipt_that_nobody_would_get_is_warned_of() -> None:
    asked = Options(status_report=True)
    assert [f.field for f in found(options=asked)] == ["status-report-req"]
    assert found(options=asked, hears_receipts=True) == ()
    assert found(options=Options(status_report=True, callback="https://x.example/")) == ()
    assert found() == ()


def test_a_loss_that_is_accepted_is_no_error() -> None:
    assert found(Text("ż"), accept_loss=True) == ()


@pytest.mark.parametrize("message", [HELLO, Unicode("ż"), Binary(b"\x01\x00", b"x", 127), PUSH])
@pytest.mark.parametrize("provider", Provider)
def test_an_ordinary_message_is_fine_everywhere(message: Message, provider: Provider) -> None:
    assert not [f for f in found(message, provider=provider) if f.is_error]


def test_the_country_codes_are_those_of_the_numbering_plans() -> None:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    for code in range(1, 1000):
        number = f"{code}".ljust(12, "0")
        expected = any(int(number[:length]) in COUNTRY_CODE_TO_REGION_CODE for length in (1, 2, 3))
        assert has_known_country_code(number) is expected, code


_word = st.text(max_size=20) | st.sampled_from(["+31612345678", "Acme", "1", ",", "+1 202 555 0123"])
_optional = st.none() | _word
_options = st.builds(
    Options,
    ttl=st.none() | st.integers(),
    callback=st.none() | _word | st.just("https://x.example/"),
    message_class=st.none() | st.integers(-1, 5),
    client_ref=_optional,
    status_report=st.none() | st.booleans(),
    account_ref=_optional,
    entity_id=_optional,
    content_id=_optional,
    trusted_number=st.none() | st.booleans(),
    pool_id=_optional,
)
_message: st.SearchStrategy[Message] = st.one_of(
    st.builds(Text, st.text(max_size=200)),
    st.builds(Unicode, st.text(max_size=200)),
    st.builds(Binary, st.binary(max_size=80), st.binary(max_size=80), st.none() | st.integers(-1, 300)),
    st.builds(WapPush, st.text(max_size=20), st.text(max_size=20), st.none() | st.integers(-5, 2**40)),
    st.builds(VCard, st.text(max_size=50)),
    st.builds(VCal, st.text(max_size=50)),
)


@given(_message, _options, _word, _word, st.sampled_from(Provider))
def test_what_has_no_error_can_be_built_and_what_cannot_be_built_has_one(
    message: Message, options: Options, typed_sender: str, to: str, provider: Provider
) -> None:
    findings = lint(
        message, options, typed_sender, to, provider, route=Route.API, accept_loss=True, hears_receipts=True
    )
    json.dumps([finding.sentence.encode("utf-8", "replace").decode() for finding in findings])
    auth = Bearer("a", "b", "https://x") if provider is Provider.KPN else SecretInBody("abcd1234", "s")
    stops = any(finding.is_error for finding in findings)
    try:
        build(
            message,
            sender=sender(typed_sender).value,
            to=recipient(to),
            options=options,
            provider=provider,
            base_url="https://x.example",
            auth=auth,
        )
    except Mendable:
        assert stops
    else:
        blank_or_long = re.search(
            "empty|3,200|not in GSM-7|more than any", " ".join(f.sentence for f in findings)
        )
        assert not stops or blank_or_long or "one message" in " ".join(f.sentence for f in findings)


def test_a_key_press_does_not_wait_for_it() -> None:
    long, most = Text("x€" * 5_000), Unicode("ż" * 3_200)
    for message in (long, most, Text("[€" * 1_600)):
        best = min(_seconds(message) for _ in range(20))
        assert best < 0.002, f"{best * 1000:.2f} ms"


def _seconds(message: Message) -> float:
    began = time.perf_counter()
    found(message)
    return time.perf_counter() - began
