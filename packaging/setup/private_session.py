"""Run a command inside a private X server and a private Secret Service, and end both with it.

    private_session.py [--display] [--secret-service] [--announce] -- COMMAND [ARGUMENT...]

Called by `make run` on a machine without a display, by `make test` and by scripts that take screenshots. The exit status
is the command's. Everything started here is ended by its process id, also when this process is killed.

--display          Xvfb on a free display number that only the holder of its cookie file may use: DISPLAY, XAUTHORITY
--secret-service   a D-Bus session bus with an unlocked gnome-keyring whose files are thrown away: DBUS_SESSION_BUS_ADDRESS
--announce         say on standard error how to see what is on the display

SMS_DESKTOP_PRIVATE_DISPLAY and SMS_DESKTOP_PRIVATE_BUS repeat the two addresses: tests/conftest.py trusts only those.
"""

from __future__ import annotations

import argparse
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

_READY_SECONDS = 30.0
_END_SECONDS = 5.0
_SCREEN = "1440x900x24"


class NotStartedError(Exception):
    """A server is missing or did not come up; the message says which."""


def _tied(command: Sequence[str]) -> list[str]:
    """Return `command` so that it gets SIGTERM when this process dies, however it dies (setpriv is part of Debian)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", *command] if setpriv else list(command)


def _start(
    command: Sequence[str],
    stack: ExitStack,
    environment: Mapping[str, str],
    log: Path,
    *,
    report_to: int | None = None,
    typed: bytes = b"",
) -> None:
    """Start a server out of reach of the terminal's signals; `stack` ends it."""
    if shutil.which(command[0]) is None:
        raise NotStartedError(f"{command[0]} is not installed.")
    with log.open("ab") as errors:
        process = subprocess.Popen(
            _tied(command),
            stdin=subprocess.PIPE,
            stdout=errors,
            stderr=errors,
            env=dict(environment),
            pass_fds=() if report_to is None else (report_to,),
            start_new_session=True,
        )
    stack.callback(_end, process)
    assert process.stdin is not None
    with process.stdin as pipe:
        pipe.write(typed)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _line(descriptor: int, name: str, log: Path) -> str:
    """Read the line that a server writes when it is ready."""
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], _READY_SECONDS)
        piece = os.read(descriptor, 4096) if ready else b""
        if not piece:
            raise NotStartedError(f"{name} did not start. {log.read_text(errors='replace').strip()}".rstrip())
        text += piece
    return text.decode().strip()


def display(stack: ExitStack, folder: Path, environment: dict[str, str]) -> None:
    """Start Xvfb and put DISPLAY and XAUTHORITY into `environment`."""
    log, cookies = folder / "Xvfb.log", folder / "Xauthority"
    cookie = secrets.token_hex(16)

    def allow(number: str) -> None:
        subprocess.run(
            ["xauth", "-q", "-f", str(cookies), "add", f":{number}", ".", cookie],
            check=True,
            stdin=subprocess.DEVNULL,
        )

    if shutil.which("xauth") is None:
        raise NotStartedError("xauth is not installed.")
    cookies.touch(mode=0o600)
    allow("0")  # the server takes any cookie in its file, whatever display it is noted for
    reading, writing = os.pipe()
    try:
        _start(
            ["Xvfb", "-displayfd", str(writing), "-auth", str(cookies), "-screen", "0", _SCREEN]
            + ["-nolisten", "tcp", "-noreset"],
            stack,
            environment,
            log,
            report_to=writing,
        )
        os.close(writing)
        writing = -1
        number = _line(reading, "Xvfb", log)
    finally:
        os.close(reading)
        if writing >= 0:
            os.close(writing)
    allow(number)  # clients look up the display they connect to
    environment.update(
        DISPLAY=f":{number}", XAUTHORITY=str(cookies), SMS_DESKTOP_PRIVATE_DISPLAY=f":{number}"
    )
    environment.pop("WAYLAND_DISPLAY", None)


def secret_service(stack: ExitStack, folder: Path, environment: dict[str, str]) -> None:
    """Start a session bus and gnome-keyring on it, and put DBUS_SESSION_BUS_ADDRESS into `environment`."""
    log = folder / "bus.log"
    own = dict(environment)
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        (folder / name).mkdir(mode=0o700)
        own[name] = str(folder / name)
    reading, writing = os.pipe()
    try:
        _start(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--print-address={writing}"],
            stack,
            own,
            log,
            report_to=writing,
        )
        os.close(writing)
        writing = -1
        address = _line(reading, "dbus-daemon", log)
    finally:
        os.close(reading)
        if writing >= 0:
            os.close(writing)
    own["DBUS_SESSION_BUS_ADDRESS"] = address
    # The password that unlocks the keyring is random: nobody needs it again.
    _start(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stack,
        own,
        log,
        typed=secrets.token_hex(16).encode(),
    )
    _await_name(own, "org.freedesktop.secrets", log)
    environment.update(DBUS_SESSION_BUS_ADDRESS=address, SMS_DESKTOP_PRIVATE_BUS=address)


def _await_name(environment: Mapping[str, str], name: str, log: Path) -> None:
    """Return when `name` has an owner on the bus; asking does not start one."""
    bus = "org.freedesktop.DBus"
    question = [
        "dbus-send",
        "--session",
        "--print-reply=literal",
        f"--dest={bus}",
        "/",
        f"{bus}.NameHasOwner",
    ]
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        answer = subprocess.run(
            [*question, f"string:{name}"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if answer.stdout.split() == ["boolean", "true"]:
            return
        time.sleep(0.02)
    raise NotStartedError(f"gnome-keyring did not start. {log.read_text(errors='replace').strip()}".rstrip())


def _announce(environment: Mapping[str, str]) -> None:
    client = f"DISPLAY={environment['DISPLAY']} XAUTHORITY={environment['XAUTHORITY']}"
    screenshot = f"{client} {sys.executable} {Path(__file__).with_name('screenshot.py')} window.png"
    sys.stderr.write(
        f"This machine has no display, so the window opens on a virtual one (Xvfb {environment['DISPLAY']}).\n"
        f"A picture of it:\n    {screenshot}\n"
        "To see and use it (Debian package x11vnc; then point a VNC viewer at this machine's port 5900):\n"
        f"    {client} x11vnc -localhost -rfbport 5900\n"
        "Ctrl-C here ends the program and the display.\n"
    )


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the command in the foreground, hand it SIGTERM and SIGHUP, and return its status as a shell would."""
    process = subprocess.Popen(_tied(command), env=dict(environment))

    def forward(number: int, _frame: types.FrameType | None) -> None:
        process.send_signal(number)

    signal.signal(signal.SIGTERM, forward)
    signal.signal(signal.SIGHUP, forward)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends Ctrl-C to the command as well
    status = process.wait()
    return 128 - status if status < 0 else status


def main() -> int:
    """Parse the arguments, start what they ask for, run the command, end everything."""
    parser = argparse.ArgumentParser(
        description="Run a command inside a private X server and Secret Service."
    )
    parser.add_argument("--display", action="store_true")
    parser.add_argument("--secret-service", action="store_true")
    parser.add_argument("--announce", action="store_true")
    parser.add_argument("command", nargs="+")
    chosen = parser.parse_args()
    environment = dict(os.environ)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sms-desktop-session-")))
        try:
            if chosen.display:
                display(stack, folder, environment)
            if chosen.secret_service:
                secret_service(stack, folder, environment)
        except NotStartedError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        if chosen.display and chosen.announce:
            _announce(environment)
        return _run(chosen.command, environment)


if __name__ == "__main__":
    sys.exit(main())
