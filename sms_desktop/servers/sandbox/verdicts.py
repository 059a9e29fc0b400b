"""A message as the sandbox takes it, or why it does not. Made by submission and credentials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sms_desktop.messages.message import Message


@dataclass(frozen=True, slots=True)
class Submission:
    """A message that breaks no rule.

    `callback` is the request's own address for receipts, or None. `inbound` is KPN's header: replies go to
    the registered webhook.
    """

    sender: str
    to: str
    content: Message
    wants_receipts: bool
    callback: str | None
    client_ref: str | None
    account_ref: str | None = None
    message_class: int | None = None
    inbound: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused message: the documented status and the text beside it."""

    status: str
    error_text: str


# Texts as the gateway is known to give them where they are known; else the names of SMS API 1.5.0 and of the
# SMS API reference (2016).
_TEXTS: Final = {
    "1": "Throughput Rate Exceeded - please wait [ 978 ] and retry",
    "2": "Missing parameters",
    "3": "Invalid parameters",
    "4": "Invalid credentials",
    "5": "Internal Error",
    "6": "Unroutable message - rejected: the prefix of the number is not known",
    "7": "Number barred.",
    "8": "Partner account barred",
    "9": "Quota Exceeded - rejected",
    "10": "Too many existing binds",
    "11": "Account not enabled for HTTP",
    "12": "Message too long",
    "13": "Communication failed",
    "14": "Invalid Signature",
    "15": "Illegal Sender Address - rejected",
    "16": "Invalid TTL",
    "17": "Message blocked by provider",
    "18": "Too many destinations: use one number",
    "19": "Facility not allowed",
    "20": "Invalid Message class",
    "22": "Invalid Network code",
    "23": "Invalid Callback Url",
    "29": "Non White-listed Destination - rejected",
    "32": "Signature And API Secret Disallowed",
    "33": "Number De-activated",
    "34": "Invalid or Missing Msisdn Param",
}


def refusal(status: str, more: str = "") -> Refusal:
    """The refusal with a status, in the gateway's words, and with `more` behind them."""
    text = _TEXTS.get(status, f"Error {status}")
    return Refusal(status, f"{text}: {more}" if more else text)


def missing(name: str) -> Refusal:
    """The refusal of a request without a parameter."""
    return Refusal("2", f"Missing {name} param")
