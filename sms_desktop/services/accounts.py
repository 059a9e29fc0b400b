"""A profile made ready: its secrets read, its addresses known.

Called by background before it sends or polls.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import assert_never

from sms_desktop.gateway.auth import Auth, Basic, Bearer, SecretInBody, Signature
from sms_desktop.gateway.client import GatewayClient
from sms_desktop.gateway.providers import call_url
from sms_desktop.gateway.request import Wire
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.options import CALLBACK_MAXIMUM
from sms_desktop.messages.wire import Authentication, ReceiptsBy
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import SecretName, Secrets

WORDS = {
    SecretName.API_SECRET: "API secret",
    SecretName.SIGNATURE_SECRET: "signature secret",
    SecretName.CLIENT_SECRET: "client secret",
    SecretName.RELAY_TOKEN: "relay token",
    SecretName.INGEST_TOKEN: "ingest token",
}
"""What people call each secret."""


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
        """The address for receipts, or None without an ingest token. A secret: the token is in it."""
        return None if self.ingest_token is None else f"{self.url}/h/{self.ingest_token}/d"

    @property
    def inbound_callback(self) -> str | None:
        """The address for replies, or None without an ingest token. A secret: the token is in it."""
        return None if self.ingest_token is None else f"{self.url}/h/{self.ingest_token}/m"


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

    @property
    def wire(self) -> Wire:
        """How this account's requests are written."""
        return Wire(self.profile.format, self.profile.json_type, self.profile.inbound)

    @property
    def message_callback(self) -> str | None:
        """The address that messages name for their receipts, or None. A secret: the token is in it."""
        if self.relay is None or self.profile.receipts is not ReceiptsBy.MESSAGE:
            return None
        return self.relay.receipt_callback


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
    auth = authentication(profile, secrets)
    try:
        relay = _relay(profile, secrets)
    except Mendable as missing:
        return Account(profile, profile.gateway_url, auth, None, missing)
    return Account(profile, profile.gateway_url, auth, relay)


def authentication(profile: Profile, secrets: Secrets) -> Auth:
    """What proves that a request is this profile's. Raises Mendable for a secret that was never given."""
    match profile.authentication:
        case Authentication.BODY:
            return SecretInBody(profile.api_key, required_secret(profile, secrets, SecretName.API_SECRET))
        case Authentication.BASIC:
            return Basic(profile.api_key, required_secret(profile, secrets, SecretName.API_SECRET))
        case Authentication.SIGNATURE:
            secret = required_secret(profile, secrets, SecretName.SIGNATURE_SECRET)
            return Signature(profile.api_key, secret, profile.algorithm)
        case Authentication.BEARER:
            return bearer(profile, secrets)
        case _:
            assert_never(profile.authentication)


def stand_in(profile: Profile, *, mask: str) -> Auth:
    """As `authentication`, with `mask` for every secret: what is built with it can be shown, not sent."""
    match profile.authentication:
        case Authentication.BODY:
            return SecretInBody(profile.api_key, mask)
        case Authentication.BASIC:
            return Basic(profile.api_key, mask)
        case Authentication.SIGNATURE:
            return Signature(profile.api_key, mask, profile.algorithm)
        case Authentication.BEARER:
            return _bearer(profile, mask)
        case _:
            assert_never(profile.authentication)


def gateway_client(profile: Profile, *, total_timeout: float = 60) -> GatewayClient:
    """A client that goes the way that a profile names. Raises Mendable for a file that can't be read."""
    if profile.ca_file is not None:
        try:
            with Path(profile.ca_file).open("rb") as opened:
                opened.read(1)
        except OSError as error:
            raise Mendable(
                f"ca_file: {profile.ca_file} can't be read: {error.strerror}.", field="ca_file"
            ) from error
    return GatewayClient(proxy=profile.proxy, ca_file=profile.ca_file, total_timeout=total_timeout)


def bearer(profile: Profile, secrets: Secrets) -> Bearer:
    """Where a profile's access tokens come from. Raises Mendable for a secret that was never given."""
    return _bearer(profile, required_secret(profile, secrets, SecretName.CLIENT_SECRET))


def _bearer(profile: Profile, client_secret: str) -> Bearer:
    if not profile.client_id:
        raise Mendable(f"client_id: {profile.name} has none. KPN's portal shows it.", field="client_id")
    return Bearer(profile.client_id, client_secret, call_url(profile.provider, "token", profile.gateway_url))


def required_secret(profile: Profile, secrets: Secrets, name: SecretName) -> str:
    """A secret of a profile. Raises Mendable if it was never given, TryLater if the keyring is silent."""
    secret = secrets.get(profile.id, name)
    if secret is None:
        raise _unknown(profile, name)
    return secret


def _relay(profile: Profile, secrets: Secrets) -> RelayAccess | None:
    if profile.relay_url is None:
        return None
    reader = _token(profile, secrets, SecretName.RELAY_TOKEN)
    if reader is None:
        raise _unknown(profile, SecretName.RELAY_TOKEN)
    ingest = _token(profile, secrets, SecretName.INGEST_TOKEN)
    access = RelayAccess(profile.relay_url, profile.stream, reader, ingest)
    callback = access.receipt_callback
    if callback is not None and len(callback) > CALLBACK_MAXIMUM:
        raise Mendable(
            f"The relay address of {profile.name} is too long: with the ingest token behind it, it has "
            f"{len(callback)} characters, and the gateway takes {CALLBACK_MAXIMUM}.",
            field="relay_url",
        )
    return access


def _token(profile: Profile, secrets: Secrets, name: SecretName) -> str | None:
    token = secrets.get(profile.id, name)
    if token is not None and (not token.isascii() or not token.isprintable() or " " in token):
        raise Mendable(
            f"The {WORDS[name]} of {profile.name} holds a space or a character that no token has. "
            "Copy it again.",
            field=name,
        )
    return token


def _unknown(profile: Profile, name: SecretName) -> Mendable:
    return Mendable(
        f"The {WORDS[name]} of {profile.name} is not known on this computer.",
        field=name,
        hint=f"Type it under File > Accounts, or after smsctl profiles secret {profile.id} {name}; or give "
        f"it in the environment as SMSCTL_{name.upper()}.",
    )
