from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sms_desktop.messages.errors import Mendable
from sms_desktop.relay.addresses import hidden, inbound_address, receipt_address
from sms_desktop.relay.errors import RelayRefused, RelayUnreachable
from sms_desktop.relay.events import new_ingest_token
from sms_desktop.relay.proof import LoopBroken, prove_loop
from sms_desktop.servers.relay.place import open_event_log
from sms_desktop.servers.relay.signatures import SignatureMode, SigningRule
from sms_desktop.servers.relay.tokens import create_ingest_token
from tests.servers.relay.postgresql import free_port
from tests.servers.relay.running import RunningRelay, supervised

TOKEN = "A" * 22


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRelay]:
    with supervised(tmp_path_factory.mktemp("relay") / "events.sqlite") as running:
        yield running


@pytest.mark.parametrize("door", [receipt_address, inbound_address])
def test_the_loop_is_proved_by_one_event_that_changes_nothing(relay: RunningRelay, door: object) -> None:
    stream = relay.stream()
    stream.post("d", {"messageId": "1", "status": "delivered"})
    assert callable(door)
    address = door(stream.url, stream.ingest_token)
    with closing(stream.client()) as client:
        proof = prove_loop(client, address)
        assert proof.seq == 2
        assert proof.milliseconds > 0
        page = client.page(None, wait=0)
        assert [event.kind for event in page.events] == ["receipt", "check"]
        assert page.behind == 0
        assert client.page(None, limit=1, wait=0).behind == 1
    with closing(open_event_log(f"sqlite:{relay.path}", serving=False)) as log:
        (report,) = log.reports([log.stream(stream.name)])
    assert report.consumers == [], "what the profile has stored is not for the proof to say"


def test_a_stream_that_requires_signatures_can_be_proved_too(relay: RunningRelay) -> None:
    stream = relay.stream()
    with closing(open_event_log(f"sqlite:{relay.path}", serving=False)) as log:
        rule = SigningRule(SignatureMode.REQUIRE, secrets=("never-given",))
        token = create_ingest_token(log, stream=stream.name, signing=rule).token
    with closing(stream.client()) as client:
        assert prove_loop(client, receipt_address(stream.url, token)).seq == 1


def test_an_address_of_another_stream_breaks_the_loop(relay: RunningRelay) -> None:
    stream, other = relay.stream(), relay.stream()
    with closing(stream.client()) as client, pytest.raises(LoopBroken) as caught:
        prove_loop(client, receipt_address(other.url, other.ingest_token), seconds=0.3)
    assert caught.value.field == "ingest_token"


def test_an_address_that_nobody_knows_is_refused_without_its_token(relay: RunningRelay) -> None:
    stream, token = relay.stream(), new_ingest_token()
    with closing(stream.client()) as client:
        with pytest.raises(RelayRefused) as refused:
            prove_loop(client, receipt_address(stream.url, token))
        with pytest.raises(RelayUnreachable) as away:
            prove_loop(client, receipt_address(f"http://127.0.0.1:{free_port()}", token))
    assert token not in str(refused.value) + str(away.value)


def test_an_address_fits_into_a_callback_or_is_refused() -> None:
    host = "https://" + "a" * 61 + ".com"
    assert len(receipt_address(host, TOKEN)) == 100
    with pytest.raises(Mendable, match="may have 73") as caught:
        receipt_address(host + "x", TOKEN)
    assert TOKEN not in caught.value.message
    with pytest.raises(Mendable, match="ingest_token"):
        receipt_address("https://relay.example.com", "short")
    with pytest.raises(Mendable, match="plain HTTP"):
        receipt_address("http://relay.example.com", TOKEN)


def test_a_token_is_never_shown(tmp_path: Path) -> None:
    address = inbound_address("https://relay.example.com", TOKEN)
    assert hidden(f"callback={address}") == "callback=https://relay.example.com/h/***/m"
