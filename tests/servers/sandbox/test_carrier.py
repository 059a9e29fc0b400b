"""Receipts and replies, travelling over HTTP to a sink; and our own client in front of it all."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sms_desktop.gateway import webhooks
from sms_desktop.gateway.auth import SecretInBody
from sms_desktop.gateway.client import Exchange, GatewayClient
from sms_desktop.gateway.request import build
from sms_desktop.messages.message import Content, Text, Unicode
from sms_desktop.messages.options import Options
from sms_desktop.messages.outcomes import Outcome
from sms_desktop.messages.providers import Provider
from tests.servers.sandbox.running import SECRET, Running, supervised
from tests.servers.sandbox.sink import Arrived, Sink, sink

_REFERENCES = itertools.count(1)


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Sink, Running]]:
    with sink() as here, supervised(mo_callback=f"{here.url}/m", dr_callback=f"{here.url}/d") as running:
        yield here, running


def send(
    running: Running, content: Content, *, to: str = "31612345678", sender: str = "Acme", secret: str = SECRET
) -> tuple[str, Exchange]:
    reference = f"reference-{next(_REFERENCES)}"
    request = build(
        content,
        sender=sender,
        to=to,
        options=Options(client_ref=reference),
        provider=Provider.SANDBOX,
        base_url=running.url,
        auth=SecretInBody("sandbox1", secret),
    )
    return reference, GatewayClient().send(request)


def statuses(arrived: list[Arrived]) -> list[str]:
    return [one.fields["status"] for one in sorted(arrived, key=lambda one: one.at)]


def test_every_part_gets_its_receipts(world: tuple[Sink, Running]) -> None:
    here, running = world
    reference, exchange = send(running, Text("x" * 400))
    assert exchange.outcome is Outcome.ANSWERED
    ids = {str(part.message_id) for part in exchange.parts}
    assert len(ids) == 3
    arrived = here.about(9, client_ref=reference)
    for message_id in ids:
        of_part = [one for one in arrived if one.fields["messageId"] == message_id]
        assert sorted(statuses(of_part)) == ["accepted", "buffered", "delivered"]


def test_a_receipt_holds_the_documented_fields(world: tuple[Sink, Running]) -> None:
    here, running = world
    reference, exchange = send(running, Text("Hello"))
    (arrived,) = here.about(1, client_ref=reference, status="delivered")
    assert (arrived.method, arrived.path, arrived.content_type) == ("POST", "/d", "application/json")
    assert webhooks.kind_of(arrived.fields) is webhooks.WebhookKind.RECEIPT
    payload = webhooks.receipt(arrived.fields)
    assert (payload.recipient, payload.sender, payload.network) == ("31612345678", "Acme", "20408")
    assert (payload.message_id, payload.price) == (exchange.parts[0].message_id, "0.03330000")
    assert (payload.err_code, payload.api_key, payload.is_final) == ("0", "sandbox1", True)
    assert payload.pushed_at is not None
    assert abs(datetime.now(UTC) - payload.pushed_at) < timedelta(minutes=1)
    assert payload.carrier_time is not None


def test_the_request_s_callback_comes_before_the_account_s(world: tuple[Sink, Running]) -> None:
    here, running = world
    running.send(callback=f"{here.url}/own?token=1", client_ref="own-callback")
    arrived = here.about(3, client_ref="own-callback")
    assert {one.path for one in arrived} == {"/own"}


def test_receipts_can_be_declined(world: tuple[Sink, Running]) -> None:
    here, running = world
    running.send(status_report_req="0", client_ref="declined", text="echo declined")
    here.about(1, text="declined")  # the reply comes last of all
    assert not [one for one in here.arrived if one.fields.get("client-ref") == "declined"]


def test_a_text_that_begins_with_echo_comes_back(world: tuple[Sink, Running]) -> None:
    here, running = world
    send(running, Text("Echo how are you?"), sender="447700900000")
    (arrived,) = here.about(1, text="how are you?")
    assert arrived.path == "/m"
    payload = webhooks.inbound(arrived.fields)
    assert (payload.sender, payload.own_number) == ("31612345678", "447700900000")
    assert (payload.type, payload.keyword, payload.api_key) == ("text", "HOW", "sandbox1")
    assert payload.concatenation is None
    assert payload.pushed_at is not None


def test_a_word_sender_is_answered_by_its_word(world: tuple[Sink, Running]) -> None:
    here, running = world
    send(running, Unicode("echo żółć"))
    (arrived,) = here.about(1, text="żółć")
    assert (arrived.fields["to"], arrived.fields["type"]) == ("Acme", "unicode")


def test_a_long_reply_comes_in_parts(world: tuple[Sink, Running]) -> None:
    here, running = world
    long = "".join(f"{number:03d} 😀 " for number in range(40)).strip()
    send(running, Unicode("echo " + long), sender="447700900001")
    arrived = here.about(5, to="447700900001", concat="true")
    parts = sorted(
        (webhooks.inbound(one.fields) for one in arrived), key=lambda part: str(part.concatenation)
    )
    places = [part.concatenation for part in parts]
    assert [(place.part, place.total) for place in places if place] == [
        (1, 5),
        (2, 5),
        (3, 5),
        (4, 5),
        (5, 5),
    ]
    assert len({place.ref for place in places if place}) == 1
    assert len({part.message_id for part in parts}) == 5
    assert "".join(part.text or "" for part in parts) == long


def test_what_is_not_in_the_alphabet_arrives_as_a_question_mark(world: tuple[Sink, Running]) -> None:
    here, running = world
    send(running, Text("echo ж is one letter"))
    here.about(1, text="? is one letter", type="text")


def test_the_echo_handset_answers_every_message(world: tuple[Sink, Running]) -> None:
    here, running = world
    send(running, Text("Good morning"), to="31600000001")
    here.about(1, msisdn="31600000001", text="You said: Good morning")


def test_a_handset_that_is_switched_off_fails_with_error_2(world: tuple[Sink, Running]) -> None:
    here, running = world
    reference, _ = send(running, Text("echo never"), to="31600000002")
    arrived = here.about(3, client_ref=reference)
    assert statuses(arrived) == ["accepted", "buffered", "failed"]
    assert max(arrived, key=lambda one: one.at).fields["err-code"] == "2"
    send(running, Text("echo always"))
    here.about(1, text="always")
    assert not [one for one in here.arrived if one.fields.get("text") == "never"]


def test_the_slow_handset_takes_thirty_seconds_of_the_sandbox_s_clock(world: tuple[Sink, Running]) -> None:
    here, running = world
    began = time.monotonic()
    reference, _ = send(running, Text("Hello"), to="31600000003")
    (arrived,) = here.about(1, client_ref=reference, status="delivered")
    assert arrived.at - began >= 30 / 40


def test_a_lost_answer_is_uncertain_and_a_receipt_with_its_reference_comes_later(
    world: tuple[Sink, Running],
) -> None:
    here, running = world
    reference, exchange = send(running, Text("Hello"), to="31600000004")
    assert exchange.outcome is Outcome.UNCERTAIN
    assert exchange.reason == "The request was written, then the connection broke before an answer came."
    assert exchange.parts == ()
    assert statuses(here.about(3, client_ref=reference)) == ["accepted", "buffered", "delivered"]


def test_a_barred_number_and_a_wrong_secret_are_refused_per_part(world: tuple[Sink, Running]) -> None:
    _, running = world
    _, barred = send(running, Text("Hello"), to="31600000005")
    _, wrong = send(running, Text("Hello"), secret="another")
    assert [(each.outcome, each.parts[0].status) for each in (barred, wrong)] == [
        (Outcome.ANSWERED, "7"),
        (Outcome.ANSWERED, "4"),
    ]


@pytest.mark.parametrize(
    "webhook_format, method, content_type",
    [("form", "POST", "application/x-www-form-urlencoded"), ("get", "GET", "")],
)
def test_webhooks_come_as_the_account_s_settings_say(
    webhook_format: str, method: str, content_type: str
) -> None:
    with (
        sink() as here,
        supervised(mo_callback=f"{here.url}/m?a=b", webhook_format=webhook_format) as running,
    ):
        send(running, Unicode("echo Grüße & more"))
        (arrived,) = here.about(1, text="Grüße & more")
        assert (arrived.method, arrived.content_type) == (method, content_type)
        assert arrived.fields["msisdn"] == "31612345678"


def test_what_is_not_answered_with_2xx_comes_again_later_and_later() -> None:
    tries = itertools.count(1)
    answers = {1: 500, 2: 302, 3: 0}
    with (
        sink(
            lambda one: answers.get(next(tries), 200) if one.fields["status"] == "delivered" else 200
        ) as here,
        supervised(dr_callback=here.url) as running,
    ):
        reference, _ = send(running, Text("Hello"))
        arrived = here.about(4, client_ref=reference, status="delivered")
        pauses = [later.at - earlier.at for earlier, later in itertools.pairwise(arrived)]
        stable = [{k: v for k, v in one.fields.items() if k != "message-timestamp"} for one in arrived]
        assert all(fields == stable[0] for fields in stable), "a repetition is known by its fields"
    assert [pause >= at_least for pause, at_least in zip(pauses, (0.125, 0.25, 0.5), strict=True)] == [
        True
    ] * 3
