"""How a request proves whose it is: a closed union of kinds. Built by services, written by request."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import TypeAlias

from sms_desktop.messages.signatures import SignatureAlgorithm


@dataclass(frozen=True, slots=True)
class SecretInBody:
    """Key and secret as parameters (SMS API reference (2016), "Authentication information")."""

    api_key: str
    api_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Basic:
    """Key and secret in an Authorization header (SMS API 1.5.0, `basicAuth`; RFC 7617, UTF-8)."""

    api_key: str
    api_secret: str = field(repr=False)

    def credentials(self) -> str:
        """The base64 of `key:secret`."""
        return b64encode(f"{self.api_key}:{self.api_secret}".encode()).decode("ascii")


@dataclass(frozen=True, slots=True)
class Signature:
    """Key, time stamp and a signature over all parameters (SMS API 1.5.0, `sig`).

    Neither the API secret nor an Authorization header goes with it (status 32).
    """

    api_key: str
    signature_secret: str = field(repr=False)
    algorithm: SignatureAlgorithm = SignatureAlgorithm.MD5HASH


@dataclass(frozen=True, slots=True)
class Bearer:
    """An access token in an Authorization header (KPN portal); no key goes with it.

    The tokens come from `token_url` for a client id and its secret (RFC 6749 4.4); the client that sends
    fetches them.
    """

    client_id: str
    client_secret: str = field(repr=False)
    token_url: str


Auth: TypeAlias = SecretInBody | Basic | Signature | Bearer
"""A request carries exactly one of these."""
