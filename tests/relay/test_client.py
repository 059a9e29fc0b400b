from __future__ import annotations

import json
import logging
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from sms_desktop.messages.errors import Mendable
from sms_desktop.relay.client import RelayClient
from sms_desktop.relay.errors import (
    CursorAhead,
    CursorGone,
    PollCancelled,
    PositionLost,
    RelayAnswerUnreadable,
    RelayBusy,
    RelayRefused,
    RelayUnreachable,
    StreamReset,
)
from sms_desktop.relay.events import Cursor, new_reader_token
from tests.servers.relay.running import PATIENCE, RunningRelay, Stream, supervised

EPOCH = "0123456789abcdef"
AT_ONCE = 0.5


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRelay]:
    with supervised(tmp_path_factory.mktemp("relay") / "events.sqlite") as running:
        yield running


@pytest.fixture
def stream(relay: RunningRelay) -> Stream:
    return relay.stream()


@pytest.fixture
def client(stream: Stream) -> Iterator[RelayClient]:
    with closing(stream.client()) as client:
        yield client


class Answering:
    """A server that says the same octets to every request, or says nothing and waits for the end."""

    def __init__(self, octets: bytes | None, tls: ssl.SSLContext | None = None) -> None:
        self._octets = octets
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.requests: list[bytes] = []
        self.asked = threading.Event()
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            if self._tls is not None:
                try:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                except OSError:  # the client does not trust us
                    continue
            self._connections.append(connection)
            self.requests.append(connection.recv(65536))
            self.asked.set()
            if self._octets is not None:
                try:
                    connection.sendall(self._octets)
                except OSError:  # the client has read enough
                    continue
                finally:
                    connection.close()

    def close(self) -> None:
        # Closing alone does not wake `accept`.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for open_one in (self._listening, *self._connections):
            open_one.close()


def http(status: int, body: object, *headers: str) -> bytes:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(data)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


@contextmanager
def answering(octets: bytes | None) -> Iterator[tuple[RelayClient, Answering]]:
    with closing(Answering(octets)) as server:
        client = RelayClient(base_url=server.url, stream="main", reader_token=new_reader_token())
        with closing(client):
            yield client, server


def page(**changes: object) -> dict[str, object]:
    return {
        "stream": "main",
        "epoch": EPOCH,
        "events": [],
        "next": f"1.{EPOCH}.3",
        "head": 3,
        "oldest": 1,
        "has_more": False,
        "poll_after_ms": 0,
    } | changes


def test_pages_come_one_after_another_to_the_end(stream: Stream, client: RelayClient) -> None:
    for i in range(5):
        stream.post("d", {"messageId": str(i), "status": "delivered"})
    first = client.page(None, limit=3, wait=0)
    assert [event.payload["messageId"] for event in first.events] == ["0", "1", "2"]
    assert first.has_more
    second = client.page(first.next, limit=3, wait=0)
    assert [event.seq for event in second.events] == [4, 5]
    assert (second.cursor, second.head, second.has_more) == (Cursor(first.epoch, 5), 5, False)
    assert client.page("head", wait=0).next == second.next
    assert client.page(second.next, wait=0).events == []


def test_a_long_poll_returns_with_the_first_event(stream: Stream, client: RelayClient) -> None:
    cursor = client.page(None, wait=0).next
    later = threading.Thread(target=stream.post, args=("m", {"messageId": "1", "text": "hi"}))
    later.start()
    began = time.monotonic()
    assert [event.kind for event in client.page(cursor, wait=20).events] == ["inbound"]
    assert time.monotonic() - began < 10
    later.join()


def test_a_wrong_token_and_a_foreign_stream_name_the_setting(relay: RunningRelay, stream: Stream) -> None:
    wrong = RelayClient(base_url=relay.url, stream=stream.name, reader_token=new_reader_token())
    with (
        closing(wrong),
        pytest.raises(RelayRefused, match=r"does not accept the relay token \(401\)") as caught,
    ):
        wrong.page(None, wait=0)
    assert caught.value.field == "relay_token"
    foreign = RelayClient(base_url=relay.url, stream="not-mine", reader_token=stream.reader_token)
    with closing(foreign), pytest.raises(RelayRefused, match="may not read the stream 'not-mine'"):
        foreign.page(None, wait=0)


def test_cursors_from_which_the_relay_cannot_go_on(stream: Stream, client: RelayClient) -> None:
    stream.post("d", {"messageId": "1", "status": "delivered"})
    epoch = client.page(None, wait=0).epoch
    with pytest.raises(StreamReset) as reset:
        client.page(f"1.{EPOCH}.1", wait=0)
    assert (reset.value.epoch, reset.value.oldest, reset.value.missed) == (epoch, 1, None)
    assert client.page(str(reset.value.resume), wait=0).events[0].seq == 1
    with pytest.raises(CursorAhead) as ahead:
        client.page(f"1.{epoch}.7", wait=0)
    assert ahead.value.resume == Cursor(epoch, 0)


def test_a_gap_is_told_with_its_size() -> None:
    facts = {"code": "cursor-gone", "epoch": EPOCH, "oldest": 8, "missed": 4}
    with (
        answering(http(410, facts)) as (client, _),
        pytest.raises(CursorGone, match="4 events were deleted") as gone,
    ):
        client.page(f"1.{EPOCH}.3")
    assert (gone.value.missed, gone.value.resume) == (4, Cursor(EPOCH, 7))


def test_cancel_ends_a_poll_at_once_and_lets_no_other_begin() -> None:
    with answering(None) as (client, server):
        assert ends_when_cancelled(client, server.asked)
        with pytest.raises(PollCancelled):
            client.page(None, wait=50)
        assert len(server.requests) == 1


def test_cancel_ends_a_wait_on_a_kept_connection(client: RelayClient) -> None:
    client.page(None, wait=0)
    under_way = threading.Event()
    under_way.set()
    assert ends_when_cancelled(client, under_way)


def test_no_relay_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with (
        closing(RelayClient(base_url=f"http://127.0.0.1:{port}", stream="main", reader_token="t")) as client,
        pytest.raises(RelayUnreachable) as caught,
    ):
        client.page(None)
    assert caught.value.message == (
        f"No contact with the relay at 127.0.0.1:{port}: nothing listens there. "
        "Receipts and replies are kept there and will come in later."
    )


def test_a_name_that_is_not_found() -> None:
    client = RelayClient(base_url="https://relay.invalid", stream="main", reader_token="t")
    with closing(client), pytest.raises(RelayUnreachable, match=r"relay\.invalid: its name was not found"):
        client.page(None)


def test_a_connection_that_breaks() -> None:
    with answering(b"") as (client, _), pytest.raises(RelayUnreachable, match="the connection broke"):
        client.page(None)


def test_an_answer_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sms_desktop.relay.client._GRACE_SECONDS", 0.1)
    monkeypatch.setattr("sms_desktop.relay.client.CONNECT_SECONDS", 0.1)
    with answering(None) as (client, _), pytest.raises(RelayUnreachable, match="in time"):
        client.page(None, wait=0)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_relay_says_when_to_come_again(status: int) -> None:
    with answering(http(status, b"", "Retry-After: 7")) as (client, _), pytest.raises(RelayBusy) as caught:
        client.page(None)
    assert caught.value.retry_after == 7
    for nonsense in ("soon", "-1", "\u0661".encode().decode("latin-1"), "9" * 500):
        with (
            answering(http(status, b"", f"Retry-After: {nonsense}")) as (client, _),
            pytest.raises(RelayBusy) as caught,
        ):
            client.page(None)
        assert caught.value.retry_after in {None, 3600}


def test_what_is_no_relay_is_said_to_be_none() -> None:
    with (
        answering(http(404, b"<html>")) as (client, _),
        pytest.raises(RelayRefused, match="There is no relay") as caught,
    ):
        client.page(None)
    assert caught.value.field == "relay_url"


BOMB = b"[" * 200_000


@pytest.mark.parametrize(
    "octets",
    [
        http(200, b""),
        http(200, b"<html>"),
        http(200, BOMB),
        http(200, page(stream="other")),
        http(200, page(epoch=EPOCH[::-1], next=f"1.{EPOCH[::-1]}.3")),
        http(200, page(next=f"1.{EPOCH}.0")),
        http(200, page(next=f"1.{EPOCH}.1", has_more=True)),
        http(200, b"\x1f\x8b\x08\x00", "Content-Encoding: gzip"),
        http(200, b" " * (8 * 1024 * 1024 + 1)),
        http(301, b"", "Location: http://127.0.0.1:1/"),
        http(204, b""),
        http(400, b"{}"),
        http(500, b"oops"),
        http(409, {"code": "stream-reset", "epoch": "../../etc", "oldest": 1}),
        http(409, {"code": "stream-reset", "epoch": EPOCH, "oldest": -1}),
        http(409, {"code": "cursor-gone", "epoch": EPOCH, "oldest": 1, "missed": -4}),
        http(409, {"code": "of-later", "epoch": EPOCH, "oldest": 1}),
        http(410, BOMB),
    ],
)
def test_what_cannot_be_read_is_one_error_and_never_followed(octets: bytes) -> None:
    with answering(octets) as (client, server), pytest.raises(RelayAnswerUnreadable):
        client.page(f"1.{EPOCH}.1")
    assert len(server.requests) == 1


def test_a_page_with_events_of_before_the_cursor_is_refused() -> None:
    event = {
        "seq": 2, "id": "a", "stream": "main", "kind": "receipt", "received_at": "2026-01-31T09:30:00Z",
        "signature": "valid", "duplicates": 0, "payload": {},
    }  # fmt: skip
    with answering(http(200, page(events=[event]))) as (client, _):
        assert client.page(f"1.{EPOCH}.1").events[0].seq == 2
        with pytest.raises(RelayAnswerUnreadable, match="repeats events"):
            client.page(f"1.{EPOCH}.2")
        with pytest.raises(RelayAnswerUnreadable, match="not what was asked for"):
            client.page(None, limit=0)


def test_the_token_travels_in_its_header_only_and_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = new_reader_token()
    with closing(Answering(http(200, page()))) as server:
        client = RelayClient(base_url=server.url + "/prefix/", stream="main", reader_token=token)
        with closing(client):
            client.page(None, limit=10, wait=2.5)
        (request,) = server.requests
    first, _, rest = request.partition(b"\r\n")
    assert first == b"GET /prefix/v1/events?stream=main&limit=10&wait=2.5 HTTP/1.1"
    assert f"authorization: bearer {token}".encode().lower() in rest.lower()
    assert token not in repr(client)
    assert token not in caplog.text
    assert "/v1/events" not in caplog.text


def test_the_environment_names_no_proxy(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with closing(stream.client()) as client:
        assert client.page(None, wait=0).events == []


def test_the_proxy_of_the_profile_is_used() -> None:
    with closing(Answering(http(200, page()))) as proxy:
        client = RelayClient(
            base_url="http://127.0.0.1:1", stream="main", reader_token=new_reader_token(), proxy=proxy.url
        )
        with closing(client):
            assert client.page(None).head == 3
        assert proxy.requests[0].startswith(b"GET http://127.0.0.1:1/v1/events?")


@pytest.mark.parametrize(
    "url", ["http://relay.example", "ftp://127.0.0.1", "", "https://", "https://u:p@relay.example"]
)
def test_addresses_to_which_no_secret_may_go(url: str) -> None:
    with pytest.raises(Mendable) as caught:
        RelayClient(base_url=url, stream="main", reader_token="canary")
    assert caught.value.field == "relay_url"
    assert "canary" not in str(caught.value)


def test_lost_positions_are_one_kind_of_error() -> None:
    assert all(issubclass(kind, PositionLost) for kind in (StreamReset, CursorAhead, CursorGone))
    assert CursorGone("x", epoch=EPOCH, oldest=0, missed=None).resume == Cursor(EPOCH, 0)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost"
    made = subprocess.run(
        [*command.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "-", "-out", "-"],
        check=True,
        capture_output=True,
    )
    path.write_bytes(made.stdout)
    return path


@contextmanager
def over_tls(certificate: Path, octets: bytes | None) -> Iterator[tuple[str, Answering]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with closing(Answering(octets, context)) as server:
        yield server.url.replace("http:", "https:"), server


def test_a_certificate_authority_of_the_profile_is_trusted_and_nothing_else(certificate: Path) -> None:
    with over_tls(certificate, http(200, page())) as (url, server):
        trusting = RelayClient(base_url=url, stream="main", reader_token="t", ca_file=str(certificate))
        with closing(trusting):
            assert trusting.page(None).head == 3
        doubting = RelayClient(base_url=url, stream="main", reader_token="t")
        with (
            closing(doubting),
            pytest.raises(RelayUnreachable, match="its certificate is not trusted") as caught,
        ):
            doubting.page(None)
        assert "authority" in (caught.value.hint or "")
        assert len(server.requests) == 1


def test_cancel_ends_a_wait_over_tls(certificate: Path) -> None:
    with over_tls(certificate, None) as (url, server):
        client = RelayClient(base_url=url, stream="main", reader_token="t", ca_file=str(certificate))
        with closing(client):
            assert ends_when_cancelled(client, server.asked)


def test_cancel_ends_a_handshake_that_hangs(certificate: Path) -> None:
    with closing(Answering(None)) as server:
        url = server.url.replace("http:", "https:")
        client = RelayClient(base_url=url, stream="main", reader_token="t", ca_file=str(certificate))
        with closing(client):
            assert ends_when_cancelled(client, server.asked)
        assert server.requests[0].startswith(b"\x16\x03"), "a client hello"


def test_cancel_leaves_a_name_look_up_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up, go_on = threading.Event(), threading.Event()

    def hang(*_: object) -> None:
        looked_up.set()
        go_on.wait(PATIENCE)
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    client = RelayClient(base_url="https://relay.invalid", stream="main", reader_token="t")
    with closing(client):
        assert ends_when_cancelled(client, looked_up)
    go_on.set()


def ends_when_cancelled(client: RelayClient, under_way: threading.Event) -> bool:
    """True if a poll ends at once, as cancelled, when it is cancelled while it is under way."""
    outcomes: list[BaseException] = []

    def poll() -> None:
        try:
            client.page(None, wait=50)
        except PollCancelled as cancelled:
            outcomes.append(cancelled)

    poller = threading.Thread(target=poll)
    poller.start()
    assert under_way.wait(PATIENCE)
    began = time.monotonic()
    client.cancel()
    poller.join()
    return time.monotonic() - began < AT_ONCE and len(outcomes) == 1


@pytest.mark.parametrize(
    "settings,field",
    [
        ({"ca_file": "/nowhere/ca.pem"}, "ca_file"),
        ({"ca_file": __file__}, "ca_file"),
        ({"proxy": "nonsense"}, "proxy"),
        ({"proxy": "ftp://127.0.0.1"}, "proxy"),
        ({"base_url": "https://x..y"}, None),
        ({"base_url": "https://ä-.example"}, "relay_url"),
        ({"base_url": "https://" + "x" * 64 + ".invalid"}, None),
    ],
)
def test_settings_that_cannot_be_used_are_named(settings: dict[str, str], field: str | None) -> None:
    client = RelayClient(
        **({"base_url": "https://127.0.0.1:1", "stream": "main", "reader_token": "t"} | settings)
    )
    with closing(client), pytest.raises((RelayRefused, RelayUnreachable)) as caught:
        client.page(None)
    assert caught.value.field == field
