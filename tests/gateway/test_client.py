from __future__ import annotations

import logging
import socket
import ssl
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from sms_desktop.gateway.client import GatewayClient
from sms_desktop.gateway.evidence import MOST_OCTETS, Exchange, Phase
from sms_desktop.messages.outcomes import Outcome
from tests.gateway.peers import (
    PATIENCE,
    SECRET,
    TOKEN,
    Peer,
    Script,
    answering,
    http,
    peer,
    request_to,
    reset,
    silent,
)

GOOD = b'{"message-count":"1","messages":[{"status":"0","message-id":"0A00","to":"31612345678"}]}'


def send(script: Script, *, total: float = PATIENCE) -> Exchange:
    with peer(script) as served:
        exchange = GatewayClient(total_timeout=total).send(request_to(served.url))
        assert served.connections == 1, "one send is one connection, whatever the answer"
    return exchange


def test_an_answer_with_one_status_for_each_part_is_answered() -> None:
    body = (
        b'{"message-count":"2","messages":[{"status":"0","message-id":"a","to":"316","remaining-balance":"1.10",'
        b'"message-price":"0.05","network":"20408","client-ref":"r"},{"status":"1","error-text":"Throttled"}]}'
    )
    exchange = send(answering(http("200 OK", body)))
    assert exchange.outcome is Outcome.ANSWERED
    assert exchange.phase is Phase.ANSWERED
    assert [(part.index, part.status, part.message_id) for part in exchange.parts] == [
        (1, "0", "a"),
        (2, "1", None),
    ]
    assert (exchange.parts[0].price, exchange.parts[0].balance, exchange.parts[0].network) == (
        "0.05",
        "1.10",
        "20408",
    )
    assert (exchange.http_status, exchange.reason, exchange.body) == (200, None, body.decode())
    assert exchange.started_us <= exchange.ended_us


def test_the_request_goes_out_as_the_documents_say() -> None:
    with peer(answering(http("200 OK", GOOD))) as served:
        GatewayClient().send(request_to(served.url))
        head, _, body = served.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /sms/json HTTP/1.1\r\n")
    assert b"\r\nContent-Type: application/x-www-form-urlencoded\r\n" in head
    assert b"&text=D%C3%A9j%C3%A0+vu&" in body
    assert body.startswith(
        b"api_key=sandbox1&api_secret=canary-5f0c%26%3D%C3%A4&from=Sandbox&to=31612345678&type=text"
    )


@pytest.mark.parametrize(
    "answer, outcome, words",
    [
        (http("302 Found", b"", "Location: http://127.0.0.1:1/"), Outcome.UNCERTAIN, "never followed"),
        (http("500 Internal Server Error", GOOD), Outcome.UNCERTAIN, "had a fault (HTTP 500)"),
        (http("503 Service Unavailable", b""), Outcome.UNCERTAIN, "HTTP 503"),
        (http("408 Request Timeout", b""), Outcome.UNCERTAIN, "HTTP 408"),
        (http("429 Too Many Requests", b""), Outcome.THROTTLED, "slow down (HTTP 429)"),
        (http("400 Bad Request", b"no"), Outcome.REFUSED, "did not accept the request (HTTP 400)"),
        (http("401 Unauthorized", b"no"), Outcome.REFUSED, "HTTP 401"),
        (http("404 Not Found", b"no"), Outcome.REFUSED, "HTTP 404"),
        (http("200 OK", b"<html>maintenance</html>"), Outcome.UNCERTAIN, "is not JSON (HTTP 200)."),
        (http("200 OK", b""), Outcome.UNCERTAIN, "The gateway's answer is empty (HTTP 200)."),
        (http("200 OK", GOOD[:40]), Outcome.UNCERTAIN, "is not JSON (HTTP 200)."),
        (http("200 OK", b'{"messages":[]}'), Outcome.UNCERTAIN, "no list of messages"),
        (http("200 OK", b'{"messages":[{"to":"1"}]}'), Outcome.UNCERTAIN, "Message 1"),
        (http("204 No Content", b""), Outcome.UNCERTAIN, "HTTP 204"),
        (http("200 OK", b"x" * (MOST_OCTETS + 1)), Outcome.UNCERTAIN, "longer than 1024 KiB"),
        (http("200 OK", GOOD[:40], length=len(GOOD)), Outcome.UNCERTAIN, "broke in the middle of the answer"),
        (b"", Outcome.UNCERTAIN, "then the connection broke before an answer came"),
        (b"220 mail.example ESMTP\r\n\r\n", Outcome.UNCERTAIN, "not an HTTP answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", Outcome.UNCERTAIN, "before an answer came"),
    ],
)
def test_the_table_of_evidence(answer: bytes, outcome: Outcome, words: str) -> None:
    exchange = send(answering(answer))
    assert exchange.outcome is outcome
    assert words in (exchange.reason or "")
    assert exchange.parts == ()


def test_a_whole_list_of_messages_counts_although_the_connection_broke_behind_it() -> None:
    exchange = send(answering(http("200 OK", GOOD, length=len(GOOD) + 1)))
    assert exchange.outcome is Outcome.ANSWERED
    assert exchange.parts[0].message_id == "0A00"


def test_an_announced_number_of_parts_that_is_not_the_listed_one_is_noted() -> None:
    exchange = send(answering(http("200 OK", GOOD.replace(b'"1"', b'"3"', 1))))
    assert exchange.outcome is Outcome.ANSWERED
    assert exchange.reason == "The gateway announced 3 parts and listed 1."


@pytest.mark.parametrize(
    "header, wait",
    [
        ("3", (3000, 3000)),
        ("soon", None),
        ("999999999999", (86_400_000, 86_400_000)),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_of_a_429_is_read(header: str, wait: tuple[int, int] | None) -> None:
    exchange = send(answering(http("429 Too Many Requests", b"", f"Retry-After: {header}")))
    assert exchange.retry_after_ms == (wait and wait[0])


def test_retry_after_may_be_a_date() -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    exchange = send(answering(http("429 Too Many Requests", b"", f"Retry-After: {when}")))
    assert 55_000 <= (exchange.retry_after_ms or 0) <= 60_000


def test_the_wait_of_a_throttled_part_comes_from_its_text() -> None:
    text = b"Throughput Rate Exceeded - please wait [ 978 ] and retry"
    body = b'{"messages":[{"status":"1","error-text":"' + text + b'"}]}'
    assert send(answering(http("200 OK", body))).retry_after_ms == 978


def test_nothing_listening_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    exchange = GatewayClient().send(request_to(f"http://127.0.0.1:{port}"))
    assert exchange.outcome is Outcome.NOT_SENT
    assert exchange.phase is Phase.CONNECTING
    assert exchange.reason == "Nothing listens at the gateway's address: the connection was refused."
    assert (exchange.http_status, exchange.body) == (None, None)


def test_a_name_that_does_not_exist_is_not_sent() -> None:
    exchange = GatewayClient().send(request_to("https://gateway.invalid"))
    assert exchange.outcome is Outcome.NOT_SENT
    assert "was not found" in (exchange.reason or "")


def test_a_reset_before_anything_was_read_is_uncertain() -> None:
    def script(served: Peer, connection: socket.socket) -> None:
        connection.recv(1, socket.MSG_PEEK)
        reset(connection)

    exchange = send(script)
    assert exchange.outcome is Outcome.UNCERTAIN
    assert "the connection broke before an answer came" in (exchange.reason or "")


def test_a_reset_after_the_request_was_read_is_uncertain() -> None:
    def script(served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        reset(connection)

    exchange = send(script)
    assert exchange.outcome is Outcome.UNCERTAIN
    assert exchange.phase is Phase.WRITTEN
    assert exchange.reason == "The request was written, then the connection broke before an answer came."


def test_silence_ends_at_the_deadline_as_uncertain() -> None:
    began = time.monotonic()
    exchange = send(silent, total=0.3)
    assert time.monotonic() - began < 3
    assert exchange.outcome is Outcome.UNCERTAIN
    assert exchange.reason == "The request was written, but no answer came within 0.3 s."


def test_the_deadline_holds_for_an_answer_that_trickles() -> None:
    def script(served: Peer, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{")
        while not served.over.wait(0.02):
            connection.sendall(b" ")

    exchange = send(script, total=0.4)
    assert exchange.outcome is Outcome.UNCERTAIN
    assert exchange.phase is Phase.ANSWERING
    assert exchange.reason == "The request was written, but the answer was not complete within 0.4 s."
    assert exchange.http_status == 200


def test_cancel_from_another_thread_wakes_a_send_that_waits_for_its_answer() -> None:
    client = GatewayClient()
    found: list[Exchange] = []
    with peer(silent) as served:
        sending = threading.Thread(target=lambda: found.append(client.send(request_to(served.url))))
        sending.start()
        assert served.arrived.wait(PATIENCE)
        began = time.monotonic()
        client.cancel()
        sending.join(PATIENCE)
        assert time.monotonic() - began < 2
    assert found[0].outcome is Outcome.UNCERTAIN
    assert "waiting for the answer was stopped" in (found[0].reason or "")


def test_a_send_cancelled_while_its_tls_begins_is_not_sent_and_writes_nothing() -> None:
    client = GatewayClient()
    found: list[Exchange] = []
    came: list[bytes] = []

    def script(served: Peer, connection: socket.socket) -> None:
        came.append(connection.recv(65536))  # the client hello, which gets no answer
        served.arrived.set()
        came.append(connection.recv(65536))

    with peer(script) as served:
        url = served.url.replace("http:", "https:")
        sending = threading.Thread(target=lambda: found.append(client.send(request_to(url))))
        sending.start()
        assert served.arrived.wait(PATIENCE)
        client.cancel()
        sending.join(PATIENCE)
    assert found[0].outcome is Outcome.NOT_SENT
    assert found[0].phase is Phase.TLS
    assert found[0].reason == "It was stopped before anything was written."
    assert came[1] == b""


def test_a_closed_client_sends_nothing() -> None:
    with peer(silent) as served:
        client = GatewayClient()
        client.close()
        exchange = client.send(request_to(served.url))
        assert (exchange.outcome, served.connections) == (Outcome.NOT_SENT, 0)


def test_a_name_look_up_that_hangs_is_left_behind_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up, go_on = threading.Event(), threading.Event()

    def hang(*arguments: object) -> None:
        looked_up.set()
        go_on.wait(PATIENCE)
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    exchange = GatewayClient(total_timeout=0.3).send(request_to("https://gateway.invalid"))
    assert looked_up.is_set()
    assert exchange.outcome is Outcome.NOT_SENT
    assert exchange.reason == "The gateway could not be reached in time."
    go_on.set()


def test_a_proxy_that_refuses_is_not_sent_although_it_was_written_to() -> None:
    with peer(answering(http("407 Proxy Authentication Required", b""))) as proxy:
        exchange = GatewayClient(proxy=proxy.url).send(request_to("https://gateway.invalid"))
        assert proxy.requests[0].startswith(b"CONNECT gateway.invalid:443 ")
        assert SECRET.encode() not in proxy.requests[0]
    assert exchange.outcome is Outcome.NOT_SENT
    assert (
        exchange.reason
        == "The proxy did not open the way to the gateway (407 Proxy Authentication Required)."
    )


@pytest.mark.parametrize(
    "host, words",
    [("127.0.0.1", "nothing listens at its address"), ("proxy.invalid", "its name was not found")],
)
def test_a_proxy_that_is_not_there_is_not_taken_for_the_gateway(host: str, words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    exchange = GatewayClient(proxy=f"http://{host}:{port}").send(request_to("https://gateway.invalid"))
    assert exchange.outcome is Outcome.NOT_SENT
    assert exchange.reason == f"The proxy did not open the way to the gateway ({words})."


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


def test_a_profile_s_own_certificate_authority_is_trusted_and_nothing_else(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with peer(
        answering(http("200 OK", GOOD)), wrap=lambda plain: context.wrap_socket(plain, server_side=True)
    ) as served:
        url = served.url.replace("http:", "https:")
        trusting = GatewayClient(ca_file=str(certificate)).send(request_to(url))
        doubting = GatewayClient().send(request_to(url))
        missing = GatewayClient(ca_file=str(certificate) + ".missing").send(request_to(url))
    assert trusting.outcome is Outcome.ANSWERED
    assert doubting.outcome is Outcome.NOT_SENT
    assert doubting.reason == "The secure connection to the gateway failed (self-signed certificate)."
    assert missing.outcome is Outcome.NOT_SENT


def test_the_environment_s_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert send(answering(http("200 OK", GOOD))).outcome is Outcome.ANSWERED


def test_no_secret_is_logged_shown_or_kept(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "httpcore.connection", "httpcore.http11"):
        caplog.set_level(logging.DEBUG, logger=name)
    from urllib.parse import quote_plus

    said = f"you sent {SECRET} and {quote_plus(SECRET)} and /h/{TOKEN}/d"
    echoing = http("400 Bad Request", said.encode())
    with peer(answering(echoing)) as served:
        request = request_to(served.url)
        exchange = GatewayClient().send(request)
    traces = [caplog.text, repr(exchange), repr(request), str(request.masked())]
    assert exchange.body == "you sent *** and *** and /h/***/d"
    for trace in traces:
        assert "canary" not in trace
        assert TOKEN not in trace
    assert not [record for record in caplog.records if record.name.startswith("http")]


def test_not_sent_is_never_said_of_a_request_that_left_however_the_cancel_falls() -> None:
    came: list[bytes] = []

    def script(served: Peer, connection: socket.socket) -> None:
        data = b""
        while chunk := connection.recv(65536):
            data += chunk
            if b"mark-" in data and data.endswith(b"FAV"):
                connection.sendall(http("200 OK", GOOD))
        came.append(data)

    outcomes: dict[str, Outcome] = {}
    with peer(script) as served:
        for number in range(80):
            client = GatewayClient()
            cancelling = threading.Timer(number * 0.0002, client.close)
            cancelling.start()
            outcomes[f"mark-{number}."] = client.send(request_to(served.url, f"mark-{number}.")).outcome
            cancelling.join()
    arrived = b"".join(came)
    for mark, outcome in outcomes.items():
        assert outcome in {Outcome.NOT_SENT, Outcome.UNCERTAIN, Outcome.ANSWERED}
        assert outcome is not Outcome.NOT_SENT or mark.encode() not in arrived
    assert set(outcomes.values()) >= {Outcome.NOT_SENT, Outcome.ANSWERED}
