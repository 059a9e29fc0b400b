"""What a package says about itself: manual pages, completions, changelog, licences. Used by build_deb."""

from __future__ import annotations

import email.utils
import re
import textwrap
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import click

from sms_desktop import __version__, app
from sms_desktop.cli import smsctl

ROOT = Path(__file__).resolve().parents[2]
_FILES = """\
.SH FILES
.TP
.I ~/.local/share/sms\\-desktop/store.db
Messages, receipts and drafts (SQLite).
.TP
.I ~/.config/sms\\-desktop/profiles.json
Profiles, without their secrets, which are in the desktop's keyring.
"""


def window_manual() -> str:
    """sms-desktop(1), from its usage text."""
    usage, *rest = app.USAGE.strip().split("\n\n")
    lines = [
        _head("SMS-DESKTOP"),
        ".SH NAME\nsms\\-desktop \\- send SMS, watch receipts, and see every octet",
        f".SH SYNOPSIS\n{_escaped(usage.removeprefix('Usage: '))}",
        f".SH DESCRIPTION\n{_escaped(' '.join(rest[1].split()))}\n.SH OPTIONS",
        *(f".TP\n.B {_escaped(name)}\n{_escaped(words)}" for name, words in _window_options()),
        ".SH EXIT STATUS\n0 done, 1 failed, 2 wrong usage, 3 no display.",
        _FILES + ".SH SEE ALSO\n.BR smsctl (1)\n",
    ]
    return "\n".join(lines)


def terminal_manual() -> str:
    """smsctl(1), from what its commands say with --help."""
    context = click.Context(smsctl, info_name="smsctl")
    about = (smsctl.help or "").partition("\b")[0].strip()
    lines = [
        _head("SMSCTL"),
        ".SH NAME\nsmsctl \\- send SMS and inspect them from the command line",
        ".SH SYNOPSIS\n.B smsctl\n.I COMMAND\n[\\fIOPTION\\fR]...",
        ".SH DESCRIPTION\n" + "\n.PP\n".join(_escaped(" ".join(p.split())) for p in about.split("\n\n")),
        ".SH COMMANDS",
    ]
    for name, command in _commands(smsctl, context):
        words = (command.help or command.short_help or "").strip().partition("\n\n")[0]
        lines.append(f".TP\n.B {_escaped(name)}\n{_escaped(' '.join(words.split()))}")
    lines.append(f".PP\n{_escaped('smsctl COMMAND --help tells all options of a command.')}")
    lines.append(_FILES + ".SH SEE ALSO\n.BR sms\\-desktop (1)\n")
    return "\n".join(lines)


def _commands(
    group: click.Group, context: click.Context, above: str = ""
) -> Iterator[tuple[str, click.Command]]:
    """Every command below `group` with all its words, each group before what is below it."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield above + name, command
        if isinstance(command, click.Group):
            yield from _commands(command, click.Context(command, parent=context), f"{above}{name} ")


def completion(shell: str) -> str:
    """What completes smsctl's commands and options in bash, zsh or fish."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    return kind(smsctl, {}, "smsctl", "_SMSCTL_COMPLETE").source() + "\n"


def changelog(maintainer: str, epoch: int) -> str:
    """The newest part of CHANGELOG.md for people who use the program, as Debian writes it."""
    newest = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1]
    users = newest.partition("### For people who use it")[2].partition("\n### ")[0]
    entries = [" ".join(entry.split()) for entry in re.split(r"^- ", users, flags=re.MULTILINE)[1:]]
    wrapped = [
        textwrap.fill(entry, 78, initial_indent="  * ", subsequent_indent="    ", break_on_hyphens=False)
        for entry in entries
    ]
    body = "\n".join(wrapped)
    date = email.utils.formatdate(epoch).replace("-0000", "+0000")
    return f"sms-desktop ({__version__}) unstable; urgency=medium\n\n{body}\n\n -- {maintainer}  {date}\n"


def window_completion(shell: str) -> str:
    """What completes the options of sms-desktop in bash, zsh or fish."""
    options = [(name.split()[0], words) for name, words in _window_options() if name.startswith("--")]
    names = " ".join(name for name, _ in options)
    match shell:
        case "bash":
            return f'complete -W "{names}" sms-desktop\n'
        case "zsh":
            return f"#compdef sms-desktop\ncompadd -- {names}\n"
        case "fish":
            quoted = ((name, words.replace("'", "\\'")) for name, words in options)
            return "".join(
                f"complete -c sms-desktop -f -l {name.removeprefix('--')} -d '{words}'\n"
                for name, words in quoted
            )
        case _:
            raise ValueError(f"no completion for {shell}")


def _window_options() -> list[tuple[str, str]]:
    """What sms-desktop takes, with the words of its usage text."""
    described = app.USAGE.strip().split("\n\n")[1]
    return re.findall(r"^  (\S.*?)  +(.*)$", described, re.MULTILINE)


_CAPTIONS = {
    "conversation-light.png": "Conversations, what became of each message, and the compose box",
    "binary-light.png": "A binary message: its header decoded while it is typed, and the room that is left",
    "contact-card-light.png": "A contact card as a form, as people will see it, and as the text that is sent",
    "search-light.png": "Search in texts, numbers and ids",
    "conversation-dark.png": "The dark theme",
}


def metainfo(text: str, published: str) -> str:
    """The metainfo `text` with the project's pictures, which lie at the address `published`.

    Software centres fetch pictures from the web only; without an address the text stays as it is. Raises
    ValueError for an address that they would not fetch.
    """
    if not published:
        return text
    if urlsplit(published).scheme != "https" or not urlsplit(published).hostname:
        raise ValueError(f"SCREENSHOTS_URL is an address that begins with https://, not {published!r}.")
    pictures = "".join(
        f"""    <screenshot{' type="default"' if number == 0 else ""}>
      <caption>{escape(caption)}</caption>
      <image>{escape(published.rstrip("/"))}/{name}</image>
    </screenshot>
"""
        for number, (name, caption) in enumerate(_CAPTIONS.items())
    )
    before, mark, after = text.partition("  <icon type=")
    return f"{before}  <screenshots>\n{pictures}  </screenshots>\n{mark}{after}"


_LIBRARIES = """\
Qt 6 and PySide6 (PySide6/, shiboken6/), as published by the Qt project in the PyPI packages
PySide6-Essentials and shiboken6: LGPL-3, see /usr/share/common-licenses/LGPL-3. They are separate
shared libraries, unchanged but for stripped symbols, and may be replaced by others of the same interface.
Their sources are published by the Qt project under the same version.
.
ICU (libicu*): Unicode-3.0. OpenSSL (libssl, libcrypto): Apache-2.0, see
/usr/share/common-licenses/Apache-2.0. libffi: MIT. liblzma: public domain. zlib: Zlib. bzip2: bzip2-1.0.6.
Expat: MIT. libuuid: BSD-3-Clause. SQLite inside apsw: public domain.
.
The program's starter is PyInstaller's: GPL-2.0-or-later with an exception that allows to distribute what it
starts under any licence; see /usr/share/common-licenses/GPL-2.
"""
_NOT_SHIPPED = {
    "pyinstaller",
    "pyinstaller-hooks-contrib",
    "altgraph",
    "packaging",
    "setuptools",
    "pip",
    "macholib",
}
_APACHE = "Apache-2.0: on Debian systems the text is in /usr/share/common-licenses/Apache-2.0."
_BY_QT = {"pyside6-essentials", "shiboken6"}


def copyright_text(packages: Path, python_licence: Path) -> str:
    """Licences of the program and of all that is frozen into it, out of the site-packages `packages`."""
    parts = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
        "Upstream-Name: sms-desktop",
        "Comment: what is frozen into usr/lib/sms-desktop beside the program itself:",
        textwrap.indent(_LIBRARIES.rstrip(), " "),
        "",
        "Files: *\nCopyright: the SMS Desktop maintainers\nLicense: Apache-2.0",
        " On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.",
        "",
        _stanza("Python", "Python Software Foundation", python_licence.read_text(encoding="utf-8")),
    ]
    found = sorted(metadata.distributions(path=[str(packages)]), key=lambda one: one.name.lower())
    for one in found:
        name = one.name.lower().replace("_", "-")
        if name in _NOT_SHIPPED | _BY_QT:
            continue
        authors = _said(one, "Author", "Author-email", "Maintainer-email")
        authors = re.sub(r"\s*<[^>]*>", "", authors).strip() or f"the authors of {one.name}"
        parts.append(_stanza(f"{one.name} {one.version}", authors, _licence(one)))
    return "\n".join(parts) + "\n"


def _licence(one: metadata.Distribution) -> str:
    """The texts of a distribution's licence files, or what its metadata says."""
    files = [
        file
        for file in one.files or []
        if ".dist-info" in str(file) and re.match(r"(?i)(licen[cs]e|copying|notice)", file.name)
    ]
    texts = [Path(str(one.locate_file(file))).read_text(encoding="utf-8", errors="replace") for file in files]
    texts = [_APACHE if "Version 2.0, January 2004" in text else text for text in texts]
    said = _said(one, "License-Expression", "License") or "see its classifiers"
    return "\n".join(dict.fromkeys(texts)) if texts else f"{said}\n"


def _said(one: metadata.Distribution, *fields: str) -> str:
    """The first of these fields that the metadata has."""
    return next((values[0] for field in fields if (values := one.metadata.get_all(field))), "")


def _stanza(name: str, holders: str, licence: str) -> str:
    short = re.sub(r"[^A-Za-z0-9.+-]+", "-", name)
    lines = [f" {line.rstrip()}" if line.strip() else " ." for line in licence.strip().splitlines()]
    return (
        f"Files: usr/lib/sms-desktop/{short}\n"
        f"Comment: {name}, in sms-desktop's own archive of Python modules or beside it\n"
        f"Copyright: {' '.join(holders.split())}\nLicense: licence-of-{short}\n" + "\n".join(lines) + "\n"
    )


def _head(title: str) -> str:
    return f'.TH {title} 1 "" "sms\\-desktop {__version__}" "User Commands"'


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text)
