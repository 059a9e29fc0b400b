"""Proves an installation: a temporary store, the embedded servers, every kind of message, receipts, a reply.

Called by cli and app.
"""

from __future__ import annotations

import json
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

import sms_desktop
from sms_desktop.background.profile_worker import ProfileWorker
from sms_desktop.background.status import ProfileStatus, RelayCondition
from sms_desktop.background.supervisor import own_command, own_environment
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.ids import ComposeId, MessageId, new_id
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.states import STATE_WORDS, TERMINAL, State
from sms_desktop.services.outbox import Compose, Outbox
from sms_desktop.settings.paths import resource
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.settings.secrets import MemorySecrets, keyring_in_words
from sms_desktop.store import conversations, messages
from sms_desktop.store.database import Store

LONGEST_SECONDS = 27.0
"""With what stopping takes behind it, all is over within 30 seconds."""
_PHONE = "31612345678"
_KINDS: tuple[Message, ...] = (
    Text("Self-check: ready."),
    Unicode("Self-check: klaar ✓"),
    Binary(bytes.fromhex("06050415811581"), b"\0"),
    WapPush("Self-check", "https://example.com/"),
    VCard("BEGIN:VCARD\r\nVERSION:2.1\r\nN:Check;Self\r\nEND:VCARD\r\n"),
    VCal("BEGIN:VCALENDAR\r\nVERSION:1.0\r\nEND:VCALENDAR\r\n"),
)
_ENDS = TERMINAL | {State.REFUSED, State.PARTIAL, State.UNCERTAIN}
_NO_DISPLAY = 3
"""The window's child process ends with this status when there is no display."""


class StepStatus(StrEnum):
    """How a step went; unavailable (no keyring, no display) is no failure."""

    PASSED = "passed"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried: `detail` says what was seen."""

    name: str
    status: StepStatus
    milliseconds: int
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """All steps; ok if none failed."""

    ok: bool
    version: str
    steps: tuple[Step, ...]

    def as_json(self) -> str:
        """The report as scripts see it: one line."""
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"

    def as_text(self) -> str:
        """The report for people: a line for each step, and a verdict."""
        lines = [
            f"{step.status:<12} {step.name:<22} {step.milliseconds:>6} ms  {step.detail}"
            for step in self.steps
        ]
        lines.append("All is well." if self.ok else "Something failed: see above.")
        return "\n".join(lines) + "\n"


class _Unavailable(Exception):
    """Something this machine does not have; the text says what."""


def run() -> Report:
    """Try everything, within LONGEST_SECONDS."""
    deadline = time.monotonic() + LONGEST_SECONDS
    steps: list[Step] = []

    def attempt(name: str, work: Callable[[], str]) -> bool:
        began = time.monotonic()
        try:
            status, detail = StepStatus.PASSED, work()
        except _Unavailable as missing:
            status, detail = StepStatus.UNAVAILABLE, str(missing)
        except SmsDesktopError as error:
            status, detail = StepStatus.FAILED, error.message
        except Exception as error:  # noqa: BLE001 -- a check reports whatever is wrong
            status, detail = StepStatus.FAILED, f"{type(error).__name__}: {error}"
        steps.append(Step(name, status, round((time.monotonic() - began) * 1000), detail))
        return status is StepStatus.PASSED

    attempt("open a resource", _resource)
    attempt("TLS", _tls)
    attempt("keyring", lambda: _with_deadline(_keyring, min(5.0, deadline - time.monotonic())))
    window = _start_window()
    made: list[tempfile.TemporaryDirectory[str]] = []

    def make_folder() -> str:
        made.append(tempfile.TemporaryDirectory(prefix="sms-desktop-check-"))
        return made[0].name

    if attempt("temporary folder", make_folder):
        with made[0] as folder:
            _check_loop(Path(folder), deadline, attempt)
    attempt("window", lambda: _window(window, deadline))
    return Report(
        all(step.status is not StepStatus.FAILED for step in steps), sms_desktop.__version__, tuple(steps)
    )


def _check_loop(folder: Path, deadline: float, attempt: Callable[[str, Callable[[], str]], bool]) -> None:
    """The whole loop: servers, sending, receipts through the relay, a reply."""
    store = Store(folder / "store.db")
    changed = threading.Event()
    latest: list[ProfileStatus] = []
    store.subscribe(lambda _: changed.set())
    outbox = Outbox(store)

    def publish(status: ProfileStatus) -> None:
        latest.append(status)
        changed.set()

    def wait_for(finished: Callable[[], bool], what: str) -> None:
        while not finished():
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{what} did not happen in time")
            changed.wait(min(left, 0.2))
            changed.clear()

    worker = ProfileWorker(
        profile=SANDBOX, store=store, secrets=MemorySecrets(), folder=folder / "sandbox", publish=publish
    )

    def connect() -> str:
        worker.start()
        wait_for(
            lambda: bool(latest) and latest[-1].relay is not RelayCondition.STARTING, "contact with the relay"
        )
        if latest[-1].relay is not RelayCondition.CONNECTED:
            raise RuntimeError(latest[-1].relay_detail or latest[-1].relay)
        return "relay and gateway answer on loopback"

    def press_send(content: Message) -> MessageId | SmsDesktopError:
        try:
            return outbox.send(Compose(ComposeId(new_id()), SANDBOX, _PHONE, SANDBOX.sender, content))
        except SmsDesktopError as error:
            return error

    def arrive(message: MessageId | SmsDesktopError) -> str:
        if isinstance(message, SmsDesktopError):
            raise message
        wait_for(lambda: _state(store, message) in _ENDS, "delivery")
        state = _state(store, message)
        if state is not State.DELIVERED:
            raise RuntimeError(STATE_WORDS[state])
        return STATE_WORDS[state]

    def reply() -> str:
        wait_for(lambda: _replies(store) > 0, "the reply")
        return "an inbound message came through the relay"

    try:
        if attempt("embedded servers", connect):
            # All at once: they are on their way together.
            sent = [(content.kind, press_send(content)) for content in _KINDS]
            press_send(Text("echo Self-check: reply."))
            for kind, message in sent:
                attempt(f"send {kind}", partial(arrive, message))
            attempt("receive a reply", reply)
    finally:
        worker.stop()
        store.close()


def _state(store: Store, message: MessageId) -> State:
    with store.read() as db:
        return messages.by_ids(db, [message])[0].state


def _replies(store: Store) -> int:
    with store.read() as db:
        found = conversations.find(db, SANDBOX.id, _PHONE)
        if found is None:
            return 0
        return sum(row.inbound for row in messages.page(db, found, limit=50))


def _resource() -> str:
    path = resource("icons/send.svg")
    return f"{path.name}, {len(path.read_bytes())} octets"


def _tls() -> str:
    import certifi

    context = ssl.create_default_context(cafile=certifi.where())
    return f"{len(context.get_ca_certs()):,} certificate authorities, {ssl.OPENSSL_VERSION}"


def _keyring() -> str:
    name = keyring_in_words()
    if name is None:
        raise _Unavailable("no keyring was found: secrets are kept in memory until you quit")
    return name


def _with_deadline(work: Callable[[], str], seconds: float) -> str:
    """Run what may block for good (a keyring on a dead bus) on its own thread, and give up on it in time."""
    outcome: list[str | Exception] = []

    def step() -> None:
        try:
            outcome.append(work())
        except Exception as error:  # noqa: BLE001 -- handed on below
            outcome.append(error)

    thread = threading.Thread(target=step, name="self-check-keyring", daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise _Unavailable(f"it did not answer within {seconds:.0f} s")
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]


def _start_window() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*own_command("sms-desktop", "sms_desktop"), "--self-check-window"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=own_environment(),
    )


def _window(process: subprocess.Popen[bytes], deadline: float) -> str:
    try:
        _, said = process.communicate(timeout=max(deadline - time.monotonic(), 0.1))
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.communicate()
        raise TimeoutError("the window was not painted in time") from error
    words = said.decode("utf-8", "replace").strip().splitlines()
    if process.returncode == _NO_DISPLAY:
        raise _Unavailable("no display")
    if process.returncode != 0:
        raise RuntimeError(words[-1] if words else f"it ended with status {process.returncode}")
    return "painted"
