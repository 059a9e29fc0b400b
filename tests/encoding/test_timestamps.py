from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import timestamps
from sms_desktop.encoding.timestamps import Timestamp
from sms_desktop.encoding.tree import Annotator
from tests.encoding.leaves import assert_annotated, find
from tests.known_answers import known_answers

MOMENTS = st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2089-12-31T23:59:59"))
STAMPS = st.builds(
    lambda local, quarters: Timestamp(
        local.year, local.month, local.day, local.hour, local.minute, local.second, quarters
    ),
    MOMENTS,
    st.integers(-79, 79),
)


@pytest.mark.parametrize("given_, expect", known_answers("timestamp"))
def test_known_answers(given_: dict[str, str], expect: dict[str, object]) -> None:
    octets = bytes.fromhex(given_["hex"])
    stamp = timestamps.parse(octets)
    assert stamp
    assert stamp.moment.replace(tzinfo=None).isoformat() == expect["local"]
    assert stamp.offset_minutes == expect["offset_minutes"]
    assert stamp.to_octets() == octets


def test_minus_an_hour() -> None:
    stamp = timestamps.parse(bytes.fromhex("20806291731448"))
    assert stamp == Timestamp(2002, 8, 26, 19, 37, 41, -4)
    assert stamp.words == "2002-08-26T19:37:41-01:00"


@pytest.mark.parametrize(
    "octets, years", [("00", 2000), ("98", 2089), ("09", 1990), ("99", 1999), ("62", 2026)]
)
def test_the_century(octets: str, years: int) -> None:
    stamp = timestamps.parse(bytes.fromhex(octets + "101000000000"))
    assert stamp
    assert stamp.year == years


@given(STAMPS)
def test_what_is_written_is_read(stamp: Timestamp) -> None:
    annotator = Annotator(stamp.to_octets())
    found, field = timestamps.read(annotator, 0, "Time Stamp")
    assert found == stamp
    assert annotator.problems == []
    assert field.meaning == stamp.words
    assert Timestamp.of(stamp.moment) == stamp


@given(st.binary(min_size=1, max_size=9))
def test_any_octets_give_a_field(data: bytes) -> None:
    annotator = Annotator(data)
    stamp, field = timestamps.read(annotator, 0, "Time Stamp")
    assert field.bit_length == 8 * min(7, len(data))
    assert (stamp is None) == bool(annotator.problems)
    if stamp:
        assert timestamps.parse(stamp.to_octets()) == stamp
    else:
        assert field.meaning == "not a time"


@pytest.mark.parametrize(
    "octets, bit, message",
    [
        ("00000000000000", 0, "There is no such time as 2000-00-00 00:00:00."),
        ("62201300000000", 8, "There is no such time as 2026-02-31 00:00:00."),
        ("6210104200A000", 40, "Second A0 holds a semi-octet that is no decimal digit."),
        ("621010420000F0", 48, "Time zone F0 holds a semi-octet that is no decimal digit."),
        ("621010", 24, "Time Stamp: the data ends after 3 of 7 octets."),
    ],
)
def test_what_is_no_time_is_a_problem_at_its_place(octets: str, bit: int, message: str) -> None:
    annotator = Annotator(bytes.fromhex(octets))
    stamp, field = timestamps.read(annotator, 0, "Time Stamp")
    assert stamp is None
    bits = [(problem.bit_offset, problem.message) for problem in annotator.problems]
    assert bits == [(bit if bit != 8 else 0, message)]
    assert len(find((field,), "Year")) == 1


def test_its_leaves() -> None:
    annotator = Annotator(bytes.fromhex("7040213252242B"))
    _, field = timestamps.read(annotator, 0, "Time Stamp")
    meanings = {leaf.name: leaf.meaning for leaf in field.children}
    assert meanings == {
        "Year": "2007", "Month": "4", "Day": "12", "Hour": "23", "Minute": "25", "Second": "42",
        "Time Zone": "UTC-08:00",
    }  # fmt: skip
    without_bits = Annotator(annotator.data[:6])
    assert_annotated(without_bits, field.children[:6], 0, 6)


def test_a_moment_loses_what_cannot_be_said() -> None:
    zone = timezone(timedelta(minutes=-7))
    moment = datetime(2026, 11, 21, 12, 0, 0, 999999, zone)
    assert Timestamp.of(moment) == Timestamp(2026, 11, 21, 12, 7, 0, 0)


@pytest.mark.parametrize(
    "moment",
    [
        datetime.fromisoformat("2026-11-21"),
        datetime(1989, 12, 31, tzinfo=UTC),
        datetime(2090, 1, 1, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ],
)
def test_a_moment_that_cannot_be_said_is_refused(moment: datetime) -> None:
    with pytest.raises(ValueError, match=r"zone|year"):
        Timestamp.of(moment)


@pytest.mark.parametrize("quarters", [80, -80])
def test_no_zone_is_that_far(quarters: int) -> None:
    with pytest.raises(ValueError, match="79 quarters"):
        Timestamp(2026, 1, 1, 0, 0, 0, quarters)
