"""Webhooks on their way: each when it is due, and again until it is taken. Used by carrier; run by app."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import urlsplit

from sms_desktop.servers.sandbox.clock import Clock
from sms_desktop.servers.sandbox.trace import Trace
from sms_desktop.servers.sandbox.webhook_http import WebhookClient

_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 15 * 60.0

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Webhook:
    """What is to be told to a callback, and for how many seconds it is tried.

    `message` is the message that it belongs to, which came at `origin` (seconds of the sandbox's clock; None
    is now).
    """

    callback: str = field(repr=False)
    fields: Mapping[str, str]
    lifetime: float
    kind: Literal["receipt", "inbound"] = "receipt"
    message: int = 0
    origin: float | None = None
    badly_signed: bool = False


@dataclass(order=True, slots=True)
class Planned:
    """A webhook and when it is due, in seconds of the sandbox's clock."""

    due: float
    number: int
    webhook: Webhook = field(compare=False)
    pause: float = field(compare=False, default=_FIRST_PAUSE)
    given_up: float = field(compare=False, default=0.0)
    tries: int = field(compare=False, default=0)


class Keeper(Protocol):
    """Keeps what is on its way, so that it goes on after a restart."""

    def keep(self, planned: Planned) -> None:
        """Keep it, or keep it anew."""

    def drop(self, number: int) -> None:
        """Forget it: it has arrived, or was given up."""


class Courier:
    """Brings webhooks, so many at once and so many in memory; beyond that, new ones are dropped.

    A webhook that is not answered with 2xx comes again after 5 s, doubling to 15 minutes, until its lifetime
    is over. `dress` gives the fields of one try.
    """

    def __init__(
        self,
        *,
        client: WebhookClient,
        clock: Clock,
        dress: Callable[[Webhook], dict[str, str]],
        trace: Trace | None = None,
        keeper: Keeper | None = None,
        most_waiting: int = 50_000,
        most_at_once: int = 32,
    ) -> None:
        self._client = client
        self._clock = clock
        self._dress = dress
        self._trace = trace or Trace()
        self._keeper = keeper
        self._most_waiting = most_waiting
        self._under_way = asyncio.Semaphore(most_at_once)
        self._waiting: list[Planned] = []
        self._numbers = itertools.count(1)
        self._sooner = asyncio.Event()
        self._dropped = self._not_taken = self._given_up = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self, webhook: Webhook, *, after: float) -> None:
        """Take a webhook that is due `after` seconds after its origin."""
        now = self._clock.now()
        origin = now if webhook.origin is None else webhook.origin
        planned = Planned(origin + after, next(self._numbers), webhook, given_up=now + webhook.lifetime)
        if self._plan(planned) and self._keeper is not None:
            self._keeper.keep(planned)

    def take_again(self, planned: list[Planned]) -> None:
        """Take what was kept from an earlier run; before anything else."""
        for one in planned:
            self._plan(one)
        self._numbers = itertools.count(max((one.number for one in planned), default=0) + 1)

    def forget(self, wanted: Callable[[Webhook], bool] = lambda _: True) -> None:
        """Forget what is still to come, or those of it that are wanted."""
        kept = []
        for planned in self._waiting:
            if not wanted(planned.webhook):
                kept.append(planned)
            elif self._keeper is not None:
                self._keeper.drop(planned.number)
        heapq.heapify(kept)
        self._waiting = kept

    def hurry(self) -> None:
        """Look at the clock again: it goes another way now."""
        self._sooner.set()

    async def run(self) -> None:
        """Bring what is due, until cancelled."""
        async with asyncio.TaskGroup() as tries:
            while True:
                await self._under_way.acquire()
                tries.create_task(self._bring(await self._next_due()))

    async def advance(self, seconds: float) -> None:
        """Move a clock that goes by hand, and bring what becomes due on the way, one after another."""
        end = self._clock.now() + seconds
        while self._waiting and self._waiting[0].due <= end:
            planned = heapq.heappop(self._waiting)
            self._clock.advance(planned.due)
            await self._under_way.acquire()
            await self._bring(planned)
        self._clock.advance(end)

    async def bring_now(self, webhook: Webhook) -> None:
        """Bring a webhook at once, and wait until it was tried."""
        now = self._clock.now()
        await self._under_way.acquire()
        due = now if webhook.origin is None else webhook.origin
        await self._bring(Planned(due, next(self._numbers), webhook, given_up=now + webhook.lifetime))

    def _plan(self, planned: Planned) -> bool:
        if len(self._waiting) >= self._most_waiting:
            self._dropped += 1
            if _is_worth_a_line(self._dropped):
                _logger.warning("webhooks dropped because too many wait: %d", self._dropped)
            return False
        heapq.heappush(self._waiting, planned)
        if self._waiting[0] is planned:
            self._sooner.set()
        return True

    async def _next_due(self) -> Planned:
        while True:
            self._sooner.clear()
            pause = None
            if self._waiting and not self._clock.by_hand:
                pause = self._clock.real_seconds(self._waiting[0].due - self._clock.now())
                if pause <= 0:
                    return heapq.heappop(self._waiting)
            try:
                async with asyncio.timeout(pause):
                    await self._sooner.wait()
            except TimeoutError:
                continue

    async def _bring(self, planned: Planned) -> None:
        webhook = planned.webhook
        try:
            fields = self._dress(webhook)
            status = await self._client.send(webhook.callback, fields)
            said = f"HTTP {status}"
        except Exception as error:  # noqa: BLE001 -- one that can't be sent must not stop the others
            fields, status, said = dict(webhook.fields), 0, type(error).__name__
        finally:
            self._under_way.release()
        self._note(planned, webhook.kind, fields=fields, answered=said)
        if 200 <= status < 300:
            if self._keeper is not None:
                self._keeper.drop(planned.number)
            return
        self._bring_again(planned, said)

    def _bring_again(self, planned: Planned, said: str) -> None:
        # Only the host: a callback's path may hold a relay's token.
        host = urlsplit(planned.webhook.callback).netloc.rpartition("@")[2]
        due = max(planned.due, self._clock.now()) + planned.pause
        if due > planned.given_up:
            self._given_up += 1
            if _is_worth_a_line(self._given_up):
                _logger.warning("webhooks given up: %d; %s said %s", self._given_up, host, said)
            self._note(planned, "given up", fields=dict(planned.webhook.fields))
            if self._keeper is not None:
                self._keeper.drop(planned.number)
            return
        self._not_taken += 1
        if _is_worth_a_line(self._not_taken):
            _logger.warning("webhooks to come again: %d; %s said %s", self._not_taken, host, said)
        _logger.info("a webhook to %s comes again in %g s", host, planned.pause)
        again = Planned(
            due,
            next(self._numbers) if self._keeper is None else planned.number,
            planned.webhook,
            min(2 * planned.pause, _LONGEST_PAUSE),
            planned.given_up,
            planned.tries + 1,
        )
        if self._plan(again) and self._keeper is not None:
            self._keeper.keep(again)

    def _note(self, planned: Planned, event: str, **fields: object) -> None:
        # When it was meant to go: by how much the clock is late differs from run to run.
        webhook = planned.webhook
        self._trace.note(
            webhook.message, planned.due - (webhook.origin or 0.0), event, attempt=planned.tries + 1, **fields
        )


def _is_worth_a_line(count: int) -> bool:
    """True for 1, 2, 4, 8 ...: a flood of webhooks is no flood of lines in the log."""
    return count.bit_count() == 1
