"""Countries and their networks, as far as the sandbox knows them. Used by carrier, submission and pricing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Country:
    """A country: its two letters, prefix and mobile country code, and one network of it (ITU-T E.212)."""

    code: str
    name: str
    prefix: str
    mcc: str
    mnc: str
    network: str

    @property
    def network_code(self) -> str:
        """The network's MCCMNC."""
        return self.mcc + self.mnc


COUNTRIES: Final = (
    Country("NL", "Netherlands", "31", "204", "08", "KPN"),
    Country("BE", "Belgium", "32", "206", "01", "Proximus"),
    Country("FR", "France", "33", "208", "01", "Orange"),
    Country("GB", "United Kingdom", "44", "234", "10", "O2"),
    Country("PL", "Poland", "48", "260", "01", "Plus"),
    Country("DE", "Germany", "49", "262", "01", "Telekom"),
)
_BY_PREFIX: Final = {country.prefix: country for country in COUNTRIES}
_TEST_NETWORK = "00101"
"""The mobile network code set aside for tests (ITU-T E.212)."""


def country_of(number: str) -> Country | None:
    """The country of a number, if it is one of those."""
    return _BY_PREFIX.get(number[:2])


def network_of(number: str) -> str:
    """The estimated network (MCCMNC) of a number."""
    country = country_of(number)
    return country.network_code if country else _TEST_NETWORK
