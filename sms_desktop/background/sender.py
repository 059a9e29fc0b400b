"""Sends what waits for one profile.

Run on a thread by the profile's worker, which holds the profile's lock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sms_desktop.gateway.client import GatewayClient
from sms_desktop.gateway.evidence import Exchange
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.services import delivery
from sms_desktop.services.accounts import Account
from sms_desktop.services.clock import Clock, now_us
from sms_desktop.services.delivery import Due, Ready
from sms_desktop.services.pace import TokenBucket
from sms_desktop.store.database import Store

REQUESTS_A_SECOND = 30
"""What the gateway allows an account by default; never more than this begin within one second."""
_BURST = 5
_LOOK_SECONDS = 0.5
_TROUBLE_SECONDS = 5.0
_CLOCK_WAS_SET_US = 5_000_000
"""The time of day fell behind the steady clock by so much at once: somebody set it."""


class Sender:
    """Takes due messages one after another: record the attempt, send once, record the evidence.

    `waits_for` is called with words when the sender is kept from working by something but the network, and
    with None when it works again.
    """

    def __init__(
        self,
        *,
        store: Store,
        account: Account,
        client: GatewayClient,
        waits_for: Callable[[str | None], None],
        clock: Clock = now_us,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._account = account
        self._client = client
        self._waits_for = waits_for
        self._clock = clock
        self._steady = steady
        self._set_at = self._wall_offset()
        self._pace = TokenBucket(rate=REQUESTS_A_SECOND - _BURST, burst=_BURST)
        self._unrecorded: tuple[Ready, Exchange] | None = None
        self._wake = threading.Event()
        self._stopping = threading.Event()

    def wake(self) -> None:
        """Look for due messages now."""
        self._wake.set()

    def finish(self) -> None:
        """Begin no further attempt; the one under way goes on to its end."""
        self._stopping.set()
        self._wake.set()

    def stop(self) -> None:
        """Begin no further attempt, and cut the one under way short; its evidence is still recorded."""
        self.finish()
        self._client.close()

    def run(self) -> None:
        """Work until `stop`."""
        while not self._stopping.is_set():
            try:
                pause = self._step()
                self._waits_for(None)
            except SmsDesktopError as error:
                self._waits_for(error.message)
                pause = _TROUBLE_SECONDS
            if pause:
                self._wake.wait(pause)
                self._wake.clear()

    def _step(self) -> float:
        """Send the next due message; returns the seconds to pause, 0 to go on at once."""
        self._record()
        self._follow_the_clock()
        # Other processes queue messages too: their commits don't wake us, so look twice a second.
        self._store.look_for_others()
        due = delivery.next_due(self._store, self._account.profile.id, clock=self._clock)
        if not isinstance(due, Due):
            return (
                _LOOK_SECONDS if due is None else min(max((due - self._clock()) / 1e6, 0.001), _LOOK_SECONDS)
            )
        wait = self._pace.wait()
        if wait:
            return wait
        ready = delivery.begin(self._store, self._account, due, clock=self._clock)
        if ready is not None:
            self._unrecorded = ready, self._client.send(ready.request)
            self._record()
        return 0.0

    def _wall_offset(self) -> int:
        return self._clock() - round(self._steady() * 1e6)

    def _follow_the_clock(self) -> None:
        """Notice when somebody sets the computer's clock back."""
        offset = self._wall_offset()
        if offset - self._set_at < -_CLOCK_WAS_SET_US:
            delivery.clock_was_set_back(self._store, self._account.profile.id, clock=self._clock)
        self._set_at = offset

    def _record(self) -> None:
        """Record the evidence of the last attempt; while that fails (a full disk), nothing else is begun."""
        if self._unrecorded is not None:
            ready, exchange = self._unrecorded
            delivery.finish(self._store, self._account.profile.id, ready, exchange, clock=self._clock)
            self._unrecorded = None
