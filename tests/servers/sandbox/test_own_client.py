"""Our own client and the sandbox: every kind, format and authentication understand each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sms_desktop.gateway.auth import Auth, Basic, Bearer, SecretInBody, Signature
from sms_desktop.gateway.client import GatewayClient
from sms_desktop.gateway.request import Wire, build
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.options import Options
from sms_desktop.messages.outcomes import Outcome
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.wire import JSON_TYPES, RequestFormat
from tests.servers.sandbox.running import SECRET, Running, supervised

SIGNATURE_SECRET = "canary-signature-secret"
KINDS: tuple[Message, ...] = (
    Text("Hello & = € ?"),
    Text("x" * 400),
    Unicode("żółć 🙂"),
    Binary(bytes.fromhex("06050415811581"), b"\x00\xff", 127),
    WapPush("Hi", "http://example.com/", 86_400_000),
    VCard("BEGIN:VCARD\r\nVERSION:2.1\r\nN:Doe;Jo\r\nEND:VCARD\r\n"),
    VCal("BEGIN:VCALENDAR\r\nVERSION:1.0\r\nEND:VCALENDAR\r\n"),
)
WIRES = (
    *(Wire(wire) for wire in RequestFormat if wire is not RequestFormat.JSON),
    *(Wire(RequestFormat.JSON, json_type) for json_type in JSON_TYPES),
)
AUTHENTICATIONS: tuple[Auth, ...] = (
    SecretInBody("sandbox1", SECRET),
    Basic("sandbox1", SECRET),
    *(Signature("sandbox1", SIGNATURE_SECRET, algorithm) for algorithm in SignatureAlgorithm),
)
WRONG: tuple[tuple[Auth, str], ...] = (
    (SecretInBody("sandbox1", "wrong"), "4"),
    (Basic("sandbox1", "wrong"), "4"),
    (Signature("sandbox1", "wrong"), "14"),
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with supervised(signature_secret=SIGNATURE_SECRET) as running:
        yield running


def statuses(running: Running, content: Message, auth: Auth, wire: Wire, provider: Provider) -> list[str]:
    reference = "my-personal-reference"
    request = build(
        content,
        sender="Acme",
        to="31612345678",
        options=Options(client_ref=reference, ttl=900_000, message_class=1),
        provider=provider,
        base_url=running.url,
        auth=auth,
        wire=wire,
    )
    exchange = GatewayClient().send(request)
    assert exchange.outcome in {Outcome.ANSWERED, Outcome.REFUSED}
    assert all(part.client_ref == reference for part in exchange.parts if part.accepted)
    return [part.status for part in exchange.parts]


@pytest.mark.parametrize("content", KINDS, ids=lambda content: content.kind)
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: f"{wire.format}-{wire.json_type}")
def test_every_kind_in_every_format(sandbox: Running, content: Message, wire: Wire) -> None:
    sent = statuses(sandbox, content, AUTHENTICATIONS[0], wire, Provider.SANDBOX)
    assert sent == ["0"] * (3 if content == KINDS[1] else 1)


@pytest.mark.parametrize("auth", AUTHENTICATIONS, ids=lambda auth: type(auth).__name__)
@pytest.mark.parametrize("wire", WIRES[:4], ids=lambda wire: str(wire.format))
def test_every_authentication_in_every_format(sandbox: Running, auth: Auth, wire: Wire) -> None:
    assert statuses(sandbox, KINDS[0], auth, wire, Provider.SANDBOX) == ["0"]


@pytest.mark.parametrize("auth, status", WRONG, ids=lambda value: str(type(value).__name__))
@pytest.mark.parametrize("wire", WIRES[:4], ids=lambda wire: str(wire.format))
def test_a_wrong_secret_in_every_format(sandbox: Running, auth: Auth, status: str, wire: Wire) -> None:
    assert statuses(sandbox, KINDS[0], auth, wire, Provider.SANDBOX) == [status]


@pytest.mark.parametrize("content", KINDS, ids=lambda content: content.kind)
def test_every_kind_as_kpn_takes_it(sandbox: Running, content: Message) -> None:
    token_url = f"{sandbox.url}/oauth/client_credential/accesstoken?grant_type=client_credentials"
    sent = statuses(sandbox, content, Bearer("sandbox1", SECRET, token_url), Wire(), Provider.KPN)
    assert set(sent) == {"0"}
