from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.gateway.auth import SecretInBody
from sms_desktop.gateway.providers import send_url
from sms_desktop.gateway.request import GatewayRequest, build, mask_callback
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Content, Text, Unicode
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider

TOKEN = "abcdefghijklmnopqrstuv"
HELLO = Text("Hello")
PLAIN = Options()


def vonage(content: Content = HELLO, options: Options = PLAIN, **changed: object) -> GatewayRequest:
    given: dict[str, object] = {
        "sender": "Acme",
        "to": "447700900000",
        "provider": Provider.VONAGE,
        "base_url": None,
        "auth": SecretInBody("abcd1234", "canary-secret"),
    }
    return build(content, options=options, **(given | changed))  # type: ignore[arg-type]


def test_a_request_holds_its_parameters_in_sending_order() -> None:
    request = vonage(
        Unicode("żółć"), Options(status_report=True, ttl=20000, message_class=0, client_ref="ref")
    )
    assert (request.method, request.url) == ("POST", "https://rest.nexmo.com/sms/json")
    assert parse_qsl(request.body().decode()) == [
        ("api_key", "abcd1234"),
        ("api_secret", "canary-secret"),
        ("from", "Acme"),
        ("to", "447700900000"),
        ("type", "unicode"),
        ("text", "żółć"),
        ("status-report-req", "1"),
        ("ttl", "20000"),
        ("message-class", "0"),
        ("client-ref", "ref"),
    ]


def test_what_is_not_set_is_not_sent() -> None:
    names = [name for name, _ in parse_qsl(vonage().body().decode())]
    assert names == ["api_key", "api_secret", "from", "to", "type", "text"]


def test_a_receipt_may_be_declined() -> None:
    assert b"status-report-req=0" in vonage(options=Options(status_report=False)).body()


def test_text_is_encoded_as_the_document_s_example() -> None:
    assert b"text=D%C3%A9j%C3%A0+vu" in vonage(Text("Déjà vu")).body()


@given(st.text(min_size=1).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)))
def test_any_text_arrives_as_it_was_written(text: str) -> None:
    fields = dict(parse_qsl(vonage(Text(text)).body().decode(), keep_blank_values=True))
    assert fields["text"] == text


def test_the_masked_request_is_the_same_but_for_its_secrets() -> None:
    request = vonage(options=Options(callback=f"https://relay.example/h/{TOKEN}/d"))
    masked = request.masked()
    assert masked["parameters"]["api_secret"] == "***"
    assert masked["parameters"]["callback"] == "https://relay.example/h/***/d"
    assert masked["parameters"]["text"] == "Hello"
    assert list(masked["parameters"]) == [name for name, _ in parse_qsl(request.body().decode())]
    assert json.loads(json.dumps(masked)) == masked
    assert f"callback=https%3A%2F%2Frelay.example%2Fh%2F{TOKEN}%2Fd".encode() in request.body()


def test_no_secret_shows_in_a_representation() -> None:
    request = vonage(options=Options(callback=f"https://relay.example/h/{TOKEN}/d"))
    for shown in (repr(request), str(request.masked()), repr(SecretInBody("abcd1234", "canary-secret"))):
        assert "canary" not in shown
        assert TOKEN not in shown


@pytest.mark.parametrize(
    "url, masked",
    [
        (f"http://127.0.0.1:8/h/{TOKEN}/m", "http://127.0.0.1:8/h/***/m"),
        (f"http://127.0.0.1:8/base/h/{TOKEN}", "http://127.0.0.1:8/base/h/***"),
        (f"http://127.0.0.1:8/h/{TOKEN}?x=1", "http://127.0.0.1:8/h/***?x=1"),
        ("https://mine.example/receipts", "https://mine.example/receipts"),
    ],
)
def test_the_ingest_token_of_a_callback_is_masked(url: str, masked: str) -> None:
    assert mask_callback(url) == masked


@pytest.mark.parametrize(
    "field, make",
    [
        ("text", lambda: vonage(Text(""))),
        ("text", lambda: vonage(Unicode("half \ud83d of a pair"))),
        ("from", lambda: vonage(sender="")),
        ("to", lambda: vonage(to="")),
        ("api_key", lambda: vonage(auth=SecretInBody("", "canary"))),
        ("api_secret", lambda: vonage(auth=SecretInBody("abcd1234", ""))),
        ("api_secret", lambda: vonage(auth=SecretInBody("abcd1234", "canary\udcff"))),
        ("ttl", lambda: vonage(options=Options(ttl=19999))),
        ("callback", lambda: vonage(options=Options(callback="ftp://example.com"))),
        ("gateway_url", lambda: vonage(base_url="http://gateway.example")),
        ("gateway_url", lambda: vonage(base_url="https://user:pw@gateway.example")),
        ("gateway_url", lambda: vonage(provider=Provider.SANDBOX)),
    ],
)
def test_what_cannot_be_sent_is_said_with_its_field(field: str, make: object) -> None:
    assert callable(make)
    with pytest.raises(Mendable) as refused:
        make()
    assert refused.value.field == field
    assert refused.value.message.startswith(f"{field}: ")
    assert "canary" not in refused.value.message


def test_half_a_surrogate_pair_is_named_by_its_position() -> None:
    with pytest.raises(Mendable, match="character 6 is half of a surrogate pair"):
        vonage(Unicode("half \ud83d of a pair"))


def test_an_own_base_address_may_have_a_path() -> None:
    assert (
        send_url(Provider.VONAGE, "https://proxy.example/vonage/") == "https://proxy.example/vonage/sms/json"
    )
    assert send_url(Provider.SANDBOX, "http://127.0.0.1:40123") == "http://127.0.0.1:40123/sms/json"
