"""How many requests an account may make in a second, and what the gateway says of more. Asked by judging."""

from __future__ import annotations

from collections import OrderedDict

from sms_desktop.servers.sandbox.account import Account
from sms_desktop.servers.sandbox.clock import Clock
from sms_desktop.servers.sandbox.verdicts import Refusal

_INTERVAL = 1000
"""Milliseconds."""
_MOST_SENDERS = 1000
_OBSTINATE = 3
"""From so many times its rate the account gets the text that names no time."""


class Throttle:
    """Counts the requests of each second; a US or Canadian long number may send one of them."""

    def __init__(self, *, account: Account, clock: Clock) -> None:
        self._account = account
        self._clock = clock
        self._senders: OrderedDict[str, int] = OrderedDict()
        self.forget()

    def forget(self) -> None:
        """Count from nothing: a rehearsal begins, perhaps with a clock that began anew."""
        self._began = 0
        self._count = 0
        self._senders.clear()

    def refused(self, *, sender: str, to: str) -> Refusal | None:
        """Count a request, and refuse it when there have been enough; the texts are the gateway's own."""
        rate = self._account.rate
        if not rate:
            return None
        now = self._clock.milliseconds()
        if now - self._began >= _INTERVAL:
            self._began, self._count = now, 0
        self._count += 1
        if self._count > rate * _OBSTINATE:
            return Refusal(
                "1",
                "Error 1: You have exceeded the submission capacity allowed on this account, please back-off "
                "and retry.",
            )
        if self._count > rate:
            since = now - self._began
            start = int(self._clock.moment().timestamp() * 1000) - since
            return Refusal(
                "1",
                f"Exceeded maximum MT throughput[ MAX [ {rate} ] INTERVAL [ {_INTERVAL} ] COUNT [ {rate} ] "
                f"LAST INT-START [ {start} ] TIME_SINCE_LAST_INTERVAL_START [ {since} ]  ] ",
            )
        return self._of_long_number(sender, now) if to.startswith("1") and sender.isdigit() else None

    def _of_long_number(self, sender: str, now: int) -> Refusal | None:
        wait = self._senders.get(sender, 0) - now
        if wait > 0:
            return Refusal("1", f"Throughput Rate Exceeded - please wait [ {wait} ] and retry")
        self._senders[sender] = now + _INTERVAL
        self._senders.move_to_end(sender)
        while len(self._senders) > _MOST_SENDERS:
            self._senders.popitem(last=False)
        return None
