"""Which Debian packages the frozen program needs, by what its libraries ask for. Used by build_deb."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
_OF_GLIBC = re.compile(r"(lib(c|m|dl|pthread|rt|util|resolv)|ld-linux.*)\.so\.\d+")
_AT_RUN_TIME = (
    "libfontconfig1",
    "fonts-dejavu-core | fonts-dejavu | fonts-noto-core",  # a Qt of one's own brings no fonts
)


class UnknownLibraryError(Exception):
    """A library is asked for that is neither in the frozen program nor known to be in a package."""


def depends(folder: Path) -> list[str]:
    """The entries of Depends for the frozen program in `folder`, sorted.

    Raises UnknownLibraryError.
    """
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path)]
    own = {path.name for path in folder.rglob("*.so*")}
    asked: dict[str, Path] = {}
    glibc = (2, 17)
    for path in files:
        said = subprocess.run(["objdump", "-p", str(path)], check=True, capture_output=True, text=True).stdout
        asked |= dict.fromkeys(re.findall(r"^\s+NEEDED\s+(\S+)$", said, re.MULTILINE), path)
        glibc = max([glibc, *_versions(re.findall(r"\bGLIBC_([0-9.]+)$", said, re.MULTILINE))])
    found = {*_AT_RUN_TIME, f"libc6 (>= {glibc[0]}.{glibc[1]})"}
    for name, path in asked.items():
        if name in own or _OF_GLIBC.fullmatch(name):
            continue
        if name not in _PACKAGES:
            raise UnknownLibraryError(
                f"{path.relative_to(folder)} needs {name}, which no package is named for."
            )
        found.add(_PACKAGES[name])
    return sorted(found)


def _versions(texts: Iterable[str]) -> list[tuple[int, int]]:
    return [(int(major), int(minor)) for major, minor in (text.split(".")[:2] for text in texts)]


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"
