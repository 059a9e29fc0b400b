"""What the frozen program does without, and why.

Read by the specs beside it, checked by tests/packaging and by check_frozen.py. PyInstaller takes whatever any
imported module might import one day; this list says what of that never happens here.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch

MODULES = {
    # Other people's optional parts.
    "PySide6.QtNetwork": "the network is httpx, in background threads",
    "PySide6.QtQml": "the window is made of widgets",
    "PySide6.QtQuick": "the window is made of widgets",
    "PySide6.QtPdf": "nothing shows PDF",
    "PySide6.QtTest": "tests only",
    "PySide6.support.deprecated": "looked at only when something deprecated is imported",
    "click.testing": "tests only",
    "httpx._main": "httpx's own command line",
    "rich": "click and httpx work without it, and start sooner",
    "pygments": "goes with rich",
    "trio": "anyio runs on asyncio here",
    "curio": "anyio runs on asyncio here",
    "uvloop": "the servers run on plain asyncio, as they do on Windows",
    "wsproto": "no WebSockets",
    "websockets": "no WebSockets",
    "watchfiles": "no reloading servers",
    "a2wsgi": "no WSGI",
    "h2": "the gateway is asked over HTTP/1.1: the evidence of what was sent is read from its phases",
    "socksio": "no SOCKS proxies",
    "brotli": "no compressed answers are asked for",
    "brotlicffi": "no compressed answers are asked for",
    "zstandard": "no compressed answers are asked for",
    "jinja2": "no templates in Starlette",
    "itsdangerous": "no sessions in Starlette",
    "python_multipart": "forms are read by the servers themselves",
    "multipart": "forms are read by the servers themselves",
    "yaml": "no YAML settings for uvicorn",
    "dotenv": "no environment files for uvicorn",
    "gunicorn": "uvicorn runs alone",
    "phonenumbers.geodata": "the names of all places on earth; the window names countries only",
    "phonenumbers.geocoder": "loads geodata",
    "phonenumbers.carrierdata": "the network is in the gateway's answers",
    "phonenumbers.carrier": "loads carrierdata",
    "phonenumbers.tzdata": "nobody asks for a number's time zone",
    "phonenumbers.timezone": "loads tzdata",
    "psycopg": "a team's relay on PostgreSQL is installed from the wheel, with its extra",
    "psycopg_pool": "goes with psycopg",
    "vobject": "a judge in the tests",
    # Parts of Python.
    "setuptools": "comes with PyInstaller",
    "pkg_resources": "comes with setuptools",
    "tkinter": "the window is Qt",
    "curses": "no text windows",
    "readline": "no prompt with a history",
    "sqlite3": "apsw carries a newer SQLite",
    "unittest": "tests only",
    "doctest": "tests only",
    "pdb": "debugging only",
    "pydoc": "help for developers",
    "ensurepip": "nothing is installed into the frozen program",
    "venv": "nothing is installed into the frozen program",
    "lib2to3": "for developers",
    "distutils": "for developers",
    "xmlrpc": "no XML-RPC",
    "ftplib": "no FTP",
    "nntplib": "no news",
    "imaplib": "no mail",
    "poplib": "no mail",
    "smtplib": "no mail",
    "turtle": "no drawing lessons",
    "idlelib": "for developers",
}
"""Modules, each with all below it, and the reason."""

QT_PLUGINS_KEPT = (
    "iconengines/libqsvgicon.so",
    "imageformats/libqsvg.so",
    "platforminputcontexts/libcomposeplatforminputcontextplugin.so",
    "platforminputcontexts/libibusplatforminputcontextplugin.so",
    "platforms/libqoffscreen.so",
    "platforms/libqwayland*.so",
    "platforms/libqxcb.so",
    # not libqgtk3.so: it would load the system's GTK into a process that carries libraries of its own
    "platformthemes/libqxdgdesktopportal.so",
    "styles/*",
    "wayland-decoration-client/*",
    "wayland-graphics-integration-client/libqt-plugin-wayland-egl.so",
    "wayland-shell-integration/libxdg-shell.so",
    "xcbglintegrations/*",
)
"""Qt's plugins that ship; the others stay behind."""

QT_LIBRARIES = (
    "libQt6Core.so.6",
    "libQt6DBus.so.6",  # portals, accessibility, the keyboard's input methods
    "libQt6Gui.so.6",
    "libQt6OpenGL.so.6",
    "libQt6Svg.so.6",
    "libQt6WaylandClient.so.6",
    "libQt6WlShellIntegration.so.6",
    "libQt6Widgets.so.6",
    "libQt6XcbQpa.so.6",
    "libicudata.so.*",
    "libicui18n.so.*",
    "libicuuc.so.*",
)
"""Qt's libraries that ship."""

PYTHON_LIBRARIES = (
    "libpython3.*.so.*",
    "libbz2.so.*",
    "libcrypto.so.*",
    "libexpat.so.*",
    "libffi.so.*",
    "liblzma.so.*",
    "libmpdec.so.*",
    "libssl.so.*",
    "libuuid.so.*",
    "libz.so.*",
)
"""The system's libraries that Python's own modules need; they ship, so that it runs on other releases
than the one it was built on. What Qt needs of the system does not: the Debian package depends on it."""


RESOURCES = ("screenshots/*", "linux/*", "*.ts")
"""Files of resources/ that are for the README, for the desktop's own folders and for translators."""


def resource_ships(name: str) -> bool:
    """Whether the file `name` of resources/ goes along."""
    return not any(fnmatch(name, pattern) for pattern in RESOURCES)


def data_ships(place: str) -> bool:
    """Whether the file that PyInstaller would put at `place` goes along: Qt's own translations do not.

    Of other people's metadata only keyring's is read, and licences are in the package's copyright file.
    """
    if "/Qt/" in f"/{place}":
        return False
    folder = place.split("/", 1)[0]
    return not folder.endswith(".dist-info") or folder.startswith("keyring-")


def is_left_out(module: str, names: Iterable[str]) -> bool:
    """Whether `module` is one of `names` or below one of them."""
    return any(module == name or module.startswith(f"{name}.") for name in names)


def ships(place: str) -> bool:
    """Whether the shared library that PyInstaller would put at `place` (a path with `/`) goes along."""
    folder, _, name = place.rpartition("/")
    if "/Qt/plugins/" in f"/{place}":
        plugin = place.partition("Qt/plugins/")[2]
        return any(fnmatch(plugin, pattern) for pattern in QT_PLUGINS_KEPT)
    if folder.endswith("Qt/lib"):
        return any(fnmatch(name, pattern) for pattern in QT_LIBRARIES)
    if "/Qt/" in f"/{place}":
        return False  # translations of Qt's own dialogs, QML, tools
    if not folder and name.startswith("lib"):
        return any(fnmatch(name, pattern) for pattern in PYTHON_LIBRARIES)
    return True
