"""Which events hold a phone number. Called by the logs when a number is erased."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from sms_desktop.messages.errors import Mendable

_FORMATTING = re.compile(r"[\s().\-/]")


def erasable_number(text: str) -> str:
    """The digits of a number as a person gives it, without `+` or `00`. Raises Mendable."""
    digits = _FORMATTING.sub("", text)
    digits = digits.removeprefix("+") if digits.startswith("+") else digits.removeprefix("00")
    if not re.fullmatch("[0-9]{5,15}", digits, re.ASCII):
        raise Mendable(
            "number: expected a phone number with its country code, 5 to 15 digits.", field="number"
        )
    return digits


class NumberFinder:
    """Finds one number: as the whole value of a parameter, or anywhere in what can't be read."""

    def __init__(self, number: str) -> None:
        self._number = number
        self._within = re.compile(rb"(?<![0-9])(?:00)?" + number.encode() + rb"(?![0-9])")

    def is_in(self, payload: Mapping[str, str], query: bytes, body: bytes, *, readable: bool) -> bool:
        """Whether an event is from or to the number, or (not readable) holds it anywhere."""
        if readable:
            return any(self._is(value) for value in payload.values())
        return any(
            self._within.search(octets) is not None
            for octets in (query, body, unquote_to_bytes(query), unquote_to_bytes(body))
        )

    def _is(self, value: str) -> bool:
        if len(value) > 40 or self._number not in _FORMATTING.sub("", value):
            return False
        digits = _FORMATTING.sub("", value).removeprefix("+")
        return digits in {self._number, "00" + self._number}
