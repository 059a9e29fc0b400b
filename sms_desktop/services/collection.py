"""Requests by name: whole messages with their fields and options, one plain file each, to be kept and shared.

Called by ui and cli. A file holds no secret and no recipient: it can be given away, put under version
control, and written by hand. Every method touches the disk.
"""

from __future__ import annotations

import json
import os
import re
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sms_desktop.gateway.request import mask_callback
from sms_desktop.messages.drafts import MAIN_FIELD, OPTION_FIELDS, OTHER_FIELDS, Draft
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.templates import Variable, checked_name, filled, variables
from sms_desktop.settings.paths import write_private

FORMAT = "sms-desktop request 1"
_FORMAT_STEM = "sms-desktop request "
LARGEST = 500_000
"""Octets of a file."""
MOST = 2_000
"""Files that are looked at."""
_APART = " }{ "  # no variable reaches from one field into the next


@dataclass(frozen=True, slots=True)
class SavedRequest:
    """A message under a name; any field may hold {{variables}}."""

    name: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is left alone, and the sentence that says why."""

    file: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a folder holds: requests by name, and the files that are none."""

    requests: tuple[SavedRequest, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


def variables_of(draft: Draft) -> tuple[Variable, ...]:
    """The variables of all fields, in the order of the fields, each once; the first default counts."""
    return variables(_APART.join(value for _, value in ordered(draft)))


def filled_draft(draft: Draft, values: Mapping[str, str]) -> Draft:
    """The message with its variables replaced. Raises Mendable naming those without value and default."""
    known = {variable.name: values.get(variable.name, variable.default) for variable in variables_of(draft)}
    missing = [name for name, value in known.items() if value is None]
    if missing:
        raise Mendable(f"The request still needs: {', '.join(missing)}.", field=missing[0])
    whole = {name: value for name, value in known.items() if value is not None}
    fields = {name: filled(value, whole) for name, value in draft.fields.items()}
    return Draft(
        draft.kind, filled(draft.text, whole), {name: value for name, value in fields.items() if value}
    )


def ordered(draft: Draft) -> list[tuple[str, str]]:
    """The fields with what is typed in them, the main one first, always in the same order."""
    return [
        (name, value)
        for name in _names(draft.kind)
        if (value := draft.text if name == MAIN_FIELD[draft.kind] else draft.fields.get(name, ""))
    ]


def shareable(draft: Draft) -> tuple[Draft, str | None]:
    """`draft` without what would give a secret away, and the sentence about what was left out, if anything.

    A receipt address may hold a relay's token, or a user and password.
    """
    callback = draft.fields.get("callback", "")
    if not holds_secret(callback):
        return draft, None
    fields = {name: value for name, value in draft.fields.items() if name != "callback"}
    return Draft(draft.kind, draft.text, fields), "callback: it holds a secret, so it was left out."


def holds_secret(address: str) -> bool:
    """Whether an address holds a relay's token, or a user with password."""
    try:
        user = urlsplit(address.strip()).username is not None
    except ValueError:
        user = "@" in address
    return user or mask_callback(address) != address


class Collection:
    """The requests of one folder; other files in it are left alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return self._folder

    def every(self) -> Shelf:
        """All requests by name, and what can't be read. Raises Mendable if the folder can't be read."""
        found, unreadable = self._read()
        requests = tuple(sorted((request for _, request in found), key=lambda each: each.name.casefold()))
        return Shelf(requests, tuple(unreadable))

    def named(self, name: str) -> SavedRequest:
        """The request of a name, whatever its case. Raises Mendable if there is none."""
        found = self._find(name)
        if found is None:
            raise Mendable(f"There is no request {name.strip()!r}.", field="name")
        return found[1]

    def save(self, name: str, draft: Draft) -> str | None:
        """Keep a message under a name, in place of one of the same name.

        Returns the sentence about what was left out since it is a secret, None if nothing was. Raises
        Mendable for an empty or endless message, and if it can't be written.
        """
        name = checked_name(name)
        draft, left_out = shareable(draft)
        if not ordered(draft):
            raise Mendable("There is nothing to keep yet: the message is empty.", field="text")
        data = _written(SavedRequest(name, draft))
        old = self._find(name)
        self._write(old[0] if old is not None else self._free_file(name), data)
        return left_out

    def rename(self, old: str, new: str) -> None:
        """Give a request another name. Raises Mendable if there is none, or one with that name already."""
        found, new = self._find(old), checked_name(new)
        if found is None:
            raise Mendable(f"There is no request {old!r}.", field="name")
        there = self._find(new)
        if there is not None and there[0] != found[0]:
            raise Mendable(f"There is a request {there[1].name!r} already.", field="name")
        file = found[0] if there is not None else self._free_file(new)
        self._write(file, _written(SavedRequest(new, found[1].draft)))
        if file != found[0]:
            self._unlink(found[0])

    def remove(self, name: str) -> bool:
        """Drop a request; False if there was none."""
        found = self._find(name)
        if found is None:
            return False
        self._unlink(found[0])
        return True

    def _unlink(self, file: Path) -> None:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise Mendable(f"{file.name} can't be removed: {error.strerror}.") from error

    def _find(self, name: str) -> tuple[Path, SavedRequest] | None:
        wanted = name.strip().casefold()
        return next((each for each in self._read()[0] if each[1].name.casefold() == wanted), None)

    def _read(self) -> tuple[list[tuple[Path, SavedRequest]], list[Unreadable]]:
        try:
            files = sorted(file for file in self._folder.iterdir() if not file.name.startswith("."))
        except FileNotFoundError:
            return [], []
        except OSError as error:
            raise Mendable(f"The requests in {self._folder} can't be read: {error.strerror}.") from error
        found: list[tuple[Path, SavedRequest]] = []
        unreadable: list[Unreadable] = []
        names: set[str] = set()
        for file in files[:MOST]:
            try:
                request = parsed(_content(file))
                if request.name.casefold() in names:
                    raise Mendable("Another file has the same name in it.")
            except Mendable as error:
                unreadable.append(Unreadable(file.name, error.message))
            else:
                names.add(request.name.casefold())
                found.append((file, request))
        if len(files) > MOST:
            unreadable.append(Unreadable("…", f"{len(files) - MOST:,} more files: {MOST:,} are read."))
        return found, unreadable

    def _free_file(self, name: str) -> Path:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "request"
        file, number = self._folder / f"{stem}.json", 1
        while file.exists() or file.is_symlink():
            number += 1
            file = self._folder / f"{stem}-{number}.json"
        return file

    def _write(self, file: Path, data: bytes) -> None:
        """Whole or not at all, and on the disk when this returns."""
        try:
            write_private(file, data)
        except OSError as error:
            raise Mendable(f"{file} can't be written: {error.strerror}.") from error


def parsed(data: bytes) -> SavedRequest:
    """The request of a file. Raises Mendable saying why it is none; values are not repeated."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise Mendable("It is no JSON in UTF-8.") from None
    if not isinstance(found, dict) or not str(found.get("format", "")).startswith(_FORMAT_STEM):
        raise Mendable("It is no request of SMS Desktop.")
    if found["format"] != FORMAT:
        raise Mendable("It was written by another version of SMS Desktop.")
    if not found.keys() <= {"format", "name", "kind", "fields"}:
        raise Mendable("It holds more than format, name, kind and fields.")
    name, kind, fields = found.get("name"), found.get("kind"), found.get("fields")
    if not isinstance(name, str):
        raise Mendable("name: it must be a text.")
    name = checked_name(name)
    if kind not in tuple(Kind):
        raise Mendable(f"kind: it is one of {', '.join(Kind)}.")
    if not isinstance(fields, dict):
        raise Mendable("fields: it must be an object.")
    chosen = Kind(kind)
    values: dict[str, str] = {}
    for field, value in fields.items():
        if field not in _names(chosen):
            raise Mendable(f"fields: {chosen} has no field {field[:40]!r}.")
        values[field] = _text(field, value)
    main = values.pop(MAIN_FIELD[chosen], "")
    draft = Draft(chosen, main, {field: value for field, value in values.items() if value})
    if holds_secret(draft.fields.get("callback", "")):
        raise Mendable("callback: it holds a secret, which no request that is shared may.")
    return SavedRequest(name, draft)


def _names(kind: Kind) -> tuple[str, ...]:
    return (MAIN_FIELD[kind], *OTHER_FIELDS[kind], *OPTION_FIELDS)


def _text(field: str, value: object) -> str:
    """A value, or its lines as a list."""
    lines: list[object] = value if isinstance(value, list) else [value]
    texts = [line for line in lines if isinstance(line, str)]
    if len(texts) < len(lines):
        raise Mendable(f"fields: {field} must be a text, or a list of its lines.")
    text = "\n".join(texts)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Mendable(f"fields: {field} holds half of a surrogate pair, which no text may.") from None
    return text


def _written(request: SavedRequest) -> bytes:
    fields = {name: value.split("\n") if "\n" in value else value for name, value in ordered(request.draft)}
    document = {
        "format": FORMAT,
        "name": request.name,
        "kind": str(request.draft.kind),
        "fields": fields,
    }
    try:
        data = json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        raise Mendable("The message holds half of a surrogate pair, which no text may.") from None
    if len(data) > LARGEST:
        raise Mendable(f"The message is too large to be kept as a request: {LARGEST:,} octets at most.")
    return data


def _content(file: Path) -> bytes:
    try:
        # Without waiting: what lies there may be a pipe.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Mendable("It is no plain file.")
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise Mendable(f"It can't be read: {error.strerror}.") from error
    if len(data) > LARGEST:
        raise Mendable(f"It is larger than a request can be ({LARGEST:,} octets).")
    return data
