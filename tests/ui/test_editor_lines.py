"""Where a text may run from right to left, so that what is typed can change the lines before it."""

from __future__ import annotations

import pytest

from sms_desktop.ui.compose.editor_lines import runs_both_ways


@pytest.mark.parametrize(
    "text",
    ["", "Hello", "Grüße’ – „ja“", "Привет", "日本語", "हिन्दी", "ไทย", "😀👍", "e\u0301\u200b", "ＡＢ"],
)
def test_one_way(text: str) -> None:
    assert not runs_both_ways(text)


@pytest.mark.parametrize(
    "text",
    ["a שלום", "العربية", "ﻼ", "a\u200fb", "a\u202eb", "a\u2067b", "\U0001e900", "\U00010840", "😀\u200e"],
)
def test_both_ways(text: str) -> None:
    assert runs_both_ways(text)
