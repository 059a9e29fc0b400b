"""The gateway's answer, read whatever its quirks: one status for each part of a message. Called by client."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sms_desktop.gateway.errors import UnreadableAnswer
from sms_desktop.messages.ids import GatewayMessageId

_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")
_PLEASE_WAIT = re.compile(r"please wait \[\s*([0-9]{1,9})\s*\]", re.IGNORECASE)
_INTERVAL = re.compile(r"\bINTERVAL \[\s*([0-9]{1,9})\s*\]")
_SINCE_INTERVAL = re.compile(r"\bTIME_SINCE_LAST_INTERVAL_START \[\s*([0-9]{1,9})\s*\]")


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """What the gateway answered for one part; `index` counts from 1.

    `status` is "0" when the part was accepted; `network` is an estimate. Money is text as it came, in the
    account's currency: some gateways mask it ("*****"). None stands for what was not in the answer.
    """

    index: int
    status: str
    error_text: str | None = None
    message_id: GatewayMessageId | None = None
    to: str | None = None
    price: str | None = None
    balance: str | None = None
    network: str | None = None
    client_ref: str | None = None

    @property
    def accepted(self) -> bool:
        """True if the gateway took this part."""
        return self.status == "0"


@dataclass(frozen=True, slots=True)
class Answer:
    """A readable answer: its parts in order, at least one, and how many it announced, if it did."""

    parts: tuple[PartAnswer, ...]
    announced: int | None

    @property
    def note(self) -> str | None:
        """A sentence when the announced number of parts is not the number listed; the list is what counts."""
        if self.announced is None or self.announced == len(self.parts):
            return None
        return f"The gateway announced {self.announced} parts and listed {len(self.parts)}."


def parse_json(body: bytes) -> Answer:
    """Read a JSON answer (SMS API 1.5.0, schemas `SMS` and `Error`), numbers as text or as numbers.

    Raises UnreadableAnswer for anything that does not say one status for each of one or more parts.
    """
    try:
        # Numbers stay as they are written: a price is text, and no number can be too long to read.
        document = json.loads(body, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise UnreadableAnswer("The gateway's answer is not JSON.") from None
    if not isinstance(document, dict):
        raise UnreadableAnswer("The gateway's answer is JSON, but not an object.")
    listed = document.get("messages")
    if not isinstance(listed, list) or not listed:
        raise UnreadableAnswer("The gateway's answer holds no list of messages.")
    count = _text(document.get("message-count"))
    announced = int(count) if count is not None and re.fullmatch(r"[0-9]{1,6}", count) else None
    return Answer(tuple(_part(index, entry) for index, entry in enumerate(listed, start=1)), announced)


def money(text: str | None) -> Decimal | None:
    """The amount that a price or balance says, or None where it is missing or masked."""
    if text is None or _AMOUNT.fullmatch(text.strip()) is None:
        return None
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def retry_after_ms(error_text: str | None) -> int | None:
    """The milliseconds that a throttled part's error text asks to wait, or None where it names none.

    Two texts are known: `please wait [ 978 ]`, and one that gives an interval and how much of it has passed.
    """
    if error_text is None:
        return None
    wait = _PLEASE_WAIT.search(error_text)
    if wait is not None:
        return int(wait[1])
    interval, since = _INTERVAL.search(error_text), _SINCE_INTERVAL.search(error_text)
    if interval is not None and since is not None:
        return max(0, int(interval[1]) - int(since[1]))
    return None


def _part(index: int, entry: object) -> PartAnswer:
    if not isinstance(entry, dict):
        raise UnreadableAnswer(f"Message {index} of the gateway's answer is not an object.")
    status = _text(entry.get("status"))
    if not status:
        raise UnreadableAnswer(f"Message {index} of the gateway's answer has no status.")
    message_id = _text(entry.get("message-id"))
    return PartAnswer(
        index=index,
        status=status,
        error_text=_text(entry.get("error-text")),
        message_id=GatewayMessageId(message_id) if message_id else None,
        to=_text(entry.get("to")),
        price=_text(entry.get("message-price")),
        balance=_text(entry.get("remaining-balance")),
        network=_text(entry.get("network")),
        client_ref=_text(entry.get("client-ref")),
    )


def _text(value: Any) -> str | None:
    """A JSON string or number as text; half a surrogate pair, which nothing can store, becomes U+FFFD."""
    if not isinstance(value, str):
        return None
    return value.strip().encode("utf-16", "surrogatepass").decode("utf-16", "replace")
