"""The documents' rules for a message: what is accepted, and which status refuses the rest. Used by app.

The documents are SMS API 1.5.0 and the older SMS API reference; where they differ, the line says which
decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sms_desktop.gateway.sandbox import MAGIC_RECIPIENTS, Behaviour
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.options import CALLBACK_MAXIMUM, CLIENT_REF_MAXIMUM, TTL_MAXIMUM, TTL_MINIMUM
from sms_desktop.servers.sandbox.account import Account

_LONGEST_TEXT = 3200
"""Characters: what the gateway takes, less than the 255 parts that TS 23.040 allows."""

_TYPES = frozenset({str(Kind.TEXT), str(Kind.UNICODE)})
_OTHER_TYPES = frozenset(str(kind) for kind in Kind) - _TYPES
_MSISDN = re.compile(r"[0-9]{7,15}")
_NUMBER = re.compile(r"[0-9]{1,15}")
_SENDER = re.compile(r"\+?[0-9]{1,15}|[A-Za-z0-9]{1,11}")
_REPORT_WORDS = {"1": True, "true": True, "0": False, "false": False}
_BEHAVIOURS = {magic.number: magic.behaviour for magic in MAGIC_RECIPIENTS}


@dataclass(frozen=True, slots=True)
class Submission:
    """An accepted message. `callback` is the request's own address for receipts, or None."""

    sender: str
    to: str
    kind: Kind
    text: str
    wants_receipts: bool
    callback: str | None
    client_ref: str | None
    behaviour: Behaviour | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused message: the documented status and the text beside it."""

    status: str
    error_text: str


def judge(parameters: Mapping[str, str], account: Account) -> Submission | Refusal:
    """Accept a message, or say with which status it is refused: the first rule that it breaks decides."""
    return (
        _credentials(parameters, account)
        or _required(parameters)
        or _kind(parameters)
        or _addresses(parameters)
        or _options(parameters)
        or _accepted(parameters)
    )


def _credentials(parameters: Mapping[str, str], account: Account) -> Refusal | None:
    for name in ("api_key", "api_secret"):
        if not parameters.get(name):
            return _missing(name)
    if not account.knows(parameters["api_key"], parameters["api_secret"]):
        return Refusal("4", "Invalid credentials")
    return None


def _required(parameters: Mapping[str, str]) -> Refusal | None:
    # A missing `to` is status 2 in the example of SMS API 1.5.0, schema `ErrorMessage`; the older reference
    # has status 34 for it as well.
    for name in ("from", "to"):
        if not parameters.get(name):
            return _missing(name)
    return None


def _kind(parameters: Mapping[str, str]) -> Refusal | None:
    kind = parameters.get("type", "text")
    if kind in _OTHER_TYPES:
        return Refusal("19", f"Facility not allowed: this sandbox takes text and unicode, not {kind}")
    if kind not in _TYPES:
        return Refusal("3", "Invalid Message Type")
    if not parameters.get("text"):
        return _missing("text")
    if len(parameters["text"]) > _LONGEST_TEXT:
        return Refusal("12", f"Message too long: a text holds at most {_LONGEST_TEXT} characters")
    return None


def _addresses(parameters: Mapping[str, str]) -> Refusal | None:
    to = parameters["to"]
    if _MSISDN.fullmatch(to) is None:
        return Refusal("34", "Invalid or Missing Msisdn Param")
    if _BEHAVIOURS.get(to) is Behaviour.BARRED:
        return Refusal("7", "Number barred.")
    if not _has_known_prefix(to):
        return Refusal("6", "Invalid message: the prefix of the number is not known")
    if (
        _SENDER.fullmatch(parameters["from"].replace(" ", "")) is None
    ):  # SMS API 1.5.0: "spaces will be ignored"
        return Refusal("15", "Illegal Sender Address - rejected")
    return None


def _options(parameters: Mapping[str, str]) -> Refusal | None:
    ttl = parameters.get("ttl")
    if ttl is not None and not (_NUMBER.fullmatch(ttl) and TTL_MINIMUM <= int(ttl) <= TTL_MAXIMUM):
        return Refusal("16", f"Invalid TTL: use {TTL_MINIMUM} to {TTL_MAXIMUM} milliseconds")
    if parameters.get("message-class", "0") not in ("0", "1", "2", "3"):
        return Refusal("20", "Invalid Message class: use 0, 1, 2 or 3")
    callback = parameters.get("callback")
    if callback is not None and "://" not in callback:
        return Refusal("23", "Bad callback :: Missing Protocol")
    if callback is not None and not _is_callback(callback):
        return Refusal("23", f"Invalid Callback Url: use https and at most {CALLBACK_MAXIMUM} characters")
    if not 1 <= len(parameters.get("client-ref", "-")) <= CLIENT_REF_MAXIMUM:
        return Refusal("3", f"Invalid client-ref param: use 1 to {CLIENT_REF_MAXIMUM} characters")
    if parameters.get("status-report-req", "1").lower() not in _REPORT_WORDS:
        return Refusal("3", "Invalid status-report-req param: use 1 or 0")
    return None


def _accepted(parameters: Mapping[str, str]) -> Submission:
    return Submission(
        sender=parameters["from"].replace(" ", ""),
        to=parameters["to"],
        kind=Kind(parameters.get("type", "text")),
        text=parameters["text"],
        # SMS API 1.5.0: true unless the request says otherwise; the older reference wants a 1.
        wants_receipts=_REPORT_WORDS[parameters.get("status-report-req", "1").lower()],
        callback=parameters.get("callback"),
        client_ref=parameters.get("client-ref"),
        behaviour=_BEHAVIOURS.get(parameters["to"]),
    )


def _missing(name: str) -> Refusal:
    return Refusal("2", f"Missing {name} param")


def _has_known_prefix(number: str) -> bool:
    """Whether a number begins with a country code that is in use (ITU-T E.164)."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE  # numbering plans are large: loaded at first use

    return any(
        int(number[:length]) in COUNTRY_CODE_TO_REGION_CODE for length in (1, 2, 3) if number[0] != "0"
    )


def _is_callback(callback: str) -> bool:
    if (
        len(callback) > CALLBACK_MAXIMUM
        or not callback.isascii()
        or not callback.isprintable()
        or " " in callback
    ):
        return False
    try:
        parts = urlsplit(callback)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
