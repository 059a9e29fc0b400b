"""Secrets: in the keyring, in the environment of a command, or in memory; never in a file. Read by services.

A keyring may wait for a person or for a dead bus, so that every call here can block: it is made off the
window's thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import Protocol

from sms_desktop.messages.errors import TryLater
from sms_desktop.messages.ids import ProfileId
from sms_desktop.settings.paths import APPLICATION


class SecretName(StrEnum):
    """What is kept for a profile."""

    API_SECRET = "api_secret"  # noqa: S105 - the name of a secret, not a secret
    SIGNATURE_SECRET = "signature_secret"  # noqa: S105 - the name of a secret, not a secret
    CLIENT_SECRET = "client_secret"  # noqa: S105 - the name of a secret, not a secret
    RELAY_TOKEN = "relay_token"  # noqa: S105 - the name of a secret, not a secret
    INGEST_TOKEN = "ingest_token"  # noqa: S105 - the name of a secret, not a secret


class KeyringTrouble(StrEnum):
    """What may be wrong with a keyring."""

    ABSENT = "absent"
    LOCKED = "locked"
    SILENT = "silent"
    """It does not answer within its time."""
    FAILED = "failed"


class KeyringUnavailable(TryLater):
    """The keyring is missing, locked or does not answer; `trouble` says which."""

    def __init__(
        self, message: str, *, hint: str | None = None, trouble: KeyringTrouble = KeyringTrouble.FAILED
    ) -> None:
        super().__init__(message, hint=hint)
        self.trouble = trouble


class Place(StrEnum):
    """Where a secret is kept."""

    KEYRING = "keyring"
    MEMORY = "memory"
    """Until this program ends."""


class Secrets(Protocol):
    """Somewhere secrets are kept."""

    def get(self, profile: ProfileId, name: SecretName) -> str | None:
        """The secret, or None if none is kept. Raises KeyringUnavailable."""


class SecretsKept(Secrets, Protocol):
    """Somewhere secrets can be put, too."""

    def set(self, profile: ProfileId, name: SecretName, secret: str) -> None:
        """Keep a secret, in place of an earlier one. Raises KeyringUnavailable."""

    def remove(self, profile: ProfileId, name: SecretName) -> None:
        """Keep it no longer; nothing happens if none is kept. Raises KeyringUnavailable."""


class MemorySecrets:
    """Secrets for this session only, before those of `otherwise`: for who has no keyring, or wants none."""

    def __init__(self, *, otherwise: Secrets | None = None) -> None:
        self._kept: dict[tuple[ProfileId, SecretName], str] = {}
        self._otherwise = otherwise

    def get(self, profile: ProfileId, name: SecretName) -> str | None:
        """The secret, or None if none is kept. Raises KeyringUnavailable where `otherwise` does."""
        kept = self._kept.get((profile, name))
        if kept is not None or self._otherwise is None:
            return kept
        return self._otherwise.get(profile, name)

    def set(self, profile: ProfileId, name: SecretName, secret: str) -> None:
        """Keep a secret until this object goes."""
        self._kept[profile, name] = secret

    def remove(self, profile: ProfileId, name: SecretName) -> None:
        """Keep it no longer."""
        self._kept.pop((profile, name), None)


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
            question = self._questions.get(user) or _Question(_get_password, user)
            self._questions[user] = question
        try:
            return question.answer(self._seconds)
        finally:
            with self._lock:
                # A keyring that was locked is asked anew; one that has not answered yet is not asked twice.
                if question.answered and self._questions.get(user) is question:
                    del self._questions[user]

    def set(self, profile: ProfileId, name: SecretName, secret: str) -> None:
        """Keep a secret, in place of an earlier one. Raises KeyringUnavailable."""
        _Question(_set_password, f"{profile}/{name}", secret).answer(self._seconds)

    def remove(self, profile: ProfileId, name: SecretName) -> None:
        """Keep it no longer; nothing happens if none is kept. Raises KeyringUnavailable."""
        _Question(_delete_password, f"{profile}/{name}").answer(self._seconds)


class SessionSecrets:
    """A keyring, and before it the secrets that a person keeps in memory until this program ends.

    For a profile with such secrets, what the keyring can't tell is taken as not kept: sending need not wait
    for a keyring that is not there.
    """

    def __init__(self, keyring: SecretsKept) -> None:
        self._keyring = keyring
        self._memory = MemorySecrets()
        self._in_memory: set[ProfileId] = set()

    def get(self, profile: ProfileId, name: SecretName) -> str | None:
        """The secret, or None if none is kept. Raises KeyringUnavailable."""
        found = self._memory.get(profile, name)
        if found is not None:
            return found
        try:
            return self._keyring.get(profile, name)
        except KeyringUnavailable:
            if profile in self._in_memory:
                return None
            raise

    def set(self, profile: ProfileId, name: SecretName, secret: str) -> None:
        """Keep a secret in the keyring, in place of an earlier one. Raises KeyringUnavailable."""
        self._keyring.set(profile, name, secret)
        self._memory.remove(profile, name)

    def keep_in_memory(self, profile: ProfileId, name: SecretName, secret: str) -> None:
        """Keep a secret until this program ends; the keyring is not asked."""
        self._memory.set(profile, name, secret)
        self._in_memory.add(profile)

    def remove(self, profile: ProfileId, name: SecretName) -> None:
        """Keep it no longer; nothing happens if none is kept. Raises KeyringUnavailable."""
        self._memory.remove(profile, name)
        self._keyring.remove(profile, name)

    def place(self, profile: ProfileId, name: SecretName) -> Place | None:
        """Where a secret is kept, or None if it is not. Raises KeyringUnavailable."""
        if self._memory.get(profile, name) is not None:
            return Place.MEMORY
        return Place.KEYRING if self.get(profile, name) is not None else None

    def in_memory(self, profile: ProfileId) -> bool:
        """True if secrets of a profile are kept in memory."""
        return profile in self._in_memory


class _Question:
    """One call of the keyring, on a thread of its own."""

    def __init__(self, ask: Callable[..., str | None], *arguments: str) -> None:
        self._answered = threading.Event()
        self._secret: str | None = None
        self._trouble: KeyringUnavailable | None = None
        threading.Thread(target=self._run, args=(ask, arguments), name="keyring", daemon=True).start()

    @property
    def answered(self) -> bool:
        """True once the keyring has said something."""
        return self._answered.is_set()

    def answer(self, seconds: float) -> str | None:
        """What the keyring says, once it does. Raises KeyringUnavailable, also after `seconds`."""
        if not self._answered.wait(seconds):
            raise KeyringUnavailable(
                "The keyring does not answer.",
                hint="Unlock it, if it asks for that; sending goes on by itself.",
                trouble=KeyringTrouble.SILENT,
            )
        if self._trouble is not None:
            raise self._trouble
        return self._secret

    def _run(self, ask: Callable[..., str | None], arguments: tuple[str, ...]) -> None:
        try:
            self._secret = ask(*arguments)
        except KeyringUnavailable as trouble:
            self._trouble = trouble
        except Exception as error:  # noqa: BLE001 -- a keyring's own library may raise anything
            self._trouble = KeyringUnavailable(f"The keyring failed ({type(error).__name__}).")
        finally:
            self._answered.set()


def _get_password(user: str) -> str | None:
    import keyring  # slow to import, and only needed for accounts

    with _in_words():
        return keyring.get_password(APPLICATION, user)


def _set_password(user: str, secret: str) -> None:
    import keyring

    with _in_words():
        keyring.set_password(APPLICATION, user, secret)


def _delete_password(user: str) -> None:
    import keyring
    import keyring.errors

    with _in_words(), suppress(keyring.errors.PasswordDeleteError):  # none was kept
        keyring.delete_password(APPLICATION, user)


@contextmanager
def _in_words() -> Iterator[None]:
    import keyring.errors

    try:
        yield
    except keyring.errors.NoKeyringError as error:
        raise KeyringUnavailable(
            "No keyring was found, so the secrets of this account can't be read.",
            hint="Install a keyring (GNOME Keyring, KWallet or KeePassXC), "
            "or give the secret in the environment.",
            trouble=KeyringTrouble.ABSENT,
        ) from error
    except keyring.errors.KeyringError as error:
        raise KeyringUnavailable(
            "The keyring is locked.",
            hint="Unlock it; sending goes on by itself.",
            trouble=KeyringTrouble.LOCKED,
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
