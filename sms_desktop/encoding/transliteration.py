"""What could stand in GSM-7 for a character that is not in it: offered, never applied unasked.

Called by segments, by the window's editor and by smsctl.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from sms_desktop.encoding import gsm7


def _each(characters: str, instead: str) -> Iterator[tuple[str, str]]:
    return ((character, instead) for character in characters)


# Our own choice, in the spirit of the Latin-ASCII transform of Unicode CLDR: only what the Unicode character
# database does not decompose by itself, or decomposes to something that reads wrong here.
_INSTEAD = {
    **dict(_each("`´ʹʻʼʽˈˊˋ‘’‚‛′‵❛❜", "'")),
    **dict(_each("¨«»ʺ˝ˮ“”„‟″‶❝❞〝〞〟", '"')),
    **dict(_each("¯‐‑‒–—―⁃−", "-")),
    **dict(_each("\v\x85\u2028\u2029", "\n")),
    **dict(_each("\t\u1680", " ")),
    **dict(_each("÷⁄∕", "/")),
    **dict(_each("˜∼≈", "~")),
    **dict(_each("·∙⋅。", ".")),
    **dict(_each("•∗", "*")),
    **dict(zip("‹›‗ˆ∖¦∣¸∶×°¢µ₤", "<>_^\\||,:xocu£", strict=True)),
    **dict(zip("ðÐđĐǝƎəƏƒǥǤħĦıĸłŁŋŊŧŦ", "dDdDeEeEfgGhHiklLnNtT", strict=True)),
    # Greek capitals that look like Latin ones; the alphabet holds the other ten.
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    # What takes several characters.
    **dict(zip("œŒþÞẞ©®±", ("oe", "OE", "th", "Th", "SS", "(C)", "(R)", "+/-"), strict=True)),
    **dict(zip("≤≥≠←→↔⇐⇒", ("<=", ">=", "!=", "<-", "->", "<->", "<=", "=>"), strict=True)),
    **dict(zip("₦₩₪₫₱₴₸", ("NGN", "KRW", "ILS", "VND", "PHP", "UAH", "KZT"), strict=True)),
    **dict(zip("₹₺₼₽₾₿฿", ("INR", "TRY", "AZN", "RUB", "GEL", "BTC", "THB"), strict=True)),
}

# What has no shape of its own: soft hyphen, accents that follow their letter, marks for joining, direction
# and variants, byte order mark. Nothing is what could stand for it.
_INVISIBLE = (
    range(0xAD, 0xAE),
    range(0x0300, 0x0370),
    range(0x200B, 0x2010),
    range(0x202A, 0x202F),
    range(0x2060, 0x2070),
    range(0xFE00, 0xFE10),
    range(0xFEFF, 0xFF00),
)


class Unsupported(NamedTuple):
    """One character that keeps a text out of GSM-7.

    `position` counts code points from 0. `suggestion` is what could stand for it, in GSM-7: one character or
    several, "" where leaving it out loses nothing, None where nothing fits.
    """

    position: int
    character: str
    suggestion: str | None

    @property
    def code_point(self) -> str:
        """As `U+0119`."""
        return f"U+{ord(self.character):04X}"


def unsupported(text: str) -> tuple[Unsupported, ...]:
    """Every character of `text` that is outside GSM-7, in order."""
    return tuple(
        Unsupported(position, text[position], suggest(text[position]))
        for start, end in gsm7.unsupported_spans(text)
        for position in range(start, end)
    )


def transliterate(text: str) -> str:
    """`text` with every suggestion taken; characters without one stay."""
    found = {entry.character: entry.suggestion for entry in unsupported(text)}
    return text.translate(
        {ord(character): instead for character, instead in found.items() if instead is not None}
    )


@lru_cache(maxsize=4096)
def suggest(character: str) -> str | None:
    """What could stand in GSM-7 for one character; itself when it is in GSM-7, None when nothing fits.

    Curly quotes, dashes and spaces become plain ones; a letter loses its accents only as far as needed;
    ligatures, fractions and compatibility characters fall apart (Unicode character database, decomposition);
    Greek letters become the capitals of the alphabet, or the Latin capitals that look like them.
    """
    if gsm7.is_encodable(character):
        return character
    if character in _INSTEAD:
        return _INSTEAD[character]
    code_point = ord(character)
    if any(code_point in marks for marks in _INVISIBLE) or unicodedata.category(character) == "Cc":
        return ""
    return _from_decomposition(character) or _from_greek_capital(character)


def _from_decomposition(character: str) -> str | None:
    fields = unicodedata.decomposition(character).split()
    if fields and fields[0].startswith("<"):
        del fields[0]
    parts = [chr(int(field, 16)) for field in fields]
    if not parts or (not parts[0].isalpha() and any(unicodedata.combining(part) for part in parts)):
        return None  # an accent on a space is not a space, and "not equal" is not "equal"
    suggestions = [suggest(part) for part in parts]
    return "".join(filter(None, suggestions)) if None not in suggestions else None


def _from_greek_capital(character: str) -> str | None:
    if not ("\u0370" <= character <= "\u03ff" or "\u1f00" <= character <= "\u1fff"):
        return None
    capital = character.upper()
    return suggest(capital) if len(capital) == 1 and capital != character else None
