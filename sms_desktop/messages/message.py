"""What a message is: a closed union of kinds. Matched over by encoding, gateway, store and the panes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sms_desktop.messages.kinds import Kind


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the GSM 7 bit default alphabet (TS 23.038 6.2.1); what lies outside it arrives as `?`."""

    text: str

    @property
    def kind(self) -> Kind:
        """Text."""
        return Kind.TEXT


@dataclass(frozen=True, slots=True)
class Unicode:
    """A text sent whole in UCS-2, read by phones as UTF-16 (TS 23.038 6.2.3)."""

    text: str

    @property
    def kind(self) -> Kind:
        """Unicode."""
        return Kind.UNICODE


@dataclass(frozen=True, slots=True)
class Binary:
    """Octets as given: a user data header with its length octet, and what follows it; either may be empty.

    `protocol_id` is TP-PID, 0 to 255 (TS 23.040 9.2.3.9); None is 0, and no such parameter in a request.
    """

    udh: bytes
    body: bytes
    protocol_id: int | None = None

    @property
    def kind(self) -> Kind:
        """Binary."""
        return Kind.BINARY


@dataclass(frozen=True, slots=True)
class WapPush:
    """A title with a link: the Service Indication of WAP-167. Modern phones ignore it.

    `validity_ms` is the API's own parameter: milliseconds for which the link stays available. It is no part
    of the octets; `expires` is, as are `created`, `action` and `si_id`, where they are not None. Dates are
    aware.
    """

    title: str
    url: str
    validity_ms: int | None = None
    created: datetime | None = None
    expires: datetime | None = None
    action: str | None = None
    si_id: str | None = None

    @property
    def kind(self) -> Kind:
        """WAP Push."""
        return Kind.WAPPUSH


@dataclass(frozen=True, slots=True)
class VCard:
    """A contact as a vCard, from BEGIN to END; any line ends."""

    vcard: str

    @property
    def kind(self) -> Kind:
        """A vCard."""
        return Kind.VCARD


@dataclass(frozen=True, slots=True)
class VCal:
    """An event as a vCalendar, from BEGIN to END; any line ends."""

    vcal: str

    @property
    def kind(self) -> Kind:
        """A vCalendar."""
        return Kind.VCAL


Content = Text | Unicode
"""A text of either alphabet."""

Message = Text | Unicode | Binary | WapPush | VCard | VCal
"""What is meant: one of the kinds."""
