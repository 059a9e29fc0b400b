"""Balance, numbers, prices, settings; and KPN's side: tokens, /send, /register, /number/update."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.servers.sandbox.running import SECRET, Running, form, supervised
from tests.servers.sandbox.sink import Sink, sink

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BASIC = {"Authorization": "Basic " + b64encode(f"sandbox1:{SECRET}".encode()).decode()}
KPN = "/communication/nexmo"


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Sink, Running]]:
    with sink() as here, supervised(mo_callback=f"{here.url}/m") as running:
        yield here, running


@pytest.fixture
def sandbox(world: tuple[Sink, Running]) -> Running:
    return world[1]


def call(running: Running, method: str, path: str, headers: Any = None, **fields: str) -> tuple[int, Any]:
    headers = BASIC if headers is None else headers
    body = urlencode(fields).encode() if method == "POST" else b""
    if method == "GET" and fields:
        path += "?" + urlencode(fields)
    status, answer = running.ask(method, path, body, {**FORM, **headers})
    return status, json.loads(answer)


def test_the_balance_goes_down_by_the_price_of_every_part(sandbox: Running) -> None:
    before = call(sandbox, "GET", "/account/get-balance")[1]
    assert set(before) == {"value", "autoReload"}
    sandbox.send(text="x" * 161)
    assert call(sandbox, "GET", "/account/get-balance")[1]["value"] == pytest.approx(before["value"] - 0.0666)


def test_the_balance_in_xml(sandbox: Running) -> None:
    status, answer = sandbox.ask("GET", "/account/get-balance", b"", {**BASIC, "Accept": "application/xml"})
    assert status == 200
    assert b"<accountBalance><value>" in answer


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "/account/get-balance"),
        ("GET", "/account/numbers"),
        ("GET", "/account/get-pricing/outbound/sms"),
        ("POST", "/account/settings"),
        ("POST", "/number/update"),
    ],
)
def test_who_is_not_known_gets_a_401(sandbox: Running, method: str, path: str) -> None:
    for headers in ({}, {"Authorization": "Basic d3Jvbmc6d3Jvbmc="}, {"Authorization": "Bearer wrong"}):
        status, answer = call(sandbox, method, path, headers)
        assert (status, answer["error-code"]) == (401, "401")
    assert call(sandbox, method, path, {}, api_key="sandbox1", api_secret=SECRET)[0] != 401
    other = "POST" if method == "GET" else "GET"
    assert sandbox.ask(other, path, b"", BASIC)[0] == 405


def test_prices(sandbox: Running) -> None:
    status, answer = call(sandbox, "GET", "/account/get-pricing/outbound/sms", country="nl")
    assert status == 200
    assert answer["networks"][0]["networkCode"] == "20408"
    assert (answer["defaultPrice"], answer["currency"]) == ("0.03330000", "EUR")
    assert call(sandbox, "GET", "/account/get-pricing/outbound/sms", country="XX")[0] == 400
    assert call(sandbox, "GET", "/account/get-pricing/outbound/sms")[0] == 400


def test_own_numbers_can_be_searched(sandbox: Running) -> None:
    _, answer = call(sandbox, "GET", "/account/numbers")
    assert answer["count"] == len(answer["numbers"]) == 3
    assert call(sandbox, "GET", "/account/numbers", pattern="4477")[1]["count"] == 1
    assert call(sandbox, "GET", "/account/numbers", pattern="0000", search_pattern="2")[1]["count"] == 2
    assert call(sandbox, "GET", "/account/numbers", pattern="nothing", search_pattern="1")[1] == {}
    assert call(sandbox, "GET", "/account/numbers", size="1", index="2")[1]["numbers"][0]["country"] == "GB"
    assert call(sandbox, "GET", "/account/numbers", size="many")[0] == 420


def test_a_number_s_webhook_is_tried_and_then_used(world: tuple[Sink, Running]) -> None:
    here, running = world
    fields = {"country": "GB", "msisdn": "447700900000"}
    status, answer = call(running, "POST", "/number/update", **fields, moHttpUrl=f"{here.url}/own")
    assert (status, answer) == (200, {"error-code": "200", "error-code-label": "success"})
    assert [one.method for one in here.arrived if one.path == "/own"] == ["GET"]
    running.send(from_="447700900000", text="echo to the number")
    assert here.about(1, text="to the number")[0].path == "/own"
    assert call(running, "POST", "/number/update", **fields, moHttpUrl="http://127.0.0.1:9/")[0] == 420
    assert (
        call(running, "POST", "/number/update", **fields, moHttpUrl="https://example.com:webhooks/x")[0]
        == 420
    )
    assert call(running, "POST", "/number/update", **fields, moHttpUrl="https://example.com/x")[0] == 420
    assert call(running, "POST", "/number/update", country="GB", msisdn="44")[0] == 420
    assert call(running, "POST", "/number/update", **fields, moHttpUrl="")[0] == 200
    running.send(from_="447700900000", text="echo to the account")
    assert here.about(1, text="to the account")[0].path == "/m"


def test_settings_say_and_change_where_webhooks_go(world: tuple[Sink, Running]) -> None:
    here, running = world
    _, answer = call(running, "POST", "/account/settings")
    assert answer["mo-callback-url"] == f"{here.url}/m"
    assert answer["max-calls-per-second"] == 0
    assert call(running, "POST", "/account/settings", drCallBackUrl=f"{here.url}/dr")[1]["dr-callback-url"]
    running.send(client_ref="by settings")
    assert here.about(1, client_ref="by settings", status="delivered")[0].path == "/dr"
    assert call(running, "POST", "/account/settings", drCallBackUrl="ftp://x/")[0] == 420
    assert call(running, "POST", "/account/settings", drCallBackUrl="")[1]["dr-callback-url"] == ""


def token(running: Running, **changed: str) -> tuple[int, Any]:
    fields = {"client_id": "sandbox1", "client_secret": SECRET} | changed
    path = "/oauth/client_credential/accesstoken?grant_type=client_credentials"
    return call(running, "POST", path, {}, **fields)


def test_kpn_gives_tokens_to_its_clients(sandbox: Running) -> None:
    status, answer = token(sandbox)
    assert status == 200
    assert all(isinstance(value, str) for value in answer.values())
    assert (answer["token_type"], answer["expires_in"], answer["status"]) == ("Bearer", "3599", "approved")
    status, answer = token(sandbox, client_secret="wrong")
    assert status == 401
    assert set(answer) == {"transactionId", "status", "name", "message", "info"}
    assert sandbox.ask("POST", "/oauth/client_credential/accesstoken", b"", FORM)[0] == 400


@pytest.mark.parametrize("prefix", ["", f"{KPN}/sms"])
def test_kpn_sends_with_a_token_and_hides_money(sandbox: Running, prefix: str) -> None:
    bearer = {"Authorization": f"Bearer {token(sandbox)[1]['access_token']}"}
    fields = {"from": "Acme", "to": "31612345678", "text": "Hello", "client-ref": "x" * 40}
    status, answer = call(sandbox, "POST", f"{prefix}/send", bearer, **fields)
    assert (status, answer["message-count"]) == (200, "1")
    (part,) = answer["messages"]
    assert (part["status"], part["remaining-balance"], part["message-price"]) == ("0", "*****", "*****")
    _, longer = call(sandbox, "POST", f"{prefix}/send", bearer, **(fields | {"client-ref": "x" * 41}))
    assert longer["messages"][0]["status"] == "3"
    for headers in ({}, BASIC, {"Authorization": "Bearer wrong"}):
        assert call(sandbox, "POST", f"{prefix}/send", headers, **fields)[0] == 401


def test_kpn_sends_no_receipts_unless_asked(world: tuple[Sink, Running]) -> None:
    here, running = world
    bearer = {"Authorization": f"Bearer {token(running)[1]['access_token']}"}
    fields = {"from": "Acme", "to": "31612345678", "callback": f"{here.url}/kpn", "text": "echo kpn over"}
    call(running, "POST", "/send", bearer, **fields)
    here.about(1, text="kpn over")
    assert not [one for one in here.arrived if one.path == "/kpn"]
    call(running, "POST", "/send", bearer, **fields, **{"status-report-req": "true"})
    here.wait(3, lambda one: one.path == "/kpn")


def test_kpn_brings_replies_to_the_registered_webhook(world: tuple[Sink, Running]) -> None:
    here, running = world
    bearer = {"Authorization": f"Bearer {token(running)[1]['access_token']}"}
    registered = {"to": "31698765432", "callback_url": f"{here.url}/registered"}
    status, answer = call(running, "POST", "/register", bearer, **registered)
    assert (status, answer) == (200, {"message": "Your callback url is registered."})
    fields = {"from": "31600001234", "to": "31698765432"}
    call(running, "POST", "/send", bearer | {"inbound": "yes"}, **fields, text="echo with the header")
    call(running, "POST", "/send", bearer, **fields, text="echo without it")
    assert here.about(1, text="with the header")[0].path == "/registered"
    assert here.about(1, text="without it")[0].path == "/m"
    assert call(running, "POST", "/register", bearer, to="x", callback_url=here.url)[0] == 400
    assert call(running, "POST", "/register", bearer, to="31698765432", callback_url="https://a.b/")[0] == 400
    assert call(running, "POST", "/register", {}, **registered)[0] == 401


@pytest.mark.parametrize(
    "method, path, expected, name",
    [
        ("POST", f"{KPN}/sms/nowhere", 404, "ApplicationNotFound"),
        ("GET", f"{KPN}/sms/send", 405, "MethodNotAllowed"),
        ("GET", "/register", 405, "MethodNotAllowed"),
        ("GET", "/oauth/client_credential/accesstoken", 405, "MethodNotAllowed"),
    ],
)
def test_what_kpn_does_not_know_has_its_envelope(
    sandbox: Running, method: str, path: str, expected: int, name: str
) -> None:
    status, answer = call(sandbox, method, path, {})
    assert status == expected
    assert set(answer) == {"transactionId", "status", "name", "message", "info"}
    assert (answer["status"], answer["name"]) == (str(expected), name)


def test_get_needs_no_token_for_messages_in_the_query(sandbox: Running) -> None:
    # The whole request in the address, as the older reference allows with a Content-Length.
    status, answer = sandbox.ask("GET", "/sms/json?" + urlencode(form()), b"", {"Content-Length": "0"})
    assert (status, json.loads(answer)["messages"][0]["status"]) == (200, "0")
