"""All that runs for one profile: its lock, the embedded servers, sender and poller. Made by app and by cli.

Several processes may share the store; the one that holds a profile's lock sends and polls, the others queue
and wait.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sms_desktop.background.housekeeping import Housekeeping
from sms_desktop.background.poller import Contact, Poller
from sms_desktop.background.profile_lock import ProfileLock
from sms_desktop.background.sender import Sender
from sms_desktop.background.status import ProfileStatus, RelayCondition, Trouble
from sms_desktop.background.supervisor import EmbeddedServers
from sms_desktop.messages.errors import Mendable, OurFault, SmsDesktopError
from sms_desktop.relay.client import RelayClient
from sms_desktop.relay.errors import RelayUnreachable
from sms_desktop.services import delivery, inbox
from sms_desktop.services.accounts import Account, Servers, account, gateway_client
from sms_desktop.services.clock import now_us
from sms_desktop.services.outbox import Outbox
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import KeyringUnavailable, SecretName, Secrets
from sms_desktop.store.changes import Changes
from sms_desktop.store.database import Store

_LOOK_SECONDS = 0.5
_RETRY_SECONDS = 5.0
_LAST_ANSWER_SECONDS = 0.8
"""What a request under way may take when the program stops; cut short, its outcome would be uncertain."""
_BANNER_AFTER_US = 20_000_000

_logger = logging.getLogger(__name__)


class ProfileWorker:
    """Works for one profile from `start` to `stop`.

    `folder` is the profile's own. `publish` gets a ProfileStatus whenever it changes, one after another, on
    the worker's threads.
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
        self._housekeeping = Housekeeping(store)
        self._status = ProfileStatus(profile.id)
        self._has_published = False
        self._unreachable_since: int | None = None
        self._publishing = threading.Lock()
        self._stopping = threading.Event()
        self._hurried = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"worker-{profile.id}", daemon=True)
        self._lock = threading.Lock()
        self._sender: Sender | None = None
        self._poller: Poller | None = None
        self._embedded: EmbeddedServers | None = None

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
        self._hurried.set()
        with self._lock:
            if self._sender is not None:
                self._sender.finish()
            elif self._embedded is not None:
                self._embedded.cancel()  # they are just starting
            if self._poller is not None:
                self._poller.stop()
        if self._thread.ident is not None:
            self._thread.join(seconds)

    @property
    def begun(self) -> bool:
        """True from `start` on."""
        return self._thread.ident is not None

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
                    else:
                        self._watch_another()
            except SmsDesktopError as error:
                self._rest_after(error)
            except Exception as error:
                _logger.exception("the worker of profile %s failed", self._profile.id)
                self._rest_after(_fault(error))
        self._set(relay=RelayCondition.STOPPED)

    def _rest_after(self, error: SmsDesktopError) -> None:
        if self._stopping.is_set():
            return  # it came from stopping
        self._set(
            relay=RelayCondition.STOPPED,
            relay_detail=error.message,
            sender_waits_for=error.message,
            waits_for_person=isinstance(error, Mendable | KeyringUnavailable),
            trouble=Trouble(error.message, error.hint or "Sending waits.", "error", "try_now", now_us()),
        )
        self._hurried.wait(_RETRY_SECONDS)
        self._hurried.clear()

    def _watch_another(self) -> None:
        self._set(
            relay=RelayCondition.ELSEWHERE,
            relay_detail="",
            sender_waits_for=None,
            waits_for_person=False,
            trouble=None,
        )
        self._store.look_for_others()
        self._stopping.wait(_LOOK_SECONDS)

    def _work(self) -> None:
        delivery.recover(self._store, self._profile.id)
        self._housekeeping.look()
        self._set(
            relay=RelayCondition.STARTING,
            relay_detail="",
            last_event_us=inbox.last_event_us(self._store, self._profile.id),
        )
        if not self._profile.is_sandbox:
            self._send_and_poll(account(self._profile, self._secrets), None)
            return
        embedded = EmbeddedServers(
            self._folder,
            api_key=self._profile.api_key,
            stream=self._profile.stream,
            api_secret=self._secrets.get(self._profile.id, SecretName.API_SECRET),
        )
        with self._lock:
            self._embedded = embedded
            if self._stopping.is_set():
                embedded.cancel()
        try:
            servers: Servers = embedded.start()
            self._send_and_poll(account(self._profile, self._secrets, servers=servers), embedded)
        finally:
            embedded.stop()
            with self._lock:
                self._embedded = None

    def _send_and_poll(self, ready: Account, embedded: EmbeddedServers | None) -> None:
        faults: list[Exception] = []
        sender = Sender(
            store=self._store,
            account=ready,
            client=gateway_client(ready.profile),
            waits_for=lambda words: self._set(sender_waits_for=words, waits_for_person=False),
        )
        sending = _thread(sender.run, f"sender-{self._profile.id}", faults)
        threads = [sending]
        poller = self._poller_of(ready)
        if poller is not None:
            threads.append(_thread(poller.run, f"poller-{self._profile.id}", faults))
        with self._lock:
            self._sender, self._poller = sender, poller
        for thread in threads:
            thread.start()
        try:
            # When one of the threads has died, everything of this profile starts anew.
            while not self._stopping.wait(_LOOK_SECONDS) and all(thread.is_alive() for thread in threads):
                self._housekeeping.look()
                if embedded is not None and not embedded.running:
                    embedded.repair()
                    self._hurry()
        finally:
            if poller is not None:
                poller.stop()
            sender.finish()
            sending.join(_LAST_ANSWER_SECONDS)
            sender.stop()
            for thread in threads:
                thread.join()
            with self._lock:
                self._sender = self._poller = None
        if faults:
            raise faults[0]

    def _poller_of(self, ready: Account) -> Poller | None:
        relay = ready.relay
        if relay is not None:
            return Poller(
                store=self._store,
                profile=self._profile,
                client=RelayClient(
                    base_url=relay.url,
                    stream=relay.stream,
                    reader_token=relay.reader_token,
                    proxy=self._profile.proxy,
                    ca_file=self._profile.ca_file,
                ),
                report=self._contact,
            )
        missing = ready.relay_missing
        if missing is None:
            self._set(relay=RelayCondition.NONE, relay_detail="This account has no relay.", trouble=None)
        else:
            consequence = missing.hint or "Receipts and replies can't come in."
            self._set(
                relay=RelayCondition.REFUSED,
                relay_detail=missing.message,
                trouble=Trouble(missing.message, consequence, "warning", None, now_us()),
            )
        return None

    def _hurry(self) -> None:
        with suppress(SmsDesktopError):  # the sender and poller say what is wrong
            self._outbox.retry_now(self._profile.id)
        self._hurried.set()
        with self._lock:
            sender, poller = self._sender, self._poller
        if sender is not None:
            sender.wake()
        if poller is not None:
            poller.try_now()

    def _changed(self, _: Changes) -> None:
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
                    "No contact with the relay." if isinstance(error, RelayUnreachable) else error.message,
                    "Receipts and replies are kept there and will come in later.",
                    "error",
                    "try_now",
                    self._unreachable_since,
                )
        elif isinstance(error, inbox.EventsMissing):
            words = "If the relay has lost them for good, go on without them."
            trouble = Trouble(error.message, words, "warning", "go_on", now)
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
        with self._publishing:  # one after another, so that the last one published is the latest
            before = self._status
            with suppress(SmsDesktopError):  # the number stays as it was; the sender says what is wrong
                changes["queued"] = self._outbox.queued(self._profile.id)
                changes["paused"] = self._outbox.paused(self._profile.id)
            status = replace(before, **changes)  # type: ignore[arg-type]  # the callers are above
            if status.trouble is not None and before.trouble is not None:
                same = replace(status.trouble, since_us=before.trouble.since_us)
                if same == before.trouble:  # it is still the same trouble
                    status = replace(status, trouble=same)
            if status == before and self._has_published:
                return
            self._status = status
            self._has_published = True
            self._publish(status)


def _thread(run: Callable[[], None], name: str, faults: list[Exception]) -> threading.Thread:
    """A thread that ends quietly when `run` raises, and leaves the exception in `faults`."""

    def guarded() -> None:
        try:
            run()
        except Exception as error:  # noqa: BLE001 -- the worker raises it again
            faults.append(error)

    return threading.Thread(target=guarded, name=name, daemon=True)


def _fault(error: Exception) -> OurFault:
    return OurFault(
        f"A fault of this program stopped sending and receiving: {type(error).__name__}.",
        hint="Nothing is lost. It is tried again by itself.",
    )
