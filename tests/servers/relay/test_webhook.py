from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.servers.relay.webhook import MAX_PARAMETER_OCTETS, MAX_PARAMETERS, Webhook, read_webhook

FORM = "application/x-www-form-urlencoded"


def read(
    body: bytes = b"",
    *,
    query: bytes = b"",
    content_type: str = FORM,
    content_encoding: str = "",
    door: str | None = "d",
    method: str = "POST",
) -> Webhook | None:
    return read_webhook(
        door=door,
        method=method,
        query=query,
        content_type=content_type,
        content_encoding=content_encoding,
        body=body,
    )


def event(*arguments: Any, **options: Any) -> Webhook:
    webhook = read(*arguments, **options)
    assert webhook is not None
    return webhook


def parameters(webhook: Webhook) -> dict[str, str]:
    payload: dict[str, str] = json.loads(webhook.payload)
    return payload


RECEIPT = (
    b"msisdn=66837000111&to=12150000025&network-code=52099&messageId=000000FFFB0356D2&price=0.02000000"
    b"&status=delivered&scts=1208121359&err-code=0&message-timestamp=2020-01-01+12%3A00%3A00"
)
RECEIPT_PARAMETERS = {
    "msisdn": "66837000111",
    "to": "12150000025",
    "network-code": "52099",
    "messageId": "000000FFFB0356D2",
    "price": "0.02000000",
    "status": "delivered",
    "scts": "1208121359",
    "err-code": "0",
    "message-timestamp": "2020-01-01 12:00:00",
}


def test_the_documented_receipt_is_read_from_query_form_and_json_alike() -> None:
    document = json.dumps(RECEIPT_PARAMETERS).encode()
    ways = [
        event(query=RECEIPT, method="GET", content_type=""),
        event(RECEIPT),
        event(document, content_type="application/json"),
        event(document, content_type="text/json; charset=utf-8"),
        event(document, content_type="application/x-javascript"),
        event(document, content_type=""),
        event(b"\xef\xbb\xbf" + document, content_type="application/json"),
    ]
    assert all(parameters(way) == RECEIPT_PARAMETERS for way in ways)
    assert {way.kind for way in ways} == {"receipt"}
    assert len({way.key for way in ways}) == 1
    assert all(way.flags == () for way in ways)


def test_json_numbers_keep_their_text_and_null_is_absent() -> None:
    webhook = event(
        b'{"price": 0.03330000, "n": 12e1, "yes": true, "no": false, "nothing": null, "big": 1%s}'
        % (b"0" * 5000),
        content_type="application/json",
    )
    assert parameters(webhook) == {
        "price": "0.03330000", "n": "12e1", "yes": "true", "no": "false", "big": "1" + "0" * 5000,
    }  # fmt: skip


def test_a_nested_value_is_kept_as_its_json_text() -> None:
    webhook = event(
        b'{"messageId": "1", "usage": {"price": 0.10, "x": [1, "a"]}}', content_type="application/json"
    )
    assert parameters(webhook) == {"messageId": "1", "usage": '{"price": 0.10, "x": [1, "a"]}'}
    assert webhook.flags == ("nested",)


def test_of_repeated_members_the_first_counts_nested_ones_too() -> None:
    for body, first in [
        (b'{"a": [1], "a": "x"}', "[1]"),
        (b'{"a": "x", "a": [1]}', "x"),
        (b' {"a" : {"b": ":,}"} ,\n"b":null, "a":[2] }', '{"b": ":,}"}'),
    ]:
        webhook = event(body, content_type="application/json")
        assert parameters(webhook) == {"a": first}
        assert webhook.flags == ("nested", "repeated")


def test_what_is_not_quite_json_inside_a_value_is_kept_too() -> None:
    webhook = event(b'{"a": [NaN, 1e999, 1%s]}' % (b"0" * 5000), content_type="application/json")
    assert parameters(webhook) == {"a": "[NaN, 1e999, 1" + "0" * 5000 + "]"}


def test_one_body_cannot_hold_up_the_others() -> None:
    # Every webhook is read on the one event loop: what takes long to read stops the whole relay.
    members = b",".join(b'"%d":[]' % number for number in range(7000))
    few = b",".join(b'"%d":[%s0]' % (number, b"0," * 480) for number in range(64))
    began = time.process_time()
    assert event(b"{%s}" % members[:65_000], content_type="application/json").kind == "unreadable"
    assert event(b"{%s}" % members, content_type="application/json").kind == "unreadable"
    assert event(b"{%s}" % few, content_type="application/json").flags == ("nested",)
    assert time.process_time() - began < 1


def test_the_body_wins_over_the_query_and_a_conflict_is_flagged() -> None:
    webhook = event(b"status=delivered&messageId=1", query=b"status=failed&messageId=1&to=Acme")
    assert parameters(webhook) == {"status": "delivered", "messageId": "1", "to": "Acme"}
    assert webhook.flags == ("conflict",)


def test_the_first_of_a_repeated_parameter_counts() -> None:
    assert parameters(event(b"status=failed&status=delivered")) == {"status": "failed"}
    assert event(b"status=failed&status=delivered").flags == ("repeated",)
    assert event(b'{"status": "a", "status": "b"}', content_type="application/json").flags == ("repeated",)


def test_a_semicolon_divides_nothing() -> None:
    assert parameters(event(b"text=a;status=b", door="m")) == {"text": "a;status=b"}


def test_octets_that_are_not_utf8_are_replaced_and_flagged() -> None:
    for body, content_type in [
        (b"text=caf%E9", FORM),
        (b"text=caf\xe9", FORM),
        (b'{"text": "caf\xe9"}', "application/json"),
        (b'{"text": "caf\\ud800"}', "application/json"),
    ]:
        webhook = event(body, content_type=content_type, door="m")
        assert parameters(webhook) == {"text": "caf\ufffd"}
        assert webhook.flags == ("not-utf8",)


@pytest.mark.parametrize("body", [b"", b"  \r\n", b"{}"])
def test_a_request_without_parameters_is_a_reachability_check(body: bytes) -> None:
    assert read(body) is None
    assert read(body, content_type="application/json") is None


@pytest.mark.parametrize(
    "body,content_type,encoding,problem",
    [
        (b"{not json", "application/json", "", "the body is not JSON"),
        (b"\x00\x01=\x02", FORM, "", "the body is not form-encoded"),
        (b"hello", FORM, "", "the body is not form-encoded"),
        (b"[1, 2]", "application/json", "", "the body is JSON, but not an object"),
        (b"[" * 60_000, "application/json", "", "the body is not JSON"),
        (b'{"a":' * 10_000, "application/json", "", "the body is not JSON"),
        (b"a=b", FORM, "gzip", "the body is compressed"),
        (b"--x\r\n\r\na", "multipart/form-data", "", "the body is neither form-encoded nor JSON"),
        (b"<a/>", "text/xml", "", "the body is neither form-encoded nor JSON"),
        (b"&".join(b"a%d=1" % i for i in range(MAX_PARAMETERS + 1)), FORM, "", "more than 64 parameters"),
        (
            json.dumps({str(i): "1" for i in range(MAX_PARAMETERS + 1)}).encode(),
            "application/json",
            "",
            "more than 64 parameters",
        ),
        (b"text=" + b"a" * MAX_PARAMETER_OCTETS, FORM, "", "a parameter is longer than 32768 octets"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_kept_with_the_reason(
    body: bytes, content_type: str, encoding: str, problem: str
) -> None:
    webhook = event(body, content_type=content_type, content_encoding=encoding, query=b"x=1")
    kept = parameters(webhook)
    assert webhook.kind == "unreadable"
    assert kept["problem"] == problem
    assert kept["content_type"] == content_type
    assert kept["query"] == "x=1"
    assert kept["body"] == body[:4096].decode(errors="replace")
    again = event(body, content_type=content_type, content_encoding=encoding, query=b"x=1")
    assert again.key == webhook.key
    assert event(body, content_type=content_type, content_encoding=encoding, query=b"x=2").key != webhook.key


def test_as_many_and_as_long_parameters_as_are_allowed_are_read() -> None:
    assert len(parameters(event(b"&".join(b"a%d=1" % i for i in range(MAX_PARAMETERS))))) == MAX_PARAMETERS
    assert event(b"text=" + b"a" * (MAX_PARAMETER_OCTETS - 4)).kind == "receipt"


def test_query_and_body_together_hold_no_more_parameters_than_one_of_them_may() -> None:
    half = [b"a%d=1" % number for number in range(MAX_PARAMETERS // 2)]
    rest = [b"b%d=1" % number for number in range(MAX_PARAMETERS // 2)]
    assert len(parameters(event(b"&".join(half), query=b"&".join(rest)))) == MAX_PARAMETERS
    webhook = event(b"&".join([*half, b"c=1"]), query=b"&".join(rest))
    assert (webhook.kind, parameters(webhook)["problem"]) == ("unreadable", "more than 64 parameters")


@pytest.mark.parametrize(
    "body,kind",
    [
        (b"messageId=1&status=delivered", "receipt"),
        (b"messageId=1&status=delivered&text=hi", "inbound"),
        (b"messageId=1&status=delivered&data=00", "inbound"),
        (b"messageId=1&status=delivered&udh=00", "inbound"),
        (b"messageId=1&text=hi&msisdn=1&to=2", "inbound"),
        (b"status=delivered", "inbound"),
    ],
)
def test_the_door_without_a_name_tells_by_what_came(body: bytes, kind: str) -> None:
    assert event(body, door=None).kind == kind
    assert event(body, door="d").kind == "receipt"
    assert event(body, door="m").kind == "inbound"


def test_a_repetition_has_the_same_key_whatever_is_volatile_in_it() -> None:
    first = event(RECEIPT + b"&nonce=1&timestamp=2&sig=3")
    again = event(
        RECEIPT.replace(b"12%3A00", b"12%3A07").replace(b"delivered", b"DELIVERED") + b"&nonce=9&sig=8"
    )
    assert first.key == again.key
    assert len(first.key) == 16


@pytest.mark.parametrize("name", [b"messageId", b"msisdn", b"status", b"err-code", b"scts"])
def test_another_receipt_has_another_key(name: bytes) -> None:
    assert event(RECEIPT).key != event(RECEIPT.replace(name + b"=", name + b"=9")).key


def test_parts_of_an_inbound_message_have_keys_of_their_own() -> None:
    part = b"messageId=%s&msisdn=1&text=hi&concat=true&concat-ref=7&concat-total=2&concat-part=%s"
    keys = {event(part % (i, p), door="m").key for i in (b"A", b"B") for p in (b"1", b"2")}
    assert len(keys) == 4


@pytest.mark.parametrize("door", ["d", "m"])
def test_without_a_message_id_all_that_is_not_volatile_makes_the_key(door: str) -> None:
    assert event(b"a=1&b=2&nonce=1", door=door).key == event(b"b=2&a=1&nonce=2", door=door).key
    assert event(b"a=1&b=2", door=door).key != event(b"a=1&b=3", door=door).key
    assert event(b"a=1&b=2&messageId=", door=door).key != event(b"a=1&b=3&messageId=", door=door).key


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.dictionaries(names, names, min_size=1, max_size=20))
def test_json_objects_of_text_come_back_as_they_were(members: dict[str, str]) -> None:
    webhook = event(json.dumps(members).encode(), content_type="application/json")
    assert parameters(webhook) == members


octets = st.binary(max_size=200) | st.text('a=&%+;{}[]":,\\ud8\x00é1', max_size=60).map(str.encode)


@given(
    body=octets,
    query=octets,
    content_type=st.sampled_from(
        [FORM, "application/json", "text/plain", "", "multipart/form-data", "x" * 50]
    ),
    content_encoding=st.sampled_from(["", "identity", "gzip"]),
    door=st.sampled_from(["d", "m", None]),
)
def test_any_octets_give_an_event_or_a_check(
    body: bytes, query: bytes, content_type: str, content_encoding: str, door: str | None
) -> None:
    webhook = read(body, query=query, content_type=content_type, content_encoding=content_encoding, door=door)
    if webhook is None:
        return
    payload = json.loads(webhook.payload)
    assert all(isinstance(text, str) for pair in payload.items() for text in pair)
    webhook.payload.encode()
    assert len(webhook.key) == 16
