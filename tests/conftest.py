"""The clean room that every test runs in; loaded by pytest before anything else.

- **Environment.** Nothing of the person who runs the tests is visible: HOME and the XDG directories are new
  for each test, and of the environment only what `_KEPT` names remains (no proxies, no `SMSCTL_*`, no bus).
- **Platform.** Qt inside the pytest process is always `offscreen`: a process has one QApplication and cannot
  change. A test marked `x11` starts the program as a process of its own, which finds DISPLAY and
  QT_QPA_PLATFORM=xcb in its environment. That display is always the private Xvfb of
  packaging/setup/private_session.py, never the person's own; `secret_service` tests likewise see only its
  private bus. `make test` starts both. Where one is missing, its tests are deselected and the end says so.
- **Network.** Loopback only. Names under `.invalid` fail as RFC 6761 6.4 says, without a look-up.
- **Leftovers.** A thread or process that outlives its test is ended if possible, and the test fails.
"""

from __future__ import annotations

import ctypes
import ipaddress
import itertools
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import keyring
import pytest

from tests.fakes.keyrings import FakeKeyring

_KEPT = frozenset({"CI", "COLUMNS", "LD_LIBRARY_PATH", "PATH", "TERM", "TMPDIR", "USER", "VIRTUAL_ENV"})
_KEPT_PREFIXES = ("COVERAGE_", "COV_CORE_", "HYPOTHESIS_", "PYTEST_", "PYTHON")
_GRACE_SECONDS = 3.0  # what a test ended in its last line may still take to be gone
_QT_SIGNS = ("PySide6", "qtbot", "qapp", "sms_desktop.app", "sms_desktop.ui", "sms-desktop")


def _private(variable: str, marker: str) -> dict[str, str]:
    """Return `variable` (with XAUTHORITY) if `marker` proves that a wrapper of ours set it, else nothing."""
    value = os.environ.get(variable)
    if not value or os.environ.get(marker) != value:
        return {}
    return {name: os.environ[name] for name in (variable, "XAUTHORITY") if name in os.environ}


_DISPLAY = _private("DISPLAY", "SMS_DESKTOP_PRIVATE_DISPLAY")
_BUS = _private("DBUS_SESSION_BUS_ADDRESS", "SMS_DESKTOP_PRIVATE_BUS")
_JUDGES = Path(__file__).with_name("oracles") / "node_modules" / ".setup"
_NODE = {"PATH": os.environ["PATH"]} if shutil.which("node") and _JUDGES.exists() else {}
_MARKS = {
    "node": (_NODE, "Node and the judges of tests/oracles/package-lock.json"),
    "x11": (_DISPLAY, "a private X server (Debian packages xvfb and xauth)"),
    "secret_service": (_BUS, "a private Secret Service (Debian packages dbus and gnome-keyring)"),
}


def _places(home: Path) -> dict[str, str]:
    """Return the variables that make `home` the only place that programs know."""
    runtime = home / "run"
    runtime.mkdir(parents=True, mode=0o700)
    return {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_STATE_HOME": str(home / "state"),
    }


def _scrub() -> Path:
    """Reduce this process's environment, for good, and return the HOME that session-wide fixtures see."""
    home = Path(tempfile.mkdtemp(prefix="sms-desktop-tests-"))
    kept = {k: v for k, v in os.environ.items() if k in _KEPT or k.startswith(_KEPT_PREFIXES)}
    os.environ.clear()
    os.environ.update(kept, **_places(home))
    # Neither UTC nor whole hours, and no summer time: a forgotten conversion shows, all year.
    os.environ.update(LC_ALL="C.UTF-8", QT_QPA_PLATFORM="offscreen", TZ="IST-5:30")
    time.tzset()
    return home


_HOME = _scrub()
_HOMES = itertools.count(1)

hypothesis.settings.register_profile(
    "project",
    deadline=None,  # a busy machine is not a bug
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("project")

_outside: list[str] = []


def _loopback_only(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: refuse sockets that would reach beyond this machine."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.bind", "socket.sendto"}:
        address = arguments[1]
        if not isinstance(address, tuple):  # a Unix socket's path, a netlink address
            return
        host = address[0]
    else:
        return
    if host in {None, "", b"", "localhost", b"localhost"} and event != "socket.bind":
        return
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        if ipaddress.ip_address(name).is_loopback:
            return
    except ValueError:
        if name == "localhost":
            return
        if name == "invalid" or name.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None
    _outside.append(f"{event} {name!r}")
    raise AssertionError(f"a test may use loopback only: {event} {name!r}")


sys.addaudithook(_loopback_only)


def _children() -> set[int]:
    """Return the process ids of this process's children, orphaned grandchildren included."""
    found: set[int] = set()
    for task in Path("/proc/self/task").glob("*/children"):
        try:
            found.update(int(pid) for pid in task.read_text().split())
        except OSError:  # the thread ended meanwhile
            continue
    return found


def _running(pids: set[int]) -> set[int]:
    """Return those of our children that still run, and bury those that have ended."""
    running = set()
    for pid in pids:
        try:
            ended, _ = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:  # its Popen object was quicker
            continue
        if not ended:
            running.add(pid)
    return running


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return "?"


def _live_threads() -> set[threading.Thread]:
    """Return the threads that the operating system still runs; Python's list keeps dead foreign ones."""
    tasks = Path("/proc/self/task")
    return {t for t in threading.enumerate() if t.is_alive() and (tasks / str(t.native_id)).exists()}


def _leftovers(threads: set[threading.Thread], children: set[int]) -> list[str]:
    """Wait for what was started since `threads` and `children` were counted, end what stays, and name it."""
    deadline = time.monotonic() + _GRACE_SECONDS
    while True:
        new_threads = _live_threads() - threads
        new_children = _running(_children() - children)
        if not (new_threads or new_children):
            return []
        if time.monotonic() > deadline:
            break
        time.sleep(0.005)
    names = [f"thread {thread.name}" for thread in new_threads]
    for pid in new_children:
        names.append(f"process {pid}: {_command(pid)}")
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return sorted(names)


@pytest.fixture(autouse=True)
def clean_room(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Give the test a new HOME and, if marked so, the display or the bus; then look for what it left."""
    environment = _places(tmp_path_factory.getbasetemp() / f"home{next(_HOMES)}")
    if request.node.get_closest_marker("x11"):
        if {"qapp", "qtbot"} & set(request.fixturenames):
            pytest.fail("an x11 test starts a process of its own: Qt in this process is offscreen")
        environment |= _DISPLAY | {"QT_QPA_PLATFORM": "xcb"}
    if request.node.get_closest_marker("secret_service"):
        environment |= _BUS
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    threads, children = _live_threads(), _children()
    _outside.clear()
    yield
    problems = _leftovers(threads, children) + [f"reached outside: {what}" for what in _outside]
    if problems:
        pytest.fail("the test left behind:\n  " + "\n  ".join(problems), pytrace=False)


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    if pluginmanager.is_blocked("pytest-qt"):  # its settings stay in pyproject.toml all the same
        for name in ("qt_api", "qt_log_ignore", "qt_log_level_fail"):
            parser.addini(name, "unused: pytest-qt is switched off")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the files that need Qt when `make test` found that Qt's libraries are not there."""
    if not config.pluginmanager.is_blocked("pytest-qt") or collection_path.suffix != ".py":
        return None
    if not collection_path.name.startswith("test_"):
        return None
    text = collection_path.read_text(encoding="utf-8")
    if any(sign in text for sign in _QT_SIGNS):
        config.stash.setdefault(_LEFT_OUT, []).append(f"{collection_path.name}: needs Qt's libraries")
        return True
    return None


_LEFT_OUT = pytest.StashKey[list[str]]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = {mark: what for mark, (environment, what) in _MARKS.items() if not environment}
    left_out = [item for item in items if any(item.get_closest_marker(mark) for mark in missing)]
    if not left_out:
        return
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    for mark, what in missing.items():
        count = sum(1 for item in left_out if item.get_closest_marker(mark))
        if count:
            config.stash.setdefault(_LEFT_OUT, []).append(f"{count} marked {mark}: needs {what}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(_LEFT_OUT, []):
        terminalreporter.write_line(f"left out: {line}", yellow=True)


def pytest_configure() -> None:
    """Adopt our children's orphans (PR_SET_CHILD_SUBREAPER, prctl(2)), so that none escapes the count."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture
def ring() -> Iterator[FakeKeyring]:
    """A keyring of the test's own in place of the system's, which is put back."""
    before = keyring.get_keyring()
    made = FakeKeyring()
    keyring.set_keyring(made)
    yield made
    made.released.set()
    keyring.set_keyring(before)
