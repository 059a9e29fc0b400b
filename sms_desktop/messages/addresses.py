"""Numbers and senders: what a person types, checked and brought into the API's form. Called by ui, cli and services."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sms_desktop.messages.errors import Mendable

# What people and web pages put between the digits of a number; the `+` and a leading `00` are dealt with apart.
_SEPARATORS = re.compile(r"[\s().\-/\u00ad\u2010-\u2015\u2060\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_MSISDN = re.compile(r"[1-9][0-9]{6,14}")
_WORD_SENDER = re.compile(r"[A-Za-z0-9]{1,11}")


def recipient(typed: str) -> str:
    """The MSISDN to put into `to`: 7 to 15 digits, country code first, no `+` or `00` (E.164).

    Spaces, dashes, dots, brackets and the invisible marks that copied numbers carry are dropped, and digits of other
    scripts are read as digits. Raises Mendable (field `to`).
    """
    if not typed.strip():
        raise Mendable("To: no number yet. Give the country code, then the number, as in +31612345678.", field="to")
    digits = "".join(
        str(unicodedata.digit(character)) if unicodedata.category(character) == "Nd" else character
        for character in _SEPARATORS.sub("", typed)
    )
    if digits.startswith("+"):
        digits = digits[1:]
    elif digits.startswith("00"):
        digits = digits[2:]
    if not digits.isascii() or not digits.isdigit():
        odd = next(character for character in digits if not ("0" <= character <= "9"))
        raise Mendable(
            f"To: {typed.strip()!r} holds {odd!r}. A number has digits only, country code first, as in +31612345678.",
            field="to",
        )
    if digits.startswith("0"):
        raise Mendable(
            f"To: {typed.strip()!r} has no country code. Put it first, as in +31612345678 for 0612345678.",
            field="to",
        )
    if _MSISDN.fullmatch(digits) is None:
        raise Mendable(
            f"To: {typed.strip()!r} has {len(digits)} digits. A number with its country code has 7 to 15.",
            field="to",
        )
    return digits


@dataclass(frozen=True, slots=True)
class Sender:
    """What `from` will hold, and whether spaces were dropped from a word sender."""

    value: str
    spaces_dropped: bool = False

    @property
    def is_number(self) -> bool:
        return self.value.isdigit()


def sender(typed: str) -> Sender:
    """Check a sender: up to 15 digits without `+` or `00`, or up to 11 letters and digits.

    Spaces in a word sender are dropped, as the gateway drops them, and that is told. Raises Mendable (field `from`).
    """
    text = typed.strip()
    if not text:
        raise Mendable("From: no sender yet. Use one of your numbers, or up to 11 letters and digits.", field="from")
    compact = _SEPARATORS.sub("", text)
    if compact.lstrip("+").isascii() and compact.lstrip("+").isdigit():
        digits = compact.removeprefix("+")
        if digits.startswith("00"):
            digits = digits[2:]
        if not 1 <= len(digits) <= 15:
            raise Mendable(f"From: {text!r} has {len(digits)} digits. A numeric sender has at most 15.", field="from")
        return Sender(digits)
    word = text.replace(" ", "")
    if not word.isascii() or not word.isalnum():
        odd = next(character for character in word if not (character.isascii() and character.isalnum()))
        raise Mendable(
            f"From: {text!r} holds {odd!r}. A word sender has only letters A to Z and digits, at most 11.",
            field="from",
        )
    if _WORD_SENDER.fullmatch(word) is None:
        raise Mendable(f"From: {text!r} has {len(word)} characters. A word sender has at most 11.", field="from")
    return Sender(word, spaces_dropped=word != text)


@dataclass(frozen=True, slots=True)
class NumberWords:
    """A number as people read it: grouped international form, region code (`NL`), and country name in English."""

    formatted: str
    region: str
    country: str


def number_words(number: str) -> NumberWords:
    """Describe an MSISDN; a word sender or short code comes back as it is, without a region. Never raises.

    The first call loads the numbering plans (some tens of milliseconds): call it off the window's thread.
    """
    if _MSISDN.fullmatch(number) is None:
        return NumberWords(number, "", "")
    import phonenumbers  # numbering plans are large: loaded at first use
    from phonenumbers.geocoder import country_name_for_number

    try:
        parsed = phonenumbers.parse("+" + number)
    except phonenumbers.NumberParseException:
        return NumberWords("+" + number, "", "")
    formatted = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    region = phonenumbers.region_code_for_number(parsed) or ""
    country = country_name_for_number(parsed, "en") if region else ""
    return NumberWords(formatted, region if region != "001" else "", country)
