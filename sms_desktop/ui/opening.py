"""What takes long while the store is opened: a check after an unclean end, a backup, an update.

Made by app.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from sms_desktop.background.tasks import Deliver

if TYPE_CHECKING:  # not before there is any
    from sms_desktop.background.status import Trouble

QUIET_SECONDS = 0.5
"""What takes no longer is not worth a word."""


class OpeningNews:
    """Told on any thread by whoever opens the store; `show` gets a banner's words, and None when it is done.

    `steady` counts seconds and never goes back.
    """

    def __init__(
        self,
        show: Callable[[Trouble | None], None],
        deliver: Deliver,
        *,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._show = show
        self._deliver = deliver
        self._steady = steady
        self._began: float | None = None
        self._said = ""

    def __call__(self, what: str, done: float) -> None:
        """Take what is being done, and how much of it is done, from 0 to 1."""
        if self._began is None:
            self._began = self._steady()
        if done >= 1:
            self._began = None
            if self._said:
                self._said = ""
                self._deliver(lambda: self._show(None))
            return
        words = f"{what}: {done:.0%}"
        if words != self._said and self._steady() - self._began >= QUIET_SECONDS:
            from sms_desktop.background.status import Trouble

            self._said = words
            told = Trouble(words, self._consequence(), "warning", None, 0)
            self._deliver(lambda: self._show(told))

    @staticmethod
    def _consequence() -> str:
        return QCoreApplication.translate("OpeningNews", "Messages are shown as soon as this is done.")
