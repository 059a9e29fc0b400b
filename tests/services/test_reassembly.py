"""Long inbound messages: put together whatever the order of their parts, missing ones shown."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from sms_desktop.services import inbox
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store.database import Store
from sms_desktop.store.messages import MessageRow
from tests.fakes.hands import PHONE, count, rows_with
from tests.fakes.pages import page, part


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    yield store
    store.close()


class _Relay:
    """Gives parts, one page each."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seq = itertools.count(1)

    def give(self, text: str, number: int, total: int, *, hours: float = 0, **fields: str) -> None:
        event = part(text, number, total, **fields)
        inbox.apply_page(self._store, SANDBOX, page(event, first=next(self._seq), hours=hours))


def _shown(row: MessageRow) -> list[str | None]:
    return [part.text for part in row.parts]


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
def test_parts_make_one_message_whatever_their_order(store: Store, order: tuple[int, ...]) -> None:
    relay = _Relay(store)
    for number in order:
        relay.give({1: "one ", 2: "two ", 3: "three"}[number], number, 3)
    [row] = rows_with(store)
    assert row.text == "one two three"
    assert _shown(row) == ["one ", "two ", "three"]
    assert row.parts_total == 3
    assert count(store, "reassembly") == 0


def test_a_message_is_there_from_its_first_part_on_and_what_is_missing_is_shown(store: Store) -> None:
    relay = _Relay(store)
    relay.give("two", 2, 3)
    [row] = rows_with(store)
    assert (row.text, _shown(row)) == ("two", [None, "two", None])
    relay.give("three", 3, 3)
    [row] = rows_with(store)
    assert (row.text, _shown(row)) == ("twothree", [None, "two", "three"])


def test_a_part_that_comes_twice_is_there_once(store: Store) -> None:
    relay = _Relay(store)
    for number in (1, 1, 2, 1, 2):
        relay.give(f"{number}", number, 2)
    [row] = rows_with(store)
    assert row.text == "12"


def test_parts_of_two_messages_from_one_phone_do_not_mix(store: Store) -> None:
    relay = _Relay(store)
    for number, ref in ((1, "7"), (1, "8"), (2, "8"), (2, "7")):
        relay.give(f"{ref}.{number} ", number, 2, ref=ref)
    assert [row.text for row in rows_with(store)] == ["7.1 7.2 ", "8.1 8.2 "]


@pytest.mark.parametrize("msisdn, to", [("31600000002", "Helpdesk"), (PHONE, "Sales")])
def test_the_same_reference_of_another_phone_or_to_another_number_is_another_message(
    store: Store, msisdn: str, to: str
) -> None:
    relay = _Relay(store)
    relay.give("ours", 1, 2, gateway_id="A1")
    relay.give("theirs", 2, 2, gateway_id="B2", msisdn=msisdn, to=to)
    assert count(store, "message") == 2
    assert _shown(rows_with(store, PHONE)[0]) == ["ours", None]


def test_another_number_of_parts_is_another_message(store: Store) -> None:
    relay = _Relay(store)
    relay.give("one of two", 1, 2, gateway_id="A1")
    relay.give("two of three", 2, 3, gateway_id="B2")
    assert len(rows_with(store)) == 2


def test_a_reference_that_is_used_again_begins_a_new_message(store: Store) -> None:
    relay = _Relay(store)
    for time in ("a", "b"):
        for number in (1, 2):
            relay.give(f"{time}{number}", number, 2, gateway_id=f"{time}{number}")
    assert [row.text for row in rows_with(store)] == ["a1a2", "b1b2"]


def test_a_reference_that_is_used_again_before_the_first_is_whole_leaves_both_readable(store: Store) -> None:
    relay = _Relay(store)
    relay.give("old one", 1, 2, gateway_id="a1")
    relay.give("new one", 1, 2, gateway_id="b1")
    relay.give(" new two", 2, 2, gateway_id="b2")
    old, new = rows_with(store)
    assert _shown(old) == ["old one", None]
    assert new.text == "new one new two"


def test_a_part_that_comes_within_a_day_completes_its_message_and_a_later_one_does_not(store: Store) -> None:
    relay = _Relay(store)
    relay.give("one", 1, 3)
    relay.give("two", 2, 3, hours=23)
    relay.give("three", 3, 3, hours=25)
    first, late = rows_with(store)
    assert _shown(first) == ["one", "two", None]
    assert _shown(late) == [None, None, "three"]


def test_an_impossible_place_makes_a_message_of_its_own(store: Store) -> None:
    relay = _Relay(store)
    for number, total in ((0, 2), (3, 2), (1, 0), (1, 256), (1, 99_999)):
        relay.give(f"{number} of {total}", number, total, gateway_id=f"I{number}.{total}")
    rows = rows_with(store)
    assert [row.text for row in rows] == ["0 of 2", "3 of 2", "1 of 0", "1 of 256", "1 of 99999"]
    assert {row.parts_total for row in rows} == {1}


def test_the_longest_message_that_there_can_be(store: Store) -> None:
    relay = _Relay(store)
    for number in range(255, 0, -1):
        relay.give(f"{number},", number, 255)
    [row] = rows_with(store)
    assert row.text == "".join(f"{number}," for number in range(1, 256))
