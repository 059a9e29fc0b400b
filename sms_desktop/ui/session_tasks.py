"""Work of one profile's part of the window: its results are dropped once another profile is shown.

Made by the window.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.ui.reading import TaskRunner

T = TypeVar("T")


class SessionTasks:
    """Runs work as `tasks` does, until `end`; what was begun is finished all the same.

    A result that comes later belongs to widgets that are gone. `failed_late` gets the failure of what was to
    be written.
    """

    def __init__(self, tasks: TaskRunner, *, failed_late: Callable[[SmsDesktopError], None]) -> None:
        self._tasks = tasks
        self._failed_late = failed_late
        self._ended = False

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[SmsDesktopError], None] | None = None,
        *,
        lane: str = "reads",
    ) -> None:
        """As `TaskRunner.run`."""

        def deliver(result: T) -> None:
            if not self._ended:
                done(result)

        def tell(error: SmsDesktopError) -> None:
            if not self._ended:
                if failed is not None:
                    failed(error)
            elif lane == "writes":
                self._failed_late(error)

        self._tasks.run(work, deliver, tell, lane=lane)

    def end(self) -> None:
        """Deliver nothing any more."""
        self._ended = True
