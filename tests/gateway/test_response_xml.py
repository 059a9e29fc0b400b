"""Answers in XML, and answers in another format than was asked for."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.gateway.errors import UnreadableAnswer
from sms_desktop.gateway.response import money, parse, parse_json, parse_xml
from sms_desktop.messages.wire import RequestFormat
from tests.known_answers import known_answers

HEAD = "<mt-submission-response><messages count='1'><message>"
TAIL = "</message></messages></mt-submission-response>"


@pytest.mark.parametrize("given_, expect", known_answers("response_xml"))
def test_published_answers(given_: dict[str, str], expect: dict[str, Any]) -> None:
    answer = parse_xml(given_["body"].encode())
    parts = answer.parts
    prices = [amount for part in parts if (amount := money(part.price)) is not None]
    found = {
        "parts": len(parts),
        "ok": sum(part.accepted for part in parts),
        "failed": sum(not part.accepted for part in parts),
        "status": parts[0].status,
        "error_text": parts[0].error_text,
        "message_ids": [part.message_id for part in parts],
        "total_price": str(sum(prices, Decimal(0))),
    }
    assert {name: found[name] for name in expect} == expect
    assert answer.note is None


@pytest.mark.parametrize(
    "spelling",
    [
        "<status>2</status><errorText>Missing from param</errorText><clientRef>r</clientRef>",
        "<client-ref>r</client-ref><error-text>Missing from param</error-text><status>2</status>",
        "<clientRef>r</clientRef><status> 2 </status><errorText>Missing <![CDATA[from param]]></errorText>",
    ],
)
def test_both_spellings_are_read_in_any_order(spelling: str) -> None:
    (part,) = parse_xml(f"{HEAD}{spelling}{TAIL}".encode()).parts
    assert (part.status, part.error_text, part.client_ref) == ("2", "Missing from param", "r")


def test_json_may_spell_names_as_xml_does() -> None:
    body = (
        b'{"messageCount":"1","messages":[{"errorText":"no","status":"3","messageId":"a","clientRef":"r"}]}'
    )
    (part,) = parse_json(body).parts
    assert (part.status, part.error_text, part.message_id, part.client_ref) == ("3", "no", "a", "r")


def test_an_element_that_is_empty_or_unknown_says_nothing() -> None:
    xml = f"{HEAD}<status>0</status><network/><new><deep>1</deep></new><errorText></errorText>{TAIL}"
    (part,) = parse_xml(xml.encode()).parts
    assert (part.status, part.error_text, part.message_id) == ("0", None, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_the_declared_encoding_is_obeyed(encoding: str) -> None:
    xml = f"<?xml version='1.0' encoding='{encoding}'?>{HEAD}<status>2</status><errorText>é</errorText>{TAIL}"
    assert parse_xml(xml.encode(encoding)).parts[0].error_text == "é"


ENTITIES = [
    "<!DOCTYPE mt-submission-response [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>",
    "<!DOCTYPE mt-submission-response [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
    "<!DOCTYPE mt-submission-response SYSTEM 'http://127.0.0.1:1/x.dtd'>",
    "<!DOCTYPE mt-submission-response>",
]


@pytest.mark.parametrize("doctype", ENTITIES)
def test_document_types_and_entities_are_refused(doctype: str) -> None:
    with pytest.raises(UnreadableAnswer):
        parse_xml(f"{doctype}{HEAD}<status>0</status><to>&a;</to>{TAIL}".encode())
    with pytest.raises(UnreadableAnswer):
        parse_xml(f"{doctype}{HEAD}<status>0</status>{TAIL}".encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"<html><body>maintenance",
        b"<mt-submission-response/>",
        b"<mt-submission-response><messages count='0'></messages></mt-submission-response>",
        f"{HEAD}<to>1</to>{TAIL}".encode(),
        f"{HEAD}<status/>{TAIL}".encode(),
        f"{HEAD}<status>0</status>".encode(),
        f"{HEAD}<status>0</status>{TAIL}<more/>".encode(),
        b"<a>" * 100_000,
        b"<?xml version='1.0' encoding='no-such'?><a/>",
        b"<?xml version='1.0' encoding='rot13'?><a/>",
        b"\x00\x00\x00",
        f"{HEAD}<status>{'9' * 41}</status>{TAIL}".encode(),
        HEAD.encode() + b"</message><message>".join([b"<status>0</status>"] * 256) + TAIL.encode(),
    ],
)
def test_what_does_not_say_a_status_for_each_part_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        parse_xml(body)


@pytest.mark.parametrize("wire", RequestFormat)
def test_an_answer_in_the_other_format_is_read_all_the_same(wire: RequestFormat) -> None:
    xml = f"{HEAD}<status>0</status>{TAIL}".encode()
    assert parse(xml, wire).parts == parse(b'{"message-count":"1","messages":[{"status":0}]}', wire).parts


def test_what_is_neither_is_called_by_what_was_asked_for() -> None:
    for wire, words in ((RequestFormat.JSON, "is not JSON"), (RequestFormat.XML, "is not XML")):
        with pytest.raises(UnreadableAnswer, match=words):
            parse(b"<html>", wire)


_name = st.sampled_from(["status", "errorText", "error-text", "messageId", "to", "x", "messages", "message"])
_tree = st.recursive(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5).map(
        lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
    ),
    lambda inner: st.tuples(_name, st.lists(inner, max_size=3)).map(
        lambda node: f"<{node[0]}>{''.join(node[1])}</{node[0]}>"
    ),
    max_leaves=10,
)


@given(
    st.binary()
    | _tree.map(lambda tree: f"{HEAD}{tree}{TAIL}".encode())
    | st.text().map(json.dumps).map(str.encode)
)
def test_any_answer_is_read_or_refused_in_one_way(body: bytes) -> None:
    try:
        answer = parse(body, RequestFormat.XML)
    except UnreadableAnswer:
        return
    assert all(part.status for part in answer.parts)
    repr(answer).encode()
