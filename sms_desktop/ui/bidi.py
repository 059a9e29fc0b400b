"""Text of strangers beside our own: isolated, so that neither turns the other around.

Called by everything that paints it.
"""

from __future__ import annotations

import re

_LEFT_TO_RIGHT = "\u2066"
_FIRST_STRONG = "\u2068"
_END = "\u2069"
# What would break a line, or stay open beyond the end of a label: line ends, embeddings, overrides, isolates.
_UNRULY = re.compile("[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def number(text: str) -> str:
    """A number, always read from left to right."""
    return f"{_LEFT_TO_RIGHT}{text}{_END}"


def isolated(text: str) -> str:
    """A name or a line of text, in its own direction."""
    return f"{_FIRST_STRONG}{text}{_END}"


def one_line(text: str) -> str:
    """Text for one line: line ends and marks that would reach beyond it become spaces."""
    return _UNRULY.sub(" ", text).strip()
