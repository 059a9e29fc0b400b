"""Our client and our sandbox, over real sockets: every kind, authentication and format, and every call.

Each has the documents' rules by itself; a message that both take is one that neither has made up.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sms_desktop.gateway import account_calls
from sms_desktop.gateway.account_calls import Access
from sms_desktop.gateway.auth import Auth, Basic, Bearer, SecretInBody, Signature
from sms_desktop.gateway.client import GatewayClient
from sms_desktop.gateway.evidence import Exchange
from sms_desktop.gateway.providers import call_url, rules
from sms_desktop.gateway.request import Wire, build
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.options import Options
from sms_desktop.messages.outcomes import Outcome
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import JSON_TYPES, RequestFormat
from tests.servers.sandbox.running import supervised

SECRETS = {
    "api_key": "abcd1234",
    "api_secret": "canary-api",
    "signature_secret": "canary-signature",
    "client_id": "client-1",
    "client_secret": "canary-client",
}
KINDS: tuple[Message, ...] = (
    Text("Déjà vu & more = fun"),
    Unicode("żółć 你好 🎉"),
    Binary(bytes.fromhex("06050415811581"), bytes.fromhex("0011223344556677"), 127),
    WapPush("Title", "http://example.com/?a=1&b=2", 86_400_000),
    VCard("BEGIN:VCARD\r\nVERSION:2.1\r\nN:Doe;Jané\r\nEND:VCARD\r\n"),
    VCal("BEGIN:VCALENDAR\r\nVERSION:1.0\r\nEND:VCALENDAR\r\n"),
)
OPTIONS = Options(
    ttl=86_400_000,
    message_class=1,
    client_ref="r&=é",
    status_report=True,
    account_ref="customer1234",
    entity_id="1",
    content_id="2",
    trusted_number=True,
    pool_id="p",
)


@pytest.fixture
def sandbox() -> Iterator[str]:
    with supervised(**SECRETS) as running:
        yield running.url


def exchange(
    url: str,
    message: Message,
    auth: Auth,
    wire: Wire,
    options: Options,
    provider: Provider = Provider.SANDBOX,
) -> Exchange:
    request = build(
        message,
        sender="Acme",
        to="31612345678",
        options=options,
        provider=provider,
        base_url=url,
        auth=auth,
        wire=wire,
    )
    return GatewayClient().send(request)


def test_every_kind_goes_every_way(sandbox: str) -> None:
    proofs: tuple[Auth, ...] = (
        SecretInBody("abcd1234", SECRETS["api_secret"]),
        Basic("abcd1234", SECRETS["api_secret"]),
        Signature("abcd1234", SECRETS["signature_secret"]),
    )
    wires = [Wire(wire) for wire in RequestFormat] + [Wire(RequestFormat.JSON, name) for name in JSON_TYPES]
    for auth in proofs:
        for number, wire in enumerate(wires):
            message = KINDS[number % len(KINDS)]
            found = exchange(sandbox, message, auth, wire, OPTIONS if number % 2 else Options())
            assert [part.status for part in found.parts] == ["0"], (type(auth), wire, message, found)
    for message in KINDS:
        found = exchange(sandbox, message, proofs[0], Wire(), OPTIONS)
        assert [part.status for part in found.parts] == ["0"], (message, found)
        assert found.parts[0].client_ref == "r&=é"


def test_kpn_s_way_goes_with_a_token(sandbox: str) -> None:
    bearer = Bearer("client-1", SECRETS["client_secret"], call_url(Provider.KPN, "token", sandbox))
    for message in KINDS:
        found = exchange(sandbox, message, bearer, Wire(inbound=True), Options(), Provider.KPN)
        assert [part.status for part in found.parts] == ["0"], (message, found)
    stranger = Bearer("client-1", "wrong", call_url(Provider.KPN, "token", sandbox))
    refused = exchange(sandbox, KINDS[0], stranger, Wire(), Options(), Provider.KPN)
    assert refused.outcome is Outcome.REFUSED
    assert "client id and secret" in (refused.reason or "")


def test_a_wrong_secret_is_status_4_and_a_wrong_signature_14(sandbox: str) -> None:
    for wrong, status in (
        (SecretInBody("abcd1234", "wrong"), "4"),
        (Basic("abcd1234", "wrong"), "4"),
        (Signature("abcd1234", "wrong"), "14"),
    ):
        found = exchange(sandbox, KINDS[0], wrong, Wire(), Options())
        assert [part.status for part in found.parts] == [status], found


def test_every_call_about_the_account_is_answered(sandbox: str) -> None:
    access = Access(GatewayClient(), Provider.SANDBOX, sandbox, Basic("abcd1234", SECRETS["api_secret"]))
    before = account_calls.balance(access).amount
    exchange(sandbox, KINDS[0], access.auth, Wire(), Options())
    after = account_calls.balance(access).amount
    assert before is not None
    assert after is not None
    assert after < before
    assert account_calls.pricing(access, "NL").price is not None
    hook = f"{sandbox}/hook"
    assert account_calls.callback_settings(access).receipt_url != hook
    numbers = account_calls.own_numbers(access)
    assert numbers
    assert all(number.can_send for number in numbers)
    assert rules(Provider.SANDBOX).paths.keys() >= {"balance", "numbers", "pricing", "settings", "update"}
