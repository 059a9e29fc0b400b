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
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QSocketNotifier, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

import sms_desktop
from sms_desktop.background.feed import Feed
from sms_desktop.background.single_window import Request, WindowDoor, hand_over
from sms_desktop.background.tasks import Tasks
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.ids import ProfileId
from sms_desktop.settings import preferences, profiles
from sms_desktop.settings.paths import Places, make_private, places, resource, runtime_folder
from sms_desktop.settings.preferences import Preferences
from sms_desktop.settings.profiles import SANDBOX, Profile
from sms_desktop.store.database import Store
from sms_desktop.ui.delivery import MainThread

if TYPE_CHECKING:
    from sms_desktop.background.crew import Crew
    from sms_desktop.background.status import ProfileStatus
    from sms_desktop.messages.links import Link
    from sms_desktop.services.account_book import AccountBook
    from sms_desktop.services.outbox import Outbox
    from sms_desktop.services.rehearsal import Simulator
    from sms_desktop.settings.secrets import SecretsKept
    from sms_desktop.ui.accounts.desk import AccountsDesk

USAGE = """\
Usage: sms-desktop [--profile NAME] [--new-message | LINK]

  LINK             an sms: link, as in sms:+31612345678?body=Hello: it fills a draft, nothing is sent
  --new-message    begin a message
  --profile NAME   open with this profile (default: sandbox)
  --self-check     prove that this installation works; with --json as one JSON document
  --version        print the version
  --help           print this

Without arguments the window opens; one that is open already comes to the front and takes the link.
Everything it does can be done with smsctl too.
"""
_NO_DISPLAY = 3
_LONGEST_PAINT_MS = 10_000
_NO_DISPLAY_WORDS = (
    "there is no display that can be used. Start it in a graphical session, or use smsctl instead."
)


def run(arguments: list[str]) -> int:
    """Run sms-desktop and return its exit status: 0 done, 1 failed, 2 wrong usage, 3 no display."""
    match arguments:
        case ["--profile", name, *rest] if name:
            profile: str | None = name
        case rest:
            profile = None
    match rest:
        case []:
            return _window(profile, None)
        case ["--new-message"]:
            return _window(profile, "sms:")
        case [uri] if _is_link(uri):
            return _window(profile, uri)
    match arguments:
        case ["--version"]:
            sys.stdout.write(f"sms-desktop, version {sms_desktop.__version__}\n")
            return 0
        case ["--help"] | ["-h"]:
            sys.stdout.write(USAGE)
            return 0
        case ["--self-check", *rest] if rest in ([], ["--json"]):
            return _self_check(as_json=bool(rest))
        case ["--self-check-window"]:
            return _self_check_window()
        case _:
            sys.stderr.write(USAGE)
            return 2


def _is_link(argument: str) -> bool:
    from sms_desktop.messages.links import is_link

    return is_link(argument)


def has_display() -> bool:
    """False if a window certainly can't be shown: Qt would end the process without a word that helps."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


class Console:
    """The running window and all behind it, for the profile that it shows and those that it has shown.

    What the first paint does not need begins after it: opening the store, accounts, and the workers with the
    network. `keyring` is where secrets are kept, None for the system's own.
    """

    def __init__(
        self,
        application: QApplication,
        profile: Profile,
        where: Places,
        *,
        profiles: tuple[Profile, ...] = (),
        keyring: SecretsKept | None = None,
    ) -> None:
        # Not needed by a second start, which hands over what it wants and ends.
        from sms_desktop.services.handsets import handsets
        from sms_desktop.ui.main_window import MainWindow
        from sms_desktop.ui.opening import OpeningNews

        self._where = where
        self._keyring = keyring
        self._deliver = MainThread(application)
        self._tasks = Tasks(self._deliver)
        self.store = Store(
            where.store,
            progress=OpeningNews(lambda told: self.window.banners.show_opening(told), self._deliver),
        )
        self._crew: Crew | None = None
        self._desk: AccountsDesk | None = None
        self._book: AccountBook | None = None
        self.window = MainWindow(
            profile=profile,
            profiles=profiles,
            store=self.store,
            outbox=self._outbox,
            tasks=self._tasks,
            handsets=handsets() if profile.is_sandbox else (),
            try_now=self._try_now,
            simulator=self._simulator,
            window_state=where.window_state,
        )
        self._feed = Feed(self.window.apply_changes, self._deliver)
        self.store.subscribe(self._feed.take)

    def _outbox(self) -> Outbox:
        from sms_desktop.services.outbox import Outbox  # with all that sending needs

        return Outbox(self.store)

    def _simulator(self) -> Simulator:
        from sms_desktop.services.rehearsal import Simulator

        return Simulator(self._where.profile(SANDBOX.id))

    @property
    def ready(self) -> bool:
        """True once the accounts can be opened and the profile that is shown is worked for."""
        return self._desk is not None

    def show(self, *, work: bool = True) -> None:
        """Show the window; `work` also sends and polls once it is painted."""
        if work:
            self.window.painted.connect(self._begin_work)
        self.window.show()

    def take(self, request: Request) -> None:
        """Do what a second start asks for; called on any thread."""
        self._deliver(lambda: self._answer(request))

    def _answer(self, request: Request) -> None:
        if request.token:
            os.environ["XDG_ACTIVATION_TOKEN"] = request.token  # Qt's Wayland platform looks here
        self.window.come_forward()
        if request.link is not None:
            self.window.open_link(request.link)

    def stop(self) -> None:
        """End in the reverse order: senders, pollers and servers, then the window's work, then the store."""
        self._deliver.stop()
        if self._crew is not None:
            self._crew.stop()
        self._tasks.stop()
        self.store.close()

    def _begin_work(self) -> None:
        from PySide6.QtGui import QIcon

        QApplication.setWindowIcon(QIcon(str(resource("app/sms-desktop.svg"))))
        gc.freeze()  # what the start has made stays: later collections need not look at it
        gc.enable()
        self._tasks.run(self._gather, self._start_work, self.window.show_trouble)

    def _gather(self) -> tuple[Crew, AccountBook, Preferences]:
        # On a worker's thread: these imports take their time, and so may the disk.
        from sms_desktop.background.crew import Crew
        from sms_desktop.services.account_book import AccountBook
        from sms_desktop.settings.secrets import KeyringSecrets, SessionSecrets

        secrets = SessionSecrets(self._keyring or KeyringSecrets())
        crew = Crew(store=self.store, secrets=secrets, folder=self._where.profile, publish=self._publish)
        return crew, AccountBook(self._where.profiles, secrets), preferences.load(self._where.preferences)

    def _start_work(self, gathered: tuple[Crew, AccountBook, Preferences]) -> None:
        from sms_desktop.ui.accounts.desk import AccountsDesk

        self._crew, book, preferred = gathered
        self._book = book
        self.window.prefer(preferred)
        self._crew.employ(self.window.profile)
        desk = self._desk = AccountsDesk(
            self.window, book=book, tasks=self._tasks, queued=self._outbox().queued
        )
        self.window.profile_chosen.connect(self._show_profile)
        self.window.preferred.connect(self._save_preferences)
        self.window.secret_taken.connect(self._use_secret)
        desk.changed.connect(self._account_changed)
        desk.removed.connect(self._account_removed)
        desk.attend(self.window.profile)

    def _save_preferences(self, wanted: Preferences) -> None:
        file = self._where.preferences
        self._tasks.run(
            lambda: preferences.save(file, wanted), lambda _: None, self.window.show_trouble, lane="writes"
        )

    def _publish(self, status: ProfileStatus) -> None:
        def show() -> None:
            if status.profile == self.window.profile.id:
                self.window.apply_status(status)

        self._deliver(show)

    def _show_profile(self, profile: Profile) -> None:
        assert self._crew is not None
        assert self._desk is not None
        from sms_desktop.services.handsets import handsets

        self.window.show_profile(profile, handsets=handsets() if profile.is_sandbox else ())
        self._crew.employ(profile)
        status = self._crew.status(profile.id)
        if status is not None:
            self.window.apply_status(status)
        self._desk.attend(profile)

    def _account_changed(self, profile: Profile) -> None:
        assert self._crew is not None
        if profile.id == self.window.profile.id:
            self._crew.employ(profile, anew=True)
            self._show_profile(profile)
        elif self._crew.status(profile.id) is not None:
            self._crew.employ(profile, anew=True)

    def _use_secret(self, profile: Profile, secret: str) -> None:
        """Send for an account with this secret until the program ends; it is kept in memory alone."""
        assert self._crew is not None
        assert self._book is not None
        self._book.use_until_quit(profile.id, secret)
        if self._crew.status(profile.id) is not None:
            self._crew.employ(profile, anew=True)

    def _account_removed(self, profile: str) -> None:
        assert self._crew is not None
        self._crew.dismiss(ProfileId(profile))
        if profile == self.window.profile.id:
            self._show_profile(SANDBOX)

    def _try_now(self) -> None:
        if self._crew is not None:
            self._crew.try_now(self.window.profile.id)


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


def _window(profile_name: str | None, uri: str | None) -> int:
    """Open the window, or hand `uri` to the one that is open; without a name any profile's window will do."""
    if not has_display():
        sys.stderr.write(f"sms-desktop: {_NO_DISPLAY_WORDS}\n")
        return _NO_DISPLAY
    # The activation token is for one window: ours if it opens, else the one that is open.
    token = os.environ.get("XDG_ACTIVATION_TOKEN", "")
    where = places()
    runtime = runtime_folder(where)
    door: WindowDoor | None = None
    try:
        request = Request(_link(uri) if uri is not None else None, token)
        if profile_name is None and hand_over(runtime, None, request):
            return 0
        for folder in (where.data, where.config, where.state):
            make_private(folder)
        known = profiles.load(where.profiles)
        profile = profiles.find(known, profile_name or SANDBOX.id)
        door = WindowDoor(runtime, profile.id)
        if not door.claim() and hand_over(runtime, profile.id, request):
            return 0  # a window that does not answer is left alone: several can share the store
        application = _application()
        console = Console(application, profile, where, profiles=known)
    except SmsDesktopError as error:
        if door is not None:
            door.close()
        return _say_why_not(_application(), error)
    signals = _Signals(application)
    console.show()
    if request.link is not None:
        console.window.open_link(request.link)
    door.open(console.take)
    status = application.exec()
    door.close()
    signals.stop()
    console.stop()
    return status


def _link(uri: str) -> Link:
    from sms_desktop.messages.links import parse

    return parse(uri)


def _self_check_window() -> int:
    """Paint the window once, in a temporary place and with nothing running behind it.

    Prints when: the monotonic clock's nanoseconds, for who measures the start.
    """
    if not has_display():
        return _NO_DISPLAY
    application = _application()
    with tempfile.TemporaryDirectory(prefix="sms-desktop-window-") as folder:
        console = Console(application, SANDBOX, Places(Path(folder), Path(folder), Path(folder)))
        console.window.painted.connect(lambda: sys.stdout.write(f"{time.monotonic_ns()}\n"))
        console.window.painted.connect(application.quit)
        QTimer.singleShot(_LONGEST_PAINT_MS, application.quit)  # a window manager may keep it hidden
        console.show(work=False)
        application.exec()
        picture = console.window.grab()
        console.stop()
    return 1 if picture.isNull() else 0


def _application() -> QApplication:
    QApplication.setApplicationName("sms-desktop")
    QApplication.setApplicationDisplayName("SMS Desktop")
    QApplication.setApplicationVersion(sms_desktop.__version__)
    QApplication.setDesktopFileName("sms-desktop")
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # Qt ends the process when it can't reach the display. Its own words are many and help nobody.
    qInstallMessageHandler(_say_no_display)
    application = QApplication(sys.argv[:1])
    qInstallMessageHandler(None)
    return application


def _say_no_display(kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
    if kind is QtMsgType.QtFatalMsg:
        sys.stderr.write(f"sms-desktop: {_NO_DISPLAY_WORDS}\n")
        sys.stderr.flush()
        os._exit(_NO_DISPLAY)
    if kind is QtMsgType.QtCriticalMsg:
        sys.stderr.write(f"{words}\n")


def _say_why_not(application: QApplication, error: SmsDesktopError) -> int:
    """Say in a box, and on standard error, why the window can't open."""
    from PySide6.QtWidgets import QMessageBox

    sys.stderr.write(f"sms-desktop: {error.message}\n")
    box = QMessageBox(QMessageBox.Icon.Critical, "SMS Desktop", error.message)
    box.setInformativeText(error.hint or "")
    box.finished.connect(application.quit)
    box.show()
    application.exec()
    return 1
