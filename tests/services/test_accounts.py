"""A profile made ready to send and to hear back, or a sentence about what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sms_desktop.gateway.auth import Auth, Basic, Bearer, SecretInBody, Signature
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.wire import Authentication, ReceiptsBy
from sms_desktop.relay.events import Event, Page
from sms_desktop.services import delivery, inbox
from sms_desktop.services.accounts import Servers, account, gateway_client
from sms_desktop.settings.profiles import SANDBOX, Profile
from sms_desktop.settings.secrets import KeyringUnavailable, MemorySecrets, SecretName
from sms_desktop.store.database import Store
from tests.fakes.hands import compose

_LIVE = Profile(
    ProfileId("live"),
    "Helpdesk NL",
    Provider.VONAGE,
    "abcd1234",
    "Helpdesk",
    relay_url="https://relay.example.com/team",
)
_INGEST = "abcdefghijklmnopqrstuv"


def _secrets(**kept: str) -> MemorySecrets:
    secrets = MemorySecrets()
    for name, secret in kept.items():
        secrets.set(_LIVE.id, SecretName(name), secret)
    return secrets


def test_an_account_has_its_secrets_and_where_receipts_go() -> None:
    ready = account(_LIVE, _secrets(api_secret="s3", relay_token="smsr_t", ingest_token=_INGEST))
    assert ready.auth == SecretInBody("abcd1234", "s3")
    assert ready.gateway_url is None
    assert ready.relay is not None
    assert ready.relay.receipt_callback == f"https://relay.example.com/team/h/{_INGEST}/d"
    assert (ready.relay.url, ready.relay.stream, ready.relay.reader_token) == (
        _LIVE.relay_url,
        "main",
        "smsr_t",
    )
    for secret in ("s3", "smsr_t", _INGEST):
        assert f"'{secret}'" not in repr(ready)


def test_without_an_api_secret_nothing_can_be_sent_and_that_is_said() -> None:
    with pytest.raises(Mendable, match="Helpdesk NL") as told:
        account(_LIVE, MemorySecrets())
    assert told.value.field == "api_secret"
    assert told.value.hint is not None
    assert "SMSCTL_API_SECRET" in told.value.hint
    assert "smsctl profiles secret live api_secret" in told.value.hint


def test_an_account_without_a_relay_sends_all_the_same() -> None:
    ready = account(replace(_LIVE, relay_url=None), _secrets(api_secret="s3"))
    assert ready.relay is None
    assert ready.relay_missing is None


def test_a_relay_token_that_is_missing_is_said_and_stops_no_sending() -> None:
    ready = account(_LIVE, _secrets(api_secret="s3", ingest_token=_INGEST))
    assert ready.relay is None
    assert ready.relay_missing is not None
    assert ready.relay_missing.field == "relay_token"
    assert "SMSCTL_RELAY_TOKEN" in (ready.relay_missing.hint or "")


@pytest.mark.parametrize("token", ["smsr_a b", "smsr_a\n", "smsr_é", "smsr_\udcff"])
def test_a_token_that_can_be_none_is_said_and_not_repeated(token: str) -> None:
    ready = account(_LIVE, _secrets(api_secret="s3", relay_token=token))
    assert ready.relay_missing is not None
    assert ready.relay_missing.field == "relay_token"
    assert token not in ready.relay_missing.message


def test_a_relay_address_that_leaves_no_room_for_the_token_is_said() -> None:
    far = replace(_LIVE, relay_url="https://relay.example.com/" + "x" * 60)
    secrets = _secrets(api_secret="s3", relay_token="smsr_t", ingest_token=_INGEST)
    ready = account(far, secrets)
    assert ready.relay is None
    assert ready.relay_missing is not None
    assert ready.relay_missing.field == "relay_url"
    assert _INGEST not in ready.relay_missing.message
    fits = replace(_LIVE, relay_url="https://relay.example.com/" + "x" * 45)
    ready = account(fits, secrets)
    assert ready.relay is not None
    Options(callback=ready.relay.receipt_callback).check()


def test_the_sandbox_asks_no_keyring() -> None:
    class Locked:
        def get(self, profile: ProfileId, name: SecretName) -> str | None:
            raise KeyringUnavailable("The keyring is locked.")

    servers = Servers("http://127.0.0.1:1", "http://127.0.0.1:2", "s3", _INGEST, "smsr_t")
    ready = account(SANDBOX, Locked(), servers=servers)
    assert ready.gateway_url == "http://127.0.0.1:1"
    assert "s3" not in repr(servers).replace("127", "")
    with pytest.raises(KeyringUnavailable):
        account(_LIVE, Locked())

    # A dry run needs no secret at all: it shows none.
    (request,) = delivery.rehearse(replace(compose(), profile=_LIVE), Locked())
    assert request["parameters"]["api_secret"] == "***"
    assert request["parameters"]["callback"] == "https://relay.example.com/team/h/***/d"


def test_a_dry_run_shows_a_callback_only_if_there_would_be_one() -> None:
    typed = replace(compose(), profile=_LIVE)
    assert "callback" not in delivery.rehearse(typed, _secrets(relay_token="smsr_t"))[0]["parameters"]
    assert "callback" not in delivery.rehearse(typed, _secrets(ingest_token=_INGEST))[0]["parameters"]
    both = _secrets(relay_token="smsr_t", ingest_token=_INGEST)
    assert "callback" in delivery.rehearse(typed, both)[0]["parameters"]
    assert delivery.rehearse(typed, both)[0]["url"] == "https://rest.nexmo.com/sms/json"


_KPN = replace(
    _LIVE,
    provider=Provider.KPN,
    api_key="",
    authentication=Authentication.BEARER,
    client_id="client-1",
)


@pytest.mark.parametrize(
    "profile, name, proof",
    [
        (replace(_LIVE, authentication=Authentication.BASIC), "api_secret", Basic("abcd1234", "s3")),
        (
            replace(_LIVE, authentication=Authentication.SIGNATURE, algorithm=SignatureAlgorithm.SHA256),
            "signature_secret",
            Signature("abcd1234", "s3", SignatureAlgorithm.SHA256),
        ),
        (
            _KPN,
            "client_secret",
            Bearer(
                "client-1",
                "s3",
                "https://api-prd.kpn.com/oauth/client_credential/accesstoken?grant_type=client_credentials",
            ),
        ),
    ],
)
def test_each_authentication_has_its_own_secret(profile: Profile, name: str, proof: Auth) -> None:
    assert account(profile, _secrets(**{name: "s3"})).auth == proof
    with pytest.raises(Mendable) as told:
        account(profile, _secrets())
    assert told.value.field == name
    assert told.value.hint is not None
    assert f"SMSCTL_{name.upper()}" in told.value.hint


def test_who_tells_where_receipts_go_is_the_profile_s_choice() -> None:
    kept = _secrets(api_secret="s3", relay_token="smsr_t", ingest_token=_INGEST)
    for receipts, told in ((ReceiptsBy.MESSAGE, True), (ReceiptsBy.ACCOUNT, False), (ReceiptsBy.NONE, False)):
        (request,) = delivery.rehearse(replace(compose(), profile=replace(_LIVE, receipts=receipts)), kept)
        assert ("callback" in request["parameters"]) is told


@pytest.mark.parametrize("asked, sent", [(None, "true"), (True, "true"), (False, "false")])
def test_kpn_is_asked_for_the_receipt_that_our_callback_is_for(asked: bool | None, sent: str) -> None:
    kept = _secrets(client_secret="s3", relay_token="smsr_t", ingest_token=_INGEST)
    typed = replace(compose(options=Options(status_report=asked)), profile=_KPN)
    (request,) = delivery.rehearse(typed, kept)
    assert request["parameters"]["status-report-req"] == sent
    (silent,) = delivery.rehearse(replace(typed, profile=replace(_KPN, receipts=ReceiptsBy.NONE)), kept)
    assert silent["parameters"].get("status-report-req") == (None if asked is None else sent)


def test_certificates_that_can_t_be_read_are_said_before_anything_is_sent() -> None:
    with pytest.raises(Mendable) as told:
        gateway_client(replace(_LIVE, ca_file="/nowhere/ca.pem"))
    assert told.value.field == "ca_file"
    gateway_client(_LIVE).close()


@pytest.mark.parametrize(
    "profile, key, foreign",
    [(_LIVE, "abcd1234", 0), (_LIVE, "other123", 1), (_KPN, "abcd1234", 0)],
)
def test_a_receipt_is_foreign_only_where_both_have_a_key(
    tmp_path: Path, profile: Profile, key: str, foreign: int
) -> None:
    event = Event(
        seq=1,
        id="main-1",
        stream="main",
        kind="receipt",
        received_at=datetime(2026, 11, 21, tzinfo=UTC),
        signature="absent",
        duplicates=0,
        payload={"messageId": "G1", "status": "delivered", "api-key": key},
    )
    page = Page(
        stream="main",
        epoch="0" * 16,
        events=[event],
        next=f"1.{'0' * 16}.1",
        head=1,
        oldest=1,
        has_more=False,
        poll_after_ms=0,
    )
    store = Store(tmp_path / "store.db")
    try:
        inbox.apply_page(store, profile, page)
        with store.read() as db:
            assert db.execute("SELECT gateway_id, foreign_account FROM receipt").fetchall() == [
                ("G1", foreign)
            ]
    finally:
        store.close()
