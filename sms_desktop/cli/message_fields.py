"""The fields of each kind of message on the command line. Used by send and encode."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, assert_never

import click

from sms_desktop.cli.output import read_text_argument
from sms_desktop.encoding import hexadecimal
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush

_FIELDS = {
    Kind.TEXT: ("text", "national"),
    Kind.UNICODE: ("text",),
    Kind.BINARY: ("udh", "body", "protocol_id"),
    Kind.WAPPUSH: ("title", "url", "validity", "created", "expires", "action", "id"),
    Kind.VCARD: ("vcard",),
    Kind.VCAL: ("vcal",),
}
_REQUIRED = {
    Kind.TEXT: ("text",),
    Kind.UNICODE: ("text",),
    Kind.BINARY: (),
    Kind.WAPPUSH: ("title", "url"),
    Kind.VCARD: ("vcard",),
    Kind.VCAL: ("vcal",),
}


def values_of(kind: Kind, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that were given, with what was read from standard input.

    Raises UsageError for a field that the kind does not have, and for one that it needs.
    """
    values = {name: value for name, value in given.items() if value is not None}
    for name in values:
        if name not in _FIELDS[kind]:
            owners = " or ".join(other.value for other in Kind if name in _FIELDS[other])
            raise click.UsageError(f"{_option(name)} belongs to {owners}, not to {kind.value}.")
    missing = [_option(name) for name in _REQUIRED[kind] if name not in values]
    if missing:
        raise click.UsageError(f"{kind.value} needs {' and '.join(missing)}.")
    if list(values.values()).count("-") > 1:
        raise click.UsageError("Standard input can be read once: one value may be -.")
    return {
        name: read_text_argument(value, field=name) if isinstance(value, str) else value
        for name, value in values.items()
    }


def with_preset(
    kind: Kind, given: Mapping[str, Any], preset: str | None, message_class: int | None
) -> tuple[dict[str, Any], int | None]:
    """The fields and the class that were given; what was not is the sample payload's, if one is named.

    Raises UsageError for a kind that takes none, and Mendable for a payload that does not exist.
    """
    if preset is None:
        return dict(given), message_class
    if kind is not Kind.BINARY:
        raise click.UsageError(f"--preset belongs to binary, not to {kind.value}.")
    from sms_desktop.services import payloads

    payload = payloads.named(preset)
    sample = {
        "udh": hexadecimal.show(payload.udh),
        "body": hexadecimal.show(payload.body),
        "protocol_id": payload.protocol_id,
    }
    fields = {**given, **{name: value for name, value in sample.items() if given.get(name) is None}}
    return fields, payload.message_class if message_class is None else message_class


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def message_of(kind: Kind, values: Mapping[str, Any]) -> Message:
    """The message of these fields. Raises Mendable for digits or a date that can't be read."""
    match kind:
        case Kind.TEXT:
            return Text(values["text"])
        case Kind.UNICODE:
            return Unicode(values["text"])
        case Kind.BINARY:
            udh, body = (hexadecimal.parse(values.get(name, ""), field=name) for name in ("udh", "body"))
            return Binary(udh, body, values.get("protocol_id"))
        case Kind.WAPPUSH:
            return WapPush(
                values["title"],
                values["url"],
                validity_ms=values.get("validity"),
                created=_moment(values.get("created"), "created"),
                expires=_moment(values.get("expires"), "expires"),
                action=values.get("action"),
                si_id=values.get("id"),
            )
        case Kind.VCARD:
            return VCard(values["vcard"])
        case Kind.VCAL:
            return VCal(values["vcal"])
        case _:
            assert_never(kind)


def _moment(text: str | None, field: str) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Mendable(
            f"{field}: {text!r} is not a date and time. Write it as 2026-11-21T18:30:00Z.", field=field
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
