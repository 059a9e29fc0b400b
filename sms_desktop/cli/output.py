"""How smsctl reads and writes: UTF-8 whatever the locale, one JSON document on standard output.

Used by every command.
"""

from __future__ import annotations

import json
import sys

from sms_desktop.messages.errors import Mendable, SmsDesktopError

_MOST_OCTETS = 1 << 20


def print_json(value: object) -> None:
    """Print one JSON document and a line feed on standard output, as UTF-8.

    Lone surrogates are written as escapes.
    """
    text = json.dumps(value, ensure_ascii=False)
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = json.dumps(value).encode()
    _write(data + b"\n")


def print_text(text: str) -> None:
    """Print lines for people on standard output, as UTF-8."""
    _write(text.encode("utf-8", "replace") + b"\n")


def say(text: str) -> None:
    """Print a line for people on standard error."""
    sys.stderr.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stderr.buffer.flush()


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
    """The text of an argument; `-` reads standard input. Raises Mendable if it is not UTF-8, or endless."""
    if text == "-":
        data = sys.stdin.buffer.read(_MOST_OCTETS + 1)
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


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
