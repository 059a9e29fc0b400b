"""Reads any octets as a TPDU, field by field up to the user data. Called by tpdu.parse and inspect.

All six kinds of TS 23.040 9.2.2 are read; the three that carry messages and receipts are also given typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from sms_desktop.encoding import addresses, dcs, gsm7, outcomes, pid, timestamps, validity
from sms_desktop.encoding.addresses import Address
from sms_desktop.encoding.timestamps import Timestamp
from sms_desktop.encoding.tpdu_bits import Kind, kind_of, read_first_octet, read_parameter_indicator
from sms_desktop.encoding.tpdu_kinds import Deliver, Direction, StatusReport, Submit, Tpdu, UserData
from sms_desktop.encoding.tree import Annotator, Field
from sms_desktop.encoding.validity import Validity


class UserDataPlace(NamedTuple):
    """User data, where in the octets it begins, and what says how to read it; octets may follow behind it."""

    start: int
    user_data: UserData
    data_coding: int
    protocol_id: int


class TpduReading(NamedTuple):
    """What was read: the fields before the user data, where that is, and the typed TPDU if it is whole."""

    kind: Kind | None
    fields: tuple[Field, ...]
    smsc: Address | None
    tpdu: Tpdu | None
    user_data: UserDataPlace | None


class _CutOffError(Exception):
    """The octets end where a field should begin."""


def read(annotator: Annotator, *, has_smsc: bool, direction: Direction | None) -> TpduReading:
    """The PDU that `annotator.data` holds; what is behind one without user data is a field of its own."""
    walk = _Walk(annotator, direction)
    smsc = None
    tpdu = None
    try:
        if has_smsc:
            smsc = walk.address("Service Centre Address", unit="octets")
        tpdu = walk.tpdu()
    except _CutOffError:
        pass
    if walk.place is None and walk.at < len(annotator.data):
        annotator.problem(walk.at, "Octets stand behind the end of the TPDU.")
        walk.fields.append(annotator.octets("Surplus Octets", walk.at, len(annotator.data)))
    return TpduReading(walk.kind, tuple(walk.fields), smsc, tpdu, walk.place)


class _Walk:
    """Goes through a PDU and leaves its fields behind; raises _CutOffError where the octets end."""

    def __init__(self, annotator: Annotator, direction: Direction | None) -> None:
        self.annotator = annotator
        self.data = annotator.data
        self.direction = direction
        self.at = 0
        self.fields: list[Field] = []
        self.kind: Kind | None = None
        self.first = 0
        self.place: UserDataPlace | None = None

    def tpdu(self) -> Tpdu | None:
        """The first octet says which TPDU follows."""
        self.require("First Octet")
        self.first = self.data[self.at]
        self.kind = kind_of(self.first, self.direction)
        self.fields.append(read_first_octet(self.annotator, self.at, self.kind))
        self.at += 1
        match self.kind:
            case "SMS-DELIVER":
                return self.deliver()
            case "SMS-SUBMIT":
                return self.submit()
            case "SMS-STATUS-REPORT":
                return self.status_report()
            case "SMS-COMMAND":
                self.command()
            case "SMS-DELIVER-REPORT" | "SMS-SUBMIT-REPORT":
                self.report()
        return None

    # -------------------------------------------------------------------------------------- the kinds of TPDU

    def deliver(self) -> Deliver | None:
        """TS 23.040 9.2.2.1."""
        sender = self.address("Originating Address (TP-OA)")
        protocol_id = self.protocol_id()
        data_coding = self.data_coding()
        timestamp = self.timestamp("Service Centre Time Stamp (TP-SCTS)")
        user_data = self.user_data(data_coding, protocol_id)
        if sender is None or timestamp is None:
            return None
        return Deliver(
            sender=sender,
            timestamp=timestamp,
            user_data=user_data,
            protocol_id=protocol_id,
            data_coding=data_coding,
            more_messages=not self.first & 0x04,
            loop_prevention=bool(self.first & 0x08),
            status_report=bool(self.first & 0x20),
            reply_path=bool(self.first & 0x80),
        )

    def submit(self) -> Submit | None:
        """TS 23.040 9.2.2.2."""
        reference = self.octet("Message Reference (TP-MR)", str)
        destination = self.address("Destination Address (TP-DA)")
        protocol_id = self.protocol_id()
        data_coding = self.data_coding()
        kind = validity.FORMATS[self.first >> 3 & 3]
        period = self.validity(kind) if kind != "none" else None
        user_data = self.user_data(data_coding, protocol_id)
        if destination is None or (kind != "none" and period is None):
            return None
        return Submit(
            destination=destination,
            user_data=user_data,
            message_reference=reference,
            protocol_id=protocol_id,
            data_coding=data_coding,
            validity=period,
            reject_duplicates=bool(self.first & 0x04),
            status_report_request=bool(self.first & 0x20),
            reply_path=bool(self.first & 0x80),
        )

    def status_report(self) -> StatusReport | None:
        """TS 23.040 9.2.2.3."""
        reference = self.octet("Message Reference (TP-MR)", str)
        recipient = self.address("Recipient Address (TP-RA)")
        timestamp = self.timestamp("Service Centre Time Stamp (TP-SCTS)")
        discharge = self.timestamp("Discharge Time (TP-DT)")
        status = self.octet("Status (TP-ST)", outcomes.status_words)
        if outcomes.is_reserved(status):
            self.annotator.problem(self.at - 1, f"Status {status:02X} is reserved.")
        protocol_id, data_coding, user_data = self.optional()
        if recipient is None or timestamp is None or discharge is None:
            return None
        return StatusReport(
            recipient=recipient,
            timestamp=timestamp,
            discharge=discharge,
            status=status,
            message_reference=reference,
            more_messages=not self.first & 0x04,
            loop_prevention=bool(self.first & 0x08),
            for_command=bool(self.first & 0x20),
            protocol_id=protocol_id,
            data_coding=data_coding,
            user_data=user_data,
        )

    def command(self) -> None:
        """TS 23.040 9.2.2.4."""
        self.octet("Message Reference (TP-MR)", str)
        self.protocol_id()
        self.octet("Command Type (TP-CT)", lambda number: _COMMANDS.get(number, f"reserved ({number})"))
        self.octet("Message Number (TP-MN)", str)
        self.address("Destination Address (TP-DA)")
        length = self.octet("Command Data Length (TP-CDL)", lambda number: f"{number} octets")
        end = min(self.at + length, len(self.data))
        if self.at + length > end:
            self.annotator.problem(end, f"The command data should have {length} octets.")
        if end > self.at:
            self.fields.append(self.annotator.octets("Command Data (TP-CD)", self.at, end))
        self.at = end

    def report(self) -> None:
        """TS 23.040 9.2.2.1a and 9.2.2.2a: a refusal begins with its cause, which is 80 or more."""
        self.require("Parameter Indicator (TP-PI)")
        if self.data[self.at] & 0x80:
            self.octet("Failure Cause (TP-FCS)", outcomes.failure_words)
        self.require("Parameter Indicator (TP-PI)")
        if self.kind == "SMS-SUBMIT-REPORT":
            self.optional(self.submit_report_time)
        else:
            self.optional()

    def submit_report_time(self) -> None:
        """The time stamp of a submit report stands behind its parameter indicator."""
        self.timestamp("Service Centre Time Stamp (TP-SCTS)")

    def optional(
        self, before: Callable[[], None] | None = None
    ) -> tuple[int | None, int | None, UserData | None]:
        """TP-PI and what it announces (TS 23.040 9.2.3.27); nothing when the octets end here."""
        if self.at == len(self.data):
            return None, None, None
        indicator = self.data[self.at]
        self.fields.append(read_parameter_indicator(self.annotator, self.at))
        self.at += 1
        while self.data[self.at - 1] & 0x80:
            self.octet("Parameter Indicator, Extension", lambda _: "")
        if before:
            before()
        protocol_id = self.protocol_id() if indicator & 1 else None
        data_coding = self.data_coding() if indicator & 2 else None
        user_data = self.user_data(data_coding or 0, protocol_id or 0) if indicator & 4 else None
        return protocol_id, data_coding, user_data

    # ------------------------------------------------------------------------------------------------- fields

    def require(self, name: str) -> None:
        """Stop when the octets end here."""
        if self.at >= len(self.data):
            self.annotator.problem(self.at, f"The octets end before: {name}.")
            raise _CutOffError

    def octet(self, name: str, words: Callable[[int], str]) -> int:
        """A field of one octet."""
        self.require(name)
        value = self.data[self.at]
        self.fields.append(self.annotator.octets(name, self.at, self.at + 1, words(value)))
        self.at += 1
        return value

    def address(self, name: str, unit: addresses.LengthUnit = "semi-octets") -> Address | None:
        """An address field; behind one that is cut off, nothing follows."""
        self.require(name)
        address, field, self.at = addresses.read(self.annotator, self.at, name, unit)
        self.fields.append(field)
        return address

    def timestamp(self, name: str) -> Timestamp | None:
        """A time stamp."""
        self.require(name)
        stamp, field = timestamps.read(self.annotator, self.at, name)
        self.fields.append(field)
        self.at += field.bit_length // 8
        return stamp

    def validity(self, kind: validity.Format) -> Validity | None:
        """A validity period."""
        name = "Validity Period (TP-VP)"
        self.require(name)
        period, field = validity.read(self.annotator, self.at, name, kind)
        self.fields.append(field)
        self.at += field.bit_length // 8
        return period

    def protocol_id(self) -> int:
        """TP-PID."""
        self.require("Protocol Identifier (TP-PID)")
        self.fields.append(pid.read(self.annotator, self.at, "Protocol Identifier (TP-PID)")[1])
        self.at += 1
        return self.data[self.at - 1]

    def data_coding(self) -> int:
        """TP-DCS."""
        self.require("Data Coding Scheme (TP-DCS)")
        self.fields.append(dcs.read(self.annotator, self.at, "Data Coding Scheme (TP-DCS)")[1])
        self.at += 1
        return self.data[self.at - 1]

    def user_data(self, data_coding: int, protocol_id: int) -> UserData:
        """TP-UDL; the user data itself is left for whoever shows it."""
        coding = dcs.parse(data_coding)
        septets = coding.alphabet == "gsm7" and not coding.compressed
        unit = "septets" if septets else "octets"
        length = self.octet("User Data Length (TP-UDL)", lambda number: f"{number} {unit}")
        octets = gsm7.packed_length(length) if septets else length
        user_data = UserData(self.data[self.at : self.at + octets], length, bool(self.first & 0x40))
        self.place = UserDataPlace(self.at, user_data, data_coding, protocol_id)
        return user_data


_COMMANDS: Final = {
    0: "enquiry about an earlier message",
    1: "cancel the status report request",
    2: "delete an earlier message",
    3: "enable a status report request",
}
