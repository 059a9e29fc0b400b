"""Work off the window's thread: in order, its outcome delivered where results belong, and a clean end."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from sms_desktop.background.tasks import Tasks
from sms_desktop.messages.errors import Mendable, OurFault, SmsDesktopError

_SOON = 10.0


class _Window:
    """Stands for the window's thread: runs what was delivered when the test says so."""

    def __init__(self) -> None:
        self.delivered: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.seen: list[object] = []

    def run(self, number: int = 1) -> None:
        """Run the next deliveries, waiting for them."""
        for _ in range(number):
            self.delivered.get(timeout=_SOON)()


@pytest.fixture
def window() -> _Window:
    return _Window()


@pytest.fixture
def tasks(window: _Window) -> Iterator[Tasks]:
    tasks = Tasks(window.delivered.put)
    yield tasks
    tasks.stop()


def test_work_runs_on_another_thread_and_its_result_arrives_where_results_belong(
    tasks: Tasks, window: _Window
) -> None:
    tasks.run(threading.get_ident, lambda worker: window.seen.extend((worker, threading.get_ident())))
    window.run()
    worker, here = window.seen
    assert worker != here == threading.get_ident()


@pytest.mark.parametrize("lane", ["reads", "writes"])
def test_a_lane_keeps_the_order_in_which_work_was_given(tasks: Tasks, window: _Window, lane: str) -> None:
    for number in range(200):
        tasks.run(lambda number=number: number, window.seen.append, lane=lane)  # type: ignore[misc]
    window.run(200)
    assert window.seen == list(range(200))


def test_reading_does_not_wait_for_writing(tasks: Tasks, window: _Window) -> None:
    written = threading.Event()
    tasks.run(lambda: written.wait(_SOON), window.seen.append, lane="writes")
    tasks.run(lambda: "read", window.seen.append)
    window.run()
    assert window.seen == ["read"]
    written.set()
    window.run()
    assert window.seen == ["read", True]


def test_our_errors_arrive_as_they_are(tasks: Tasks, window: _Window) -> None:
    error = Mendable("Mend it.", field="to")
    tasks.run(lambda: _raise(error), window.seen.append, window.seen.append)
    window.run()
    assert window.seen == [error]


def test_anything_else_arrives_as_a_fault_of_ours_with_its_cause(tasks: Tasks, window: _Window) -> None:
    errors: list[SmsDesktopError] = []
    tasks.run(lambda: _raise(KeyError("x")), window.seen.append, errors.append)
    window.run()
    assert isinstance(errors[0], OurFault)
    assert isinstance(errors[0].__cause__, KeyError)
    assert "KeyError" in errors[0].message


def test_a_lane_goes_on_after_an_error_that_nobody_asked_to_hear_of(tasks: Tasks, window: _Window) -> None:
    tasks.run(lambda: _raise(ValueError("x")), window.seen.append)
    tasks.run(lambda: "next", window.seen.append)
    window.run()
    assert window.seen == ["next"]


def test_an_unknown_lane_is_a_mistake_of_the_caller(tasks: Tasks, window: _Window) -> None:
    with pytest.raises(ValueError, match="fast"):
        tasks.run(lambda: None, window.seen.append, lane="fast")


def test_stopping_finishes_the_writes_drops_the_reads_and_delivers_nothing_more(
    tasks: Tasks, window: _Window
) -> None:
    gate = threading.Event()
    done: list[str] = []
    for lane in ("reads", "writes"):
        tasks.run(lambda: gate.wait(_SOON), window.seen.append, lane=lane)
        for _ in range(3):
            tasks.run(lambda lane=lane: done.append(lane), window.seen.append, lane=lane)  # type: ignore[misc]
    opener = threading.Timer(0.05, gate.set)
    opener.start()
    tasks.stop(_SOON)
    opener.join()
    assert done == ["writes"] * 3
    assert window.delivered.empty()
    tasks.run(lambda: done.append("late"), window.seen.append)
    assert done == ["writes"] * 3


def test_stopping_waits_no_longer_than_it_is_told(tasks: Tasks, window: _Window) -> None:
    gate = threading.Event()
    for lane in ("reads", "writes"):
        tasks.run(lambda: gate.wait(_SOON), window.seen.append, lane=lane)
    began = time.monotonic()
    tasks.stop(0.5)
    assert time.monotonic() - began < 0.95
    gate.set()


def test_stopping_what_never_worked_is_nothing() -> None:
    Tasks(lambda step: step()).stop()


def _raise(error: Exception) -> None:
    raise error
