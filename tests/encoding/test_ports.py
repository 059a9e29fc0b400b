from __future__ import annotations

import pytest

from sms_desktop.encoding import ports


@pytest.mark.parametrize(
    "number, bits, words",
    [
        (2948, 16, "2948 (WAP Push)"),
        (2949, 16, "2949 (WAP Push, secure)"),
        (9200, 16, "9200 (WSP)"),
        (9204, 16, "9204 (vCard)"),
        (9205, 16, "9205 (vCalendar)"),
        (5505, 16, "5505 (ring tone)"),
        (49999, 16, "49999 (Nokia over-the-air settings)"),
        (226, 8, "226 (vCard, old Nokia)"),
        (228, 16, "228 (vCalendar, old Nokia)"),
        (100, 8, "100 (reserved)"),
        (240, 8, "240 (free for applications)"),
        (0, 16, "0"),
        (8080, 16, "8080"),
        (15999, 16, "15999"),
        (16000, 16, "16000 (free for applications)"),
        (16999, 16, "16999 (free for applications)"),
        (17000, 16, "17000"),
        (49154, 16, "49154 (reserved)"),
    ],
)
def test_ports_in_words(number: int, bits: int, words: str) -> None:
    assert ports.describe(number, bits=bits) == words


def test_what_they_hold() -> None:
    held = {number: ports.holds(number) for number in (2948, 9204, 226, 9205, 228, 5505, 5506, 5507, 5514)}
    assert held == {
        2948: "wap_push", 9204: "vcard", 226: "vcard", 9205: "vcal", 228: "vcal", 5505: "ring_tone",
        5506: "operator_logo", 5507: "cli_icon", 5514: "picture",
    }  # fmt: skip
    assert [ports.holds(number) for number in (None, 0, 9200, 9206, 2949, 65535)] == [None] * 6
