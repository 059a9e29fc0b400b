from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sms_desktop.relay.events import new_ingest_token, new_reader_token
from sms_desktop.servers.relay.log import ADMIN
from sms_desktop.servers.relay.place import open_event_log
from sms_desktop.servers.relay.tokens import create_ingest_token, create_reader_token
from tests.servers.relay.postgresql import free_port
from tests.servers.relay.running import JSON, PATIENCE, Answer, RunningRelay, Stream, ask, bearer, supervised


def call(stream: Stream, method: str, path: str, body: object = None, *, token: str | None = None) -> Answer:
    data = b"" if body is None else json.dumps(body).encode()
    return ask(stream.url, method, path, data, bearer(token or stream.reader_token) | JSON)


@pytest.fixture
def admin(relay: RunningRelay, stream: Stream) -> str:
    with closing(open_event_log(f"sqlite:{relay.path}", serving=False)) as log:
        return create_reader_token(log, streams=[stream.name], scope=ADMIN).token


def test_one_event_raw(stream: Stream) -> None:
    stream.post("d", b"messageId=1&status=a&status=b")
    answer = call(stream, "GET", f"/v1/streams/{stream.name}/events/1/raw")
    document = answer.json
    assert base64.b64decode(document["body"]) == b"messageId=1&status=a&status=b"
    assert (document["method"], document["query"], document["peer"]) == ("POST", "", "127.0.0.1")
    assert (document["flags"], document["signature"], document["kind"]) == (
        ["repeated"],
        "unconfigured",
        "receipt",
    )
    assert document["id"] == stream.events()[0]["id"]
    assert stream.ingest_token not in answer.body.decode()
    for missing in ("2", "0", "-1", "x", "9" * 30, "%D9%A1"):
        answer = call(stream, "GET", f"/v1/streams/{stream.name}/events/{missing}/raw")
        assert (answer.status, answer.json["code"]) == (404, "not-found")
    assert call(stream, "GET", "/v1/streams/other/events/1/raw").status == 403


def test_a_number_is_erased_by_an_administrator_only(stream: Stream, admin: str) -> None:
    stream.post("m", {"messageId": "1", "msisdn": "31612345678", "text": "private"})
    stream.post("m", {"messageId": "2", "msisdn": "31687654321", "text": "stays"})
    path = f"/v1/streams/{stream.name}/erase"
    assert call(stream, "POST", path, {"number": "+31612345678"}).status == 403
    assert call(stream, "POST", path, {"number": "nonsense"}, token=admin).status == 400
    assert call(stream, "POST", path, {"num": "31612345678"}, token=admin).status == 400
    assert call(stream, "POST", path, {"number": "1" * 5000}, token=admin).status == 413
    assert call(stream, "GET", path, token=admin).status == 405
    assert call(stream, "POST", path, {"number": "+31 6 1234 5678"}, token=admin).json == {"erased": 1}
    first, second = stream.events()
    assert (first["kind"], first["payload"]) == ("erased", {})
    assert second["payload"]["text"] == "stays"


def test_what_was_erased_is_not_in_the_file(tmp_path: Path) -> None:
    place = f"sqlite:{tmp_path / 'events.sqlite'}"
    with closing(open_event_log(place, serving=False)) as log:
        ingest = create_ingest_token(log, stream="main").token
        reader = create_reader_token(log, streams=["main"], scope=ADMIN).token
    with supervised(tmp_path / "events.sqlite") as relay:
        stream = Stream(relay.url, "main", ingest, reader)
        stream.post("m", {"messageId": "1", "msisdn": "31612345678", "text": "canary-to-erase"})
        assert call(stream, "POST", "/v1/streams/main/erase", {"number": "31612345678"}).json == {"erased": 1}
    assert b"canary-to-erase" not in (tmp_path / "events.sqlite").read_bytes()


def test_a_reader_that_stops_says_how_far_it_came(stream: Stream) -> None:
    stream.post("d", {"messageId": "1", "status": "delivered"})
    cursor = stream.read().json["next"]
    assert call(stream, "POST", "/v1/ack", {"stream": stream.name, "after": cursor}).status == 204
    assert call(stream, "POST", "/v1/ack", {"stream": stream.name, "after": "0"}).status == 400
    ahead = cursor[:-1] + "9"
    assert (
        call(stream, "POST", "/v1/ack", {"stream": stream.name, "after": ahead}).json["code"]
        == "cursor-ahead"
    )
    deadline = time.monotonic() + PATIENCE
    while not (consumers := call(stream, "GET", "/v1/streams").json["streams"][0]["consumers"]):
        assert time.monotonic() < deadline
    assert (consumers[0]["acked"], consumers[0]["lag"]) == (1, 0)


def test_wrong_tokens_are_soon_no_longer_looked_at_and_good_ones_still_are(tmp_path: Path) -> None:
    place = f"sqlite:{tmp_path / 'events.sqlite'}"
    with closing(open_event_log(place, serving=False)) as log:
        ingest = create_ingest_token(log, stream="main").token
        reader = create_reader_token(log, streams=["main"]).token
        late = create_reader_token(log, streams=["main"]).token
    with supervised(tmp_path / "events.sqlite") as relay:
        stream = Stream(relay.url, "main", ingest, reader)
        assert stream.read().status == 200
        assert stream.get("d").status == 200
        statuses = [stream.read(token=new_reader_token()).status for _ in range(70)]
        assert statuses[:60] == [401] * 60
        assert statuses[-1] == 429
        refused = stream.read(token=late)
        assert (refused.status, refused.json["code"], refused.headers["retry-after"]) == (
            429,
            "too-many-failures",
            "10",
        )
        assert stream.read().status == 200
        assert ask(relay.url, "GET", f"/h/{new_ingest_token()}/d").status == 429
        assert stream.post("d", {"messageId": "1", "status": "x"}).status == 200


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[RunningRelay, int]]:
    port = free_port()
    with supervised(
        tmp_path / "events.sqlite", metrics_port=port, webhooks_per_second=5, least_free_mib=1
    ) as relay:
        yield relay, port


def test_metrics_have_an_address_of_their_own(watched: tuple[RunningRelay, int]) -> None:
    relay, port = watched
    stream = relay.stream()
    answers = [stream.post("d", {"messageId": f"{i // 2}", "status": "delivered"}).status for i in range(20)]
    assert answers.count(429) >= 5
    assert stream.read().status == 200
    answer = ask(f"http://127.0.0.1:{port}", "GET", "/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.body.decode().splitlines()
    assert f'relay_webhooks_total{{status="429"}} {answers.count(429)}' in lines
    assert 'relay_reads_total{door="events",status="200"} 1' in lines
    assert f'relay_stream_head{{stream="{stream.name}"}} 5' in lines
    assert "relay_queued_webhooks 0" in lines
    assert "relay_log_readable 1" in lines
    assert f'relay_ingest_seconds_bucket{{le="+Inf"}} {len(answers)}' in lines
    assert stream.ingest_token not in answer.body.decode()
    assert ask(relay.url, "GET", "/metrics").status == 404


def test_with_little_room_on_the_disk_nothing_is_accepted(tmp_path: Path) -> None:
    with supervised(tmp_path / "events.sqlite", least_free_mib=10**8) as relay:
        stream = relay.stream()
        answer = stream.post("d", {"messageId": "1", "status": "delivered"})
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert ask(relay.url, "GET", "/readyz").status == 503
        assert stream.events() == []
