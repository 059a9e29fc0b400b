"""Gathers the store's changes and delivers them together, so that a flood of writes is a few repaints.

Made by app.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sms_desktop.background.tasks import Deliver
from sms_desktop.store.changes import Changes

MOST_A_SECOND = 30
"""How often changes are delivered at most."""


class Feed:
    """Takes changes on any thread and hands them to `receive` through `deliver`.

    The first are delivered at once; what comes in the next thirtieth of a second follows together at its end.
    A delivery is never asked for while another is under way.
    """

    def __init__(
        self, receive: Callable[[Changes], None], deliver: Deliver, *, most_a_second: float = MOST_A_SECOND
    ) -> None:
        self._receive = receive
        self._deliver = deliver
        self._pause = 1.0 / most_a_second
        self._lock = threading.Lock()
        self._gathered = Changes()
        self._under_way = False
        self._delivered_at = float("-inf")

    def take(self, changes: Changes) -> None:
        """Note changes; returns at once."""
        with self._lock:
            self._gathered |= changes
            if self._under_way:
                return
            self._under_way = True
            wait = self._delivered_at + self._pause - time.monotonic()
        if wait <= 0:
            self._deliver(self._flush)
            return
        timer = threading.Timer(wait, self._deliver, (self._flush,))
        timer.daemon = True
        timer.start()

    def _flush(self) -> None:
        with self._lock:
            gathered, self._gathered = self._gathered, Changes()
            self._under_way = False
            self._delivered_at = time.monotonic()
        self._receive(gathered)
