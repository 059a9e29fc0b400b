"""What the frozen program does without, it does not import; what the desktop reads is well-formed."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import click
import pytest

import sms_desktop
from sms_desktop.cli import smsctl
from sms_desktop.messages.links import is_link

ROOT = Path(__file__).parents[2]
# Asked for where it is installed, and said in words where it is not.
OPTIONAL = {"psycopg", "psycopg_pool"}


def script(path: str) -> ModuleType:
    spec = spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


left_out = script("packaging/pyinstaller/left_out.py")


def imported(file: Path) -> Iterator[str]:
    """Every module that a source file imports, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{name.name}" for name in names)


def test_nothing_of_ours_imports_what_is_left_out() -> None:
    wanted = {name for file in (ROOT / "sms_desktop").rglob("*.py") for name in imported(file)}
    lost = {name for name in wanted if left_out.is_left_out(name, left_out.MODULES)}
    assert {name for name in lost if name.split(".")[0] not in OPTIONAL} == set()


def test_everything_works_without_what_is_left_out() -> None:
    # None in sys.modules makes an import fail as if the module were not there.
    files = (path.relative_to(ROOT).with_suffix("") for path in (ROOT / "sms_desktop").rglob("*.py"))
    modules = sorted(
        ".".join(file.parts).removesuffix(".__init__")
        for file in files
        if file.name != "__main__" and not file.name.startswith("postgresql_")
    )
    used = [
        "uvicorn.loops.asyncio",
        "uvicorn.protocols.http.httptools_impl",
        "keyring",
        "httpx",
        "phonenumbers",
    ]
    program = (
        f"import sys\nsys.modules.update(dict.fromkeys({sorted(left_out.MODULES)!r}))\n"
        + "".join(f"import {name}\n" for name in [*used, *modules])
        + "import ssl, certifi; ssl.create_default_context(cafile=certifi.where())\n"
        + "from sms_desktop.messages.addresses import number_words; number_words('31612345678')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "place, ships",
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", True),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("PySide6/QtWidgets.abi3.so", True),
        ("libssl.so.3", True),
        ("libgtk-3.so.0", False),
        ("apsw/__init__.cpython-311-x86_64-linux-gnu.so", True),
    ],
)
def test_libraries(place: str, ships: bool) -> None:
    assert left_out.ships(place) is ships


def test_the_desktop_entry_starts_what_there_is() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(ROOT / "resources/linux/sms-desktop.desktop", encoding="utf-8")
    main = entry["Desktop Entry"]
    assert main["Exec"] == "sms-desktop %u"
    schemes = [kind.removeprefix("x-scheme-handler/") for kind in main["MimeType"].split(";") if kind]
    assert all(is_link(f"{scheme}:+31612345678") for scheme in schemes)
    assert entry["Desktop Action new-message"]["Exec"] == "sms-desktop --new-message"
    assert (ROOT / "resources/app" / f"{main['Icon']}.svg").is_file()
    assert 'setDesktopFileName("sms-desktop")' in (ROOT / "sms_desktop/app.py").read_text(encoding="utf-8")


def test_the_metainfo_knows_this_version() -> None:
    (file,) = (ROOT / "resources/linux").glob("*.metainfo.xml")
    component = ET.parse(file).getroot()
    assert component.findtext("id") == file.name.removesuffix(".metainfo.xml")
    assert component.findtext("launchable") == "sms-desktop.desktop"
    releases = [release.get("version") for release in component.iter("release")]
    assert releases[0] == sms_desktop.__version__


def test_the_metainfo_shows_pictures_where_they_are_published(documents: ModuleType) -> None:
    (file,) = (ROOT / "resources/linux").glob("*.metainfo.xml")
    text = file.read_text(encoding="utf-8")
    assert documents.metainfo(text, "") == text
    component = ET.fromstring(documents.metainfo(text, "https://example.org/pictures/?a&amp;b/").encode())
    (default,) = [one for one in component.iter("screenshot") if one.get("type") == "default"]
    assert default.findtext("caption")
    for image in component.iter("image"):
        address, _, name = (image.text or "").rpartition("/")
        assert address == "https://example.org/pictures/?a&amp;b"
        assert (ROOT / "resources/screenshots" / name).is_file()
    for refused in ("http://example.org", "https:", "pictures"):
        with pytest.raises(ValueError, match="begins with https"):
            documents.metainfo(text, refused)


@pytest.fixture
def documents(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return script("packaging/debian/documents.py")


def test_manuals_tell_every_command_and_option(documents: ModuleType) -> None:
    window, terminal = documents.window_manual(), documents.terminal_manual()
    for option in ("\\-\\-new\\-message", "\\-\\-profile NAME", "\\-\\-self\\-check", "LINK"):
        assert f".B {option}\n" in window
    told = set(re.findall(r"^\.B (.*)\n\S", terminal, re.MULTILINE))  # each with words on the next line
    for name in smsctl.list_commands(click.Context(smsctl)):
        command = smsctl.get_command(click.Context(smsctl), name)
        below = command.list_commands(click.Context(command)) if isinstance(command, click.Group) else []
        assert {one.replace("-", "\\-") for one in (name, *(f"{name} {last}" for last in below))} <= told
    assert {"requests import", "payloads", "relay tokens create"} <= told


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_ask_smsctl(documents: ModuleType, shell: str) -> None:
    assert f"_SMSCTL_COMPLETE={shell}_complete" in documents.completion(shell)


def test_bash_completes_the_options_of_the_window(documents: ModuleType) -> None:
    program = documents.window_completion("bash") + "complete -p sms-desktop"
    said = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True).stdout
    for option in ("--profile", "--new-message", "--self-check", "--version", "--help"):
        assert option in said
        assert option in documents.window_completion("zsh")
        assert f" -l {option.removeprefix('--')} " in documents.window_completion("fish")


def test_the_change_log_as_debian_reads_it(documents: ModuleType) -> None:
    text = documents.changelog("A Name <a@example.org>", 0)
    assert text.startswith(f"sms-desktop ({sms_desktop.__version__}) unstable; urgency=medium\n\n  * ")
    assert text.endswith("\n -- A Name <a@example.org>  Thu, 01 Jan 1970 00:00:00 +0000\n")
    assert max(len(line) for line in text.splitlines()) <= 80
