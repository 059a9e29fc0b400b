"""The exact HTTP request of a message, and that without its secrets. Built by services, sent by client."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypedDict, assert_never
from urllib.parse import quote_plus, urlencode

from sms_desktop.gateway.auth import Auth, SecretInBody
from sms_desktop.gateway.providers import rules, send_url
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Content, Text, Unicode
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider

MASK = "***"
"""What stands for a secret wherever a request is shown, logged or stored."""

FORM = "application/x-www-form-urlencoded"

# A relay's ingest token is a path segment: `/h/<token>`, `/h/<token>/d` or `/h/<token>/m`.
_INGEST_TOKEN = re.compile(r"(?<=/h/)[^/?#]+")
# Replacing a shorter secret wherever it occurs in an answer would garble the answer without hiding anything.
_SHORTEST_REDACTED = 4


class MaskedRequest(TypedDict):
    """A request as it is stored, shown and printed: a JSON document, `***` in place of every secret."""

    method: str
    url: str
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its value as sent, and as shown (the same unless the value is or holds a secret)."""

    name: str
    value: str = field(repr=False)
    shown: str


@dataclass(frozen=True, slots=True)
class GatewayRequest:
    """A request ready to send: `parameters` in sending order, form-encoded in the body."""

    method: str
    url: str
    parameters: tuple[Parameter, ...]

    def body(self) -> bytes:
        """The octets of the body: the parameters in UTF-8, percent-encoded, a space as `+`."""
        return urlencode([(parameter.name, parameter.value) for parameter in self.parameters]).encode("ascii")

    def masked(self) -> MaskedRequest:
        """The same request without its secrets."""
        return MaskedRequest(
            method=self.method,
            url=self.url,
            parameters={parameter.name: parameter.shown for parameter in self.parameters},
        )

    def redact(self, text: str) -> str:
        """`text` with `***` for each secret of this request, should a server have repeated one."""
        for parameter in self.parameters:
            if parameter.value == parameter.shown:
                continue
            for secret in _secrets_of(parameter):
                if len(secret) >= _SHORTEST_REDACTED:
                    text = text.replace(secret, MASK).replace(quote_plus(secret), MASK)
        return text


def build(
    content: Content,
    *,
    sender: str,
    to: str,
    options: Options,
    provider: Provider,
    base_url: str | None,
    auth: Auth,
) -> GatewayRequest:
    """The request that sends `content` from `sender` to `to`.

    Both are in the API's form, which `messages.addresses` makes. `base_url` is the gateway's address, None
    for the provider's own. A parameter without a value is left out. Raises Mendable naming the field: an
    empty value, a value out of its limits, text that is not Unicode (half a surrogate pair), an address that
    secrets may not travel to.
    """
    options.check()
    plain = [("from", sender), ("to", to), ("type", str(content.kind)), *_content(content)]
    if options.status_report is not None:
        on, off = rules(provider).report_words
        plain.append(("status-report-req", on if options.status_report else off))
    if options.ttl is not None:
        plain.append(("ttl", str(options.ttl)))
    if options.callback is not None:
        plain.append(("callback", options.callback))
    if options.message_class is not None:
        plain.append(("message-class", str(options.message_class)))
    if options.client_ref is not None:
        plain.append(("client-ref", options.client_ref))
    parameters = [*_credentials(auth), *(_parameter(name, value) for name, value in plain)]
    return GatewayRequest(method="POST", url=send_url(provider, base_url), parameters=tuple(parameters))


def mask_callback(url: str) -> str:
    """A callback address with `***` for the ingest token of a relay."""
    return _INGEST_TOKEN.sub(MASK, url)


def _content(content: Content) -> list[tuple[str, str]]:
    match content:
        case Text(text) | Unicode(text):
            return [("text", text)]
        case _:
            assert_never(content)


def _credentials(auth: Auth) -> list[Parameter]:
    match auth:
        case SecretInBody(api_key, api_secret):
            return [
                Parameter("api_key", _fit("api_key", api_key), api_key),
                Parameter("api_secret", _fit("api_secret", api_secret), MASK),
            ]
        case _:
            assert_never(auth)


def _parameter(name: str, value: str) -> Parameter:
    return Parameter(name, _fit(name, value), mask_callback(value) if name == "callback" else value)


def _secrets_of(parameter: Parameter) -> list[str]:
    return [parameter.value] if parameter.shown == MASK else _INGEST_TOKEN.findall(parameter.value)


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
