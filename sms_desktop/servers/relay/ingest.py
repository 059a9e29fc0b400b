"""The relay's public door, `/h/<token>`: the gateway brings receipts (`/d`) and inbound messages (`/m`).

An ASGI application, mounted by app. It answers 200 after the durable commit only, and 503 when that is not
possible now; whatever can't be read is stored as it came, since the gateway would bring the same again for
days.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from starlette.types import Message, Receive, Scope, Send

from sms_desktop.relay.events import CHECK
from sms_desktop.servers.relay.admission import Buckets, Origins
from sms_desktop.servers.relay.log import Arrival, ReachabilityChecks, StoreFailing
from sms_desktop.servers.relay.metrics import Metrics
from sms_desktop.servers.relay.problems import RETRY_AFTER_SECONDS
from sms_desktop.servers.relay.signatures import (
    Judgement,
    SecretShelf,
    SecretsMissing,
    SignatureMode,
    SigningRule,
    Verdict,
    judge,
)
from sms_desktop.servers.relay.tokens import Gatekeeper, TooManyFailures
from sms_desktop.servers.relay.webhook import Webhook, read_webhook
from sms_desktop.servers.relay.writer import GroupWriter

MAX_BODY_OCTETS = 64 * 1024
MAX_QUERY_OCTETS = 8 * 1024
MAX_HEADER_OCTETS = 16 * 1024

# Of a body that is too long so much is still read and thrown away, so that the sender sees the answer.
_MAX_DRAINED_OCTETS = 1024 * 1024
_PATH = re.compile(r"/h/([A-Za-z0-9_-]{22})(?:/([dm]))?")
_KEPT_HEADERS = (b"user-agent", b"x-nexmo-trace-id")
_MAX_KEPT_OCTETS = 512

_NOT_LOOKED_AT = Judgement(Verdict.UNCONFIGURED)

_logger = logging.getLogger(__name__)

_Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class _Head:
    """What the headers say: sizes in octets, the kept ones as JSON."""

    octets: int
    content_type: str
    content_encoding: str
    kept: str


class Ingest:
    """Takes webhooks in."""

    def __init__(
        self,
        *,
        gatekeeper: Gatekeeper,
        writer: GroupWriter,
        origins: Origins,
        secrets: SecretShelf,
        metrics: Metrics,
        most_per_second: float = 0,
    ) -> None:
        self._gatekeeper = gatekeeper
        self._writer = writer
        self._origins = origins
        self._secrets = secrets
        self._metrics = metrics
        self._floods = (
            Buckets(burst=max(2 * most_per_second, 1), per_second=most_per_second)
            if most_per_second
            else None
        )
        self._is_missing_told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = time.perf_counter()
        status = await self._answer(scope, receive)
        self._metrics.webhooks[status] += 1
        self._metrics.ingest_seconds.add(time.perf_counter() - began)
        if status:
            await _send(send, status)

    async def _answer(self, scope: Scope, receive: Receive) -> int:
        """The status to answer with, 0 if the sender has gone."""
        method: str = scope["method"]
        if method not in {"GET", "POST"}:
            return 405
        query: bytes = scope["query_string"]
        if len(query) > MAX_QUERY_OCTETS:
            return 414
        head = _read_head(scope["headers"])
        if head.octets > MAX_HEADER_OCTETS:
            return 431
        path = _PATH.fullmatch(scope["path"])
        if path is None:
            return 404
        address = self._origins.address(scope)
        try:
            grant = await self._gatekeeper.ingest(path[1], address)
            if grant is None:
                return 404
            if self._floods is not None and not self._floods.take(grant.token_id):
                return 429
            body = await _read_body(receive)
            if body is None:
                return 0
            if len(body) > MAX_BODY_OCTETS:
                return 413
            webhook = read_webhook(
                door=path[2],
                method=method,
                query=query,
                content_type=head.content_type,
                content_encoding=head.content_encoding,
                body=body,
            )
            now = time.time_ns() // 1000
            if webhook is None:
                self._writer.note(ReachabilityChecks(grant.token_id, 1, now))
                return 200
            judgement = self._judge(webhook, grant.signing, now / 1_000_000)
            if judgement is None:
                return 401
            placement = await self._writer.store(
                Arrival(
                    stream_id=grant.stream_id,
                    kind=webhook.kind,
                    key=webhook.key,
                    payload=webhook.payload,
                    received_us=now,
                    monotonic_us=time.monotonic_ns() // 1000,
                    method=method,
                    query=query,
                    body=body,
                    content_type=head.content_type,
                    headers=head.kept,
                    peer=address,
                    flags=" ".join((*webhook.flags, *judgement.flags)),
                    signature=judgement.verdict.value,
                )
            )
        except TooManyFailures:
            return 429
        except (StoreFailing, SecretsMissing) as failure:
            if isinstance(failure, SecretsMissing) and not self._is_missing_told:
                self._is_missing_told = True
                _logger.warning("webhooks must be signed, and there is no secret to check them with")
            return 503
        if placement.new:
            self._metrics.kinds[webhook.kind] += 1
        else:
            self._metrics.duplicates += 1
        return 200

    def _judge(self, webhook: Webhook, rule: SigningRule, now: float) -> Judgement | None:
        """What is said of the signature, None to refuse. Raises SecretsMissing."""
        if rule.mode is SignatureMode.OFF:
            return _NOT_LOOKED_AT
        if webhook.kind == CHECK:
            return Judgement(Verdict.ABSENT)
        if webhook.parameters is None:
            judgement = Judgement(Verdict.ABSENT)
        else:
            judgement = judge(webhook.parameters, rule, self._secrets.of(rule), now=now)
        self._metrics.verdicts[judgement.verdict] += 1
        if rule.mode is SignatureMode.REQUIRE and judgement.verdict is not Verdict.VALID:
            return None
        return judgement


def _read_head(headers: _Headers) -> _Head:
    octets = 0
    content_type = content_encoding = ""
    kept: dict[str, str] = {}
    for name, value in headers:
        octets += len(name) + len(value) + 4
        if name == b"content-type":
            content_type = value[:_MAX_KEPT_OCTETS].decode("latin-1")
        elif name == b"content-encoding":
            content_encoding = value.decode("latin-1").strip().lower()
        elif name in _KEPT_HEADERS:
            kept[name.decode("ascii")] = value[:_MAX_KEPT_OCTETS].decode("latin-1")
    return _Head(octets, content_type, content_encoding, msgspec.json.encode(kept).decode())


async def _read_body(receive: Receive) -> bytes | None:
    """The body, or None if the sender left. More than MAX_BODY_OCTETS is given when it is too long."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        return bytes(message["body"])
    body = bytearray()
    drained = 0
    while message["type"] == "http.request":
        if len(body) <= MAX_BODY_OCTETS:
            body += message["body"]
        drained += len(message["body"])
        if not message.get("more_body", False) or drained > _MAX_DRAINED_OCTETS:
            return bytes(body)
        message = await receive()
    return None


def _answer_of(status: int) -> tuple[Message, Message]:
    headers = [(b"content-length", b"0")]
    match status:
        case 405:
            headers.append((b"allow", b"GET, POST"))
        case 413 | 414 | 431:
            headers.append((b"connection", b"close"))
        case 429 | 503:
            headers.append((b"retry-after", str(RETRY_AFTER_SECONDS).encode()))
    return (
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": b""},
    )


_ANSWERS = {status: _answer_of(status) for status in (200, 401, 404, 405, 413, 414, 429, 431, 503)}


async def _send(send: Send, status: int) -> None:
    for message in _ANSWERS[status]:
        await send(message)
