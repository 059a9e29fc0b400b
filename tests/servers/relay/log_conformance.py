"""What every event log does, whatever it stands on: a store's tests derive from EventLogConformance."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.relay.events import new_ingest_token, new_reader_token
from sms_desktop.servers.relay.log import (
    ADMIN,
    Acknowledgement,
    Arrival,
    Batch,
    EventLog,
    Placement,
    Purged,
    ReachabilityChecks,
    Retention,
    StoreFailing,
    TokenUse,
)
from sms_desktop.servers.relay.retention import purge_all, retention
from sms_desktop.servers.relay.signatures import NO_SIGNATURES, SignatureMode, SigningRule
from sms_desktop.servers.relay.tokens import hash_of

DAY = 24 * 3600 * 1_000_000
NOW = 1_700_000_000_000_000
# Derived test classes run this one's tests: that is what it is for.
_HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]


def arrival(
    stream_id: int, name: str, *, kind: str = "receipt", text: str = "", received_us: int = NOW
) -> Arrival:
    """A webhook that repeats another one of the same name."""
    return Arrival(
        stream_id=stream_id,
        kind=kind,
        key=hashlib.sha256(name.encode()).digest()[:16],
        payload=json.dumps({"messageId": name, "text": text}),
        received_us=received_us,
        monotonic_us=5,
        method="POST",
        query=b"",
        body=name.encode(),
        content_type="text/plain",
        headers="{}",
        peer="127.0.0.1",
        flags="",
    )


def store(log: EventLog, stream_id: int, *names: str) -> list[Placement]:
    """Commit webhooks of these names as one batch."""
    return log.commit(Batch([arrival(stream_id, name) for name in names]))


def names(
    log: EventLog, stream_id: int, *, after: int = 0, limit: int = 1000, octets: int = 10**6
) -> list[str]:
    """The names of the events after a position."""
    part = log.read(stream_id, after=after, limit=limit, kinds=None, max_octets=octets)
    return [event.payload["messageId"] for event in part.events]


class EventLogConformance:
    """Derive, and give a fixture `log`: an empty log, closed by the fixture; and `reopened`."""

    @pytest.fixture
    def log(self) -> Iterator[EventLog]:
        raise NotImplementedError

    def reopened(self, log: EventLog) -> EventLog:
        """The same log, opened once more beside `log`, as another process does."""
        raise NotImplementedError

    def test_a_stream_is_made_once_and_begins_empty(self, log: EventLog) -> None:
        main, other = log.stream("main"), log.stream("other")
        assert log.stream("main") == main != other
        state = log.state(main)
        assert (state.name, state.head, state.oldest) == ("main", 0, 1)
        assert len(state.epoch) == 16
        assert state.epoch != log.state(other).epoch
        assert names(log, main) == []

    def test_numbers_are_dense_and_per_stream(self, log: EventLog) -> None:
        main, other = log.stream("main"), log.stream("other")
        assert store(log, main, "a", "b") == [Placement(1, True), Placement(2, True)]
        mixed = [arrival(other, "a"), arrival(main, "c"), arrival(other, "b")]
        assert [placement.seq for placement in log.commit(Batch(mixed))] == [1, 3, 2]
        assert log.state(main).head == 3
        part = log.read(main, after=0, limit=10, kinds=None, max_octets=10**6)
        assert [(event.seq, event.payload["messageId"]) for event in part.events] == [
            (1, "a"),
            (2, "b"),
            (3, "c"),
        ]
        assert (part.through, part.state.head, part.state.oldest) == (3, 3, 1)

    def test_an_event_comes_back_as_it_came(self, log: EventLog) -> None:
        main = log.stream("main")
        came = arrival(main, "a", kind="inbound", text='é "\x00" \U0001f600')
        log.commit(Batch([came]))
        (event,) = log.read(main, after=0, limit=1, kinds=None, max_octets=1).events
        assert event.stream == "main"
        assert event.id == came.key.hex()
        assert event.kind == "inbound"
        assert event.signature == "unconfigured"
        assert event.received_at.isoformat() == "2023-11-14T22:13:20+00:00"
        assert event.payload == json.loads(came.payload)

    def test_a_repetition_is_counted_and_not_stored(self, log: EventLog) -> None:
        main, other = log.stream("main"), log.stream("other")
        store(log, main, "a", "b")
        assert store(log, main, "b", "c", "b", "c") == [
            Placement(2, False),
            Placement(3, True),
            Placement(2, False),
            Placement(3, False),
        ]
        assert store(log, other, "a") == [Placement(1, True)]
        events = log.read(main, after=0, limit=10, kinds=None, max_octets=10**6).events
        assert [event.duplicates for event in events] == [0, 2, 1]
        assert store(log, main, "d") == [Placement(4, True)]

    def test_a_batch_that_fails_leaves_nothing(self, log: EventLog) -> None:
        main = log.stream("main")
        store(log, main, "a")
        with pytest.raises((StoreFailing, TypeError)):
            log.commit(Batch([arrival(main, "b"), arrival(main + 1000, "c")]))
        assert log.state(main).head == 1
        assert store(log, main, "b") == [Placement(2, True)]

    def test_reading_is_bounded_by_count_and_by_octets(self, log: EventLog) -> None:
        main = log.stream("main")
        log.commit(Batch([arrival(main, f"n{i}", text="x" * 1000) for i in range(10)]))
        assert names(log, main, limit=3) == ["n0", "n1", "n2"]
        assert names(log, main, after=3, limit=3) == ["n3", "n4", "n5"]
        assert names(log, main, octets=5000) == ["n0", "n1", "n2"]
        assert names(log, main, octets=1) == ["n0"]
        assert log.read(main, after=0, limit=3, kinds=None, max_octets=10**6).through == 3
        assert log.read(main, after=0, limit=10, kinds=None, max_octets=10**6).through == 10
        assert names(log, main, after=10) == names(log, main, after=99) == []

    def test_kinds_are_chosen_and_the_others_passed_over(self, log: EventLog) -> None:
        main = log.stream("main")
        kinds = ["receipt", "inbound", "receipt", "unreadable", "receipt"]
        log.commit(Batch([arrival(main, f"n{i}", kind=kind) for i, kind in enumerate(kinds)]))
        inbound = log.read(main, after=0, limit=10, kinds=frozenset({"inbound"}), max_octets=10**6)
        assert ([event.seq for event in inbound.events], inbound.through) == ([2], 5)
        some = log.read(main, after=0, limit=2, kinds=frozenset({"receipt", "of-later"}), max_octets=10**6)
        assert ([event.seq for event in some.events], some.through) == ([1, 3], 3)
        none = log.read(main, after=0, limit=2, kinds=frozenset({"of-later"}), max_octets=10**6)
        assert (none.events, none.through) == ([], 5)

    def test_tokens_open_their_streams_only(self, log: EventLog) -> None:
        main, other = log.stream("main"), log.stream("other")
        ingest, reader = hash_of(new_ingest_token()), hash_of(new_reader_token())
        assert log.ingest_grant(ingest) is None
        assert log.reader_grant(reader) is None
        ingest_id = log.add_ingest_token(main, ingest, purpose="")
        reader_id = log.add_reader_token([other], reader, purpose="", replace=False)
        granted = log.ingest_grant(ingest)
        assert granted is not None
        assert (granted.token_id, granted.stream_id) == (ingest_id, main)
        opened = log.reader_grant(reader)
        assert opened is not None
        assert (opened.token_id, opened.streams) == (reader_id, {"other": other})
        assert log.ingest_grant(reader) is None
        assert log.reader_grant(ingest) is None

    def test_a_replaced_reader_ends_and_its_place_is_kept(self, log: EventLog) -> None:
        main, other = log.stream("main"), log.stream("other")
        apart, elsewhere, first, second = (hash_of(new_reader_token()) for _ in range(4))
        log.add_reader_token([main], apart, purpose="", replace=False)
        log.add_reader_token([other], elsewhere, purpose="embedded", replace=True)
        log.add_reader_token([main], first, purpose="embedded", replace=True)
        log.add_reader_token([main], second, purpose="embedded", replace=True)
        assert log.reader_grant(first) is None
        granted = log.reader_grant(second)
        assert granted is not None
        assert granted.consumer == "embedded"
        assert log.reader_grant(apart) is not None
        assert log.reader_grant(elsewhere) is not None

    def test_a_token_given_again_stays_one(self, log: EventLog) -> None:
        main = log.stream("main")
        token = hash_of(new_ingest_token())
        first = log.add_ingest_token(main, token, purpose="embedded")
        assert log.add_ingest_token(main, token, purpose="embedded") == first

    def test_reports_tell_how_far_consumers_are(self, log: EventLog) -> None:
        main, other = log.stream("main"), log.stream("other")
        token_id = log.add_ingest_token(main, hash_of("t"), purpose="")
        store(log, main, "a", "b", "a")
        notes = [Acknowledgement(main, "desk", "t1", 2, 7), Acknowledgement(other, "desk", "t1", 0, 7)]
        log.commit(Batch(acknowledgements=notes, checks=[ReachabilityChecks(token_id, 3, 9)]))
        log.commit(Batch(acknowledgements=[Acknowledgement(main, "desk", "t2", 1, 8)]))
        first, second = log.reports([main, other])
        (consumer,) = first.consumers
        assert (consumer.name, consumer.acked, consumer.last_seen_us) == ("desk", 2, 8)
        assert first.state == log.state(main)
        assert first.octets > len("a" + "b")
        assert first.reachability_checks == 3
        assert (second.octets, second.reachability_checks) == (0, 0)

    def test_one_event_comes_back_raw(self, log: EventLog) -> None:
        main = log.stream("main")
        came = arrival(main, "a")
        log.commit(Batch([came, arrival(main, "b")]))
        raw = log.raw(main, 1)
        assert raw is not None
        assert (raw.seq, raw.kind, raw.key, raw.body, raw.query) == (1, "receipt", came.key, b"a", b"")
        assert (raw.method, raw.content_type, raw.headers, raw.peer) == (
            "POST",
            "text/plain",
            "{}",
            "127.0.0.1",
        )
        assert raw.received_us == came.received_us
        assert log.raw(main, 3) is None
        assert log.raw(main, 0) is None

    def test_tokens_end_when_they_are_revoked_or_expire(self, log: EventLog) -> None:
        main = log.stream("main")
        far, past = 2**52, 1
        ingest = log.add_ingest_token(main, hash_of("i"), purpose="", expires_us=far)
        reader = log.add_reader_token([main], hash_of("r"), purpose="", replace=False, expires_us=far)
        log.add_ingest_token(main, hash_of("i2"), purpose="", expires_us=past)
        log.add_reader_token([main], hash_of("r2"), purpose="", replace=False, expires_us=past)
        assert log.ingest_grant(hash_of("i2")) is None
        assert log.reader_grant(hash_of("r2")) is None
        assert log.ingest_grant(hash_of("i")) is not None
        assert log.revoke(ingest)
        assert log.ingest_grant(hash_of("i")) is None
        assert log.reader_grant(hash_of("r")) is not None
        assert log.revoke(reader)
        assert log.reader_grant(hash_of("r")) is None
        assert not log.revoke(reader)
        assert not log.revoke("nobody")

    def test_a_token_may_read_several_streams_and_do_more(self, log: EventLog) -> None:
        streams = [log.stream("main"), log.stream("other")]
        log.add_reader_token(streams, hash_of("r"), purpose="", replace=False, scope=ADMIN)
        granted = log.reader_grant(hash_of("r"))
        assert granted is not None
        assert granted.scope == ADMIN
        assert granted.streams == {"main": streams[0], "other": streams[1]}

    def test_how_webhooks_are_signed_is_kept_with_the_token(self, log: EventLog) -> None:
        main = log.stream("main")
        rule = SigningRule(SignatureMode.REQUIRE, (SignatureAlgorithm.SHA1,), ("old", "new"))
        log.add_ingest_token(main, hash_of("i"), purpose="", signing=rule)
        log.add_ingest_token(main, hash_of("j"), purpose="")
        signed, unsigned = log.ingest_grant(hash_of("i")), log.ingest_grant(hash_of("j"))
        assert signed is not None
        assert unsigned is not None
        assert (signed.signing, unsigned.signing) == (rule, NO_SIGNATURES)

    def test_tokens_are_listed_with_their_last_use(self, log: EventLog) -> None:
        main = log.stream("main")
        ingest = log.add_ingest_token(main, hash_of("i"), purpose="")
        reader = log.add_reader_token(
            [main, log.stream("other")], hash_of("r"), purpose="", replace=False, expires_us=2**50
        )
        log.revoke(ingest)
        log.commit(Batch(uses=[TokenUse(reader, 7, "192.0.2.1")]))
        found = {token.id: token for token in log.tokens()}
        assert set(found) == {ingest, reader}
        assert (found[ingest].kind, found[ingest].streams) == ("ingest", ["main"])
        assert found[ingest].revoked_us is not None
        assert found[ingest].signing == NO_SIGNATURES
        assert (found[reader].kind, found[reader].streams) == ("reader", ["main", "other"])
        assert (found[reader].last_used_us, found[reader].last_peer) == (7, "192.0.2.1")
        assert (found[reader].expires_us, found[reader].revoked_us) == (2**50, None)

    def test_an_epoch_is_rotated_for_one_stream(self, log: EventLog) -> None:
        main, other = log.stream("main"), log.stream("other")
        store(log, main, "a")
        before = log.state(main), log.state(other)
        made = log.rotate_epoch(main)
        assert log.state(main).epoch == made != before[0].epoch
        assert log.state(main).head == 1
        assert log.state(other) == before[1]
        assert log.streams() == {"main": main, "other": other}

    def test_old_events_go_when_every_reader_has_them(self, log: EventLog) -> None:
        main, other = log.stream("main"), log.stream("other")
        rule = retention(days=14, greatest_days=30)
        batch = [arrival(main, f"n{i}", received_us=NOW + i) for i in range(10)]
        log.commit(Batch([*batch, arrival(other, "n0")]))
        token = log.add_reader_token([main], hash_of("r"), purpose="", replace=False)
        consumer = log.reader_grant(hash_of("r"))
        assert consumer is not None
        later = NOW + 15 * DAY
        # Nobody has read yet, and the token is good: it is waited for.
        assert log.purge(main, rule, later) == Purged(0, more=False)
        log.commit(Batch(acknowledgements=[Acknowledgement(main, consumer.consumer, token, 4, later)]))
        assert log.purge(main, rule, NOW + DAY).events == 0
        assert log.purge(main, rule, later).events == 4
        assert (log.state(main).oldest, log.state(main).head) == (5, 10)
        assert names(log, main) == [f"n{i}" for i in range(4, 10)]
        assert log.state(other).oldest == 1
        # A reader that is gone is not waited for.
        log.revoke(token)
        assert log.purge(main, rule, later).events == 6
        assert (log.state(main).oldest, log.state(main).head) == (11, 10)
        (report,) = log.reports([main])
        assert report.octets == 0
        # Numbers never come again, and what was seen is still known.
        assert store(log, main, "n3", "new") == [Placement(4, False), Placement(11, True)]

    def test_what_nobody_reads_goes_in_the_end_by_age_number_or_size(self, log: EventLog) -> None:
        main = log.stream("main")
        log.add_reader_token([main], hash_of("r"), purpose="", replace=False)
        log.commit(Batch([arrival(main, f"n{i}", text="x" * 1000) for i in range(10)]))
        (report,) = log.reports([main])
        keep = Retention(DAY, 30 * DAY, 2**40, 2**40, 30 * DAY)
        assert log.purge(main, keep, NOW + 29 * DAY).events == 0
        few = Retention(DAY, 30 * DAY, 2**40, 7, 30 * DAY)
        assert log.purge(main, few, NOW).events == 3
        small = Retention(DAY, 30 * DAY, report.octets // 2, 2**40, 30 * DAY)
        assert log.purge(main, small, NOW).events == 2
        assert log.state(main).oldest == 6
        assert log.purge(main, keep, NOW + 31 * DAY).events == 5

    def test_keys_outlive_their_events_and_then_go(self, log: EventLog) -> None:
        main = log.stream("main")
        rule = retention(days=1, greatest_days=2)
        store(log, main, "a", "b")
        log.commit(Batch([arrival(main, "b", received_us=NOW + 20 * DAY)]))
        assert purge_all(log, rule, NOW + 10 * DAY) == {"main": 2}
        assert store(log, main, "a") == [Placement(1, False)]
        assert purge_all(log, rule, NOW + 31 * DAY) == {"main": 0}
        assert store(log, main, "b", "a") == [Placement(2, False), Placement(3, True)]

    def test_a_number_is_erased_and_the_sequence_stays_whole(self, log: EventLog) -> None:
        main, other = log.stream("main"), log.stream("other")

        def about(stream_id: int, name: str, number: str, *, kind: str = "receipt") -> Arrival:
            payload = json.dumps({"messageId": name, "msisdn": number})
            body = f"messageId={name}&msisdn={number}".encode()
            return replace(arrival(stream_id, name, kind=kind), payload=payload, body=body)

        log.commit(
            Batch(
                [
                    about(main, "a", "31612345678"),
                    about(main, "b", "3161234567"),
                    about(main, "c", "+31 6 12345678"),
                    about(main, "d", "x31612345678y", kind="unreadable"),
                    about(main, "e", "131612345678", kind="unreadable"),
                    about(other, "a", "31612345678"),
                ]
            )
        )
        octets = log.reports([main])[0].octets
        assert log.erase(main, "31612345678") == 3
        events = log.read(main, after=0, limit=10, kinds=None, max_octets=10**6).events
        assert [(event.seq, event.kind, bool(event.payload)) for event in events] == [
            (1, "erased", False),
            (2, "receipt", True),
            (3, "erased", False),
            (4, "erased", False),
            (5, "unreadable", True),
        ]
        raw = log.raw(main, 1)
        assert raw is not None
        assert (raw.query, raw.body, raw.peer, raw.headers) == (b"", b"", "", "{}")
        assert log.reports([main])[0].octets < octets
        assert log.erase(main, "31612345678") == 0
        # A repetition does not bring it back.
        assert log.commit(Batch([about(main, "a", "31612345678")])) == [Placement(1, False)]
        assert names(log, other) == ["a"]

    def test_a_probe_writes_no_event(self, log: EventLog) -> None:
        main = log.stream("main")
        log.probe()
        assert log.state(main).head == 0

    def test_another_process_sees_what_was_committed(self, log: EventLog) -> None:
        main = log.stream("main")
        with closing(self.reopened(log)) as beside:
            token = hash_of(new_reader_token())
            beside.add_reader_token([main], token, purpose="", replace=False)
            assert log.reader_grant(token) is not None
            store(log, main, "a")
            assert names(beside, main) == ["a"]

    def test_readers_see_each_number_with_all_before_it(self, log: EventLog) -> None:
        main = log.stream("main")
        seen: list[int] = []
        problems: list[str] = []

        def follow() -> None:
            while len(seen) < 400:
                part = log.read(main, after=len(seen), limit=1000, kinds=None, max_octets=10**6)
                for event in part.events:
                    seen.append(event.seq)
                    if event.seq != len(seen):
                        problems.append(f"{event.seq} after {len(seen) - 1}")
                        return

        reader = threading.Thread(target=follow)
        reader.start()
        for i in range(100):
            store(log, main, *(f"{i}.{j}" for j in range(4)))
        reader.join()
        assert problems == []

    @given(st.lists(st.lists(st.tuples(st.booleans(), st.sampled_from("abcdef")), max_size=6), max_size=6))
    @settings(max_examples=25, deadline=None, suppress_health_check=_HEALTH)
    def test_any_batches_give_the_first_of_each_name_in_order(
        self, log: EventLog, batches: Sequence[Sequence[tuple[bool, str]]]
    ) -> None:
        runs = getattr(self, "_runs", 0) + 1
        self._runs = runs
        streams = [log.stream(f"first-{runs}"), log.stream(f"second-{runs}")]
        expected: list[list[str]] = [[], []]
        for batch in batches:
            placements = log.commit(Batch([arrival(streams[which], name) for which, name in batch]))
            for (which, name), placement in zip(batch, placements, strict=True):
                assert placement.new == (name not in expected[which])
                if placement.new:
                    expected[which].append(name)
                assert expected[which][placement.seq - 1] == name
        assert [names(log, stream_id) for stream_id in streams] == expected
