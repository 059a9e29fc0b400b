"""A profile made ready: its secrets read, its addresses known.

Called by background before it sends or polls.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sms_desktop.gateway.auth import Auth, SecretInBody
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.options import CALLBACK_MAXIMUM
from sms_desktop.settings.paths import APPLICATION
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
    """How to read a profile's stream.

    `ingest_token` is the one in the address that receipts go to, None if that address is not set by us.
    """

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
    """A profile with what is needed to send with it and to hear back.

    `gateway_url` is None for the provider's own; `relay` is None when nothing can be heard, for the reason in
    `relay_missing` (itself None when the profile names no relay).
    """

    profile: Profile
    gateway_url: str | None
    auth: Auth
    relay: RelayAccess | None
    relay_missing: Mendable | None = None


def account(profile: Profile, secrets: Secrets, *, servers: Servers | None = None) -> Account:
    """Make a profile ready. `servers` are the embedded ones of the sandbox.

    Reads secrets, which may block. Raises Mendable for an API secret that was never given, TryLater for a
    keyring that does not answer.
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
        raise _unknown(profile, SecretName.API_SECRET, "API secret")
    auth = SecretInBody(profile.api_key, secret)
    try:
        relay = _relay(profile, secrets)
    except Mendable as missing:
        return Account(profile, profile.gateway_url, auth, None, missing)
    return Account(profile, profile.gateway_url, auth, relay)


def _relay(profile: Profile, secrets: Secrets) -> RelayAccess | None:
    if profile.relay_url is None:
        return None
    reader = _token(profile, secrets, SecretName.RELAY_TOKEN, "relay token")
    if reader is None:
        raise _unknown(profile, SecretName.RELAY_TOKEN, "relay token")
    ingest = _token(profile, secrets, SecretName.INGEST_TOKEN, "ingest token")
    access = RelayAccess(profile.relay_url, profile.stream, reader, ingest)
    callback = access.receipt_callback
    if callback is not None and len(callback) > CALLBACK_MAXIMUM:
        raise Mendable(
            f"The relay address of {profile.name} is too long: with the ingest token behind it, it has "
            f"{len(callback)} characters, and the gateway takes {CALLBACK_MAXIMUM}.",
            field="relay_url",
        )
    return access


def _token(profile: Profile, secrets: Secrets, name: SecretName, words: str) -> str | None:
    token = secrets.get(profile.id, name)
    if token is not None and (not token.isascii() or not token.isprintable() or " " in token):
        raise Mendable(
            f"The {words} of {profile.name} holds a space or a character that no token has. Copy it again.",
            field=name,
        )
    return token


def _unknown(profile: Profile, name: SecretName, words: str) -> Mendable:
    return Mendable(
        f"The {words} of {profile.name} is not known on this computer.",
        field=name,
        hint=f"Give it in the environment as SMSCTL_{name.upper()}, or keep it in the keyring under the "
        f"service {APPLICATION}, user {profile.id}/{name}.",
    )
