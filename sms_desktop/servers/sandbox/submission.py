"""The documents' rules for a message: what is accepted, and which status refuses the rest. Used by judging.

The documents are SMS API 1.5.0, the older SMS API reference (2016) and KPN's portal; where they differ, the
line says which decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.options import (
    CALLBACK_MAXIMUM,
    CLIENT_REF_MAXIMUM,
    TEXT_MAXIMUM,
    TTL_MAXIMUM,
    TTL_MINIMUM,
)
from sms_desktop.servers.sandbox.account import FACILITIES
from sms_desktop.servers.sandbox.networks import country_of
from sms_desktop.servers.sandbox.verdicts import Refusal, Submission, missing, refusal

Dialect = Literal["nexmo", "kpn"]

_MOST_BINARY_OCTETS = 140
_LONGEST_CARD = 32_000
_KPN_CLIENT_REF_MAXIMUM = 40

_KINDS = {str(kind): kind for kind in Kind}
_REQUIRED = {
    Kind.TEXT: ("text",),
    Kind.UNICODE: ("text",),
    Kind.BINARY: (),
    Kind.WAPPUSH: ("title", "url"),
    Kind.VCARD: ("vcard",),
    Kind.VCAL: ("vcal",),
}
_MSISDN = re.compile(r"[0-9]{7,15}")
_SEVERAL = re.compile(r"[0-9+]+(?:[,; ]+[0-9+]+)+")
_NUMBER = re.compile(r"[0-9]{1,15}")
_SENDER = re.compile(r"\+?[0-9]{1,15}|[A-Za-z0-9]{1,11}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_NETWORK = re.compile(r"[0-9]{5,6}")
_REPORT_WORDS = {"1": True, "true": True, "0": False, "false": False}


def judge(
    parameters: Mapping[str, str], *, dialect: Dialect = "nexmo", facilities: frozenset[str] = FACILITIES
) -> Submission | Refusal:
    """Accept a message, or say with which status it is refused: the first rule that it breaks decides."""
    return (
        _required(parameters)
        or _kind(parameters, facilities)
        or _addresses(parameters)
        or _options(parameters, dialect, facilities)
        or _accepted(parameters, dialect)
    )


def _required(parameters: Mapping[str, str]) -> Refusal | None:
    # A missing `to` is status 2 in the example of SMS API 1.5.0, schema `ErrorMessage`; the older reference
    # has status 34 for it as well.
    for name in ("from", "to"):
        if not parameters.get(name):
            return missing(name)
    return None


def _kind(parameters: Mapping[str, str], facilities: frozenset[str]) -> Refusal | None:
    kind = _KINDS.get(parameters.get("type", "text"))
    if kind is None:
        return Refusal("3", "Invalid Message Type")
    if str(kind) in FACILITIES - facilities:
        return refusal("19", str(kind))
    # SMS API 1.5.0 requires `text` of every type; the older reference forbids it where there is no text.
    for name in _REQUIRED[kind]:
        if not parameters.get(name):
            return missing(name)
    if len(parameters.get("text", "")) > TEXT_MAXIMUM and "text" in _REQUIRED[kind]:
        return refusal("12", f"a text holds at most {TEXT_MAXIMUM} characters")
    if kind is Kind.BINARY:
        return _binary(parameters)
    if kind is Kind.WAPPUSH and not _NUMBER.fullmatch(parameters.get("validity", "0")):
        return _invalid("validity")
    if max(len(parameters.get(name, "")) for name in ("vcard", "vcal", "title", "url")) > _LONGEST_CARD:
        return refusal("12")
    return None


def _binary(parameters: Mapping[str, str]) -> Refusal | None:
    udh, body = parameters.get("udh", ""), parameters.get("body", "")
    if not udh and not body:
        return missing("body")
    for name, value in (("udh", udh), ("body", body)):
        if _HEX.fullmatch(value) is None:
            return _invalid(name)
    # The older reference, status 12.
    if len(udh) + len(body) > 2 * _MOST_BINARY_OCTETS:
        return refusal("12", f"udh and body hold at most {_MOST_BINARY_OCTETS} octets")
    return None


def _addresses(parameters: Mapping[str, str]) -> Refusal | None:
    to = parameters["to"]
    if _SEVERAL.fullmatch(to):
        return refusal("18")
    if _MSISDN.fullmatch(to) is None:
        return refusal("34")
    if not _has_known_prefix(to):
        return refusal("6")
    sender = parameters["from"].replace(" ", "")  # SMS API 1.5.0: "spaces will be ignored"
    if _SENDER.fullmatch(sender) is None:
        return refusal("15")
    # SMS API 1.5.0, status 15: in North America a long virtual number or short code is required.
    if to.startswith("1") and not sender.removeprefix("+").isdigit():
        return refusal("15")
    return None


def _options(parameters: Mapping[str, str], dialect: Dialect, facilities: frozenset[str]) -> Refusal | None:
    for name in ("client-ref", "account-ref", "pool-id"):
        if name in parameters and name not in facilities:
            return refusal("19", name)
    ttl = parameters.get("ttl")
    if ttl is not None and not (_NUMBER.fullmatch(ttl) and TTL_MINIMUM <= int(ttl) <= TTL_MAXIMUM):
        return refusal("16", f"use {TTL_MINIMUM} to {TTL_MAXIMUM} milliseconds")
    if parameters.get("message-class", "0") not in ("0", "1", "2", "3"):
        return refusal("20", "use 0, 1, 2 or 3")
    protocol_id = parameters.get("protocol-id", "0")
    if not (_NUMBER.fullmatch(protocol_id) and int(protocol_id) <= 255):
        return _invalid("protocol-id")
    network = parameters.get("network-code")
    if network is not None and not _fits(network, parameters["to"]):
        return refusal("22")
    callback = parameters.get("callback")
    if callback is not None and "://" not in callback:
        return Refusal("23", "Bad callback :: Missing Protocol")
    if callback is not None and not _is_callback(callback):
        return refusal("23", f"use https and at most {CALLBACK_MAXIMUM} characters")
    longest = _KPN_CLIENT_REF_MAXIMUM if dialect == "kpn" else CLIENT_REF_MAXIMUM
    if not 1 <= len(parameters.get("client-ref", "-")) <= longest:
        return _invalid("client-ref", f"use 1 to {longest} characters")
    for name in ("status-report-req", "trusted-number"):
        if parameters.get(name, "1").lower() not in _REPORT_WORDS:
            return _invalid(name, "use 1 or 0")
    return None


def _accepted(parameters: Mapping[str, str], dialect: Dialect) -> Submission:
    message_class = parameters.get("message-class")
    # SMS API 1.5.0: true unless the request says otherwise; the older reference wants a 1; KPN: false.
    report = parameters.get("status-report-req", "0" if dialect == "kpn" else "1")
    return Submission(
        sender=parameters["from"].replace(" ", ""),
        to=parameters["to"],
        content=_content(parameters),
        wants_receipts=_REPORT_WORDS[report.lower()],
        callback=parameters.get("callback"),
        client_ref=parameters.get("client-ref"),
        account_ref=parameters.get("account-ref"),
        message_class=int(message_class) if message_class is not None else None,
    )


def _content(parameters: Mapping[str, str]) -> Message:
    match _KINDS[parameters.get("type", "text")]:
        case Kind.TEXT:
            return Text(parameters["text"])
        case Kind.UNICODE:
            return Unicode(parameters["text"])
        case Kind.BINARY:
            protocol_id = int(parameters.get("protocol-id", "0"))
            udh, body = (bytes.fromhex(parameters.get(name, "")) for name in ("udh", "body"))
            return Binary(udh, body, protocol_id)
        case Kind.WAPPUSH:
            return WapPush(parameters["title"], parameters["url"])
        case Kind.VCARD:
            return VCard(parameters["vcard"])
        case Kind.VCAL:
            return VCal(parameters["vcal"])


def _invalid(name: str, more: str = "") -> Refusal:
    return Refusal("3", f"Invalid {name} param{': ' if more else ''}{more}")


def _fits(network: str, to: str) -> bool:
    """Whether a network code (MCCMNC) is one, and of the destination's country where that is known."""
    if _NETWORK.fullmatch(network) is None:
        return False
    country = country_of(to)
    return country is None or network.startswith(country.mcc)


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
