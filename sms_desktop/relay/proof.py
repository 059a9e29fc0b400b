"""Proves that what is sent to an address comes to a stream: the whole loop, with one event.

Called by services when an account is connected. Blocks: call it in a worker.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from sms_desktop.messages.errors import Mendable, TryLater
from sms_desktop.messages.transport import private_url
from sms_desktop.relay.client import RelayClient, secure_client
from sms_desktop.relay.errors import RelayRefused, RelayUnreachable
from sms_desktop.relay.events import CHECK, CHECK_PARAMETER

_ASK_SECONDS = 10.0
_LONGEST_WAIT = 5.0


class LoopBroken(Mendable):
    """The address answers, but what it was sent did not come to the stream; `field` is `ingest_token`."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The event that went round, and how long it took in milliseconds."""

    seq: int
    milliseconds: float


def prove_loop(
    client: RelayClient,
    address: str,
    *,
    proxy: str | None = None,
    ca_file: str | None = None,
    seconds: float = 15.0,
) -> Proof:
    """Bring a webhook of our own to `address`, as the gateway would, and wait for it in the client's stream.

    The stream keeps it as an event of kind `check`, which changes nothing. Raises RelayRefused when the
    address is not one of the relay, LoopBroken when it leads to another stream, RelayUnreachable and the
    errors of `RelayClient.page`.
    """
    nonce = secrets.token_urlsafe(24)
    start = client.page("head", limit=1, wait=0)
    began = time.monotonic()
    _bring(address, nonce, proxy=proxy, ca_file=ca_file)
    after = start.next
    while True:
        left = seconds - (time.monotonic() - began)
        if left <= 0:
            raise LoopBroken(
                "ingest_token: the relay took a test event, but it did not come to this profile's stream. "
                "Check that the ingest token is one of the stream that is read.",
                field="ingest_token",
            )
        page = client.page(after, wait=min(left, _LONGEST_WAIT), peek=True)
        for event in page.events:
            if event.kind == CHECK and event.payload.get(CHECK_PARAMETER) == nonce:
                return Proof(event.seq, (time.monotonic() - began) * 1000)
        after = page.next


def _bring(address: str, nonce: str, *, proxy: str | None, ca_file: str | None) -> None:
    import httpx

    url = private_url(address, field="relay_url")
    place = urlsplit(url).netloc
    try:
        with secure_client(url, proxy=proxy, ca_file=ca_file) as web:
            status = web.get(url, params={CHECK_PARAMETER: nonce}, timeout=_ASK_SECONDS).status_code
    except (httpx.HTTPError, OSError, UnicodeError):
        # The text of the error may hold the address, and with it the token.
        raise RelayUnreachable(f"No contact with the relay at {place}.") from None
    if status == 200:
        return
    if status in {429, 502, 503, 504}:
        raise TryLater(f"The relay at {place} is busy ({status}). Connect again later.")
    raise RelayRefused(
        f"The relay at {place} does not know the ingest token ({status}). "
        "Make one: smsctl relay tokens create.",
        field="ingest_token",
    )
