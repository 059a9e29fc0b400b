"""The addresses under which a gateway reaches a stream. Called by services when an account is connected.

An ingest token stands in each: they are secrets, and shown with `hidden`.
"""

from __future__ import annotations

import re

from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.options import CALLBACK_MAXIMUM
from sms_desktop.messages.transport import private_url
from sms_desktop.relay.events import is_ingest_token

_TOKEN_IN_PATH = re.compile(r"/h/[A-Za-z0-9_-]{22}")


def receipt_address(relay_url: str, ingest_token: str) -> str:
    """Where delivery receipts go. Raises Mendable for a relay that no callback can name."""
    return _address(relay_url, ingest_token, "d")


def inbound_address(relay_url: str, ingest_token: str) -> str:
    """Where inbound messages go. Raises Mendable for a relay that no callback can name."""
    return _address(relay_url, ingest_token, "m")


def hidden(text: str) -> str:
    """The same without the tokens: what may be shown and logged."""
    return _TOKEN_IN_PATH.sub("/h/***", text)


def _address(relay_url: str, ingest_token: str, door: str) -> str:
    if not is_ingest_token(ingest_token):
        raise Mendable(
            "ingest_token: this is not an ingest token of a relay. It has 22 letters, digits, hyphens and "
            "underscores.",
            field="ingest_token",
        )
    address = f"{private_url(relay_url, field='relay_url')}/h/{ingest_token}/{door}"
    if len(address) > CALLBACK_MAXIMUM:
        longest = CALLBACK_MAXIMUM - len(f"/h/{ingest_token}/{door}")
        raise Mendable(
            f"relay_url: with a token behind it the address has {len(address)} characters, and a callback "
            f"may have {CALLBACK_MAXIMUM}. The relay's own address may have {longest}.",
            field="relay_url",
        )
    return address
