"""Tasks that run when a test says so.

As `background.tasks.Tasks`, with the time between asking and answering in hand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from sms_desktop.messages.errors import SmsDesktopError

T = TypeVar("T")


class SteppedTasks:
    """Work waits until `settle` or `step`; each lane keeps its order, writes go first as the quicker lane."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Callable[[], None]]] = {"writes": deque(), "reads": deque()}

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[SmsDesktopError], None] | None = None,
        *,
        lane: str = "reads",
    ) -> None:
        def step() -> None:
            try:
                result = work()
            except SmsDesktopError as error:
                if failed is not None:
                    failed(error)
            else:
                done(result)

        self._lanes[lane].append(step)

    @property
    def waiting(self) -> int:
        """How much work has not begun."""
        return sum(len(lane) for lane in self._lanes.values())

    def step(self) -> None:
        """Run the first piece of work."""
        for lane in self._lanes.values():
            if lane:
                lane.popleft()()
                return

    def settle(self) -> None:
        """Run everything, and what it asks for in turn."""
        while self.waiting:
            self.step()
