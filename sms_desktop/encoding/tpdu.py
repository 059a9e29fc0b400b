"""SMS-SUBMIT, SMS-DELIVER and SMS-STATUS-REPORT of TS 23.040 9.2.2: typed, built, parsed. Called by ui.

A PDU as modems exchange it is the service centre's address (TS 27.005 3.1), then the TPDU.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from sms_desktop.encoding import dcs, gsm7, tpdu_reading, validity
from sms_desktop.encoding.addresses import Address
from sms_desktop.encoding.tpdu_kinds import Deliver, Direction, StatusReport, Submit, Tpdu, UserData
from sms_desktop.encoding.tree import Annotator

__all__ = [
    "Deliver",
    "Direction",
    "Parsed",
    "StatusReport",
    "Submit",
    "Tpdu",
    "UserData",
    "build",
    "build_pdu",
    "parse",
]

MAX_USER_DATA_OCTETS = 140


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed PDU: the service centre, and a TPDU of the three kinds; None for what is absent or broken.

    `problems` are sentences about what stands in front of the user data; `inspect.inspect_pdu` says where in
    the octets, and reads the user data.
    """

    smsc: Address | None
    tpdu: Tpdu | None
    problems: tuple[str, ...] = ()


def parse(octets: bytes, *, has_smsc: bool, direction: Direction | None = None) -> Parsed:
    """The PDU in any octets. Without a direction, the type bits mean DELIVER, SUBMIT or STATUS-REPORT."""
    annotator = Annotator(octets)
    reading = tpdu_reading.read(annotator, has_smsc=has_smsc, direction=direction)
    return Parsed(reading.smsc, reading.tpdu, tuple(problem.message for problem in annotator.problems))


def build_pdu(tpdu: Tpdu, *, smsc: Address | None) -> bytes:
    """A PDU with the service centre's address in front; without one, an octet that says so."""
    return (smsc.to_octets("octets") if smsc else b"\0") + build(tpdu)


def build(tpdu: Tpdu) -> bytes:
    """The octets of a TPDU.

    Raises ValueError when a number does not fit its octet, when the user data does not have the octets that
    its length and data coding ask for, or when it has more than 140.
    """
    match tpdu:
        case Submit():
            return _build_submit(tpdu)
        case Deliver():
            return _build_deliver(tpdu)
        case StatusReport():
            return _build_status_report(tpdu)
        case _:
            assert_never(tpdu)


def _build_submit(tpdu: Submit) -> bytes:
    first = 0x01 | tpdu.reject_duplicates << 2 | tpdu.status_report_request << 5 | tpdu.reply_path << 7
    first |= validity.FORMATS.index(validity.format_of(tpdu.validity)) << 3 | tpdu.user_data.has_header << 6
    return b"".join(
        (
            bytes((first, tpdu.message_reference)),
            tpdu.destination.to_octets(),
            bytes((tpdu.protocol_id, tpdu.data_coding)),
            validity.to_octets(tpdu.validity),
            _user_data(tpdu.user_data, tpdu.data_coding),
        )
    )


def _build_deliver(tpdu: Deliver) -> bytes:
    first = (not tpdu.more_messages) << 2 | tpdu.loop_prevention << 3 | tpdu.status_report << 5
    first |= tpdu.user_data.has_header << 6 | tpdu.reply_path << 7
    return b"".join(
        (
            bytes([first]),
            tpdu.sender.to_octets(),
            bytes((tpdu.protocol_id, tpdu.data_coding)),
            tpdu.timestamp.to_octets(),
            _user_data(tpdu.user_data, tpdu.data_coding),
        )
    )


def _build_status_report(tpdu: StatusReport) -> bytes:
    first = 0x02 | (not tpdu.more_messages) << 2 | tpdu.loop_prevention << 3 | tpdu.for_command << 5
    first |= bool(tpdu.user_data and tpdu.user_data.has_header) << 6
    octets = [
        bytes((first, tpdu.message_reference)),
        tpdu.recipient.to_octets(),
        tpdu.timestamp.to_octets(),
        tpdu.discharge.to_octets(),
        bytes([tpdu.status]),
    ]
    optional = (tpdu.protocol_id, tpdu.data_coding)
    indicator = sum(1 << place for place, part in enumerate((*optional, tpdu.user_data)) if part is not None)
    if indicator:
        octets.append(bytes([indicator, *(part for part in optional if part is not None)]))
        if tpdu.user_data is not None:
            octets.append(_user_data(tpdu.user_data, tpdu.data_coding or 0))
    return b"".join(octets)


def _user_data(user_data: UserData, data_coding: int) -> bytes:
    """TP-UDL and TP-UD (9.2.3.16)."""
    coding = dcs.parse(data_coding)
    septets = coding.alphabet == "gsm7" and not coding.compressed
    needed = gsm7.packed_length(user_data.length) if septets else user_data.length
    if len(user_data.octets) != needed:
        raise ValueError(
            f"a length of {user_data.length} asks for {needed} octets, not {len(user_data.octets)}"
        )
    if needed > MAX_USER_DATA_OCTETS:
        raise ValueError(f"the user data has {needed} octets; {MAX_USER_DATA_OCTETS} at most")
    return bytes([user_data.length]) + user_data.octets
