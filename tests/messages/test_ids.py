"""Ids are unique, sort by time, and fit a client reference."""

from __future__ import annotations

import re
import time

import pytest

from sms_desktop.messages.ids import new_id
from sms_desktop.messages.options import Options


def test_ids_are_unique() -> None:
    assert len({new_id() for _ in range(20_000)}) == 20_000


def test_an_id_has_26_characters_that_no_one_confuses() -> None:
    for _ in range(100):
        assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", new_id())


def test_ids_sort_by_the_millisecond_they_were_made_in(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [0, 1, 31, 32, 1_000, 1_700_000_000_000, 1_700_000_000_001, 2**48 - 1]
    made = []
    for moment in moments:
        monkeypatch.setattr(time, "time_ns", lambda moment=moment: moment * 1_000_000 + 999_999)
        made.append(new_id())
    assert made == sorted(made)


def test_an_id_may_be_a_client_reference() -> None:
    Options(client_ref=new_id()).check()
