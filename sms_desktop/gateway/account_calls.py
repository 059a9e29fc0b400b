"""Calls about an account: balance, own numbers, prices, and where its webhooks go. Called by services.

Every call may be repeated without harm: reading changes nothing, and setting an address twice is setting it
once. They raise AccessRefused, CallRefused, CallNotOffered and CallFailed; no answer is an exception of
another kind. Spellings are those of the Account API and the Numbers API (2021) and of the KPN portal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Any, NoReturn

from sms_desktop.gateway.auth import Basic, Bearer
from sms_desktop.gateway.client import GatewayClient
from sms_desktop.gateway.errors import AccessRefused, CallFailed, CallNotOffered, CallRefused
from sms_desktop.gateway.evidence import Evidence, Failure, failed
from sms_desktop.gateway.problems import problem_of
from sms_desktop.gateway.providers import call_url
from sms_desktop.gateway.request import GatewayRequest, Parameter, Wire, authorization_of, mask_callback
from sms_desktop.gateway.response import money
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import RequestFormat

CURRENCY = "EUR"
"""Balance and prices are in euros (SMS API, keys of the answer)."""

_PAGE = 100
_MOST_PAGES = 50
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Access:
    """An account as its calls need it: a client to ask with, provider and address, and what proves us."""

    client: GatewayClient
    provider: Provider
    base_url: str | None
    auth: Basic | Bearer


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left: `text` as it came, `amount` where it is a number, in euros."""

    text: str
    amount: Decimal | None
    auto_reload: bool | None

    @property
    def words(self) -> str:
        """It with its currency, without the zeros that say nothing, but for two places."""
        whole, point, places = self.text.partition(".")
        if self.amount is None or not point:
            return f"{CURRENCY} {self.text}"
        return f"{CURRENCY} {whole}.{places.rstrip('0').ljust(2, '0')}"


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A number of the account. `inbound_url` is where messages to it go, None for the account's address."""

    country: str
    msisdn: str
    type: str | None
    features: tuple[str, ...]
    inbound_url: str | None = field(repr=False)

    @property
    def can_send(self) -> bool:
        """Whether messages can be sent from it, as far as the gateway says."""
        return not self.features or "SMS" in self.features


@dataclass(frozen=True, slots=True)
class NetworkPrice:
    """The price of a message to one network; `code` is MCC and MNC."""

    code: str
    name: str
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Pricing:
    """Prices to a country, in `currency`; None where the gateway named none."""

    country: str
    price: Decimal | None
    currency: str
    networks: tuple[NetworkPrice, ...]


@dataclass(frozen=True, slots=True)
class CallbackSettings:
    """Where the account's webhooks go, None for nowhere, and how many requests a second it may send."""

    inbound_url: str | None = field(repr=False)  # a relay's holds its token
    receipt_url: str | None = field(repr=False)
    requests_a_second: int | None


def balance(access: Access) -> Balance:
    """The account's balance."""
    document = _call(access, "balance", "GET", {})
    text = _text(document.get("value"))
    if text is None:
        raise CallFailed("The gateway's answer names no balance.")
    reload = document.get("autoReload")
    return Balance(text, money(text), reload if isinstance(reload, bool) else None)


def own_numbers(access: Access) -> tuple[OwnNumber, ...]:
    """All numbers of the account, at most 5,000, in the gateway's order."""
    found: list[OwnNumber] = []
    for page in range(1, _MOST_PAGES + 1):
        document = _call(access, "numbers", "GET", {"index": str(page), "size": str(_PAGE)})
        listed = document.get("numbers")
        entries = (
            [_number(entry) for entry in listed if isinstance(entry, dict)]
            if isinstance(listed, list)
            else []
        )
        numbers = [number for number in entries if number is not None]
        found += numbers
        total = _text(document.get("count")) or "0"
        if not numbers or not total.isascii() or not total.isdigit() or len(found) >= int(total[:9]):
            break
    return tuple(found)


def pricing(access: Access, country: str) -> Pricing:
    """What a message to a country (ISO 3166, as `NL`) costs. Raises CallRefused for what is no country."""
    if _COUNTRY.fullmatch(country) is None:
        raise CallRefused(f"country: {country!r} is not the code of a country, as NL is.", field="country")
    document = _call(access, "pricing", "GET", {"country": country})
    listed = document.get("networks")
    networks = [
        NetworkPrice(
            _text(entry.get("networkCode")) or "",
            _text(entry.get("networkName")) or "",
            money(_text(entry.get("price"))),
        )
        for entry in (listed if isinstance(listed, list) else [])
        if isinstance(entry, dict)
    ]
    default = _text(document.get("defaultPrice"))
    currency = _text(document.get("currency"))
    return Pricing(country, money(default), currency or CURRENCY, tuple(networks))


def callback_settings(
    access: Access, *, inbound_url: str | None = None, receipt_url: str | None = None
) -> CallbackSettings:
    """The account's addresses for webhooks, after setting those that are not None; "" clears one.

    The gateway calls a new address and wants HTTP 200 before it takes it; otherwise CallRefused.
    """
    given = {"moCallBackUrl": inbound_url, "drCallBackUrl": receipt_url}
    parameters = {name: value for name, value in given.items() if value is not None}
    document = _call(access, "settings", "POST", parameters)
    rate = _text(document.get("max-outbound-request")) or ""
    return CallbackSettings(
        _text(document.get("mo-callback-url")) or None,
        _text(document.get("dr-callback-url")) or None,
        int(rate) if rate.isascii() and rate.isdigit() and len(rate) < 9 else None,
    )


def register_callback(access: Access, *, to: str, callback_url: str) -> None:
    """Send what the number `to` answers to an address (KPN portal, /register: test applications only)."""
    _call(access, "register", "POST", {"to": to, "callback_url": callback_url})


def update_number(access: Access, *, country: str, msisdn: str, inbound_url: str) -> None:
    """Send messages to one of our numbers to an address; "" gives it back to the account's."""
    document = _call(
        access, "update", "POST", {"country": country, "msisdn": msisdn, "moHttpUrl": inbound_url}
    )
    code = _text(document.get("error-code"))
    if code is not None and code != "200":
        label = _text(document.get("error-code-label")) or "no reason given"
        raise CallRefused(f"The gateway did not change {msisdn}: {label[:200]} ({code[:10]}).")


def _call(access: Access, call: str, method: str, values: Mapping[str, str]) -> dict[str, Any]:
    request = GatewayRequest(
        method=method,
        url=call_url(access.provider, call, access.base_url),
        parameters=tuple(
            Parameter(name, value, mask_callback(value) if "://" in value else value)
            for name, value in values.items()
        ),
        wire=Wire(RequestFormat.GET if method == "GET" else RequestFormat.FORM),
        authorization=authorization_of(access.auth),
    )
    evidence = access.client.exchange(request)
    status = evidence.http_status
    if status is None:
        _fail(evidence)
    if not 200 <= status < 300:
        text = evidence.body.decode("utf-8", "replace")
        _refuse(status, problem_of(request.redact(text, token=evidence.token)))
    if evidence.failure is not None:
        _fail(evidence)
    try:
        document = json.loads(evidence.body, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise CallFailed(f"The gateway's answer is not JSON (HTTP {status}).") from None
    if not isinstance(document, dict):
        raise CallFailed(f"The gateway's answer is JSON, but not an object (HTTP {status}).")
    return document


def _fail(evidence: Evidence) -> NoReturn:
    reason = failed(evidence) or "The gateway did not answer."
    if evidence.failure is Failure.TOKEN_REFUSED:
        raise AccessRefused(reason, field="client_id")
    raise CallFailed(reason)


def _refuse(status: int, said: str | None) -> NoReturn:
    words = f" It said: {said}" if said else ""
    match status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            raise AccessRefused(
                f"The gateway does not let this account do that (HTTP {status}).{words}",
                hint="Check key and secret, and what the account may do.",
            )
        case HTTPStatus.NOT_FOUND | HTTPStatus.METHOD_NOT_ALLOWED:
            raise CallNotOffered(
                f"This gateway does not offer that (HTTP {status}).{words}", field="gateway_url"
            )
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.REQUEST_TIMEOUT:
            raise CallFailed(f"The gateway asks to come back later (HTTP {status}).{words}")
        case _ if 400 <= status < 500:
            raise CallRefused(f"The gateway refused that (HTTP {status}).{words}")
        case _ if 300 <= status < 400:
            raise CallFailed(
                f"The gateway pointed to another address (HTTP {status}), which is never followed."
            )
        case _:
            raise CallFailed(f"The gateway had a fault (HTTP {status}).{words}")


def _number(entry: Mapping[str, Any]) -> OwnNumber | None:
    msisdn, country = _text(entry.get("msisdn")), _text(entry.get("country"))
    if not msisdn or not country:
        return None
    features = entry.get("features")
    return OwnNumber(
        country=country,
        msisdn=msisdn,
        type=_text(entry.get("type")),
        features=tuple(str(feature) for feature in features) if isinstance(features, list) else (),
        inbound_url=_text(entry.get("moHttpUrl")) or None,
    )


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    return value.strip().encode("utf-16", "surrogatepass").decode("utf-16", "replace")
