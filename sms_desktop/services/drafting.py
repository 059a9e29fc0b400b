"""From what was typed to what is meant, and back. Called by ui and cli.

A draft holds every field as typed; here it becomes a message with its options, or the sentences that say what
is wrong with which field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar, assert_never

from sms_desktop.encoding import hexadecimal
from sms_desktop.messages import durations
from sms_desktop.messages.drafts import MAIN_FIELD, OPTION_FIELDS, Draft, pane_of
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.findings import Finding, error
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.options import Options
from sms_desktop.messages.wire import Route

T = TypeVar("T")

_SWITCH = {"on": True, "off": False}
_DOCUMENT = "as it is typed"


@dataclass(frozen=True, slots=True)
class Written:
    """What a draft means. `problems` are the fields that can't be read, each taken as absent."""

    message: Message
    options: Options
    route: Route | None
    sender: str | None
    problems: tuple[Finding, ...]


class _Reader:
    """Reads the fields of a draft one by one, and keeps what was wrong with them."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self.problems: list[Finding] = []

    def given(self, name: str, parse: Callable[[str], T]) -> T | None:
        """The value of a field; None where nothing is typed, or nothing that can be read."""
        main = name == MAIN_FIELD[self._draft.kind]
        typed = self._draft.text if main else self._draft.fields.get(name, "")
        if not typed.strip():
            return None
        try:
            return parse(typed)
        except Mendable as refused:
            self.problems.append(error(name, refused.message, _DOCUMENT))
            return None

    def duration(self, name: str) -> int | None:
        """Milliseconds."""
        return self.given(name, lambda typed: durations.parse(typed, field=name))

    def number(self, name: str) -> int | None:
        """A whole number."""
        return self.given(name, lambda typed: _number(typed, name))

    def unwritten(self) -> None:
        """What stands in the form of a card and is not in the card: it would not be sent."""
        for name in unwritten(self._draft):
            sentence = f"{name}: what is typed there is not in the card. Mend it, or empty the field."
            self.problems.append(error(name, sentence, _DOCUMENT))

    def switch(self, name: str) -> bool | None:
        """On or off."""
        return self.given(name, lambda typed: _switched(typed, name))

    def octets(self, name: str) -> bytes:
        """Hexadecimal."""
        return self.given(name, lambda typed: hexadecimal.parse(typed, field=name)) or b""

    def moment(self, name: str) -> datetime | None:
        """A date and time; UTC where no zone is given."""
        return self.given(name, lambda typed: _moment(typed, name))


def read(draft: Draft) -> Written:
    """What a draft means, with the fields that can't be read as problems. Never raises."""
    reader = _Reader(draft)
    message = _message(draft, reader)
    options = Options(
        ttl=reader.duration("ttl"),
        callback=reader.given("callback", str.strip),
        message_class=reader.number("message-class"),
        client_ref=reader.given("client-ref", str),
        status_report=reader.switch("status-report-req"),
        account_ref=reader.given("account-ref", str),
        entity_id=reader.given("entity-id", str),
        content_id=reader.given("content-id", str),
        trusted_number=reader.switch("trusted-number"),
        pool_id=reader.given("pool-id", str),
    )
    return Written(
        message, options, reader.given("as", _route), draft.fields.get("from"), tuple(reader.problems)
    )


def unwritten(draft: Draft) -> dict[str, str]:
    """What is typed in the form of a card and can't be written into it, by field."""
    kept = draft.fields.get("typed")
    if not kept:
        return {}
    import json  # seldom: not before the first paint

    try:
        found = json.loads(kept)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def message_of(draft: Draft) -> Message:
    """The message of a draft. Raises Mendable with the first field that can't be read."""
    written = read(draft)
    if written.problems:
        first = written.problems[0]
        raise Mendable(first.sentence, field=first.field)
    return written.message


def draft_of(
    message: Message, options: Options | None = None, *, route: Route | None = None, sender: str | None = None
) -> Draft:
    """The draft that means this message: what Undo, Edit and Save as template bring back."""
    text, fields = _fields(message)
    options = options or Options()
    fields |= {
        "as": None if route is None else route.value,
        "from": sender,
        "ttl": None if options.ttl is None else durations.say(options.ttl),
        "callback": options.callback,
        "message-class": None if options.message_class is None else str(options.message_class),
        "client-ref": options.client_ref,
        "status-report-req": _switch(options.status_report),
        "account-ref": options.account_ref,
        "entity-id": options.entity_id,
        "content-id": options.content_id,
        "trusted-number": _switch(options.trusted_number),
        "pool-id": options.pool_id,
    }
    return Draft(message.kind, text, {name: value for name, value in fields.items() if value})


def carried(draft: Draft, kind: Kind) -> Draft:
    """What of a draft can be carried into the pane of another kind: its words, and its options."""
    options = {name: value for name, value in draft.fields.items() if name in OPTION_FIELDS}
    if pane_of(kind) is pane_of(draft.kind):
        return Draft(kind, draft.text, draft.fields)
    words = _words(draft)
    match kind:
        case Kind.TEXT | Kind.UNICODE:
            return Draft(kind, words, options)
        case Kind.WAPPUSH:
            return Draft(kind, " ".join(words.split()), options)
        case Kind.BINARY | Kind.VCARD | Kind.VCAL:
            return Draft(kind, "", options)
        case _:
            assert_never(kind)


def _words(draft: Draft) -> str:
    match draft.kind:
        case Kind.TEXT | Kind.UNICODE:
            return draft.text
        case Kind.WAPPUSH:
            return "\n".join(each for each in (draft.text, draft.fields.get("url", "")) if each)
        case Kind.BINARY | Kind.VCARD | Kind.VCAL:
            return ""
        case _:
            assert_never(draft.kind)


def _message(draft: Draft, reader: _Reader) -> Message:
    kind = draft.kind
    match kind:
        case Kind.TEXT:
            return Text(draft.text)
        case Kind.UNICODE:
            return Unicode(draft.text)
        case Kind.BINARY:
            udh, body = reader.octets("udh"), reader.octets("body")
            return Binary(udh, body, reader.number("protocol-id"))
        case Kind.WAPPUSH:
            # What the chosen route can't carry is kept as typed, and means nothing.
            ours, theirs = (draft.fields.get("as") != route for route in (Route.API, Route.BINARY))
            return WapPush(
                draft.text,
                draft.fields.get("url", "").strip(),
                validity_ms=reader.duration("validity") if theirs else None,
                created=reader.moment("created") if ours else None,
                expires=reader.moment("expires") if ours else None,
                action=reader.given("action", str.strip) if ours else None,
                si_id=reader.given("id", str) if ours else None,
            )
        case Kind.VCARD:
            reader.unwritten()
            return VCard(draft.text)
        case Kind.VCAL:
            reader.unwritten()
            return VCal(draft.text)
        case _:
            assert_never(kind)


def _fields(message: Message) -> tuple[str, dict[str, str | None]]:
    match message:
        case Text(text) | Unicode(text):
            return text, {}
        case Binary(udh, body, protocol_id):
            number = None if protocol_id is None else str(protocol_id)
            return hexadecimal.spaced(body), {"udh": hexadecimal.spaced(udh), "protocol-id": number}
        case WapPush():
            return message.title, {
                "url": message.url,
                "validity": None if message.validity_ms is None else durations.say(message.validity_ms),
                "created": None if message.created is None else message.created.isoformat(),
                "expires": None if message.expires is None else message.expires.isoformat(),
                "action": message.action,
                "id": message.si_id,
            }
        case VCard(vcard):
            return vcard, {}
        case VCal(vcal):
            return vcal, {}
        case _:
            assert_never(message)


def _number(typed: str, field: str) -> int:
    if not typed.strip().isdecimal() or len(typed) > 9:
        raise Mendable(f"{field}: {typed.strip()[:20]!r} is not a number.", field=field)
    return int(typed)


def _switched(typed: str, field: str) -> bool:
    if typed.strip() not in _SWITCH:
        raise Mendable(f"{field}: it is on or off, not {typed.strip()[:20]!r}.", field=field)
    return _SWITCH[typed.strip()]


def _switch(value: bool | None) -> str | None:
    return None if value is None else "on" if value else "off"


def _route(typed: str) -> Route:
    try:
        return Route(typed)
    except ValueError:
        raise Mendable(f"as: it is {' or '.join(Route)}, not {typed[:20]!r}.", field="as") from None


def _moment(typed: str, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(typed.strip())
    except ValueError as unreadable:
        raise Mendable(
            f"{field}: {typed.strip()[:40]!r} is not a date and time. Write it as 2026-11-21T18:30:00Z.",
            field=field,
        ) from unreadable
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
