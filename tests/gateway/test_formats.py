"""Every format and authentication over real sockets, and the token that a Bearer needs."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

import pytest

from sms_desktop.gateway.auth import Auth, Basic, Bearer, SecretInBody, Signature
from sms_desktop.gateway.client import GatewayClient
from sms_desktop.gateway.evidence import Evidence, Phase
from sms_desktop.gateway.request import GatewayRequest, Wire, build
from sms_desktop.gateway.tokens import EARLY_SECONDS, Tokens
from sms_desktop.messages.errors import Mendable, TryLater
from sms_desktop.messages.message import Text
from sms_desktop.messages.options import Options
from sms_desktop.messages.outcomes import Outcome
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import RequestFormat
from tests.gateway.peers import PATIENCE, SECRET, Peer, answering, http, peer

JSON = b'{"message-count":"1","messages":[{"status":"0","message-id":"0A00"}]}'
XML = (
    b"<?xml version='1.0' encoding='UTF-8' ?><mt-submission-response><messages count='1'><message>"
    b"<messageId>0A00</messageId><status>0</status></message></messages></mt-submission-response>"
)


def request(url: str, auth: Auth, wire: Wire, provider: Provider = Provider.SANDBOX) -> GatewayRequest:
    return build(
        Text("Déjà vu"),
        sender="Acme",
        to="31612345678",
        options=Options(),
        provider=provider,
        base_url=url,
        auth=auth,
        wire=wire,
    )


@pytest.mark.parametrize("wire", RequestFormat)
@pytest.mark.parametrize(
    "auth",
    [SecretInBody("sandbox1", SECRET), Basic("sandbox1", SECRET), Signature("sandbox1", SECRET)],
    ids=lambda auth: type(auth).__name__,
)
def test_every_format_and_authentication_arrives(auth: Auth, wire: RequestFormat) -> None:
    answer = http("200 OK", XML if wire is RequestFormat.XML else JSON)
    with peer(answering(answer)) as served:
        exchange = GatewayClient().send(request(served.url, auth, Wire(wire)))
        head, _, body = served.requests[0].partition(b"\r\n\r\n")
    assert exchange.outcome is Outcome.ANSWERED
    assert exchange.parts[0].message_id == "0A00"
    line, *headers = head.decode().split("\r\n")
    named = {name.lower(): value for name, _, value in (header.partition(": ") for header in headers)}
    assert len(named) == len(headers), "no header goes out twice"
    method, target, _ = line.split(" ")
    path, _, query = target.partition("?")
    assert path == ("/sms/xml" if wire is RequestFormat.XML else "/sms/json")
    assert named["content-length"] == str(len(body))
    if wire is RequestFormat.JSON:
        fields = json.loads(body)
    else:
        text = query if wire is RequestFormat.GET else body.decode()
        assert "text=D%C3%A9j%C3%A0+vu" in text
        fields = {name: values[0] for name, values in parse_qs(text, strict_parsing=True).items()}
    assert method == ("GET" if wire is RequestFormat.GET else "POST")
    assert ("authorization" in named) is isinstance(auth, Basic)
    assert ("api_secret" in fields) is isinstance(auth, SecretInBody)
    assert ("sig" in fields) is isinstance(auth, Signature)


def test_a_secret_in_the_address_is_logged_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    for name in ("httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
        logging.getLogger(name).setLevel(1)
    with peer(
        answering(http("302 Found", b"", f"Location: http://x.invalid/?api_secret={SECRET!a}"))
    ) as served:
        auth = SecretInBody("sandbox1", SECRET)
        exchange = GatewayClient().send(request(served.url, auth, Wire(RequestFormat.GET)))
    assert "canary" in served.requests[0].decode()
    assert "canary" not in caplog.text
    assert "canary" not in repr(exchange)
    assert exchange.reason == (
        "The gateway pointed to another address (HTTP 302, x.invalid), which is never followed."
    )


@pytest.mark.parametrize(
    "status, outcome",
    [
        ("400 Bad Request", Outcome.REFUSED),
        ("403 Forbidden", Outcome.REFUSED),
        ("405 Method Not Allowed", Outcome.REFUSED),
        ("411 Length Required", Outcome.REFUSED),
        ("412 Precondition Failed", Outcome.REFUSED),
        ("429 Too Many Requests", Outcome.THROTTLED),
        ("500 Internal Server Error", Outcome.UNCERTAIN),
        ("502 Bad Gateway", Outcome.UNCERTAIN),
        ("503 Service Unavailable", Outcome.UNCERTAIN),
    ],
)
def test_the_words_of_kpn_s_error_envelope_are_in_the_reason(status: str, outcome: Outcome) -> None:
    envelope = {
        "transactionId": "t",
        "status": status[:3],
        "name": "Quota",
        "message": "too\nmany",
        "info": "",
    }
    with peer(answering(http(status, json.dumps(envelope).encode()))) as served:
        exchange = GatewayClient().send(request(served.url, SecretInBody("a", SECRET), Wire()))
    assert exchange.outcome is outcome
    assert (exchange.reason or "").endswith("It said: Quota: too many")


@pytest.mark.parametrize("status", ["201 Created", "202 Accepted"])
def test_any_2xx_with_a_list_of_messages_is_an_answer(status: str) -> None:
    with peer(answering(http(status, JSON))) as served:
        assert (
            GatewayClient().send(request(served.url, Basic("a", SECRET), Wire())).outcome is Outcome.ANSWERED
        )


def test_an_html_page_is_named_by_its_type() -> None:
    page = http("200 OK", b"<html>", "Content-Type: text/html; charset=utf-8")
    with peer(answering(page)) as served:
        exchange = GatewayClient().send(request(served.url, Basic("a", SECRET), Wire()))
    assert exchange.outcome is Outcome.UNCERTAIN
    assert exchange.reason == "The gateway's answer is not JSON but text/html (HTTP 200)."


class Portal:
    """A gateway with tokens, as KPN's: `good` is the token that it takes now."""

    def __init__(self, *, life: object = "3599", status: str = "200 OK", body: bytes | None = None) -> None:
        self.good = "token-1"
        self.made = 0
        self.took: list[str] = []
        self.forms: list[str] = []
        self._life, self._status, self._body = life, status, body
        self._lock = threading.Lock()

    def __call__(self, served: Peer, connection: socket.socket) -> None:
        body = served.read_request(connection)
        head = served.requests[-1].decode("utf-8", "replace")
        with self._lock:
            if head.startswith("POST /oauth/client_credential/accesstoken?grant_type=client_credentials "):
                self.made += 1
                self.forms.append(body.decode())
                document = {
                    "access_token": f"token-{self.made}",
                    "expires_in": self._life,
                    "token_type": "Bearer",
                }
                connection.sendall(http(self._status, self._body or json.dumps(document).encode()))
            elif f"Authorization: Bearer {self.good}\r\n" in head:
                self.took.append(self.good)
                connection.sendall(http("200 OK", JSON))
            else:
                connection.sendall(http("401 Unauthorized", b'{"name":"Unauthorized"}'))


@contextmanager
def kpn(portal: Portal) -> Iterator[tuple[str, Callable[[], GatewayRequest]]]:
    with peer(portal) as served:
        token_url = f"{served.url}/oauth/client_credential/accesstoken?grant_type=client_credentials"
        bearer = Bearer("client-1", SECRET, token_url)
        yield served.url, lambda: request(served.url, bearer, Wire(), Provider.KPN)


def test_a_token_is_fetched_once_and_used_again() -> None:
    portal = Portal()
    with kpn(portal) as (_, made):
        client = GatewayClient()
        assert [client.send(made()).outcome for _ in range(3)] == [Outcome.ANSWERED] * 3
    assert (portal.made, len(portal.took)) == (1, 3)
    assert portal.forms == ["client_id=client-1&client_secret=canary-5f0c%26%3D%C3%A4"]


def test_a_refused_token_is_renewed_once_and_the_message_goes() -> None:
    portal = Portal()
    portal.good = "token-2"
    with kpn(portal) as (_, made):
        assert GatewayClient().send(made()).outcome is Outcome.ANSWERED
    assert (portal.made, portal.took) == (2, ["token-2"])


def test_a_gateway_that_takes_no_token_is_asked_twice_and_not_again() -> None:
    portal = Portal()
    portal.good = "never"
    with kpn(portal) as (_, made):
        exchange = GatewayClient().send(made())
    assert (exchange.outcome, exchange.http_status, portal.made) == (Outcome.REFUSED, 401, 2)


@pytest.mark.parametrize(
    "portal, outcome, words",
    [
        (
            Portal(status="401 Unauthorized", body=b'{"error":"invalid_client"}'),
            Outcome.REFUSED,
            "client id and secret",
        ),
        (Portal(status="503 Service Unavailable"), Outcome.NOT_SENT, "HTTP 503"),
        (Portal(body=b"<html>"), Outcome.NOT_SENT, "no access token"),
        (Portal(body=b'{"access_token":"a b"}'), Outcome.NOT_SENT, "no access token"),
        (Portal(body=b"[" * 10_000), Outcome.NOT_SENT, "no access token"),
    ],
)
def test_without_a_token_nothing_is_sent(portal: Portal, outcome: Outcome, words: str) -> None:
    with kpn(portal) as (_, made):
        exchange = GatewayClient().send(made())
    assert exchange.outcome is outcome
    assert exchange.phase is Phase.CONNECTING
    assert words in (exchange.reason or "")
    assert "canary" not in repr(exchange)
    assert portal.took == []


def test_the_deadline_holds_for_token_and_message_together() -> None:
    portal = Portal()

    def slowly(served: Peer, connection: socket.socket) -> None:
        served.over.wait(0.6)
        portal(served, connection)

    with peer(slowly) as served:
        token_url = f"{served.url}/oauth/client_credential/accesstoken?grant_type=client_credentials"
        bearer = Bearer("client-1", SECRET, token_url)
        client = GatewayClient(total_timeout=1.0)
        exchange = client.send(request(served.url, bearer, Wire(), Provider.KPN))
    assert exchange.outcome in {Outcome.UNCERTAIN, Outcome.NOT_SENT}
    assert "1 s" in (exchange.reason or "") or "in time" in (exchange.reason or "")


def test_what_is_cancelled_between_token_and_message_is_not_sent() -> None:
    for _ in range(20):
        client, portal, cancelled = GatewayClient(), Portal(), threading.Event()

        def script(
            served: Peer,
            connection: socket.socket,
            client: GatewayClient = client,
            portal: Portal = portal,
            cancelled: threading.Event = cancelled,
        ) -> None:
            if not portal.made:
                portal(served, connection)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)  # the client has read its token, and goes on
                client.cancel()
                cancelled.set()
            else:
                assert cancelled.wait(PATIENCE)
                portal(served, connection)

        with peer(script) as served:
            token_url = f"{served.url}/oauth/client_credential/accesstoken?grant_type=client_credentials"
            bearer = Bearer("client-1", SECRET, token_url)
            exchange = client.send(request(served.url, bearer, Wire(), Provider.KPN))
            assert cancelled.wait(PATIENCE)
        assert exchange.outcome is not Outcome.ANSWERED
        assert portal.took == [] or exchange.outcome is Outcome.UNCERTAIN


class _Answers:
    """A token endpoint without a network: its clock is ours."""

    def __init__(self, life: object) -> None:
        self.now, self.asked, self.life = 0.0, 0, life

    def exchange(self, _request: GatewayRequest) -> Evidence:
        self.asked += 1
        body = json.dumps({"access_token": f"t{self.asked}", "expires_in": self.life}).encode()
        return Evidence(Phase.ANSWERED, wrote=True, limit_seconds=1, http_status=200, body=body)


@pytest.mark.parametrize(
    "life, until", [("3599", 3599 - EARLY_SECONDS), (100, 50.0), ("soon", 0.0), (None, 0.0)]
)
def test_a_token_is_renewed_before_its_end(life: Any, until: float) -> None:
    answers = _Answers(life)
    tokens = Tokens(clock=lambda: answers.now)
    bearer = Bearer("id", SECRET, "http://127.0.0.1:1")
    assert tokens.get(bearer, answers.exchange) == "t1"
    answers.now = max(0.0, until - 0.001)
    assert tokens.get(bearer, answers.exchange) == ("t1" if until else "t2")
    answers.now = until
    assert tokens.get(bearer, answers.exchange) == ("t2" if until else "t3")


def test_two_threads_that_were_refused_share_one_new_token() -> None:
    answers = _Answers("3600")
    tokens = Tokens(clock=lambda: answers.now)
    bearer = Bearer("id", SECRET, "http://127.0.0.1:1")
    refused = tokens.get(bearer, answers.exchange)
    assert {tokens.renew(bearer, refused, answers.exchange) for _ in range(2)} == {"t2"}


def test_who_is_unknown_is_told_what_to_mend() -> None:
    def refuse(_request: GatewayRequest) -> Evidence:
        return Evidence(
            Phase.ANSWERED,
            wrote=True,
            limit_seconds=1,
            http_status=400,
            body=f'{{"error":"{SECRET}"}}'.encode(),
        )

    def break_off(_request: GatewayRequest) -> Evidence:
        return Evidence(Phase.CONNECTING, wrote=False, limit_seconds=1)

    bearer = Bearer("id", SECRET, "http://127.0.0.1:1")
    with pytest.raises(Mendable, match="client id and secret") as refused:
        Tokens().get(bearer, refuse)
    assert "canary" not in str(refused.value)
    with pytest.raises(TryLater):
        Tokens().get(bearer, break_off)
