"""The gateway's answer, read whatever its quirks: one status for each part of a message. Called by evidence.

JSON spells names with hyphens and XML in camel case (`message-id`, `messageId`), and examples of either use
the other: both are read in both, in any order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.parsers import expat

from sms_desktop.gateway.errors import UnreadableAnswer
from sms_desktop.messages.ids import GatewayMessageId
from sms_desktop.messages.wire import RequestFormat

MOST_PARTS = 255
"""Of one message (TS 23.040 9.2.3.24.1)."""
_LONGEST_STATUS = 40
_LONGEST_TEXT = 1_000

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
    account_ref: str | None = None

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


def parse(body: bytes, wire: RequestFormat) -> Answer:
    """Read an answer in the format that was asked for, or in the other one where it came in that.

    Raises UnreadableAnswer for anything that does not say one status for each of one or more parts.
    """
    if not body.strip():
        raise UnreadableAnswer("The gateway's answer is empty.")
    readers = (parse_xml, parse_json) if wire is RequestFormat.XML else (parse_json, parse_xml)
    try:
        return readers[0](body)
    except UnreadableAnswer as first:
        try:
            return readers[1](body)
        except UnreadableAnswer:
            raise first from None


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
    _check_count(listed)
    parts = []
    for index, entry in enumerate(listed, start=1):
        if not isinstance(entry, dict):
            raise UnreadableAnswer(f"Message {index} of the gateway's answer is not an object.")
        fields: dict[str, Any] = {}
        for name, value in entry.items():
            fields.setdefault(_plain(name), value)
        parts.append(_part(index, fields))
    return Answer(tuple(parts), _announced(document.get("message-count", document.get("messageCount"))))


def parse_xml(body: bytes) -> Answer:
    """Read an XML answer (SMS API 1.5.0, schemas `SMSXml` and `ErrorXml`).

    Document types and entities are refused, whatever they say. Raises UnreadableAnswer for anything that does
    not say one status for each of one or more parts.
    """
    reading = _XmlReading()
    try:
        reading.parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise UnreadableAnswer("The gateway's answer is not XML.") from None
    if reading.root != "mtsubmissionresponse":
        raise UnreadableAnswer("The gateway's answer is XML, but no list of messages.")
    if not reading.entries:
        raise UnreadableAnswer("The gateway's answer holds no list of messages.")
    _check_count(reading.entries)
    parts = tuple(_part(index, entry) for index, entry in enumerate(reading.entries, start=1))
    return Answer(parts, _announced(reading.count))


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


class _XmlReading:
    """What is gathered while expat goes through an answer: the fields of each `message` in `messages`."""

    _DEEPEST = 16

    def __init__(self) -> None:
        self.root = ""
        self.count: str | None = None
        self.entries: list[dict[str, str]] = []
        self._path: list[str] = []
        self._text: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append
        # Before any entity can be declared: none is ever expanded, and nothing outside is ever read.
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(_plain(name))
        self._text.clear()
        match self._path:
            case [root]:
                self.root = root
            case [_, "messages"]:
                self.count = attributes.get("count")
            case [_, "messages", "message"]:
                self.entries.append({})
            case path if len(path) > self._DEEPEST:
                raise ValueError("too deep")

    def _end(self, _name: str) -> None:
        match self._path:
            case [_, "messages", "message", field]:
                self.entries[-1].setdefault(field, "".join(self._text))
            case [_, "messagecount"]:
                self.count = self.count or "".join(self._text)
        self._path.pop()
        self._text.clear()

    def _refuse(self, *_: object) -> None:
        raise ValueError("a document type")


def _check_count(listed: Sequence[object]) -> None:
    if len(listed) > MOST_PARTS:
        raise UnreadableAnswer(
            f"The gateway's answer lists {len(listed):,} parts. A message has {MOST_PARTS} at most."
        )


def _part(index: int, fields: Mapping[str, Any]) -> PartAnswer:
    status = _text(fields.get("status"))
    if not status:
        raise UnreadableAnswer(f"Message {index} of the gateway's answer has no status.")
    if len(status) > _LONGEST_STATUS:
        raise UnreadableAnswer(f"Message {index} of the gateway's answer has a status that is none.")
    message_id = _text(fields.get("messageid"))
    return PartAnswer(
        index=index,
        status=status,
        error_text=_text(fields.get("errortext")) or None,
        message_id=GatewayMessageId(message_id) if message_id else None,
        to=_text(fields.get("to")),
        price=_text(fields.get("messageprice")),
        balance=_text(fields.get("remainingbalance")),
        network=_text(fields.get("network")),
        client_ref=_text(fields.get("clientref")),
        account_ref=_text(fields.get("accountref")),
    )


def _plain(name: str) -> str:
    """A name without what its two spellings differ in: `message-id` and `messageId` become `messageid`."""
    return name.rpartition(":")[2].replace("-", "").lower()


def _announced(value: Any) -> int | None:
    count = _text(value)
    return int(count) if count is not None and re.fullmatch(r"[0-9]{1,6}", count) else None


def _text(value: Any) -> str | None:
    """A text as it can be stored and shown, None for what is no text.

    Half a surrogate pair becomes U+FFFD, and more than `_LONGEST_TEXT` characters end with an ellipsis.
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    if len(text) > _LONGEST_TEXT:
        text = text[: _LONGEST_TEXT - 1] + "…"
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
