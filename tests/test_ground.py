"""What the project stands on: its locks, what `make package` builds, private sessions, the clean room."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SESSION = ROOT / "packaging/setup/private_session.py"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(name: str) -> dict[str, str]:
    """The packages of a lock with their versions; every one has to have a hash."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = {}
    for entry in re.split(r"^(?=\S)(?!#)", text, flags=re.MULTILINE):
        pin = re.match(r"([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", entry)
        if pin:
            assert "--hash=sha256:" in entry, pin[0]
            found[normal(pin[1])] = pin[2]
    return found


def test_the_locks_name_no_address() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-package.lock"):
        assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_an_extra_that_a_package_asks_for_stands_in_the_lock() -> None:
    """Without it, pip of Python 3.11 looks for the newest version and then refuses it for want of a hash."""
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    assert re.search(r"^coverage\[toml\]==", lock, re.MULTILINE)


def test_the_locks_agree_and_cover_what_pyproject_asks_for() -> None:
    runtime, everything = pins("requirements.lock"), pins("requirements-dev.lock")
    freezing = pins("requirements-package.lock")
    assert runtime.items() <= everything.items()
    assert all(runtime.get(name, version) == version for name, version in freezing.items())
    groups = PROJECT["dependency-groups"]
    development = [*groups["build"], *(entry for entry in groups["dev"] if isinstance(entry, str))]
    for wanted, locked in (
        (PROJECT["project"]["dependencies"], runtime),
        (development, everything),
        (groups["package"], freezing),
    ):
        assert {normal(re.split(r"[<>=\[]", entry)[0]) for entry in wanted} <= locked.keys()


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_source_builds_the_same_octets(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("sms_desktop", "resources", "packaging"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, source)
    (source / "resources/probe.txt").touch()
    for number in (1, 2):
        for path in source.rglob("*.py"):
            os.utime(path, (number * 1e9, number * 1e9))
        command = [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path / str(number))]
        subprocess.run(command, cwd=source, check=True, capture_output=True)
    built = digests(tmp_path / "1")
    assert len(built) == 2
    assert built == digests(tmp_path / "2")
    wheel = zipfile.ZipFile(next((tmp_path / "1").glob("*.whl")))
    assert {"sms_desktop/resources/probe.txt", "sms_desktop/__init__.py"} <= set(wheel.namelist())
    assert not [
        name for name in wheel.namelist() if name.startswith(("tests", "sms_desktop/resources/screenshots"))
    ]


def in_session(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SESSION), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_private_session_hands_on_the_status_of_its_command() -> None:
    assert in_session("--", "sh", "-c", "exit 7").returncode == 7
    assert in_session("--", "sh", "-c", "kill -KILL $$").returncode == 128 + signal.SIGKILL


@pytest.mark.x11
def test_a_private_display_is_open_to_its_command_only() -> None:
    script = """
        echo "$DISPLAY"
        xdotool getdisplaygeometry
        XAUTHORITY=/dev/null xdotool getdisplaygeometry || echo refused
    """
    display, *answers = in_session("--display", "--", "sh", "-c", script).stdout.splitlines()
    assert answers == ["1440 900", "refused"]
    assert display != os.environ["DISPLAY"]
    assert not Path(f"/tmp/.X11-unix/X{display[1:]}").exists()


LOOK_UP = ["secret-tool", "lookup", "service", "s", "username", "u"]


@pytest.mark.secret_service
def test_a_private_secret_service_starts_empty_and_ends_with_its_command() -> None:
    script = f"""
        {" ".join(LOOK_UP)} || echo nothing
        printf "top secret" | secret-tool store --label=l service s username u
        {" ".join(LOOK_UP)}; echo
        echo "$DBUS_SESSION_BUS_ADDRESS"
    """
    nothing, secret, address = in_session("--secret-service", "--", "sh", "-c", script).stdout.splitlines()
    assert (nothing, secret) == ("nothing", "top secret")
    assert address != os.environ["DBUS_SESSION_BUS_ADDRESS"]
    environment = os.environ | {"DBUS_SESSION_BUS_ADDRESS": address}
    assert subprocess.run(LOOK_UP, env=environment, capture_output=True, check=False).returncode != 0


@pytest.mark.x11
def test_what_a_private_session_started_ends_even_if_it_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, str(SESSION), "--display", "--", "sh", "-c", 'echo "$DISPLAY"; exec sleep 100']
    environment = os.environ | {"TMPDIR": str(tmp_path)}  # its folder is what a killed session leaves
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as session:
        assert session.stdout is not None
        display = session.stdout.readline().strip()
        session.kill()
        # The pipe ends when the command has ended too; conftest.py finds whatever else is left.
        assert session.stdout.read() == ""
    assert display.startswith(":")


# A module of tests that break the rules of the clean room, and what pytest has to say of each.
OFFENDERS = """
import os, socket, subprocess, threading, time

def test_environment():
    assert "SMSCTL_API_SECRET" not in os.environ
    assert "HTTPS_PROXY" not in os.environ
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
    assert not os.path.exists(os.path.join(os.environ["XDG_CONFIG_HOME"], "sms-desktop"))

def test_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()

def test_unknown_name():
    try:
        socket.create_connection(("gateway.invalid", 443))
    except socket.gaierror:
        return
    raise AssertionError

def test_outside():
    try:
        socket.getaddrinfo("192.0.2.1", 443)
    except BaseException:
        pass

def test_listens_to_everybody():
    try:
        with socket.socket() as server:
            server.bind(("0.0.0.0", 0))
    except BaseException:
        pass

def test_orphan():
    subprocess.run("sleep 100 &", shell=True, check=True)

def test_thread():
    threading.Thread(target=time.sleep, args=(4,), daemon=True, name="straggler").start()

def test_brief_thread():
    threading.Thread(target=time.sleep, args=(0.05,)).start()
"""


def test_the_clean_room_names_what_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "test_offenders.py").write_text(OFFENDERS, encoding="utf-8")
    impatient = "import tests.conftest as room\nroom._GRACE_SECONDS = 0.3\nfrom tests.conftest import *\n"
    (tmp_path / "conftest.py").write_text(impatient, encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "SMSCTL_API_SECRET": "x",
        "HTTPS_PROXY": "http://192.0.2.1",
    }
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "8 passed, 4 errors" in done.stdout.splitlines()[-1], done.stdout
    assert "reached outside: socket.getaddrinfo '192.0.2.1'" in done.stdout
    assert "reached outside: socket.bind '0.0.0.0'" in done.stdout
    assert re.search(r"process \d+: sleep 100", done.stdout)
    assert "thread straggler" in done.stdout
