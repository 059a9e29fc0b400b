"""SMS-SUBMIT, SMS-DELIVER and SMS-STATUS-REPORT of TS 23.040 9.2.2, as values. Called by tpdu, their door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sms_desktop.encoding.addresses import Address
from sms_desktop.encoding.timestamps import Timestamp
from sms_desktop.encoding.validity import Validity

Direction = Literal["mo", "mt"]
"""From the phone to the service centre, or back: the same type bits mean another TPDU each way (9.2.3.1)."""


@dataclass(frozen=True, slots=True)
class UserData:
    """User data with its header, if it has one, in front.

    `length` is TP-UDL: septets for GSM-7, header and fill bits counted in, octets otherwise.
    """

    octets: bytes = b""
    length: int = 0
    has_header: bool = False

    @property
    def header(self) -> bytes:
        """The header with its length octet; empty when there is none."""
        return self.octets[: self.octets[0] + 1] if self.has_header and self.octets else b""

    @property
    def body(self) -> bytes:
        """What follows the header."""
        return self.octets[len(self.header) :]

    @classmethod
    def of(cls, header: bytes, body: bytes, length: int) -> UserData:
        """A header (which may be empty) and what follows it, as encode gives them."""
        return cls(header + body, length, bool(header))


@dataclass(frozen=True, slots=True)
class Submit:
    """A message from the phone (9.2.2.2)."""

    destination: Address
    user_data: UserData = field(default_factory=UserData)
    message_reference: int = 0
    protocol_id: int = 0
    data_coding: int = 0
    validity: Validity | None = None
    reject_duplicates: bool = False
    status_report_request: bool = False
    reply_path: bool = False


@dataclass(frozen=True, slots=True)
class Deliver:
    """A message to the phone (9.2.2.1)."""

    sender: Address
    timestamp: Timestamp
    user_data: UserData = field(default_factory=UserData)
    protocol_id: int = 0
    data_coding: int = 0
    more_messages: bool = False
    loop_prevention: bool = False
    status_report: bool = False
    reply_path: bool = False


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What became of a message (9.2.2.3). `status` is TP-ST; outcomes.status_words says it.

    The optional parts behind it are None where they are not sent; without a data coding, user data is GSM-7.
    """

    recipient: Address
    timestamp: Timestamp
    discharge: Timestamp
    status: int
    message_reference: int = 0
    more_messages: bool = False
    loop_prevention: bool = False
    for_command: bool = False
    protocol_id: int | None = None
    data_coding: int | None = None
    user_data: UserData | None = None


Tpdu = Submit | Deliver | StatusReport
