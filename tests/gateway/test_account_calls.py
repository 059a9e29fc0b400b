"""Calls about an account, against a gateway on a real socket that answers as the documents show."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

from sms_desktop.gateway import account_calls
from sms_desktop.gateway.account_calls import Access
from sms_desktop.gateway.auth import Basic, Bearer
from sms_desktop.gateway.client import GatewayClient
from sms_desktop.gateway.errors import AccessRefused, CallFailed, CallNotOffered, CallRefused
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.providers import Provider
from tests.gateway.peers import SECRET, Peer, answering, http, peer, reset

TOKEN = "abcdefghijklmnopqrstuv"
HOOK = f"https://relay.example/h/{TOKEN}/m"


@contextmanager
def gateway(*documents: object, provider: Provider = Provider.VONAGE) -> Iterator[tuple[Access, Peer]]:
    answers = iter(documents)

    def script(served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.sendall(http("200 OK", json.dumps(next(answers)).encode()))

    with peer(script) as served:
        yield Access(GatewayClient(), provider, served.url, Basic("abcd1234", SECRET)), served


def line_and_form(request: bytes) -> tuple[str, dict[str, str]]:
    head, _, body = request.partition(b"\r\n\r\n")
    assert b"\r\nAuthorization: Basic " in head
    assert b"canary" not in request, "the secret stands in the header only, as base64"
    line = head.decode().split("\r\n")[0].removesuffix(" HTTP/1.1")
    return line, dict(parse_qsl(body.decode(), keep_blank_values=True))


def test_the_balance_is_a_decimal_and_keeps_its_digits() -> None:
    with gateway({"value": 10.17127500, "autoReload": False}) as (access, served):
        found = account_calls.balance(access)
    assert (found.amount, found.auto_reload) == (Decimal("10.171275"), False)
    assert line_and_form(served.requests[0])[0] == "GET /account/get-balance"


@pytest.mark.parametrize(
    "value, words",
    [
        ("99.33400000", "EUR 99.334"),
        ("10", "EUR 10"),
        ("7.5", "EUR 7.50"),
        ("0.00000000", "EUR 0.00"),
        ("*****", "EUR *****"),
    ],
)
def test_a_balance_is_told_without_idle_zeros(value: str, words: str) -> None:
    with gateway({"value": value}) as (access, _):
        assert account_calls.balance(access).words == words


def test_own_numbers_are_read_page_by_page() -> None:
    def entry(number: int) -> dict[str, Any]:
        return {
            "country": "NL",
            "msisdn": str(31_970_000_000 + number),
            "moHttpUrl": "" if number else "https://other.example/in",
            "type": "mobile-lvn",
            "features": ["SMS", "VOICE"] if number else ["VOICE"],
        }

    pages = [{"count": 130, "numbers": [entry(n) for n in range(a, b)]} for a, b in ((0, 100), (100, 130))]
    with gateway(*pages) as (access, served):
        found = account_calls.own_numbers(access)
    assert len(found) == 130
    assert (found[0].inbound_url, found[0].can_send) == ("https://other.example/in", False)
    assert (found[1].msisdn, found[1].inbound_url, found[1].can_send) == ("31970000001", None, True)
    assert [line_and_form(request)[0] for request in served.requests] == [
        "GET /account/numbers?index=1&size=100",
        "GET /account/numbers?index=2&size=100",
    ]


@pytest.mark.parametrize(
    "document", [{}, {"count": 0}, {"numbers": None}, {"count": "x", "numbers": [1, {}, None]}]
)
def test_an_account_without_numbers_has_none(document: object) -> None:
    with gateway(document) as (access, _):
        assert account_calls.own_numbers(access) == ()


def test_prices_are_those_of_the_country() -> None:
    document = {
        "defaultPrice": "0.0700",
        "currency": "EUR",
        "networks": [{"networkCode": "20408", "networkName": "KPN", "price": "0.0650"}, "?"],
    }
    with gateway(document) as (access, served):
        found = account_calls.pricing(access, "NL")
    assert (found.price, found.currency) == (Decimal("0.0700"), "EUR")
    assert [(network.code, network.price) for network in found.networks] == [("20408", Decimal("0.0650"))]
    assert line_and_form(served.requests[0])[0] == "GET /account/get-pricing/outbound/sms?country=NL"
    with gateway() as (access, _), pytest.raises(CallRefused):
        account_calls.pricing(access, "Netherlands")


def test_the_account_s_addresses_are_set_and_read() -> None:
    document = {"mo-callback-url": HOOK, "dr-callback-url": "", "max-outbound-request": 30}
    with gateway(document, document) as (access, served):
        found = account_calls.callback_settings(access, inbound_url=HOOK, receipt_url="")
        account_calls.callback_settings(access)
    assert (found.inbound_url, found.receipt_url, found.requests_a_second) == (HOOK, None, 30)
    assert line_and_form(served.requests[0]) == (
        "POST /account/settings",
        {"moCallBackUrl": HOOK, "drCallBackUrl": ""},
    )
    assert line_and_form(served.requests[1])[1] == {}


def test_a_number_is_updated_and_a_refusal_is_told() -> None:
    good, bad = (
        {"error-code": "200", "error-code-label": "success"},
        {"error-code": "420", "error-code-label": "no"},
    )
    with gateway(good, bad, good) as (access, served):
        account_calls.update_number(access, country="NL", msisdn="31970000001", inbound_url=HOOK)
        with pytest.raises(CallRefused, match=r"no \(420\)"):
            account_calls.update_number(access, country="NL", msisdn="31970000001", inbound_url=HOOK)
        account_calls.update_number(access, country="NL", msisdn="31970000001", inbound_url="")
    assert line_and_form(served.requests[0]) == (
        "POST /number/update",
        {"country": "NL", "msisdn": "31970000001", "moHttpUrl": HOOK},
    )
    assert line_and_form(served.requests[2])[1]["moHttpUrl"] == ""


def test_kpn_s_calls_go_to_kpn_s_addresses_with_a_token() -> None:
    answers = iter(
        [
            {"access_token": "token-1", "expires_in": "3599"},
            {"message": "Your callback url is registered."},
            {"count": 1, "numbers": [{"country": "NL", "msisdn": "31970000001"}]},
            {"error-code": "200", "error-code-label": "success"},
        ]
    )

    def script(served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.sendall(http("200 OK", json.dumps(next(answers)).encode()))

    with peer(script) as served:
        bearer = Bearer("client-1", SECRET, f"{served.url}/oauth/client_credential/accesstoken")
        access = Access(GatewayClient(), Provider.KPN, served.url, bearer)
        account_calls.register_callback(access, to="31612345678", callback_url=HOOK)
        assert [number.msisdn for number in account_calls.own_numbers(access)] == ["31970000001"]
        account_calls.update_number(access, country="NL", msisdn="31970000001", inbound_url=HOOK)
        with pytest.raises(CallNotOffered):
            account_calls.balance(access)
    paths = [request.split(b" ")[1].decode() for request in served.requests]
    assert paths[1:] == [
        "/communication/nexmo/sms/register",
        "/communication/nexmo/phone-numbers/account/numbers?index=1&size=100",
        "/communication/nexmo/phone-numbers/number/update",
    ]
    assert all(b"\r\nAuthorization: Bearer token-1\r\n" in request for request in served.requests[1:])


CALLS: list[Callable[[Access], object]] = [
    account_calls.balance,
    account_calls.own_numbers,
    lambda access: account_calls.pricing(access, "NL"),
    account_calls.callback_settings,
    lambda access: account_calls.update_number(access, country="NL", msisdn="1", inbound_url=HOOK),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "answer, error, words",
    [
        (http("401 Unauthorized", b'{"error-code-label":"no such key"}'), AccessRefused, "no such key"),
        (http("403 Forbidden", b""), AccessRefused, "HTTP 403"),
        (http("404 Not Found", b"<html>"), CallNotOffered, "does not offer"),
        (http("420 Enhance Your Calm", b'{"error-code-label":"failed"}'), CallRefused, "failed"),
        (http("429 Too Many Requests", b""), CallFailed, "come back later"),
        (http("302 Found", b"", "Location: http://127.0.0.1:1/"), CallFailed, "never followed"),
        (http("500 Internal Server Error", b""), CallFailed, "had a fault"),
        (http("200 OK", b"<html>"), CallFailed, "not JSON"),
        (http("200 OK", b"[]"), CallFailed, "not an object"),
        (http("200 OK", b"[" * 50_000), CallFailed, "not JSON"),
        (http("200 OK", b"{", length=9), CallFailed, "broke"),
        (b"", CallFailed, "broke"),
    ],
    ids=str,
)  # fmt: skip
def test_every_answer_is_a_typed_outcome(
    call: Callable[[Access], object], answer: bytes, error: type[SmsDesktopError], words: str
) -> None:
    with peer(answering(answer)) as served:
        with pytest.raises(error, match=words) as told:
            call(Access(GatewayClient(), Provider.VONAGE, served.url, Basic("abcd1234", SECRET)))
        assert served.connections == 1
    assert "canary" not in told.value.message


def test_an_answer_that_repeats_secrets_is_told_without_them() -> None:
    basic = Basic("abcd1234", SECRET)
    body = json.dumps({"title": f"you are {basic.credentials()} {SECRET}"}).encode()
    with peer(answering(http("401 Unauthorized", body))) as served, pytest.raises(AccessRefused) as told:
        account_calls.balance(Access(GatewayClient(), Provider.VONAGE, served.url, basic))
    assert told.value.message.endswith("It said: you are *** ***")


def test_no_contact_is_no_exception_of_the_network() -> None:
    with peer(lambda _served, connection: reset(connection)) as served, pytest.raises(CallFailed):
        account_calls.balance(Access(GatewayClient(), Provider.VONAGE, served.url, Basic("a", SECRET)))
