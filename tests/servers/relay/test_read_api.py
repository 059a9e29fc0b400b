from __future__ import annotations

import threading
import time
from contextlib import closing
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlencode

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sms_desktop.relay.events import Cursor, new_reader_token, parse_page
from sms_desktop.servers.relay.place import open_event_log
from sms_desktop.servers.relay.tokens import create_reader_token
from tests.servers.relay.running import PATIENCE, Answer, RunningRelay, Stream, ask, bearer, connect


def fill(stream: Stream, count: int) -> None:
    for i in range(count):
        assert stream.post("d", {"messageId": str(i), "status": "delivered"}).status == 200


def ids(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [event["payload"]["messageId"] for event in answer.json["events"]]


class Poll(threading.Thread):
    """A request that waits in a thread of its own."""

    def __init__(self, stream: Stream, answers: SimpleQueue[Answer] | None = None, **query: object) -> None:
        super().__init__()
        self._stream = stream
        self._query = query
        self.answers = SimpleQueue[Answer]() if answers is None else answers
        self.start()

    def run(self) -> None:
        self.answers.put(self._stream.read(self._query))

    def answer(self) -> Answer:
        answer = self.answers.get(timeout=PATIENCE)
        self.join()
        return answer


def test_pages_follow_one_another_without_gap_or_repetition(stream: Stream) -> None:
    fill(stream, 7)
    page = stream.read(limit=3)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-type"] == "application/json"
    document = page.json
    assert set(document) == {
        "stream", "epoch", "events", "next", "head", "oldest", "has_more", "poll_after_ms",
    }  # fmt: skip
    assert set(document["events"][0]) == {
        "seq", "id", "stream", "kind", "received_at", "signature", "duplicates", "payload",
    }  # fmt: skip
    assert (document["head"], document["oldest"], document["has_more"], document["poll_after_ms"]) == (
        7,
        1,
        True,
        0,
    )
    assert document["next"] == f"1.{document['epoch']}.3"
    parse_page(page.body)
    seen = ids(page)
    while document["has_more"]:
        page = stream.read(limit=3, after=document["next"])
        document = page.json
        seen += ids(page)
    assert seen == [str(i) for i in range(7)]
    assert document["next"] == f"1.{document['epoch']}.7"


def test_the_oldest_and_the_newest_can_be_asked_for(stream: Stream) -> None:
    fill(stream, 3)
    assert ids(stream.read()) == ids(stream.read(after="0")) == ["0", "1", "2"]
    newest = stream.read(after="head")
    assert ids(newest) == []
    assert Cursor.parse(newest.json["next"]).seq == 3
    fill(stream, 4)
    assert ids(stream.read(after=newest.json["next"])) == ["3"]


def test_kinds_can_be_chosen(stream: Stream) -> None:
    fill(stream, 3)
    stream.post("m", {"messageId": "in", "text": "hi"})
    page = stream.read(kinds="inbound,unreadable")
    assert ids(page) == ["in"]
    assert Cursor.parse(page.json["next"]).seq == 4
    assert ids(stream.read(kinds="of-later")) == []


def test_a_waiting_reader_is_woken_by_the_commit(stream: Stream) -> None:
    fill(stream, 1)
    cursor = stream.read().json["next"]
    poll = Poll(stream, after=cursor, wait=PATIENCE)
    began = time.monotonic()
    assert stream.post("d", {"messageId": "0", "status": "accepted"}).status == 200
    assert ids(poll.answer()) == ["0"]
    assert time.monotonic() - began < PATIENCE / 2


def test_a_wait_ends_with_an_empty_page_that_goes_on(stream: Stream) -> None:
    fill(stream, 2)
    cursor = stream.read().json["next"]
    began = time.monotonic()
    page = stream.read(after=cursor, wait=0.3)
    assert 0.2 < time.monotonic() - began < PATIENCE / 2
    assert (ids(page), page.json["next"], page.json["has_more"]) == ([], cursor, False)


def test_a_reader_of_one_kind_waits_past_the_others(stream: Stream) -> None:
    poll = Poll(stream, kinds="inbound", wait=PATIENCE)
    fill(stream, 2)
    stream.post("m", {"messageId": "in", "text": "hi"})
    page = poll.answer()
    assert ids(page) == ["in"]
    assert Cursor.parse(page.json["next"]).seq == 3


def test_only_so_many_waits_of_one_token_at_a_time(stream: Stream) -> None:
    fill(stream, 1)
    answers = SimpleQueue[Answer]()
    polls = [Poll(stream, answers, after="head", wait=PATIENCE) for _ in range(6)]
    for _ in range(2):
        refused = answers.get(timeout=PATIENCE)
        assert (refused.status, refused.json["code"], refused.headers["retry-after"]) == (
            429,
            "too-many-waits",
            "1",
        )
    assert stream.read().status == 200
    stream.post("d", {"messageId": "wake", "status": "delivered"})
    assert [ids(answers.get(timeout=PATIENCE)) for _ in range(4)] == [["wake"]] * 4
    for poll in polls:
        poll.join()


def test_a_reader_that_hangs_up_frees_its_place(relay: RunningRelay, stream: Stream) -> None:
    asked = urlencode({"stream": stream.name, "wait": 50})
    for _ in range(12):
        with connect(relay.url) as connection:
            connection.sendall(
                f"GET /v1/events?{asked} HTTP/1.1\r\nHost: x\r\n"
                f"Authorization: Bearer {stream.reader_token}\r\n\r\n".encode()
            )
    poll = Poll(stream, wait=PATIENCE)
    stream.post("d", {"messageId": "wake", "status": "delivered"})
    answer = poll.answer()
    assert answer.status in {200, 429}
    assert ids(stream.read(wait=1)) == ["wake"]


def test_a_cursor_of_another_life_is_answered_with_a_reset(stream: Stream) -> None:
    fill(stream, 2)
    epoch = stream.read().json["epoch"]
    answer = stream.read(after="1.0123456789abcdef.1")
    assert answer.status == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    facts = {"stream": stream.name, "epoch": epoch, "head": 2, "oldest": 1, "missed": None}
    assert (
        answer.json.items()
        >= ({"status": 409, "code": "stream-reset", "type": "/problems/stream-reset"} | facts).items()
    )


def test_a_cursor_beyond_the_end_is_told_so(stream: Stream) -> None:
    fill(stream, 2)
    epoch = stream.read().json["epoch"]
    answer = stream.read(after=f"1.{epoch}.3")
    assert (answer.status, answer.json["code"]) == (409, "cursor-ahead")
    assert (answer.json["epoch"], answer.json["head"], answer.json["oldest"]) == (epoch, 2, 1)
    assert stream.read(after=f"1.{epoch}.2").status == 200


def test_a_cursor_whose_events_are_gone_is_told_how_many(relay: RunningRelay, stream: Stream) -> None:
    fill(stream, 6)
    epoch = stream.read().json["epoch"]
    with closing(apsw.Connection(str(relay.path))) as log:
        log.set_busy_timeout(5000)
        log.wal_autocheckpoint(0)
        log.execute(
            "DELETE FROM event WHERE seq <= 4 AND stream_id = (SELECT id FROM stream WHERE name = ?)",
            (stream.name,),
        )
    answer = stream.read(after=f"1.{epoch}.1")
    assert (answer.status, answer.json["code"]) == (410, "cursor-gone")
    assert (answer.json["oldest"], answer.json["missed"], answer.json["epoch"]) == (5, 3, epoch)
    assert ids(stream.read(after=f"1.{epoch}.4")) == ["4", "5"]
    assert ids(stream.read()) == ["4", "5"]


@pytest.mark.parametrize(
    "query",
    [
        {"after": "x"},
        {"after": "1.2.3"},
        {"after": f"1.0123456789abcdef.{2**63}"},
        {"limit": "0"},
        {"limit": "1001"},
        {"limit": "-1"},
        {"limit": "ten"},
        {"wait": "56"},
        {"wait": "-1"},
        {"wait": "nan"},
        {"wait": ""},
        {"kinds": ""},
        {"kinds": "A"},
        {"stream": ""},
        {"kinds": ",".join(["a"] * 17)},
        {"x": "y" * 9000},
    ],
)
def test_a_query_that_cannot_be_read_is_refused(stream: Stream, query: dict[str, object]) -> None:
    answer = stream.read(query)
    assert (answer.status, answer.json["code"]) == (400, "bad-request")


@pytest.mark.parametrize("twice", ["stream=x", "after=head", "limit=1", "kinds=receipt", "peek=1", "wait=0"])
def test_a_parameter_given_twice_is_refused(relay: RunningRelay, stream: Stream, twice: str) -> None:
    path = f"/v1/events?{twice}&stream={stream.name}&after=0&limit=5&kinds=inbound&peek=0&wait=0"
    answer = ask(relay.url, "GET", path, headers=bearer(stream.reader_token))
    assert (answer.status, answer.json["code"]) == (400, "bad-request")


def test_without_a_valid_token_nothing_is_told(relay: RunningRelay, stream: Stream) -> None:
    fill(stream, 1)
    path = f"/v1/events?stream={stream.name}&wait=0"
    good = stream.reader_token
    wrong = new_reader_token()
    for value in [
        "",
        "Bearer",
        f"Bearer {wrong}",
        f"Basic {good}",
        f"Bearer {good}x",
        f"Bearer {stream.ingest_token}",
        good,
    ]:
        for place in (path, "/v1/streams", "/v1/events"):
            answer = ask(relay.url, "GET", place, headers={"Authorization": value} if value else {})
            assert (answer.status, answer.json["code"]) == (401, "unauthorized")
            assert answer.headers["www-authenticate"] == "Bearer"
            assert stream.name.encode() not in answer.body
    assert ask(relay.url, "GET", f"{path}&token={good}").status == 401
    assert ask(relay.url, "GET", path, headers={"Authorization": f"bearer  {good}"}).status == 200


def test_a_token_opens_its_own_stream_only(relay: RunningRelay, stream: Stream) -> None:
    other = relay.stream()
    fill(other, 1)
    strangers = [
        ask(relay.url, "GET", f"/v1/events?stream={name}&wait=0", headers=bearer(stream.reader_token))
        for name in (other.name, "does-not-exist")
    ]
    assert [(answer.status, answer.json["code"]) for answer in strangers] == [(403, "forbidden")] * 2
    assert strangers[0].body == strangers[1].body


def test_two_readers_of_a_stream_each_get_everything(relay: RunningRelay, stream: Stream) -> None:
    fill(stream, 3)
    log = open_event_log(f"sqlite:{relay.path}", serving=False)
    second = create_reader_token(log, streams=[stream.name]).token
    log.close()
    assert ids(stream.read()) == ids(stream.read(token=second)) == ["0", "1", "2"]


def test_asking_with_a_cursor_acknowledges_what_is_before_it(relay: RunningRelay, stream: Stream) -> None:
    fill(stream, 5)
    stream.get("d")
    stream.get("m")

    def report() -> dict[str, Any]:
        answer = ask(relay.url, "GET", "/v1/streams", headers=bearer(stream.reader_token))
        assert answer.status == 200
        (report,) = answer.json["streams"]
        assert set(report) == {
            "stream", "epoch", "head", "oldest", "bytes", "reachability_checks", "consumers",
        }  # fmt: skip
        return dict(report)

    epoch = stream.read(limit=2).json["epoch"]
    stream.read(after=f"1.{epoch}.3")
    stream.read(after=f"1.{epoch}.1")
    deadline = time.monotonic() + PATIENCE
    while not report()["consumers"] or report()["reachability_checks"] != 2:
        assert time.monotonic() < deadline
        # Notes are stored with the next webhook, or after a second.
        stream.post("d", {"messageId": "0", "status": "delivered"})
    (consumer,) = report()["consumers"]
    assert (consumer["acked"], consumer["lag"]) == (3, 2)
    assert consumer["last_seen"].endswith("Z")
    assert (report()["head"], report()["oldest"]) == (5, 1)


def test_health_and_readiness(relay: RunningRelay) -> None:
    alive, ready = ask(relay.url, "GET", "/healthz"), ask(relay.url, "GET", "/readyz")
    assert (alive.status, alive.json) == (200, {"alive": True})
    assert (ready.status, ready.json) == (200, {"ready": True})


def test_a_log_that_cannot_be_written_is_not_ready_and_heals(relay: RunningRelay, stream: Stream) -> None:
    fill(stream, 1)
    with closing(apsw.Connection(str(relay.path))) as other:
        other.set_busy_timeout(5000)
        other.wal_autocheckpoint(0)
        other.execute("BEGIN IMMEDIATE")
        deadline = time.monotonic() + PATIENCE
        while (answer := ask(relay.url, "GET", "/readyz")).status == 200:
            assert time.monotonic() < deadline
        assert (answer.status, answer.json) == (503, {"ready": False})
        assert ids(stream.read()) == ["0"]
        other.execute("ROLLBACK")
    fill(stream, 2)
    assert ask(relay.url, "GET", "/readyz").status == 200


def test_a_large_backlog_comes_in_pages_of_bounded_size(stream: Stream) -> None:
    for i in range(150):
        assert (
            stream.post("m", {"messageId": str(i), "text": "x" * 30_000, "more": "y" * 30_000}).status == 200
        )
    page = stream.read(limit=1000)
    seen = ids(page)
    while page.json["has_more"]:
        assert 2 * 1024 * 1024 < len(page.body) < 4.2 * 1024 * 1024
        page = stream.read(limit=1000, after=page.json["next"])
        seen += ids(page)
    assert seen == [str(i) for i in range(150)]


@given(
    st.dictionaries(
        st.sampled_from(["stream", "after", "limit", "kinds", "x"]),
        st.text("1.0abcdef,-%&head\x00é", max_size=30),
        max_size=4,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_is_a_fault(relay: RunningRelay, stream: Stream, query: dict[str, str]) -> None:
    asked = urlencode({"stream": stream.name, "wait": "0"} | query)
    answer = ask(relay.url, "GET", f"/v1/events?{asked}", headers=bearer(stream.reader_token))
    assert answer.status in {200, 400, 403, 409}
