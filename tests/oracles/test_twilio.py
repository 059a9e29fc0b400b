"""Twilio's segment calculator (on Node) as judge of segments.

It keeps a grapheme cluster whole in one segment, which no clause of TS 23.040 asks for, and we do not. So
clusters are left out: no combining marks, joiners, variation selectors, flags, skin tones or Hangul jamo, and
no CR LF, which is a cluster too and which we take as LF.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from sms_desktop.encoding.segmentation import segment
from tests.oracles.texts import GSM7, PAIRS, UCS2, generated

CASES = 4_000
JUDGE = Path(__file__).with_name("twilio.js")

pytestmark = pytest.mark.node


def judged(texts: Sequence[str]) -> list[tuple[str, list[int]]]:
    """For each text: encoding, and bits of text in each segment."""
    done = subprocess.run(
        ["node", JUDGE],
        input="".join(json.dumps(text) + "\n" for text in texts),
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return [(encoding, bits) for encoding, bits in map(json.loads, done.stdout.splitlines())]


def ours(text: str) -> tuple[str, list[int]]:
    found = segment(text)
    name = {"gsm7": "GSM-7", "ucs2": "UCS-2"}[found.encoding]
    return name, [part.units * found.unit_bits for part in found.segments]


def test_segments_of_generated_texts() -> None:
    texts = ["", *generated(20261121, CASES, (*GSM7, *UCS2, *PAIRS))]
    assert len(texts) > CASES
    wrong = [
        (text, mine, theirs)
        for text, theirs in zip(texts, judged(texts), strict=True)
        if (mine := ours(text)) != theirs
    ]
    assert not wrong, wrong[:3]


@pytest.mark.parametrize(
    "single, several, unit", [(160, 153, "x"), (70, 67, "ж"), (160, 153, "€"), (70, 67, "😀")]
)
def test_every_length_around_the_borders(single: int, several: int, unit: str) -> None:
    lengths = [
        length + around
        for length in (single // 2, single, several, 2 * several, 3 * several, 4 * several)
        for around in range(-3, 4)
    ]
    texts = [unit * length for length in lengths] + ["x" + unit * length for length in lengths]
    assert [ours(text) for text in texts] == judged(texts)


def test_which_characters_are_in_gsm7() -> None:
    # Each on its own, so that no clusters form: all of the Basic Multilingual Plane but surrogates.
    texts = [chr(point) for point in (*range(0xD800), *range(0xE000, 0x10000))]
    wrong = [text for text, theirs in zip(texts, judged(texts), strict=True) if ours(text)[0] != theirs[0]]
    assert wrong == []
