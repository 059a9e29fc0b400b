from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from queue import SimpleQueue

import psycopg
import pytest

from sms_desktop.messages.errors import Mendable
from sms_desktop.servers.relay.log import Batch, EventLog, LogUnusable, Placement, StoreFailing
from sms_desktop.servers.relay.place import open_event_log
from sms_desktop.servers.relay.postgresql_log import PostgresqlLog
from tests.faults.kills import tokens
from tests.servers.relay.log_conformance import EventLogConformance, arrival, names, store
from tests.servers.relay.postgresql import Server, free_port, running
from tests.servers.relay.running import Answer, ask, bearer, served

PATIENCE = 20.0


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


class TestPostgresqlLog(EventLogConformance):
    @pytest.fixture
    def log(self, server: Server) -> Iterator[EventLog]:
        self._dsn = server.database()
        with closing(PostgresqlLog(self._dsn)) as log:
            yield log

    def reopened(self, log: EventLog) -> EventLog:
        return PostgresqlLog(self._dsn)


def test_every_session_waits_for_the_disk_whatever_the_server_says(server: Server) -> None:
    dsn = server.database()
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute(f"ALTER DATABASE {db.info.dbname} SET synchronous_commit = off".encode())
    with (
        closing(PostgresqlLog(f"{dsn}?options=-c%20synchronous_commit%3Doff")) as log,
        log._connections.writing() as session,
    ):
        assert session.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_a_listener_hears_of_what_another_relay_stored(server: Server) -> None:
    dsn = server.database()
    heard = threading.Condition()
    heads: dict[int, int] = {}

    def announce(found: Mapping[int, int]) -> None:
        with heard:
            heads.update(found)
            heard.notify_all()

    with closing(PostgresqlLog(dsn)) as log, closing(PostgresqlLog(dsn)) as other:
        main = other.stream("main")
        log.watch(announce)
        store(other, main, "a", "b")
        with heard:
            assert heard.wait_for(lambda: heads.get(main) == 2, PATIENCE)


def test_a_server_that_went_and_came_back_is_written_to_again() -> None:
    with running() as server, closing(PostgresqlLog(server.database())) as log:
        main = log.stream("main")
        store(log, main, "a")
        server.stop()
        with pytest.raises(StoreFailing, match="can't be written now"):
            store(log, main, "b")
        with pytest.raises(StoreFailing, match="can't be read now"):
            log.state(main)
        server.start()
        assert store(log, main, "b") == [Placement(2, True)]
        assert names(log, main) == ["a", "b"]


def test_while_the_server_is_away_everybody_is_told_soon_and_nothing_of_it_is_logged() -> None:
    with running() as server:
        dsn = server.database()
        path, (token,) = tokens(dsn)
        with served(dsn, environment={"PGPASSWORD": "canary"}) as relay:
            assert ask(relay.url, "GET", f"{path}?messageId=1&status=delivered").status == 200
            server.stop()
            answers: SimpleQueue[Answer] = SimpleQueue()

            def read() -> None:
                answers.put(ask(relay.url, "GET", "/v1/events?stream=main&wait=0", headers=bearer(token)))

            asking = [threading.Thread(target=read) for _ in range(64)]
            began = time.monotonic()
            for thread in asking:
                thread.start()
            for thread in asking:
                thread.join()
            assert time.monotonic() - began < 10
            told = [answers.get() for _ in asking]
            assert {(answer.status, answer.headers["retry-after"]) for answer in told} == {(503, "5")}
            assert ask(relay.url, "GET", f"{path}?messageId=2&status=delivered").status == 503
            server.start()
            deadline = time.monotonic() + PATIENCE
            while ask(relay.url, "GET", f"{path}?messageId=2&status=delivered").status != 200:
                assert time.monotonic() < deadline
    said = b"".join(relay.said)
    for private in ("canary", str(server.port), "127.0.0.1", "psycopg.pool"):
        assert private.encode() not in said
    assert {json.loads(line)["level"] for line in relay.said} == {"error", "warning", "info"}, said
    assert len(relay.said) <= 5, said


def test_sessions_that_were_cut_are_not_noticed(server: Server) -> None:
    dsn = server.database()
    with closing(PostgresqlLog(dsn)) as log:
        main = log.stream("main")
        store(log, main, "a")
        assert names(log, main) == ["a"]
        with psycopg.connect(dsn, autocommit=True) as db:
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert store(log, main, "b") == [Placement(2, True)]
        assert names(log, main) == ["a", "b"]


def test_two_relays_that_bring_the_same_in_another_order_do_not_wait_in_a_circle(server: Server) -> None:
    dsn = server.database()
    with closing(PostgresqlLog(dsn)) as one, closing(PostgresqlLog(dsn)) as two:
        main, other = one.stream("main"), one.stream("other")
        failures: list[Exception] = []

        def bring(log: EventLog, *, backwards: bool) -> None:
            try:
                for turn in range(40):
                    batch = [arrival(which, f"{turn}.{i}") for which in (main, other) for i in range(20)]
                    log.commit(Batch(batch[::-1] if backwards else batch))
            except StoreFailing as failure:
                failures.append(failure)

        threads = [
            threading.Thread(target=bring, args=(log,), kwargs={"backwards": log is two})
            for log in (one, two)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(names(one, main, limit=1000)) == one.state(main).head == 800


def test_a_server_that_does_not_flush_is_refused() -> None:
    with running("fsync=off") as server, pytest.raises(LogUnusable, match="fsync = off"):
        PostgresqlLog(server.database())


def test_tables_of_a_later_version_are_refused(server: Server) -> None:
    dsn = server.database()
    PostgresqlLog(dsn).close()
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute("UPDATE sms_relay.format SET version = 99")
    with pytest.raises(LogUnusable, match="of a later version"):
        PostgresqlLog(dsn)


def test_nobody_there_is_said_without_the_address() -> None:
    with pytest.raises(StoreFailing) as caught:
        PostgresqlLog(f"postgresql://someone:canary@127.0.0.1:{free_port()}/relay?connect_timeout=1")
    assert "canary" not in str(caught.value)
    assert "someone" not in str(caught.value)


@pytest.mark.parametrize("place", ["postgresql://127.0.0.1:port/x", "postgresql://?nonsense=canary"])
def test_an_address_that_is_none_is_refused_without_repeating_it(place: str) -> None:
    with pytest.raises(LogUnusable) as caught:
        open_event_log(place, serving=False)
    assert "canary" not in caught.value.message
    assert isinstance(caught.value, Mendable)


def test_of_several_hosts_the_one_that_takes_writes_is_used(server: Server) -> None:
    dsn = server.database()
    nobody = free_port()
    hosts = dsn.replace(f"127.0.0.1:{server.port}", f"127.0.0.1:{nobody},127.0.0.1:{server.port}")
    with closing(PostgresqlLog(hosts)) as log:
        assert store(log, log.stream("main"), "a") == [Placement(1, True)]


def test_a_standby_that_does_not_answer_holds_every_yes_back_and_the_relay_ends_in_time() -> None:
    with running() as server:
        place = server.database()
        path, _ = tokens(place)
        statuses: list[int] = []

        def bring(url: str) -> None:
            try:
                statuses.append(ask(url, "GET", f"{path}?messageId=1&status=delivered").status)
            except (OSError, http.client.HTTPException):
                statuses.append(0)

        with served(place) as relay:
            with psycopg.connect(place, autocommit=True) as db:
                db.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
                db.execute("SELECT pg_reload_conf()")
                sender = threading.Thread(target=bring, args=(relay.url,))
                sender.start()
                deadline = time.monotonic() + PATIENCE
                while not db.execute(
                    "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                ).fetchone():
                    assert time.monotonic() < deadline
            began = time.monotonic()
            relay.process.terminate()
            assert relay.process.wait(PATIENCE) == 0
            assert time.monotonic() - began < 5.0
            sender.join()
        assert statuses != [200]


def test_a_cancelled_wait_for_a_standby_is_no_commit() -> None:
    with running() as server, closing(PostgresqlLog(server.database())) as log:
        main = log.stream("main")
        with psycopg.connect(server.dsn("postgres"), autocommit=True) as db:
            db.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            db.execute("SELECT pg_reload_conf()")
            outcomes: list[object] = []

            def commit() -> None:
                try:
                    outcomes.append(store(log, main, "a"))
                except StoreFailing as failure:
                    outcomes.append(failure)

            committing = threading.Thread(target=commit)
            committing.start()
            # The first is cancelled; the same again, which is tried at once, too.
            while committing.is_alive():
                db.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
            committing.join()
        assert isinstance(outcomes[0], StoreFailing)
