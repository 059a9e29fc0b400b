"""The table of documented statuses, walked: each is reached by its mistake, and by its magic recipient."""

from __future__ import annotations

import json
import socket
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from sms_desktop.gateway.magic_recipients import MAGIC_RECIPIENTS
from sms_desktop.gateway.response import retry_after_ms
from sms_desktop.gateway.sandbox import Behaviour
from sms_desktop.gateway.sandbox_control import AccountChanges, SandboxControl
from sms_desktop.gateway.signing import sign
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.statuses import API_STATUSES
from tests.servers.sandbox.running import PATIENCE, SECRET, Running, form, supervised

TOKEN = "canary-control-token"
SIGNATURE_SECRET = "canary-signature-secret"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

OTHER_SERVICES = {"101", "102", "103"}
"""Of two-factor authentication and campaigns, which are not sent to these addresses."""
NOBODYS_MISTAKE = {"5", "7", "13", "17", "33"}
"""Faults of the platform, and states of a number: magic recipients alone have them."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with supervised(control_token=TOKEN, signature_secret=SIGNATURE_SECRET) as running:
        yield running


def submit(running: Running, fields: dict[str, str], **headers: str) -> dict[str, str]:
    status, body = running.ask("POST", "/sms/json", urlencode(fields).encode(), FORM | headers)
    assert status == 200
    part: dict[str, str] = json.loads(body)["messages"][0]
    return part


def signed(algorithm: SignatureAlgorithm = SignatureAlgorithm.MD5HASH, **changed: str) -> dict[str, str]:
    fields = form(api_secret="") | {"timestamp": str(int(time.time()))} | changed
    return fields | {"sig": sign(fields, secret=SIGNATURE_SECRET, algorithm=algorithm)}


def basic(key: str = "sandbox1", secret: str = SECRET) -> str:
    return "Basic " + b64encode(f"{key}:{secret}".encode()).decode()


def with_account(changes: AccountChanges, **changed: str) -> Callable[[Running], str]:
    def work(running: Running) -> str:
        control = SandboxControl(url=running.url, token=TOKEN)
        control.account(changes)
        try:
            return running.send(**changed)[0]["status"]
        finally:
            control.reset()
            control.account(AccountChanges(rate=0, most_connections=200))

    return work


def too_many_connections(running: Running) -> str:
    place = urlsplit(running.url)
    SandboxControl(url=running.url, token=TOKEN).account(AccountChanges(most_connections=3))
    idle = [socket.create_connection((place.hostname, place.port), PATIENCE) for _ in range(4)]
    for connection in idle:  # a request each, so that the server has surely taken them
        connection.sendall(b"GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert connection.recv(20).startswith(b"HTTP/1.1 404")
    try:
        return running.send()[0]["status"]
    finally:
        for connection in idle:
            connection.close()
        SandboxControl(url=running.url, token=TOKEN).account(AccountChanges(most_connections=200))


def too_fast(running: Running) -> str:
    control = SandboxControl(url=running.url, token=TOKEN)
    control.account(AccountChanges(rate=1))
    statuses = [running.send()[0]["status"] for _ in range(2)]
    control.account(AccountChanges(rate=0))
    return statuses[1]


def sent(**changed: str) -> Callable[[Running], str]:
    return lambda running: running.send(**changed)[0]["status"]


MISTAKES: dict[str, Callable[[Running], str]] = {
    "0": sent(),
    "1": too_fast,
    "2": sent(text=""),
    "3": sent(type="fax"),
    "4": sent(api_secret="wrong"),
    "6": sent(to="99912345678"),
    "8": with_account(AccountChanges(standing="suspended")),
    "9": with_account(AccountChanges(balance="0.01", auto_reload=False)),
    "10": too_many_connections,
    "11": with_account(AccountChanges(standing="smpp_only")),
    "12": sent(text="x" * 3201),
    "14": lambda running: submit(running, signed() | {"text": "another"})["status"],
    "15": sent(to="12015550123", from_="Acme"),
    "16": sent(ttl="1"),
    "18": sent(to="31612345678,31612345679"),
    "19": with_account(AccountChanges(facilities=frozenset({"client-ref"})), account_ref="customer1234"),
    "20": sent(message_class="4"),
    "22": sent(network_code="26001"),
    "23": sent(callback="example.com/dlr"),
    "29": with_account(AccountChanges(standing="demo", approved=frozenset({"31612345679"}))),
    "32": lambda running: submit(running, signed() | {"api_secret": SECRET})["status"],
    "34": sent(to="0031-6"),
}


def test_every_documented_status_has_its_mistake() -> None:
    assert set(MISTAKES) | NOBODYS_MISTAKE | OTHER_SERVICES == set(API_STATUSES)


@pytest.mark.parametrize("code", list(MISTAKES))
def test_the_mistake_that_causes_a_status(sandbox: Running, code: str) -> None:
    assert MISTAKES[code](sandbox) == code
    assert sandbox.send()[0]["status"] == "0"


@pytest.mark.parametrize("magic", [one for one in MAGIC_RECIPIENTS if one.behaviour is Behaviour.STATUS])
def test_the_number_that_is_refused_with_a_status(sandbox: Running, magic: object) -> None:
    number, code = getattr(magic, "number", ""), getattr(magic, "code", "")
    assert number.endswith(f"1{code:0>2}")
    (part,) = sandbox.send(to=number)
    assert (part["status"], set(part)) == (code, {"status", "error-text"})


def test_there_is_a_number_for_every_status() -> None:
    codes = {magic.code for magic in MAGIC_RECIPIENTS if magic.behaviour is Behaviour.STATUS}
    assert codes == set(API_STATUSES) - OTHER_SERVICES - {"0"}
    assert len({magic.number for magic in MAGIC_RECIPIENTS}) == len(MAGIC_RECIPIENTS)


def test_more_than_the_rate_is_throttled_in_the_gateway_s_words() -> None:
    with supervised(rate=5) as running:
        parts = [running.send()[0] for _ in range(20)]
    taken = [part for part in parts if part["status"] == "0"]
    throttled = [part for part in parts if part["status"] == "1"]
    assert len(taken) + len(throttled) == 20
    assert len(taken) % 5 == 0 or len(taken) < 20
    waits = [retry_after_ms(part["error-text"]) for part in throttled]
    assert waits[0] is not None
    assert 0 <= waits[0] <= 1000
    assert throttled[0]["error-text"].startswith(
        "Exceeded maximum MT throughput[ MAX [ 5 ] INTERVAL [ 1000 ]"
    )


def test_a_north_american_number_sends_one_message_a_second() -> None:
    with supervised(rate=30) as running:
        first, second = (running.send(to="12015550123", from_="12015550199")[0] for _ in range(2))
    assert first["status"] == "0"
    assert second["status"] == "1"
    assert second["error-text"].startswith("Throughput Rate Exceeded - please wait [ ")
    assert 0 < (retry_after_ms(second["error-text"]) or 0) <= 1000


@pytest.mark.parametrize("algorithm", list(SignatureAlgorithm))
def test_every_algorithm_of_a_signature_is_checked(sandbox: Running, algorithm: SignatureAlgorithm) -> None:
    fields = signed(algorithm, text="a&b=c é")
    assert submit(sandbox, fields)["status"] == "0"
    assert submit(sandbox, fields | {"sig": fields["sig"].upper()})["status"] == "0"
    assert submit(sandbox, fields | {"sig": fields["sig"][::-1]})["status"] == "14"


def test_an_account_with_one_algorithm_takes_no_other() -> None:
    with supervised(signature_secret=SIGNATURE_SECRET, signature_algorithm="sha256") as running:
        assert submit(running, signed(SignatureAlgorithm.SHA256))["status"] == "0"
        assert submit(running, signed(SignatureAlgorithm.MD5HASH))["status"] == "14"


@pytest.mark.parametrize("stamp", ["0", "soon", "-1", "9" * 30, str(int(time.time()) - 400)])
def test_a_signature_of_another_time_is_none(sandbox: Running, stamp: str) -> None:
    assert submit(sandbox, signed(timestamp=stamp))["status"] == "14"


def test_a_signature_needs_a_time_a_key_and_no_header(sandbox: Running) -> None:
    assert submit(sandbox, form(api_secret="") | {"sig": "0" * 32}) == {
        "status": "2",
        "error-text": "Missing timestamp param",
    }
    assert submit(sandbox, signed(api_key="another1"))["status"] == "4"
    assert submit(sandbox, signed(), Authorization=basic())["status"] == "32"


def test_without_a_signature_secret_no_signature_is_right() -> None:
    with supervised() as running:
        assert submit(running, signed())["status"] == "14"


@pytest.mark.parametrize(
    "header, status",
    [
        (basic(), "0"),
        (basic(secret="wrong"), "4"),
        (basic(key="wrong"), "4"),
        ("Basic", "4"),
        ("Basic %%%", "4"),
        ("Basic " + b64encode(b"nocolon").decode(), "4"),
        ("Bearer x", "4"),
    ],
)
def test_basic_authentication(sandbox: Running, header: str, status: str) -> None:
    fields = form(api_key="", api_secret="")
    assert submit(sandbox, fields, Authorization=header)["status"] == status


def test_a_header_and_another_secret_in_the_body_do_not_agree(sandbox: Running) -> None:
    assert submit(sandbox, form(api_secret="wrong"), Authorization=basic())["status"] == "4"
    assert submit(sandbox, form(), Authorization=basic())["status"] == "0"


def test_xml_says_the_same_as_json(sandbox: Running) -> None:
    body = urlencode(form(client_ref="a<b&c", text="x" * 161)).encode()
    status, answer = sandbox.ask("POST", "/sms/xml", body, FORM)
    text = answer.decode()
    assert status == 200
    assert text.startswith("<?xml version='1.0' encoding='UTF-8' ?>\n<mt-submission-response>")
    assert "<messages count='2'>" in text
    assert text.count("<status>0</status>") == 2
    assert text.count("<clientRef>a&lt;b&amp;c</clientRef>") == 2
    assert "<messageId>" in text
    assert "<remainingBalance>" in text
    _, refused = sandbox.ask("POST", "/sms/xml", urlencode(form(from_="")).encode(), FORM)
    assert b"<status>2</status>" in refused
    assert b"<errorText>Missing from param</errorText>" in refused
