from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.gateway import webhooks
from sms_desktop.gateway.signing import sign
from sms_desktop.gateway.webhooks import (
    MOST_FIELDS,
    Concatenation,
    WebhookKind,
    fields_from,
    inbound,
    kind_of,
    receipt,
)
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.states import State
from sms_desktop.messages.statuses import RECEIPT_ERRORS
from tests.known_answers import known_answers

RECEIPT = {
    "msisdn": "447700900000",
    "to": "AcmeInc",
    "network-code": "23410",
    "messageId": "0A0000001234567B",
    "price": "0.03330000",
    "status": "delivered",
    "scts": "2001011400",
    "err-code": "0",
    "api-key": "abcd1234",
    "message-timestamp": "2020-01-01 12:00:00",
    "client-ref": "my-ref",
}
INBOUND = {
    "msisdn": "447700900001",
    "to": "447700900000",
    "messageId": "0A0000000123ABCD1",
    "text": "Hello world",
    "type": "text",
    "keyword": "HELLO",
    "api-key": "abcd1234",
    "message-timestamp": "2020-01-01T12:00:00.000+00:00",
}


def as_it_came(given_: dict[str, Any]) -> dict[str, str]:
    if "query" in given_:
        return fields_from("GET", None, given_["query"], b"")
    return fields_from("POST", "application/json", "", json.dumps(given_["json"]).encode())


@pytest.mark.parametrize("given_, expect", known_answers("dlr_parse"))
def test_published_receipts(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    fields = as_it_came(given_)
    payload = receipt(fields)
    found = {
        "final": payload.is_final,
        "scts_parsed": payload.carrier_time,
        "recipient": payload.recipient,
        "sender": payload.sender,
        "status": payload.status,
        "err_code": payload.err_code,
        "message_timestamp": payload.pushed_at and payload.pushed_at.strftime("%Y-%m-%d %H:%M:%S"),
    }
    assert kind_of(fields) is WebhookKind.RECEIPT
    assert {name: found[name] for name in expect} == expect


@pytest.mark.parametrize("given_, expect", known_answers("inbound_parse"))
def test_published_inbound_messages(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    fields = as_it_came(given_)
    payload = inbound(fields)
    assert kind_of(fields) is WebhookKind.INBOUND
    assert (payload.sender, payload.own_number) == (expect["from"], expect["to"])
    assert payload.concatenation == Concatenation(**expect["concat"])


@pytest.mark.parametrize(
    "method, content_type, query, body",
    [
        ("GET", None, urlencode(RECEIPT), b""),
        ("POST", "application/x-www-form-urlencoded", "", urlencode(RECEIPT).encode()),
        ("POST", "application/x-www-form-urlencoded; charset=UTF-8", "", urlencode(RECEIPT).encode()),
        ("POST", "application/json", "", json.dumps(RECEIPT).encode()),
        ("POST", "Application/JSON; charset=utf-8", "", json.dumps(RECEIPT).encode()),
        ("POST", None, "", json.dumps(RECEIPT).encode()),
        ("POST", None, "", urlencode(RECEIPT).encode()),
        ("POST", "application/x-www-form-urlencoded", urlencode(RECEIPT), b""),
    ],
)
def test_a_receipt_is_the_same_however_it_came(
    method: str, content_type: str | None, query: str, body: bytes
) -> None:
    payload = receipt(fields_from(method, content_type, query, body))
    assert (payload.recipient, payload.sender, payload.network) == ("447700900000", "AcmeInc", "23410")
    assert (payload.price, payload.client_ref, payload.api_key) == ("0.03330000", "my-ref", "abcd1234")
    assert payload.pushed_at == datetime(2020, 1, 1, 12, tzinfo=UTC)
    assert payload.receipt.state is State.DELIVERED
    assert payload.fields == RECEIPT


def test_the_body_wins_over_the_query_and_the_first_of_two_values_counts() -> None:
    fields = fields_from("POST", "application/x-www-form-urlencoded", "a=query&b=query", b"a=body&a=second")
    assert fields == {"a": "body", "b": "query"}


def test_json_values_become_text() -> None:
    fields = fields_from(
        "POST", "application/json", "", b'{"a":1,"b":0.0300,"c":true,"d":null,"e":{"f":[1]},"g":"x"}'
    )
    assert fields == {"a": "1", "b": "0.0300", "c": "true", "e": '{"f": ["1"]}', "g": "x"}


def test_an_inbound_message_names_both_ends() -> None:
    payload = inbound(INBOUND)
    assert (payload.sender, payload.own_number, payload.text) == (
        "447700900001",
        "447700900000",
        "Hello world",
    )
    assert payload.pushed_at == datetime(2020, 1, 1, 12, tzinfo=UTC)
    assert payload.concatenation is None


def test_binary_content_is_kept_as_it_came() -> None:
    payload = inbound(INBOUND | {"type": "binary", "data": "not hex", "udh": "060504"})
    assert (payload.type, payload.data, payload.udh) == ("binary", "not hex", "060504")


@pytest.mark.parametrize(
    "change, usable",
    [
        ({}, True),
        ({"concat": "TRUE"}, True),
        ({"concat": "false"}, False),
        ({"concat-part": "4"}, False),
        ({"concat-part": "0"}, False),
        ({"concat-total": "256"}, False),
        ({"concat-total": "three"}, False),
        ({"concat-total": "9" * 5000}, False),
        ({"concat-ref": ""}, False),
    ],
)
def test_concatenation_is_read_where_it_is_usable(change: dict[str, str], usable: bool) -> None:
    parts = {"concat": "true", "concat-ref": "17", "concat-total": "3", "concat-part": "2"}
    concatenation = inbound(INBOUND | parts | change).concatenation
    assert concatenation == (Concatenation("17", 3, 2) if usable else None)


@pytest.mark.parametrize(
    "fields, kind",
    [
        (RECEIPT, WebhookKind.RECEIPT),
        (INBOUND, WebhookKind.INBOUND),
        (INBOUND | {"status": "delivered"}, WebhookKind.INBOUND),
        ({"msisdn": "1", "type": "text"}, WebhookKind.INBOUND),
        ({"status": "delivered"}, WebhookKind.UNREADABLE),
        ({"text": "no sender"}, WebhookKind.UNREADABLE),
        ({}, WebhookKind.UNREADABLE),
    ],
)
def test_a_webhook_s_kind_follows_from_its_fields(fields: dict[str, str], kind: WebhookKind) -> None:
    assert kind_of(fields) is kind


def test_nothing_at_all_is_a_receipt_of_unknowns() -> None:
    payload = receipt({})
    assert (payload.message_id, payload.status, payload.pushed_at, payload.carrier_time) == (
        None,
        None,
        None,
        None,
    )
    assert payload.receipt.state is State.UNKNOWN


@pytest.mark.parametrize("scts", ["2013011400", "20010114", "abc", "٢٠٠١٠١١٤٠٠", "2002301400"])
def test_a_carrier_time_that_is_none_is_none(scts: str) -> None:
    assert receipt(RECEIPT | {"scts": scts}).carrier_time is None
    assert receipt(RECEIPT | {"scts": scts}).scts == scts


def test_too_many_parameters_are_not_read() -> None:
    many = {f"p{number}": "x" for number in range(MOST_FIELDS + 1)}
    assert fields_from("GET", None, urlencode(many), b"") == {}
    assert fields_from("POST", "application/json", "", json.dumps(many).encode()) == {}


_NAMES = st.sampled_from(
    [*RECEIPT, *INBOUND, "concat", "concat-ref", "concat-total", "concat-part", "data", "udh"]
)


@given(
    st.sampled_from(["GET", "POST"]),
    st.sampled_from([None, "", "application/json", "application/x-www-form-urlencoded", "text/plain"])
    | st.text(),
    st.text(),
    st.binary()
    | st.dictionaries(_NAMES, st.text()).map(lambda fields: urlencode(fields, errors="replace").encode())
    | st.dictionaries(_NAMES, st.none() | st.integers() | st.text() | st.lists(st.text())).map(
        lambda fields: json.dumps(fields).encode()
    ),
)
def test_any_webhook_is_read_without_an_exception(
    method: str, content_type: str | None, query: str, body: bytes
) -> None:
    fields = fields_from(method, content_type, query, body)
    "".join([*fields, *fields.values()]).encode()  # nothing that can't be stored
    kind_of(fields)
    payload = receipt(fields)
    assert payload.receipt.order
    assert payload.is_final in {True, False}
    assert payload.carrier_time is None or len(payload.carrier_time) == 16
    message = inbound(fields)
    assert message.pushed_at is None or message.pushed_at.tzinfo is UTC


@given(st.dictionaries(_NAMES, st.text()))
def test_any_fields_of_a_relay_are_read_without_an_exception(fields: dict[str, str]) -> None:
    assert receipt(fields).fields == fields
    assert receipt(fields).receipt.state in State
    assert inbound(fields).text == fields.get("text")
    assert receipt(fields).carrier_time is None or receipt(fields).scts


@pytest.mark.parametrize("code", RECEIPT_ERRORS)
@pytest.mark.parametrize(
    "status", ["delivered", "Failed", "REJECTED", "expired", "unknown", "accepted", "Accepted"]
)
def test_an_error_code_is_explained_but_for_accepted(status: str, code: str) -> None:
    read = webhooks.receipt({"status": status, "err-code": code, "messageId": "a"})
    explained = None if status.lower() == "accepted" else RECEIPT_ERRORS[code]
    assert read.error == explained
    assert read.err_code == code, "what came is kept"


def test_an_error_code_that_is_not_documented_is_explained_as_such() -> None:
    assert webhooks.receipt({"status": "failed"}).error is None
    found = webhooks.receipt({"status": "failed", "err-code": "95"}).error
    assert found is not None
    assert "not documented" in found.meaning


@pytest.mark.parametrize(
    "data, octets", [("abc123", b"\xab\xc1\x23"), ("ABC", None), ("", None), ("hi there", None), ("٣٣", None)]
)
def test_binary_data_is_octets_where_it_is_hexadecimal(data: str, octets: bytes | None) -> None:
    read = webhooks.inbound({"type": "binary", "msisdn": "1", "data": data, "udh": data})
    assert (read.octets, read.header) == (octets, octets)
    assert read.data == data


@pytest.mark.parametrize("given_, expect", known_answers("signature_verify"))
def test_published_signed_webhooks_are_verified(given_: dict[str, Any], expect: dict[str, bool]) -> None:
    fields = {**given_["params"], "sig": given_["sig"]}
    algorithm = SignatureAlgorithm(given_["algorithm"].removeprefix("hmac-").replace("md5-hash", "md5hash"))
    found = webhooks.signature_of(fields, secret=given_["secret"], algorithm=algorithm)
    assert (found is webhooks.Signed.VALID) is expect["valid"]
    changed = fields | {"text": "other"}
    assert (
        webhooks.signature_of(changed, secret=given_["secret"], algorithm=algorithm)
        is webhooks.Signed.INVALID
    )


@pytest.mark.parametrize(
    "stamp, now, found",
    [
        ("1000", 1000.0, webhooks.Signed.VALID),
        ("1000", 1300.0, webhooks.Signed.VALID),
        ("1000", 1301.0, webhooks.Signed.STALE),
        ("1000", 699.0, webhooks.Signed.STALE),
        ("1000", None, webhooks.Signed.VALID),
        ("soon", 1000.0, webhooks.Signed.STALE),
        ("9" * 40, 1000.0, webhooks.Signed.STALE),
    ],
)
def test_a_signature_is_fresh_for_five_minutes(stamp: str, now: float | None, found: webhooks.Signed) -> None:
    fields = {"timestamp": stamp, "nonce": "n", "text": "a&b=c"}
    signed = fields | {"sig": sign(fields, secret="s").upper()}
    assert webhooks.signature_of(signed, secret="s", now=now) is found
    assert webhooks.signature_of(fields, secret="s", now=now) is webhooks.Signed.ABSENT
