"""Texts that the judges are asked about: every mixture of alphabets, with runs that cross every border."""

from __future__ import annotations

import random
from collections.abc import Sequence

BASIC = "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà"
EXTENSION = "\f^{}\\[~]|€"
OUTSIDE = "ąçЖшאบ中日本あ한–’“”\u00a0\t"
BEYOND = "😀🚀🎉𝐀𠀀\U0010fffd"

GSM7 = (BASIC, BASIC + EXTENSION, EXTENSION)
UCS2 = (BASIC + OUTSIDE, OUTSIDE)
PAIRS = (OUTSIDE + BEYOND, BEYOND, BASIC + EXTENSION + OUTSIDE + BEYOND)


def generated(seed: int, cases: int, alphabets: Sequence[str]) -> list[str]:
    """`cases` texts of 1 to about 700 characters, the same for the same seed."""
    source = random.Random(seed)
    texts = []
    for _ in range(cases):
        alphabet = source.choice(alphabets)
        runs = source.randrange(1, 30)
        texts.append(
            "".join(source.choice(alphabet) * source.choice((1, 1, 1, 2, 3, 31, 66)) for _ in range(runs))
        )
    return texts
