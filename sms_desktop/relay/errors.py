"""What can go wrong between a console and its relay. Raised by relay.client, shown by ui and cli.

RelayUnreachable, RelayBusy, RelayAnswerUnreadable, PollCancelled   ask again later
RelayRefused                                                        mend the relay's settings
PositionLost: StreamReset, CursorAhead, CursorGone                  say what is missing, go on from `resume`
"""

from __future__ import annotations

from sms_desktop.messages.errors import Mendable, SmsDesktopError, TryLater
from sms_desktop.relay.events import Cursor


class RelayUnreachable(TryLater):
    """No contact with the relay, or contact lost before it had answered."""


class RelayBusy(TryLater):
    """The relay asks to be left alone for a while: `retry_after` seconds, None if it did not say."""

    def __init__(self, message: str, *, retry_after: float | None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class RelayAnswerUnreadable(TryLater):
    """Something answered, but not as a relay does."""


class PollCancelled(TryLater):
    """`RelayClient.cancel` was called: the poll ended because this program wanted it to."""


class RelayRefused(Mendable):
    """The relay does not let this reader in; `field` names the setting to look at."""


class PositionLost(SmsDesktopError):
    """The relay can't go on from this console's cursor.

    `epoch` is the log's present life, `oldest` the lowest sequence number it still has, `missed` how many
    events are known to be gone (None when nobody can tell). Reading goes on from `resume`.
    """

    def __init__(self, message: str, *, epoch: str, oldest: int, missed: int | None) -> None:
        super().__init__(message)
        self.epoch = epoch
        self.oldest = oldest
        self.missed = missed

    @property
    def resume(self) -> Cursor:
        """The position just before the oldest event that the relay still has."""
        return Cursor(self.epoch, max(self.oldest - 1, 0))


class StreamReset(PositionLost):
    """The log was made anew or restored: the old sequence numbers mean nothing any more."""


class CursorAhead(PositionLost):
    """The cursor lies beyond the end of the log: the log went back in time."""


class CursorGone(PositionLost):
    """Events after the cursor were deleted before this console had read them."""
