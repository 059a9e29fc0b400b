"""Numbers and senders: what a person types, checked and brought into the API's form.

Called by ui, cli and services.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from sms_desktop.messages.errors import Mendable

# What people and web pages put between the digits of a number: spaces, brackets, dots, slashes, dashes of
# every width, and the invisible marks that come along when a number is copied.
_SEPARATORS = re.compile(
    "[\\s().\\-/"
    "\u00ad\u061c\u180e\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2064\u2066-\u206f\u2212\ufeff\uff0d]+"
)
# `+31 (0)6 ...`: the digit that is dialled inside the country only, which never follows a country code.
_TRUNK_DIGIT = re.compile(r"\A([^0-9]*(?:\+|00)[^0-9]*[0-9]{1,3}[^0-9(]*)\([^0-9)]*0[^0-9)]*\)")
_MSISDN = re.compile(r"[1-9][0-9]{6,14}")
_TOLD_MSISDN = re.compile(r"(?:\+|00)([1-9][0-9]{6,14})")
_SHORT_CODE = re.compile(r"[0-9]{3,6}")
_WORD_SENDER = re.compile(r"[A-Za-z0-9]{1,11}")
_LONGEST_TYPED = 100
_LONGEST_QUOTED = 40


def recipient(typed: str) -> str:
    """The MSISDN to put into `to`: 7 to 15 digits, country code first, no `+` or `00` (E.164).

    Spaces, dashes, dots, brackets and the invisible marks that copied numbers carry are dropped, `(0)` behind
    a country code too, and digits of other scripts are read as digits. Raises Mendable (field `to`).
    """
    if len(typed) > _LONGEST_TYPED:
        raise Mendable(f"To: {_quoted(typed)} is too long for a number. It has 7 to 15 digits.", field="to")
    digits = _SEPARATORS.sub("", _TRUNK_DIGIT.sub(r"\1", _ascii_digits(typed), count=1))
    if not digits:
        raise Mendable(
            "To: no number yet. Give the country code, then the number, as in +31612345678.", field="to"
        )
    if digits.startswith("+"):
        digits = digits[1:]
    elif digits.startswith("00"):
        digits = digits[2:]
    odd = next((character for character in digits if not "0" <= character <= "9"), None)
    if odd is not None:
        raise Mendable(
            f"To: {_quoted(typed)} holds {odd!r}. "
            "A number has digits only, country code first, as in +31612345678.",
            field="to",
        )
    if digits.startswith("0"):
        raise Mendable(
            f"To: {_quoted(typed)} has no country code. Put it first, as in +31612345678 for 0612345678.",
            field="to",
        )
    if _MSISDN.fullmatch(digits) is None:
        raise Mendable(
            f"To: {_quoted(typed)} has {len(digits)} digits. A number with its country code has 7 to 15.",
            field="to",
        )
    return digits


def party(typed: str) -> str:
    """The other side of a conversation as the store names it, from what a person typed.

    A number in any notation is its MSISDN; a word sender or a short code stays what it is. Raises Mendable.
    """
    name = _ascii_digits(typed).strip()
    if any(character.isalpha() for character in name):
        return name
    digits = _SEPARATORS.sub("", name)
    return digits if _SHORT_CODE.fullmatch(digits) else recipient(typed)


def told_party(told: str) -> str:
    """The same, from what the gateway told. Never raises: what is no number stays as it came."""
    number = _TOLD_MSISDN.fullmatch(told)
    return number[1] if number else told


class Sender(NamedTuple):
    """What `from` will hold, and whether spaces were dropped from a word sender."""

    value: str
    spaces_dropped: bool = False

    @property
    def is_number(self) -> bool:
        """True for a number, False for a word."""
        return self.value.isdigit()


def sender(typed: str) -> Sender:
    """Check a sender: up to 15 digits without `+` or `00`, or up to 11 letters and digits.

    Spaces in a word sender are dropped, as the gateway drops them, and that is told. Raises Mendable
    (field `from`).
    """
    text = typed.strip()
    if not text:
        raise Mendable(
            "From: no sender yet. Use one of your numbers, or up to 11 letters and digits.", field="from"
        )
    digits = _SEPARATORS.sub("", text).removeprefix("+")
    if digits.isascii() and digits.isdigit():
        digits = digits.removeprefix("00")
        if not 1 <= len(digits) <= 15:
            raise Mendable(
                f"From: {_quoted(text)} has {len(digits)} digits. A numeric sender has 1 to 15.", field="from"
            )
        return Sender(digits)
    word = text.replace(" ", "")
    odd = next((character for character in word if not (character.isascii() and character.isalnum())), None)
    if odd is not None:
        raise Mendable(
            f"From: {_quoted(text)} holds {odd!r}. "
            "A word sender has only letters A to Z and digits, at most 11.",
            field="from",
        )
    if _WORD_SENDER.fullmatch(word) is None:
        raise Mendable(
            f"From: {_quoted(text)} has {len(word)} characters. A word sender has at most 11.", field="from"
        )
    return Sender(word, spaces_dropped=word != text)


class NumberWords(NamedTuple):
    """A number as people read it: grouped, with the code of its region (`NL`, "" for none).

    The region's name is left to who shows it: in phonenumbers it comes with a map of all area codes, which
    takes seconds to load and a hundred megabytes to keep.
    """

    formatted: str
    region: str


_SHARED_CODES = frozenset({1, 7})
"""Calling codes that several large countries share: a number that fits none of them has no country."""


def number_words(number: str) -> NumberWords:
    """Describe an MSISDN; a word sender or short code comes back as it is, without a region. Never raises.

    The first call loads the numbering plans (some tens of milliseconds): call it off the window's thread.
    """
    if _MSISDN.fullmatch(number) is None:
        return NumberWords(number, "")
    import phonenumbers  # numbering plans are large: loaded at first use

    try:
        parsed = phonenumbers.parse("+" + number)
    except phonenumbers.NumberParseException:
        return NumberWords("+" + number, "")
    formatted = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if "".join(filter(str.isdigit, formatted)) != number:
        formatted = "+" + number  # a digit was taken for a trunk prefix and left out
    region = phonenumbers.region_code_for_number(parsed) or ""
    if not region and parsed.country_code not in _SHARED_CODES:
        # Numbers kept for drama and tests belong to nobody, but their code to one country above all.
        region = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
        region = "" if region == "ZZ" else region
    return NumberWords(formatted, region if region != "001" else "")


def _ascii_digits(typed: str) -> str:
    """`typed` with the digits, brackets and plus signs of other scripts and widths as ASCII."""
    return "".join(
        str(unicodedata.digit(character))
        if unicodedata.category(character) == "Nd"
        else {"\uff0b": "+", "\uff08": "(", "\uff09": ")"}.get(character, character)
        for character in typed
    )


def _quoted(typed: str) -> str:
    """What was typed, in quotes, odd characters as escapes, and no longer than fits a sentence."""
    text = typed.strip()
    return repr(text if len(text) <= _LONGEST_QUOTED else text[: _LONGEST_QUOTED - 1] + "…")
