"""What a gateway says in the body of an HTTP error. Read by evidence, tokens and account_calls."""

from __future__ import annotations

import json
from typing import Any

_LONGEST = 300
# KPN portal ("name", "message", "info"); the gateway of SMS API 1.5.0 ("error-code-label", and RFC 9457's
# "title", "detail"); OAuth (RFC 6749 5.2: "error", "error_description").
_WORDS = (
    "name",
    "message",
    "info",
    "error-code-label",
    "error_title",
    "title",
    "detail",
    "error",
    "error_description",
    "reason",
)


def problem_of(body: str) -> str | None:
    """The words of an error in JSON, as one line of at most 300 characters, or None where there are none.

    The body comes from a stranger: what can't be printed is left out, and it is text, never markup.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(document, dict) and isinstance(document.get("error"), dict):
        document = document["error"]
    if not isinstance(document, dict):
        return None
    said: list[str] = []
    for name in _WORDS:
        words = _line(document.get(name))
        if words and words not in said:
            said.append(words)
    text = ": ".join(said)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _line(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    kept = "".join(character if character.isprintable() else " " for character in value[: 4 * _LONGEST])
    return " ".join(kept.split())
