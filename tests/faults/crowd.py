"""Many relays on one database, and naive ones that lose there. Run by test_faults and by soak."""

from __future__ import annotations

from contextlib import ExitStack

import psycopg

from tests.faults.kills import tokens
from tests.faults.ledger import Console, Ledger, Senders, Verdict
from tests.servers.relay.postgresql import running
from tests.servers.relay.running import served

NAIVE = "tests.faults.naive_relay"


def many_relays(
    events: int,
    *,
    relays: int = 4,
    writers: int = 16,
    readers: int = 8,
    program: str = "sms_desktop.cli",
) -> Verdict:
    """`relays` processes on one stream, `writers` connections to each, consoles spread over them."""
    with running() as server, ExitStack() as stack:
        place = server.database()
        path, reader_tokens = tokens(place, readers=readers)
        if program == NAIVE:
            with psycopg.connect(place, autocommit=True) as db:
                db.execute("CREATE SEQUENCE naive")
        urls = [stack.enter_context(served(place, program=program)).url for _ in range(relays)]
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
    return ledger.verdict(consoles)
