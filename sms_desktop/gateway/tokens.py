"""Access tokens for a client id and its secret (RFC 6749 4.4): fetched, kept until shortly before they end.

Used by client, one collection for each.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from sms_desktop.gateway.auth import Bearer
from sms_desktop.gateway.evidence import Evidence, failed
from sms_desktop.gateway.problems import problem_of
from sms_desktop.gateway.request import GatewayRequest, secret_parameter, shown_parameter
from sms_desktop.messages.errors import Mendable, SmsDesktopError, TryLater

EARLY_SECONDS = 60.0
"""A token is not used any more so long before its end."""

Ask: TypeAlias = Callable[[GatewayRequest], Evidence]
"""Sends a request once, and says what was seen of it."""

_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class _Kept:
    token: str = field(repr=False)
    until: float


class Tokens:
    """The tokens in use. Any thread may ask; who asks while one is being fetched waits for it.

    `clock` counts seconds and never goes back. The `exchange` of who asks sends a request once and says what
    became of it.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[Bearer, _Kept] = {}

    def get(self, bearer: Bearer, exchange: Ask) -> str:
        """A token that is good for a while. Raises Mendable for a wrong id or secret, else TryLater."""
        with self._lock:
            kept = self._kept.get(bearer)
            if kept is not None and self._clock() < kept.until:
                return kept.token
            return self._fetch(bearer, exchange)

    def renew(self, bearer: Bearer, refused: str, exchange: Ask) -> str:
        """Another token than `refused`, which the gateway did not take. Raises as `get`."""
        with self._lock:
            kept = self._kept.get(bearer)
            if kept is not None and kept.token != refused and self._clock() < kept.until:
                return kept.token  # another thread was quicker
            return self._fetch(bearer, exchange)

    def _fetch(self, bearer: Bearer, exchange: Ask) -> str:
        self._kept.pop(bearer, None)
        request = token_request(bearer)
        asked = self._clock()
        evidence = exchange(request)
        status = evidence.http_status
        if status is None or not 200 <= status < 300:
            raise _refusal(request, evidence)
        token, seconds = _read(evidence.body)
        # A life too short for that margin is used up to its half.
        self._kept[bearer] = _Kept(token, asked + max(seconds - EARLY_SECONDS, seconds / 2))
        return token


def token_request(bearer: Bearer) -> GatewayRequest:
    """The request for a token: client id and secret as a form. Raises Mendable for an empty one."""
    return GatewayRequest(
        method="POST",
        url=bearer.token_url,
        parameters=(
            shown_parameter("client_id", bearer.client_id),
            secret_parameter("client_secret", bearer.client_secret),
        ),
    )


def _read(body: bytes) -> tuple[str, float]:
    unreadable = TryLater("The gateway's answer holds no access token.")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise unreadable from None
    if not isinstance(document, dict):
        raise unreadable
    token, life = document.get("access_token"), document.get("expires_in")
    if not isinstance(token, str) or _TOKEN.fullmatch(token) is None:
        raise unreadable
    seconds = str(life) if isinstance(life, int | str) else ""
    return token, float(seconds) if _SECONDS.fullmatch(seconds) else 0.0


def _refusal(request: GatewayRequest, evidence: Evidence) -> SmsDesktopError:
    status = evidence.http_status
    if status in {400, 401, 403}:
        said = problem_of(request.redact(evidence.body.decode("utf-8", "replace")))
        return Mendable(
            f"The gateway did not accept client id and secret (HTTP {status})."
            + (f" It said: {said}" if said else ""),
            field="client_id",
            hint="Copy both again from the application's page in the provider's portal.",
        )
    if status is None:
        return TryLater(f"No access token: {failed(evidence) or 'the gateway did not answer.'}")
    return TryLater(f"No access token: the gateway answered with HTTP {status}.")
