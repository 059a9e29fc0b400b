"""What a message of any kind is called in one line. Used by the list, the bubbles and what speaks."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.compose.kind_tabs import kind_word

_READ = 4_096
_HEADER = re.compile(r"(?:[0-9A-F]{2}){2,256}(?= |$)")
_NAME = re.compile(r"^(FN|N|SUMMARY)(?:;[^:\r\n]*)?:(.+)$", re.IGNORECASE | re.MULTILINE)


def content_line(kind: Kind, text: str) -> str:
    """The kind and what it is about; of a text, the text. `text` may be the beginning of it only."""
    if kind in {Kind.TEXT, Kind.UNICODE}:
        return one_line(text)
    return " · ".join(each for each in (kind_word(kind), one_line(_about(kind, text))) if each)


def name_in(card: str) -> str:
    """The name of a contact or the title of an event, as one line; "" where there is none."""
    found = {name.upper(): value.strip() for name, value in reversed(_NAME.findall(card[:_READ]))}
    whole = found.get("FN") or found.get("SUMMARY")
    if whole:
        return one_line(whole)
    family, *given = found.get("N", "").split(";")  # the family's name comes first, and is said last
    return one_line(" ".join(part for part in (*given[:1], family) if part))


def _about(kind: Kind, text: str) -> str:
    match kind:
        case Kind.VCARD | Kind.VCAL:
            return name_in(text)
        case Kind.WAPPUSH:
            return text.partition("\n")[0]
        case _:
            return _port_in(text) or text[:40]


def _port_in(text: str) -> str:
    """The port of a header that stands before its body in hexadecimal, as the store keeps what was sent."""
    header = _HEADER.match(text)
    if header is None:
        return ""
    from sms_desktop.encoding import ports, udh  # for the few rows that need them

    octets = bytes.fromhex(header[0])
    found = udh.parse(octets).ports if octets[0] + 1 == len(octets) else None
    if found is None:
        return ""
    words = QCoreApplication.translate("ConversationList", "port %1").replace("%1", str(found.destination))
    known = ports.WELL_KNOWN.get(found.destination)
    return f"{words} · {known.name}" if known else words
