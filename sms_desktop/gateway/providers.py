"""What differs between gateways, as data: addresses, limits, spellings. Read by request, lint, services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sms_desktop.gateway.errors import CallNotOffered
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.options import CLIENT_REF_MAXIMUM, CLIENT_REF_OLD_MAXIMUM
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.transport import private_url
from sms_desktop.messages.wire import RequestFormat, Route, formats


@dataclass(frozen=True, slots=True)
class GatewayRules:
    """One provider's gateway.

    `base_url` is None where every account has an address of its own; `paths` are what lies beneath it, by
    what it is for. `report_words` are the values of `status-report-req` for on and off, `reports_by_default`
    what the gateway does without it. `absent` are parameters that it does not know. `legacy` are the kinds
    that its present documents leave out; they go by `route`. `document` is what it is documented in.
    """

    base_url: str | None
    paths: Mapping[str, str]
    report_words: tuple[str, str]
    reports_by_default: bool
    client_ref_maximum: int
    document: str
    route: Route
    legacy: frozenset[Kind] = frozenset()
    absent: frozenset[str] = field(default=frozenset())


# The older SMS API reference documents `status-report-req=1`, SMS API 1.5.0 a boolean; the gateway takes `1`.
_ONE_AND_ZERO = ("1", "0")
_BUILT_KINDS = frozenset({Kind.WAPPUSH, Kind.VCARD, Kind.VCAL})
_NEXMO_PATHS = MappingProxyType(
    {
        "json": "/sms/json",
        "xml": "/sms/xml",
        "balance": "/account/get-balance",
        "numbers": "/account/numbers",
        "pricing": "/account/get-pricing/outbound/sms",
        "settings": "/account/settings",
        "update": "/number/update",
    }
)
_KPN = "/communication/nexmo"

_RULES = {
    Provider.SANDBOX: GatewayRules(
        base_url=None,
        paths=MappingProxyType({**_NEXMO_PATHS, "register": "/register"}),
        report_words=_ONE_AND_ZERO,
        reports_by_default=True,
        client_ref_maximum=CLIENT_REF_MAXIMUM,
        document="SMS API 1.5.0",
        route=Route.API,
    ),
    Provider.VONAGE: GatewayRules(
        base_url="https://rest.nexmo.com",
        paths=_NEXMO_PATHS,
        report_words=_ONE_AND_ZERO,
        reports_by_default=True,
        client_ref_maximum=CLIENT_REF_MAXIMUM,
        document="SMS API 1.5.0",
        route=Route.BINARY,
        legacy=_BUILT_KINDS,
    ),
    Provider.KPN: GatewayRules(
        base_url="https://api-prd.kpn.com",
        paths=MappingProxyType(
            {
                "json": f"{_KPN}/sms/send",
                "register": f"{_KPN}/sms/register",
                "numbers": f"{_KPN}/phone-numbers/account/numbers",
                "update": f"{_KPN}/phone-numbers/number/update",
                "token": "/oauth/client_credential/accesstoken?grant_type=client_credentials",
            }
        ),
        report_words=("true", "false"),
        reports_by_default=False,
        client_ref_maximum=CLIENT_REF_OLD_MAXIMUM,
        document="KPN portal, /send",
        route=Route.API,
        absent=frozenset({"account-ref", "entity-id", "content-id", "trusted-number", "pool-id"}),
    ),
}


def rules(provider: Provider) -> GatewayRules:
    """The rules of a provider's gateway."""
    return _RULES[provider]


def send_url(
    provider: Provider, base_url: str | None = None, wire: RequestFormat = RequestFormat.FORM
) -> str:
    """The address that messages are sent to: the provider's own, or beneath `base_url`.

    Raises Mendable (field `gateway_url`) when there is no address, or secrets may not travel to it, and
    (field `format`) for a format that the provider does not take.
    """
    if wire not in formats(provider):
        raise Mendable(
            f"format: the provider {provider} takes {', '.join(formats(provider))}, not {wire}.",
            field="format",
        )
    return call_url(provider, "xml" if wire is RequestFormat.XML else "json", base_url)


def call_url(provider: Provider, call: str, base_url: str | None = None) -> str:
    """The address of a call (one of `paths`): the provider's own, or beneath `base_url`.

    Raises Mendable (field `gateway_url`) when there is no address, or secrets may not travel to it, and
    CallNotOffered when the provider has no such call.
    """
    known = _RULES[provider]
    path = known.paths.get(call)
    if path is None:
        raise CallNotOffered(f"The provider {provider} does not offer this call ({call}).", field="provider")
    base = base_url or known.base_url
    if base is None:
        raise Mendable(
            f"gateway_url: the provider {provider} has no address of its own. Give the gateway's address.",
            field="gateway_url",
        )
    return private_url(base, field="gateway_url") + path
