"""How smsctl reads and writes: UTF-8 whatever the locale, one JSON document on standard output.

Used by every command.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress

from sms_desktop.messages.errors import Mendable, SmsDesktopError, TryLater

_MOST_OCTETS = 1 << 20
# All controls (Unicode category Cc) but tab and line feed, as JSON would write them.
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"}


def print_json(value: object) -> None:
    """Print one JSON document and a line feed on standard output, as UTF-8.

    Lone surrogates are written as escapes.
    """
    text = json.dumps(value, ensure_ascii=False)
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = json.dumps(value).encode()
    write(data + b"\n")


def print_text(text: str) -> None:
    """Print lines for people on standard output, as UTF-8.

    Controls but tab and line feed are written as escapes: strangers' words may be among them, and a terminal
    would obey.
    """
    write(_for_people(text))


def print_as_is(text: str) -> None:
    """Print what other programs are to have, as UTF-8, nothing escaped."""
    write(text.encode("utf-8", "replace") + b"\n")


def say(text: str) -> None:
    """Print a line for people on standard error; where that can't be written, nobody wants to read it.

    Controls are escaped as in `print_text`.
    """
    with suppress(OSError):
        sys.stderr.buffer.write(_for_people(text))
        sys.stderr.buffer.flush()


def _for_people(text: str) -> bytes:
    return text.translate(_ESCAPED).encode("utf-8", "replace") + b"\n"


def print_error(error: SmsDesktopError, *, as_json: bool) -> None:
    """Say what went wrong: always on standard error, and as the one JSON document when that was asked for."""
    say(f"smsctl: {error.message}" + (f"\n{error.hint}" if error.hint else ""))
    if as_json:
        print_json({"error": error_document(error)})


def error_document(error: SmsDesktopError) -> dict[str, str | None]:
    """An error as scripts see it."""
    return {"field": error.field, "message": error.message, "hint": error.hint}


def as_utf8(argument: str) -> str:
    """An argument decoded as UTF-8 whatever the locale; one that is not UTF-8 stays as it is.

    Python keeps octets that the locale can't read as surrogate escapes, and those are turned back here.
    """
    try:
        return argument.encode(sys.getfilesystemencoding(), "surrogateescape").decode()
    except UnicodeError:
        return argument


def read_text_argument(text: str, *, field: str = "text") -> str:
    """The text of an argument; `-` reads standard input.

    Raises Mendable if that can't be read, or if the text is not UTF-8, or endless.
    """
    if text == "-":
        try:
            data = sys.stdin.buffer.read(_MOST_OCTETS + 1)
        except OSError as error:
            raise Mendable(
                f"{field}: standard input can't be read: {error.strerror}.", field=field
            ) from error
        if len(data) > _MOST_OCTETS:
            raise Mendable(
                f"{field}: standard input holds more than {_MOST_OCTETS:,} octets, more than any message.",
                field=field,
            )
    else:
        try:
            data = text.encode(sys.getfilesystemencoding(), "surrogateescape")
        except UnicodeEncodeError:
            return text
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Mendable(
            f"{field}: octet {error.start + 1} is not UTF-8. Give the text as UTF-8.", field=field
        ) from error


def write(data: bytes) -> None:
    """Write octets on standard output, now.

    Raises TryLater if it can't be written, BrokenPipeError if its reader has left.
    """
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_output()
        raise TryLater(f"Standard output can't be written: {error.strerror}.") from error


def discard_output() -> None:
    """Let the null device take the rest of standard output, so that exiting stays quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
