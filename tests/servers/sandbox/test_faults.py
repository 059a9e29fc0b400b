"""Faults on demand: magic recipients and scenario rules, met by our own client and by bare sockets."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from sms_desktop.gateway import signing
from sms_desktop.gateway.auth import SecretInBody
from sms_desktop.gateway.client import Exchange, GatewayClient
from sms_desktop.gateway.magic_recipients import MAGIC_RECIPIENTS
from sms_desktop.gateway.request import build
from sms_desktop.gateway.sandbox import Behaviour
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Text
from sms_desktop.messages.options import Options
from sms_desktop.messages.outcomes import Outcome
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.statuses import RECEIPT_ERRORS
from tests.servers.sandbox.running import SECRET, Running, form, supervised
from tests.servers.sandbox.sink import Arrived, Sink, sink

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SIGNATURE_SECRET = "canary-signature-secret"


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Sink, Running]]:
    with (
        sink() as here,
        supervised(
            mo_callback=f"{here.url}/m", dr_callback=f"{here.url}/d", signature_secret=SIGNATURE_SECRET
        ) as running,
    ):
        yield here, running


def number_of(behaviour: Behaviour, code: str = "") -> str:
    return next(
        magic.number for magic in MAGIC_RECIPIENTS if (magic.behaviour, magic.code) == (behaviour, code)
    )


def by_our_client(running: Running, to: str, *, text: str = "Hello", reference: str = "ref") -> Exchange:
    request = build(
        Text(text),
        sender="447700900000",
        to=to,
        options=Options(client_ref=reference),
        provider=Provider.SANDBOX,
        base_url=running.url,
        auth=SecretInBody("sandbox1", SECRET),
    )
    return GatewayClient(total_timeout=20).send(request)


def in_order(arrived: list[Arrived]) -> list[str]:
    return [one.fields["status"] for one in sorted(arrived, key=lambda one: one.at)]


@pytest.mark.parametrize(
    "behaviour, code, outcome, is_taken",
    [
        (Behaviour.RESETS, "", Outcome.UNCERTAIN, False),
        (Behaviour.LOSES_ANSWER, "", Outcome.UNCERTAIN, True),
        (Behaviour.MALFORMED, "", Outcome.UNCERTAIN, True),
        (Behaviour.EMPTY, "", Outcome.UNCERTAIN, True),
        (Behaviour.HTTP, "302", Outcome.UNCERTAIN, False),
        (Behaviour.HTTP, "429", Outcome.THROTTLED, False),
        (Behaviour.HTTP, "500", Outcome.UNCERTAIN, False),
        (Behaviour.HTTP, "502", Outcome.UNCERTAIN, True),
        (Behaviour.HTTP, "503", Outcome.UNCERTAIN, False),
    ],
)
def test_an_answer_that_does_not_come_as_it_should(
    world: tuple[Sink, Running], behaviour: Behaviour, code: str, outcome: Outcome, is_taken: bool
) -> None:
    here, running = world
    reference = f"{behaviour}-{code}"
    exchange = by_our_client(running, number_of(behaviour, code), reference=reference)
    assert exchange.outcome is outcome
    if is_taken:
        here.about(1, client_ref=reference, status="delivered")
    else:
        running.send(text="echo after " + reference)
        here.about(1, text="after " + reference)
        assert not [one for one in here.arrived if one.fields.get("client-ref") == reference]


def test_an_answer_that_trickles_comes_whole(world: tuple[Sink, Running]) -> None:
    _, running = world
    began = time.monotonic()
    exchange = by_our_client(running, number_of(Behaviour.TRICKLES))
    assert time.monotonic() - began >= 20 / 40
    assert exchange.outcome is Outcome.ANSWERED
    assert exchange.parts[0].accepted


def test_one_part_of_several_is_refused(world: tuple[Sink, Running]) -> None:
    here, running = world
    exchange = by_our_client(running, number_of(Behaviour.PARTIAL), text="x" * 400, reference="partial")
    assert [part.status for part in exchange.parts] == ["0", "5", "0"]
    here.about(2, client_ref="partial", status="delivered")
    (single,) = by_our_client(running, number_of(Behaviour.PARTIAL)).parts
    assert single.status == "0"


def test_a_busy_gateway_takes_the_third_attempt(world: tuple[Sink, Running]) -> None:
    _, running = world
    parts = [running.send(to=number_of(Behaviour.THROTTLES))[0] for _ in range(6)]
    assert [part["status"] for part in parts] == ["1", "1", "0", "1", "1", "0"]
    assert "please wait [ 978 ]" in parts[0]["error-text"]


@pytest.mark.parametrize(
    "behaviour, statuses",
    [
        (Behaviour.EXPIRES, ["accepted", "buffered", "expired"]),
        (Behaviour.REJECTS, ["accepted", "rejected"]),
        (Behaviour.UNKNOWN, ["accepted", "unknown"]),
        (Behaviour.BUFFERS, ["accepted", "buffered"]),
        (Behaviour.CONTRADICTS, ["accepted", "buffered", "delivered", "failed"]),
        (Behaviour.REORDERS, ["delivered", "buffered", "accepted"]),
        (Behaviour.DUPLICATES, ["accepted"] * 3 + ["buffered"] * 3 + ["delivered"] * 3),
    ],
)
def test_receipts_as_carriers_send_them(
    world: tuple[Sink, Running], behaviour: Behaviour, statuses: list[str]
) -> None:
    here, running = world
    running.send(to=number_of(behaviour), client_ref=str(behaviour))
    arrived = here.about(len(statuses), client_ref=str(behaviour))
    if behaviour is Behaviour.REORDERS:  # what goes out within a few milliseconds may overtake
        due = [entry for entry in running.control.trace().entries if entry["event"] == "receipt"]
        planned = [one["fields"] for one in due if one["fields"].get("client-ref") == str(behaviour)]
        assert [fields["status"] for fields in planned] == statuses
    assert sorted(in_order(arrived)) == sorted(statuses)


@pytest.mark.parametrize("code", [code for code in RECEIPT_ERRORS if code != "0"])
def test_there_is_a_number_for_every_err_code(world: tuple[Sink, Running], code: str) -> None:
    here, running = world
    reference = f"err-code-{code}"
    running.send(to=number_of(Behaviour.ERR_CODE, code), client_ref=reference)
    (arrived,) = here.about(1, client_ref=reference, status="failed")
    assert arrived.fields["err-code"] == code


def test_receipts_before_the_answer(world: tuple[Sink, Running]) -> None:
    here, running = world
    parts = running.send(to=number_of(Behaviour.EARLY), client_ref="early")
    came = [one for one in here.arrived if one.fields.get("client-ref") == "early"]
    assert in_order(came) == ["accepted", "buffered", "delivered"], "before the answer was read"
    assert {one.fields["messageId"] for one in came} == {parts[0]["message-id"]}


def test_a_silent_carrier_still_delivers(world: tuple[Sink, Running]) -> None:
    here, running = world
    running.send(to=number_of(Behaviour.SILENT), client_ref="silent", text="echo silent")
    here.about(1, text="silent")
    assert not [one for one in here.arrived if one.fields.get("client-ref") == "silent"]


def test_a_wrong_signature_is_wrong(world: tuple[Sink, Running]) -> None:
    here, running = world
    running.send(to=number_of(Behaviour.BADLY_SIGNED), client_ref="badly signed")
    for one in here.about(3, client_ref="badly signed"):
        assert len(one.fields["sig"]) == 32
        assert not signing.verify(one.fields, secret=SIGNATURE_SECRET)


@pytest.mark.parametrize("webhook_format", ["json", "form", "get"])
def test_an_account_may_have_its_webhooks_signed(webhook_format: str) -> None:
    settings = {"signature_secret": SIGNATURE_SECRET, "sign_webhooks": True, "webhook_format": webhook_format}
    with (
        sink() as here,
        supervised(dr_callback=f"{here.url}/d", mo_callback=f"{here.url}/m", **settings) as on,
    ):
        on.send(text="echo a & b = c, é")
        arrived = [*here.about(1, status="delivered"), *here.about(1, text="a & b = c, é")]
    for one in arrived:
        assert {"timestamp", "nonce", "sig"} <= set(one.fields)
        assert signing.verify(one.fields, secret=SIGNATURE_SECRET)


def replies(here: Sink, phone: str, count: int) -> list[dict[str, str]]:
    arrived = here.wait(count, lambda one: one.path == "/m" and one.fields["msisdn"] == phone)
    return [one.fields for one in sorted(arrived, key=lambda one: one.at)]


def test_replies_of_every_kind(world: tuple[Sink, Running]) -> None:
    here, running = world
    for behaviour in (Behaviour.LONG_REPLY, Behaviour.SHUFFLED_REPLY, Behaviour.INCOMPLETE_REPLY):
        running.send(to=number_of(behaviour), from_="447700900000")
    long = replies(here, number_of(Behaviour.LONG_REPLY), 4)
    assert sorted(part["concat-part"] for part in long) == ["1", "2", "3", "4"]
    assert {part["concat-total"] for part in long} == {"4"}
    shuffled = replies(here, number_of(Behaviour.SHUFFLED_REPLY), 4)
    assert sorted(part["concat-part"] for part in shuffled) == ["1", "2", "3", "4"]
    cut_off = replies(here, number_of(Behaviour.INCOMPLETE_REPLY), 3)
    assert sorted(part["concat-part"] for part in cut_off) == ["1", "2", "4"]
    running.send(to=number_of(Behaviour.UNICODE_REPLY), text="abc")
    (abroad,) = replies(here, number_of(Behaviour.UNICODE_REPLY), 1)
    assert (abroad["type"], abroad["text"]) == ("unicode", "Dziękuję, 谢谢 🙂: abc")
    running.send(to=number_of(Behaviour.BINARY_REPLY))
    (binary,) = replies(here, number_of(Behaviour.BINARY_REPLY), 1)
    assert (binary["type"], binary["data"], binary["udh"]) == ("binary", "CAFE0102", "06050440004000")


def test_a_handset_that_has_enough_gets_nothing_until_it_starts_again(world: tuple[Sink, Running]) -> None:
    here, running = world
    phone = number_of(Behaviour.STOPS)
    running.send(to=phone, from_="447700900000", client_ref="before the stop")
    assert replies(here, phone, 1)[0]["text"] == "STOP"
    running.send(to=phone, from_="447700900000", client_ref="after the stop")
    (rejected,) = here.about(1, client_ref="after the stop")
    assert (rejected.fields["status"], rejected.fields["err-code"]) == ("rejected", "9")
    running.send(to=phone, from_="447700900001", client_ref="another sender")
    here.about(1, client_ref="another sender", status="delivered")


RULES = {
    "seed": 7,
    "name": "bad day",
    "rules": [
        {"when": {"to": "3161*", "text": "part"}, "conduct": {"status": "7", "part": 1}},
        {"when": {"every": 3}, "conduct": {"http": 500}},
        {"when": {"sender": "Later"}, "conduct": {"delayed": 2.0, "copies": 2}},
        {"when": {"chance": 0.5}, "conduct": {"status": "13", "error_text": "as it happens"}},
    ],
}


def test_the_first_rule_that_fits_decides() -> None:
    with sink() as here, supervised(dr_callback=f"{here.url}/d", scenario=RULES) as running:
        assert running.control.state().scenario == "bad day"
        assert [part["status"] for part in running.send(text="part" + "x" * 200)] == ["7", "0"]
        body = urlencode(form(to="447700900001")).encode()
        answers = [running.ask("POST", "/sms/json", body, FORM) for _ in range(12)]
        assert [status for status, _ in answers] == [200, 200, 500] * 4
        said = [
            json.loads(answer)["messages"][0].get("error-text") for status, answer in answers if status == 200
        ]
        assert set(said) == {None, "as it happens"}


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"rules": [{}]},
        {"rules": [{"conduct": {"status": "many"}}]},
        {"rules": [{"conduct": {"statos": "1"}}]},
        {"rules": [{"conduct": {"http": 99}}]},
        {"rules": [{"conduct": {"receipts": [{"after": -1, "status": "delivered"}]}}]},
        {"clock": "sundial"},
        {"speed": 0},
    ],
)
def test_a_scenario_that_can_t_be_used_says_where(world: tuple[Sink, Running], document: object) -> None:
    _, running = world
    with pytest.raises(Mendable, match="The scenario can't be used"):
        running.control.scenario(document)
    assert running.control.state().scenario is None
