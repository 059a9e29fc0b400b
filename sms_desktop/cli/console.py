"""What commands share that use the store: places, profiles, secrets, and a worker that sends meanwhile.

Used by send.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sms_desktop.background.profile_worker import ProfileWorker
from sms_desktop.background.status import ProfileStatus
from sms_desktop.cli.output import say
from sms_desktop.settings import profiles
from sms_desktop.settings.paths import Places, make_private, places
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import EnvironmentSecrets, KeyringSecrets, MemorySecrets, Secrets
from sms_desktop.store.database import Store

_QUIET_SECONDS = 0.5


def profile_named(name: str, where: Places) -> Profile:
    """The profile called `name`. Raises Mendable."""
    return profiles.find(profiles.load(where.profiles), name)


def secrets_for(profile: Profile) -> Secrets:
    """Where a command finds a profile's secrets: the environment first; the sandbox needs no keyring."""
    return EnvironmentSecrets(
        os.environ, otherwise=MemorySecrets() if profile.is_sandbox else KeyringSecrets()
    )


class _Told:
    """Says on standard error what takes longer than half a second."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._said = ""

    def __call__(self, what: str, done: float) -> None:
        if what != self._said and time.monotonic() - self._began > _QUIET_SECONDS:
            say(f"smsctl: {what} ({done:.0%}).")
            self._said = what


@contextmanager
def opened_store() -> Iterator[tuple[Store, Places]]:
    """The store of this user, and where everything lives."""
    where = places()
    make_private(where.data)
    store = Store(where.store, progress=_Told())
    try:
        if store.notice is not None:
            say(f"smsctl: {store.notice}")
        yield store, where
    finally:
        store.close()


class Watch:
    """Wakes up whenever the store or the worker's status changes."""

    def __init__(self) -> None:
        self._changed = threading.Event()
        self.status: ProfileStatus | None = None

    def touch(self, *_: object) -> None:
        """Note a change; called on any thread."""
        self._changed.set()

    def publish(self, status: ProfileStatus) -> None:
        """Take a worker's status."""
        self.status = status
        self._changed.set()

    def until(self, finished: Callable[[], bool], seconds: float, clock: Callable[[], float]) -> bool:
        """Wait until `finished` says so; False after `seconds`.

        It is asked after every change and four times a second.
        """
        end = clock() + seconds
        while not finished():
            left = end - clock()
            if left <= 0:
                return False
            self._changed.wait(min(left, 0.25))
            self._changed.clear()
        return True


@contextmanager
def working(profile: Profile, store: Store, where: Places) -> Iterator[Watch]:
    """Send and poll for a profile meanwhile, unless another process does so already."""
    watch = Watch()
    store.subscribe(watch.touch)
    worker = ProfileWorker(
        profile=profile,
        store=store,
        secrets=secrets_for(profile),
        folder=where.profile(profile.id),
        publish=watch.publish,
    )
    worker.start()
    try:
        yield watch
    finally:
        worker.stop(seconds=5.0)
