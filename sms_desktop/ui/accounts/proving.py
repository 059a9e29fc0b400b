"""Runs the connection test step by step, off the window's thread. Used by the dialog."""

from __future__ import annotations

from collections.abc import Generator

from PySide6.QtCore import QObject, Signal

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.services.proof_steps import Proof
from sms_desktop.ui.reading import TaskRunner

_LANE = "calls"


class Proving(QObject):
    """One test at a time.

    Signals: `step(proof)`, after each step; `ended()`, after the last one; `failed(error)`, the test itself
    broke. After `stop` or another `start`, nothing of the former test is told.
    """

    step = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(self, *, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._steps: Generator[Proof, None, None] | None = None

    @property
    def runs(self) -> bool:
        """True while a test is under way."""
        return self._steps is not None

    def start(self, steps: Generator[Proof, None, None]) -> None:
        """Begin a test; one that is under way ends."""
        self.stop()
        self._steps = steps
        self._next(steps)

    def stop(self) -> None:
        """Try no further step; the one under way goes on to its end unseen."""
        steps, self._steps = self._steps, None
        if steps is not None:
            # In the lane of its steps: never while one of them is under way.
            self._tasks.run(steps.close, lambda _: None, lane=_LANE)

    def _next(self, steps: Generator[Proof, None, None]) -> None:
        def broke(error: SmsDesktopError) -> None:
            if steps is self._steps:
                self._steps = None
                self.failed.emit(error)

        self._tasks.run(lambda: next(steps, None), lambda proof: self._took(steps, proof), broke, lane=_LANE)

    def _took(self, steps: Generator[Proof, None, None], proof: Proof | None) -> None:
        if steps is not self._steps:
            return
        if proof is None:
            self._steps = None
            self.ended.emit()
            return
        self._next(steps)
        self.step.emit(proof)
