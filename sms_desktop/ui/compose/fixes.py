"""What would make a text cheaper, each with the number of parts that it leads to. Pure; asked by the menu."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.segments import count
from sms_desktop.encoding.transliteration import suggest, transliterate
from sms_desktop.messages.kinds import Kind

_NEEDLESS = re.compile(r"(?<=\S)[ ]{2,}(?=\S)|[ \t]+(?=\n|$)|(?<=\n\n)\n+|\s+\Z|\A\s+")


class Way(Enum):
    """How a text becomes cheaper."""

    REPLACE = auto()
    """Every character outside GSM-7 for which something fits is replaced; the others stay."""
    LEAVE_OUT = auto()
    """The same, and those for which nothing fits are left out."""
    SPACES = auto()
    """Spaces and empty lines that say nothing are left out."""
    AS_TEXT = auto()
    """The same text goes as Text."""
    SHORTEN = auto()
    """Only the person can: `units` fewer end one part earlier."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A way, the text that it makes, its parts, and how many units have to go where a person must shorten."""

    way: Way
    text: str
    parts: int
    units: int = 0


def fixes(text: str, kind: Kind) -> tuple[Fix, ...]:
    """The ways that save a part or more, the cheapest first; among equals the one that changes least."""
    figures = count(text, encoding="ucs2" if kind is Kind.UNICODE else "auto")
    now = figures.segment_count
    if now < 2:
        return ()
    found = [Fix(Way.AS_TEXT, text, count(text).segment_count)] if kind is Kind.UNICODE else []
    encoding = "ucs2" if kind is Kind.UNICODE else "auto"
    trimmed = _NEEDLESS.sub(
        lambda match: " " if match[0].startswith("  ") and match.end() < len(text) else "", text
    )
    if trimmed != text:
        parts = count(trimmed, encoding="ucs2" if encoding == "ucs2" else "auto").segment_count
        found.append(Fix(Way.SPACES, trimmed, parts))
    if kind is Kind.TEXT and figures.encoding == "ucs2":
        replaced = transliterate(text)
        if replaced != text:
            found.append(Fix(Way.REPLACE, replaced, count(replaced).segment_count))
        left = "".join(each for each in replaced if gsm7.is_encodable(each))
        if left != replaced:
            found.append(Fix(Way.LEAVE_OUT, left, count(left).segment_count))
    saving = sorted((fix for fix in found if fix.parts < now), key=lambda fix: fix.parts)
    over = figures.units_per_segment - figures.units_remaining
    if now == 2:  # a text of one part has more room: no header joins it to others
        over = figures.units - (160 if figures.encoding == "gsm7" else 70)
    if 0 < over <= figures.units_per_segment // 3:
        saving.append(Fix(Way.SHORTEN, text, now - 1, over))
    return tuple(saving)


def instead_of(character: str) -> str | None:
    """What could stand for a character, None where nothing fits or it is in GSM-7."""
    return None if gsm7.is_encodable(character) else suggest(character)
