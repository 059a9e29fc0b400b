from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sms_desktop.encoding import wap_push
from sms_desktop.encoding.push_reading import PushContent, inspect_push
from sms_desktop.encoding.tree import Annotator, Field
from sms_desktop.encoding.wap_push import (
    Push,
    ServiceIndication,
    ServiceLoading,
    SiAction,
    SlAction,
    encode_push,
    encode_service_indication,
    encode_service_loading,
)
from sms_desktop.messages.errors import Mendable
from tests.encoding.leaves import assert_annotated, find
from tests.known_answers import known_answers

JUNE = datetime(1999, 6, 25, 15, 23, 15, tzinfo=UTC)

# User data of a real push in two parts, behind the headers (python-messaging, test_decoding_generic_wap_push)
VODAFONE = (
    (
        "01060B03AE81EAC3958D01A2B48403056A0A20566F6461666F6E650045C60C037761702E6D65696E63616C6C79612E64652F0008"
        "01035A756D206B6F7374656E6C6F73656E20506F7274616C20224D65696E0083000322202D2065696E66616368206175662064656E"
        "20666F6C67656E64656E204C696E6B206B6C69636B656E"
    ),
    "206F6465722064696520536569746520646972656B7420617566727566656E2E2049687200830003205465616D000101",
)


def inspected(data: bytes) -> tuple[PushContent | None, tuple[Field, ...], list[str]]:
    """Content, fields and problems of octets that stand inside others."""
    annotator = Annotator(b"\xaa\xbb" + data + b"\xcc", base=56)
    fields, content = inspect_push(annotator, 2, 2 + len(data))
    assert_annotated(annotator, fields, 2, 2 + len(data))
    return content, fields, [problem.message for problem in annotator.problems]


# ---------------------------------------------------------------------------------------------- known answers


@pytest.mark.parametrize("given_, expect", known_answers("wbxml_si"))
def test_known_documents(given_: dict[str, Any], expect: dict[str, str]) -> None:
    attributes = [(name, value) for name, value in given_["attributes_in_order"]]
    document = encode_service_indication(attributes, given_["text"])
    assert document.hex().upper() == expect["hex"]
    content, _, problems = inspected(bytes.fromhex("01060403AE81EA") + document)
    assert content is not None
    said = {"href": content.href, "created": content.created, "si-expires": content.expires}
    said |= {"action": content.action, "si-id": content.id}
    assert {name: value for name, value in said.items() if value is not None} == dict(attributes)
    assert content.text == given_["text"]
    assert problems == []


@pytest.mark.parametrize("given_, expect", known_answers("wap_push_si"))
def test_known_pushes(given_: dict[str, str], expect: dict[str, Any]) -> None:
    user_data = bytes.fromhex(given_["ud_hex"])
    header = bytes.fromhex(expect["udh"])
    assert user_data.startswith(header)
    content, fields, problems = inspected(user_data[len(header) :])
    si = expect["si"]
    assert content == PushContent(
        "wap_push_si", si["href"], si["text"], si["created"], si["si-expires"], si["action"], si["si-id"]
    )
    assert [field.meaning for field in find(fields, "Host")] == [expect["wsp"]["Host"]]
    assert problems == []
    # Its document, made again with the attributes in its order: its href has no slash behind the domain.
    order = [(name, si[name]) for name in ("href", "si-id", "action", "created", "si-expires")]
    assert user_data.endswith(encode_service_indication(order, si["text"]))


def test_the_example_of_the_specification_as_we_send_it() -> None:
    push = ServiceIndication(
        url="http://www.xyz.com/email/123/abc.wml",
        text="You have 4 new emails",
        created=JUNE,
        expires=datetime(1999, 6, 30, tzinfo=UTC),
    )
    assert encode_push(push).hex().upper() == (
        "01060403AE81EA02056A0045C60D0378797A008503656D61696C2F3132332F6162632E776D6C000AC3071999062515231510C3"
        "04199906300103596F7520686176652034206E657720656D61696C73000101"
    )


def test_what_is_not_given_is_not_sent() -> None:
    push = ServiceIndication("http://example.com/", "Hi")
    assert encode_push(push).hex().upper() == "01060403AE81EA02056A0045C60C036578616D706C65008501034869000101"
    content, _, problems = inspected(encode_push(push, tid=0xFE))
    assert content == PushContent("wap_push_si", href="http://example.com/", text="Hi")
    assert problems == []
    assert list(content.as_dict()) == ["type", "href", "text", "created", "expires", "action", "id"]


def test_a_real_push_in_two_parts() -> None:
    content, fields, problems = inspected(bytes.fromhex("".join(VODAFONE)))
    assert content is not None
    assert content.href == "http://wap.meincallya.de/"
    assert content.action == "signal-high"
    assert content.text == (
        'Zum kostenlosen Portal "Mein Vodafone" - einfach auf den folgenden Link klicken oder die Seite '
        "direkt aufrufen. Ihr Vodafone Team"
    )
    assert problems == []
    body = find(fields, "WBXML")[0]
    assert find(fields, "Content-Length")[0].meaning == str(body.bit_length // 8)


def test_its_first_part_alone_says_what_it_has() -> None:
    content, _, problems = inspected(bytes.fromhex(VODAFONE[0]))
    assert content is not None
    assert content.text is not None
    assert content.text.endswith("Link klicken")
    assert problems == ["The string does not end: its NUL is missing."]


# ----------------------------------------------------------------------------------------------------- tokens


@pytest.mark.parametrize(
    "url, octets",
    [
        ("http://www.a.b", "0D03612E6200"),
        ("http://a.b", "0C03612E6200"),
        ("https://www.a.b", "0F03612E6200"),
        ("https://a.b", "0E03612E6200"),
        ("ftp://a.b", "0B036674703A2F2F612E6200"),
        ("HTTP://a", "0B03485454503A2F2F6100"),  # tokens stand for exactly their text
        ("http://", "0C"),
        ("http://www.", "0D"),
        ("http://www", "0C0377777700"),
        ("http://a.com", "0C03612E636F6D00"),
        ("http://a.com/", "0C03610085"),
        ("http://.com/.edu/.net/.org/", "0C85868788"),
        ("http://a.org/?u=b.com/c", "0C036100880 33F753D62008503630 0".replace(" ", "")),
        ("http://é/", "0C03C3A92F00"),
    ],
)
def test_the_longest_beginning_and_whole_domains(url: str, octets: str) -> None:
    document = encode_service_indication([("href", url)], "").hex().upper()
    assert document == f"02056A004586{octets}0101"


@pytest.mark.parametrize(
    "attributes, text, octets",
    [
        ([], "", "4506" + "01"),
        ([], "x", "4546037800" + "0101"),
        ([("action", "delete"), ("si-id", "a.com/")], "", "45860911036100850101"),
        ([("created", "2000-01-01T00:00:00Z")], "", "45860AC304200001010101"),
        ([("created", "2000-10-20T00:00:10Z")], "", "45860AC307200010200000100101"),
        ([("si-expires", "1999-12-31T23:00:00Z")], "", "458610C30519991231230101"),
        ([("si-id", "")], "", "4586110101"),
    ],
)
def test_documents(attributes: list[tuple[str, str]], text: str, octets: str) -> None:
    assert encode_service_indication(attributes, text).hex().upper() == "02056A00" + octets


@pytest.mark.parametrize(
    "attributes, octets",
    [
        ([], "05"),
        ([("href", "http://www.a.com/")], "850A0361008501"),
        ([("href", "a"), ("action", "execute-low")], "85080361000501"),
        ([("action", "execute-high")], "850601"),
        ([("action", "cache")], "850701"),
    ],
)
def test_service_loadings(attributes: list[tuple[str, str]], octets: str) -> None:
    document = encode_service_loading(attributes)
    assert document.hex().upper() == "02066A00" + octets
    content, _, problems = inspected(bytes.fromhex("01060403B081EA") + document)
    assert content == PushContent("wap_push_sl", **dict(attributes))
    assert problems == []


def test_a_date_in_another_zone_is_sent_in_utc() -> None:
    zone = timezone(timedelta(hours=2))
    push = ServiceIndication("a", created=datetime(1999, 6, 25, 17, 23, 15, 999_999, zone))
    content, _, _ = inspected(encode_push(push))
    assert content is not None
    assert content.created == "1999-06-25T15:23:15Z"


def test_deleting_by_id_needs_no_address() -> None:
    push = ServiceIndication("", action=SiAction.DELETE, si_id="a")
    assert encode_push(push).endswith(bytes.fromhex("02056A0045861103610009" + "0101"))


# -------------------------------------------------------------------------------------- what can't be encoded

TOO_EARLY = datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))
TOO_LATE = datetime.max.replace(tzinfo=timezone(timedelta(hours=-1)))


@pytest.mark.parametrize(
    "push, field, message",
    [
        (ServiceIndication(""), "url", "needs an address"),
        (ServiceIndication("", action=SiAction.DELETE), "url", "needs an address"),
        (ServiceIndication("", si_id="a"), "url", "needs an address"),
        (ServiceLoading(""), "url", "needs an address"),
        (ServiceIndication("http://a\0"), "url", "Character 9 of url is NUL"),
        (ServiceIndication("a.com/\0"), "url", "Character 7 of url is NUL"),
        (ServiceLoading("a\ud800"), "url", "Character 2 of url is only half of a character"),
        (ServiceIndication("a", "ab\0"), "title", "Character 3 of title is NUL"),
        (ServiceIndication("a", "\udc00"), "title", "Character 1 of title is only half"),
        (ServiceIndication("a", si_id="\0"), "id", "Character 1 of id is NUL"),
        (ServiceIndication("a", created=JUNE.replace(tzinfo=None)), "created", "no time zone"),
        (ServiceIndication("a", expires=TOO_EARLY), "expires", "outside the years 1 to 9999"),
        (ServiceIndication("a", created=TOO_LATE), "created", "outside the years 1 to 9999"),
    ],
)
def test_what_cannot_be_encoded(push: Push, field: str, message: str) -> None:
    with pytest.raises(Mendable, match=message) as caught:
        encode_push(push)
    assert caught.value.field == field


@pytest.mark.parametrize("tid", [-1, 256])
def test_a_transaction_identifier_is_one_octet(tid: int) -> None:
    with pytest.raises(Mendable, match=f"is {tid}; it is 0 to 255") as caught:
        encode_push(ServiceLoading("a"), tid=tid)
    assert caught.value.field == "transaction-id"


@pytest.mark.parametrize(
    "attributes, field, message",
    [
        ([("hreff", "a")], "hreff", "has no attribute hreff"),
        ([("href", "a"), ("href", "b")], "url", "given twice"),
        ([("action", "signal")], "action", "signal is not an action"),
        ([("action", "")], "action", "is not an action"),
        ([("created", "1999-06-25")], "created", "YYYY-MM-DDThh:mm:ssZ"),
        ([("si-expires", "10000-01-01T00:00:00Z")], "expires", "YYYY-MM-DDThh:mm:ssZ"),
        ([("created", "1999-02-29T00:00:00Z")], "created", "YYYY-MM-DDThh:mm:ssZ"),
        ([("created", "0001-01-01T00:00:00+01:00")], "created", "YYYY-MM-DDThh:mm:ssZ"),
        ([("created", "")], "created", "YYYY-MM-DDThh:mm:ssZ"),
    ],
)
def test_attributes_that_a_document_does_not_have(
    attributes: list[tuple[str, str]], field: str, message: str
) -> None:
    with pytest.raises(Mendable, match=message) as caught:
        encode_service_indication(attributes, "")
    assert caught.value.field == field


# ------------------------------------------------------------------------------------------------ round trips

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
pieces = st.sampled_from(
    ["http://", "https://", "www.", ".com/", ".edu/", ".net/", ".org/", ".com", "/", "é", "a", "?"]
)
urls = st.lists(pieces | texts, min_size=1, max_size=6).map("".join).filter(bool)
dates = st.datetimes(timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
) | st.dates().map(lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC))
indications = st.builds(
    ServiceIndication,
    url=urls,
    text=texts,
    created=st.none() | dates,
    expires=st.none() | dates,
    action=st.none() | st.sampled_from(SiAction),
    si_id=st.none() | urls,
)
loadings = st.builds(ServiceLoading, url=urls, action=st.none() | st.sampled_from(SlAction))


def notation(moment: datetime | None) -> str | None:
    return f"{moment.replace(tzinfo=None).isoformat()}Z" if moment else None


@settings(max_examples=500)
@given(indications | loadings, st.integers(0, 255))
def test_what_is_encoded_is_read_back(push: Push, tid: int) -> None:
    content, fields, problems = inspected(encode_push(push, tid=tid))
    if isinstance(push, ServiceLoading):
        assert content == PushContent("wap_push_sl", href=push.url, action=push.action)
    else:
        assert content == PushContent(
            "wap_push_si",
            href=push.url,
            text=push.text or None,
            created=notation(push.created),
            expires=notation(push.expires),
            action=push.action,
            id=push.si_id,
        )
    assert problems == []
    assert find(fields, "Transaction Identifier")[0].meaning == str(tid)
    json.dumps(content.as_dict(), ensure_ascii=False).encode()


@settings(max_examples=500)
@given(indications | loadings, st.data())
def test_damaged_pushes_are_read(push: Push, data: st.DataObject) -> None:
    octets = bytearray(encode_push(push))
    for _ in range(data.draw(st.integers(0, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    content, _, _ = inspected(bytes(octets[: data.draw(st.integers(0, len(octets)))]))
    if content is not None:
        json.dumps(content.as_dict(), ensure_ascii=False).encode()


@settings(max_examples=500)
@given(st.sampled_from(["", "010601AE", "010601B0", "01060403AE81EA", "010601B6"]), st.binary(max_size=60))
@example("01060402AE81", b"")
def test_any_octets_are_read(header: str, body: bytes) -> None:
    inspected(bytes.fromhex(header) + body)


@pytest.mark.parametrize(
    "octets, problem",
    [
        ("", "There is no WSP PDU."),
        ("010601AE", "The push has no body."),
        ("010601AE02056A0005", "A Service Indication has one indication; this has 0."),
        ("010601AE02056A0045060601", "A Service Indication has one indication; this has 2."),
    ],
)
def test_what_is_missing_is_noted(octets: str, problem: str) -> None:
    _, _, problems = inspected(bytes.fromhex(octets))
    assert problems == [problem]


def test_another_kind_of_push_keeps_its_body() -> None:
    content, fields, problems = inspected(bytes.fromhex("010601BE8C82"))  # an MMS notification
    assert content is None
    assert [field.name for field in fields] == ["WSP Push", "Body"]
    assert fields[0].meaning == "application/vnd.wap.mms-message"
    assert problems == []


def test_the_document_decides_what_it_is() -> None:
    content, _, _ = inspected(bytes.fromhex("010601AE02066A00850803610001"))
    assert content == PushContent("wap_push_sl", href="a")
    assert wap_push.encode_service_loading([("href", "a")]) == bytes.fromhex("02066A00850803610001")
