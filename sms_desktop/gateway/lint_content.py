"""What the documents say about the content of each kind of message. Called by lint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never
from urllib.parse import urlsplit

from sms_desktop.encoding.segmentation import segment
from sms_desktop.encoding.segments import count
from sms_desktop.gateway.parameters import BINARY_OCTETS
from sms_desktop.gateway.providers import GatewayRules
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.findings import Finding, error, warning
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.options import TEXT_MAXIMUM
from sms_desktop.messages.wire import Route

_NEW = "SMS API 1.5.0"
_OLD = "SMS API reference (2016)"
_SURROGATE = re.compile("[\ud800-\udfff]")
_SIM_ELEMENTS = range(0x70, 0x80)
_LONGEST_CARD = 32_000
"""Octets in UTF-8: 250 parts of 128, what a part holds beside the header of its number and ports."""


def lint(message: Message, known: GatewayRules, *, route: Route, accept_loss: bool) -> Iterator[Finding]:
    """What there is to know about the content; `route` is how a WAP Push, vCard or vCal goes."""
    match message:
        case Text(text):
            yield from _text(text, accept_loss=accept_loss)
        case Unicode(text):
            yield from _unicode(text)
        case Binary() as binary:
            yield from _binary(binary)
        case WapPush() as push:
            yield from _wap_push(push, route)
            yield from _legacy(push.kind, known, route)
        case VCard(vcard):
            yield from _card(message, "vcard", vcard, "BEGIN:VCARD")
            yield from _legacy(message.kind, known, route)
        case VCal(vcal):
            yield from _card(message, "vcal", vcal, "BEGIN:VCALENDAR")
            yield from _legacy(message.kind, known, route)
        case _:
            assert_never(message)


def _text(text: str, *, accept_loss: bool) -> Iterator[Finding]:
    refused = _unfit_text(text)
    if refused is not None:
        yield refused
        return
    unsupported = segment(text, encoding="gsm7").unsupported
    if unsupported and not accept_loss:
        first = unsupported[0]
        shown = (
            f"{first.character} ({first.code_point})" if first.character.isprintable() else first.code_point
        )
        yield error(
            "text",
            f"Text: {shown} is not in GSM-7 and would arrive as ?. Send as Unicode, or replace it.",
            f"{_NEW}, text",
        )


def _unicode(text: str) -> Iterator[Finding]:
    refused = _unfit_text(text)
    if refused is not None:
        yield refused
        return
    cheapest = count(text)
    if cheapest.encoding == "gsm7" and cheapest.segment_count < (
        as_is := count(text, encoding="ucs2").segment_count
    ):
        parts = "1 part" if cheapest.segment_count == 1 else f"{cheapest.segment_count} parts"
        yield warning(
            "type",
            f"Text: no character of it needs Unicode. As Text it takes {parts}, not {as_is}.",
            f"{_OLD}, type",
        )


def _unfit_text(text: str) -> Finding | None:
    if not text:
        return error("text", "Text: nothing is written yet.", f"{_NEW}, status 2", "2")
    broken = _SURROGATE.search(text)
    if broken is not None:
        return error(
            "text",
            f"Text: character {broken.start() + 1} is half of a pair (U+{ord(broken[0]):04X}) and can't be "
            "sent. Remove it, or type the character again.",
            f"{_OLD}, text",
            "3",
        )
    if len(text) > TEXT_MAXIMUM:
        return error(
            "text",
            f"Text: {len(text):,} characters. The gateway takes at most {TEXT_MAXIMUM:,} in one message.",
            f"{_NEW}, status 12",
            "12",
        )
    return None


def _binary(binary: Binary) -> Iterator[Finding]:
    octets = len(binary.udh) + len(binary.body)
    if not octets:
        yield error("body", "body: a binary message needs a body, a udh, or both.", f"{_OLD}, type", "2")
        return
    if octets > BINARY_OCTETS:
        yield error(
            "body",
            f"body: udh and body together have {octets} octets. One binary message holds {BINARY_OCTETS}.",
            f"{_OLD}, status 12",
            "12",
        )
    if not binary.udh or not binary.body:
        missing = "body" if binary.udh else "udh"
        yield warning(
            missing,
            f"{missing}: it is empty. The document asks for udh and body, phones for less.",
            f"{_OLD}, type",
        )
    if binary.protocol_id is not None and not 0 <= binary.protocol_id <= 255:
        yield error(
            "protocol-id", f"protocol-id: {binary.protocol_id} is not 0 to 255.", f"{_OLD}, protocol-id", "3"
        )
    yield from _header(binary)


def _header(binary: Binary) -> Iterator[Finding]:
    udh = binary.udh
    if not udh:
        return
    if udh[0] != len(udh) - 1:
        yield warning(
            "udh",
            f"udh: its first octet says that {udh[0]} follow, and {len(udh) - 1} do.",
            "TS 23.040 9.2.3.24",
        )
        return
    at = 1
    while at + 1 < len(udh):
        if udh[at] in _SIM_ELEMENTS and binary.protocol_id is None:
            yield warning(
                "protocol-id",
                "protocol-id: the header is for the SIM, which is reached with protocol-id 127.",
                f"{_OLD}, protocol-id",
            )
            return
        at += 2 + udh[at + 1]


def _wap_push(push: WapPush, route: Route) -> Iterator[Finding]:
    fit = True
    for name, value in (("title", push.title), ("url", push.url)):
        if not value:
            fit = False
            yield error(name, f"{name}: it is empty. A WAP Push needs it.", f"{_OLD}, type", "2")
        elif (broken := _unfit(name, value)) is not None:
            fit = False
            yield broken
    if push.url and not _web_scheme(push.url):
        yield warning(
            "url",
            "url: it does not begin with http:// or https://, so that phones may not open it.",
            f"{_OLD}, url",
        )
    if push.validity_ms is not None and not 1 <= push.validity_ms <= 2**31 - 1:
        yield error(
            "validity",
            f"validity: {push.validity_ms} ms is out of range. It is 1 or more.",
            f"{_OLD}, validity",
            "3",
        )
    if fit:
        # What we could not build of title and address, the gateway can't either.
        yield from _unbuildable(push if route is Route.BINARY else WapPush(push.title, push.url), "title")
    own = {"created": push.created, "expires": push.expires, "action": push.action, "id": push.si_id}
    if route is Route.API:
        for name, given in own.items():
            if given is not None:
                yield error(
                    name,
                    f"{name}: the API's own WAP Push can't carry it. Leave it out, or send it as binary.",
                    f"{_OLD}, type",
                )
    elif push.validity_ms is not None:
        yield warning(
            "validity",
            "validity: it is a parameter of the API's own WAP Push, and this one is sent as binary. "
            "Give expires instead.",
            f"{_OLD}, validity",
        )


def _card(message: VCard | VCal, name: str, text: str, begin: str) -> Iterator[Finding]:
    if not text.strip():
        yield error(name, f"{name}: it is empty.", f"{_OLD}, {name}", "2")
        return
    broken = _unfit(name, text)
    if broken is not None:
        yield broken
        return
    if not text.lstrip("\ufeff \t\r\n").upper().startswith(begin):
        yield warning(name, f"{name}: it does not begin with {begin}.", f"{_OLD}, {name}")
    yield from _unbuildable(message, name)


def _unbuildable(message: WapPush | VCard | VCal, field: str) -> Iterator[Finding]:
    """What keeps our own octets from being built."""
    try:
        from sms_desktop.encoding.encode import as_binary  # not before the first paint

        as_binary(message)
    except Mendable as refused:
        yield error(refused.field or field, refused.message, f"{_OLD}, type", "3")


def _unfit(name: str, text: str) -> Finding | None:
    if len(text) > _LONGEST_CARD or len(text.encode("utf-8", "replace")) > _LONGEST_CARD:
        sentence = f"{name}: {len(text):,} characters are more than any message holds in 255 parts."
        return error(name, sentence, f"{_NEW}, status 12", "12")
    broken = _SURROGATE.search(text)
    if broken is None:
        return None
    sentence = f"{name}: character {broken.start() + 1} is half of a surrogate pair, which no text may hold."
    return error(name, sentence, f"{_OLD}, text", "3")


def _legacy(kind: Kind, known: GatewayRules, route: Route) -> Iterator[Finding]:
    if kind in known.legacy and route is Route.API:
        yield warning(
            "type",
            f"type: {kind} is no longer in this provider's document. Sent as binary, it is sure to be taken.",
            f"{_NEW}, type",
        )


def _web_scheme(url: str) -> str | None:
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return None
    return scheme if scheme in {"http", "https"} else None
