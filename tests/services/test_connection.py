"""Connecting an account to its relay: one call that never ends unasked what somebody else listens to."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest

from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import Authentication, ReceiptsBy
from sms_desktop.services.connection import Changed, connect
from sms_desktop.services.proof import prove
from sms_desktop.services.proof_steps import Cure, Proof, ProofStatus, ProofStep
from sms_desktop.settings.profiles import SANDBOX, Profile
from sms_desktop.settings.secrets import KeyringUnavailable, MemorySecrets, SecretName
from tests.gateway.peers import Peer, http, peer

TOKEN = "abcdefghijklmnopqrstuv"
RELAY = "https://relay.example"
INBOUND = f"{RELAY}/h/{TOKEN}/m"
RECEIPT = f"{RELAY}/h/{TOKEN}/d"
SHOWN = f"{RELAY}/h/***/m"


class Gateway:
    """An account as a gateway keeps it: its addresses, its numbers, and what it was asked."""

    def __init__(
        self, *, numbers: dict[str, str] | None = None, inbound: str = "", receipts: str = ""
    ) -> None:
        self.numbers = {} if numbers is None else numbers
        self.inbound, self.receipts = inbound, receipts
        self.registered: dict[str, str] = {}
        self.asked: list[str] = []
        self.refuses = False
        self._lock = threading.Lock()

    def __call__(self, served: Peer, connection: socket.socket) -> None:
        body = served.read_request(connection)
        path = served.requests[-1].split(b" ")[1].decode().partition("?")[0]
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        with self._lock:
            self.asked.append(path)
            if self.refuses:
                connection.sendall(http("401 Unauthorized", b""))
                return
            connection.sendall(http("200 OK", json.dumps(self._answer(path, form)).encode()))

    def _answer(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        match path.rpartition("/")[2]:
            case "accesstoken":
                return {"access_token": "token-1", "expires_in": "3599"}
            case "get-balance":
                return {"value": "14.25", "autoReload": False}
            case "settings":
                self.inbound = form.get("moCallBackUrl", self.inbound)
                self.receipts = form.get("drCallBackUrl", self.receipts)
                return {"mo-callback-url": self.inbound, "dr-callback-url": self.receipts}
            case "numbers":
                listed = [{"country": "NL", "msisdn": n, "moHttpUrl": url} for n, url in self.numbers.items()]
                return {"count": len(listed), "numbers": listed} if listed else {}
            case "update":
                self.numbers[form["msisdn"]] = form["moHttpUrl"]
                return {"error-code": "200", "error-code-label": "success"}
            case "register":
                self.registered[form["to"]] = form["callback_url"]
                return {"message": "Your callback url is registered."}
        raise AssertionError(path)


def secrets() -> MemorySecrets:
    kept = MemorySecrets()
    for name, value in (
        (SecretName.API_SECRET, "canary-secret"),
        (SecretName.CLIENT_SECRET, "canary-client"),
        (SecretName.RELAY_TOKEN, "smsr_" + "r" * 43),
        (SecretName.INGEST_TOKEN, TOKEN),
    ):
        kept.set(ProfileId("live"), name, value)
    return kept


@contextmanager
def account_of(gateway: Gateway, provider: Provider = Provider.VONAGE, **changed: Any) -> Iterator[Profile]:
    with peer(gateway) as served:
        profile = Profile(
            ProfileId("live"), "Live", provider, "abcd1234", "Acme", gateway_url=served.url, relay_url=RELAY
        )
        if provider is Provider.KPN:
            profile = replace(profile, authentication=Authentication.BEARER, client_id="client-1", api_key="")
        yield replace(profile, **changed)


def test_a_vonage_account_s_replies_lead_to_the_relay() -> None:
    gateway = Gateway(numbers={"31970000001": "", "31970000002": INBOUND})
    with account_of(gateway) as profile:
        changes = connect(profile, secrets())
    assert (gateway.inbound, gateway.receipts) == (INBOUND, "")
    assert [(change.what, change.subject, change.address) for change in changes] == [
        (Changed.REPLIES, None, SHOWN),
        (Changed.NUMBER, "31970000002", SHOWN),
    ]
    assert TOKEN not in repr(changes)


def test_receipts_follow_where_the_profile_leaves_them_to_the_account() -> None:
    gateway = Gateway()
    with account_of(gateway, receipts=ReceiptsBy.ACCOUNT) as profile:
        changes = connect(profile, secrets())
    assert (gateway.inbound, gateway.receipts) == (INBOUND, RECEIPT)
    assert [change.what for change in changes] == [Changed.REPLIES, Changed.RECEIPTS]


@pytest.mark.parametrize(
    "gateway",
    [
        Gateway(inbound="https://other.example/in?token=canary"),
        Gateway(numbers={"31970000001": "https://other.example/in"}),
    ],
)
def test_what_leads_elsewhere_is_left_alone_unless_the_person_says_so(gateway: Gateway) -> None:
    before = dict(gateway.numbers)
    with account_of(gateway) as profile:
        with pytest.raises(Mendable, match=r"go to https://other\.example/in") as told:
            connect(profile, secrets())
        assert told.value.field == "replace"
        assert "canary" not in told.value.message
        assert gateway.numbers == before
        changes = connect(profile, secrets(), replace=True)
    assert gateway.inbound == INBOUND
    assert set(gateway.numbers.values()) <= {INBOUND}
    assert any((change.before or "").startswith("https://other.example/in") for change in changes)
    assert "canary" not in repr(changes)


def test_only_the_numbers_that_are_named_are_changed() -> None:
    gateway = Gateway(numbers={"31970000001": "", "31970000002": ""})
    with account_of(gateway) as profile:
        connect(profile, secrets(), only=["31970000002"])
        assert gateway.numbers == {"31970000001": "", "31970000002": INBOUND}
        with pytest.raises(Mendable, match="31970000003 is not a number of this account"):
            connect(profile, secrets(), only=["31970000003"])


def test_a_test_application_of_kpn_registers_the_phone() -> None:
    gateway = Gateway()
    with account_of(gateway, Provider.KPN, test_application=True, phone="31612345678") as profile:
        (change,) = connect(profile, secrets())
    assert gateway.registered == {"31612345678": INBOUND}
    assert (change.what, change.subject) == (Changed.REGISTRATION, "31612345678")
    with account_of(gateway, Provider.KPN, test_application=True) as profile, pytest.raises(Mendable) as told:
        connect(profile, secrets())
    assert told.value.field == "phone"


def test_a_production_application_of_kpn_updates_its_numbers() -> None:
    gateway = Gateway(numbers={"31970000001": "", "31970000002": ""})
    with account_of(gateway, Provider.KPN) as profile:
        changes = connect(profile, secrets())
    assert set(gateway.numbers.values()) == {INBOUND}
    assert [change.subject for change in changes] == ["31970000001", "31970000002"]
    assert not gateway.registered
    with account_of(Gateway(), Provider.KPN) as profile, pytest.raises(Mendable, match="no number yet"):
        connect(profile, secrets())


@pytest.mark.parametrize(
    "changed, without, field",
    [
        ({"relay_url": None}, None, "relay_url"),
        ({}, SecretName.RELAY_TOKEN, "relay_token"),
        ({}, SecretName.INGEST_TOKEN, "ingest_token"),
        ({}, SecretName.API_SECRET, "api_secret"),
        ({"gateway_url": None, "relay_url": "http://127.0.0.1:8"}, None, "relay_url"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_asked(
    changed: dict[str, Any], without: SecretName | None, field: str
) -> None:
    gateway = Gateway()
    kept = secrets()
    if without is not None:
        kept.remove(ProfileId("live"), without)
    with account_of(gateway, **changed) as profile, pytest.raises(Mendable) as told:
        connect(profile, kept)
    assert told.value.field == field
    assert gateway.asked == []


def test_the_sandbox_needs_no_connecting() -> None:
    with pytest.raises(Mendable, match="is connected"):
        connect(SANDBOX, MemorySecrets())


class Relay:
    """A relay of one stream: what is written to its door can be read."""

    def __init__(self, *, loses: bool = False) -> None:
        self.events: list[dict[str, str]] = []
        self.loses = loses

    def __call__(self, served: Peer, connection: socket.socket) -> None:
        while body := self._next(served, connection):
            connection.sendall(body)

    def _next(self, served: Peer, connection: socket.socket) -> bytes | None:
        count = len(served.requests)
        form = served.read_request(connection)
        if len(served.requests) == count:
            return None
        request = served.requests[-1]
        if request.startswith(f"POST /h/{TOKEN}/d ".encode()):
            if not self.loses:
                self.events.append(dict(parse_qsl(form.decode())))
            return http("200 OK", b"")
        if not request.startswith(b"GET /v1/events?"):
            return http("404 Not Found", b"")
        after = (
            0
            if b"after=head" in request
            else int(request.split(b"after=1.")[1].split(b".")[1].split(b"&")[0].split(b" ")[0])
        )
        start = len(self.events) if b"after=head" in request else after
        events = [
            {
                "seq": seq,
                "id": f"main-{seq}",
                "stream": "main",
                "kind": "receipt",
                "received_at": "2026-11-21T12:00:00.000000Z",
                "signature": "unconfigured",
                "duplicates": 0,
                "payload": self.events[seq - 1],
            }
            for seq in range(start + 1, len(self.events) + 1)
        ]
        head = len(self.events)
        page = {
            "stream": "main",
            "epoch": "0" * 16,
            "events": events,
            "next": f"1.{'0' * 16}.{head}",
            "head": head,
            "oldest": 1,
            "has_more": False,
            "poll_after_ms": 0,
        }
        return http("200 OK", json.dumps(page).encode(), "Content-Type: application/json")


def leading_to(relay: Peer) -> Gateway:
    """A gateway whose account is connected to a relay."""
    return Gateway(inbound=f"{relay.url}/h/{TOKEN}/m")


def states(proofs: list[Proof]) -> dict[ProofStep, ProofStatus]:
    assert [proof.step for proof in proofs] == list(ProofStep)
    assert all(proof.advice for proof in proofs if proof.status is ProofStatus.FAILED)
    assert "canary" not in repr(proofs)
    assert TOKEN not in repr(proofs)
    return {proof.step: proof.status for proof in proofs}


def test_a_profile_is_proven_step_by_step() -> None:
    with peer(Relay()) as relay, account_of(leading_to(relay)) as profile:
        proofs = list(
            prove(replace(profile, relay_url=relay.url), secrets(), keyring=lambda: "Secret Service")
        )
    assert set(states(proofs).values()) == {ProofStatus.PASSED}, proofs
    assert proofs[2].detail == "EUR 14.25."
    assert [proof.value for proof in proofs[:3]] == ["Secret Service", None, "EUR 14.25"]
    assert all(proof.milliseconds is not None for proof in proofs if proof.step is not ProofStep.BALANCE)


@pytest.mark.parametrize(
    "inbound, words",
    [
        ("https://other.example/in?token=canary", "Replies of this account go to https://other.example/in"),
        ("", "Replies of this account go nowhere yet."),
    ],
)
def test_an_account_that_leads_elsewhere_is_told_with_the_way_to_connect_it(inbound: str, words: str) -> None:
    with peer(Relay()) as relay, account_of(Gateway(inbound=inbound)) as profile:
        proofs = list(prove(replace(profile, relay_url=relay.url), secrets()))
    found = states(proofs)
    assert found[ProofStep.CALLBACK] is ProofStatus.FAILED
    assert found[ProofStep.LOOP] is ProofStatus.PASSED
    assert proofs[4].detail.startswith(words)
    assert proofs[4].cures[0] is Cure.CONNECT


def test_kpn_has_no_balance_and_is_proven_by_its_numbers() -> None:
    gateway = Gateway(numbers={"31970000001": ""})
    with account_of(gateway, Provider.KPN, relay_url=None) as profile:
        proofs = list(prove(profile, secrets()))
    found = states(proofs)
    assert found[ProofStep.CREDENTIALS] is ProofStatus.PASSED
    assert found[ProofStep.BALANCE] is ProofStatus.UNAVAILABLE
    assert proofs[1].detail == "The gateway knows this account, with 1 number."
    assert {found[step] for step in (ProofStep.RELAY, ProofStep.CALLBACK, ProofStep.LOOP)} == {
        ProofStatus.UNAVAILABLE
    }


def test_each_failure_names_its_step_and_what_to_do() -> None:
    class Locked:
        def get(self, profile: ProfileId, name: SecretName) -> str | None:
            raise KeyringUnavailable("The keyring is locked.", hint="Unlock it.")

    with account_of(Gateway()) as profile:
        proofs = list(prove(profile, Locked()))
        assert states(proofs)[ProofStep.KEYRING] is ProofStatus.FAILED
        assert (proofs[0].detail, proofs[0].advice) == ("The keyring is locked.", "Unlock it.")

    def refuse(served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.sendall(http("401 Unauthorized", b""))

    with peer(refuse) as served, account_of(Gateway()) as profile:
        wrong = replace(profile, gateway_url=served.url, relay_url=None)
        assert states(list(prove(wrong, secrets())))[ProofStep.CREDENTIALS] is ProofStatus.FAILED
        away = replace(profile, relay_url=served.url)
        assert states(list(prove(away, secrets())))[ProofStep.RELAY] is ProofStatus.FAILED

    with peer(Relay(loses=True)) as relay, account_of(leading_to(relay)) as profile:
        found = states(list(prove(replace(profile, relay_url=relay.url), secrets(), loop_seconds=0.2)))
        assert found[ProofStep.CALLBACK] is ProofStatus.PASSED
        assert found[ProofStep.LOOP] is ProofStatus.FAILED

    kept = secrets()
    kept.remove(ProfileId("live"), SecretName.INGEST_TOKEN)
    with peer(Relay()) as relay, account_of(Gateway()) as profile:
        found = states(list(prove(replace(profile, relay_url=relay.url), kept)))
        assert found[ProofStep.CALLBACK] is ProofStatus.FAILED


def test_a_profile_that_signs_is_not_said_to_be_wrong_for_want_of_an_api_secret() -> None:
    kept = MemorySecrets()
    kept.set(ProfileId("live"), SecretName.SIGNATURE_SECRET, "canary")
    with account_of(Gateway(), authentication=Authentication.SIGNATURE, relay_url=None) as profile:
        found = states(list(prove(profile, kept)))
    assert found[ProofStep.KEYRING] is ProofStatus.PASSED
    assert found[ProofStep.CREDENTIALS] is ProofStatus.UNAVAILABLE
