"""How a request proves whose it is: a closed union of kinds. Built by services, written by request."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SecretInBody:
    """Key and secret as parameters of the request (older SMS API reference, "Authentication")."""

    api_key: str
    api_secret: str = field(repr=False)


Auth = SecretInBody
"""A request carries exactly one of these."""
