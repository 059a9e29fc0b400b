"""Where in a text the words of a search stand, and the piece of it that shows the first. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sms_desktop.ui.bidi import one_line

_WORD = re.compile(r'"([^"]*)"|(\S+)')
_BEFORE = 24  # characters in front of the first word that was found
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Snippet:
    """A line of text and the spans (start, end) in it that were looked for."""

    text: str
    spans: tuple[tuple[int, int], ...]


def snippet(text: str, query: str) -> Snippet:
    """The piece of `text` around the first word of `query`, diacritics and case aside."""
    line = one_line(text[: 50 * _LONGEST])
    spans = _spans(line, query)
    start = 0
    if spans and spans[0][0] > 2 * _BEFORE:
        start = line.rfind(" ", 0, spans[0][0] - _BEFORE) + 1 or spans[0][0] - _BEFORE
    front = "…" if start else ""
    shown = front + line[start : start + _LONGEST]
    shift = len(front) - start
    inside = ((first + shift, last + shift) for first, last in spans)
    return Snippet(shown, tuple((first, last) for first, last in inside if first >= 0 and last <= len(shown)))


def _spans(line: str, query: str) -> list[tuple[int, int]]:
    folded, places = _folded(line)
    found: list[tuple[int, int]] = []
    for quoted, bare in _WORD.findall(query):
        word = _folded(quoted or bare)[0].strip("\"'()[]{}.,;:!?")
        if not word:
            continue
        at = folded.find(word)
        while at >= 0:
            if at == 0 or not folded[at - 1].isalnum():
                found.append((places[at], places[at + len(word) - 1] + 1))
            at = folded.find(word, at + len(word))
    return _merged(sorted(found))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in spans:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` without case and diacritics, and for each character of that where it stood."""
    letters: list[str] = []
    places: list[int] = []
    for position, character in enumerate(text):
        for piece in unicodedata.normalize("NFKD", character.casefold()):
            if not unicodedata.combining(piece):
                letters.append(piece)
                places.append(position)
    return "".join(letters), places
