"""The store: a backlog applied; a large store opened, paged and searched; an export in little memory.

BENCH_MESSAGES in the environment makes the large store another size, for a quick look.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sms_desktop.messages.ids import ConversationId
from sms_desktop.relay.events import INBOUND, RECEIPT, Cursor, Event, Page
from sms_desktop.services import inbox
from sms_desktop.services.export import ExportFormat, export
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store import conversations, messages, search
from sms_desktop.store.database import Store
from sms_desktop.store.search import Query
from tests.bench import large_store
from tests.bench.harness import Row, medians

_EVENTS, _PAGE = 100_000, 1_000
_EPOCH = "00000000000000aa"
_ROUNDS = 5
_SMALL = 1_000
_RAW_TABLES = ("conversation", "message", "inbound_part", "receipt", "event")


def rows() -> Iterator[Row]:
    """Yield the rows of the store."""
    size = int(os.environ.get("BENCH_MESSAGES", large_store.MESSAGES))
    with tempfile.TemporaryDirectory(prefix="sms-desktop-bench-") as name:
        folder = Path(name)
        yield _backlog(folder)
        large, small = folder / "large" / "store.db", folder / "small" / "store.db"
        large_store.make(large, messages=size, conversations=max(size // 50, 20)).close()
        large_store.make(small, messages=_SMALL, conversations=20).close()
        opened = [_opening(large), _opening(small)]
        ours, yardstick = medians(opened, rounds=_ROUNDS * 4)
        yield Row(
            what=f"open a store of {size:,} messages, first page",
            against=f"the same with {_SMALL:,}",
            unit="ms",
            ours=ours,
            yardstick=yardstick,
            bound=1.5,
        )
        yield from _reading(large, size, folder)


def _backlog(folder: Path) -> Row:
    pages = [_page(first) for first in range(1, _EVENTS + 1, _PAGE)]
    applied = Store(folder / "applied" / "store.db")
    with applied.read():
        began = time.perf_counter()
    for page in pages:
        inbox.apply_page(applied, SANDBOX, page)
    ours = _EVENTS / (time.perf_counter() - began)
    raw = Store(folder / "raw" / "store.db")
    batches = list(_batches(applied))
    with raw.read():
        began = time.perf_counter()
    for batch in batches:
        with raw.write() as writing:
            for statement, values in batch:
                writing.db.executemany(statement, values)
    yardstick = _EVENTS / (time.perf_counter() - began)
    applied.close()
    raw.close()
    return Row(
        what=f"backlog of {_EVENTS:,} events applied",
        against="raw batched inserts of the same rows",
        unit="events/s",
        ours=ours,
        yardstick=yardstick,
        bound=0.3,
        direction="at least",
    )


def _page(first: int) -> Page:
    """Receipts and replies in turn: half of the events each, in 2,000 conversations."""
    return Page(
        stream=SANDBOX.stream,
        epoch=_EPOCH,
        events=[_event(seq) for seq in range(first, first + _PAGE)],
        next=str(Cursor(_EPOCH, first + _PAGE - 1)),
        head=_EVENTS,
        oldest=1,
        has_more=first + _PAGE <= _EVENTS,
        poll_after_ms=0,
    )


def _event(seq: int) -> Event:
    number = f"316{10_000_000 + seq % 2_000}"
    fields = {"msisdn": number, "to": "Helpdesk", "messageId": f"E{seq}", "api-key": SANDBOX.api_key}
    if seq % 2:
        fields |= {"status": "delivered", "err-code": "0", "scts": "2611211200"}
    else:
        fields |= {"type": "text", "text": f"Reply number {seq}, thank you for the parcel"}
    return Event(
        seq=seq,
        id=f"id{seq}",
        stream=SANDBOX.stream,
        kind=RECEIPT if seq % 2 else INBOUND,
        received_at=datetime.fromtimestamp(1_800_000_000 + seq, UTC),
        signature="valid",
        duplicates=0,
        payload=fields,
    )


def _batches(applied: Store) -> Iterator[list[tuple[str, list[tuple[object, ...]]]]]:
    """The rows of a store as batched insertions, as many transactions as there were pages."""
    number = _EVENTS // _PAGE
    with applied.read() as db:
        tables = {}
        for table in _RAW_TABLES:
            found = db.execute(f"SELECT * FROM {table}").fetchall()
            if table == "conversation":  # their last messages come later
                found = [(*row[:4], None, *row[5:]) for row in found]
            marks = ", ".join("?" * len(found[0]))
            tables[table] = (f"INSERT INTO {table} VALUES ({marks})", found)
    conversations_first = tables.pop("conversation")
    for batch in range(number):
        rows_now = [
            (statement, list(found[batch * len(found) // number : (batch + 1) * len(found) // number]))
            for statement, found in tables.values()
        ]
        yield rows_now if batch else [conversations_first, *rows_now]


def _opening(file: Path) -> Callable[[], float]:
    """A measurement: milliseconds to open a store and read the first page of its conversations."""

    def measure() -> float:
        began = time.perf_counter()
        store = Store(file)
        with store.read() as db:
            conversations.page(db, SANDBOX.id, limit=50)
        taken = (time.perf_counter() - began) * 1e3
        store.close()
        return taken

    return measure


def _reading(file: Path, size: int, folder: Path) -> Iterator[Row]:
    store = Store(file)
    with store.read() as db:
        last = int(next(db.execute("SELECT max(id) FROM conversation"))[0])

        def page() -> float:
            began = time.perf_counter()
            for number in range(1, 21):
                messages.page(db, ConversationId(last * number // 21 + 1), limit=50)
            return (time.perf_counter() - began) * 1e3 / 20

        (ours,) = medians([page], rounds=_ROUNDS)
        yield Row(what="page of 50 messages", against="5 ms", unit="ms", ours=ours, yardstick=5.0, bound=1.0)
        for text, match in (
            ("your", '"your"*'),
            ("parcel crème", '"parcel" "crème"*'),
            ("no 7919", '"no" "7919"*'),
        ):

            def searched(text: str = text) -> float:
                began = time.perf_counter()
                search.found(db, Query(text), limit=50)
                return (time.perf_counter() - began) * 1e3

            def raw(match: str = match) -> float:
                began = time.perf_counter()
                sql = "SELECT rowid FROM message_text WHERE message_text MATCH ? ORDER BY rowid DESC LIMIT 50"
                messages.by_seqs(db, [int(str(seq)) for (seq,) in db.execute(sql, (match,))])
                return (time.perf_counter() - began) * 1e3

            ours, yardstick = medians([searched, raw], rounds=_ROUNDS * 4)
            yield Row(
                what=f"search {text!r} in {size:,} messages",
                against="the raw FTS5 query and its messages",
                unit="ms",
                ours=ours,
                yardstick=yardstick,
                bound=1.5,
            )
    sizes: list[float] = []
    export(store, Query(), ExportFormat.CSV, folder / "out.csv", progress=lambda _: sizes.append(_resident()))
    store.close()
    yield Row(
        what=f"memory after an export of {size:,} messages",
        against="after its first pages",
        unit="MB",
        ours=sizes[-1],
        yardstick=sizes[min(20, len(sizes) - 1)],
        bound=1.2,
    )


def _resident() -> float:
    """Megabytes that this process holds (proc(5), statm)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
