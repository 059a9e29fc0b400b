"""The composition root of the window: build, connect, run, shut down in reverse order. Called by __main__.

Nothing is imported here that the first paint does not need: the worker, and with it everything of the
network, is built after the window has been painted.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication, QMessageBox

import sms_desktop
from sms_desktop.background.feed import Feed
from sms_desktop.background.tasks import Tasks
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.services.outbox import Outbox
from sms_desktop.services.rehearsal import Simulator, handsets
from sms_desktop.settings import profiles
from sms_desktop.settings.paths import Places, make_private, places
from sms_desktop.settings.profiles import SANDBOX, Profile
from sms_desktop.store.database import Store
from sms_desktop.ui.delivery import MainThread
from sms_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from sms_desktop.background.profile_worker import ProfileWorker

_USAGE = """\
Usage: sms-desktop [--profile NAME]

  --profile NAME   open with this profile (default: sandbox)
  --self-check     prove that this installation works; with --json as one JSON document
  --version        print the version
  --help           print this

Without arguments the window opens. Everything it does can be done with smsctl too.
"""
_NO_DISPLAY = 3


def run(arguments: list[str]) -> int:
    """Run sms-desktop and return its exit status: 0 done, 1 failed, 2 wrong usage, 3 no display."""
    match arguments:
        case []:
            return _window("sandbox")
        case ["--profile", name]:
            return _window(name)
        case ["--version"]:
            sys.stdout.write(f"sms-desktop, version {sms_desktop.__version__}\n")
            return 0
        case ["--help"] | ["-h"]:
            sys.stdout.write(_USAGE)
            return 0
        case ["--self-check", *rest] if rest in ([], ["--json"]):
            return _self_check(as_json=bool(rest))
        case ["--self-check-window"]:
            return _self_check_window()
        case _:
            sys.stderr.write(_USAGE)
            return 2


def has_display() -> bool:
    """False if a window certainly can't be shown: Qt would end the process without a word that helps."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


class Console:
    """The running window and all behind it, for one profile.

    What the first paint does not need begins after it: opening the store, and the worker with the network.
    """

    def __init__(self, application: QApplication, profile: Profile, where: Places) -> None:
        self._profile = profile
        self._where = where
        self._deliver = MainThread(application)
        self._tasks = Tasks(self._deliver)
        self._store = Store(where.store)
        self._worker: ProfileWorker | None = None
        self.window = MainWindow(
            profile=profile,
            store=self._store,
            outbox=Outbox(self._store),
            tasks=self._tasks,
            handsets=handsets() if profile.is_sandbox else (),
            try_now=self._try_now,
            simulator=Simulator(where.profile(profile.id)) if profile.is_sandbox else None,
            window_state=where.window_state,
        )
        self._feed = Feed(self.window.apply_changes, self._deliver)
        self._store.subscribe(self._feed.take)

    def show(self, *, work: bool = True) -> None:
        """Show the window; `work` also sends and polls once it is painted."""
        if work:
            self.window.painted.connect(self._begin_work)
        self.window.show()

    def stop(self) -> None:
        """End in the reverse order: sender, poller and servers, then the window's work, then the store."""
        self._deliver.stop()
        if self._worker is not None:
            self._worker.stop()
        self._tasks.stop()
        self._store.close()

    def _begin_work(self) -> None:
        gc.freeze()  # what the start has made stays: later collections need not look at it
        gc.enable()
        self._tasks.run(self._make_worker, self._start_worker, self.window.show_trouble)

    def _make_worker(self) -> ProfileWorker:
        # On a worker's thread: these imports and the first look at the keyring take their time.
        from sms_desktop.background.profile_worker import ProfileWorker
        from sms_desktop.settings.secrets import KeyringSecrets, MemorySecrets

        return ProfileWorker(
            profile=self._profile,
            store=self._store,
            secrets=MemorySecrets() if self._profile.is_sandbox else KeyringSecrets(),
            folder=self._where.profile(self._profile.id),
            publish=lambda status: self._deliver(lambda: self.window.apply_status(status)),
        )

    def _start_worker(self, worker: ProfileWorker) -> None:
        self._worker = worker
        worker.start()

    def _try_now(self) -> None:
        if self._worker is not None:
            self._worker.try_now()


class _Signals:
    """Lets SIGINT and SIGTERM end the application in order: the window is closed, what was typed is kept.

    Python runs a handler only between two of its own instructions, and Qt's event loop has none of those;
    so each signal also writes an octet into a socket, which wakes the loop.
    """

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._listening, self._telling = socket.socketpair()
        self._telling.setblocking(False)
        self._notifier = QSocketNotifier(self._listening.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._quit)
        self._previous = {number: signal.signal(number, _leave_to_the_loop) for number in _ENDING}
        self._fd = signal.set_wakeup_fd(self._telling.fileno(), warn_on_full_buffer=False)

    def stop(self) -> None:
        """Put everything back as it was."""
        signal.set_wakeup_fd(self._fd)
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._listening.close()
        self._telling.close()

    def _quit(self) -> None:
        self._listening.recv(64)
        self._application.closeAllWindows()
        self._application.quit()


_ENDING = (signal.SIGINT, signal.SIGTERM)


def _leave_to_the_loop(_number: int, _frame: object) -> None:
    """Do nothing here: the octet that the signal wrote does the work."""


def _self_check(*, as_json: bool) -> int:
    from sms_desktop.background import self_check

    report = self_check.run()
    sys.stdout.write(report.as_json() if as_json else report.as_text())
    return 0 if report.ok else 1


def _window(profile_name: str) -> int:
    if not has_display():
        sys.stderr.write(
            "sms-desktop: there is no display. Start it in a graphical session, or use smsctl instead.\n"
        )
        return _NO_DISPLAY
    application = _application()
    try:
        where = places()
        for folder in (where.data, where.config, where.state):
            make_private(folder)
        profile = profiles.find(profiles.load(where.profiles), profile_name)
        console = Console(application, profile, where)
    except SmsDesktopError as error:
        return _say_why_not(application, error)
    signals = _Signals(application)
    console.show()
    status = application.exec()
    signals.stop()
    console.stop()
    return status


def _self_check_window() -> int:
    """Paint the window once, in a temporary place and with nothing running behind it."""
    if not has_display():
        return _NO_DISPLAY
    application = _application()
    with tempfile.TemporaryDirectory(prefix="sms-desktop-window-") as folder:
        console = Console(application, SANDBOX, Places(Path(folder), Path(folder), Path(folder)))
        console.show(work=False)
        picture = console.window.grab()
        console.stop()
    return 1 if picture.isNull() else 0


def _application() -> QApplication:
    QApplication.setApplicationName("sms-desktop")
    QApplication.setApplicationDisplayName("SMS Desktop")
    QApplication.setApplicationVersion(sms_desktop.__version__)
    QApplication.setDesktopFileName("sms-desktop")
    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])


def _say_why_not(application: QApplication, error: SmsDesktopError) -> int:
    """Say in a box, and on standard error, why the window can't open."""
    sys.stderr.write(f"sms-desktop: {error.message}\n")
    box = QMessageBox(QMessageBox.Icon.Critical, "SMS Desktop", error.message)
    box.setInformativeText(error.hint or "")
    box.finished.connect(application.quit)
    box.show()
    application.exec()
    return 1
