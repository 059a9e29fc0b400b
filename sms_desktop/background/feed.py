"""Gathers the store's changes and delivers them as one, so that a flood of writes is a few repaints. Made by app."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sms_desktop.background.tasks import Deliver
from sms_desktop.store.changes import Changes


class Feed:
    """Takes changes on any thread; hands them to `receive` through `deliver`, never two deliveries under way at once."""

    def __init__(self, receive: Callable[[Changes], None], deliver: Deliver) -> None:
        self._receive = receive
        self._deliver = deliver
        self._lock = threading.Lock()
        self._gathered = Changes()
        self._under_way = False

    def take(self, changes: Changes) -> None:
        """Note changes; returns at once."""
        with self._lock:
            self._gathered |= changes
            if self._under_way:
                return
            self._under_way = True
        self._deliver(self._flush)

    def _flush(self) -> None:
        with self._lock:
            gathered, self._gathered = self._gathered, Changes()
            self._under_way = False
        self._receive(gathered)
