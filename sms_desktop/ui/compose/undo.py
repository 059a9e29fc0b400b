"""The countdown after Send: while it runs, the message can be taken back. Part of the compose pane."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.ids import MessageId
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.strip import Strip, StripWords

if TYPE_CHECKING:
    from sms_desktop.services.outbox import Outbox

_TICK_MS = 200


class _Held(NamedTuple):
    message: MessageId
    party: str
    name: str
    until: float  # of the monotonic clock


class UndoStrip(Strip):
    """Counts down for the message that was sent last.

    Signals: `undone(party)`, the message stands as the draft to `party` again; `failed(error)`.
    """

    undone = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        *,
        outbox: Callable[[], Outbox],
        tasks: TaskRunner,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("undo_strip", appearance=appearance, parent=parent)
        self._outbox = outbox
        self._tasks = tasks
        self._held: _Held | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.pressed.connect(self.undo)

    def begin(self, message: MessageId, *, party: str, name: str, milliseconds: int) -> None:
        """Count down for a message to `party`, who is called `name`; 0: it can't be taken back."""
        if milliseconds <= 0:
            self._end()
            return
        self._held = _Held(message, party, name, time.monotonic() + milliseconds / 1_000)
        self._timer.start()
        self._tick()

    @property
    def can_undo(self) -> bool:
        """True while the countdown runs."""
        return self._held is not None

    @Slot()
    def undo(self) -> None:
        """Take the message back; too late, it says so."""
        held = self._held
        if held is None:
            return
        self._timer.stop()
        self._held = None
        self._tasks.run(
            lambda: self._outbox().undo(held.message),
            lambda done: self._answered(held, done=done),
            self._failed,
            lane="writes",
        )

    def _answered(self, held: _Held, *, done: bool) -> None:
        if self._held is not None:  # another was sent meanwhile
            return
        if done:
            self._end()
            self.undone.emit(held.party)
        else:
            self.say(StripWords("clock", self.tr("Too late: the message is on its way.")))
            self._timer.singleShot(4_000, self, self._forget)

    def _failed(self, error: SmsDesktopError) -> None:
        self._end()
        self.failed.emit(error)

    @Slot()
    def _forget(self) -> None:
        if self._held is None:
            self.say(None)

    @Slot()
    def _tick(self) -> None:
        held = self._held
        if held is None:
            return
        left = math.ceil(held.until - time.monotonic())
        if left <= 0:
            self._end()
            return
        head = self.tr("Sends in %n s", "", left)
        to = self.tr("To %1. Until then it can be taken back.").replace("%1", held.name)
        self.say(StripWords("clock", head, to, (("undo_send", self.tr("Undo")),)))

    def _end(self) -> None:
        self._timer.stop()
        self._held = None
        self.say(None)
