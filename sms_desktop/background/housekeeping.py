"""What is removed from the store by itself as time goes by. Asked now and then by the profile's worker."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.services.forgetting import Forgetting
from sms_desktop.store.database import Store

EVERY_SECONDS = 3_600.0
"""How often a program that runs for weeks looks for what is older than its profiles keep."""


class Housekeeping:
    """Removes what is older than its profile keeps: when first asked, then hourly.

    `steady` counts seconds and never goes back.
    """

    def __init__(self, store: Store, *, steady: Callable[[], float] = time.monotonic) -> None:
        self._forgetting = Forgetting(store)
        self._steady = steady
        self._next = -math.inf

    def look(self) -> None:
        """Do what is due. What can't be done now (a full disk) is tried again the next hour."""
        now = self._steady()
        if now >= self._next:
            self._next = now + EVERY_SECONDS
            with suppress(SmsDesktopError):  # the sender and poller say what is wrong
                self._forgetting.old()
