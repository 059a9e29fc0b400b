"""A request of the gateway, read: its parameters, what kind of event, its key. Called by ingest.

Pure and total: whatever came gives an event, one of kind `unreadable` where nothing better is possible, or
None for a request without any parameter (the gateway makes one to see that an address answers before it
saves it).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

import msgspec

from sms_desktop.relay.events import CHECK, CHECK_PARAMETER, INBOUND, RECEIPT, UNREADABLE

MAX_PARAMETERS = 64
MAX_PARAMETER_OCTETS = 32 * 1024
_SHOWN_OF_UNREADABLE = 4096
_TOO_MANY = f"more than {MAX_PARAMETERS} parameters"

# These may differ between repetitions of one webhook: when it was pushed, and what signs that.
_VOLATILE = frozenset({"message-timestamp", "timestamp", "nonce", "sig"})
_RECEIPT_KEY = ("api-key", "messageId", "msisdn", "status", "err-code", "scts")
_INBOUND_KEY = ("api-key", "messageId", "concat-ref", "concat-part")
_SPACE = re.compile(r"[ \t\n\r]*")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CONTENT_NAMES = ("text", "data", "udh")

_CHECK_VALUE = re.compile("[A-Za-z0-9_-]{16,64}")

_Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """An event to be.

    `payload` is JSON, a flat object of strings; `key` is the same for repetitions; `parameters` are what the
    payload says, None where nothing could be read. `flags`:

    conflict   a parameter stands in query and body with different values: the body's was taken
    repeated   a parameter stands there twice: the first was taken
    nested     a JSON value is an array or object: its JSON text was taken
    not-utf8   octets that are not UTF-8, or halves of surrogate pairs: U+FFFD stands in their place
    """

    kind: str
    payload: str = field(repr=False)
    key: bytes
    flags: tuple[str, ...]
    parameters: Mapping[str, str] | None = field(repr=False, default=None)


class _UnreadableError(Exception):
    """Why parameters could not be read."""


def read_webhook(
    *, door: str | None, method: str, query: bytes, content_type: str, content_encoding: str, body: bytes
) -> Webhook | None:
    """Read a request. `door` is `d` for receipts, `m` for inbound messages, None to tell by what came."""
    flags: set[str] = set()
    try:
        from_query = _unique(_read_form(query, flags), flags)
        from_body = _unique(_read_body(content_type, content_encoding, body, flags), flags)
    except _UnreadableError as problem:
        return _unreadable(str(problem), door or "", method, query, content_type, body)
    if not from_query and not from_body:
        return None
    if any(from_body.get(name, value) != value for name, value in from_query.items()):
        flags.add("conflict")
    parameters = from_query | from_body
    if len(parameters) > MAX_PARAMETERS:
        return _unreadable(_TOO_MANY, door or "", method, query, content_type, body)
    try:
        payload = msgspec.json.encode(parameters).decode()
    except UnicodeEncodeError:
        flags.add("not-utf8")
        parameters = {_mend(name): _mend(value) for name, value in parameters.items()}
        payload = msgspec.json.encode(parameters).decode()
    kind = _kind(door, parameters)
    return Webhook(kind, payload, _key(kind, parameters), tuple(sorted(flags)), parameters)


def _read_form(data: bytes, flags: set[str]) -> _Pairs:
    if not data:
        return []
    if data.count(b"&") >= MAX_PARAMETERS:
        raise _UnreadableError(_TOO_MANY)
    try:
        return _split_form(data.decode(), errors="strict")
    except UnicodeDecodeError:
        flags.add("not-utf8")
        return _split_form(data.decode(errors="replace"), errors="replace")


def _split_form(text: str, *, errors: str) -> _Pairs:
    """What `urllib.parse.parse_qsl` gives, several times as fast where little is escaped."""
    pairs: _Pairs = []
    for piece in text.split("&"):
        if piece:
            plain = piece.replace("+", " ")
            name, _, value = plain.partition("=")
            if "%" in plain:
                name, value = unquote(name, errors=errors), unquote(value, errors=errors)
            pairs.append((name, value))
    return pairs


def _read_body(content_type: str, content_encoding: str, body: bytes, flags: set[str]) -> _Pairs:
    start = body.lstrip()[:1]
    if not start:
        return []
    if content_encoding not in {"", "identity"}:
        raise _UnreadableError("the body is compressed")
    media = content_type.partition(";")[0].strip().lower()
    if "json" in media or "javascript" in media or start == b"{":
        return _read_json(body, flags)
    if media not in {"application/x-www-form-urlencoded", "text/plain", "application/octet-stream", ""}:
        raise _UnreadableError("the body is neither form-encoded nor JSON")
    if b"=" not in body or _CONTROLS.search(body):
        raise _UnreadableError("the body is not form-encoded")
    return _read_form(body.strip(), flags)


def _read_json(body: bytes, flags: set[str]) -> _Pairs:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        flags.add("not-utf8")
        text = body.decode("utf-8-sig", "replace")
    try:
        members = _decoder.decode(text)
    except (ValueError, RecursionError):
        raise _UnreadableError("the body is not JSON") from None
    if not isinstance(members, _Members):
        raise _UnreadableError("the body is JSON, but not an object")
    if len(members) > MAX_PARAMETERS:
        raise _UnreadableError(_TOO_MANY)
    texts: list[str] = []
    pairs: _Pairs = []
    for index, (name, value) in enumerate(members):
        match value:
            case str():
                pairs.append((name, value))
            case bool():
                pairs.append((name, "true" if value else "false"))
            case None:
                continue  # A member that is null is a parameter that is not there.
            case _:
                flags.add("nested")
                texts = texts or list(_texts_of_values(text))
                pairs.append((name, texts[index]))
    return pairs


class _Members(list[tuple[str, object]]):
    """The members of a JSON object, repeated names included."""


# Numbers keep the text they have: a price is 0.03330000.
_decoder = json.JSONDecoder(object_pairs_hook=_Members, parse_int=str, parse_float=str, parse_constant=str)


def _texts_of_values(text: str) -> Iterator[str]:
    """The JSON text of every member's value, in order; of an object that was read and has members."""
    position = text.index("{")
    while text[position] != "}":
        _, position = _decoder.raw_decode(text, _past_space(text, position + 1))
        start = _past_space(text, text.index(":", position) + 1)
        _, end = _decoder.raw_decode(text, start)
        yield text[start:end]
        position = _past_space(text, end)


def _past_space(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return position if space is None else space.end()


def _unique(pairs: _Pairs, flags: set[str]) -> dict[str, str]:
    if len(pairs) > MAX_PARAMETERS:
        raise _UnreadableError(_TOO_MANY)
    parameters: dict[str, str] = {}
    for name, value in pairs:
        # No UTF-8 is longer than four octets a code point, and few values are a quarter of the limit.
        if (len(name) + len(value)) * 4 > MAX_PARAMETER_OCTETS:
            octets = len(name.encode(errors="replace")) + len(value.encode(errors="replace"))
            if octets > MAX_PARAMETER_OCTETS:
                raise _UnreadableError(f"a parameter is longer than {MAX_PARAMETER_OCTETS} octets")
        if parameters.setdefault(name, value) is not value:
            flags.add("repeated")
    return parameters


def _kind(door: str | None, parameters: dict[str, str]) -> str:
    if len(parameters) == 1 and _CHECK_VALUE.fullmatch(parameters.get(CHECK_PARAMETER, "")):
        return CHECK
    if door == "d":
        return RECEIPT
    if door == "m":
        return INBOUND
    if "status" in parameters and "messageId" in parameters:
        return INBOUND if any(name in parameters for name in _CONTENT_NAMES) else RECEIPT
    return INBOUND


def _key(kind: str, parameters: dict[str, str]) -> bytes:
    """The digest by which a repetition is known: of what identifies the webhook, else of all that stays."""
    if parameters.get("messageId"):
        names = _RECEIPT_KEY if kind == RECEIPT else _INBOUND_KEY
        parts = [parameters.get(name, "") for name in names]
        if kind == RECEIPT:
            parts[3] = parts[3].lower()
        return _digest([kind, *parts])
    stable = sorted((name, value) for name, value in parameters.items() if name not in _VOLATILE)
    return _digest([kind, "*", *(part for pair in stable for part in pair)])


def _digest(parts: Iterable[str]) -> bytes:
    return hashlib.sha256(msgspec.json.encode(list(parts))).digest()[:16]


def _unreadable(
    problem: str, door: str, method: str, query: bytes, content_type: str, body: bytes
) -> Webhook:
    payload = {
        "problem": problem,
        "content_type": content_type,
        "query": _shown(query),
        "body": _shown(body),
    }
    digests = [hashlib.sha256(octets).hexdigest() for octets in (query, body)]
    key = _digest([UNREADABLE, door, method, content_type, *digests])
    return Webhook(UNREADABLE, msgspec.json.encode(payload).decode(), key, ())


def _shown(octets: bytes) -> str:
    return octets[:_SHOWN_OF_UNREADABLE].decode(errors="replace")


def _mend(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
