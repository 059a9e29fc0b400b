"""Run a command inside a private X server and a private Secret Service, and end both with it.

    private_session.py [--display] [--secret-service] [--announce] -- COMMAND [ARGUMENT...]

Called by `make run` on a machine without a display, by `make test` and by scripts that take screenshots. The
exit status is the command's. Everything started here is ended by process id, even if this process is killed.

--display          Xvfb on a free display, open only to who can read its cookie: DISPLAY, XAUTHORITY
--secret-service   a D-Bus session with an unlocked, empty gnome-keyring: DBUS_SESSION_BUS_ADDRESS
--announce         say on standard error how to see what is on the display

SMS_DESKTOP_PRIVATE_DISPLAY and SMS_DESKTOP_PRIVATE_BUS repeat the addresses; tests/conftest.py
trusts no others.
"""

from __future__ import annotations

import argparse
import os
import secrets
import select
import shlex
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
    """Return `command` so that it gets SIGTERM when this process dies, however it dies."""
    setpriv = shutil.which("setpriv")  # part of util-linux
    return [setpriv, "--pdeathsig", "TERM", *command] if setpriv else list(command)


def _start(
    stack: ExitStack,
    command: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    *,
    descriptors: tuple[int, ...] = (),
    typed: bytes = b"",
) -> None:
    """Start a server out of reach of the terminal's signals; `stack` ends it."""
    if shutil.which(command[0]) is None:
        raise NotStartedError(f"{command[0]} is not installed.")
    with log.open("ab") as output:
        process = subprocess.Popen(
            _tied(command),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=dict(environment),
            pass_fds=descriptors,
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


def _start_and_hear(
    stack: ExitStack, command: Sequence[str], option: str, environment: Mapping[str, str], log: Path
) -> str:
    """Start a server that writes a line to the descriptor named by `option` when ready; return the line."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        try:
            _start(stack, [*command, option.format(writing)], environment, log, descriptors=(writing,))
        finally:
            os.close(writing)
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([pipe], [], [], _READY_SECONDS)
            piece = pipe.read(4096) if ready else b""
            if not piece:
                raise NotStartedError(
                    f"{command[0]} did not start. {log.read_text(errors='replace')}".strip()
                )
            line += piece
    return line.decode().strip()


def display(stack: ExitStack, folder: Path, environment: dict[str, str]) -> None:
    """Start Xvfb and put DISPLAY and XAUTHORITY into `environment`.

    Raises NotStartedError.
    """
    log, cookies = folder / "Xvfb.log", folder / "Xauthority"
    cookie = secrets.token_hex(16)
    if shutil.which("xauth") is None:
        raise NotStartedError("xauth is not installed.")

    def allow(name: str) -> None:
        command = [
            "xauth",
            "-q",
            "-f",
            str(cookies),
            "source",
            "-",
        ]  # the cookie stays out of the process list
        subprocess.run(command, check=True, input=f"add {name} . {cookie}\n".encode())

    cookies.touch(mode=0o600)
    allow(":0")  # the server takes any cookie in its file, whatever display it is noted for
    command = [
        "Xvfb",
        "-auth",
        str(cookies),
        "-screen",
        "0",
        _SCREEN,
        "-nolisten",
        "tcp",
        "-noreset",
        "-displayfd",
    ]
    name = f":{_start_and_hear(stack, command, '{}', environment, log)}"
    allow(name)  # a client looks for the display that it connects to
    environment.update(DISPLAY=name, SMS_DESKTOP_PRIVATE_DISPLAY=name, XAUTHORITY=str(cookies))
    environment.pop("WAYLAND_DISPLAY", None)


def secret_service(stack: ExitStack, folder: Path, environment: dict[str, str]) -> None:
    """Start a session bus and gnome-keyring on it, and put DBUS_SESSION_BUS_ADDRESS into `environment`.

    Raises NotStartedError.
    """
    log = folder / "bus.log"
    own = dict(environment)
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        (folder / name).mkdir(mode=0o700)
        own[name] = str(folder / name)
    bus = ["dbus-daemon", "--session", "--nofork", "--nopidfile"]
    address = _start_and_hear(stack, bus, "--print-address={}", own, log)
    own["DBUS_SESSION_BUS_ADDRESS"] = address
    keyring = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
    # Whoever types the password of a keyring that does not exist makes it; nobody needs this one again.
    _start(stack, keyring, own, log, typed=secrets.token_hex(16).encode())
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
            check=False,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        if answer.stdout.split() == [b"boolean", b"true"]:
            return
        time.sleep(0.02)
    raise NotStartedError(f"gnome-keyring did not start. {log.read_text(errors='replace')}".strip())


def _announce(environment: Mapping[str, str]) -> None:
    client = f"DISPLAY={environment['DISPLAY']} XAUTHORITY={shlex.quote(environment['XAUTHORITY'])}"
    screenshot = shlex.join(
        [sys.executable, str(Path(__file__).with_name("screenshot.py").resolve()), "window.png"]
    )
    sys.stderr.write(
        f"There is no display here, so the window opens on a virtual one, {environment['DISPLAY']}.\n"
        f"A picture of it:\n    {client} {screenshot}\n"
        "To use it with mouse and keyboard (Debian package x11vnc), then a VNC viewer at localhost:5900:\n"
        f"    {client} x11vnc -localhost -rfbport 5900\n"
        "Ctrl-C here ends the program and the display.\n"
    )


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the command, hand it SIGTERM and SIGHUP, and return its status as a shell would."""
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
    parser = argparse.ArgumentParser(description="Run a command in a private session.")
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
