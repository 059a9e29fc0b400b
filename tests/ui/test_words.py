from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale

from sms_desktop.ui.bidi import isolated, number, one_line
from sms_desktop.ui.numbers import country, plain
from sms_desktop.ui.times import clock, day_words, list_time, local

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday


def microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


@pytest.fixture(autouse=True)
def english() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))


@pytest.mark.parametrize(
    "ago, words",
    [
        (timedelta(seconds=3), "now"),
        (timedelta(days=3), "Tue"),
        (timedelta(days=20), "31 Oct"),
        (timedelta(days=400), "16 Oct 2025"),
    ],
)
def test_times_are_as_short_as_they_can_be(ago: timedelta, words: str) -> None:
    assert list_time(microseconds(NOW - ago), microseconds(NOW)) == words


def test_today_is_a_clock_time() -> None:
    then = microseconds(NOW - timedelta(minutes=10))
    assert list_time(then, microseconds(NOW)) == clock(then) == local(then).strftime("%H:%M")
    assert clock(then, seconds=True).startswith(clock(then))


def test_a_clock_that_runs_ahead_is_no_surprise() -> None:
    ahead = microseconds(NOW + timedelta(minutes=5))
    assert list_time(ahead, microseconds(NOW)) == clock(ahead)


def test_days_in_words() -> None:
    today = NOW.date()
    assert day_words(today, today) == "Today"
    assert day_words(today - timedelta(days=1), today) == "Yesterday"
    assert day_words(today - timedelta(days=2), today) == "Wednesday 18 November"
    assert day_words(today - timedelta(days=400), today) == "16 October 2025"


def test_text_of_strangers_is_isolated_and_kept_to_its_line() -> None:
    assert one_line("a\r\nb\u202ec\u2066d\0") == "a b c d"
    assert isolated("x").startswith("\u2068")
    assert number("+31").endswith("\u2069")


def test_parties_and_countries() -> None:
    assert plain("31612345678") == "+31612345678"
    assert plain("PostNL") == "PostNL"
    assert plain("1234") == "1234"
    assert country("NL") == "Netherlands"
    assert country("") == ""


def test_a_received_text_that_is_not_what_it_seems_says_so() -> None:
    from sms_desktop.ui.conversations.bubble_words import meta_of, spoken
    from tests.fakes.reading import message_row

    for text, words in (
        ("x\u202ey", "Contains hidden direction marks"),
        ("Pay\u200bPal", "Contains hidden characters"),
        ("W\u0456n", "Contains look-alike letters"),
        ("http://a.example@b.example", "Contains a misleading link"),
    ):
        row = message_row(1, inbound=True, text=text)
        meta = meta_of(row, None)
        assert meta.words.startswith(f"{words} · ")
        assert meta.icon == "warning"
        assert words in spoken(row, "Noor", None)
    assert " · " not in meta_of(message_row(1, inbound=True, text="Hello"), None).words
