from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.ui.search.snippet import snippet


def marked(text: str, query: str) -> str:
    found = snippet(text, query)
    out, at = "", 0
    for first, last in found.spans:
        out += found.text[at:first] + "[" + found.text[first:last] + "]"
        at = last
    return out + found.text[at:]


@pytest.mark.parametrize(
    "text, query, shown",
    [
        ("Your receipt is attached", "receipt", "Your [receipt] is attached"),
        ("Your Receipts, two", "receipt", "Your [Receipt]s, two"),
        ("Crème brûlée", "creme brulee", "[Crème] [brûlée]"),
        ("Straße und Strasse", "strasse", "[Straße] und [Strasse]"),
        ("unreceipted", "receipt", "unreceipted"),
        ("one two three", '"two three"', "one [two three]"),
        ("a\nb c", "b", "a [b] c"),
        ("aa aaa", "a aa", "[aa] [aa]a"),
        ("nothing here", "", "nothing here"),
        ("nothing here", '""" (', "nothing here"),
    ],
)
def test_words_are_marked_as_a_search_finds_them(text: str, query: str, shown: str) -> None:
    assert marked(text, query) == shown


def test_a_long_text_begins_shortly_before_what_was_found() -> None:
    shown = marked("word " * 100 + "needle in the hay " + "word " * 100, "needle")
    assert shown.startswith("…")
    assert 0 < shown.index("[needle]") < 60
    assert len(shown) < 450


@given(st.text(), st.text())
def test_whatever_the_text_the_spans_lie_in_it_in_order(text: str, query: str) -> None:
    found = snippet(text, query)
    flat = [edge for span in found.spans for edge in span]
    assert flat == sorted(flat)
    assert all(first < last for first, last in found.spans)
    assert not flat or (flat[0] >= 0 and flat[-1] <= len(found.text))
