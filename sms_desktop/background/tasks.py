"""Runs work off the window's thread and delivers its result.

Made by app; used by ui for everything that may wait.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from sms_desktop.messages.errors import OurFault, SmsDesktopError

T = TypeVar("T")

Deliver = Callable[[Callable[[], None]], None]
"""Runs a callable where results belong: on the window's thread, or just here."""

LANES = ("reads", "writes", "accounts", "calls", "rehearsal", "exports")
"""Work in one lane runs in the order it was given; the lanes don't wait for each other.

The store is read and written in the first two. Accounts are kept in `accounts`, which may wait for a keyring;
calls about them are made in `calls`, which may wait for the network; `rehearsal` talks to the sandbox;
`exports` is for what takes long.
"""
_KEPT_AT_THE_END = frozenset({"writes", "accounts"})


class Tasks:
    """A thread for each lane, started at its first work.

    `done` gets the result through `deliver`; `failed` gets an SmsDesktopError, into which anything unexpected
    is turned. After `stop` nothing more is delivered.
    """

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._queues: dict[str, queue.SimpleQueue[Callable[[], None] | None]] = {}
        self._threads: list[threading.Thread] = []
        self._stopped = threading.Event()
        self._lock = threading.Lock()

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[SmsDesktopError], None] | None = None,
        *,
        lane: str = "reads",
    ) -> None:
        """Run `work` on the lane's thread, then `done(result)` or `failed(error)` where results belong."""
        if self._stopped.is_set():
            return

        def step() -> None:
            try:
                result = work()
            except SmsDesktopError as error:
                self._fail(failed, error)
            except Exception as error:  # noqa: BLE001 -- whatever it is, the window must hear of it
                fault = OurFault(f"A fault of this program: {type(error).__name__}. Nothing was lost.")
                fault.__cause__ = error
                self._fail(failed, fault)
            else:
                self._hand_over(lambda: done(result))

        self._lane(lane).put(step)

    def stop(self, seconds: float = 1.0) -> None:
        """Let running work end, drop what has not begun, but finish what writes.

        Waits at most `seconds`.
        """
        deadline = time.monotonic() + seconds
        self._stopped.set()
        with self._lock:
            queues = list(self._queues.values())
            threads = list(self._threads)
        for lane in queues:
            lane.put(None)
        for thread in threads:
            thread.join(max(deadline - time.monotonic(), 0.0))

    def _lane(self, name: str) -> queue.SimpleQueue[Callable[[], None] | None]:
        if name not in LANES:
            raise ValueError(name)
        with self._lock:
            if name not in self._queues:
                self._queues[name] = queue.SimpleQueue()
                thread = threading.Thread(target=self._work, args=(name,), name=f"tasks-{name}", daemon=True)
                self._threads.append(thread)
                thread.start()
            return self._queues[name]

    def _work(self, name: str) -> None:
        steps = self._queues[name]
        while (step := steps.get()) is not None:
            if name in _KEPT_AT_THE_END or not self._stopped.is_set():
                step()

    def _fail(self, failed: Callable[[SmsDesktopError], None] | None, error: SmsDesktopError) -> None:
        if failed is not None:
            self._hand_over(lambda: failed(error))

    def _hand_over(self, step: Callable[[], None]) -> None:
        if not self._stopped.is_set():
            self._deliver(step)
