from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sms_desktop.encoding import uintvar, wsp
from sms_desktop.encoding.tree import Annotator
from tests.encoding.leaves import assert_annotated, find
from tests.known_answers import known_answers


def parsed(octets: str) -> tuple[wsp.PushPdu, Annotator]:
    annotator = Annotator(bytes.fromhex(octets))
    fields, pdu = wsp.parse(annotator, 0, len(annotator.data))
    assert_annotated(annotator, fields, 0, pdu.body)
    return pdu, annotator


@pytest.mark.parametrize("given_, expect", known_answers("wsp_push_headers"))
def test_known_headers(given_: dict[str, str], expect: dict[str, Any]) -> None:
    pdu, annotator = parsed(given_["hex"])
    assert pdu.transaction_id == expect["tid"]
    assert pdu.pdu_type == expect["pdu_type"]
    assert pdu.headers_length == expect["headers_len"]
    assert pdu.content_type == expect["content_type"]
    named = {name: value for name, value in expect.items() if name.startswith(("X-", "Push"))}
    assert dict(pdu.headers) == named
    assert annotator.problems == []


def test_ours() -> None:
    assert wsp.push_header(1, 0x2E).hex().upper() == "01060403AE81EA"
    assert wsp.push_header(0xC8, 0x30).hex().upper() == "C8060403B081EA"


@pytest.mark.parametrize("transaction, content_type", [(256, 0x2E), (-1, 0x2E), (1, 0x80)])
def test_what_does_not_fit_is_our_mistake(transaction: int, content_type: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        wsp.push_header(transaction, content_type)


@pytest.mark.parametrize(
    "headers, content_type, charset",
    [
        ("AE", "application/vnd.wap.sic", 0),
        ("01AE", "application/vnd.wap.sic", 0),
        ("03AE81EA", "application/vnd.wap.sic", 106),
        ("05AE810203E8", "application/vnd.wap.sic", 1000),  # a charset as a long integer
        ("04AE828581", "application/vnd.wap.sic", 0),  # level=5, then a charset without a value
        ("6170702F7800", "app/x", 0),
        ("06612F62008184", "a/b", 4),
        ("1F04AE81EA00", "application/vnd.wap.sic", 106),  # the length behind a length quote
        ("03020100", "content type 256", 0),  # a media type as a long integer
        ("FF", "content type 127", 0),
        ("80", "*/*", 0),
    ],
)
def test_content_types(headers: str, content_type: str, charset: int) -> None:
    pdu, _ = parsed(f"0106{len(headers) // 2:02X}{headers}")
    assert (pdu.content_type, pdu.charset) == (content_type, charset)


@pytest.mark.parametrize(
    "header, name, meaning",
    [
        ("AF84", "X-Wap-Application-Id", "mms.ua"),
        ("AF782D612F6200", "X-Wap-Application-Id", "x-a/b"),
        ("AF02" + "0B84", "X-Wap-Application-Id", "2948"),
        ("B487", "Push-Flag", "initiator authenticated, content trusted, last push message"),
        ("B480", "Push-Flag", "none"),
        ("8D8F", "Content-Length", "15"),
        ("8D01A2", "Content-Length", "162"),
        ("C395", "Encoding-Version", "1.5"),
        ("C39F", "Encoding-Version", "1"),
        ("966C6F63616C686F737400", "Host", "localhost"),
        ("927F" + "C3A900", "Date", "é"),
        ("92043774A463", "Date", "1999-06-26T09:58:59Z"),
        ("921E" + "FF" * 30, "Date", "no date"),
        ("582D59007A00", "X-Y", "z"),
        ("8803" + "81EA00", "Cache-Control", "81EA00"),
        ("F083", "header 70 of page 1", "3"),
        ("05AE83", "header 2E of page 5", "3"),
        ("7F05AE83", "header 2E of page 5", "3"),
    ],
)
def test_headers(header: str, name: str, meaning: str) -> None:
    annotator = Annotator(bytes.fromhex(f"0106{len(header) // 2 + 1:02X}AE{header}"))
    fields, _ = wsp.parse(annotator, 0, len(annotator.data))
    assert [field.meaning for field in find(fields, name)] == [meaning]


@pytest.mark.parametrize(
    "octets, problem, at",
    [
        ("", "There is no WSP PDU", 0),
        ("01", "The PDU type is missing", 1),
        ("0104AE", "not a push", 1),
        ("0106", "A number was expected", 2),
        ("0106FFFFFFFFFF", "A number was expected", 2),
        ("010600", "The content type is missing", 3),
        ("01060400AE", "The headers have 4 octets, but 2 octets follow.", 2),
        ("01060105", "A value has 5 octets, but 0 octets follow.", 3),
        ("010601611F", "The string does not end", 3),
        ("010602AE8D", "The header Content-Length has no value", 4),
        ("010603AEF081", "Header 70 of page 1 is not known", 4),
    ],
)
def test_what_breaks_a_rule_is_noted_where_it_stands(octets: str, problem: str, at: int) -> None:
    _, annotator = parsed(octets)
    found = [(one.message, one.bit_offset) for one in annotator.problems]
    assert any(problem in message and offset == 8 * at for message, offset in found), found


@given(st.binary(max_size=60), st.integers(0, 8), st.integers(0, 8))
@example(bytes.fromhex("01067F"), 0, 0)
@example(bytes.fromhex("0106041F8181"), 0, 0)
def test_any_octets_are_read(data: bytes, before: int, behind: int) -> None:
    annotator = Annotator(b"\xff" * before + data + b"\xff" * behind, base=16)
    fields, pdu = wsp.parse(annotator, before, before + len(data))
    assert_annotated(annotator, fields, before, pdu.body)
    assert before <= pdu.body <= before + len(data)


@given(st.binary(max_size=60))
def test_any_headers_are_read(data: bytes) -> None:
    annotator = Annotator(bytes((1, 6, len(data))) + data)
    fields, pdu = wsp.parse(annotator, 0, len(annotator.data))
    assert pdu.body == len(annotator.data)
    assert_annotated(annotator, fields, 0, pdu.body)


@given(st.integers(0, (1 << 32) - 1))
@example(0)
@example(127)
@example(128)
def test_numbers_of_seven_bits_an_octet(number: int) -> None:
    written = uintvar.write(number)
    assert len(written) == max(1, (number.bit_length() + 6) // 7)
    assert uintvar.read(b"\0" + written + b"\0", 1, 1 + len(written)) == (number, 1 + len(written))
    assert uintvar.read(written, 0, len(written) - 1) is None


@pytest.mark.parametrize("number", [-1, 1 << 32])
def test_a_number_of_more_than_32_bits_is_our_mistake(number: int) -> None:
    with pytest.raises(ValueError, match="32 bits"):
        uintvar.write(number)
