"""Wireshark's dissectors (Debian's tshark) as judge of whole TPDUs: every field of the kinds we build."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sms_desktop.encoding import dcs, gsm7, tpdu, udh, validity
from sms_desktop.encoding.addresses import ALPHANUMERIC, INTERNATIONAL, Address
from sms_desktop.encoding.elements import Concatenation, Element, RawElement, SourceIndicator
from sms_desktop.encoding.inspect import inspect_pdu
from sms_desktop.encoding.timestamps import Timestamp
from sms_desktop.encoding.tpdu import Deliver, Direction, StatusReport, Submit, Tpdu, UserData
from sms_desktop.encoding.udh import UserDataHeader
from tests.oracles.texts import BASIC, EXTENSION
from tests.oracles.tshark import dissect_tpdus, every

CASES = 3_000
CODINGS = (0x00, 0x10, 0x40, 0x80, 0x0C, 0xC8, 0xD0, 0xF1, 0x04, 0xF5, 0x08, 0x18, 0xE1)
PROTOCOLS = (0x00, 0x20, 0x32, 0x3F, 0x41, 0x7F, 0xC3)
# As received, a line feed is one: tshark shows it as it is, but not a page break.
LETTERS = BASIC.replace("\n", "") + EXTENSION.replace("\f", "")


class Maker:
    """Makes TPDUs of every kind, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.source = random.Random(seed)

    def yes(self) -> bool:
        return self.source.random() < 0.5

    def address(self) -> Address:
        digits = "".join(self.source.choices("0123456789", k=self.source.randint(1, 20)))
        match self.source.randrange(3):
            case 0:
                return Address(digits, self.source.choice((0, 1, 2, 3, 4)), self.source.choice((0, 1, 8, 9)))
            case 1:
                return Address(digits[:15], INTERNATIONAL)
            case _:
                words = "".join(self.source.choices(BASIC.replace("\n", ""), k=self.source.randint(1, 11)))
                return Address(words, ALPHANUMERIC, 0)

    def stamp(self) -> Timestamp:
        at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=self.source.randrange(2_000_000_000))
        zone = self.source.randint(-79, 79)
        return Timestamp(at.year, at.month, at.day, at.hour, at.minute, at.second, zone)

    def validity(self) -> validity.Validity | None:
        return self.source.choice(
            (
                None,
                validity.Relative(self.source.randrange(256)),
                validity.Absolute(self.stamp()),
                validity.Enhanced(self.source.randint(1, 255), single_shot=self.yes()),
                validity.Enhanced(self.source.randrange(360_000), as_clock=True),
                validity.Enhanced(single_shot=self.yes()),
            )
        )

    def header(self) -> bytes:
        elements: list[Element] = [
            self.source.choice(
                (
                    Concatenation(self.source.randrange(256), 9, self.source.randint(1, 9)),
                    Concatenation(self.source.randrange(65_536), 9, self.source.randint(1, 9), 16),
                    SourceIndicator(self.source.randint(1, 3)),
                    RawElement(0x80, self.source.randbytes(self.source.randrange(6))),
                )
            )
            for _ in range(self.source.choice((0, 0, 1, 2, 3)))
        ]
        return UserDataHeader(tuple(elements)).to_octets()

    def user_data(self) -> tuple[int, UserData, str | None]:
        """A data coding, user data, and the text in it."""
        data_coding = self.source.choice(CODINGS)
        header = self.header()
        text = "".join(self.source.choices(LETTERS, k=self.source.randrange(41)))
        match dcs.parse(data_coding).alphabet:
            case "gsm7":
                septets, fill = gsm7.encode(text), gsm7.fill_bits(len(header))
                length = (8 * len(header) + fill) // 7 + len(septets)
                return data_coding, UserData.of(header, gsm7.pack(septets, fill), length), text
            case "ucs2":
                octets = text.encode("utf-16-be")
            case _:
                octets, text = self.source.randbytes(self.source.randrange(60)), ""
        user_data = UserData.of(header, octets, len(header) + len(octets))
        return data_coding, user_data, text if dcs.parse(data_coding).alphabet == "ucs2" else None

    def tpdu(self) -> tuple[Tpdu, str | None]:
        """A TPDU, and the text in it."""
        data_coding, user_data, text = self.user_data()
        protocol = self.source.choice(PROTOCOLS)
        match self.source.randrange(4):
            case 0:
                return (
                    Submit(
                        self.address(),
                        user_data,
                        self.source.randrange(256),
                        protocol,
                        data_coding,
                        self.validity(),
                        self.yes(),
                        self.yes(),
                        self.yes(),
                    ),
                    text,
                )
            case 1:
                flags = (self.yes(), self.yes(), self.yes(), self.yes())
                return Deliver(self.address(), self.stamp(), user_data, protocol, data_coding, *flags), text
            case 2:
                return StatusReport(*self.report()), None
            case _:
                return StatusReport(*self.report(), protocol, data_coding, user_data), text

    def report(self) -> tuple[Address, Timestamp, Timestamp, int, int, bool, bool, bool]:
        status, reference = self.source.randrange(256), self.source.randrange(256)
        flags = (self.yes(), self.yes(), self.yes())
        return self.address(), self.stamp(), self.stamp(), status, reference, *flags


def flags_of(made: Tpdu) -> dict[str, bool]:
    """The bits of the first octet."""
    match made:
        case Submit():
            return {
                "rd": made.reject_duplicates,
                "srr": made.status_report_request,
                "rp": made.reply_path,
                "udhi": made.user_data.has_header,
            }
        case Deliver():
            return {
                "mms": not made.more_messages,
                "lp": made.loop_prevention,
                "sri": made.status_report,
                "rp": made.reply_path,
                "udhi": made.user_data.has_header,
            }
        case StatusReport():
            return {
                "mms": not made.more_messages,
                "lp": made.loop_prevention,
                "srq": made.for_command,
                "udhi": bool(made.user_data and made.user_data.has_header),
            }


def stamps_of(made: Tpdu) -> list[Timestamp]:
    match made:
        case Submit():
            return [made.validity.until] if isinstance(made.validity, validity.Absolute) else []
        case Deliver():
            return [made.timestamp]
        case StatusReport():
            return [made.timestamp, made.discharge]


def party_of(made: Tpdu) -> tuple[str, Address]:
    match made:
        case Submit():
            return "da", made.destination
        case Deliver():
            return "oa", made.sender
        case StatusReport():
            return "ra", made.recipient


def check_addresses_and_times(layers: Any, made: Tpdu) -> None:
    name, address = party_of(made)
    assert every(layers, f"gsm_sms.tp-{name}") == [address.value]
    assert every(layers, "gsm_sms.dis_field_addr.length") == [str(address.semi_octets)]
    assert every(layers, "gsm_sms.dis_field_addr.num_type") == [str(address.type_of_number)]
    assert every(layers, "gsm_sms.dis_field_addr.num_plan") == [str(address.numbering_plan)]
    stamps = stamps_of(made)
    for part, values in {
        "year": [stamp.year % 100 for stamp in stamps],
        "month": [stamp.month for stamp in stamps],
        "day": [stamp.day for stamp in stamps],
        "hour": [stamp.hour for stamp in stamps],
        "minutes": [stamp.minute for stamp in stamps],
        "seconds": [stamp.second for stamp in stamps],
        # It gives the sign in words only, outside this field.
        "timezone": [abs(stamp.offset_quarters) for stamp in stamps],
    }.items():
        assert every(layers, f"gsm_sms.scts.{part}") == [str(value) for value in values]


def check_validity(layers: Any, made: Submit) -> None:
    assert every(layers, "gsm_sms.tp-vpf") == [str(validity.FORMATS.index(validity.format_of(made.validity)))]
    if not isinstance(made.validity, validity.Enhanced):
        return
    period = made.validity.period
    assert every(layers, "gsm_sms.vp.single_shot_sm") == [str(int(made.validity.single_shot))]
    if made.validity.as_clock:
        assert isinstance(period, int)
        clock = (period // 3_600, period // 60 % 60, period % 60)
        names = ("hour", "minutes", "seconds")
        assert [every(layers, f"gsm_sms.vp.validity_period.{name}") for name in names] == [
            [str(number)] for number in clock
        ]
    elif period is not None:
        assert every(layers, "gsm_sms.vp.validity_period") == [str(period)]


def check_user_data(layers: Any, made: Tpdu, text: str | None) -> None:
    if made.user_data is None:
        return
    data_coding = made.data_coding or 0
    assert every(layers, "gsm_sms.tp-dcs") == [str(data_coding)]
    assert every(layers, "gsm_sms.tp-pid") == [str(made.protocol_id)]
    assert every(layers, "gsm_sms.tp.user_data_length") == [str(made.user_data.length)]
    header = made.user_data.header
    lengths = every(layers, "gsm_sms.dis_field_udh.user_data_header_length")
    assert lengths == ([str(header[0])] if header else [])
    elements = udh.parse(header).elements
    joints = [each for each in elements if isinstance(each, Concatenation)]
    for name, values in {
        "id": [each.reference for each in joints],
        "parts": [each.total for each in joints],
        "part": [each.part for each in joints],
    }.items():
        found = every(layers, f"gsm_sms.udh.mm.msg_{name}")
        assert sorted(found) == sorted(str(value) for value in values)
    # It reads no text where the coding is reserved. TS 23.038 4: such a one is taken for GSM-7.
    if text and not dcs.parse(data_coding).reserved:
        assert every(layers, "gsm_sms.sms_text") == [text]


def test_every_field_of_a_tpdu(tmp_path: Path) -> None:
    maker = Maker(20_261_128)
    made = [maker.tpdu() for _ in range(CASES)]
    built = [(tpdu.build(each), isinstance(each, Submit)) for each, _ in made]
    seen = dissect_tpdus(tmp_path, built)
    assert len(seen) == CASES
    for (each, text), (octets, from_phone), layers in zip(made, built, seen, strict=True):
        for name, flag in flags_of(each).items():
            assert every(layers, f"gsm_sms.tp-{name}") == [str(int(flag))]
        if not isinstance(each, Deliver):
            assert every(layers, "gsm_sms.tp-mr") == [str(each.message_reference)]
        check_addresses_and_times(layers, each)
        if isinstance(each, Submit):
            check_validity(layers, each)
        check_user_data(layers, each, text)
        way: Direction = "mo" if from_phone else "mt"
        assert tpdu.parse(octets, has_smsc=False, direction=way).tpdu == each
        found = inspect_pdu(octets, has_smsc=False, direction=way)
        assert (found.text or None) == (text or None)
