"""Stoplight Prism as judge of our requests: it serves SMS API 1.5.0's description, and validates.

Where that document contradicts itself or the older reference, the test says what Prism complains of:

- `text` is required always, although only texts have one (SMS API reference (2016), type);
- `type` leaves out wappush, vcard and vcal, which the older reference and the KPN portal have;
- `status-report-req` is a boolean, where the older reference has `1`, which the gateway takes.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import pytest

from sms_desktop.gateway.auth import Auth, Basic, SecretInBody
from sms_desktop.gateway.client import GatewayClient
from sms_desktop.gateway.evidence import Evidence
from sms_desktop.gateway.request import GatewayRequest, Parameter, Wire, build
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.options import Options
from sms_desktop.messages.outcomes import Outcome
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import RequestFormat

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
BASIC = Basic("abcd1234", "canary-secret")

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def prism() -> Iterator[str]:
    """The address of a Prism that ends with these tests."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    process = subprocess.Popen(
        ["node", str(PROGRAM), "mock", "-h", "127.0.0.1", "-p", str(port), str(HERE / "sms-api-1.5.0.json")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    listening = threading.Event()
    reading = threading.Thread(target=_read, args=(process.stdout, said, listening))
    reading.start()
    try:
        assert listening.wait(60), "".join(said)
        assert any("is listening" in line for line in said), "".join(said)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(10)
        reading.join(10)
        process.stdout.close()


def _read(output: IO[str], said: list[str], listening: threading.Event) -> None:
    for line in output:
        said.append(line)
        if "is listening" in line:
            listening.set()
    listening.set()  # it has ended


def request(url: str, message: Message, options: Options | None = None, **changed: Any) -> GatewayRequest:
    given: dict[str, Any] = {
        "sender": "AcmeInc",
        "to": "447700900000",
        "options": options or Options(),
        "provider": Provider.VONAGE,
        "base_url": url,
        "auth": BASIC,
    }
    return build(message, **(given | changed))


def complaints(evidence: Evidence) -> set[str]:
    """The parameters that Prism did not like, by the names in its list."""
    assert evidence.http_status == 422, evidence
    listed = json.loads(evidence.body)["validation"]
    assert all(entry["location"][0] == "body" for entry in listed), listed
    found = set()
    for entry in listed:
        named = re.search(r"required property '([^']+)'", entry["message"])
        found.add(named[1] if named else entry["location"][1])
    return found


FINE: list[tuple[Message, Options]] = [
    (Text("Hello World!"), Options()),
    (Text("Déjà vu & more = fun; 100% + {}"), Options()),
    (Unicode("żółć 你好 🎉"), Options()),
    (
        Text("Everything"),
        Options(
            ttl=900_000,
            callback="http://127.0.0.1:9/sms-dlr",
            message_class=0,
            client_ref="my-personal-reference",
            account_ref="customer1234",
            entity_id="1101456324675322134",
            content_id="1107457532145798767",
            trusted_number=True,
            pool_id="abc123",
        ),
    ),
    *((Text("x"), Options(ttl=ttl)) for ttl in (20_000, 604_800_000)),
    *((Text("x"), Options(message_class=number)) for number in range(4)),
    (Text("x"), Options(trusted_number=False)),
]


def test_what_we_send_is_accepted_and_its_answer_is_read(prism: str) -> None:
    client = GatewayClient()
    for message, options in FINE:
        made = request(prism, message, options)
        exchange = client.send(made)
        assert exchange.outcome is Outcome.ANSWERED, (options, exchange)
        assert exchange.parts[0].status in {"0", "2"}, "the document's own examples"


def test_where_the_document_contradicts_itself_only_that_is_complained_of(prism: str) -> None:
    client = GatewayClient()
    binary = Binary(bytes.fromhex("06050415811581"), bytes.fromhex("0011223344556677"), 127)
    assert complaints(client.exchange(request(prism, binary))) == {"text"}
    for message in (
        WapPush("T", "https://example.com/", 86_400_000),
        VCard("BEGIN:VCARD"),
        VCal("BEGIN:VCAL"),
    ):
        assert complaints(client.exchange(request(prism, message))) == {"text", "type"}
    for asked in (True, False):
        made = request(prism, Text("x"), Options(status_report=asked))
        assert complaints(client.exchange(made)) == {"status-report-req"}


def test_it_does_look_a_wrong_request_is_refused(prism: str) -> None:
    client = GatewayClient()
    for name, value in (("ttl", "19999"), ("to", "123"), ("type", "fax"), ("message-class", "4")):
        made = request(prism, Text("x"), Options(ttl=900_000, message_class=0))
        wrong = tuple(
            Parameter(name, value, value) if parameter.name == name else parameter
            for parameter in made.parameters
        )
        assert complaints(client.exchange(replace(made, parameters=wrong))) == {name}


@pytest.mark.parametrize(
    "auth, wire, status",
    [
        (SecretInBody("abcd1234", "canary-secret"), RequestFormat.FORM, 401),  # it knows Basic only
        (BASIC, RequestFormat.JSON, 415),  # and forms only
        (BASIC, RequestFormat.XML, 500),  # it can't write XML, but took the request
    ],
)
def test_what_the_description_does_not_cover_is_a_typed_outcome(
    prism: str, auth: Auth, wire: RequestFormat, status: int
) -> None:
    exchange = GatewayClient().send(request(prism, Text("x"), auth=auth, wire=Wire(wire)))
    assert exchange.http_status == status
    assert exchange.outcome is (Outcome.REFUSED if status < 500 else Outcome.UNCERTAIN)
    assert "canary" not in repr(exchange)
