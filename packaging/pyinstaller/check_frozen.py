"""Looks into the frozen program: all of ours is in it, and nothing that should have been left out.

`check_frozen.py FOLDER`, run by freeze with the interpreter that has PyInstaller. Prints what is wrong; exit
status 1 then.
"""

from __future__ import annotations

import sys
from pathlib import Path

import left_out

ROOT = Path(__file__).resolve().parents[2]
NEEDED = (
    "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
    "PySide6/Qt/plugins/imageformats/libqsvg.so",
    "PySide6/Qt/plugins/platforms/libqoffscreen.so",
    "PySide6/Qt/plugins/platforms/libqwayland.so",
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/Qt/plugins/platformthemes/libqxdgdesktopportal.so",
    "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
    "certifi/cacert.pem",
    "resources/app/sms-desktop.svg",
    "resources/icons/send.svg",
    "resources/translations/sms_desktop_en.qm",
)
HIDDEN = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "secretstorage",
    "uvicorn.loops.asyncio",
    "uvicorn.protocols.http.httptools_impl",
)


def our_modules() -> set[str]:
    """Every module of sms_desktop."""
    names = (
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "sms_desktop").rglob("*.py")
    )
    return {name.removesuffix(".__init__") for name in names}


def frozen_modules(executable: Path) -> set[str]:
    """The modules inside a frozen executable."""
    from PyInstaller.archive.readers import CArchiveReader

    archive = CArchiveReader(str(executable))
    inner = next(name for name in archive.toc if name.startswith("PYZ"))
    return set(archive.open_embedded_archive(inner).toc)


def problems(folder: Path) -> list[str]:
    """What is wrong with the frozen program in `folder`."""
    modules = frozen_modules(folder / "sms-desktop")
    inside = folder / "_internal"
    entries = {"sms_desktop.cli.__main__"}  # for a source tree
    return [
        *(f"missing: {name}" for name in sorted(our_modules() - modules - entries)),
        *(f"missing: {name}" for name in HIDDEN if name not in modules),
        *(f"missing: {name}" for name in NEEDED if not (inside / name).is_file()),
        *(
            f"not left out: {name}"
            for name in sorted(modules)
            if left_out.is_left_out(name, left_out.MODULES)
        ),
        *(f"points nowhere: {path}" for path in inside.rglob("*") if path.is_symlink() and not path.exists()),
    ]


def main() -> int:
    """Check the folder named by the only argument."""
    found = problems(Path(sys.argv[1]))
    sys.stderr.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
