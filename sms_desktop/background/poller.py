"""Pulls one profile's events from its relay and applies them. Run on a thread by the profile's worker.

One long poll at a time. Back-off from 1 to 60 s after trouble, reset by success; `try_now` skips it.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sms_desktop.background.status import RelayCondition
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.relay.client import RelayClient
from sms_desktop.relay.errors import PollCancelled, PositionLost, RelayBusy, RelayRefused
from sms_desktop.services import inbox
from sms_desktop.services.inbox import EventsMissing
from sms_desktop.settings.profiles import Profile
from sms_desktop.store.database import Store

WAIT_SECONDS = 25.0
"""How long the relay may hold a poll: below the time-outs that proxies commonly have."""
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Contact:
    """How the last poll went.

    `error` says what was wrong, `behind` how many events are still to come; `retry_seconds` is when it is
    tried again after trouble, `rest_seconds` how long the relay asks to be left alone.
    """

    condition: RelayCondition
    behind: int = 0
    error: SmsDesktopError | None = None
    retry_seconds: float | None = None
    rest_seconds: float = 0.0


class Poller:
    """Polls until `stop`; `report` is called after each poll, on the poller's thread."""

    def __init__(
        self, *, store: Store, profile: Profile, client: RelayClient, report: Callable[[Contact], None]
    ) -> None:
        self._store = store
        self._profile = profile
        self._client = client
        self._report = report
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._in_contact = False
        self._lost: PositionLost | None = None

    def try_now(self) -> None:
        """Skip the pause after trouble."""
        self._wake.set()

    def stop(self) -> None:
        """End; a poll under way is cut short, and what it would have brought comes next time."""
        self._stopping.set()
        self._wake.set()
        self._client.cancel()

    def run(self) -> None:
        """Work until `stop`."""
        try:
            self._run()
        finally:
            self._client.close()

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                contact = self._poll()
            except PollCancelled:
                break
            except SmsDesktopError as error:
                rest = self._rest(error, pause)
                self._in_contact = False
                self._report(Contact(_condition(error), error=error, retry_seconds=rest))
                self._wake.wait(rest)
                self._wake.clear()
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                pause = _FIRST_PAUSE
                self._report(contact)
                self._wake.wait(contact.rest_seconds)

    def _poll(self) -> Contact:
        try:
            after = inbox.position(self._store, self._profile)
            # The first answer comes at once, so that contact is known before anything happens.
            page = self._client.page(after, wait=WAIT_SECONDS if self._in_contact else 0.0)
        except PositionLost as lost:
            gap = inbox.go_on_from(self._store, self._profile, lost.resume, lost=lost)
            if gap is not None:
                lost.hint = gap.words  # the exact range, for the banner
            self._lost = lost
            return Contact(RelayCondition.GAP, error=lost)
        try:
            inbox.apply_page(self._store, self._profile, page)
        except EventsMissing as hole:
            inbox.note_hole(self._store, self._profile, hole)
            raise
        inbox.give_up_waiting(self._store, self._profile.id)
        self._in_contact = True
        behind = max(page.head - page.cursor.seq, 0)
        rest = min(page.poll_after_ms / 1_000, _LONGEST_PAUSE)
        condition = RelayCondition.CONNECTED if self._lost is None else RelayCondition.GAP
        return Contact(condition, behind, self._lost, rest_seconds=rest)

    def _rest(self, error: SmsDesktopError, pause: float) -> float:
        if isinstance(error, RelayBusy) and error.retry_after is not None:
            return error.retry_after
        if isinstance(error, RelayRefused):
            return _LONGEST_PAUSE
        return pause * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, guards nothing


def _condition(error: SmsDesktopError) -> RelayCondition:
    if isinstance(error, EventsMissing):
        return RelayCondition.GAP
    if isinstance(error, RelayRefused):
        return RelayCondition.REFUSED
    return RelayCondition.UNREACHABLE
