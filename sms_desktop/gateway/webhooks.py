"""Receipts and inbound messages as the gateway sends them. Called by services with a relay's events.

The gateway calls `msisdn` and `to` by whose message it is: in a receipt they are the recipient and our
sender, in an inbound message the sender and our number. Here each has a name of its own. Everything is total:
a field that is missing or unusable is None, and `fields` keeps all that came.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import parse_qsl

from sms_desktop.gateway.signing import SIGNATURE, verify
from sms_desktop.messages.ids import GatewayMessageId
from sms_desktop.messages.outcomes import Receipt
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.states import TERMINAL
from sms_desktop.messages.statuses import ReceiptError, receipt_error

SIGNATURE_SECONDS = 300
"""A signed webhook is this fresh (guide to signing messages, its sample)."""
MOST_FIELDS = 64
"""More parameters than this are not read from one webhook."""

_SCTS = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+")
_SMALL_NUMBER = re.compile(r"[0-9]{1,5}")
_JSON_TYPE = re.compile(r"(?:application|text)/(?:[\w.+-]*\+)?(?:x-)?(?:json(?:request)?|javascript)")


class WebhookKind(StrEnum):
    """What a webhook tells."""

    RECEIPT = "receipt"
    INBOUND = "inbound"
    UNREADABLE = "unreadable"


class Signed(StrEnum):
    """What a webhook's signature proves."""

    VALID = "valid"
    INVALID = "invalid"
    ABSENT = "absent"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Concatenation:
    """Which part of a longer message this is: `part` counts from 1 to `total`; all parts share `ref`."""

    ref: str
    total: int
    part: int


@dataclass(frozen=True, slots=True)
class ReceiptPayload:
    """A delivery receipt: what became of one part of a message of ours.

    `status` is the word as it came; `scts` is the carrier's time (YYMMDDHHMM), documented as UTC but often
    local to the carrier; `pushed_at` is when the gateway began to send the receipt, in UTC. Money is text.
    """

    message_id: GatewayMessageId | None
    recipient: str | None
    sender: str | None
    status: str | None
    err_code: str | None
    scts: str | None
    network: str | None
    price: str | None
    client_ref: str | None
    api_key: str | None
    pushed_at: datetime | None
    fields: Mapping[str, str] = field(repr=False)

    @property
    def error(self) -> ReceiptError | None:
        """What `err_code` means and what to do; None without one, and with `accepted`, where it says nothing.

        SMS API reference (2016), "Delivery Receipt": ignore err-code if status is accepted.
        """
        if self.err_code is None or (self.status or "").lower() == "accepted":
            return None
        return receipt_error(self.err_code)

    @property
    def receipt(self) -> Receipt:
        """The receipt as `messages.states` weighs it."""
        return Receipt(self.status or "", self.err_code or "", self.scts or "")

    @property
    def is_final(self) -> bool:
        """True if nothing more is expected after it."""
        return self.receipt.state in TERMINAL

    @property
    def carrier_time(self) -> str | None:
        """`scts` in ISO form, without a zone since none is guaranteed (`2018-10-25T13:10`), or None."""
        match = _SCTS.fullmatch(self.scts or "")
        if match is None:
            return None
        text = "20{}-{}-{}T{}:{}".format(*match.groups())
        try:
            datetime.fromisoformat(text)
        except ValueError:
            return None
        return text


@dataclass(frozen=True, slots=True)
class InboundPayload:
    """A message to one of our numbers, or one part of it.

    `type` is text, unicode or binary, as it came; `data` and `udh` (a binary message's content and header)
    are kept as the text that came, hexadecimal as a rule; `keyword` is the gateway's own idea of the first
    word.
    """

    message_id: GatewayMessageId | None
    sender: str | None
    own_number: str | None
    type: str | None
    text: str | None
    keyword: str | None
    data: str | None
    udh: str | None
    concatenation: Concatenation | None
    api_key: str | None
    pushed_at: datetime | None
    fields: Mapping[str, str] = field(repr=False)

    @property
    def octets(self) -> bytes | None:
        """The content of a binary message, where `data` is hexadecimal; its form is not documented."""
        return _octets(self.data)

    @property
    def header(self) -> bytes | None:
        """The user data header of a binary message, with its length octet, where `udh` is hexadecimal."""
        return _octets(self.udh)


def signature_of(
    fields: Mapping[str, str],
    *,
    secret: str,
    algorithm: SignatureAlgorithm = SignatureAlgorithm.MD5HASH,
    now: float | None = None,
) -> Signed:
    """Whether a webhook is signed by who knows the signature secret.

    With `now` (seconds since 1970, UTC) a `timestamp` more than five minutes away is STALE: somebody may
    repeat what was heard once. Raises Mendable for an empty secret.
    """
    if not fields.get(SIGNATURE):
        return Signed.ABSENT
    if not verify(fields, secret=secret, algorithm=algorithm):
        return Signed.INVALID
    if now is not None:
        stamp = fields.get("timestamp", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
            return Signed.STALE
        if abs(now - int(stamp)) > SIGNATURE_SECONDS:
            return Signed.STALE
    return Signed.VALID


def kind_of(fields: Mapping[str, str]) -> WebhookKind:
    """Tell a receipt (a status and an id, no content) from an inbound message (content, or a type)."""
    content = any(name in fields for name in ("text", "data", "udh"))
    if "status" in fields and "messageId" in fields and not content:
        return WebhookKind.RECEIPT
    if "msisdn" in fields and (content or "type" in fields):
        return WebhookKind.INBOUND
    return WebhookKind.UNREADABLE


def receipt(fields: Mapping[str, str]) -> ReceiptPayload:
    """Read a delivery receipt (SMS API 1.5.0, schema `DeliveryReceipt`)."""
    message_id = _given(fields, "messageId")
    return ReceiptPayload(
        message_id=GatewayMessageId(message_id) if message_id else None,
        recipient=_given(fields, "msisdn"),
        sender=_given(fields, "to"),
        status=_given(fields, "status"),
        err_code=_given(fields, "err-code"),
        scts=_given(fields, "scts"),
        network=_given(fields, "network-code"),
        price=_given(fields, "price"),
        client_ref=_given(fields, "client-ref"),
        api_key=_given(fields, "api-key"),
        pushed_at=_moment(fields.get("message-timestamp")),
        fields=dict(fields),
    )


def inbound(fields: Mapping[str, str]) -> InboundPayload:
    """Read an inbound message or a part of one (SMS API 1.5.0, schema `InboundMessage`)."""
    message_id = _given(fields, "messageId")
    return InboundPayload(
        message_id=GatewayMessageId(message_id) if message_id else None,
        sender=_given(fields, "msisdn"),
        own_number=_given(fields, "to"),
        type=_given(fields, "type"),
        text=fields.get("text"),
        keyword=_given(fields, "keyword"),
        data=fields.get("data"),
        udh=fields.get("udh"),
        concatenation=_concatenation(fields),
        api_key=_given(fields, "api-key"),
        pushed_at=_moment(fields.get("message-timestamp")),
        fields=dict(fields),
    )


def fields_from(method: str, content_type: str | None, query: str, body: bytes) -> dict[str, str]:
    """The parameters of a webhook request: the query's, then those of a form or JSON body, which win.

    A name given twice keeps its first value. JSON numbers keep their digits, true and false become words,
    nested values become JSON text, null is left out. What can't be read gives nothing, as does more than
    `MOST_FIELDS`.
    """
    fields = _form(query)
    if method.upper() != "GET" and body:
        declared = (content_type or "").partition(";")[0].strip().lower()
        is_json = _JSON_TYPE.fullmatch(declared) is not None
        if not declared and body.lstrip()[:1] == b"{":
            is_json = True
        fields |= _json(body) if is_json else _form(body.decode("utf-8", "replace"))
    return fields


def _form(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return fields
    for name, value in pairs:
        fields.setdefault(_storable(name), _storable(value))
    return fields


def _json(body: bytes) -> dict[str, str]:
    try:
        document = json.loads(body, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(document, dict) or len(document) > MOST_FIELDS:
        return {}
    return {
        _storable(name): _storable(value if isinstance(value, str) else json.dumps(value))
        for name, value in document.items()
        if value is not None
    }


def _storable(text: str) -> str:
    """`text` with U+FFFD for half a surrogate pair, which neither a file nor a socket takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _octets(text: str | None) -> bytes | None:
    digits = (text or "").strip()
    if not digits or len(digits) % 2 or _HEXADECIMAL.fullmatch(digits) is None:
        return None
    return bytes.fromhex(digits)


def _given(fields: Mapping[str, str], name: str) -> str | None:
    return fields.get(name, "").strip() or None


def _concatenation(fields: Mapping[str, str]) -> Concatenation | None:
    ref, total, part = (_given(fields, name) for name in ("concat-ref", "concat-total", "concat-part"))
    if ref is None or total is None or part is None or (_given(fields, "concat") or "true").lower() != "true":
        return None
    if _SMALL_NUMBER.fullmatch(total) is None or _SMALL_NUMBER.fullmatch(part) is None:
        return None
    # TS 23.040 9.2.3.24.1: both are one octet, and the parts of a message count from 1.
    if not 1 <= int(part) <= int(total) <= 255:
        return None
    return Concatenation(ref, int(total), int(part))


def _moment(text: str | None) -> datetime | None:
    """`2020-01-01 12:00:00` (SMS API 1.5.0) or `2020-01-01T12:00:00.000+00:00` (seen in receipts), as UTC."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
