from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sms_desktop.servers.relay.log import Acknowledgement, Batch, Placement, ReachabilityChecks, StoreFailing
from sms_desktop.servers.relay.sqlite_log import SqliteLog
from sms_desktop.servers.relay.waiting import Announcements
from sms_desktop.servers.relay.writer import MOST_WAITING, GroupWriter, QueueFull
from tests.servers.relay.log_conformance import arrival, names


class GatedLog(SqliteLog):
    """A log whose commits wait while its gate is closed, and fail while it is told to fail."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, serving=True)
        self.gate = threading.Event()
        self.gate.set()
        self.reached = threading.Event()
        self.failure: Exception | None = None
        self.batches: list[Batch] = []

    def commit(self, batch: Batch) -> list[Placement]:
        self.reached.set()
        assert self.gate.wait(10)
        if self.failure is not None:
            raise self.failure
        self.batches.append(batch)
        return super().commit(batch)

    def probe(self) -> None:
        if self.failure is not None:
            raise self.failure
        super().probe()


@asynccontextmanager
async def writing(log: GatedLog) -> AsyncIterator[tuple[GroupWriter, Announcements]]:
    announcements = Announcements()
    writer = GroupWriter(log, announcements)
    try:
        yield writer, announcements
    finally:
        log.gate.set()
        await asyncio.to_thread(writer.end)


Scenario = Callable[[GatedLog, GroupWriter, Announcements], Awaitable[None]]


def run(path: Path, scenario: Scenario) -> None:
    async def whole() -> None:
        log = GatedLog(path / "events")
        try:
            async with asyncio.timeout(20), writing(log) as (writer, announcements):
                await scenario(log, writer, announcements)
        finally:
            log.close()

    asyncio.run(whole())


def test_what_comes_during_a_commit_is_committed_together(tmp_path: Path) -> None:
    async def scenario(log: GatedLog, writer: GroupWriter, _: Announcements) -> None:
        main = log.stream("main")
        log.gate.clear()
        first = writer.store(arrival(main, "first"))
        await asyncio.to_thread(log.reached.wait)
        others = [writer.store(arrival(main, f"n{i}")) for i in range(50)]
        assert not first.done()
        log.gate.set()
        assert await first == Placement(1, True)
        assert [(await other).seq for other in others] == list(range(2, 52))
        assert [len(batch.arrivals) for batch in log.batches] == [1, 50]

    run(tmp_path, scenario)


def test_a_full_queue_refuses_at_once_and_has_room_again(tmp_path: Path) -> None:
    async def scenario(log: GatedLog, writer: GroupWriter, _: Announcements) -> None:
        main = log.stream("main")
        log.gate.clear()
        waiting = [writer.store(arrival(main, f"n{i}")) for i in range(MOST_WAITING)]
        with pytest.raises(QueueFull):
            writer.store(arrival(main, "one too many"))
        log.gate.set()
        await asyncio.gather(*waiting)
        assert await writer.store(arrival(main, "later")) == Placement(MOST_WAITING + 1, True)

    run(tmp_path, scenario)


@pytest.mark.parametrize("failure", [StoreFailing("disk full"), ValueError("a fault of ours")])
def test_a_failing_log_is_told_to_all_who_wait_and_heals(tmp_path: Path, failure: Exception) -> None:
    async def scenario(log: GatedLog, writer: GroupWriter, _: Announcements) -> None:
        main = log.stream("main")
        log.failure = failure
        waiting = [writer.store(arrival(main, f"n{i}")) for i in range(5)]
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(outcome, StoreFailing) for outcome in outcomes)
        with pytest.raises(StoreFailing):
            await writer.prove(within=1)
        log.failure = None
        await writer.prove(within=1)
        assert (await writer.store(arrival(main, "n0"))).new
        assert names(log, main) == ["n0"]

    run(tmp_path, scenario)


def test_one_who_left_does_not_hold_up_the_others(tmp_path: Path) -> None:
    async def scenario(log: GatedLog, writer: GroupWriter, _: Announcements) -> None:
        main = log.stream("main")
        log.gate.clear()
        left, stayed = writer.store(arrival(main, "left")), writer.store(arrival(main, "stayed"))
        left.cancel()
        log.gate.set()
        assert await stayed == Placement(2, True)
        assert names(log, main) == ["left", "stayed"]

    run(tmp_path, scenario)


def test_a_proof_is_a_write_unless_there_was_one_just_now(tmp_path: Path) -> None:
    async def scenario(log: GatedLog, writer: GroupWriter, _: Announcements) -> None:
        await writer.prove(within=60)
        log.gate.clear()
        await writer.prove(within=60)
        stuck = writer.store(arrival(log.stream("main"), "a"))
        await asyncio.to_thread(log.reached.wait)
        with pytest.raises(StoreFailing, match="in time"):
            await writer.prove(within=0)
        log.gate.set()
        await stuck

    run(tmp_path, scenario)


def test_notes_are_kept_together_and_stored_at_the_end_at_the_latest(tmp_path: Path) -> None:
    path = tmp_path / "events"

    async def scenario(log: GatedLog, writer: GroupWriter, _: Announcements) -> None:
        main = log.stream("main")
        token_id = log.add_ingest_token(main, b"hash", purpose="")
        for seq in range(1, 40):
            writer.note(Acknowledgement(main, "desk", "t", seq, seq))
            writer.note(ReachabilityChecks(token_id, 1, seq))

    run(tmp_path, scenario)
    log = SqliteLog(path, serving=False)
    try:
        (report,) = log.reports([log.stream("main")])
        assert report.consumers[0].acked == 39
        assert report.reachability_checks == 39
    finally:
        log.close()


def test_notes_wait_for_company_but_not_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sms_desktop.servers.relay.writer._NOTES_WAIT_SECONDS", 0.2)

    async def scenario(log: GatedLog, writer: GroupWriter, _: Announcements) -> None:
        main = log.stream("main")
        writer.note(Acknowledgement(main, "desk", "t", 1, 1))
        await writer.store(arrival(main, "a"))
        assert [len(batch.acknowledgements) for batch in log.batches] == [1]
        log.reached.clear()
        writer.note(Acknowledgement(main, "desk", "t", 2, 2))
        await asyncio.to_thread(log.reached.wait, 10)
        while log.reports([main])[0].consumers[0].acked != 2:
            await asyncio.to_thread(log.reached.wait, 0.01)

    run(tmp_path, scenario)


def test_readers_are_woken_by_their_stream_only(tmp_path: Path) -> None:
    async def scenario(log: GatedLog, writer: GroupWriter, announcements: Announcements) -> None:
        main, other = log.stream("main"), log.stream("other")
        mine = asyncio.create_task(announcements.beyond(main, 0, 60))
        theirs = asyncio.create_task(announcements.beyond(other, 0, 60))
        await writer.store(arrival(main, "a"))
        await mine
        assert not theirs.done()
        await announcements.beyond(main, 0, 60)
        repeated = asyncio.create_task(announcements.beyond(main, 1, 0.05))
        await writer.store(arrival(main, "a"))
        await repeated
        announcements.end()
        await theirs
        await announcements.beyond(other, 99, 60)
        assert announcements.ended

    run(tmp_path, scenario)
