"""A profile made ready: its secrets read, its addresses known. Made by background before it sends or polls."""

from __future__ import annotations

from dataclasses import dataclass, field

from sms_desktop.gateway.auth import Auth, SecretInBody
from sms_desktop.messages.errors import Mendable
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import SecretName, Secrets


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the embedded servers of the sandbox answer, and the secrets that they were started with."""

    gateway_url: str
    relay_url: str
    api_secret: str = field(repr=False)
    ingest_token: str = field(repr=False)
    reader_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RelayAccess:
    """How to read a profile's stream, and the token of the address that its receipts go to (None: not set here)."""

    url: str
    stream: str
    reader_token: str = field(repr=False)
    ingest_token: str | None = field(repr=False, default=None)

    @property
    def receipt_callback(self) -> str | None:
        """The address for `callback`, or None without an ingest token. A secret: the token is in it."""
        return None if self.ingest_token is None else f"{self.url}/h/{self.ingest_token}/d"


@dataclass(frozen=True, slots=True)
class Account:
    """A profile with what is needed to send with it and to hear back; `gateway_url` None is the provider's own."""

    profile: Profile
    gateway_url: str | None
    auth: Auth
    relay: RelayAccess | None


def account(profile: Profile, secrets: Secrets, *, servers: Servers | None = None) -> Account:
    """Make a profile ready. `servers` are the embedded ones of the sandbox.

    Reads secrets, which may block. Raises Mendable for a secret that was never given, TryLater for a keyring that
    does not answer.
    """
    if servers is not None:
        return Account(
            profile,
            servers.gateway_url,
            SecretInBody(profile.api_key, servers.api_secret),
            RelayAccess(servers.relay_url, profile.stream, servers.reader_token, servers.ingest_token),
        )
    secret = secrets.get(profile.id, SecretName.API_SECRET)
    if secret is None:
        raise Mendable(
            f"The API secret of {profile.name} is not known on this computer.",
            field="api_secret",
            hint="Give it in the environment as SMSCTL_API_SECRET, or keep it in the keyring under the service "
            f"sms-desktop, user {profile.id}/{SecretName.API_SECRET}.",
        )
    return Account(
        profile, profile.gateway_url, SecretInBody(profile.api_key, secret), _relay(profile, secrets)
    )


def _relay(profile: Profile, secrets: Secrets) -> RelayAccess | None:
    if profile.relay_url is None:
        return None
    token = secrets.get(profile.id, SecretName.RELAY_TOKEN)
    if token is None:
        return None
    return RelayAccess(
        profile.relay_url, profile.stream, token, secrets.get(profile.id, SecretName.INGEST_TOKEN)
    )
