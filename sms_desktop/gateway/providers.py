"""What differs between gateways, as data: addresses, spelling of values. Read by request and services."""

from __future__ import annotations

from dataclasses import dataclass

from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.transport import private_url


@dataclass(frozen=True, slots=True)
class GatewayRules:
    """One provider's gateway.

    `base_url` is None where every account has an address of its own. `report_words` are the values of
    `status-report-req` for on and off.
    """

    base_url: str | None
    send_path: str
    report_words: tuple[str, str]


# The older SMS API reference documents `status-report-req=1`, SMS API 1.5.0 a boolean; the gateway takes `1`.
_REPORT_WORDS = ("1", "0")

_RULES = {
    Provider.SANDBOX: GatewayRules(base_url=None, send_path="/sms/json", report_words=_REPORT_WORDS),
    Provider.VONAGE: GatewayRules(
        base_url="https://rest.nexmo.com", send_path="/sms/json", report_words=_REPORT_WORDS
    ),
}


def rules(provider: Provider) -> GatewayRules:
    """The rules of a provider's gateway."""
    return _RULES[provider]


def send_url(provider: Provider, base_url: str | None = None) -> str:
    """The address that messages are sent to: the provider's own, or beneath `base_url`.

    Raises Mendable (field `gateway_url`) when there is no address, or secrets may not travel to it.
    """
    known = _RULES[provider]
    base = base_url or known.base_url
    if base is None:
        raise Mendable(
            f"gateway_url: the provider {provider} has no address of its own. Give the gateway's address.",
            field="gateway_url",
        )
    return private_url(base, field="gateway_url") + known.send_path
