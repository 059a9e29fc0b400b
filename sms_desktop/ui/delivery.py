"""The one bridge from worker threads to the window's thread.

Made by app, given to background as `deliver`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Qt, Signal, Slot


class MainThread(QObject):
    """Calls closures on the thread that made it, in the order in which they were handed over.

    Thread-safe; one that is handed over after `stop`, or after the
    application ended, is dropped.
    """

    _handed_over = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stopped = False
        self._handed_over.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def __call__(self, work: Callable[[], None]) -> None:
        """Have `work` called on the window's thread, soon."""
        with suppress(RuntimeError):  # Qt has deleted this object: the window is gone
            self._handed_over.emit(work)

    def stop(self) -> None:
        """Drop what is still under way and all that is handed over later."""
        self._stopped = True

    @Slot(object)
    def _call(self, work: Callable[[], None]) -> None:
        if not self._stopped:
            work()
