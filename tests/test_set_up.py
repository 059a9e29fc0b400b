"""packaging/setup/set-up and debian-packages on a made-up machine: Python, pip, apt and dpkg are scripts.

What they are asked is written to a log. The real thing needs a fresh Debian and the package index.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# `python -m venv` makes a tree whose python is this script again; pip only notes what it was asked to do.
PYTHON = r"""#!/bin/bash
case "$*" in
  "-c import sys; print"*) echo ${FAKE_VERSION:-3.12} ;;
  "-c import ensurepip, venv") [ -z "$NO_VENV" ] || [ -e "$STATE/installed/python3.12-venv" ] ;;
  --version) echo Python 3.12.1 ;;
  "-m venv "*) echo "venv" >>"$STATE/log"; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
  *" pip "*" freeze "*) cat "$STATE/frozen" 2>/dev/null ;;
  *" pip "*" install "*)
    echo "pip install ${*: -1}" >>"$STATE/log"
    case $PIP in
      refuses) exit 1 ;;
      killed) kill -9 $PPID; exit 1 ;;
    esac ;;
  *" pip "*" uninstall "*) echo "pip uninstall ${*: -1}" >>"$STATE/log" ;;
  *" pip "*--version) echo pip ;;
  *) echo "unexpected: $*" >&2; exit 9 ;;
esac
"""
DPKG_QUERY = r"""#!/bin/bash
for name in "$STATE"/installed/*; do printf 'installed=%s ' "${name##*/}"; done
"""
APT_GET = r"""#!/bin/bash
echo "apt-get $1" >>"$STATE/log"
[ "$1" = install ] || exit 0
[ -z "$APT_FAILS" ] || exit 100
for word in "${@:2}"; do case $word in -*) ;; *) touch "$STATE/installed/$word" ;; esac; done
"""
NPM = r"""#!/bin/bash
echo "npm $1 in ${PWD##*/}" >>"$STATE/log"
mkdir -p node_modules
[ -z "$NPM_FAILS" ]
"""
APT_CACHE = '#!/bin/bash\n[ "${*: -1}" != libglib2.0-0t64 ]\n'  # as Debian 12
ID = "#!/bin/bash\necho ${FAKE_UID:-0}\n"


@dataclass(slots=True)
class Machine:
    """A clone in `clone`, and around it a machine with its programs in `bin` and its state in `state`."""

    folder: Path

    @property
    def clone(self) -> Path:
        return self.folder / "clone"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def run(self, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        own = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "STATE": str(self.state),
            "PYTHON": "python3",
        }
        return subprocess.run(
            [self.clone / "packaging/setup" / script, *arguments],
            env=own | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self) -> list[str]:
        """What happened on the machine since the last call."""
        log = self.state / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    shutil.copytree(ROOT / "packaging/setup", made.clone / "packaging/setup")
    (made.clone / "sms_desktop").mkdir()
    for name in ("pyproject.toml", "sms_desktop/__init__.py"):
        shutil.copy(ROOT / name, made.clone / name)
    locked = "click==8.1 \\\n    --hash=sha256:00\n"
    (made.clone / "requirements.lock").write_text(locked)
    (made.clone / "requirements-dev.lock").write_text(f"{locked}pytest[dev]==9.0 \\\n")
    (made.state / "installed").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    scripts = {
        "python3": PYTHON,
        "dpkg-query": DPKG_QUERY,
        "apt-get": APT_GET,
        "apt-cache": APT_CACHE,
        "id": ID,
        "node": "#!/bin/bash\n",
        "npm": NPM,
    }
    for name, text in scripts.items():
        path = tmp_path / "bin" / name
        path.write_text(text)
        path.chmod(0o755)
    return made


PACKAGES = ["apt-get update", "apt-get install"]
FIRST_RUN = ["venv", "pip install requirements.lock", "pip install ."]
FIRST_TEST = ["venv", "pip install requirements-dev.lock", "pip install ."]


def test_a_fresh_machine_gets_everything_and_a_second_run_does_nothing(machine: Machine) -> None:
    first = machine.run("set-up", "run", DISPLAY=":9")
    assert first.returncode == 0, first.stderr
    assert machine.done() == PACKAGES + FIRST_RUN
    second = machine.run("set-up", "run", DISPLAY=":9")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert machine.done() == []


def test_run_installs_nothing_that_only_tests_need(machine: Machine) -> None:
    machine.run("set-up", "run", DISPLAY=":9")
    installed = {path.name for path in (machine.state / "installed").iterdir()}
    assert {"libegl1", "libxcb-cursor0", "libglib2.0-0"} <= installed
    assert not installed & {"xvfb", "xauth", "xdotool", "gnome-keyring", "libglib2.0-0t64"}


def test_without_a_display_run_also_installs_a_virtual_one(machine: Machine) -> None:
    machine.run("set-up", "run")
    assert {"xvfb", "xauth"} <= {path.name for path in (machine.state / "installed").iterdir()}


def test_test_adds_to_what_run_made_and_run_is_content_with_it(machine: Machine) -> None:
    machine.run("set-up", "run")
    machine.done()
    assert machine.run("set-up", "test").returncode == 0
    assert machine.done() == [*PACKAGES, "pip install requirements-dev.lock"]
    assert machine.run("set-up", "run").returncode == 0
    assert machine.done() == []


def test_a_changed_lock_is_installed_and_what_no_lock_names_goes(machine: Machine) -> None:
    machine.run("set-up", "test")
    machine.done()
    (machine.state / "frozen").write_text("click==8.1\npip==25\nPyTest==9.0\nold_thing==1\nsetuptools==65\n")
    with (machine.clone / "requirements-dev.lock").open("a") as lock:
        lock.write("ruff==1 \\\n")
    assert machine.run("set-up", "test").returncode == 0
    assert machine.done() == ["pip install requirements-dev.lock", "pip uninstall old-thing"]


def test_a_changed_pyproject_installs_the_project_again_and_nothing_else(machine: Machine) -> None:
    machine.run("set-up", "run")
    machine.done()
    with (machine.clone / "pyproject.toml").open("a") as project:
        project.write("# changed\n")
    assert machine.run("set-up", "run").returncode == 0
    assert machine.done() == ["pip install ."]


def test_a_set_up_that_was_killed_starts_afresh(machine: Machine) -> None:
    assert machine.run("set-up", "run", PIP="killed").returncode != 0
    machine.done()
    assert machine.run("set-up", "run").returncode == 0
    assert machine.done() == FIRST_RUN


def test_a_set_up_that_pip_refused_goes_on_where_it_was(machine: Machine) -> None:
    refused = machine.run("set-up", "run", PIP="refuses")
    assert refused.returncode == 1
    assert "pip could not install" in refused.stderr
    machine.done()
    assert machine.run("set-up", "run").returncode == 0
    assert machine.done() == FIRST_RUN[1:]


def test_a_clone_that_was_moved_is_set_up_again(machine: Machine) -> None:
    machine.run("set-up", "run")
    machine.done()
    moved = Machine(machine.folder / "elsewhere")
    shutil.copytree(machine.folder, moved.folder, symlinks=True, ignore=shutil.ignore_patterns("elsewhere"))
    assert moved.run("set-up", "run").returncode == 0
    assert moved.done() == FIRST_RUN


def test_who_is_not_root_is_told_the_command_and_gets_the_rest(machine: Machine) -> None:
    done = machine.run("set-up", "test", FAKE_UID="1000")
    assert done.returncode == 3
    command = re.search(r"^ +sudo apt-get install --no-install-recommends (.+)$", done.stderr, re.MULTILINE)
    assert command
    assert {"libegl1", "libglib2.0-0", "xvfb", "gnome-keyring"} <= set(command[1].split())
    assert machine.done() == FIRST_TEST


def test_packages_that_apt_cannot_install_are_named(machine: Machine) -> None:
    done = machine.run("debian-packages", "display", APT_FAILS="yes")
    assert done.returncode == 3
    assert "could not be installed" in done.stderr
    assert "xvfb xauth" in done.stderr


def test_either_name_of_a_renamed_package_will_do(machine: Machine) -> None:
    machine.run("debian-packages", "qt")
    assert machine.run("debian-packages", "--check", "qt").returncode == 0
    installed = machine.state / "installed"
    (installed / "libglib2.0-0").rename(installed / "libglib2.0-0t64")
    assert machine.run("debian-packages", "--check", "qt").returncode == 0
    (installed / "libglib2.0-0t64").unlink()
    assert machine.run("debian-packages", "--check", "qt").returncode == 3


def test_a_python_without_venv_gets_its_debian_package(machine: Machine) -> None:
    assert machine.run("set-up", "run", NO_VENV="yes", DISPLAY=":9").returncode == 0
    assert (machine.state / "installed/python3.12-venv").exists()


def test_who_is_not_root_is_told_of_the_missing_venv_in_the_same_command(machine: Machine) -> None:
    done = machine.run("set-up", "run", NO_VENV="yes", FAKE_UID="1000")
    assert done.returncode == 1
    commands = [line for line in done.stderr.splitlines() if "sudo apt-get install" in line]
    assert len(commands) == 1
    assert {"libegl1", "python3.12-venv"} <= set(commands[0].split())
    assert machine.done() == []


@pytest.fixture
def judges(machine: Machine) -> Path:
    """The lock of the judges on Node, in the clone."""
    folder = machine.clone / "tests/oracles"
    folder.mkdir(parents=True)
    for name in ("package-lock.json", "package.json", ".npmrc"):
        shutil.copy(ROOT / "tests/oracles" / name, folder)
    return folder


def test_judges_on_node_are_installed_for_tests_only_and_once(machine: Machine, judges: Path) -> None:
    machine.run("set-up", "run")
    assert "npm ci in oracles" not in machine.done()
    assert machine.run("set-up", "test").returncode == 0
    assert machine.done()[-1] == "npm ci in oracles"
    assert machine.run("set-up", "test").returncode == 0
    assert machine.done() == []
    (judges / "package-lock.json").write_text("{}")
    assert machine.run("set-up", "test").returncode == 0
    assert machine.done() == ["npm ci in oracles"]


def test_without_the_judges_the_rest_is_ready(machine: Machine, judges: Path) -> None:
    done = machine.run("set-up", "test", NPM_FAILS="yes")
    assert done.returncode == 3
    assert "npm could not install the judges of tests/oracles/package-lock.json" in done.stderr
    assert machine.run("set-up", "run").returncode == 0
    machine.done()
    assert machine.run("set-up", "test").returncode == 0  # another try, and nothing else
    assert machine.done() == ["npm ci in oracles"]


def test_a_machine_without_node_gets_debians(machine: Machine, judges: Path) -> None:
    tools = machine.folder / "tools"
    tools.mkdir()
    for name in (
        "bash",
        "cat",
        "cp",
        "env",
        "flock",
        "grep",
        "mkdir",
        "rm",
        "sed",
        "sha256sum",
        "sort",
        "touch",
        "tr",
    ):
        program = shutil.which(name)
        assert program
        (tools / name).symlink_to(program)
    for name in ("comm", "dirname"):
        (tools / name).symlink_to(shutil.which(name) or "")
    for name in ("node", "npm"):
        (machine.folder / "bin" / name).unlink()
    path = f"{machine.folder / 'bin'}:{tools}"
    done = machine.run("set-up", "test", PATH=path, FAKE_UID="1000")
    assert done.returncode == 3
    assert {"nodejs", "npm"} <= set(done.stderr.split())
    assert machine.run("set-up", "test", PATH=path).returncode == 0
    assert {"nodejs", "npm"} <= {path.name for path in (machine.state / "installed").iterdir()}


def test_an_old_python_is_refused_in_words(machine: Machine) -> None:
    done = machine.run("set-up", "run", FAKE_VERSION="3.9")
    assert done.returncode == 1
    assert "needs Python 3.11, 3.12, 3.13 or 3.14. Found: python3 is 3.9." in done.stderr
