"""A request as something to run elsewhere: curl, HTTPie, Python. Called by services for cli and ui.

Made from a masked request, so that `***` stands where a secret was: whoever runs it puts the own one there.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from enum import StrEnum
from typing import assert_never
from urllib.parse import quote_plus, urlencode

from sms_desktop.gateway.request import FORM, MaskedRequest

_NEXT_LINE = " \\\n  "
# HTTPie reads these behind the name's `=` as a part of the separator.
_HTTPIE_BEGINS = ("@", "=")


class CommandFormat(StrEnum):
    """The programs that a request can be written for."""

    CURL = "curl"
    HTTPIE = "httpie"
    PYTHON = "python"


def command(request: MaskedRequest, style: CommandFormat) -> str:
    """`request` as a command for a POSIX shell, or as a Python program that needs httpx."""
    match style:
        case CommandFormat.CURL:
            return _curl(request)
        case CommandFormat.HTTPIE:
            return _httpie(request)
        case CommandFormat.PYTHON:
            return _python(request)
        case _:
            assert_never(style)


def _curl(request: MaskedRequest) -> str:
    headers = _headers(request)
    words = ["curl", shlex.quote(request["url"])]
    if request["method"] == "GET":
        words[1:1] = ["--get"]
    lines = [" ".join(words)]
    lines += [f"--header {shlex.quote(f'{name}: {value}')}" for name, value in headers.items()]
    if _is_json(request):
        lines.append(f"--data-raw {shlex.quote(_json(request))}")
    else:
        lines += [_curl_parameter(name, value) for name, value in request["parameters"].items()]
    return _NEXT_LINE.join(lines)


def _curl_parameter(name: str, value: str) -> str:
    if "\0" in value:  # no argument can hold it
        return f"--data {shlex.quote(f'{name}={quote_plus(value)}')}"
    # What stands behind the first `=` is taken as it is, a leading @ too.
    return f"--data-urlencode {shlex.quote(f'{name}={value}')}"


def _httpie(request: MaskedRequest) -> str:
    parameters = request["parameters"]
    head = ["http", "--ignore-stdin"]
    headers = [shlex.quote(f"{name}:{value}") for name, value in _headers(request).items()]
    target = shlex.quote(request["url"])
    if _is_json(request):
        lines = [
            " ".join([*head, "--raw", shlex.quote(_json(request)), request["method"], target]),
            *headers,
        ]
    elif request["method"] == "GET":
        lines = [" ".join([*head, "GET", shlex.quote(_with_query(request))]), *headers]
    elif any("\\" in value or "\0" in value for value in parameters.values()):
        # HTTPie has no way to write every backslash in a field.
        headers.append(shlex.quote(f"Content-Type:{FORM}"))
        lines = [
            " ".join([*head, "--raw", shlex.quote(urlencode(parameters)), "POST", target]),
            *headers,
        ]
    else:
        items = [shlex.quote(f"{name}={_httpie_value(value)}") for name, value in parameters.items()]
        lines = [" ".join([*head, "--form", "POST", target]), *headers, *items]
    return _NEXT_LINE.join(lines)


def _httpie_value(value: str) -> str:
    return f"\\{value}" if value.startswith(_HTTPIE_BEGINS) else value


def _python(request: MaskedRequest) -> str:
    parameters = dict(request["parameters"])
    lines = ["import httpx", "", "response = httpx.request("]
    lines += [f"    {request['method']!r},", f"    {request['url']!r},"]
    lines += ["    headers={", *(f"        {n!r}: {v!r}," for n, v in _headers(request).items()), "    },"]
    if _is_json(request):
        lines.append(f"    content={_json(request)!r}.encode(),")
    else:
        name = "params" if request["method"] == "GET" else "data"
        lines += [f"    {name}={{", *(f"        {n!r}: {v!r}," for n, v in parameters.items()), "    },"]
    lines += [")", "print(response.status_code, response.text)"]
    return "\n".join(lines)


def _headers(request: MaskedRequest) -> Mapping[str, str]:
    """The headers that the program does not set by itself."""
    headers = dict(request.get("headers", {}))
    if headers.get("Content-Type") == FORM:
        del headers["Content-Type"]
    return headers


def _is_json(request: MaskedRequest) -> bool:
    return request["method"] != "GET" and request.get("headers", {}).get("Content-Type", FORM) != FORM


def _json(request: MaskedRequest) -> str:
    return json.dumps(request["parameters"])


def _with_query(request: MaskedRequest) -> str:
    return f"{request['url']}?{urlencode(request['parameters'])}"
