"""What the gateway of an account takes, as far as a person who writes to it must know. Called by ui."""

from __future__ import annotations

from dataclasses import dataclass

from sms_desktop.gateway.providers import rules
from sms_desktop.messages.providers import Provider


@dataclass(frozen=True, slots=True)
class Offers:
    """What a provider's gateway takes.

    `absent` are options that it does not know; `client_ref_maximum` is in characters; `reports_by_default`
    says whether it sends receipts that nobody asked for; `document` is what it is documented in.
    """

    absent: frozenset[str]
    client_ref_maximum: int
    reports_by_default: bool
    document: str


def offers(provider: Provider) -> Offers:
    """What the gateway of a provider takes."""
    known = rules(provider)
    return Offers(known.absent, known.client_ref_maximum, known.reports_by_default, known.document)
