from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import dcs, gsm7, tpdu, ucs2
from sms_desktop.encoding.addresses import Address
from sms_desktop.encoding.encode import encode
from sms_desktop.encoding.timestamps import Timestamp
from sms_desktop.encoding.tpdu import Deliver, Direction, StatusReport, Submit, Tpdu, UserData
from sms_desktop.encoding.validity import Absolute, Enhanced, Relative, Validity
from sms_desktop.messages.message import Text, Unicode
from tests.known_answers import known_answers

OCTET = st.integers(0, 255)
FLAG = st.booleans()
ADDRESSES = st.builds(Address, st.text("0123456789*#abc", max_size=20), st.integers(0, 4), st.integers(0, 15))
STAMPS = st.builds(
    Timestamp,
    *(st.integers(1990, 2089), st.integers(1, 12), st.integers(1, 28)),
    *(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(-79, 79)),
)
VALIDITIES: st.SearchStrategy[Validity | None] = st.one_of(
    st.none(),
    st.builds(Relative, OCTET),
    st.builds(Absolute, STAMPS),
    st.builds(Enhanced, st.integers(1, 255), single_shot=FLAG),
)


@st.composite
def user_data(draw: st.DrawFn, data_coding: int) -> UserData:
    """Octets that fit their length, with a header that is one or not."""
    coding = dcs.parse(data_coding)
    septets = coding.alphabet == "gsm7" and not coding.compressed
    length = draw(st.integers(0, 160 if septets else 140))
    size = gsm7.packed_length(length) if septets else length
    octets = draw(st.binary(min_size=size, max_size=size))
    return UserData(octets, length, draw(FLAG))


@st.composite
def tpdus(draw: st.DrawFn) -> Tpdu:
    data_coding = draw(OCTET)
    match draw(st.integers(0, 2)):
        case 0:
            return Submit(
                draw(ADDRESSES), draw(user_data(data_coding)), draw(OCTET), draw(OCTET), data_coding,
                draw(VALIDITIES), draw(FLAG), draw(FLAG), draw(FLAG),
            )  # fmt: skip
        case 1:
            return Deliver(
                draw(ADDRESSES), draw(STAMPS), draw(user_data(data_coding)), draw(OCTET), data_coding,
                draw(FLAG), draw(FLAG), draw(FLAG), draw(FLAG),
            )  # fmt: skip
        case _:
            coding = draw(st.none() | st.just(data_coding))
            return StatusReport(
                draw(ADDRESSES), draw(STAMPS), draw(STAMPS), draw(OCTET), draw(OCTET), draw(FLAG),
                draw(FLAG), draw(FLAG), draw(st.none() | OCTET), coding,
                draw(st.none() | user_data(coding or 0)),
            )  # fmt: skip


def kind_of(found: Tpdu | None) -> str:
    match found:
        case Submit():
            return "SMS-SUBMIT"
        case Deliver():
            return "SMS-DELIVER"
        case StatusReport():
            return "SMS-STATUS-REPORT"
        case _:
            raise AssertionError(found)


def local(stamp: Timestamp) -> str:
    """As the vectors write it: without century and zone."""
    return stamp.words[2:19]


@pytest.mark.parametrize("given_, expect", known_answers("pdu_decode"))
def test_known_answers(given_: dict[str, Any], expect: dict[str, Any]) -> None:
    octets = bytes.fromhex(given_["pdu_hex"])
    parsed = tpdu.parse(octets, has_smsc=given_["has_smsc"])
    found = parsed.tpdu
    assert parsed.problems == ()
    assert kind_of(found) == expect["type"]
    assert (parsed.smsc.text if parsed.smsc else None) == expect["smsc"]
    match found:
        case Submit():
            assert found.destination.text == expect["address"]
            assert found.message_reference == expect["mr"]
            if "vp_relative" in expect:
                assert found.validity == Relative(expect["vp_relative"])
        case Deliver():
            assert found.sender.text == expect["address"]
            assert local(found.timestamp) == expect["scts"]
            assert found.timestamp.offset_minutes == expect["tz_minutes"]
        case StatusReport():
            assert found.recipient.text == expect["address"]
            assert found.message_reference == expect["mr"]
            assert local(found.timestamp) == expect["scts"]
            assert found.timestamp.offset_minutes == expect["tz_minutes"]
            assert local(found.discharge) == expect["discharge"]
            assert found.discharge.offset_minutes == expect["discharge_tz_minutes"]
            assert f"{found.status:02X}" == expect["status"]
        case None:
            pytest.fail("no TPDU")
    if isinstance(found, Submit | Deliver):
        assert f"{found.protocol_id:02X}" == expect["pid"]
        assert f"{found.data_coding:02X}" == expect["dcs"]
        assert found.user_data.length == expect["udl"]
        assert found.user_data.header.hex().upper() == expect.get("udh_hex", "")
        assert dcs.parse(found.data_coding).alphabet == expect["alphabet"]
        assert dcs.parse(found.data_coding).message_class == expect.get("class")
        if "data_hex" in expect:
            assert found.user_data.body.hex().upper() == expect["data_hex"]
    assert tpdu.build_pdu(found, smsc=parsed.smsc) == octets


@given(tpdus(), st.none() | ADDRESSES)
def test_what_is_built_is_parsed(given_: Tpdu, smsc: Address | None) -> None:
    parsed = tpdu.parse(tpdu.build(given_), has_smsc=False)
    assert parsed.tpdu == given_
    parsed = tpdu.parse(tpdu.build_pdu(given_, smsc=smsc), has_smsc=True)
    assert (parsed.smsc, parsed.tpdu) == (smsc, given_)


@given(st.binary(max_size=200), st.booleans(), st.sampled_from([None, "mo", "mt"]))
def test_any_octets_are_parsed(octets: bytes, has_smsc: bool, direction: Direction | None) -> None:
    parsed = tpdu.parse(octets, has_smsc=has_smsc, direction=direction)
    if parsed.tpdu is None:
        # Only the kinds that have no type of their own are silent about it.
        assert parsed.problems or direction is not None
    elif parsed.tpdu.user_data is not None and not parsed.problems:
        again = replace(parsed.tpdu, message_reference=0) if isinstance(parsed.tpdu, Submit) else parsed.tpdu
        data = parsed.tpdu.user_data
        if len(data.octets) <= 140 and not is_short(parsed.tpdu):
            assert tpdu.parse(tpdu.build(again), has_smsc=False).tpdu == again


def is_short(found: Tpdu) -> bool:
    """Whether the octets ended before the user data did."""
    data = found.user_data
    assert data
    coding = dcs.parse(found.data_coding or 0)
    septets = coding.alphabet == "gsm7" and not coding.compressed
    return len(data.octets) != (gsm7.packed_length(data.length) if septets else data.length)


def test_the_parts_of_a_message_as_tpdus() -> None:
    text = "Lorem ipsum dolor sit amet, " * 8
    submitted = [
        Submit(
            Address.of("+15125551234"),
            UserData.of(part.udh, part.user_data, part.user_data_length),
            data_coding=part.data_coding,
        )
        for part in encode(Text(text))
    ]
    assert [len(tpdu.build(one)) for one in submitted] == [153, 82]
    found = [tpdu.parse(tpdu.build(one), has_smsc=False).tpdu for one in submitted]
    assert found == submitted


def test_a_submit_as_published() -> None:
    septets = gsm7.encode("hola")
    built = tpdu.build_pdu(
        Submit(
            Address.of("+34616585119"),
            UserData.of(b"", gsm7.pack(septets), len(septets)),
            validity=Relative(170),
        ),
        smsc=None,
    )
    assert built.hex().upper() == "0011000B914316565811F90000AA04E8373B0C"


def test_a_deliver_as_published() -> None:
    built = tpdu.build_pdu(
        Deliver(
            Address.of("+34610789702"),
            Timestamp(2008, 6, 24, 9, 22, 4, 8),
            UserData.of(b"", ucs2.encode("中兴通讯"), 8),
            data_coding=8,
        ),
        smsc=Address.of("+34607003110"),
    )
    assert built.hex().upper() == "07914306073011F0040B914316709807F2000880604290224080084E2D5174901A8BAF"


def test_a_status_report_with_everything_behind_it() -> None:
    (part,) = encode(Unicode("ok"))
    report = StatusReport(
        Address.of("50131"),
        Timestamp(2010, 9, 28, 14, 56, 0, 4),
        Timestamp(2010, 9, 28, 14, 56, 0, 4),
        0x46,
        message_reference=24,
        protocol_id=0,
        data_coding=8,
        user_data=UserData.of(b"", part.user_data, part.user_data_length),
    )
    built = tpdu.build(report)
    assert built.hex().upper() == (
        "0618" "05810531F1" "01908241650040" "01908241650040" "46" "07" "00" "08" "04" "006F006B"
    )  # fmt: skip
    assert tpdu.parse(built, has_smsc=False).tpdu == report


@pytest.mark.parametrize(
    "user, said",
    [
        (UserData(b"abc", 4), "asks for 4 octets, not 3"),
        (UserData(bytes(141), 141), "has 141 octets; 140 at most"),
    ],
)
def test_user_data_that_does_not_fit_is_our_mistake(user: UserData, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        tpdu.build(Submit(Address.of("1"), user, data_coding=4))


@pytest.mark.parametrize(
    "octets, direction, problem",
    [
        ("", None, "The octets end before: First Octet."),
        ("00", None, "The octets end before: Originating Address (TP-OA)."),
        ("0105", None, "The octets end before: Destination Address (TP-DA)."),
        ("0100039121F3", None, "The octets end before: Protocol Identifier (TP-PID)."),
        ("0100039121F30000", None, "The octets end before: User Data Length (TP-UDL)."),
        ("0118039121F30000", None, "The octets end before: User Data Length (TP-UDL)."),
        ("1118039121F30000", None, "The octets end before: Validity Period (TP-VP)."),
        ("00", "mo", "The octets end before: Parameter Indicator (TP-PI)."),
        ("01", "mt", "The octets end before: Parameter Indicator (TP-PI)."),
        ("02", "mo", "The octets end before: Message Reference (TP-MR)."),
    ],
)
def test_what_is_cut_off_is_said(octets: str, direction: Direction | None, problem: str) -> None:
    parsed = tpdu.parse(bytes.fromhex(octets), has_smsc=False, direction=direction)
    assert parsed.tpdu is None
    assert parsed.problems == (problem,)
