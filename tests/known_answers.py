"""Published known answers from vectors.json, each with its source; used by the tests of every room."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

_FILE = Path(__file__).with_name("vectors.json")
_REPEATED = re.compile(r"'(?P<first>.)' \* (?P<times>\d+)(?: \+ '(?P<last>.)')?")


def known_answers(kind: str) -> list[Any]:
    """One pytest parameter (input, expect) for each vector of a kind, named by its id if any; never none."""
    vectors = json.loads(_FILE.read_text("utf-8"))["vectors"]
    found = [v for v in vectors if v["kind"] == kind]
    assert found, f"no vectors of the kind {kind}"
    return [pytest.param(v["input"], v["expect"], id=v.get("id")) for v in found]


def text_of(given: dict[str, Any]) -> str:
    """The text of a vector, which may be written as a repetition: `'x' * 307 + 'y'`."""
    if "text" in given:
        text = given["text"]
        assert isinstance(text, str)
        return text
    found = _REPEATED.fullmatch(given["text_repeat"])
    assert found, given
    return found["first"] * int(found["times"]) + (found["last"] or "")
