"""What in a text is not what it seems: hidden characters, marks that turn its direction, look-alikes, links.

Pure and linear. Called by the window, which marks what is found, and by smsctl, which lists it. Nothing here
is forbidden: much of it has honest uses, and those are left alone where the text around shows them (joiners
in Arabic, Indic and emoji sequences, direction marks in right-to-left text, words of another script).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

LONGEST = 100_000
"""Characters that are looked at: more than any message holds."""


class Danger(StrEnum):
    """In which way something is not what it seems."""

    HIDDEN = "hidden"
    """It has no shape and no effect that a reader could see."""
    DIRECTION = "direction"
    """It turns the order in which text is shown (UAX #9)."""
    LOOK_ALIKE = "look-alike"
    """It looks like a letter of another alphabet, beside letters of that alphabet (UTS #39)."""
    LINK = "link"
    """An address that does not lead where it seems to."""


DOCUMENTS = {
    Danger.HIDDEN: "Unicode UTS #39, hidden characters",
    Danger.DIRECTION: "Unicode UAX #9, direction marks",
    Danger.LOOK_ALIKE: "Unicode UTS #39, look-alikes",
    Danger.LINK: "Unicode UTS #39, link spoofing",
}
"""The document that says so."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One thing that is not what it seems: `length` characters at `position`, in code points from 0.

    `instead` is what it looks like or "" where leaving it out loses nothing; None where nothing fits.
    `reason` says of a link what is amiss: `user`, `punycode`, `mixed`, `look-alike`, `dots`, `number`.
    """

    danger: Danger
    position: int
    length: int
    text: str
    instead: str | None = None
    reason: str = ""

    @property
    def names(self) -> str:
        """Code point and name of its first character, as `U+202E RIGHT-TO-LEFT OVERRIDE`."""
        return character_names(self.text[0])


# Twins of Latin letters in other alphabets, our own choice of those that fonts of phones draw alike.
_TWINS = {
    **dict(zip("АВЕЅІЈКМНОРСТУХԌԚԜҮ", "ABESIJKMHOPCTYXGQWY", strict=True)),
    **dict(zip("асԁеһіјӏорԛѕԝхуүгпь", "acdehijlopqswxyyrnb", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("οναικρυτγ", "ovaikputy", strict=True)),
    **dict(zip("ՏՕԼԱսոօհցզ", "SOLUunohgq", strict=True)),
    **dict(zip("ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃ", "ABCDEHJKLMPRSTVWZ", strict=True)),
    **dict(zip("ıɡɑɩʏᴏ", "igaiyo", strict=True)),
}
# Latin letters that only look like others; they count where the host of a link is read, not in words.
_LATIN_TWINS = frozenset("ıɡɑɩʏᴏ")
_STYLED = (range(0xFF21, 0xFF3B), range(0xFF41, 0xFF5B), range(0x1D400, 0x1D800), range(0x24B6, 0x24EA))

_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ONLY_IN_RIGHT_TO_LEFT = frozenset("\u061c\u200e\u200f")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_JOINERS = frozenset("\u200c\u200d")
_WAVING_FLAG = "\U0001f3f4"
_WORD = re.compile(r"[^\W\d_]+")
_LINK = re.compile(
    r"(?:https?|ftp)://[^\s<>\"]+|(?<![\w@.])www\.[^\s<>\"]+|(?<![\w@.-])xn--[^\s<>\"]+", re.IGNORECASE
)
_BARE_HOST = re.compile(r"(?<![\w@./-])[\w-]+(?:[.\u3002\uff0e\uff61][\w-]+)+")
_OTHER_DOTS = re.compile("[\u3002\uff0e\uff61\u2024]")
_OTHER_SLASHES = re.compile("[\u2044\u2215\u29f8\uff0f]")
_NUMBER_HOST = re.compile(r"(?:0x[0-9a-f]+|[0-9]+)", re.IGNORECASE)


def suspicious(text: str) -> tuple[Suspicion, ...]:
    """Everything that is not what it seems, in order of position; at most the first LONGEST are looked at."""
    text = text[:LONGEST]
    plain = text.isascii()
    found = list(_hidden(text))
    if not plain:
        found += _turning(text)
        found += _look_alikes(text)
    if "." in text or "://" in text or not plain:
        found += _links(text)
    return tuple(sorted(found, key=lambda one: (one.position, -one.length)))


def without_hidden(text: str) -> str:
    """`text` without its hidden characters and direction marks; all else stays."""
    kept, end = [], 0
    for one in suspicious(text):
        if one.danger in (Danger.HIDDEN, Danger.DIRECTION):
            kept.append(text[end : one.position])
            end = one.position + one.length
    return "".join((*kept, text[end:])) if kept else text


@lru_cache(maxsize=1024)
def character_names(character: str) -> str:
    """Code point and name of one character, as `U+2019 RIGHT SINGLE QUOTATION MARK`."""
    code = ord(character)
    name = unicodedata.name(character, "") or _CONTROLS.get(code, "")
    if not name and code < 0x20:
        name = "CONTROL CHARACTER"
    return f"U+{code:04X} {name}".rstrip()


_CONTROLS = {
    0: "NULL",
    7: "BELL",
    9: "TAB",
    10: "LINE FEED",
    13: "CARRIAGE RETURN",
    27: "ESCAPE",
    127: "DELETE",
}


def _hidden(text: str) -> Iterator[Suspicion]:
    for match in _HIDDEN.finditer(text):
        character, at = match[0], match.start()
        if not _has_a_use(text, at, character):
            yield Suspicion(Danger.HIDDEN, at, 1, character, "")


def _has_a_use(text: str, at: int, character: str) -> bool:
    """Whether what stands around makes a hidden character an honest one."""
    before = text[at - 1] if at else ""
    after = text[at + 1] if at + 1 < len(text) else ""
    if character in _JOINERS:
        return _joins(before) and _joins(after)
    if "\ufe00" <= character <= "\ufe0f":  # the form of a symbol or ideograph
        return bool(before) and (
            before in "#*0123456789" or _category(before) in ("So", "Sm", "Lo", "Po", "Sk")
        )
    if "\U000e0020" <= character <= "\U000e007f":  # spells the region of a flag
        start = at
        while start and "\U000e0020" <= text[start - 1] <= "\U000e007f" and at - start < 8:
            start -= 1
        return start > 0 and text[start - 1] == _WAVING_FLAG
    if "\U000e0100" <= character <= "\U000e01ef":
        return bool(before) and _category(before) == "Lo"
    if "\u180b" <= character <= "\u180f":
        return "\u1800" <= before <= "\u18af"
    return False


def _joins(character: str) -> bool:
    """Whether joiners stand beside such a character: letters of joining scripts, their signs, emoji."""
    if not character:
        return False
    if _category(character) in ("So", "Sk", "Mn", "Mc", "Cf"):
        return True
    return "\u0600" <= character <= "\u109f" or "\u1780" <= character <= "\u18af"


def _turning(text: str) -> Iterator[Suspicion]:
    turned = _RIGHT_TO_LEFT.search(text) is not None
    for match in _DIRECTION.finditer(text):
        if not (turned and match[0] in _ONLY_IN_RIGHT_TO_LEFT):
            yield Suspicion(Danger.DIRECTION, match.start(), 1, match[0], "")


def _look_alikes(text: str) -> Iterator[Suspicion]:
    words = [(match.start(), match[0]) for match in _WORD.finditer(text) if not match[0].isascii()]
    if not words:
        return
    latin = any(_script(letter) == "LATIN" for letter in text if letter.isalpha())
    whole = latin and all(
        all(_is_twin(each) or _script(each) == "LATIN" for each in word) for _, word in words
    )
    for start, word in words:
        scripts = {_script(letter) for letter in word}
        mixed = "LATIN" in scripts and len(scripts) > 1
        # A word of twins alone is a disguise only in a text that holds no other letter of its alphabet.
        disguised = whole and len(word) > 2 and "LATIN" not in scripts
        for at, letter in enumerate(word, start=start):
            if _is_styled(letter) and latin_of(letter) is not None:
                if not _is_east_asian(text):
                    yield Suspicion(Danger.LOOK_ALIKE, at, 1, letter, latin_of(letter))
            elif (mixed or disguised) and letter not in _LATIN_TWINS and letter in _TWINS:
                yield Suspicion(Danger.LOOK_ALIKE, at, 1, letter, _TWINS[letter])


def latin_of(letter: str) -> str | None:
    """The Latin letters that one letter looks like, None where it looks like none."""
    if letter in _TWINS:
        return _TWINS[letter]
    if _is_styled(letter):
        plain = unicodedata.normalize("NFKC", letter)
        return plain if plain.isascii() and plain.isalpha() else None
    return None


def _is_styled(letter: str) -> bool:
    return letter >= "\u24b6" and any(ord(letter) in styled for styled in _STYLED)


def _is_twin(letter: str) -> bool:
    return letter in _TWINS


@lru_cache(maxsize=64)
def _is_east_asian(text: str) -> bool:
    return re.search("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", text) is not None


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    if _is_styled(letter):
        return "STYLED"
    return unicodedata.name(letter, "?").partition(" ")[0]


@lru_cache(maxsize=4096)
def _category(character: str) -> str:
    return unicodedata.category(character)


def _links(text: str) -> Iterator[Suspicion]:
    taken: list[tuple[int, int]] = []
    for match in _LINK.finditer(text):
        address = match[0].rstrip(".,;:!?)'\u2019")
        taken.append((match.start(), match.start() + len(address)))
        reason = _amiss(address)
        if reason:
            yield Suspicion(Danger.LINK, match.start(), len(address), address, reason=reason)
    if text.isascii():
        return
    for match in _BARE_HOST.finditer(text):
        if match[0].isascii() or any(start <= match.start() < end for start, end in taken):
            continue
        reason = _host_amiss(match[0])
        if reason:
            yield Suspicion(Danger.LINK, match.start(), len(match[0]), match[0], reason=reason)


def _amiss(address: str) -> str:
    _, _, rest = address.rpartition("://")
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    if "@" in authority:
        return "user"
    return _host_amiss(re.sub(r":[0-9]*$", "", authority))


def _host_amiss(host: str) -> str:
    if _OTHER_SLASHES.search(host):
        return "dots"
    labels = _OTHER_DOTS.sub(".", host).split(".")
    if any(label.lower().startswith("xn--") for label in labels):
        return "punycode"
    if len(labels) == 1 and _NUMBER_HOST.fullmatch(host):
        return "number"
    for label in labels:
        letters = [letter for letter in label if letter.isalpha()]
        scripts = {_script(letter) for letter in letters}
        if "LATIN" in scripts and len(scripts) > 1 and not scripts <= _JAPANESE:
            return "mixed"
        odd = [letter for letter in letters if not letter.isascii()]
        disguised = odd and all(letter.isascii() or latin_of(letter) is not None for letter in letters)
        if disguised and (labels[-1].isascii() or label is labels[-1]):
            return "look-alike"
    return (
        "dots"
        if _OTHER_DOTS.search(host) and any(letter.isascii() for letter in host if letter.isalpha())
        else ""
    )


_JAPANESE = {"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}
