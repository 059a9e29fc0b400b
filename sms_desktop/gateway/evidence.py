"""What is known of one exchange with the gateway, and what it proves. Gathered by client, read by services.

The API has no idempotency key, so the verdict decides what is safe to repeat: *not sent* only when nothing of
the request can have left, *uncertain* as soon as something may have and no readable answer came.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

from sms_desktop.gateway.errors import UnreadableAnswer
from sms_desktop.gateway.problems import problem_of
from sms_desktop.gateway.request import GatewayRequest
from sms_desktop.gateway.response import PartAnswer, parse, retry_after_ms
from sms_desktop.messages.outcomes import Outcome
from sms_desktop.messages.statuses import StatusGroup, api_status

MOST_OCTETS = 1024 * 1024
"""A longer answer is not read to its end."""
_MOST_KEPT_CHARACTERS = 64 * 1024
_LONGEST_WAIT_SECONDS = 24 * 60 * 60
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,60}", re.ASCII)


class Phase(StrEnum):
    """How far an exchange came; connecting includes the look-up of the name and a proxy's tunnel."""

    CONNECTING = "connecting"
    TLS = "tls"
    WRITING = "writing"
    WRITTEN = "written"
    ANSWERING = "answering"
    ANSWERED = "answered"


class Failure(StrEnum):
    """What ended an exchange before its time."""

    NAME = "name"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too slow"
    TLS = "tls"
    PROXY = "proxy"
    BROKEN = "broken"
    NOT_HTTP = "not http"
    TOO_LARGE = "too large"
    DEADLINE = "deadline"
    CANCELLED = "cancelled"
    TOKEN = "token"  # noqa: S105 - the name of a failure
    TOKEN_REFUSED = "token refused"  # noqa: S105 - the name of a failure
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of one exchange.

    `wrote` is False only while it is certain that no octet of the request was handed to the connection.
    `detail` says more of a failure; it holds nothing of the request. `limit_seconds` is the deadline there
    was. `token` is the access token that went with the request.
    """

    phase: Phase
    wrote: bool
    limit_seconds: float
    failure: Failure | None = None
    detail: str | None = None
    http_status: int | None = None
    retry_after: str | None = None
    content_type: str | None = None
    location: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Exchange:
    """How one try of a request went.

    `parts` is empty unless an answer was read. `body` is the text of the answer as far as it came, bounded,
    with `***` for secrets; None when none began. `reason` is a sentence for people where the parts do not
    speak for themselves. `retry_after_ms` is how long the gateway asks to wait. Times are UTC in
    microseconds since 1970.
    """

    outcome: Outcome
    phase: Phase
    parts: tuple[PartAnswer, ...]
    http_status: int | None
    body: str | None
    reason: str | None
    retry_after_ms: int | None
    started_us: int
    ended_us: int


def judge(request: GatewayRequest, evidence: Evidence, *, started_us: int, ended_us: int) -> Exchange:
    """The verdict on an exchange, by its evidence alone."""
    parts: tuple[PartAnswer, ...] = ()
    wait: int | None = None
    outcome, reason = _by_http_status(evidence)
    if outcome is Outcome.ANSWERED:
        try:
            # Also when the connection broke afterwards: what can be read as a whole was sent as a whole.
            answer = parse(evidence.body, request.wire.format)
        except UnreadableAnswer as error:
            outcome = Outcome.UNCERTAIN
            reason = failed(evidence) or f"{error.message[:-1]}{_other_type(evidence)}."
        else:
            reason = answer.note
            parts = tuple(_redacted(request, part, evidence.token) for part in answer.parts)
            wait = _wait_of_parts(parts)
    elif outcome is Outcome.THROTTLED:
        wait = _wait_of_header(evidence.retry_after, now_us=ended_us)
    body = None
    if evidence.http_status is not None:
        text = request.redact(evidence.body.decode("utf-8", "replace"), token=evidence.token)
        body = text[:_MOST_KEPT_CHARACTERS]
        if outcome is not Outcome.ANSWERED and evidence.http_status >= 400:
            said = problem_of(text)
            reason = f"{reason} It said: {said}" if said else reason
    return Exchange(
        outcome=outcome,
        phase=evidence.phase,
        parts=parts,
        http_status=evidence.http_status,
        body=body,
        reason=reason,
        retry_after_ms=wait,
        started_us=started_us,
        ended_us=ended_us,
    )


def _by_http_status(evidence: Evidence) -> tuple[Outcome, str | None]:
    """The outcome that phases and HTTP status prove; a 2xx counts as answered until its body is read."""
    match evidence.http_status:
        case None if evidence.failure is Failure.TOKEN_REFUSED:
            return Outcome.REFUSED, evidence.detail
        case None if not evidence.wrote:
            return Outcome.NOT_SENT, failed(evidence)
        case None:
            return Outcome.UNCERTAIN, failed(evidence)
        case status if 200 <= status < 300:
            return Outcome.ANSWERED, None
        case 429:
            return Outcome.THROTTLED, "The gateway asks to slow down (HTTP 429)."
        case 408:
            return Outcome.UNCERTAIN, "The gateway stopped waiting for the request (HTTP 408)."
        case status if 400 <= status < 500:
            return Outcome.REFUSED, f"The gateway did not accept the request (HTTP {status})."
        case status if 300 <= status < 400:
            return Outcome.UNCERTAIN, (
                f"The gateway pointed to another address (HTTP {status}{_host(evidence.location)}), "
                "which is never followed."
            )
        case status if status >= 500:
            return Outcome.UNCERTAIN, f"The gateway had a fault (HTTP {status})."
        case status:
            return (
                Outcome.UNCERTAIN,
                f"The gateway's answer does not fit the request (HTTP {status}).",
            )


def failed(evidence: Evidence) -> str | None:
    """What ended the exchange before its time, as a sentence; None when nothing did."""
    if not evidence.wrote:
        return _failed_before_writing(evidence)
    limit = f"{evidence.limit_seconds:g} s"
    wrote = "The request was written"
    if evidence.phase is Phase.WRITING:
        wrote = "The request was being written"
    begun = evidence.phase in (Phase.ANSWERING, Phase.ANSWERED)
    match evidence.failure:
        case None:
            return None
        case Failure.DEADLINE | Failure.TOO_SLOW:
            return (
                f"{wrote}, but {'the answer was not complete' if begun else 'no answer came'} within {limit}."
            )
        case Failure.CANCELLED:
            return f"{wrote}, then waiting for the answer was stopped."
        case Failure.NOT_HTTP if not begun:
            return f"{wrote}, but what came back was not an HTTP answer."
        case Failure.TOO_LARGE:
            return f"{wrote}, but the answer was longer than {MOST_OCTETS // 1024} KiB."
        case Failure.FAULT:
            return f"{wrote}, then this program had a fault ({evidence.detail})."
        case _ if begun:
            return f"{wrote}, then the connection broke in the middle of the answer."
        case _:
            return f"{wrote}, then the connection broke before an answer came."


def _failed_before_writing(evidence: Evidence) -> str | None:
    detail = f" ({evidence.detail})" if evidence.detail else ""
    match evidence.failure:
        case None:
            return None
        case Failure.NAME:
            return "The name of the gateway was not found: no network, or a wrong address."
        case Failure.REFUSED:
            return "Nothing listens at the gateway's address: the connection was refused."
        case Failure.TOO_SLOW | Failure.DEADLINE:
            return "The gateway could not be reached in time."
        case Failure.TLS:
            return f"The secure connection to the gateway failed{detail}."
        case Failure.PROXY:
            return f"The proxy did not open the way to the gateway{detail}."
        case Failure.TOKEN | Failure.TOKEN_REFUSED:
            return evidence.detail
        case Failure.CANCELLED:
            return "It was stopped before anything was written."
        case Failure.FAULT:
            return f"This program had a fault before anything was written{detail}."
        case _:
            return f"The gateway could not be reached{detail}."


def _redacted(request: GatewayRequest, part: PartAnswer, token: str | None) -> PartAnswer:
    if part.error_text is None:
        return part
    return dataclasses.replace(part, error_text=request.redact(part.error_text, token=token))


def _other_type(evidence: Evidence) -> str:
    """`(HTTP 200)`, with what the answer says that it is where that is neither JSON nor XML."""
    declared = (evidence.content_type or "").partition(";")[0].strip().lower()
    odd = _MEDIA_TYPE.fullmatch(declared) is not None and not declared.endswith(("json", "xml"))
    return f" but {declared} (HTTP {evidence.http_status})" if odd else f" (HTTP {evidence.http_status})"


def _host(location: str | None) -> str:
    try:
        host = urlsplit(location or "").hostname
    except ValueError:
        return ""
    return f", {host[:100]}" if host and host.isprintable() else ""


def _wait_of_parts(parts: tuple[PartAnswer, ...]) -> int | None:
    throttled = (part for part in parts if api_status(part.status).group is StatusGroup.THROTTLED)
    return max(
        (wait for part in throttled if (wait := retry_after_ms(part.error_text)) is not None), default=None
    )


def _wait_of_header(value: str | None, *, now_us: int) -> int | None:
    """`Retry-After` in milliseconds: seconds, or a date (RFC 9110 10.2.3)."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:9])
    else:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.fromtimestamp(now_us / 1e6, UTC)).total_seconds()
    return round(1000 * min(max(seconds, 0.0), _LONGEST_WAIT_SECONDS))
