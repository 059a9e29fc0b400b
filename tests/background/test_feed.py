"""A flood of writes is a few repaints: changes are gathered, and delivered at most so often."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable

from sms_desktop.background.feed import MOST_A_SECOND, Feed
from sms_desktop.messages.ids import ConversationId, MessageId
from sms_desktop.store.changes import Changes

_SOON = 10.0


def _changes(number: int) -> Changes:
    return Changes(frozenset({ConversationId(number % 7)}), frozenset({MessageId(f"M{number}")}))


def test_what_comes_while_a_delivery_is_under_way_comes_together_with_it() -> None:
    delivered: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    seen: list[Changes] = []
    feed = Feed(seen.append, delivered.put)
    for number in range(1_000):
        feed.take(_changes(number))
    assert delivered.qsize() == 1
    delivered.get()()
    assert seen == [
        Changes(frozenset(map(ConversationId, range(7))), frozenset(MessageId(f"M{n}") for n in range(1_000)))
    ]


def test_the_first_change_is_delivered_at_once_and_the_next_after_a_pause() -> None:
    delivered: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    seen: list[Changes] = []
    feed = Feed(seen.append, delivered.put, most_a_second=20)
    began = time.monotonic()
    feed.take(_changes(1))
    delivered.get_nowait()()
    feed.take(_changes(2))
    feed.take(_changes(3))
    delivered.get(timeout=_SOON)()
    assert time.monotonic() - began > 0.045
    assert seen == [_changes(1), _changes(2) | _changes(3)]
    assert delivered.empty()


def test_a_flood_is_delivered_at_most_thirty_times_a_second_and_loses_nothing() -> None:
    deliveries = 0
    seen = Changes()

    def receive(changes: Changes) -> None:
        nonlocal deliveries, seen
        deliveries += 1
        seen |= changes

    feed = Feed(receive, lambda step: step())
    began = time.monotonic()
    end = began + 0.3
    number = 0
    while time.monotonic() < end:
        feed.take(_changes(number))
        number += 1
    deadline = time.monotonic() + _SOON
    while len(seen.messages) < number and time.monotonic() < deadline:
        feed.take(Changes(everything=True))
    assert len(seen.messages) == number
    assert deliveries <= (time.monotonic() - began) * MOST_A_SECOND + 1.1
