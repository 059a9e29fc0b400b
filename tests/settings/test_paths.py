"""Where files live, who may read them, and what ships with the program."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sms_desktop.messages.errors import Mendable, OurFault
from sms_desktop.messages.ids import ProfileId
from sms_desktop.settings import paths
from sms_desktop.settings.paths import make_private, places, resource


def test_folders_follow_the_platform_and_nothing_is_made_by_asking(tmp_path: Path) -> None:
    where = places()
    home = Path(os.environ["HOME"])
    assert where.data == Path(os.environ["XDG_DATA_HOME"]) / "sms-desktop"
    assert where.config == Path(os.environ["XDG_CONFIG_HOME"]) / "sms-desktop"
    assert where.state == Path(os.environ["XDG_STATE_HOME"]) / "sms-desktop"
    assert where.store == where.data / "store.db"
    assert where.profiles == where.config / "profiles.json"
    assert where.profile(ProfileId("live")) == where.data / "profiles" / "live"
    assert where.window_state.parent == where.state
    assert not [path for path in home.rglob("*") if "sms-desktop" in path.name]


def test_a_folder_is_made_with_its_parents_for_this_user_alone(tmp_path: Path) -> None:
    folder = make_private(tmp_path / "a" / "b")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o755)
    assert make_private(folder) == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(Mendable, match="can't be used") as told:
            make_private(folder)
        assert str(folder) in told.value.message


def test_a_resource_is_found_in_a_source_tree() -> None:
    assert resource("icons/send.svg").read_bytes().startswith(b"<svg")
    with pytest.raises(OurFault, match=r"icons/none\.svg"):
        resource("icons/none.svg")


def test_a_resource_is_found_in_an_installed_package(tmp_path: Path) -> None:
    # What a wheel unpacks to: the package, with resources/ inside it.
    source = Path(paths.__file__).resolve().parent.parent
    with zipfile.ZipFile(tmp_path / "wheel.zip", "w") as wheel:
        for file in source.rglob("*.py"):
            wheel.write(file, f"sms_desktop/{file.relative_to(source)}")
        wheel.write(resource("icons/send.svg"), "sms_desktop/resources/icons/send.svg")
    with zipfile.ZipFile(tmp_path / "wheel.zip") as wheel:
        wheel.extractall(tmp_path / "site")
    code = "from sms_desktop.settings.paths import resource; print(resource('icons/send.svg'))"
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "site",
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
    )
    assert found.stdout.strip() == str(tmp_path / "site" / "sms_desktop" / "resources" / "icons" / "send.svg")
