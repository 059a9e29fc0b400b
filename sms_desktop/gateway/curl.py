"""A pasted curl command as the request that it stands for: the inverse of commands. Never run.

Called by services. Nothing that is raised or told here repeats a value of the command: any of them may be a
secret.
"""

from __future__ import annotations

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from sms_desktop.gateway import curl_options, shell_words
from sms_desktop.gateway.request import MASK
from sms_desktop.messages.errors import Mendable

_MOST_PARAMETERS = 200
_SECRETS = frozenset(
    {
        "access_token",
        "authorization",
        "client_secret",
        "jwt",
        "passwd",
        "password",
        "private_key",
        "refresh_token",
        "secret",
        "signature_secret",
        "token",
    }
)
_NAME = re.compile(r"[a-z][a-z_-]{0,39}", re.IGNORECASE)
_PLAIN_HEADERS = frozenset({"accept", "content-type", "content-length", "user-agent", "cache-control"})
_JSON = re.compile(r"(?:application|text)/(?:[a-z.+-]*json|jsonrequest|x-javascript|javascript|x-json)\b")


@dataclass(frozen=True, slots=True)
class CurlRequest:
    """What a command asks for.

    `url` is the address without user and query. `parameters` are those of address and body without secrets,
    the last of each name. `api_key` and `api_secret` are those of the request however it carries them; the
    secret is None where there is none or a mask stands for it. `proof` says how it proves itself, in the
    words of `Authentication`, None where it does not. `left_out` says in words what was not taken.
    """

    method: str
    url: str
    parameters: Mapping[str, str] = field(repr=False)
    api_key: str | None = field(repr=False)
    api_secret: str | None = field(repr=False)
    proof: str | None
    left_out: tuple[str, ...]


def read(text: str) -> CurlRequest:
    """The request of a curl command. Raises Mendable for anything that is none, or more than one."""
    command = shell_words.read(text)
    words = list(command.words)
    while words and (
        words[0] in ("$", "%", ">", "#") or re.fullmatch(r"[A-Za-z_]\w*=.*", words[0], re.DOTALL)
    ):
        words.pop(0)  # a prompt, or a variable of the environment
    if not words or re.split(r"[/\\]", words[0])[-1].lower() not in ("curl", "curl.exe"):
        raise Mendable("This is no curl command: it begins with another word than curl.")
    reader = _Reader()
    reader.take_words(words[1:])
    if command.more:
        reader.left_out.append("What stands behind the command was not read.")
    if command.variables:
        reader.left_out.append(
            "A variable of the shell ($NAME) has no value here: it stands as it is written."
        )
    return reader.result()


class _Reader:
    """Goes through the words of one command."""

    def __init__(self) -> None:
        self.left_out: list[str] = []
        self._url: str | None = None
        self._method: str | None = None
        self._get = False
        self._is_json = False
        self._pieces: list[str] = []
        self._pairs: list[tuple[str, str]] = []
        self._key: str | None = None
        self._secret: str | None = None
        self._proof: str | None = None

    # Words

    def take_words(self, words: list[str]) -> None:
        rest = iter(enumerate(words, start=2))
        options = True
        for number, word in rest:
            if options and word == "--":
                options = False
            elif options and word.startswith("--"):
                self._option(word[2:], number, lambda: next(rest, None))
            elif options and len(word) > 1 and word.startswith("-"):
                self._letters(word[1:], number, lambda: next(rest, None))
            else:
                self._address(word)

    def _letters(self, letters: str, number: int, following: Callable[[], tuple[int, str] | None]) -> None:
        for at, letter in enumerate(letters, start=1):
            name = curl_options.SHORT.get(letter)
            if name is None:
                raise _unknown(number)
            if name in curl_options.VALUED:
                self._option(name, number, _giving(number, letters[at:]) if letters[at:] else following)
                return
            self._option(name, number, following)

    def _option(self, name: str, number: int, following: Callable[[], tuple[int, str] | None]) -> None:
        if name in curl_options.PLAIN:
            self._flag(name)
            return
        if name.startswith("expand-") and name.removeprefix("expand-") in curl_options.VALUED:
            name = name.removeprefix("expand-")
        if name not in curl_options.VALUED:
            raise _unknown(number)
        found = following()
        if found is None:
            raise Mendable(f"--{name} stands at the end without its value. Copy the whole command.")
        self._valued(name, found[1])

    def _flag(self, name: str) -> None:
        match name:
            case "next":
                raise Mendable("The command holds more than one request (--next). Paste one of them.")
            case "head":
                raise Mendable("The command asks for the head only (--head): it sends no message.")
            case "get":
                self._get = True
            case "help" | "manual" | "version":
                raise Mendable("The command asks curl about itself: it sends no message.")
            case _:
                self._note(name)

    def _valued(self, name: str, value: str) -> None:
        match name:
            case "url":
                self._address(value)
            case "request":
                self._method = value.upper()
            case "header":
                self._header(value)
            case "user":
                self._credentials(value, "basic")
            case "oauth2-bearer":
                self._bearer()
            case "json":
                self._is_json = True
                self._data(name, value)
            case "data-urlencode" | "url-query":
                self._encoded(name, value)
            case "form" | "form-string":
                self._form(name, value)
            case "data-raw":
                self._pieces.append(value)
            case "data" | "data-ascii" | "data-binary":
                self._data(name, value)
            case _:
                self._note(name)

    def _note(self, name: str) -> None:
        if name not in curl_options.QUIET:
            self._say(f"--{name}: an option of curl itself.")

    def _say(self, sentence: str) -> None:
        if sentence not in self.left_out:
            self.left_out.append(sentence)

    # Address and data

    def _address(self, word: str) -> None:
        if self._url is not None:
            raise Mendable(
                "The command holds more than one address, or a value outside quotes. Paste one request, with "
                "its values in quotes."
            )
        self._url = word

    def _data(self, name: str, value: str) -> None:
        if value.startswith("@"):
            self._say(f"--{name} @…: no file is read here.")
        elif value:
            self._pieces.append(value)

    def _encoded(self, name: str, value: str) -> None:
        if name == "url-query" and value.startswith("+"):
            self._pairs += _parsed(value[1:])
            return
        front = re.match(r"[^=@]*", value)
        assert front is not None
        label, mark = front[0], value[front.end() : front.end() + 1]
        if mark == "@":
            self._say(f"--{name} …@…: no file is read here.")
        elif mark == "=" and label:
            self._pairs.append((unquote_plus(label), value[front.end() + 1 :]))
        else:
            self._say(f"--{name}: a value without a name.")

    def _form(self, name: str, value: str) -> None:
        label, mark, content = value.partition("=")
        if not mark:
            self._say(f"--{name}: a value without a name.")
        elif name == "form" and content.startswith(("@", "<")):
            self._say(f"--{name} …=@…: no file is read here.")
        else:
            self._pairs.append((label, content))
            self._say(f"--{name}: sent as multipart; it is taken as a plain form, which the gateway reads.")

    # Who it is

    def _header(self, value: str) -> None:
        name, mark, content = value.partition(":")
        name, content = name.strip().lower(), content.strip()
        if value.startswith("@"):
            self._say("--header @…: no file is read here.")
        elif name == "authorization" and mark:
            scheme, _, rest = content.partition(" ")
            if scheme.lower() == "basic":
                self._basic(rest.strip())
            else:
                self._bearer()
        elif name == "content-type" and _JSON.match(content.lower()):
            self._is_json = True
        elif name not in _PLAIN_HEADERS and mark and content:
            known = name if name in ("cookie", "inbound", "origin", "referer", "x-api-key") else None
            self._say(f"The header {known}." if known else "A header that the gateway does not read.")

    def _basic(self, encoded: str) -> None:
        if encoded == MASK:
            self._proof = "basic"
            return
        try:
            self._credentials(b64decode(encoded, validate=True).decode(), "basic")
        except (binascii.Error, ValueError):
            self._say("The Authorization header can't be read; it was dropped.")

    def _bearer(self) -> None:
        self._proof = "bearer"
        self._say("The access token was dropped: a new one is fetched for each message.")

    def _credentials(self, value: str, proof: str) -> None:
        key, _, secret = value.partition(":")
        self._proof = proof
        self._key = key or self._key
        self._keep_secret(secret)

    def _keep_secret(self, secret: str) -> None:
        if secret and secret != MASK and not secret.startswith("$"):
            self._secret = secret

    # The whole

    def result(self) -> CurlRequest:
        if self._url is None:
            raise Mendable("The command holds no address.")
        url = self._url if "://" in self._url else f"https://{self._url}"
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise Mendable("The address of the command can't be read.") from None
        if parts.scheme not in ("http", "https") or not host:
            raise Mendable("The address of the command is none of http or https.")
        if parts.username is not None:
            self._credentials(f"{unquote(parts.username)}:{unquote(parts.password or '')}", "basic")
        pairs = [*_parsed(parts.query), *self._body(), *self._pairs]
        if len(pairs) > _MOST_PARAMETERS:
            raise Mendable(f"The command has more than {_MOST_PARAMETERS} parameters: no message has.")
        parameters = self._public(pairs)
        shown = (
            f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}{parts.path}"
        )
        return CurlRequest(
            self._sent_by(bool(self._pieces or self._pairs)),
            shown,
            parameters,
            parameters.get("api_key", self._key),
            self._secret,
            self._proof,
            tuple(self.left_out),
        )

    def _sent_by(self, has_body: bool) -> str:
        method = self._method or ("GET" if self._get or not has_body else "POST")
        if method not in ("GET", "POST"):
            raise Mendable("The command uses another method than GET or POST: the gateway takes those two.")
        return method

    def _body(self) -> list[tuple[str, str]]:
        joined = ("" if self._is_json else "&").join(self._pieces)
        if not joined:
            return []
        if self._is_json or (joined.lstrip().startswith("{") and "=" not in joined.partition(":")[0]):
            return self._json(joined)
        return _parsed(joined)

    def _json(self, text: str) -> list[tuple[str, str]]:
        try:
            found: Any = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
        except (ValueError, RecursionError):
            raise Mendable("The body of the command is no JSON that can be read.") from None
        if not isinstance(found, dict):
            raise Mendable("The body of the command is no JSON object: a message is one.")
        pairs = []
        for name, value in found.items():
            match value:
                case bool():
                    pairs.append((name, "true" if value else "false"))
                case str():
                    pairs.append((name, value))
                case _:
                    self._say("A value in the JSON that is neither text nor number.")
        return pairs

    def _public(self, pairs: list[tuple[str, str]]) -> dict[str, str]:
        """The parameters without secrets; the last of each name."""
        found: dict[str, str] = {}
        for name, value in pairs:
            _whole(name)
            _whole(value)
            plain = name.strip().lower().replace("-", "_")
            if plain in ("api_secret", "apisecret"):
                self._proof = self._proof or "body"
                self._keep_secret(value)
            elif plain in ("sig", "signature"):
                self._proof = "signature"
                self._say("The signature was dropped: it is made anew for each message.")
            elif plain in _SECRETS:
                self._say("A parameter that looks like a secret was dropped.")
            elif not value:
                self._say("A parameter without a value.")
            else:
                if name in found and found[name] != value:
                    self._say(f"{printable(name)} stands twice: the last value counts.")
                found[name] = value
        if self._proof == "signature":
            found.pop("timestamp", None)
        return found


def _giving(number: int, word: str) -> Callable[[], tuple[int, str]]:
    return lambda: (number, word)


def printable(name: str) -> str:
    """A parameter's name where it can be told, else words for one that can't."""
    return name if _NAME.fullmatch(name) else "A parameter with an unusual name"


def _parsed(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise Mendable("The command holds octets (%XX) that are not UTF-8.") from None
    except ValueError:
        raise Mendable(f"The command has more than {_MOST_PARAMETERS} parameters: no message has.") from None


def _whole(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Mendable("The command holds half of a surrogate pair, which no text may hold.") from None


def _unknown(number: int) -> Mendable:
    return Mendable(f"Word {number} looks like an option of curl that is not known here. Take it out.")
