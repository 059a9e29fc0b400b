"""One press of Send: one message, however often it is pressed. Used by the compose pane."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import Mendable, SmsDesktopError
from sms_desktop.messages.ids import ComposeId, MessageId, new_id
from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.reading import TaskRunner

if TYPE_CHECKING:
    from sms_desktop.services.outbox import Compose, Outbox


class Sending(QObject):
    """Checks what is to be sent, sends it through tasks, and tells how it went.

    The id of a press belongs to what was tried: the same again after a failure is the same message, anything
    else is another.

    Signals: `done(compose, message)`, after the store has the message; `refused(error)`.
    """

    done = Signal(object, str)
    refused = Signal(object)

    def __init__(
        self,
        profile: Profile,
        *,
        outbox: Callable[[], Outbox],
        tasks: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._profile = profile
        self._outbox = outbox
        self._tasks = tasks
        self._under_way: Compose | None = None
        self._last: Compose | None = None
        self._done_at = 0.0

    def prepare(
        self, draft: Draft, *, to: str, party: str, sender: str, accept_loss: bool, undo_ms: int
    ) -> Compose | None:
        """What a press of Send means, or None: refused in words, or a press is under way already.

        `party` is whose draft it is, "" where the number was typed. `undo_ms` is for how long the message is
        held back.
        """
        if self._under_way is not None or self._is_second_click(draft):
            return None
        from sms_desktop.services.drafting import read
        from sms_desktop.services.outbox import Compose, check

        written = read(draft)
        compose = self._once(
            Compose(
                compose_id=self._last.compose_id if self._last is not None else ComposeId(new_id()),
                profile=self._profile,
                to=to,
                sender=sender,
                content=written.message,
                options=written.options,
                accept_loss=accept_loss,
                draft_of=party,
                route=written.route,
                undo_ms=undo_ms,
            )
        )
        for finding in (*written.problems, *check(compose)):
            if finding.is_error:
                self.refused.emit(Mendable(finding.sentence, field=finding.field))
                return None
        return compose

    def send(self, compose: Compose) -> None:
        """Send what `prepare` gave; nothing happens while another press is under way."""
        if self._under_way is not None:
            return
        self._under_way = self._last = compose
        self._tasks.run(lambda: self._outbox().send(compose), self._succeeded, self._failed, lane="writes")

    def _once(self, compose: Compose) -> Compose:
        """Something else than what was tried before gets an id of its own: it is another message."""
        return (
            compose
            if self._last is None or compose == self._last
            else replace(compose, compose_id=ComposeId(new_id()))
        )

    def _is_second_click(self, draft: Draft) -> bool:
        """True for the second half of a double click on Send, when the pane is empty again."""
        return not draft and time.monotonic() - self._done_at < QApplication.doubleClickInterval() / 1_000

    def _succeeded(self, message: MessageId) -> None:
        compose, self._under_way, self._last = self._under_way, None, None
        self._done_at = time.monotonic()
        self.done.emit(compose, message)

    def _failed(self, error: SmsDesktopError) -> None:
        self._under_way = None
        self.refused.emit(error)
