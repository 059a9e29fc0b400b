"""All that runs for one profile: its lock, the embedded servers, sender and poller. Made by app and by cli.

Several processes may share the store; the one that holds a profile's lock sends and polls, the others queue and wait.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sms_desktop.background.poller import Contact, Poller
from sms_desktop.background.sender import Sender
from sms_desktop.background.status import ProfileStatus, RelayCondition, Trouble
from sms_desktop.background.supervisor import EmbeddedServers
from sms_desktop.gateway.client import GatewayClient
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.relay.client import RelayClient
from sms_desktop.services import delivery, inbox
from sms_desktop.services.accounts import Account, Servers, account
from sms_desktop.services.clock import now_us
from sms_desktop.services.outbox import Outbox
from sms_desktop.settings.paths import make_private
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import SecretName, Secrets
from sms_desktop.store.changes import Changes
from sms_desktop.store.database import Store

_LOOK_SECONDS = 0.5
_RETRY_SECONDS = 5.0
_BANNER_AFTER_US = 20_000_000


class ProfileWorker:
    """Works for one profile from `start` to `stop`.

    `folder` is the profile's own. `publish` gets a ProfileStatus whenever it changes, on one of the worker's threads.
    """

    def __init__(
        self,
        *,
        profile: Profile,
        store: Store,
        secrets: Secrets,
        folder: Path,
        publish: Callable[[ProfileStatus], None],
    ) -> None:
        self._profile = profile
        self._store = store
        self._secrets = secrets
        self._folder = folder
        self._publish = publish
        self._outbox = Outbox(store)
        self._status = ProfileStatus(profile.id)
        self._unreachable_since: int | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"worker-{profile.id}", daemon=True)
        self._sender: Sender | None = None
        self._poller: Poller | None = None

    def start(self) -> None:
        """Begin; returns at once."""
        self._store.subscribe(self._changed)
        self._thread.start()

    def try_now(self) -> None:
        """Skip every pause: poll now, and let what waits be tried now. Does not wait for the disk."""
        threading.Thread(target=self._hurry, name=f"hurry-{self._profile.id}", daemon=True).start()

    def stop(self, seconds: float = 2.0) -> None:
        """End in order: no new attempt, the poll cut short, the servers ended. Waits at most `seconds`."""
        self._stopping.set()
        with self._lock:
            sender, poller = self._sender, self._poller
        if sender is not None:
            sender.stop()
        if poller is not None:
            poller.stop()
        if self._thread.ident is not None:
            self._thread.join(seconds)

    @property
    def status(self) -> ProfileStatus:
        """What was published last."""
        return self._status

    # From here on: the worker's own threads.

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with ProfileLock(self._folder) as mine:
                    if mine:
                        self._work()
                        continue
            except SmsDesktopError as error:
                self._set(
                    relay=RelayCondition.STOPPED,
                    relay_detail=error.message,
                    sender_waits_for=error.message,
                    trouble=Trouble(
                        error.message, error.hint or "Sending waits.", "error", "try_now", now_us()
                    ),
                )
                self._stopping.wait(_RETRY_SECONDS)
                continue
            self._set(relay=RelayCondition.ELSEWHERE, trouble=None)
            self._store.look_for_others()
            self._stopping.wait(_LOOK_SECONDS)
        self._set(relay=RelayCondition.STOPPED)

    def _work(self) -> None:
        delivery.recover(self._store, self._profile.id)
        self._set(
            relay=RelayCondition.STARTING,
            last_event_us=inbox.last_event_us(self._store, self._profile.id),
            queued=self._outbox.queued(self._profile.id),
        )
        embedded: EmbeddedServers | None = None
        servers: Servers | None = None
        try:
            if self._profile.is_sandbox:
                embedded = EmbeddedServers(
                    self._folder,
                    api_key=self._profile.api_key,
                    stream=self._profile.stream,
                    api_secret=self._secrets.get(self._profile.id, SecretName.API_SECRET),
                )
                servers = embedded.start()
            self._send_and_poll(account(self._profile, self._secrets, servers=servers), embedded)
        finally:
            if embedded is not None:
                embedded.stop()

    def _send_and_poll(self, ready: Account, embedded: EmbeddedServers | None) -> None:
        sender = Sender(
            store=self._store,
            account=ready,
            client=GatewayClient(),
            waits_for=lambda words: self._set(sender_waits_for=words),
        )
        work = [sender.run]
        poller = None
        if ready.relay is None:
            self._set(relay=RelayCondition.NONE, relay_detail="This account has no relay.", trouble=None)
        else:
            relay = ready.relay
            poller = Poller(
                store=self._store,
                profile=self._profile,
                client=RelayClient(base_url=relay.url, stream=relay.stream, reader_token=relay.reader_token),
                report=self._contact,
            )
            work.append(poller.run)
        with self._lock:
            self._sender, self._poller = sender, poller
        threads = [
            threading.Thread(target=run, name=f"{self._profile.id}-{run.__qualname__}", daemon=True)
            for run in work
        ]
        for thread in threads:
            thread.start()
        # The servers are watched here: when one has died, everything of this profile starts anew.
        while not self._stopping.wait(_LOOK_SECONDS):
            if embedded is not None and not embedded.running:
                break
        sender.stop()
        if poller is not None:
            poller.stop()
        for thread in threads:
            thread.join()
        with self._lock:
            self._sender = self._poller = None

    def _hurry(self) -> None:
        with suppress(SmsDesktopError):  # the sender and poller say what is wrong
            self._outbox.retry_now(self._profile.id)
        with self._lock:
            sender, poller = self._sender, self._poller
        if sender is not None:
            sender.wake()
        if poller is not None:
            poller.try_now()

    def _changed(self, changes: Changes) -> None:
        with self._lock:
            sender = self._sender
        if sender is not None:
            sender.wake()

    def _contact(self, contact: Contact) -> None:
        now = now_us()
        trouble: Trouble | None = None
        error = contact.error
        if contact.condition is RelayCondition.CONNECTED:
            self._unreachable_since = None
        elif contact.condition is RelayCondition.UNREACHABLE:
            if self._unreachable_since is None:
                self._unreachable_since = now
            if error is not None and now - self._unreachable_since >= _BANNER_AFTER_US:
                trouble = Trouble(
                    "No contact with the relay.",
                    "Receipts and replies are kept there and will come in later.",
                    "error",
                    "try_now",
                    self._unreachable_since,
                )
        elif error is not None:
            trouble = Trouble(error.message, error.hint or "", "warning", "try_now", now)
        self._set(
            relay=contact.condition,
            relay_detail=error.message if error is not None else "",
            behind=contact.behind,
            last_event_us=inbox.last_event_us(self._store, self._profile.id),
            trouble=trouble,
        )

    def _set(self, **changes: object) -> None:
        with self._lock:
            if "queued" not in changes:
                changes["queued"] = self._outbox.queued(self._profile.id)
            status = replace(self._status, **changes)  # type: ignore[arg-type]  # the callers are above
            if status == self._status:
                return
            self._status = status
        self._publish(status)


class ProfileLock:
    """A lock on a profile's folder that ends with the process, however it ends. Entering tells whether it is ours."""

    def __init__(self, folder: Path) -> None:
        self._file = make_private(folder) / "lock"
        self._descriptor: int | None = None

    def __enter__(self) -> bool:
        descriptor = os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600)
        if not _try_lock(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _try_lock(descriptor: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
