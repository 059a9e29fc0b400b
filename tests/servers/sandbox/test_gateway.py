"""The sandbox over real sockets: what it accepts, refuses and answers."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from tests.servers.sandbox.running import PATIENCE, SECRET, Running, form, supervised

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with supervised() as running:
        yield running


def test_an_accepted_text_is_answered_as_the_documents_show(sandbox: Running) -> None:
    (part,) = sandbox.send(client_ref="my-personal-reference")
    assert part.pop("message-id").isalnum()
    assert part.pop("remaining-balance").count(".") == 1
    assert part == {
        "to": "31612345678",
        "status": "0",
        "message-price": "0.03330000",
        "network": "20408",
        "client-ref": "my-personal-reference",
    }


@pytest.mark.parametrize(
    "kind, text, count",
    [
        ("text", "x" * 160, 1),
        ("text", "x" * 161, 2),
        ("text", "€" * 81, 2),
        ("text", "ж" * 160, 1),  # each becomes a question mark
        ("unicode", "x" * 70, 1),
        ("unicode", "x" * 71, 2),
        ("unicode", "😀" * 35, 1),
        ("unicode", "😀" * 36, 2),
        ("unicode", "Hello", 1),
    ],
)
def test_there_is_one_answer_for_each_part(sandbox: Running, kind: str, text: str, count: int) -> None:
    parts = sandbox.send(type=kind, text=text)
    assert [part["status"] for part in parts] == ["0"] * count
    assert len({part["message-id"] for part in parts}) == count
    assert len({part["remaining-balance"] for part in parts}) == count, "each part is charged"


@pytest.mark.parametrize(
    "changed, status, error_text",
    [
        ({"from_": ""}, "2", "Missing from param"),
        ({"to": ""}, "2", "Missing to param"),
        ({"text": ""}, "2", "Missing text param"),
        ({"api_key": ""}, "2", "Missing api_key param"),
        ({"api_secret": ""}, "2", "Missing api_secret param"),
        ({"api_secret": "wrong"}, "4", "Invalid credentials"),
        ({"api_secret": "ф"}, "4", "Invalid credentials"),
        ({"api_key": "wrong"}, "4", "Invalid credentials"),
        ({"type": "fax"}, "3", "Invalid Message Type"),
        ({"type": "binary"}, "2", "Missing body param"),
        ({"type": "binary", "body": "0"}, "3", "Invalid body param"),
        ({"type": "binary", "udh": "zz"}, "3", "Invalid udh param"),
        ({"type": "binary", "udh": "06050415811581", "body": "00" * 134}, "12", "140 octets"),
        ({"type": "binary", "udh": "06050415811581", "body": "00" * 133}, "0", None),
        ({"type": "binary", "body": "00", "protocol-id": "256"}, "3", "Invalid protocol-id param"),
        ({"type": "wappush", "title": "Hi"}, "2", "Missing url param"),
        ({"type": "wappush", "url": "http://example.com/"}, "2", "Missing title param"),
        ({"type": "wappush", "title": "Hi", "url": "http://example.com/", "validity": "x"}, "3", "validity"),
        ({"type": "wappush", "title": "Hi", "url": "http://example.com/", "validity": "86400000"}, "0", None),
        ({"type": "vcard"}, "2", "Missing vcard param"),
        ({"type": "vcard", "vcard": "BEGIN:VCARD\r\nEND:VCARD\r\n"}, "0", None),
        ({"type": "vcal"}, "2", "Missing vcal param"),
        ({"type": "vcal", "vcal": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"}, "0", None),
        ({"to": "31612345678,31612345679"}, "18", "Too many destinations"),
        ({"to": "12015550123"}, "15", "Illegal Sender Address"),
        ({"network-code": "20408"}, "0", None),
        ({"network-code": "26001"}, "22", "Invalid Network code"),
        ({"network-code": "NL"}, "22", "Invalid Network code"),
        ({"text": "x" * 3201}, "12", "Message too long"),
        ({"to": "+31612345678"}, "34", "Msisdn"),
        ({"to": "123456"}, "34", "Msisdn"),
        ({"to": "1234567890123456"}, "34", "Msisdn"),
        ({"to": "٣١٦١٢٣٤٥٦٧٨"}, "34", "Msisdn"),
        ({"to": "0612345678"}, "6", "prefix"),
        ({"to": "99912345678"}, "6", "prefix"),
        ({"to": "31600000005"}, "7", "Number barred."),
        ({"from_": "Twelve chars"}, "0", None),
        ({"from_": "TwelveLetter"}, "15", "Illegal Sender Address"),
        ({"from_": "1" * 16}, "15", "Illegal Sender Address"),
        ({"from_": "Ac/me"}, "15", "Illegal Sender Address"),
        ({"ttl": "19999"}, "16", "Invalid TTL"),
        ({"ttl": "604800001"}, "16", "Invalid TTL"),
        ({"ttl": "soon"}, "16", "Invalid TTL"),
        ({"ttl": "20000"}, "0", None),
        ({"message-class": "4"}, "20", "Invalid Message class"),
        ({"message-class": "0"}, "0", None),
        ({"callback": "example.com"}, "23", "Missing Protocol"),
        ({"callback": "ftp://example.com"}, "23", "Invalid Callback Url"),
        ({"callback": "https://example.com/" + "x" * 81}, "23", "Invalid Callback Url"),
        ({"callback": "https://exa mple.com/"}, "23", "Invalid Callback Url"),
        ({"callback": "https://[/"}, "23", "Invalid Callback Url"),
        ({"client-ref": "x" * 101}, "3", "client-ref"),
        ({"client-ref": "x" * 100}, "0", None),
        ({"status-report-req": "maybe"}, "3", "status-report-req"),
        ({"status-report-req": "true"}, "0", None),
    ],
)
def test_the_documented_status_refuses_a_mistake(
    sandbox: Running, changed: dict[str, str], status: str, error_text: str | None
) -> None:
    (part,) = sandbox.send(**changed)
    assert part["status"] == status
    if error_text is not None:
        assert set(part) == {"status", "error-text"}
        assert error_text in part["error-text"]


@pytest.mark.parametrize(
    "method, query, body, headers",
    [
        ("POST", "", urlencode(form()), FORM),
        ("POST", "", urlencode(form()), {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}),
        ("POST", "", urlencode(form()), {}),
        ("POST", "", json.dumps(form()), {"Content-Type": "application/json"}),
        ("POST", "", json.dumps(form()), {"Content-Type": "text/x-javascript; charset=utf-8"}),
        ("POST", "", json.dumps({**form(), "to": 31612345678, "ttl": 900000}), {"Content-Type": "text/json"}),
        ("POST", "?" + urlencode(form()), "", {}),
        ("GET", "?" + urlencode(form()), "", {"Content-Length": "0"}),
    ],
)
def test_parameters_may_come_in_every_documented_way(
    sandbox: Running, method: str, query: str, body: str, headers: dict[str, str]
) -> None:
    status, answer = sandbox.ask(method, "/sms/json" + query, body.encode(), headers)
    assert (status, json.loads(answer)["messages"][0]["status"]) == (200, "0")


@pytest.mark.parametrize(
    "method, path, body, headers, expected",
    [
        ("GET", "/sms/json?" + urlencode(form()), b"", {"Content-Length": ""}, 411),
        ("POST", "/sms/json", b"x" * 131_073, FORM, 413),
        ("POST", "/sms/json", b"{", {"Content-Type": "application/json"}, 400),
        ("POST", "/sms/json", b"[1]", {"Content-Type": "application/json"}, 400),
        ("POST", "/sms/json", b"[" * 60000, {"Content-Type": "application/json"}, 400),
        ("POST", "/sms/json", b"&".join([b"a=b"] * 65), FORM, 400),
        ("POST", "/sms/json", b"--x", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ("PUT", "/sms/json", b"", {}, 405),
        ("DELETE", "/sms/json", b"", {}, 405),
        ("HEAD", "/sms/json?" + urlencode(form()), b"", {}, 405),
        ("POST", "/sms/json/", b"", {}, 404),
        ("POST", "/", b"", {}, 404),
        ("POST", "/sms/yaml", b"", {}, 404),
        ("GET", "/%ff%00/../x", b"", {}, 404),
    ],
)
def test_what_is_no_request_of_the_api_gets_a_4xx(
    sandbox: Running, method: str, path: str, body: bytes, headers: dict[str, str], expected: int
) -> None:
    status, answer = sandbox.ask(method, path, body, headers)
    assert status == expected
    assert SECRET.encode() not in answer
    assert sandbox.send()[0]["status"] == "0", "and the next request is served"


def test_octets_that_are_no_utf_8_become_question_marks(sandbox: Running) -> None:
    body = urlencode(form(text="X")).replace("text=X", "text=%FF%FE").encode()
    status, answer = sandbox.ask("POST", "/sms/json", body, FORM)
    assert (status, json.loads(answer)["messages"][0]["status"]) == (200, "0")


def test_garbage_on_the_wire_gets_a_400(sandbox: Running) -> None:
    place = urlsplit(sandbox.url)
    with socket.create_connection((place.hostname, place.port), PATIENCE) as connection:
        connection.sendall(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


def test_the_account_never_runs_dry(sandbox: Running) -> None:
    balances = [float(part["remaining-balance"]) for part in sandbox.send(type="unicode", text="x" * 3200)]
    assert all(0 <= balance < 100 for balance in balances)


def test_the_log_holds_no_secret_and_no_text() -> None:
    with supervised() as running:
        running.send(text="canary-text")
        running.send(api_secret="canary-wrong")
        running.send(callback="https://example.com/h/canary-token-of-22-char/d")
        running.ask("GET", "/sms/json?" + urlencode(form()), b"")
        running.ask("POST", "/sms/json", b"{canary", {"Content-Type": "application/json"})
        arguments = running.process.args
    assert b"canary" not in b"".join(running.log)
    assert "its host 'example.com' is not this computer" in b"".join(running.log).decode()
    assert "canary" not in str(arguments)
