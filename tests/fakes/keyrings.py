"""A keyring that behaves as it is told: present, absent, locked until it is unlocked, or silent."""

from __future__ import annotations

import threading
from enum import Enum, auto

import keyring.backend
import keyring.errors


class Mood(Enum):
    """What a keyring does when it is asked."""

    FINE = auto()
    ABSENT = auto()
    LOCKED = auto()
    SILENT = auto()


class FakeKeyring(keyring.backend.KeyringBackend):
    """Keeps passwords in memory; `released` lets calls end that were answered with silence."""

    priority = -2  # below every backend of the library, so that it is never taken for the system's own
    name = "Test keyring"

    def __init__(self, mood: Mood = Mood.FINE) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.mood = mood
        self.released = threading.Event()
        self.kept: dict[tuple[str, str], str] = {}
        self.threads: set[int] = set()

    def get_password(self, service: str, username: str) -> str | None:
        self._answer()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._answer()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._answer()
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("none is kept")

    def _answer(self) -> None:
        self.threads.add(threading.get_ident())
        match self.mood:
            case Mood.ABSENT:
                raise keyring.errors.NoKeyringError("none")
            case Mood.LOCKED:
                raise keyring.errors.KeyringLocked("locked")
            case Mood.SILENT:
                self.released.wait(30)
            case Mood.FINE:
                pass
