"""What the popup's search finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.library.entries import Entry, found

READY = Entry.kept("Ready", Draft(Kind.TEXT, "Your laptop is at desk 4"))
DESK = Entry.kept("Desk hours", Draft(Kind.TEXT, "We are open until five"))
LINK = Entry.kept("Straße", Draft(Kind.WAPPUSH, "Report", {"url": "https://x.example/DESK", "ttl": "2 days"}))


def test_every_word_counts_and_names_stand_first() -> None:
    every = (READY, DESK, LINK)
    assert found(every, "") == every
    assert found(every, "desk") == (DESK, READY, LINK)
    assert found(every, "DESK laptop") == (READY,)
    assert found(every, "strasse") == (LINK,)
    assert found(every, "2 days") == (LINK,)
    assert found(every, "nothing") == ()


@given(st.text(), st.text())
def test_every_entry_is_found_by_its_name(name: str, typed: str) -> None:
    entry = Entry.kept(name, Draft(Kind.TEXT, "x"))
    assert found((entry,), name) == (entry,)
    assert found((entry,), typed) in ((), (entry,))


def test_a_whole_message_is_shown_with_its_fields() -> None:
    assert READY.text() == "Your laptop is at desk 4"
    assert LINK.text() == "title: Report\nurl: https://x.example/DESK\nttl: 2 days"
    assert Entry("x", Draft(Kind.BINARY, "", {"udh": "0401", "ttl": "1 hour"})).begin() == "0401"
