"""Secrets: in the keyring, in the environment of a command, or in memory; never in a file. Read by services.

A keyring may wait for a person or for a dead bus, so that every call here can block: it is made off the
window's thread.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from sms_desktop.messages.errors import TryLater
from sms_desktop.messages.ids import ProfileId
from sms_desktop.settings.paths import APPLICATION


class SecretName(StrEnum):
    """What is kept for a profile."""

    API_SECRET = "api_secret"  # noqa: S105 - the name of a secret, not a secret
    SIGNATURE_SECRET = "signature_secret"  # noqa: S105 - the name of a secret, not a secret
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
        """The secret, or None if none is kept."""
        return self._kept.get((profile, name))

    def set(self, profile: ProfileId, name: SecretName, secret: str) -> None:
        """Keep a secret until this object goes."""
        self._kept[profile, name] = secret


class KeyringSecrets:
    """Secrets in the system's keyring, under the service `sms-desktop` and the user `<profile>/<name>`.

    A call gives up after `seconds`; the keyring's own call can't be interrupted and goes on behind it, and
    the next call for the same secret waits for that one.
    """

    def __init__(self, *, seconds: float = 20.0) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._questions: dict[str, _Question] = {}

    def get(self, profile: ProfileId, name: SecretName) -> str | None:
        """The secret, or None if none is kept. Raises KeyringUnavailable."""
        user = f"{profile}/{name}"
        with self._lock:
            question = self._questions.get(user) or _Question(user)
            self._questions[user] = question
        if not question.answered.wait(self._seconds):
            raise KeyringUnavailable(
                "The keyring does not answer.",
                hint="Unlock it, if it asks for that; sending goes on by itself.",
            )
        with self._lock:
            self._questions.pop(user, None)
        if question.trouble is not None:
            raise question.trouble
        return question.secret


class _Question:
    """One call of the keyring, on a thread of its own."""

    def __init__(self, user: str) -> None:
        self.answered = threading.Event()
        self.secret: str | None = None
        self.trouble: KeyringUnavailable | None = None
        threading.Thread(target=self._ask, args=(user,), name="keyring", daemon=True).start()

    def _ask(self, user: str) -> None:
        try:
            self.secret = _get_password(user)
        except KeyringUnavailable as trouble:
            self.trouble = trouble
        except Exception as error:  # noqa: BLE001 -- a keyring's own library may raise anything
            self.trouble = KeyringUnavailable(f"The keyring failed ({type(error).__name__}).")
        finally:
            self.answered.set()


def _get_password(user: str) -> str | None:
    import keyring  # slow to import, and only needed for accounts
    import keyring.errors

    try:
        return keyring.get_password(APPLICATION, user)
    except keyring.errors.NoKeyringError as error:
        raise KeyringUnavailable(
            "No keyring was found, so the secrets of this account can't be read.",
            hint="Install a keyring (GNOME Keyring, KWallet or KeePassXC), "
            "or give the secret in the environment.",
        ) from error
    except keyring.errors.KeyringError as error:
        raise KeyringUnavailable(
            "The keyring is locked.", hint="Unlock it; sending goes on by itself."
        ) from error


class EnvironmentSecrets:
    """Secrets from a command's environment (`SMSCTL_API_SECRET` and the like), else from `otherwise`."""

    def __init__(self, environment: Mapping[str, str], *, otherwise: Secrets) -> None:
        self._environment = environment
        self._otherwise = otherwise

    def get(self, profile: ProfileId, name: SecretName) -> str | None:
        """The secret, or None if none is kept; an empty variable is none. Raises KeyringUnavailable."""
        return self._environment.get(f"SMSCTL_{name.upper()}") or self._otherwise.get(profile, name)


def keyring_in_words() -> str | None:
    """The name of the keyring that is in use, or None if there is none. May block, as every call here."""
    import keyring
    import keyring.backends.fail

    backend = keyring.get_keyring()
    if isinstance(backend, keyring.backends.fail.Keyring):
        return None
    return str(backend.name)
