"""The import rule: `make imports` checks that it holds; these, that it bites, and what it cannot see."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sms_desktop"
ROOMS = sorted(entry.parent.name for entry in PACKAGE.glob("*/__init__.py"))
WITH_QT = {"app", "ui"}
AT_FIRST_USE = {"httpx", "keyring", "phonenumbers", "vobject"}


def modules(*, with_qt: bool) -> list[str]:
    """Every importable module of ours with or without Qt; `__main__` modules would run."""
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in PACKAGE.rglob("*.py"))
    found = {name.removesuffix(".__init__") for name in names if not name.endswith(".__main__")}
    return sorted(n for n in found if ([*n.split("."), ""][1] in WITH_QT) is with_qt)


def loaded_by(names: Iterable[str], *, before: str = "") -> set[str]:
    """Import the modules in a fresh interpreter and return the top-level names that are loaded then."""
    program = f"import sys\n{before}\n" + "".join(f"import {name}\n" for name in names)
    program += "print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_nothing_heavy_is_loaded_before_the_window_is_painted() -> None:
    # What a window needs to answer the first key press is loaded at first use; what only servers need, never.
    loaded = loaded_by(modules(with_qt=True))
    assert {"sms_desktop", "PySide6"} <= loaded
    assert not loaded & AT_FIRST_USE
    assert not loaded & {"starlette", "uvicorn"}


# What the window is built from and painted with; all else below the window waits until that is seen.
AT_FIRST_PAINT = {
    "background": {"feed", "profile_lock", "single_window", "tasks"},
    "encoding": {"concatenation", "gsm7", "gsm7_tables", "segments", "ucs2"},
    "gateway": {"sandbox"},
    "services": {"handsets"},
    "store": {"changes", "database", "file_errors"},
}
FIRST_PAINT = """
import sys
from sms_desktop.ui.main_window import MainWindow
from sms_desktop.app import run
def print_and_close(window):
    print(*(name for name in sys.modules if name.startswith("sms_desktop.")))
    after_paint(window)
    window.close()
after_paint, MainWindow._after_paint = MainWindow._after_paint, print_and_close
sys.exit(run([]))
"""


def test_only_what_the_first_paint_needs_is_loaded_when_the_window_is_painted(tmp_path: Path) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    program = [sys.executable, "-c", FIRST_PAINT]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    loaded = {tuple(name.split(".")[1:]) for name in done.stdout.split()}
    assert ("ui", "main_window") in loaded
    for room, needed in AT_FIRST_PAINT.items():
        assert {rest[0] for first, *rest in loaded if first == room and rest} <= needed, room


def test_what_hands_over_to_a_window_that_is_open_loads_none() -> None:
    program = "import sys, sms_desktop.app; sys.exit('sms_desktop.ui.main_window' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_everything_but_the_window_works_without_qt() -> None:
    # None in sys.modules makes an import fail as if the package were not installed.
    loaded_by(modules(with_qt=False), before="sys.modules['PySide6'] = sys.modules['shiboken6'] = None")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An empty copy of every room, under our contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in ROOMS:
        (tmp_path / "sms_desktop" / room).mkdir(parents=True)
        (tmp_path / "sms_desktop" / room / "__init__.py").touch()
    modules = ["__init__", "app", "__main__", "relay/events", "relay/client"]
    modules += (f"store/{path.stem}" for path in (PACKAGE / "store").glob("*.py"))
    for module in modules:
        (tmp_path / "sms_desktop" / f"{module}.py").touch()
    return tmp_path


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    environment = os.environ | {"PYTHONPATH": str(house)}
    return subprocess.run([program], cwd=house, env=environment, capture_output=True, text=True, check=False)


def add(house: Path, module: str, line: str) -> None:
    path = house / "sms_desktop" / f"{module}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(line + "\n", encoding="utf-8")


def test_what_the_rule_allows_passes(house: Path) -> None:
    add(house, "gateway/request", "import sms_desktop.encoding, sms_desktop.messages")
    add(house, "services/outbox", "import sms_desktop.gateway, sms_desktop.relay, sms_desktop.store")
    add(
        house,
        "ui/window",
        "import PySide6, sms_desktop.background, sms_desktop.store, sms_desktop.services.outbox",
    )
    add(house, "servers/sandbox", "import sms_desktop.gateway.request, sms_desktop.encoding")
    add(house, "servers/log", "from sms_desktop.relay.events import Event")
    add(house, "cli/serve", "import sms_desktop.servers.sandbox, sms_desktop.background")
    add(house, "app", "import PySide6, sms_desktop.ui.window")
    add(house, "__main__", "import sms_desktop.app")
    done = lint(house)
    assert done.returncode == 0, done.stdout


# What breaks each contract: the module and the import it must not make.
FORBIDDEN = {
    "Layers": [
        ("messages/text", "encoding"),
        ("encoding/gsm7", "gateway"),
        ("gateway/client", "relay"),
        ("relay/client", "store"),
        ("store/rows", "settings"),
        ("settings/profiles", "gateway"),
        ("store/drafts", "services"),
        ("services/outbox", "background"),
        ("background/sender", "ui"),
        ("ui/window", "app"),
        ("ui/window", "cli"),
        ("cli/send", "ui"),
    ],
    "relay, store and settings stand on messages alone": [
        ("relay/client", "encoding"),
        ("store/rows", "encoding"),
        ("settings/paths", "encoding"),
    ],
    "ui never imports": [
        ("ui/window", "gateway"),
        ("ui/window", "relay.client"),
        ("ui/window", "servers"),
        ("ui/window", "cli"),
    ],
    "ui knows the read side": [("ui/window", "store.attempts"), ("ui/window", "store.cursor")],
    "servers use messages": [
        ("servers/log", "store"),
        ("servers/log", "relay.client"),
        ("servers/log", "settings"),
        ("servers/log", "services"),
        ("servers/log", "background"),
    ],
    "Only cli imports servers": [
        ("background/supervisor", "servers"),
        ("services/accounts", "servers"),
        ("ui/window", "servers"),
        ("app", "servers"),
    ],
    "PySide6 only": [
        ("background/poller", "PySide6"),
        ("cli/send", "PySide6"),
        ("messages/text", "shiboken6"),
    ],
}


@pytest.mark.parametrize("contract", FORBIDDEN)
def test_what_the_rule_forbids_is_noticed(house: Path, contract: str) -> None:
    imports: dict[str, list[str]] = {}
    for module, imported in FORBIDDEN[contract]:
        outside = imported in {"PySide6", "shiboken6"}
        imports.setdefault(module, []).append(imported if outside else f"sms_desktop.{imported}")
    for module, names in imports.items():
        add(house, module, "".join(f"import {name}\n" for name in names))
    done = lint(house)
    assert done.returncode == 1
    # Under the heading, each broken contract has its name, and then the imports that break it.
    section = done.stdout.partition("Broken contracts")[2].partition(f"\n{contract}")[2]
    for module, names in imports.items():
        for name in names:
            assert f"sms_desktop.{module.replace('/', '.')} -> {name} " in section


def test_a_cycle_is_noticed_although_half_of_it_is_for_types_only(house: Path) -> None:
    add(house, "store/one", "import sms_desktop.store.two")
    add(
        house,
        "store/two",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sms_desktop.store.one",
    )
    done = lint(house)
    assert done.returncode == 1
    assert "No cycles are allowed in sms_desktop.store." in done.stdout


def test_a_room_without_a_place_in_the_rule_is_noticed(house: Path) -> None:
    add(house, "cellar/__init__", "")
    done = lint(house)
    assert done.returncode == 1
    assert "cellar" in done.stdout
