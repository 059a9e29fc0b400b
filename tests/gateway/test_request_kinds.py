"""What each kind, option, provider, authentication and format puts into a request."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.gateway.auth import Auth, Basic, Bearer, SecretInBody, Signature
from sms_desktop.gateway.request import GatewayRequest, Wire, build
from sms_desktop.gateway.signing import verify
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.wire import JSON_TYPES, RequestFormat
from tests.known_answers import known_answers

SECRET = "canary-5f0c&=ä"
BODY = SecretInBody("abcd1234", SECRET)
BEARER = Bearer("client-1", SECRET, "https://api.example/token")
HELLO = Text("Hello")


def request(content: Message = HELLO, **changed: Any) -> GatewayRequest:
    given: dict[str, Any] = {
        "sender": "Acme",
        "to": "447700900000",
        "options": Options(),
        "provider": Provider.VONAGE,
        "base_url": None,
        "auth": BODY,
    }
    return build(content, **(given | changed))


def sent(made: GatewayRequest) -> dict[str, str]:
    return dict(parse_qsl(made.body().decode(), keep_blank_values=True))


@pytest.mark.parametrize(
    "content, fields",
    [
        (Text("Hello"), {"type": "text", "text": "Hello"}),
        (Unicode("żółć"), {"type": "unicode", "text": "żółć"}),
        (
            Binary(bytes.fromhex("06050415811581"), bytes.fromhex("0011223344556677"), 127),
            {"type": "binary", "udh": "06050415811581", "body": "0011223344556677", "protocol-id": "127"},
        ),
        (Binary(b"", b"\xab"), {"type": "binary", "body": "AB"}),
        (Binary(b"\x01\x00", b"", 0), {"type": "binary", "udh": "0100", "protocol-id": "0"}),
        (
            WapPush("MyCompanyIsGreat", "https://example.com/?a=1&b=2", 86_400_000),
            {
                "type": "wappush",
                "title": "MyCompanyIsGreat",
                "url": "https://example.com/?a=1&b=2",
                "validity": "86400000",
            },
        ),
        (WapPush("T", "http://x"), {"type": "wappush", "title": "T", "url": "http://x"}),
        (VCard("BEGIN:VCARD\r\nEND:VCARD"), {"type": "vcard", "vcard": "BEGIN:VCARD\r\nEND:VCARD"}),
        (VCal("BEGIN:VCALENDAR\nEND:VCALENDAR"), {"type": "vcal", "vcal": "BEGIN:VCALENDAR\nEND:VCALENDAR"}),
    ],
)
def test_each_kind_has_its_own_fields_and_no_others(content: Message, fields: dict[str, str]) -> None:
    found = sent(request(content))
    assert {name: found[name] for name in found.keys() - {"api_key", "api_secret", "from", "to"}} == fields


def test_every_option_bears_the_api_s_name() -> None:
    options = Options(
        ttl=20_000,
        callback="https://example.com/dlr",
        message_class=0,
        client_ref="r",
        status_report=True,
        account_ref="customer1234",
        entity_id="1101456324675322134",
        content_id="1107457532145798767",
        trusted_number=True,
        pool_id="abc123",
    )
    found = sent(request(options=options))
    assert {name: found[name] for name in list(found)[6:]} == {
        "status-report-req": "1",
        "ttl": "20000",
        "callback": "https://example.com/dlr",
        "message-class": "0",
        "client-ref": "r",
        "account-ref": "customer1234",
        "entity-id": "1101456324675322134",
        "content-id": "1107457532145798767",
        "trusted-number": "true",
        "pool-id": "abc123",
    }
    assert found["from"] == "Acme", "the sender stays: it is the pool's fall-back"


@pytest.mark.parametrize(
    "report, vonage, kpn", [(None, None, None), (True, "1", "true"), (False, "0", "false")]
)
def test_a_receipt_is_asked_for_in_the_provider_s_words(
    report: bool | None, vonage: str | None, kpn: str | None
) -> None:
    options = Options(status_report=report)
    assert sent(request(options=options)).get("status-report-req") == vonage
    made = request(options=options, provider=Provider.KPN, auth=BEARER)
    assert sent(made).get("status-report-req") == kpn


@pytest.mark.parametrize(
    "field, changed",
    [
        ("body", {"content": Binary(b"", b"")}),
        ("body", {"content": Binary(b"\x06\x05\x04\x15\x81\x15\x81", bytes(134))}),
        ("protocol-id", {"content": Binary(b"", b"x", 256)}),
        ("title", {"content": WapPush("", "http://x")}),
        ("url", {"content": WapPush("T", "")}),
        ("validity", {"content": WapPush("T", "http://x", 0)}),
        ("expires", {"content": WapPush("T", "http://x", expires=datetime(2030, 1, 1, tzinfo=UTC))}),
        ("id", {"content": WapPush("T", "http://x", si_id="1")}),
        ("vcard", {"content": VCard("")}),
        ("vcal", {"content": VCal("")}),
        ("client-ref", {"options": Options(client_ref="x" * 101)}),
        ("client-ref", {"options": Options(client_ref="x" * 41), "provider": Provider.KPN, "auth": BEARER}),
        ("entity-id", {"options": Options(entity_id="1"), "provider": Provider.KPN, "auth": BEARER}),
        ("pool-id", {"options": Options(pool_id="")}),
        ("account-ref", {"options": Options(account_ref="x\n")}),
        ("format", {"provider": Provider.KPN, "auth": BEARER, "wire": Wire(RequestFormat.XML)}),
        ("json_type", {"wire": Wire(RequestFormat.JSON, "text/plain")}),
        ("signature_secret", {"auth": Signature("abcd1234", "")}),
        ("api_key", {"auth": Basic("a:b", SECRET)}),
        ("api_secret", {"auth": Basic("ab", "")}),
    ],
)
def test_what_cannot_be_sent_names_its_field(field: str, changed: dict[str, Any]) -> None:
    with pytest.raises(Mendable) as refused:
        request(**changed)
    assert refused.value.field == field
    assert "canary" not in refused.value.message


def test_140_octets_of_header_and_body_are_one_message() -> None:
    assert len(sent(request(Binary(bytes(7), bytes(133))))["body"]) == 266


@pytest.mark.parametrize("given_, expect", known_answers("basic_auth"))
def test_basic_credentials_are_the_published_ones(given_: dict[str, str], expect: dict[str, str]) -> None:
    made = request(auth=Basic(**given_))
    assert dict(made.headers())["Authorization"] == expect["header"]
    assert not sent(made).keys() & {"api_key", "api_secret", "sig"}


@pytest.mark.parametrize("algorithm", SignatureAlgorithm)
@pytest.mark.parametrize("wire", RequestFormat)
def test_a_signature_covers_all_parameters_and_stands_alone(
    algorithm: SignatureAlgorithm, wire: RequestFormat
) -> None:
    made = request(
        Text("a=1&b=2 ünï"),
        auth=Signature("abcd1234", SECRET, algorithm),
        wire=Wire(wire),
        clock=lambda: 1_600_000_000.9,
    )
    values = {parameter.name: parameter.value for parameter in made.parameters}
    assert values["timestamp"] == "1600000000"
    assert values["text"] == "a=1&b=2 ünï", (
        "the original value is sent, only the signed one has its & and = replaced"
    )
    assert verify(values, secret=SECRET, algorithm=algorithm)
    assert "api_secret" not in values
    assert "Authorization" not in dict(made.headers())


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_signed_text_is_verified_whatever_it_is(text: str) -> None:
    made = request(Unicode(text), auth=Signature("abcd1234", SECRET, SignatureAlgorithm.SHA256))
    fields = sent(made)
    assert fields["text"] == text
    assert verify(fields, secret=SECRET, algorithm=SignatureAlgorithm.SHA256)


def test_a_get_has_everything_in_its_address_and_says_that_its_body_is_empty() -> None:
    made = request(Text("Déjà vu"), wire=Wire(RequestFormat.GET))
    address = urlsplit(made.address())
    assert (made.method, made.url, made.body()) == ("GET", "https://rest.nexmo.com/sms/json", b"")
    assert "text=D%C3%A9j%C3%A0+vu" in address.query
    assert dict(made.headers())["Content-Length"] == "0"
    assert dict(parse_qsl(address.query))["api_secret"] == SECRET
    assert "canary" not in str(made.masked())


@pytest.mark.parametrize("json_type", JSON_TYPES)
def test_a_json_object_goes_out_under_any_of_its_seven_names(json_type: str) -> None:
    made = request(Text('Déjà "vu"\n'), wire=Wire(RequestFormat.JSON, json_type))
    assert made.url.endswith("/sms/json")
    assert dict(made.headers())["Content-Type"] == json_type
    assert json.loads(made.body())["text"] == 'Déjà "vu"\n'


def test_xml_is_asked_for_with_a_form() -> None:
    made = request(wire=Wire(RequestFormat.XML))
    assert made.url == "https://rest.nexmo.com/sms/xml"
    assert dict(made.headers()) == {
        "Accept": "text/xml, application/xml",
        "Content-Type": "application/x-www-form-urlencoded",
    }


def test_kpn_gets_a_token_and_no_key() -> None:
    made = request(provider=Provider.KPN, auth=BEARER, wire=Wire(inbound=True))
    assert made.url == "https://api-prd.kpn.com/communication/nexmo/sms/send"
    headers = dict(made.headers("tok"))
    assert (headers["Authorization"], headers["inbound"]) == ("Bearer tok", "yes")
    assert set(sent(made)) == {"from", "to", "type", "text"}
    assert "inbound" not in dict(request(provider=Provider.KPN, auth=BEARER).headers("tok"))


@pytest.mark.parametrize(
    "auth",
    [BODY, Basic("abcd1234", SECRET), Signature("abcd1234", SECRET), BEARER],
    ids=lambda auth: type(auth).__name__,
)
@pytest.mark.parametrize("wire", [RequestFormat.FORM, RequestFormat.JSON, RequestFormat.GET])
def test_no_secret_is_shown_of_any_authentication_in_any_format(auth: Auth, wire: RequestFormat) -> None:
    made = request(auth=auth, wire=Wire(wire))
    masked = made.masked()
    shown = f"{made!r} {auth!r} {json.dumps(masked)} {masked}"
    assert "canary" not in shown
    for parameter in made.parameters:
        if parameter.name == "sig":
            assert parameter.value not in shown
    if isinstance(auth, Basic):
        assert auth.credentials() not in shown
        assert masked["headers"]["Authorization"] == "Basic ***"
        assert made.redact(f"<a>{auth.credentials()}</a>") == "<a>***</a>"
    for spelling in (SECRET, "canary-5f0c%26%3D%C3%A4", "canary-5f0c&amp;=ä", "canary-5f0c&=\\u00e4"):
        if not isinstance(auth, Signature):
            assert "canary" not in made.redact(f"you sent {spelling}")


def test_an_address_in_a_text_is_not_taken_for_a_callback() -> None:
    made = request(Text("see https://example.com/h/offer"))
    assert made.masked()["parameters"]["text"] == "see https://example.com/h/offer"
