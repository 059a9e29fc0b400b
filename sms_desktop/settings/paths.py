"""Where files live: the platform's folders, and what ships inside the package.

Called by app, cli and background.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sms_desktop.messages.errors import Mendable, OurFault
from sms_desktop.messages.ids import ProfileId

APPLICATION = "sms-desktop"
"""The name of our folders, and of our entries in the keyring."""


class Places(NamedTuple):
    """Our folders: `data` holds the store, `config` the profiles, `state` logs and the window's geometry."""

    data: Path
    config: Path
    state: Path

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.data / "store.db"

    @property
    def requests(self) -> Path:
        """The folder of the named requests, one file each."""
        return self.data / "requests"

    @property
    def profiles(self) -> Path:
        """The file of profiles."""
        return self.config / "profiles.json"

    @property
    def preferences(self) -> Path:
        """The file of what the person prefers."""
        return self.config / "preferences.json"

    @property
    def window_state(self) -> Path:
        """The window's geometry and what was closed for good."""
        return self.state / "window.ini"

    def profile(self, profile: ProfileId) -> Path:
        """The folder of one profile: its lock, and what its embedded servers keep."""
        return self.data / "profiles" / profile


def places() -> Places:
    """The folders of this user, by the platform's conventions. Nothing is made yet."""
    import platformdirs  # reads the environment and user-dirs files: only when asked

    dirs = platformdirs.PlatformDirs(APPLICATION, appauthor=False, roaming=False)
    return Places(Path(dirs.user_data_dir), Path(dirs.user_config_dir), Path(dirs.user_state_dir))


def runtime_folder(where: Places) -> Path:
    """Where sockets lie that live as long as the session: below XDG_RUNTIME_DIR, or else with the state."""
    session = os.environ.get("XDG_RUNTIME_DIR", "")
    if Path(session).is_absolute() and os.access(session, os.W_OK | os.X_OK):
        return Path(session) / APPLICATION
    return where.state / "run"


def make_private(folder: Path) -> Path:
    """Make `folder` with its parents, readable by this user only.

    Raises Mendable if it can't be made or written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32" and folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise Mendable(
            f"The folder {folder} can't be used: {error.strerror}. It must be yours to write."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Mendable(f"The folder {folder} can't be written. It must be yours to write.")
    return folder


def write_private(file: Path, data: bytes) -> None:
    """Write a file that only this user can read: whole or not at all, and durable.

    Raises Mendable if its folder can't be used, and OSError if the file can't be written.
    """
    make_private(file.parent)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(file)
        _settle(file.parent)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _settle(folder: Path) -> None:
    """Have the folder's own entry on the disk too, where the system lets folders be opened."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def _resource_folders() -> tuple[Path, ...]:
    package = Path(__file__).resolve().parent.parent
    return package / "resources", package.parent / "resources"


def resource(name: str) -> Path:
    """The file `name` of what ships with the program, for example `icons/send.svg`.

    One function for a source tree (`resources/` beside the package), an installed wheel (inside the package)
    and a frozen app (the same place in its folder). Raises OurFault if it is missing.
    """
    for root in _resource_folders():
        found = root / name
        if found.exists():
            return found
    raise OurFault(f"The file {name} is missing from this installation. Install it again.")
