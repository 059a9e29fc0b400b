"""Times as people read them: local, 24 hours. Called by everything that shows when something happened."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale

_MINUTE_US = 60_000_000


def now_us() -> int:
    """The time now: UTC, microseconds."""
    return time.time_ns() // 1_000


def local(at_us: int) -> datetime:
    """A time (UTC, microseconds) in the zone of this computer."""
    return datetime.fromtimestamp(at_us / 1_000_000, UTC).astimezone()


def clock(at_us: int, *, seconds: bool = False) -> str:
    """`10:42`, or `10:42:03`."""
    return local(at_us).strftime("%H:%M:%S" if seconds else "%H:%M")


def list_time(at_us: int, now: int) -> str:
    """The shortest words that place a time: `now`, `10:42`, `Fri`, `3 May`, `3 May 2024`."""
    if 0 <= now - at_us < _MINUTE_US:
        return QCoreApplication.translate("Times", "now")
    then, today = local(at_us).date(), local(now).date()
    days = (today - then).days
    if days <= 0:
        return clock(at_us)
    if days < 7:
        return QLocale().toString(_date(then), "ddd")
    return QLocale().toString(_date(then), "d MMM" if then.year == today.year else "d MMM yyyy")


def day(at_us: int) -> date:
    """The local day of a time."""
    return local(at_us).date()


def day_words(that: date, today: date) -> str:
    """`Today`, `Yesterday`, `Monday 3 May`, `3 May 2024`."""
    days = (today - that).days
    if days == 0:
        return QCoreApplication.translate("Times", "Today")
    if days == 1:
        return QCoreApplication.translate("Times", "Yesterday")
    return QLocale().toString(_date(that), "dddd d MMMM" if that.year == today.year else "d MMMM yyyy")


def full(at_us: int) -> str:
    """Day and time to the second, for a tooltip."""
    then = local(at_us)
    return QLocale().toString(_date(then.date()), "dddd d MMMM yyyy") + then.strftime(", %H:%M:%S")


def stamp(at_us: int) -> str:
    """Day and time to the second, short enough for a column."""
    then = local(at_us)
    return QLocale().toString(_date(then.date()), "d MMM yyyy") + then.strftime(", %H:%M:%S")


def _date(that: date) -> QDate:
    return QDate(that.year, that.month, that.day)
