"""What stands in a bubble in place of a message that is no text: an icon, a title, and a line about it.

Called by layout, words and menu. Reads no more than the beginning of a content, so that it is quick for any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.wire import Route
from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.compose.kind_tabs import kind_word
from sms_desktop.ui.conversations.content_words import name_in

_READ = 4_096  # octets or characters of a content
_PREVIEW = 6  # octets
_LONGEST = 120  # characters of a title or an address
_VERSION = re.compile(r"^VERSION:\s*([\d.]{1,5})\s*$", re.IGNORECASE | re.MULTILINE)
_TINTS = {Kind.VCARD: 0, Kind.VCAL: 1, Kind.WAPPUSH: 2, Kind.BINARY: 3}
_PORTS = {Kind.VCARD: 9204, Kind.VCAL: 9205, Kind.WAPPUSH: 2948}


@dataclass(frozen=True, slots=True)
class Card:
    """A content that is no text: its icon and tint (from 0), its title, and the line under that."""

    icon: str
    tint: int
    title: str
    caption: str

    @property
    def spoken(self) -> str:
        """The same as one sentence."""
        return f"{self.title}, {self.caption.replace(' · ', ', ')}"


def card_of(row: MessageRow) -> Card | None:
    """The card of a message; None for a text, and where the content is not there as a whole."""
    if row.kind in (Kind.TEXT, Kind.UNICODE) or row.content is None:
        return None
    return _card(row.kind, row.text, row.content, row.parts_total)


def copied(row: MessageRow) -> str:
    """What Copy takes of a message: its text; of octets the text that they hold, else hexadecimal."""
    found = _restored(row.kind, row.text, row.content) if row.content is not None else None
    match found:
        case (Binary(udh, body, _), _):
            from sms_desktop.encoding.hexadecimal import spaced
            from sms_desktop.encoding.inspect import inspect_user_data

            content = inspect_user_data(udh=udh or None, body=body).content if len(body) <= _READ else None
            if content is not None and content.type in ("vcard", "vcal"):
                return content.as_dict()["text"] or ""
            return " ".join(spaced(octets) for octets in (udh, body) if octets)
        case _:
            return row.text


@lru_cache(maxsize=512)
def _card(kind: Kind, text: str, content: str, parts: int) -> Card | None:
    found = _restored(kind, text, content)
    if found is None:
        return None
    message, route = found
    match message:
        case VCard(said) | VCal(said):
            return _of(
                kind,
                _short(name_in(said)),
                _words(kind, said),
                route,
                len(said.encode("utf-8", "replace")),
                parts,
            )
        case WapPush(title, url):
            caption = _joined(kind_word(kind), _short(url), *_way(kind, route), *_parts(parts))
            return Card("kind-wappush", _TINTS[kind], _short(title) or kind_word(kind), caption)
        case Binary(udh, body, _):
            return _of_octets(udh, body, parts)
        case Text() | Unicode():
            return None


def _restored(kind: Kind, text: str, content: str | None) -> tuple[Message, Route | None] | None:
    from sms_desktop.services.contents import restored

    try:
        return restored(kind, text, content)
    except SmsDesktopError:
        return None


def _of(kind: Kind, title: str, words: str, route: Route | None, octets: int, parts: int) -> Card:
    caption = _joined(words, *_way(kind, route), _octets(octets), *_parts(parts))
    return Card(f"kind-{kind.value}", _TINTS[kind], title or kind_word(kind), caption)


def _of_octets(udh: bytes, body: bytes, parts: int) -> Card:
    from sms_desktop.encoding import ports
    from sms_desktop.encoding.inspect import inspect_user_data

    found = inspect_user_data(udh=udh[:256] or None, body=body[:_READ])
    header = found.header.ports if found.header else None
    size = _octets(len(body)) if not udh else _sizes(len(udh), len(body))
    port = ""
    known = None
    if header is not None:
        known = ports.WELL_KNOWN.get(header.destination)
        port = _tr("port %1").replace("%1", str(header.destination))
    content = found.content
    tail = (port, size, *_parts(parts))
    binary = kind_word(Kind.BINARY)
    match content.as_dict() if content else {}:
        case {"type": "vcard" | "vcal" as type_, "text": str(said)}:
            kind = Kind(type_)
            words = _words(kind, said)
            return Card(
                f"kind-{kind.value}",
                _TINTS[kind],
                _short(name_in(said)) or words,
                _joined(words, binary, *tail),
            )
        case {"href": href, "text": title}:
            words = _joined(kind_word(Kind.WAPPUSH), _short(href or ""), binary, *tail)
            shown = _short(title or "") or _short(href or "") or kind_word(Kind.WAPPUSH)
            return Card("kind-wappush", _TINTS[Kind.WAPPUSH], shown, words)
    if known is not None:
        title = f"{known.name[0].upper()}{known.name[1:]}"
    elif header is not None:
        title = _tr("Data for port %1").replace("%1", str(header.destination))
        tail = (size, *_parts(parts))
    else:
        title = _tr("Binary data")
    return Card("kind-binary", _TINTS[Kind.BINARY], title, _joined(binary, *tail, _preview(body)))


def _words(kind: Kind, said: str) -> str:
    version = _VERSION.search(said[:_READ])
    return f"{kind_word(kind)} {version[1]}" if version else kind_word(kind)


def _way(kind: Kind, route: Route | None) -> tuple[str, ...]:
    """How it went, where that was chosen: as octets of ours to a port."""
    if route is not Route.BINARY:
        return ()
    return _tr("as binary"), _tr("port %1").replace("%1", str(_PORTS[kind]))


def _preview(body: bytes) -> str:
    if not body:
        return ""
    return body[:_PREVIEW].hex(" ").upper() + (" …" if len(body) > _PREVIEW else "")


def _octets(number: int) -> str:
    return QCoreApplication.translate("Card", "%n octet(s)", "", number)


def _sizes(header: int, body: int) -> str:
    return _tr("%1 header + %2 body octets").replace("%1", str(header)).replace("%2", str(body))


def _parts(number: int) -> tuple[str, ...]:
    return (QCoreApplication.translate("Card", "%n part(s)", "", number),) if number > 1 else ()


def _short(words: str) -> str:
    line = one_line(words[:_READ])
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _joined(*words: str) -> str:
    return " · ".join(each for each in words if each)


def _tr(words: str) -> str:
    return QCoreApplication.translate("Card", words)
