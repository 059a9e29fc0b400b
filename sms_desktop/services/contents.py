"""What a message holds, as the store keeps it and as the requests that it takes. Called by outbox, delivery.

A text is its own body. Of the other kinds the body is what a person would search for, and the content itself
is JSON beside it.
"""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from typing import Any, assert_never

from sms_desktop.encoding.segments import count, with_line_feeds
from sms_desktop.messages.errors import OurFault
from sms_desktop.messages.ids import MessageId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import Route


def body_of(message: Message) -> str:
    """What the list of messages shows and a search finds; for a text, the text as it is counted and sent."""
    match message:
        case Text(text) | Unicode(text):
            return with_line_feeds(text)
        case Binary(udh, body, _):
            return " ".join(octets.hex().upper() for octets in (udh, body) if octets)
        case WapPush(title, url):
            return f"{title}\n{url}"
        case VCard(vcard):
            return vcard
        case VCal(vcal):
            return vcal
        case _:
            assert_never(message)


def kept(message: Message, route: Route | None) -> str | None:
    """The content as JSON, with how it goes; None for a text, whose body says all."""
    match message:
        case Text() | Unicode():
            return None
        case Binary(udh, body, protocol_id):
            fields: dict[str, Any] = {"udh": udh.hex(), "body": body.hex(), "protocol_id": protocol_id}
        case WapPush():
            fields = {
                "title": message.title,
                "url": message.url,
                "validity_ms": message.validity_ms,
                "created": _written(message.created),
                "expires": _written(message.expires),
                "action": message.action,
                "si_id": message.si_id,
            }
        case VCard(vcard):
            fields = {"vcard": vcard}
        case VCal(vcal):
            fields = {"vcal": vcal}
        case _:
            assert_never(message)
    return json.dumps({**fields, "as": route}, ensure_ascii=False)


def restored(kind: Kind, body: str, content: str | None) -> tuple[Message, Route | None]:
    """The message that was kept, and how it goes. Raises OurFault for what was not written by `kept`."""
    match kind:
        case Kind.TEXT:
            return Text(body), None
        case Kind.UNICODE:
            return Unicode(body), None
    try:
        fields = json.loads(content or "")
        route = None if fields["as"] is None else Route(fields["as"])
        return _from_fields(kind, fields), route
    except (ValueError, KeyError, TypeError) as error:
        raise OurFault(f"A {kind} message was kept without its content.") from error


def requests_of(
    message: Message, route: Route | None, provider: Provider, identity: MessageId | None = None
) -> tuple[Message, ...]:
    """What each request of a message carries, in order: one, or one a part where its octets are built here.

    The parts share a reference number that follows from `identity`, so that it is the same at every try.
    Raises Mendable for what can't be built.
    """
    from sms_desktop.gateway.providers import rules  # not before the first paint

    match message:
        case WapPush() | VCard() | VCal() if (route or rules(provider).route) is Route.BINARY:
            reference = zlib.crc32((identity or "").encode()) & 0xFF
            from sms_desktop.encoding.encode import as_binary  # not before the first paint

            return as_binary(message, reference_number=reference)
        case _:
            return (message,)


def parts_of(message: Message, requests: int) -> int:
    """How many parts a message takes, as far as is known before it is sent."""
    match message:
        case Text(text):
            return count(text, encoding="gsm7").segment_count
        case Unicode(text):
            return count(text, encoding="ucs2").segment_count
        case Binary():
            return 1
        case WapPush() | VCard() | VCal():
            # The API's own type: nothing says how the gateway builds it, so that ours is the estimate.
            from sms_desktop.encoding.encode import as_binary  # not before the first paint

            return requests if requests > 1 else len(as_binary(message))
        case _:
            assert_never(message)


def _from_fields(kind: Kind, fields: dict[str, Any]) -> Message:
    match kind:
        case Kind.BINARY:
            udh, body = bytes.fromhex(fields["udh"]), bytes.fromhex(fields["body"])
            return Binary(udh, body, fields["protocol_id"])
        case Kind.WAPPUSH:
            return WapPush(
                fields["title"],
                fields["url"],
                fields["validity_ms"],
                created=_read(fields["created"]),
                expires=_read(fields["expires"]),
                action=fields["action"],
                si_id=fields["si_id"],
            )
        case Kind.VCARD:
            return VCard(fields["vcard"])
        case Kind.VCAL:
            return VCal(fields["vcal"])
        case _:
            raise ValueError(kind)


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
