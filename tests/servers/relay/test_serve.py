from __future__ import annotations

import json
import signal
import sqlite3
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.servers.relay.running import (
    PATIENCE,
    Answer,
    Stream,
    ask,
    bearer,
    connect,
    start,
    supervised,
    tokens_of,
)

IN_ORDER_SECONDS = 1.0
CANARY_NUMBER = "31655512345"
CANARY_TEXT = "canary-text-of-a-stranger"


def stream_of(url: str, tokens: dict[str, str]) -> Stream:
    return Stream(url, tokens["name"], tokens["ingest_token"], tokens["reader_token"])


def test_tokens_of_the_line_are_good_at_once_and_events_stay(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    first, other = tokens_of("main"), tokens_of("other")
    with supervised(path, first, other) as relay:
        stream = stream_of(relay.url, first)
        stream.post("d", {"messageId": "1", "status": "delivered"})
        assert [event["seq"] for event in stream.events()] == [1]
        assert stream_of(relay.url, other).events() == []
    second = tokens_of("main")
    with supervised(path, second) as relay:
        late = stream_of(relay.url, first)
        stream = stream_of(relay.url, second)
        # A webhook for a message of before still lands; the reader of before has ended.
        assert late.post("d", {"messageId": "2", "status": "delivered"}).status == 200
        assert [event["payload"]["messageId"] for event in stream.events()] == ["1", "2"]
        assert late.read().status == 401


@pytest.mark.parametrize("order", ["end of input", "SIGTERM", "SIGINT"])
def test_it_stops_in_order_while_readers_wait(tmp_path: Path, order: str) -> None:
    path, tokens = tmp_path / "events.sqlite", tokens_of("main")
    answers: SimpleQueue[Answer] = SimpleQueue()

    def read(stream: Stream) -> None:
        while (answer := stream.read(after="head", wait=50)).status == 429:
            continue
        answers.put(answer)

    with ExitStack() as stack:
        relay = stack.enter_context(supervised(path, tokens))
        stream = stream_of(relay.url, tokens)
        stream.post("d", {"messageId": "1", "status": "delivered"})
        readers = [threading.Thread(target=read, args=[stream]) for _ in range(4)]
        half_sent = stack.enter_context(connect(relay.url))
        half_sent.sendall(
            f"POST {stream.path('d')} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na".encode()
        )
        for reader in readers:
            reader.start()
        # A token may wait four times at once: when a fifth is refused, all four wait.
        while stream.read(after="head", wait=0.05).status != 429:
            continue
        began = time.monotonic()
        if order == "end of input":
            assert relay.process.stdin is not None
            relay.process.stdin.close()
        else:
            relay.process.send_signal(getattr(signal, order))
        assert relay.process.wait(PATIENCE) == 0
        assert time.monotonic() - began < IN_ORDER_SECONDS
        for reader in readers:
            reader.join()
            answer = answers.get(timeout=PATIENCE)
            assert (answer.status, answer.json["events"]) == (200, [])
            assert answer.json["poll_after_ms"] > 0
    assert not path.with_name(path.name + "-wal").exists()
    with sqlite3.connect(path) as log:
        assert log.execute("SELECT value FROM meta WHERE key = 'serving'").fetchall() == [("no",)]
    log.close()


def test_nothing_private_is_in_its_log_its_arguments_or_its_environment(tmp_path: Path) -> None:
    tokens = tokens_of("main")
    with supervised(tmp_path / "events.sqlite", tokens) as relay:
        stream = stream_of(relay.url, tokens)
        webhook = {"messageId": "1", "msisdn": CANARY_NUMBER, "text": CANARY_TEXT}
        stream.post("m", webhook)
        stream.get("m", f"msisdn={CANARY_NUMBER}&text={CANARY_TEXT}")
        stream.post("m", f"{{broken {CANARY_TEXT} {CANARY_NUMBER}".encode())
        stream.read(after=CANARY_TEXT)
        ask(relay.url, "GET", f"/{CANARY_TEXT}/{CANARY_NUMBER}?{tokens['reader_token']}")
        ask(relay.url, "GET", f"/v1/events?stream={CANARY_TEXT}", headers=bearer(tokens["ingest_token"]))
        with connect(relay.url) as connection:
            connection.sendall(f"{CANARY_TEXT}\r\n\r\n".encode())
            connection.recv(1000)
        place = Path(f"/proc/{relay.process.pid}")
        seen_from_outside = (place / "cmdline").read_bytes() + (place / "environ").read_bytes()
    said = b"".join(relay.said)
    for secret in (tokens["ingest_token"], tokens["reader_token"], CANARY_NUMBER, CANARY_TEXT):
        assert secret.encode() not in said
        assert secret.encode() not in seen_from_outside
    for line in relay.said:
        assert json.loads(line).keys() >= {"time", "level", "logger", "message"}


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b'{"log": "sqlite:x", "streams": [{"name": "main", "ingest_token": 1}]}\n',
        b'{"log": "sqlite:x", "port": "canary"}\n',
        b'{"log": "sqlite:a", "streams": [{"name": "m", "ingest_token": "canary", "reader_token": ""}]}\n',
        b'{"log": "sqlite:events", "host": "192.0.2.1"}\n',
        b"x" * 70_000,
    ],
)
def test_a_line_that_is_wrong_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: bytes
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    monkeypatch.chdir(tmp_path)
    process = start("--supervised")
    try:
        out, said = process.communicate(line, timeout=PATIENCE)
    finally:
        process.kill()
    assert (process.returncode, out) == (1, b"")
    assert said.startswith(b"smsctl: ")
    assert said.count(b"\n") == 1
    assert b"canary" not in said
    assert b"Traceback" not in said
