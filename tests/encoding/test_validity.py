from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import validity
from sms_desktop.encoding.timestamps import Timestamp
from sms_desktop.encoding.tree import Annotator
from sms_desktop.encoding.validity import Absolute, Enhanced, Relative, Validity
from sms_desktop.messages.errors import Mendable
from tests.encoding.leaves import assert_covered
from tests.known_answers import known_answers

RELATIVE = st.builds(Relative, st.integers(0, 255))
ENHANCED = st.one_of(
    st.builds(Enhanced, st.none() | RELATIVE, single_shot=st.booleans()),
    st.builds(Enhanced, st.integers(1, 255), single_shot=st.booleans()),
    st.builds(Enhanced, st.integers(0, 359999), as_clock=st.just(value=True), single_shot=st.booleans()),
)
ABSOLUTE = st.just(Absolute(Timestamp(2026, 11, 21, 21, 30, 0, 4)))
PERIODS: st.SearchStrategy[Validity] = st.one_of(RELATIVE, ENHANCED, ABSOLUTE)


@pytest.mark.parametrize("given_, expect", known_answers("validity_relative"))
def test_known_answers(given_: dict[str, int], expect: dict[str, int]) -> None:
    period = validity.relative(given_["minutes"])
    assert period.octet == expect["tp_vp"]
    assert period.minutes == given_["minutes"]


@pytest.mark.parametrize(
    "octet, minutes, words",
    [
        (0, 5, "5 minutes"),
        (143, 720, "12 hours"),
        (144, 750, "12 hours 30 minutes"),
        (167, 1440, "1 day"),
        (168, 2880, "2 days"),
        (170, 5760, "4 days"),
        (196, 43200, "30 days"),
        (197, 50400, "5 weeks"),
        (255, 635040, "63 weeks"),
    ],
)
def test_the_edges_of_the_scale(octet: int, minutes: int, words: str) -> None:
    assert Relative(octet).minutes == minutes
    assert Relative(octet).words == words


@given(st.integers(5, validity.LONGEST_MINUTES))
def test_a_period_is_never_longer_than_asked(minutes: int) -> None:
    period = validity.relative(minutes)
    assert period.minutes <= minutes
    assert period.octet == 255 or validity.minutes_of(period.octet + 1) > minutes


@pytest.mark.parametrize("minutes", range(1, 10))
def test_five_minutes_are_the_shortest(minutes: int) -> None:
    assert validity.relative(minutes).octet == 0


def test_the_scale_only_rises() -> None:
    minutes = [validity.minutes_of(octet) for octet in range(256)]
    assert minutes == sorted(set(minutes))


@pytest.mark.parametrize("minutes", [0, -1, validity.LONGEST_MINUTES + 1])
def test_a_period_out_of_range(minutes: int) -> None:
    with pytest.raises(Mendable, match="1 minute to 63 weeks") as caught:
        validity.relative(minutes)
    assert caught.value.field == "validity"


@given(PERIODS)
def test_what_is_written_is_read(period: Validity) -> None:
    kind = validity.format_of(period)
    annotator = Annotator(validity.to_octets(period))
    found, field = validity.read(annotator, 0, "Validity Period", kind)
    assert found == period
    assert annotator.problems == []
    assert_covered((field,), 0, 8 * len(annotator.data))
    assert period.words.removeprefix("until ") in field.meaning


@given(st.binary(min_size=1, max_size=9), st.sampled_from(["relative", "absolute", "enhanced"]))
def test_any_octets_give_a_field(data: bytes, kind: validity.Format) -> None:
    annotator = Annotator(data)
    period, field = validity.read(annotator, 0, "Validity Period", kind)
    assert_covered((field,), 0, field.bit_length)
    assert field.bit_length == 8 * min(len(data), 1 if kind == "relative" else 7)
    if period is None:
        assert annotator.problems


@pytest.mark.parametrize(
    "octets, period, words",
    [
        ("00000000000000", Enhanced(), "no period given"),
        ("40000000000000", Enhanced(single_shot=True), "no period given, one try only"),
        ("01AA0000000000", Enhanced(Relative(0xAA)), "4 days"),
        ("021E0000000000", Enhanced(30), "30 seconds"),
        ("03102030000000", Enhanced(3723, as_clock=True), "1 hour 2 minutes 3 seconds"),
    ],
)
def test_the_enhanced_format(octets: str, period: Enhanced, words: str) -> None:
    assert validity.to_octets(period).hex().upper() == octets
    assert period.words == words


@pytest.mark.parametrize(
    "octets, bit",
    [
        ("04000000000000", 0),
        ("80000000000000", 0),
        ("02000000000000", 8),
        ("03000006000000", 8),
        ("030A0000000000", 8),
        ("00000000000001", 8),
        ("010000", 24),
    ],
)
def test_what_breaks_the_enhanced_format(octets: str, bit: int) -> None:
    annotator = Annotator(bytes.fromhex(octets))
    validity.read(annotator, 0, "Validity Period", "enhanced")
    assert [problem.bit_offset for problem in annotator.problems] == [bit]


def test_what_cannot_be_said() -> None:
    for wrong in ({"period": 0}, {"period": 256}, {"period": 360000, "as_clock": True}, {"as_clock": True}):
        with pytest.raises(ValueError, match="seconds"):
            Enhanced(**wrong)
    with pytest.raises(ValueError, match="no octet"):
        Relative(256)
    assert validity.to_octets(None) == b""
    assert validity.format_of(None) == "none"
