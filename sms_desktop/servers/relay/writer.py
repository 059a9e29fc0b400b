"""The one thread that writes the log, in groups. Called by ingest and read_api.

A durable commit costs a flush of the disk whatever it holds, so under load each one carries many webhooks.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from dataclasses import dataclass, replace

from sms_desktop.servers.relay.log import (
    Acknowledgement,
    Arrival,
    Batch,
    EventLog,
    Placement,
    ReachabilityChecks,
    StoreFailing,
    TokenUse,
)
from sms_desktop.servers.relay.metrics import Metrics
from sms_desktop.servers.relay.waiting import Announcements

MOST_WAITING = 2000
_MOST_PER_COMMIT = 256
_NOTES_WAIT_SECONDS = 1.0
_ROOM_SECONDS = 0.5

_logger = logging.getLogger(__name__)


class QueueFull(StoreFailing):
    """More webhooks wait for their commit than there is room for."""


@dataclass(frozen=True, slots=True)
class _Store:
    arrival: Arrival
    answer: asyncio.Future[Placement]


@dataclass(frozen=True, slots=True)
class _Probe:
    answer: asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class _End:
    pass


_Note = Acknowledgement | ReachabilityChecks | TokenUse
_Order = _Store | _Probe | _Note | _End


class GroupWriter:
    """Stores webhooks durably for an event loop. Every method but `end` is called on that loop."""

    def __init__(
        self,
        log: EventLog,
        announcements: Announcements,
        *,
        metrics: Metrics | None = None,
        least_free_octets: int = 0,
    ) -> None:
        self._log = log
        self._metrics = Metrics() if metrics is None else metrics
        self._least_free_octets = least_free_octets
        self._room_seen_at = float("-inf")
        self._has_room = True
        self._announcements = announcements
        self._loop = asyncio.get_running_loop()
        self._orders: queue.SimpleQueue[_Order] = queue.SimpleQueue()
        self._waiting = 0
        self._failing = False
        self._committed_at = float("-inf")
        # Notes may wait for company: nobody is told that they are durable.
        self._acknowledgements: dict[tuple[int, str], Acknowledgement] = {}
        self._uses: dict[str, TokenUse] = {}
        self._checks: dict[str, ReachabilityChecks] = {}
        self._notes_due = 0.0
        self._thread = threading.Thread(target=self._run, name="relay log writer")
        self._thread.start()

    def store(self, arrival: Arrival) -> asyncio.Future[Placement]:
        """Have a webhook stored; the future is done after the durable commit, or holds StoreFailing.

        Raises QueueFull when there is no room.
        """
        if self._waiting >= MOST_WAITING:
            raise QueueFull("Too many webhooks wait to be stored.")
        self._waiting += 1
        self._metrics.queued = self._waiting
        answer: asyncio.Future[Placement] = self._loop.create_future()
        self._orders.put(_Store(arrival, answer))
        return answer

    def note(self, note: _Note) -> None:
        """Have an acknowledgement, a reachability check or a token's use stored, soon."""
        self._orders.put(note)

    async def prove(self, *, within: float) -> None:
        """Return if a commit succeeded in the last `within` seconds, or does now; raise StoreFailing."""
        if time.monotonic() - self._committed_at <= within and not self._failing:
            return
        answer: asyncio.Future[None] = self._loop.create_future()
        self._orders.put(_Probe(answer))
        try:
            async with asyncio.timeout(within):
                await answer
        except TimeoutError:
            raise StoreFailing("The log did not answer in time.") from None

    def end(self) -> None:
        """Store what waits, then end the thread. Blocks; call it off the loop, which must still run."""
        self._orders.put(_End())
        self._thread.join()

    def _run(self) -> None:
        ending = False
        while not ending:
            stores: list[_Store] = []
            probes: list[_Probe] = []
            order = self._first()
            while order is not None:
                match order:
                    case _Store():
                        stores.append(order)
                    case _Probe():
                        probes.append(order)
                    case Acknowledgement() | ReachabilityChecks() | TokenUse():
                        self._add_note(order)
                    case _End():
                        ending = True
                order = self._next() if len(stores) < _MOST_PER_COMMIT else None
            if stores or probes or (self._has_notes and (ending or time.monotonic() >= self._notes_due)):
                self._commit(stores, probes)

    @property
    def _has_notes(self) -> bool:
        return bool(self._acknowledgements or self._checks or self._uses)

    def _first(self) -> _Order | None:
        """Wait for an order; None once notes have waited long enough without one."""
        if not self._has_notes:
            return self._orders.get()
        try:
            return self._orders.get(timeout=max(self._notes_due - time.monotonic(), 0.001))
        except queue.Empty:
            return None

    def _next(self) -> _Order | None:
        try:
            return self._orders.get_nowait()
        except queue.Empty:
            return None

    def _add_note(self, note: _Note) -> None:
        if not self._has_notes:
            self._notes_due = time.monotonic() + _NOTES_WAIT_SECONDS
        match note:
            case Acknowledgement():
                self._acknowledgements[note.stream_id, note.consumer] = note
            case TokenUse():
                self._uses[note.token_id] = note
            case ReachabilityChecks():
                earlier = self._checks.get(note.token_id)
                count = note.count + (earlier.count if earlier else 0)
                self._checks[note.token_id] = replace(note, count=count)

    def _commit(self, stores: list[_Store], probes: list[_Probe]) -> None:
        batch = Batch(
            [store.arrival for store in stores],
            list(self._acknowledgements.values()),
            list(self._checks.values()),
            list(self._uses.values()),
        )
        began = time.perf_counter()
        failure: StoreFailing | None = None
        placements: list[Placement] = []
        try:
            if stores or probes:
                self._see_room()
            if probes and not stores:
                self._log.probe()
            if stores or self._has_notes:
                placements = self._log.commit(batch)
        except StoreFailing as error:
            failure = error
        except Exception as error:  # noqa: BLE001 -- whatever it is, the gateway must not hear 200, nor we die
            failure = StoreFailing(f"The log failed ({type(error).__name__}).")
        if failure is None:
            self._acknowledgements.clear()
            self._checks.clear()
            self._uses.clear()
            self._metrics.commit_seconds.add(time.perf_counter() - began)
        else:
            self._metrics.failed_commits += 1
            self._notes_due = time.monotonic() + _NOTES_WAIT_SECONDS
        heads: dict[int, int] = {}
        for store, placement in zip(stores, placements, strict=failure is None):
            if placement.new:
                heads[store.arrival.stream_id] = placement.seq
        self._loop.call_soon_threadsafe(self._settle, stores, probes, placements, heads, failure)

    def _see_room(self) -> None:
        """Raise StoreFailing when the disk is nearly full: the rest is for what was accepted already."""
        if not self._least_free_octets:
            return
        now = time.monotonic()
        if now - self._room_seen_at > _ROOM_SECONDS:
            free = self._log.free_octets()
            self._has_room = free is None or free >= self._least_free_octets
            self._room_seen_at = now
        if not self._has_room:
            raise StoreFailing("The disk is nearly full.")

    def _settle(
        self,
        stores: list[_Store],
        probes: list[_Probe],
        placements: list[Placement],
        heads: dict[int, int],
        failure: StoreFailing | None,
    ) -> None:
        self._waiting -= len(stores)
        self._metrics.queued = self._waiting
        if (failure is not None) != self._failing:
            self._failing = failure is not None
            if failure is not None:
                _logger.error("the log can't be written: %s", failure)
            else:
                _logger.warning("the log can be written again")
        if failure is not None:
            for store in stores:
                _refuse(store.answer, failure)
            for probe in probes:
                _refuse(probe.answer, failure)
            return
        self._committed_at = time.monotonic()
        for store, placement in zip(stores, placements, strict=True):
            if not store.answer.done():
                store.answer.set_result(placement)
        for probe in probes:
            if not probe.answer.done():
                probe.answer.set_result(None)
        self._announcements.announce(heads)


def _refuse(answer: asyncio.Future[Placement] | asyncio.Future[None], failure: StoreFailing) -> None:
    if not answer.done():
        answer.set_exception(failure)
