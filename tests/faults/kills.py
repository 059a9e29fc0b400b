"""Relays and databases that are killed under load. Run short by test_faults, long by `make soak`."""

from __future__ import annotations

import random
import signal
from contextlib import closing
from pathlib import Path

import apsw
import psycopg

from sms_desktop.servers.relay.place import open_event_log
from sms_desktop.servers.relay.tokens import create_ingest_token, create_reader_token
from tests.faults.ledger import Console, Ledger, Senders, Verdict
from tests.servers.relay.postgresql import free_port, running, with_standby
from tests.servers.relay.running import PATIENCE, served

_SENDERS = 6


def tokens(place: str, *, readers: int = 1, stream: str = "main") -> tuple[str, list[str]]:
    """The path for receipts of a new stream, and reader tokens."""
    with closing(open_event_log(place, serving=False)) as log:
        ingest = create_ingest_token(log, stream=stream).token
        found = [create_reader_token(log, streams=[stream]).token for _ in range(readers)]
    return f"/h/{ingest}/d", found


def kill_the_relay(place: str, kills: int, *, seed: int = 1) -> Verdict:
    """Kill -9 the relay at random moments while webhooks come and a console reads."""
    chance = random.Random(seed)
    path, (token,) = tokens(place)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    ledger, console = Ledger(), Console(url, "main", token)
    senders = Senders(url, path, ledger, count=_SENDERS)
    try:
        with console.following():
            for _ in range(kills):
                with served(place, "--port", str(port), ends_by_itself=False) as relay:
                    ledger.wait_for_more(chance.randrange(1, 60))
                    relay.process.kill()
                    relay.process.wait(PATIENCE)
    finally:
        senders.end()
    with served(place, "--port", str(port)):
        console.read_to_the_end()
    assert console.problems == []
    return ledger.verdict([console])


def kill_the_relay_on_sqlite(folder: Path, kills: int) -> Verdict:
    """As above, on a file; which is sound in the end."""
    file = folder / "events.sqlite"
    verdict = kill_the_relay(f"sqlite:{file}", kills)
    with closing(apsw.Connection(str(file))) as log:
        assert log.pragma("integrity_check") == "ok"
    return verdict


def kill_the_relay_on_postgresql(kills: int) -> Verdict:
    """As above, on a database."""
    with running() as server:
        return kill_the_relay(server.database(), kills)


def stop_postgresql_at_once(stops: int, *, seed: int = 2) -> Verdict:
    """Stop the database without a checkpoint, under load; the relay goes on by itself when it is back."""
    chance = random.Random(seed)
    with running() as server:
        place = server.database()
        path, (token,) = tokens(place)
        with served(place) as relay:
            ledger, console = Ledger(), Console(relay.url, "main", token)
            senders = Senders(relay.url, path, ledger, count=_SENDERS)
            try:
                with console.following():
                    for _ in range(stops):
                        ledger.wait_for_more(chance.randrange(1, 200))
                        server.stop(signal.SIGQUIT)
                        server.start()
                    ledger.wait_for_more(100)
            finally:
                senders.end()
            console.read_to_the_end()
    assert console.problems == []
    assert set(ledger.answers) <= {200, 503}, ledger.answers
    return ledger.verdict([console])


def fail_over() -> Verdict:
    """The database's server dies under load and its standby takes over: the relay goes there by itself.

    The standby is a synchronous one, so that it has all that was answered for.
    """
    with with_standby() as (primary, standby):
        place = primary.database()
        path, (token,) = tokens(place)
        with psycopg.connect(place, autocommit=True) as db:
            db.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            db.execute("SELECT pg_reload_conf()")
        both = place.replace(f":{primary.port}", f":{primary.port},127.0.0.1:{standby.port}")
        with served(both) as relay:
            ledger, console = Ledger(), Console(relay.url, "main", token)
            senders = Senders(relay.url, path, ledger, count=_SENDERS)
            try:
                with console.following():
                    ledger.wait_for_more(200)
                    primary.stop(signal.SIGQUIT)
                    ledger.wait_for_more(3, status=503)
                    with psycopg.connect(standby.dsn("postgres"), autocommit=True) as db:
                        db.execute("SELECT pg_promote()")
                    ledger.wait_for_more(200)
            finally:
                senders.end()
            console.read_to_the_end()
    assert set(ledger.answers) <= {200, 503}, ledger.answers
    return ledger.verdict([console])
