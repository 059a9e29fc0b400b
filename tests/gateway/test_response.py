from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.gateway.errors import UnreadableAnswer
from sms_desktop.gateway.response import money, parse_json, retry_after_ms
from sms_desktop.messages.outcomes import Part
from tests.known_answers import known_answers


@pytest.mark.parametrize("given_, expect", known_answers("response_json"))
def test_published_answers(given_: dict[str, str], expect: dict[str, Any]) -> None:
    parts = parse_json(given_["body"].encode()).parts
    prices = [amount for part in parts if (amount := money(part.price)) is not None]
    found = {
        "parts": len(parts),
        "ok": sum(part.accepted for part in parts),
        "failed": sum(not part.accepted for part in parts),
        "status": parts[0].status,
        "error_text": parts[0].error_text,
        "retry_after_ms": retry_after_ms(parts[0].error_text),
        "last_balance": parts[-1].balance,
        "total_price": str(sum(prices, Decimal(0))),
    }
    assert {name: found[name] for name in expect} == expect


@pytest.mark.parametrize("given_, expect", known_answers("throttle_text"))
def test_published_throttle_texts(given_: dict[str, str], expect: dict[str, int]) -> None:
    assert retry_after_ms(given_["error_text"]) == expect["retry_after_ms"]


@pytest.mark.parametrize("text", [None, "", "Throttled", "MAX [ 30 ] COUNT [ 30 ]", "please wait [ soon ]"])
def test_a_text_without_a_wait_gives_none(text: str | None) -> None:
    assert retry_after_ms(text) is None


def test_an_interval_that_has_passed_asks_for_no_wait() -> None:
    assert retry_after_ms("INTERVAL [ 1000 ] TIME_SINCE_LAST_INTERVAL_START [ 1500 ]") == 0


def test_numbers_are_read_like_text_and_keep_their_digits() -> None:
    body = (
        b'{"message-count":1,"messages":[{"status":0,"message-id":12,"message-price":0.03330000,"to":316}]}'
    )
    (part,) = parse_json(body).parts
    assert (part.status, part.message_id, part.price, part.to) == ("0", "12", "0.03330000", "316")


def test_masked_money_is_kept_as_text_and_is_no_amount() -> None:
    body = b'{"messages":[{"status":"0","remaining-balance":"*****","message-price":"*****"}]}'
    (part,) = parse_json(body).parts
    assert (part.balance, money(part.balance), part.message_id) == ("*****", None, None)


@pytest.mark.parametrize("text", ["NaN", "-1", "1e9", "1,5", "", "12345678901234567890", "٣"])
def test_only_plain_amounts_are_money(text: str) -> None:
    assert money(text) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"messages":{}}',
        b'{"messages":[]}',
        b'{"messages":["0"]}',
        b'{"messages":[{"status":null}]}',
        b'{"messages":[{"status":""}]}',
        b'{"messages":[{"status":true}]}',
        b'{"messages":[{"status":"0"},{"to":"316"}]}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"messages":' + b"[" * 100_000,
        b"<html></html>",
        b'{"messages":[{"status":"' + b"9" * 41 + b'"}]}',
        b'{"messages":[' + b'{"status":"0"},' * 255 + b'{"status":"0"}]}',
    ],
)
def test_what_does_not_say_a_status_for_each_part_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        parse_json(body)


def test_a_message_has_255_parts_at_most_and_a_reason_has_an_end() -> None:
    entry = {"status": "5", "error-text": "x" * 100_000, "message-id": "y" * 1000}
    parts = parse_json(json.dumps({"messages": [entry] * 255}).encode()).parts
    assert len(parts) == 255
    assert parts[254].error_text == "x" * 999 + "…"
    assert parts[254].message_id == "y" * 1000


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_entry = st.dictionaries(
    st.sampled_from(
        ["status", "message-id", "to", "error-text", "message-price", "remaining-balance", "network"]
    ),
    _json,
)
_document = st.fixed_dictionaries({"message-count": _json, "messages": st.lists(_entry, max_size=3) | _json})


@given(st.binary() | _document.map(lambda document: json.dumps(document).encode()))
def test_any_answer_is_read_or_refused_in_one_way(body: bytes) -> None:
    try:
        answer = parse_json(body)
    except UnreadableAnswer:
        return
    assert [part.index for part in answer.parts] == list(range(1, len(answer.parts) + 1))
    for part in answer.parts:
        assert part.status
        repr(part).encode()  # nothing that can't be stored
        assert retry_after_ms(part.error_text) is None or isinstance(Part(part.status).state, str)
        money(part.price)
