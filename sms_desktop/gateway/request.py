"""The exact HTTP request of a message, and that without its secrets. Built by services, sent by client."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict, assert_never
from urllib.parse import quote_plus, urlencode

from sms_desktop.gateway.auth import Auth, Basic, Bearer, SecretInBody, Signature
from sms_desktop.gateway.parameters import content_parameters, option_parameters
from sms_desktop.gateway.providers import rules, send_url
from sms_desktop.gateway.signing import SIGNATURE, sign
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Message
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import JSON_TYPES, RequestFormat

MASK = "***"
"""What stands for a secret wherever a request is shown, logged or stored."""

FORM = "application/x-www-form-urlencoded"

# A relay's ingest token is a path segment: `/h/<token>`, `/h/<token>/d` or `/h/<token>/m`.
_INGEST_TOKEN = re.compile(r"(?<=/h/)[^/?#]+")
_CALLBACKS = frozenset({"callback", "callback_url", "moHttpUrl", "moCallBackUrl", "drCallBackUrl"})
# Replacing a shorter secret wherever it occurs in an answer would garble the answer without hiding anything.
_SHORTEST_REDACTED = 4
_ACCEPT = {RequestFormat.XML: "text/xml, application/xml"}


class MaskedRequest(TypedDict):
    """A request as it is stored, shown and printed: a JSON document, `***` in place of every secret."""

    method: str
    url: str
    headers: NotRequired[dict[str, str]]
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wire:
    """How a request is written: its format, the content type of a JSON body, and KPN's `inbound` header."""

    format: RequestFormat = RequestFormat.FORM
    json_type: str = JSON_TYPES[0]
    inbound: bool = False


PLAIN_FORM = Wire()
"""A form, answered in JSON: what every provider takes."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its value as sent, and as shown (the same unless the value is or holds a secret)."""

    name: str
    value: str = field(repr=False)
    shown: str


@dataclass(frozen=True, slots=True)
class GatewayRequest:
    """A request ready to send: `parameters` in sending order, written as `wire` says.

    `url` is the address without them. `authorization` becomes the Authorization header when the request is
    sent.
    """

    method: str
    url: str = field(repr=False)
    parameters: tuple[Parameter, ...]
    wire: Wire = PLAIN_FORM
    authorization: Basic | Bearer | None = None

    def address(self) -> str:
        """Where the request goes; with GET all parameters are in it, secrets too."""
        if self.method != "GET" or not self.parameters:
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}{self._encoded()}"

    def body(self) -> bytes:
        """The octets of the body, in UTF-8: a form (a space as `+`), a JSON object of texts, or nothing."""
        if self.method == "GET":
            return b""
        if self.wire.format is RequestFormat.JSON:
            values = {parameter.name: parameter.value for parameter in self.parameters}
            return json.dumps(values, ensure_ascii=False).encode()
        return self._encoded().encode("ascii")

    def headers(self, token: str | None = None) -> list[tuple[str, str]]:
        """The headers that belong to the request itself; `token` is the access token of a Bearer."""
        headers = [("Accept", _ACCEPT.get(self.wire.format, "application/json"))]
        if self.method == "GET":
            # SMS API reference (2016), "Encoding": with GET, Content-Length must be set.
            headers.append(("Content-Length", "0"))
        else:
            is_json = self.wire.format is RequestFormat.JSON
            headers.append(("Content-Type", self.wire.json_type if is_json else FORM))
        match self.authorization:
            case Basic() as basic:
                headers.append(("Authorization", f"Basic {basic.credentials()}"))
            case Bearer():
                headers.append(("Authorization", f"Bearer {token or ''}"))
            case None:
                pass
        if self.wire.inbound:
            headers.append(("inbound", "yes"))  # KPN portal, "Receive SMS"
        return headers

    def masked(self) -> MaskedRequest:
        """The same request without its secrets."""
        headers = {
            name: f"{value.partition(' ')[0]} {MASK}" if name == "Authorization" else value
            for name, value in self.headers()
        }
        return MaskedRequest(
            method=self.method,
            url=mask_callback(self.url),
            headers=headers,
            parameters={parameter.name: parameter.shown for parameter in self.parameters},
        )

    def redact(self, text: str, *, token: str | None = None) -> str:
        """`text` with `***` for `token` and each secret of this request, should a server repeat one."""
        for secret in (*self._secrets(), *((token,) if token else ())):
            if len(secret) < _SHORTEST_REDACTED:
                continue
            for spelling in (secret, quote_plus(secret), html.escape(secret), json.dumps(secret)[1:-1]):
                text = text.replace(spelling, MASK)
        return text

    def _encoded(self) -> str:
        return urlencode([(parameter.name, parameter.value) for parameter in self.parameters])

    def _secrets(self) -> Iterator[str]:
        for parameter in self.parameters:
            if parameter.value == parameter.shown:
                continue
            if parameter.shown == MASK:
                yield parameter.value
            else:
                yield from _INGEST_TOKEN.findall(parameter.value)
        yield from _INGEST_TOKEN.findall(self.url)
        match self.authorization:
            case Basic(_, api_secret) as basic:
                yield basic.credentials()
                yield api_secret
            case Bearer(_, client_secret):
                yield client_secret
            case None:
                pass


def build(
    content: Message,
    *,
    sender: str,
    to: str,
    options: Options,
    provider: Provider,
    base_url: str | None,
    auth: Auth,
    wire: Wire = PLAIN_FORM,
    clock: Callable[[], float] = time.time,
) -> GatewayRequest:
    """The request that sends `content` from `sender` to `to`.

    Both are in the API's form, which `messages.addresses` makes. `base_url` is the gateway's address, None
    for the provider's own. `clock` (seconds since 1970, UTC) gives a signature its time stamp. A parameter
    without a value is left out. Raises Mendable naming the field: an empty value, a value out of its limits,
    text that is not Unicode (half a surrogate pair), a parameter or format that the provider does not have,
    an address that secrets may not travel to.
    """
    known = rules(provider)
    options.check(client_ref_maximum=known.client_ref_maximum)
    plain = [
        ("from", sender),
        ("to", to),
        ("type", str(content.kind)),
        *content_parameters(content),
        *option_parameters(options, known),
    ]
    url = send_url(provider, base_url, wire.format)
    if wire.json_type not in JSON_TYPES:
        raise Mendable(f"json_type: it is one of {', '.join(JSON_TYPES)}.", field="json_type")
    return GatewayRequest(
        method="GET" if wire.format is RequestFormat.GET else "POST",
        url=url,
        parameters=_authenticated([shown_parameter(name, value) for name, value in plain], auth, clock),
        wire=wire,
        authorization=authorization_of(auth),
    )


def authorization_of(auth: Auth) -> Basic | Bearer | None:
    """What of `auth` goes into the Authorization header. Raises Mendable for a value that can't."""
    match auth:
        case Basic(api_key, api_secret):
            _fit("api_key", api_key)
            _fit("api_secret", api_secret)
            if ":" in api_key:
                raise Mendable("api_key: a colon can't stand in it (RFC 7617).", field="api_key")
            return auth
        case Bearer():
            return auth
        case _:
            return None


def shown_parameter(name: str, value: str) -> Parameter:
    """A parameter that may be shown as it is, but for a relay's token in an address. Raises Mendable."""
    return Parameter(name, _fit(name, value), mask_callback(value) if name in _CALLBACKS else value)


def secret_parameter(name: str, value: str) -> Parameter:
    """A parameter whose value is never shown. Raises Mendable, without repeating it."""
    return Parameter(name, _fit(name, value), MASK)


def mask_callback(url: str) -> str:
    """A callback address with `***` for the ingest token of a relay."""
    return _INGEST_TOKEN.sub(MASK, url)


def _authenticated(
    plain: Sequence[Parameter], auth: Auth, clock: Callable[[], float]
) -> tuple[Parameter, ...]:
    match auth:
        case SecretInBody(api_key, api_secret):
            own = (shown_parameter("api_key", api_key), secret_parameter("api_secret", api_secret))
            return (*own, *plain)
        case Signature(api_key, signature_secret, algorithm):
            _fit("signature_secret", signature_secret)
            signed = (
                shown_parameter("api_key", api_key),
                *plain,
                shown_parameter("timestamp", str(int(clock()))),
            )
            values = {parameter.name: parameter.value for parameter in signed}
            made = sign(values, secret=signature_secret, algorithm=algorithm)
            # Whoever has it could send the same message again for some minutes: shown like a secret.
            return (*signed, secret_parameter(SIGNATURE, made))
        case Basic() | Bearer():
            return tuple(plain)
        case _:
            assert_never(auth)


def _fit(name: str, value: str) -> str:
    if not value:
        raise Mendable(f"{name}: it is empty. The gateway needs it.", field=name)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Mendable(
            f"{name}: character {error.start + 1} is half of a surrogate pair, which no text may hold.",
            field=name,
        ) from None
    return value
