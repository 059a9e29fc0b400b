"""Secrets: from the environment, then the keyring, or memory; one that does not answer holds nobody up."""

from __future__ import annotations

import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.errors
import pytest

from sms_desktop.messages.errors import TryLater
from sms_desktop.messages.ids import ProfileId
from sms_desktop.settings.secrets import (
    EnvironmentSecrets,
    KeyringSecrets,
    KeyringUnavailable,
    MemorySecrets,
    SecretName,
    keyring_in_words,
)

_LIVE = ProfileId("live")


@pytest.fixture
def own_keyring() -> Iterator[None]:
    """The keyring of this process may be set, until the test ends."""
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


class _Keyring(keyring.backend.KeyringBackend):
    """A keyring that behaves as it is told."""

    priority = -2  # never taken for the system's own

    def __init__(self, answer: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.answer = answer
        self.asked: list[tuple[str, str]] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append((service, username))
        if isinstance(self.answer, threading.Event):
            self.answer.wait(30)
            return "late"
        if isinstance(self.answer, Exception):
            raise self.answer
        assert self.answer is None or isinstance(self.answer, str)
        return self.answer

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


def test_memory_keeps_secrets_by_profile_and_name() -> None:
    kept = MemorySecrets()
    kept.set(_LIVE, SecretName.API_SECRET, "s3")
    assert kept.get(_LIVE, SecretName.API_SECRET) == "s3"
    assert kept.get(_LIVE, SecretName.RELAY_TOKEN) is None
    assert kept.get(ProfileId("other"), SecretName.API_SECRET) is None
    assert "s3" not in repr(kept)


def test_the_environment_comes_first_and_an_empty_variable_is_none() -> None:
    kept = MemorySecrets()
    for name in SecretName:
        kept.set(_LIVE, name, f"kept {name}")
    environment = {"SMSCTL_API_SECRET": "given", "SMSCTL_RELAY_TOKEN": "", "API_SECRET": "not ours"}
    both = EnvironmentSecrets(environment, otherwise=kept)
    assert both.get(_LIVE, SecretName.API_SECRET) == "given"
    assert both.get(_LIVE, SecretName.RELAY_TOKEN) == "kept relay_token"
    assert both.get(_LIVE, SecretName.INGEST_TOKEN) == "kept ingest_token"
    assert EnvironmentSecrets({}, otherwise=MemorySecrets()).get(_LIVE, SecretName.API_SECRET) is None


def test_the_keyring_is_not_asked_for_what_the_environment_gives(own_keyring: None) -> None:
    ring = _Keyring("kept")
    keyring.set_keyring(ring)
    both = EnvironmentSecrets({"SMSCTL_API_SECRET": "given"}, otherwise=KeyringSecrets())
    assert both.get(_LIVE, SecretName.API_SECRET) == "given"
    assert ring.asked == []
    assert both.get(_LIVE, SecretName.RELAY_TOKEN) == "kept"
    assert ring.asked == [("sms-desktop", "live/relay_token")]


def test_without_a_keyring_the_sentence_says_what_to_install(own_keyring: None) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]  # keyring's own
    with pytest.raises(KeyringUnavailable, match="No keyring was found") as told:
        KeyringSecrets().get(_LIVE, SecretName.API_SECRET)
    assert isinstance(told.value, TryLater)
    assert "GNOME Keyring" in (told.value.hint or "")
    assert keyring_in_words() is None


def test_no_keyring_of_the_person_is_seen_here() -> None:
    # No bus is visible here: nothing of the person who runs the tests can be read.
    with pytest.raises(KeyringUnavailable):
        KeyringSecrets().get(_LIVE, SecretName.API_SECRET)


@pytest.mark.parametrize(
    "error, words",
    [
        (keyring.errors.KeyringLocked("no"), "locked"),
        (keyring.errors.InitError("no"), "locked"),
        (OSError(5, "hunter2"), "failed (OSError)"),
        (EOFError("hunter2"), "failed (EOFError)"),
    ],
)
def test_a_keyring_that_fails_is_a_sentence(own_keyring: None, error: Exception, words: str) -> None:
    keyring.set_keyring(_Keyring(error))
    with pytest.raises(KeyringUnavailable) as told:
        KeyringSecrets().get(_LIVE, SecretName.API_SECRET)
    assert words in told.value.message
    assert "hunter2" not in told.value.message


def test_a_keyring_that_does_not_answer_is_given_up_and_asked_once(own_keyring: None) -> None:
    answers = threading.Event()
    ring = _Keyring(answers)
    keyring.set_keyring(ring)
    kept = KeyringSecrets(seconds=0.05)
    try:
        for _ in range(3):
            began = time.monotonic()
            with pytest.raises(KeyringUnavailable, match="does not answer"):
                kept.get(_LIVE, SecretName.API_SECRET)
            assert time.monotonic() - began < 5
        assert len(ring.asked) == 1
    finally:
        answers.set()
    patient = threading.Thread(target=lambda: found.append(kept.get(_LIVE, SecretName.API_SECRET)))
    found: list[str | None] = []
    patient.start()
    patient.join(10)
    assert found == ["late"]


def test_a_secret_that_is_not_there_is_none(own_keyring: None) -> None:
    keyring.set_keyring(_Keyring(None))
    assert KeyringSecrets().get(_LIVE, SecretName.API_SECRET) is None


_ROUND_TRIP = """
import keyring, sys
from sms_desktop.messages.ids import ProfileId
from sms_desktop.settings.secrets import KeyringSecrets, SecretName, keyring_in_words
secret = sys.stdin.read()
kept = KeyringSecrets()
assert kept.get(ProfileId("live"), SecretName.API_SECRET) is None
keyring.set_password("sms-desktop", "live/api_secret", secret)
assert kept.get(ProfileId("live"), SecretName.API_SECRET) == secret
assert kept.get(ProfileId("other"), SecretName.API_SECRET) is None
keyring.delete_password("sms-desktop", "live/api_secret")
assert kept.get(ProfileId("live"), SecretName.API_SECRET) is None
print(keyring_in_words())
"""


@pytest.mark.secret_service
def test_a_real_secret_service_keeps_what_it_is_given() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ROUND_TRIP],
        input=secrets.token_urlsafe(12) + " é ✓",
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


class _Chest(keyring.backend.KeyringBackend):
    """A keyring that keeps what it is given, until it is locked or hangs."""

    priority = -2  # never taken for the system's own

    def __init__(self, kept: dict[str, str]) -> None:  # an argument keeps keyring from finding it by itself
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.kept = kept
        self.trouble: Exception | threading.Event | None = None

    def _look(self) -> None:
        if isinstance(self.trouble, threading.Event):
            self.trouble.wait(30)
        elif self.trouble is not None:
            raise self.trouble

    def get_password(self, service: str, username: str) -> str | None:
        self._look()
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._look()
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._look()
        if self.kept.pop(username, None) is None:
            raise keyring.errors.PasswordDeleteError("not found")


def test_a_secret_is_kept_replaced_and_taken_out(own_keyring: None) -> None:
    chest = _Chest({})
    keyring.set_keyring(chest)
    kept = KeyringSecrets()
    for secret in ("one", "two"):
        kept.set(_LIVE, SecretName.CLIENT_SECRET, secret)
        assert kept.get(_LIVE, SecretName.CLIENT_SECRET) == secret
    assert chest.kept == {"live/client_secret": "two"}
    for _ in range(2):  # the second finds nothing, which is as well
        kept.remove(_LIVE, SecretName.CLIENT_SECRET)
        assert kept.get(_LIVE, SecretName.CLIENT_SECRET) is None


@pytest.mark.parametrize("locked", [True, False])
def test_a_locked_or_silent_keyring_takes_nothing_and_says_so(own_keyring: None, locked: bool) -> None:
    chest = _Chest({})
    keyring.set_keyring(chest)
    hanging = threading.Event()
    chest.trouble = keyring.errors.KeyringLocked() if locked else hanging
    kept = KeyringSecrets(seconds=0.1)
    with pytest.raises(KeyringUnavailable) as told:
        kept.set(_LIVE, SecretName.API_SECRET, "canary")
    assert "canary" not in f"{told.value.message} {told.value.hint}"
    with pytest.raises(KeyringUnavailable):
        kept.remove(_LIVE, SecretName.API_SECRET)
    hanging.set()


def test_what_is_kept_for_this_session_comes_before_the_keyring(own_keyring: None) -> None:
    chest = _Chest({})
    keyring.set_keyring(chest)
    session = MemorySecrets(otherwise=KeyringSecrets())
    chest.kept["live/api_secret"] = "kept"
    assert session.get(_LIVE, SecretName.API_SECRET) == "kept"
    session.set(_LIVE, SecretName.API_SECRET, "for now")
    assert session.get(_LIVE, SecretName.API_SECRET) == "for now"
    assert chest.kept == {"live/api_secret": "kept"}
    session.remove(_LIVE, SecretName.API_SECRET)
    assert session.get(_LIVE, SecretName.API_SECRET) == "kept"
