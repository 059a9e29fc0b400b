"""What user data holds for whoever listens at a port: pushes, cards, events, tones. Called by user_data.

A part of several is read as far as it goes: only all parts together are the content (reassembly.join).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from sms_desktop.encoding import ports
from sms_desktop.encoding.tree import Annotator, Field, octets_in_words

if TYPE_CHECKING:  # loaded when there is a header, or a push
    from sms_desktop.encoding.push_reading import PushContent
    from sms_desktop.encoding.udh import UserDataHeader


@dataclass(frozen=True, slots=True)
class CardContent:
    """A contact or an event as its own text, with its line ends as they came."""

    type: Literal["vcard", "vcal"]
    text: str

    def as_dict(self) -> dict[str, str | None]:
        """The fields by name, in this order."""
        return {"type": self.type, "text": self.text}


Content: TypeAlias = "CardContent | PushContent"
"""What a known port or content type holds."""

_TITLES: Final[dict[ports.Holds, str]] = {
    "wap_push": "WAP Push",
    "vcard": "vCard",
    "vcal": "vCalendar",
    "picture": "Picture Message",
    "ring_tone": "Ring Tone",
    "operator_logo": "Operator Logo",
    "cli_icon": "CLI Icon",
}

_CARD: Final = re.compile(r"\ufeff?\s*BEGIN:V(?P<kind>CARD|CALENDAR)\b", re.IGNORECASE)

# Nokia Smart Messaging 3.0: ports written in front of a text, for networks that carry no user data
# header. Two digits a port, or four behind L; the destination first, the origin and the numbers of the part
# optional.
_TEXT_HEADER: Final = re.compile(
    r"//SCK(?:L(?P<long>[0-9A-F]{4})(?:[0-9A-F]{4})?|(?P<short>[0-9A-F]{2})(?:[0-9A-F]{2})?)(?:[0-9A-F]{6})? "
)

_PUSH: Final = 0x06
_PUSH_TYPES: Final = frozenset({0xAE, 0xB0})  # application/vnd.wap.sic and .slc as well-known media

# Stands for what follows in later parts: ends a string, a table, a list, an element, whatever was cut.
_MORE: Final = b"\0" + b"\x01" * 255


def read(
    annotator: Annotator, start: int, end: int, header: UserDataHeader | None, *, for_sim: bool = False
) -> tuple[Sequence[Field], Content | None]:
    """The fields of `annotator.data[start:end]`, at least one octet, and what it holds if that is known.

    The port of the header says what they are; without one that is known, octets that begin as a card, an
    event, or a WAP Push are read as that.
    """
    part, total = _part_of(header)
    kind = _kind_by_port(header) or (_kind_by_octets(annotator.data[start:end]) if part == 1 else None)
    said = "" if total == 1 else f"part {part} of {total}"
    match kind:
        case None:
            name = "(U)SIM Data" if for_sim else "Data"
            return (annotator.octets(name, start, end, _preview(annotator.data[start:end])),), None
        case "wap_push" if part == 1:
            return _read_push(annotator, start, end, said)
        case "vcard" | "vcal":
            return _read_card(annotator, start, end, kind, said)
        case _:
            octets = octets_in_words(end - start)
            meaning = f"{said}, {octets}" if said else octets
            return (annotator.octets(_TITLES[kind], start, end, meaning),), None


def of_text(text: str, header: UserDataHeader | None) -> Content | None:
    """The card or event that a text is, by its port, by its beginning, or by ports written in front of it."""
    kind = _kind_by_port(header)
    if kind is None and text.startswith("//SCK"):
        found = _TEXT_HEADER.match(text)
        if found:
            kind = ports.holds(int(found["long"] or found["short"], 16))
            text = text[found.end() :]
    kind = kind or _kind_by_text(text)
    return CardContent(kind, text) if kind in {"vcard", "vcal"} else None


def _part_of(header: UserDataHeader | None) -> tuple[int, int]:
    concatenation = header.concatenation if header else None
    return (concatenation.part, concatenation.total) if concatenation else (1, 1)


def _kind_by_port(header: UserDataHeader | None) -> ports.Holds | None:
    found = header.ports if header else None
    return ports.holds(found.destination) if found else None


def _kind_by_octets(octets: bytes) -> ports.Holds | None:
    if _begins_as_push(octets):
        return "wap_push"
    return _kind_by_text(octets[:64].decode("utf-8", "replace"))


def _kind_by_text(text: str) -> Literal["vcard", "vcal"] | None:
    found = _CARD.match(text)
    if not found:
        return None
    return "vcard" if found["kind"].upper() == "CARD" else "vcal"


def _begins_as_push(octets: bytes) -> bool:
    """Whether this is a WSP push PDU of a Service Indication or Loading, its headers whole."""
    if len(octets) < 4 or octets[1] != _PUSH or not 1 <= octets[2] <= len(octets) - 3:
        return False
    media = octets[3] if octets[3] & 0x80 or octets[3] > 30 else octets[4] if len(octets) > 4 else 0
    return media in _PUSH_TYPES


def _read_push(
    annotator: Annotator, start: int, end: int, said: str
) -> tuple[Sequence[Field], Content | None]:
    from sms_desktop.encoding.push_reading import inspect_push

    if not said:
        fields, content = inspect_push(annotator, start, end)
        return fields, content
    # What is missing because later parts bring it is no problem: with anything behind it, it would not be
    # one.
    alone = Annotator(annotator.data, annotator.base)
    fields, content = inspect_push(alone, start, end)
    continued = Annotator(annotator.data[:end] + _MORE, annotator.base)
    inspect_push(continued, start, end + len(_MORE))
    annotator.problems += [problem for problem in alone.problems if problem in continued.problems]
    meaning = f"{said}, read as far as it goes"
    return (annotator.octets("WAP Push", start, end, meaning, fields),), content


def _read_card(
    annotator: Annotator, start: int, end: int, kind: Literal["vcard", "vcal"], said: str
) -> tuple[Sequence[Field], Content]:
    octets = annotator.data[start:end]
    encoding = _encoding_of(octets)
    lines = []
    at = start
    for line in octets.splitlines(keepends=True):
        shown = line.rstrip(b"\r\n").decode(encoding, "replace")
        lines.append(annotator.octets("Line", at, at + len(line), shown))
        at += len(line)
    field = annotator.octets(_TITLES[kind], start, end, said, tuple(lines))
    return (field,), CardContent(kind, octets.decode(encoding, "replace"))


def _encoding_of(octets: bytes) -> str:
    """UTF-8, also when the last character is cut off; else Latin-1, which reads everything."""
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.reason == "unexpected end of data" else "latin-1"
    return "utf-8"


def _preview(octets: bytes) -> str:
    """The octets as ASCII when all of them can be seen, else how many they are."""
    words = octets_in_words(len(octets))
    if octets.isascii() and octets.decode("ascii").isprintable():
        return f'{words}, "{octets.decode("ascii")}"'
    return words
