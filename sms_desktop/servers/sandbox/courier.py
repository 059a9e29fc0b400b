"""Webhooks on their way: each when it is due, and again until it is taken. Used by carrier; run by app."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from sms_desktop.servers.sandbox.webhook_http import WebhookClient

_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 15 * 60.0

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Webhook:
    """What is to be told to a callback, and for how many seconds it is tried."""

    callback: str = field(repr=False)
    fields: Mapping[str, str]
    lifetime: float


@dataclass(order=True, slots=True)
class _Planned:
    due: float
    number: int
    webhook: Webhook = field(compare=False)
    pause: float = field(compare=False)
    given_up: float = field(compare=False)


class Courier:
    """Brings webhooks, so many at once and so many in memory; beyond that, new ones are dropped.

    `speed` divides every time: due times, pauses and lifetimes. A webhook that is not answered with 2xx
    comes again after 5 s, doubling to 15 minutes, until its lifetime is over.
    """

    def __init__(
        self, *, client: WebhookClient, speed: float = 1.0, most_waiting: int = 50_000, most_at_once: int = 32
    ) -> None:
        self._client = client
        self._speed = speed
        self._most_waiting = most_waiting
        self._under_way = asyncio.Semaphore(most_at_once)
        self._waiting: list[_Planned] = []
        self._numbers = itertools.count()
        self._sooner = asyncio.Event()
        self._dropped = self._not_taken = self._given_up = 0

    def take(self, webhook: Webhook, *, after: float) -> None:
        """Take a webhook that is due in `after` seconds."""
        now = asyncio.get_running_loop().time()
        lifetime = webhook.lifetime / self._speed
        self._plan(
            _Planned(now + after / self._speed, next(self._numbers), webhook, _FIRST_PAUSE, now + lifetime)
        )

    def moment(self, after: float) -> datetime:
        """When something that is due in `after` seconds will be, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=after / self._speed)

    async def run(self) -> None:
        """Bring what is due, until cancelled."""
        async with asyncio.TaskGroup() as tries:
            while True:
                await self._under_way.acquire()
                tries.create_task(self._bring(await self._next_due()))

    def _plan(self, planned: _Planned) -> None:
        if len(self._waiting) >= self._most_waiting:
            self._dropped += 1
            if _is_worth_a_line(self._dropped):
                _logger.warning("webhooks dropped because too many wait: %d", self._dropped)
            return
        heapq.heappush(self._waiting, planned)
        if self._waiting[0] is planned:
            self._sooner.set()

    async def _next_due(self) -> _Planned:
        loop = asyncio.get_running_loop()
        while True:
            self._sooner.clear()
            pause = self._waiting[0].due - loop.time() if self._waiting else None
            if pause is not None and pause <= 0:
                return heapq.heappop(self._waiting)
            try:
                async with asyncio.timeout(pause):
                    await self._sooner.wait()
            except TimeoutError:
                continue

    async def _bring(self, planned: _Planned) -> None:
        try:
            status = await self._client.send(planned.webhook.callback, _stamped(planned.webhook.fields))
            said = f"HTTP {status}"
        except Exception as error:  # noqa: BLE001 -- one that can't be sent must not stop the others
            status, said = 0, type(error).__name__
        finally:
            self._under_way.release()
        if 200 <= status < 300:
            return
        # Only the host: a callback's path may hold a relay's token.
        host = urlsplit(planned.webhook.callback).netloc.rpartition("@")[2]
        due = asyncio.get_running_loop().time() + planned.pause / self._speed
        if due > planned.given_up:
            self._given_up += 1
            if _is_worth_a_line(self._given_up):
                _logger.warning("webhooks given up: %d; %s said %s", self._given_up, host, said)
            return
        self._not_taken += 1
        if _is_worth_a_line(self._not_taken):
            _logger.warning("webhooks to come again: %d; %s said %s", self._not_taken, host, said)
        _logger.info("a webhook to %s comes again in %g s", host, planned.pause)
        pause = min(2 * planned.pause, _LONGEST_PAUSE)
        self._plan(_Planned(due, next(self._numbers), planned.webhook, pause, planned.given_up))


def _is_worth_a_line(count: int) -> bool:
    """True for 1, 2, 4, 8 ...: a flood of webhooks is no flood of lines in the log."""
    return count.bit_count() == 1


def _stamped(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of one try: `message-timestamp` is when it began, in UTC (SMS API 1.5.0)."""
    return {**fields, "message-timestamp": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")}
