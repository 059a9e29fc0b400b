"""The accounts of this computer: added, changed and removed, their secrets in the keyring. Called by ui.

Every method touches the disk, the keyring or the network and may block: call it off the window's thread.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sms_desktop.gateway.account_calls import Access
from sms_desktop.messages.ids import ProfileId
from sms_desktop.services import connection
from sms_desktop.services.accounts import gateway_client
from sms_desktop.services.connection import CALL_SECONDS, Change
from sms_desktop.services.proof import needed_secret, prove
from sms_desktop.services.proof_steps import Proof
from sms_desktop.settings import profiles
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import (
    KeyringUnavailable,
    Place,
    SecretName,
    Secrets,
    SessionSecrets,
    keyring_in_words,
)

_LONGEST_ID = 32
_FIRST_ID = "account"


@dataclass(frozen=True, slots=True)
class Kept:
    """Which secrets of an account are kept where, or why nobody can tell.

    `keyring` is the keyring's name, None without one.
    """

    places: Mapping[SecretName, Place] = field(default_factory=dict)
    keyring: str | None = None
    trouble: KeyringUnavailable | None = None


class AccountBook:
    """The profiles in `file` and their secrets."""

    def __init__(self, file: Path, secrets: SessionSecrets) -> None:
        self._file = file
        self.secrets = secrets

    def profiles(self) -> tuple[Profile, ...]:
        """The sandbox, then the accounts. Raises Mendable for a file that can't be read."""
        return profiles.load(self._file)

    def kept(self, profile: ProfileId) -> Kept:
        """Which secrets there are. Never raises KeyringUnavailable."""
        places: dict[SecretName, Place] = {}
        try:
            name = keyring_in_words()
            for secret in SecretName:
                place = self.secrets.place(profile, secret)
                if place is not None:
                    places[secret] = place
        except KeyringUnavailable as trouble:
            return Kept(places, None, trouble)
        return Kept(places, name)

    def save(
        self, profile: Profile, typed: Mapping[SecretName, str], *, in_memory: bool = False
    ) -> tuple[Profile, ...]:
        """Keep an account and the secrets that were typed; returns all profiles.

        Secrets go to the keyring, or stay in memory until this program ends. The account itself is written
        last: if a secret can't be kept, nothing has changed that is seen.

        Raises Mendable, KeyringUnavailable.
        """
        known = self.profiles()
        gateway_client(profile)  # says what is wrong with the certificates
        for name, secret in typed.items():
            if in_memory:
                self.secrets.keep_in_memory(profile.id, name, secret)
            else:
                self.secrets.set(profile.id, name, secret)
        if any(old.id == profile.id for old in known):
            changed = tuple(profile if old.id == profile.id else old for old in known)
        else:
            changed = (*known, profile)
        profiles.save(self._file, changed)
        return changed

    def use_until_quit(self, profile: ProfileId, api_secret: str) -> None:
        """Use an API secret for an account until this program ends. Memory alone: this does not block."""
        self.secrets.keep_in_memory(profile, SecretName.API_SECRET, api_secret)

    def remove(self, profile: ProfileId) -> tuple[tuple[Profile, ...], str | None]:
        """Remove an account and its secrets; its messages stay in the store.

        Returns the profiles that are left, and what kept secrets from being removed, if anything did.
        """
        left = tuple(old for old in self.profiles() if old.id != profile)
        profiles.save(self._file, left)
        try:
            for name in SecretName:
                self.secrets.remove(profile, name)
        except KeyringUnavailable as trouble:
            return left, trouble.message
        return left, None

    def prove(self, profile: Profile, typed: Mapping[SecretName, str]) -> Generator[Proof, None, None]:
        """Prove an account as it is typed, kept or not, one step at a time."""
        return prove(
            profile, _Typed(typed, self.secrets), keyring=lambda: self._place_in_words(profile, typed)
        )

    def connect(
        self, profile: Profile, typed: Mapping[SecretName, str], *, replacing: bool
    ) -> tuple[Change, ...]:
        """Lead an account to its relay; `replacing` also what leads elsewhere now."""
        return connection.connect(profile, _Typed(typed, self.secrets), replace=replacing)

    def balance(self, profile: Profile) -> str | None:
        """An account's balance with its currency, None where there is none to tell."""
        return connection.balance_in_words(self._access(profile, {}))

    def numbers(self, profile: Profile, typed: Mapping[SecretName, str]) -> tuple[str, ...]:
        """An account's own numbers that can send; none where the provider tells none."""
        return connection.senders(self._access(profile, typed))

    def _access(self, profile: Profile, typed: Mapping[SecretName, str]) -> Access:
        client = gateway_client(profile, total_timeout=CALL_SECONDS)
        return connection.access(profile, _Typed(typed, self.secrets), client=client)

    def _place_in_words(self, profile: Profile, typed: Mapping[SecretName, str]) -> str | None:
        """The keyring's name, after it has answered; None where the secrets are in memory."""
        if self.secrets.in_memory(profile.id):
            return None
        # Asked although the secret was typed: it is to be kept there.
        self.secrets.get(profile.id, needed_secret(profile))
        return keyring_in_words()


class _Typed:
    """Secrets that were typed and are not kept yet, before those that are."""

    def __init__(self, typed: Mapping[SecretName, str], otherwise: Secrets) -> None:
        self._typed = typed
        self._otherwise = otherwise

    def get(self, profile: ProfileId, name: SecretName) -> str | None:
        """The secret, or None if there is none. Raises KeyringUnavailable."""
        return self._typed.get(name) or self._otherwise.get(profile, name)


def free_id(name: str, taken: Iterable[ProfileId]) -> ProfileId:
    """An id for a new account, made from its name: `Helpdesk NL` gives `helpdesk-nl`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    begin = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: _LONGEST_ID - 4].strip("-") or _FIRST_ID
    used = set(taken)
    number, found = 1, begin
    while found in used:
        number += 1
        found = f"{begin}-{number}"
    return ProfileId(found)


def secret_problem(name: SecretName, secret: str) -> str | None:
    """Why a secret can't be right as it was typed, or None."""
    if not secret.isprintable():
        return "It holds a character that can't be printed. Copy it again."
    if name in (SecretName.RELAY_TOKEN, SecretName.INGEST_TOKEN) and (" " in secret or not secret.isascii()):
        return "It holds a space or a character that no token has. Copy it again."
    if secret != secret.strip():
        return "It begins or ends with a space. Copy it again."
    return None
