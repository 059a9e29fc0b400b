"""Numbers and strange texts as a terminal shows them. Used by the commands that print tables."""

from __future__ import annotations


def plural(number: int, noun: str) -> str:
    """As `1 part` and `2 parts`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def visible(text: str) -> str:
    """`text` on one line; what cannot be seen is written as an escape, since a terminal may act on it."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
