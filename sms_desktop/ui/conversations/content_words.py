"""What a message of any kind is called in one line. Used by the list, the bubbles and what speaks."""

from __future__ import annotations

import re

from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.compose.kind_tabs import kind_word

_NAME = re.compile(r"^(?:FN|N|SUMMARY)[^:\r\n]*:(.+)$", re.IGNORECASE | re.MULTILINE)


def content_line(kind: Kind, text: str) -> str:
    """The kind and what it is about; of a text, the text. `text` may be the beginning of it only."""
    if kind in {Kind.TEXT, Kind.UNICODE}:
        return one_line(text)
    return " · ".join(each for each in (kind_word(kind), one_line(_about(kind, text))) if each)


def _about(kind: Kind, text: str) -> str:
    match kind:
        case Kind.VCARD | Kind.VCAL:
            found = _NAME.search(text)
            return " ".join(part for part in found[1].strip().split(";") if part) if found else ""
        case Kind.WAPPUSH:
            return text.partition("\n")[0]
        case _:
            return text[:40]
