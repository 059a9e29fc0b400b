"""Many relays on one database, and the naive store that loses there. Run by test_faults and by soak."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg

from tests.faults.kills import tokens
from tests.faults.ledger import Console, Ledger, Senders, Verdict
from tests.servers.relay.postgresql import running
from tests.servers.relay.running import served


def many_relays(events: int, *, relays: int = 4, writers: int = 16, readers: int = 8) -> Verdict:
    """`relays` processes on one stream, `writers` connections to each, consoles spread over them."""
    with running() as server, ExitStack() as stack:
        place = server.database()
        path, reader_tokens = tokens(place, readers=readers)
        urls = [stack.enter_context(served(place)).url for _ in range(relays)]
        ledger = Ledger()
        consoles = [
            Console(urls[number % relays], "main", token) for number, token in enumerate(reader_tokens)
        ]
        crowd = []
        try:
            with ExitStack() as following:
                for console in consoles:
                    following.enter_context(console.following())
                crowd = [
                    Senders(url, path, ledger, count=writers, prefix=f"r{number}w")
                    for number, url in enumerate(urls)
                ]
                while len(ledger.acknowledged) < events:
                    ledger.wait_for_more(min(events - len(ledger.acknowledged), 200))
                for senders in crowd:
                    senders.end()
        finally:
            for senders in crowd:
                senders.end()
        for console in consoles:
            console.read_to_the_end()
            assert console.problems == []
    return ledger.verdict(consoles)


@dataclass(frozen=True)
class NaiveResult:
    """What the naive store stored and what its one reader saw."""

    stored: int
    missed: int


def naive_sequence_store(events: int, *, writers: int = 16) -> NaiveResult:
    """A store that numbers by a sequence, read by `seq > last`: rows that commit late are passed over."""
    with running() as server:
        place = server.database()
        with psycopg.connect(place, autocommit=True) as db:
            db.execute("CREATE TABLE event (seq bigserial PRIMARY KEY, name text NOT NULL)")
        ending = threading.Event()
        left = iter(range(events))
        lock = threading.Lock()
        seen: list[int] = []

        def write() -> None:
            with psycopg.connect(place) as db:
                while True:
                    with lock:
                        number = next(left, None)
                    if number is None:
                        return
                    db.execute("INSERT INTO event (name) VALUES (%s)", (str(number),))
                    db.commit()

        def read() -> None:
            with psycopg.connect(place, autocommit=True) as db:
                last, late = 0, False
                while True:
                    rows = db.execute("SELECT seq FROM event WHERE seq > %s ORDER BY seq", (last,)).fetchall()
                    seen.extend(seq for (seq,) in rows)
                    last = seen[-1] if seen else 0
                    if late and not rows:
                        return
                    late = ending.is_set()

        reader = threading.Thread(target=read)
        reader.start()
        threads = [threading.Thread(target=write) for _ in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ending.set()
        reader.join()
        with psycopg.connect(place) as db:
            row = db.execute("SELECT count(*) FROM event").fetchone()
    assert row is not None
    return NaiveResult(row[0], row[0] - len(set(seen)))
