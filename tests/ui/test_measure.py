from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding.segmentation import segment
from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.compose.measure import character_name, measure


def test_an_empty_text_is_one_empty_part() -> None:
    shown = measure("", Kind.TEXT, accept_loss=False)
    assert (shown.parts, shown.figures.units, shown.figures.units_remaining) == (1, 0, 160)
    assert shown.problem is None
    assert not shown.offenders


def test_a_costly_character_is_named_with_its_cure() -> None:
    shown = measure("We’ll come. " * 10, Kind.TEXT, accept_loss=False)
    assert shown.figures.encoding == "ucs2"
    (offender,) = shown.offenders
    assert (offender.character, offender.occurrences, offender.suggestion) == ("’", 10, "'")
    assert (shown.parts, shown.cured) == (2, 1)


def test_accepted_loss_is_measured_as_it_will_be_sent() -> None:
    shown = measure("謝謝", Kind.TEXT, accept_loss=True)
    assert shown.figures.encoding == "gsm7"
    assert shown.figures.units == 2
    assert [offender.suggestion for offender in shown.offenders] == [None]
    assert shown.cured is None


def test_unicode_that_would_be_cheaper_as_text_says_so() -> None:
    assert measure("a" * 100, Kind.UNICODE, accept_loss=False).cheaper == 1
    assert measure("a" * 10, Kind.UNICODE, accept_loss=False).cheaper is None
    assert measure("ę" * 100, Kind.UNICODE, accept_loss=False).cheaper is None


def test_too_long_is_said_and_never_raised() -> None:
    long = measure("a" * 10_000, Kind.TEXT, accept_loss=False)
    assert long.problem is not None
    assert "10,000 characters" in long.problem
    endless = measure("a" * 100_000, Kind.TEXT, accept_loss=False)
    assert endless.problem is not None
    assert "255" in endless.problem


def test_characters_that_cannot_be_seen_are_named_by_their_code_point() -> None:
    assert character_name("’") == "’"
    assert character_name("\u200b") == "U+200B"
    assert character_name("\u00a0") == "U+00A0"
    assert character_name("\0") == "U+0000"


@given(st.text(alphabet=st.characters(codec="utf-16"), max_size=400))
def test_the_meter_agrees_with_what_is_sent(text: str) -> None:
    shown = measure(text, Kind.TEXT, accept_loss=False)
    cut = segment(text)
    assert (shown.figures.encoding, shown.parts, shown.figures.units) == (
        cut.encoding,
        cut.segment_count,
        cut.units,
    )
    assert sum(offender.occurrences for offender in shown.offenders) == len(cut.unsupported)
