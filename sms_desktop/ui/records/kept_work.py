"""What the pages of the store's dialog share: whose store it is, and a way to have things done to it.

Made by the records' desk; it outlives the dialog, so that what was begun there can end.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.settings.profiles import Profile
from sms_desktop.store.database import Store
from sms_desktop.ui.reading import TaskRunner

T = TypeVar("T")


class KeptWork(QObject):
    """Reads whenever asked; does one deed at a time, and drops the results of both after `end`.

    Signals: `busy_changed()`, a deed began or ended; `advanced(percent)`, how much of it is done;
    `failed_late(error)`, one that was begun before `end` could not be done.
    """

    busy_changed = Signal()
    advanced = Signal(int)
    failed_late = Signal(object)

    def __init__(self, store: Store, profile: Profile, *, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self.store = store
        self.profile = profile
        self._tasks = tasks
        self._busy = False
        self._ended = False

    @property
    def busy(self) -> bool:
        """True while a deed is under way."""
        return self._busy

    def end(self) -> None:
        """Deliver nothing any more; what was begun is finished all the same."""
        self._ended = True

    def read(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[SmsDesktopError], None]
    ) -> None:
        """Look something up, then call one of the two, on the window's thread."""
        self._tasks.run(work, self._unless_ended(done), self._unless_ended(failed))

    def do(
        self,
        work: Callable[[Callable[[float], None]], T],
        done: Callable[[T], None],
        failed: Callable[[SmsDesktopError], None],
        *,
        lane: str = "exports",
    ) -> None:
        """Do something unless a deed is under way; `work` may tell how much is done, from 0 to 1.

        What takes long goes in a lane of its own; what is written in a moment in `writes`, which is finished
        although the program ends.
        """
        if self._busy:
            return
        self._set_busy(True)
        told = -1

        def tell(share: float) -> None:
            nonlocal told
            percent = max(0, min(round(share * 100), 100))
            if percent != told:
                told = percent
                with suppress(RuntimeError):  # the window is gone; the deed goes on
                    self.advanced.emit(percent)

        def succeed(result: T) -> None:
            self._set_busy(False)
            if not self._ended:
                done(result)

        def fail(error: SmsDesktopError) -> None:
            self._set_busy(False)
            if self._ended:
                self.failed_late.emit(error)
            else:
                failed(error)

        self._tasks.run(lambda: work(tell), succeed, fail, lane=lane)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        if not self._ended:
            self.busy_changed.emit()

    def _unless_ended(self, deliver: Callable[[T], None]) -> Callable[[T], None]:
        def unless_ended(result: T) -> None:
            if not self._ended:
                deliver(result)

        return unless_ended
