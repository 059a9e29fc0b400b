"""Durations as people say them, and in milliseconds as the API takes them. Called by services and ui."""

from __future__ import annotations

import re

from sms_desktop.messages.errors import Mendable

_UNITS = {
    "ms": 1,
    "s": 1_000,
    "sec": 1_000,
    "second": 1_000,
    "m": 60_000,
    "min": 60_000,
    "minute": 60_000,
    "h": 3_600_000,
    "hr": 3_600_000,
    "hour": 3_600_000,
    "d": 86_400_000,
    "day": 86_400_000,
    "w": 604_800_000,
    "week": 604_800_000,
    "millisecond": 1,
}
_PIECE = re.compile(r"\s*([0-9][0-9 ,_\u00a0\u202f]*(?:\.[0-9]{1,3})?)\s*([A-Za-z]*)\s*(?:,|and\b)?")
_LONGEST = 60
_SAID = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"), (1, "millisecond"))


def parse(text: str, *, field: str) -> int:
    """Milliseconds of `1 h 30 min`, `2 days`, `90 s`, `1.5 hours`; a bare number is milliseconds already.

    Raises Mendable, naming `field`, for anything else.
    """
    unreadable = Mendable(
        f"{field}: {text.strip()[:40]!r} is no duration. Write it as 90 s, 30 min, 1 h 30 min or 2 days, or "
        "in milliseconds.",
        field=field,
    )
    if not text.strip() or len(text) > _LONGEST:
        raise unreadable
    total, at, pieces = 0.0, 0, 0
    while at < len(text.rstrip()):
        piece = _PIECE.match(text, at)
        if piece is None:
            raise unreadable
        number, word = re.sub(r"[ ,_\u00a0\u202f]", "", piece[1]), piece[2].lower()
        unit = _UNITS.get(word) or _UNITS.get(word.removesuffix("s"))
        if not word:
            if pieces or piece.end() < len(text.rstrip()):
                raise unreadable  # a number without a unit stands alone
            unit = 1
        if unit is None:
            raise unreadable
        total += float(number) * unit
        at, pieces = piece.end(), pieces + 1
    return round(total)


def say(milliseconds: int) -> str:
    """A duration in words: `2 days`, `1 hour 30 minutes`; what does not come out even in smaller units."""
    if milliseconds <= 0:
        return "0 seconds"
    words = []
    for unit, name in _SAID:
        number, milliseconds = divmod(milliseconds, unit)
        if number:
            words.append(f"{number} {name}" if number == 1 else f"{number} {name}s")
    return " ".join(words)
