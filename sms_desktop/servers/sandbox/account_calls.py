"""Calls about the account: balance, numbers, prices, settings, KPN's token, registration. Put up by app."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from sms_desktop.messages.options import CALLBACK_MAXIMUM
from sms_desktop.servers.sandbox import answers, credentials
from sms_desktop.servers.sandbox.account import PRICE, Account, Number
from sms_desktop.servers.sandbox.answers import JSON_TYPE, XML_TYPE, Answer
from sms_desktop.servers.sandbox.carrier import Carrier
from sms_desktop.servers.sandbox.networks import COUNTRIES
from sms_desktop.servers.sandbox.parameters import NotReadable, read_parameters
from sms_desktop.servers.sandbox.sending import give
from sms_desktop.servers.sandbox.webhook_http import WebhookClient

_MOST_NUMBERS = 100
_MOST_REGISTERED = 1000

Work = Callable[[Mapping[str, str], Request], Awaitable[Answer]]
"""What is done at an address, with its parameters."""


class AccountCall:
    """One address: reads the parameters, checks who asks, and does its work."""

    def __init__(
        self,
        work: Work,
        *,
        account: Account,
        tokens: credentials.AccessTokens,
        methods: tuple[str, ...] = ("GET", "POST"),
        admits: str = "either",
    ) -> None:
        self._work = work
        self._account = account
        self._tokens = tokens
        self._methods = methods
        self._admits = admits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await give(await self._answer(Request(scope, receive)), send)

    async def _answer(self, request: Request) -> Answer:
        form: answers.Format = "json" if self._admits == "either" else "kpn"
        if request.method not in self._methods:
            answer = answers.problem(405, f"Use {' or '.join(self._methods)}.", form)
            return Answer(answer.status, answer.body, JSON_TYPE, (("allow", ", ".join(self._methods)),))
        try:
            parameters = await read_parameters(request, get_needs_length=False)
        except NotReadable as error:
            return answers.problem(error.status, error.sentence, form)
        authorization = request.headers.get("authorization")
        if not self._knows(parameters, authorization):
            if form == "kpn":
                return answers.problem(401, "Access token is missing, wrong or over.", form)
            return _result(401, "authentication failed")
        return await self._work(parameters, request)

    def _knows(self, parameters: Mapping[str, str], authorization: str | None) -> bool:
        if self._admits == "anybody":
            return True
        if self._admits in ("either", "token") and self._tokens.admit(authorization):
            return True
        return (
            self._admits != "token" and credentials.refused(parameters, authorization, self._account) is None
        )


class AccountCalls:
    """What the addresses do. `client` tries an address before it is kept, as the gateway does."""

    def __init__(
        self,
        *,
        account: Account,
        carrier: Carrier,
        client: WebhookClient,
        tokens: credentials.AccessTokens,
        changed: Callable[[], None],
    ) -> None:
        self._account = account
        self._carrier = carrier
        self._client = client
        self._tokens = tokens
        self._changed = changed

    async def balance(self, _parameters: Mapping[str, str], request: Request) -> Answer:
        """What is left, in EUR; XML for who asks for that."""
        value, reload = self._account.balance, "true" if self._account.auto_reload else "false"
        if "xml" in request.headers.get("accept", ""):
            text = (
                "<?xml version='1.0' encoding='UTF-8' ?>\n<accountBalance>"
                f"<value>{value}</value><autoReload>{reload}</autoReload></accountBalance>\n"
            )
            return Answer(200, text.encode(), XML_TYPE)
        return Answer(200, f'{{"value":{value},"autoReload":{reload}}}'.encode(), JSON_TYPE)

    async def settings(self, parameters: Mapping[str, str], _request: Request) -> Answer:
        """Where receipts and inbound messages go; an empty address ends that."""
        for name, attribute in (("moCallBackUrl", "mo_callback"), ("drCallBackUrl", "dr_callback")):
            url = parameters.get(name)
            if url is None:
                continue
            if url and not await self._answers(url):
                return _result(420, f"Callback URL is not reachable: {name}")
            setattr(self._account, attribute, url or None)
            self._changed()
        return _json(
            {
                "mo-callback-url": self._account.mo_callback or "",
                "dr-callback-url": self._account.dr_callback or "",
                "max-outbound-request": self._account.rate,
                "max-inbound-request": self._account.rate,
                "max-calls-per-second": self._account.rate,
            }
        )

    async def numbers(self, parameters: Mapping[str, str], _request: Request) -> Answer:
        """The rented numbers, with `pattern` at their beginning, anywhere (1) or at their end (2)."""
        pattern, where = parameters.get("pattern", ""), parameters.get("search_pattern", "0")
        size, index = parameters.get("size", "10"), parameters.get("index", "1")
        if where not in ("0", "1", "2") or not (_is_small(size) and _is_small(index)) or int(size) < 1:
            return _result(420, "Numbers from this country or with this pattern can't be asked for")
        country = parameters.get("country", "")
        found = [
            number
            for number in self._account.numbers.values()
            if _matches(number.msisdn, pattern, where) and country in ("", number.country)
        ]
        if not found:
            return _json({})
        size_wanted = min(int(size), _MOST_NUMBERS)
        start = (max(int(index), 1) - 1) * size_wanted
        return _json(
            {"count": len(found), "numbers": [_number(n) for n in found[start : start + size_wanted]]}
        )

    async def update(self, parameters: Mapping[str, str], _request: Request) -> Answer:
        """Set a number's webhook; it must answer with 200 first, an empty one ends it."""
        number = self._account.numbers.get(parameters.get("msisdn", ""))
        if not parameters.get("country") or not parameters.get("msisdn"):
            return _result(420, "method failed: country and msisdn are required")
        if number is None:
            return _result(420, "method failed: this number is not one of the account's")
        url = parameters.get("moHttpUrl")
        if url and not await self._answers(url):
            return _result(420, "method failed: moHttpUrl does not answer with 200")
        if url is not None:
            number.webhook = url
            self._changed()
        return _result(200, "success")

    async def pricing(self, parameters: Mapping[str, str], _request: Request) -> Answer:
        """What a part to a country costs."""
        code = parameters.get("country", "").upper()
        country = next((country for country in COUNTRIES if country.code == code), None)
        if country is None:
            known = ", ".join(country.code for country in COUNTRIES)
            return _result(HTTPStatus.BAD_REQUEST, f"no prices for that country; there are {known}")
        network = {
            "type": "mobile",
            "price": str(PRICE),
            "currency": "EUR",
            "mcc": country.mcc,
            "mnc": country.mnc,
            "networkCode": country.network_code,
            "networkName": country.network,
        }
        return _json(
            {
                "dialingPrefix": country.prefix,
                "defaultPrice": str(PRICE),
                "currency": "EUR",
                "countryDisplayName": country.name,
                "countryCode": country.code,
                "countryName": country.name,
                "networks": [network],
            }
        )

    async def token(self, parameters: Mapping[str, str], _request: Request) -> Answer:
        """An access token for a client id and its secret (RFC 6749 4.4), as KPN's gateway gives it."""
        if parameters.get("grant_type") != "client_credentials":
            return answers.problem(HTTPStatus.BAD_REQUEST, "grant_type must be client_credentials.", "kpn")
        client_id, client_secret = parameters.get("client_id", ""), parameters.get("client_secret", "")
        if not self._account.knows_client(client_id, client_secret):
            return answers.problem(HTTPStatus.UNAUTHORIZED, "Client id or secret is wrong.", "kpn")
        return _json(
            {
                "refresh_token_expires_in": "0",
                "api_product_list": "[Nexmo-SMS]",
                "api_product_list_json": '["Nexmo-SMS"]',
                "organization_name": "kpn",
                "developer_email": "sandbox@example.com",
                "token_type": "Bearer",
                "issued_at": str(time.time_ns() // 1_000_000),
                "client_id": client_id,
                "access_token": self._tokens.give(),
                "application_name": "sandbox",
                "scope": "",
                "expires_in": str(credentials.TOKEN_SECONDS),
                "refresh_count": "0",
                "status": "approved",
            }
        )

    async def register(self, parameters: Mapping[str, str], _request: Request) -> Answer:
        """Set where messages from a phone go, as KPN's test applications may."""
        phone, url = parameters.get("to", ""), parameters.get("callback_url", "")
        if not (phone.isascii() and phone.isdigit() and 7 <= len(phone) <= 15):
            return answers.problem(HTTPStatus.BAD_REQUEST, "to: a number of 7 to 15 digits.", "kpn")
        if not _is_url(url) or self._carrier.reachable(url) is None:
            return answers.problem(HTTPStatus.BAD_REQUEST, "callback_url: it can't be reached.", "kpn")
        if len(self._account.registered) >= _MOST_REGISTERED:
            self._account.registered.pop(next(iter(self._account.registered)))
        self._account.registered[phone] = url
        self._changed()
        return _json({"message": "Your callback url is registered."})

    async def _answers(self, url: str) -> bool:
        if not _is_url(url) or self._carrier.reachable(url) is None:
            return False
        try:
            return await self._client.look(url) == HTTPStatus.OK
        except OSError:
            return False


def _is_url(url: str) -> bool:
    if len(url) > CALLBACK_MAXIMUM or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6


def _matches(msisdn: str, pattern: str, where: str) -> bool:
    match where:
        case "0":
            return msisdn.startswith(pattern)
        case "1":
            return pattern in msisdn
        case _:
            return msisdn.endswith(pattern)


def _number(number: Number) -> dict[str, object]:
    shown: dict[str, object] = {
        "country": number.country,
        "msisdn": number.msisdn,
        "type": "mobile-lvn",
        "features": ["SMS"],
    }
    if number.webhook:
        shown["moHttpUrl"] = number.webhook
    return shown


def _json(document: object) -> Answer:
    return Answer(200, msgspec.json.encode(document), JSON_TYPE)


def _result(code: int, label: str) -> Answer:
    """The result of an action: its code is in the body, and is the HTTP status too."""
    return Answer(code, msgspec.json.encode({"error-code": str(code), "error-code-label": label}), JSON_TYPE)
