"""The workers of the profiles that this program works for. Made by app.

A profile that was opened once goes on sending and receiving when another one is shown: what was sent from it
is sent, and what comes in is there when it is shown again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from sms_desktop.background.profile_worker import ProfileWorker
from sms_desktop.background.status import ProfileStatus
from sms_desktop.messages.ids import ProfileId
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import MemorySecrets, Secrets
from sms_desktop.store.database import Store


class Crew:
    """At most one worker a profile.

    `folder` names a profile's own folder. `publish` gets every ProfileStatus, on the workers' threads. No
    method waits but `stop`.
    """

    def __init__(
        self,
        *,
        store: Store,
        secrets: Secrets,
        folder: Callable[[ProfileId], Path],
        publish: Callable[[ProfileStatus], None],
    ) -> None:
        self._store = store
        self._secrets = secrets
        self._folder = folder
        self._publish = publish
        self._lock = threading.Lock()
        self._stopped = False
        self._working: dict[ProfileId, tuple[Profile, ProfileWorker]] = {}
        self._leaving: list[threading.Thread] = []

    def employ(self, profile: Profile, *, anew: bool = False) -> None:
        """Work for a profile from now on; `anew` also if that is done already, with its present secrets."""
        with self._lock:
            if self._stopped:
                return
            before = self._working.get(profile.id)
            if before is not None and before[0] == profile and not anew:
                return
            worker = ProfileWorker(
                profile=profile,
                store=self._store,
                secrets=MemorySecrets() if profile.is_sandbox else self._secrets,
                folder=self._folder(profile.id),
                publish=self._publish,
            )
            self._working[profile.id] = profile, worker
            if before is None:
                worker.start()
            else:
                self._leave(before[1], then=profile.id)

    def dismiss(self, profile: ProfileId) -> None:
        """Work for a profile no longer."""
        with self._lock:
            before = self._working.pop(profile, None)
            if before is not None:
                self._leave(before[1])

    def try_now(self, profile: ProfileId) -> None:
        """Skip every pause of a profile's worker."""
        with self._lock:
            working = self._working.get(profile)
        if working is not None:
            working[1].try_now()

    def status(self, profile: ProfileId) -> ProfileStatus | None:
        """What a profile's worker published last, None if there is no worker."""
        with self._lock:
            working = self._working.get(profile)
        return None if working is None else working[1].status

    def stop(self, seconds: float = 2.0) -> None:
        """End every worker, side by side. Waits at most `seconds` for all of them."""
        with self._lock:
            self._stopped = True
            for _, worker in self._working.values():
                self._leave(worker)
            self._working.clear()
            leaving = list(self._leaving)
        deadline = time.monotonic() + seconds
        for thread in leaving:
            thread.join(max(deadline - time.monotonic(), 0.0))

    def _leave(self, worker: ProfileWorker, *, then: ProfileId | None = None) -> None:
        """End a worker on a thread of its own; its successor for the profile `then` begins after it."""

        def leave() -> None:
            worker.stop()
            with self._lock:
                successor = self._working.get(then) if then is not None else None
                if successor is not None and not self._stopped and not successor[1].begun:
                    successor[1].start()

        self._leaving = [thread for thread in self._leaving if thread.is_alive()]
        thread = threading.Thread(target=leave, name="worker-leaving", daemon=True)
        self._leaving.append(thread)
        thread.start()
