"""Put the frozen program into a Debian package: `build_deb.py FROZEN SITE_PACKAGES DIST`.

Run by packaging/debian/package, with the interpreter of .venv: it asks our own program for its manual, and Qt
to draw the icons. The same source gives the same octets, if SOURCE_DATE_EPOCH says when.
"""

from __future__ import annotations

import gzip
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT)]

import documents
import libraries

from sms_desktop import __version__

NAME = "sms-desktop"
_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_CONTROL = """\
Package: {name}
Version: {version}
Section: net
Priority: optional
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: gnome-keyring | kwalletmanager | keepassxc, xdg-desktop-portal
Description: SMS console for the desktop
 Support staff send one-off messages, watch each one arrive, and answer the
 replies in a conversation. Testers see what a message becomes: its encoding,
 its parts, the exact request and response, and every receipt.
 .
 No account is needed to start: a built-in sandbox plays the gateway. The
 command smsctl does on the command line what the window does.
"""


def main() -> int:
    """Build the package; prints its path."""
    frozen, packages, dist = (Path(argument).resolve() for argument in sys.argv[1:4])
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    maintainer = os.environ["MAINTAINER"]
    tree = frozen.parent / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    os.umask(0o022)
    shutil.copytree(frozen, tree / "usr/lib" / NAME, symlinks=True)
    (tree / "usr/bin").mkdir()
    for program in (NAME, "smsctl"):
        (tree / "usr/bin" / program).symlink_to(f"../lib/{NAME}/{program}")
    _desktop(tree / "usr/share")
    _documents(tree / "usr/share", maintainer, epoch, packages)
    _control(tree, maintainer)
    architecture = _architecture()
    package = dist / f"{NAME}_{__version__}_{architecture}.deb"
    dist.mkdir(exist_ok=True)
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(package)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    sys.stdout.write(f"{package}\n")
    return 0


def _desktop(share: Path) -> None:
    """Desktop entry, metainfo and icons."""
    linux, app = ROOT / "resources/linux", ROOT / "resources/app"
    _copy(linux / "sms-desktop.desktop", share / "applications")
    published = os.environ.get("SCREENSHOTS_URL", "")
    for metainfo in linux.glob("*.metainfo.xml"):
        _write(
            share / "metainfo" / metainfo.name,
            documents.metainfo(metainfo.read_text(encoding="utf-8"), published),
        )
    icons = share / "icons/hicolor"
    _copy(app / "sms-desktop.svg", icons / "scalable/apps")
    _copy(app / "sms-desktop-symbolic.svg", icons / "symbolic/apps")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _application = QGuiApplication([])
    picture = QSvgRenderer(str(app / "sms-desktop.svg"))
    for size in _SIZES:
        folder = icons / f"{size}x{size}/apps"
        folder.mkdir(parents=True)
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        picture.render(painter, QRectF(0, 0, size, size))
        painter.end()
        image.save(str(folder / f"{NAME}.png"))


def _documents(share: Path, maintainer: str, epoch: int, packages: Path) -> None:
    """Manual pages, completions, changelog, copyright, and what lintian may overlook."""
    _write_gz(share / "man/man1/sms-desktop.1.gz", documents.window_manual())
    _write_gz(share / "man/man1/smsctl.1.gz", documents.terminal_manual())
    for name, completion in (("smsctl", documents.completion), (NAME, documents.window_completion)):
        _write(share / f"bash-completion/completions/{name}", completion("bash"))
        _write(share / f"zsh/vendor-completions/_{name}", completion("zsh"))
        _write(share / f"fish/vendor_completions.d/{name}.fish", completion("fish"))
    doc = share / "doc" / NAME
    _write_gz(doc / "changelog.gz", documents.changelog(maintainer, epoch))
    licence = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    _write(doc / "copyright", documents.copyright_text(packages, licence))
    _copy(HERE / "lintian-overrides", share / "lintian/overrides", NAME)


def _control(tree: Path, maintainer: str) -> None:
    files = [path for path in tree.rglob("*") if path.is_file() and not path.is_symlink()]
    control = _CONTROL.format(
        name=NAME,
        version=__version__,
        architecture=_architecture(),
        maintainer=maintainer,
        kilobytes=sum(-(-path.stat().st_size // 1024) for path in files),
        depends=", ".join(libraries.depends(tree / "usr/lib" / NAME)),
    )
    _write(tree / "DEBIAN/control", control)
    sums = subprocess.run(
        ["md5sum", *sorted(str(path.relative_to(tree)) for path in files)],
        check=True,
        capture_output=True,
        text=True,
        cwd=tree,
    )
    _write(tree / "DEBIAN/md5sums", sums.stdout)


def _architecture() -> str:
    known = {"x86_64": "amd64", "aarch64": "arm64"}
    return known.get(platform.machine(), platform.machine())


def _copy(source: Path, folder: Path, name: str | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, folder / (name or source.name))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _write_gz(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    sys.exit(main())
