"""Secrets: in the keyring, in the environment of a command, or in memory; never in a file. Read by services.

A keyring may wait for a person or for a dead bus, so that every call here can block: background calls it off the
window's thread, with a deadline.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from sms_desktop.messages.errors import TryLater
from sms_desktop.messages.ids import ProfileId
from sms_desktop.settings.paths import APPLICATION


class SecretName(StrEnum):
    """What is kept for a profile."""

    API_SECRET = "api_secret"  # noqa: S105 - the name of a secret, not a secret
    RELAY_TOKEN = "relay_token"  # noqa: S105 - the name of a secret, not a secret
    INGEST_TOKEN = "ingest_token"  # noqa: S105 - the name of a secret, not a secret


class KeyringUnavailable(TryLater):
    """The keyring is missing, locked or does not answer."""


class Secrets(Protocol):
    """Somewhere secrets are kept."""

    def get(self, profile: ProfileId, name: SecretName) -> str | None:
        """The secret, or None if none is kept. Raises KeyringUnavailable."""


class MemorySecrets:
    """Secrets for this session only."""

    def __init__(self) -> None:
        self._kept: dict[tuple[ProfileId, SecretName], str] = {}

    def get(self, profile: ProfileId, name: SecretName) -> str | None:
        return self._kept.get((profile, name))

    def set(self, profile: ProfileId, name: SecretName, secret: str) -> None:
        """Keep a secret until this object goes."""
        self._kept[profile, name] = secret


class KeyringSecrets:
    """Secrets in the system's keyring, under the service `sms-desktop` and the user `<profile>/<name>`."""

    def get(self, profile: ProfileId, name: SecretName) -> str | None:
        import keyring  # slow to import, and only needed for accounts
        import keyring.errors

        try:
            return keyring.get_password(APPLICATION, f"{profile}/{name}")
        except keyring.errors.NoKeyringError as error:
            raise KeyringUnavailable(
                "No keyring was found, so the secrets of this account can't be read.",
                hint="Install a keyring (GNOME Keyring, KWallet or KeePassXC), or give the secret in the environment.",
            ) from error
        except keyring.errors.KeyringError as error:
            raise KeyringUnavailable(
                "The keyring is locked.", hint="Unlock it; sending goes on by itself."
            ) from error


class EnvironmentSecrets:
    """Secrets from a command's environment first (`SMSCTL_API_SECRET` and the like), then from `otherwise`."""

    def __init__(self, environment: Mapping[str, str], *, otherwise: Secrets) -> None:
        self._environment = environment
        self._otherwise = otherwise

    def get(self, profile: ProfileId, name: SecretName) -> str | None:
        given = self._environment.get(f"SMSCTL_{name.upper()}")
        return given if given else self._otherwise.get(profile, name)


def keyring_in_words() -> str | None:
    """The name of the keyring that is in use, or None if there is none. May block, as every call here."""
    import keyring
    import keyring.backends.fail

    backend = keyring.get_keyring()
    if isinstance(backend, keyring.backends.fail.Keyring):
        return None
    return str(backend.name)
