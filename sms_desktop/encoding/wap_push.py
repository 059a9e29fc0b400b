"""WAP Push: Service Indications and Service Loadings, built. Called by encode; push_reading reads them.

WAP-167 (SI 1.0) and WAP-168 (SL 1.0) as WBXML behind a WSP push PDU, for port 2948.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from sms_desktop.encoding import packed_dates, wsp
from sms_desktop.encoding.charsets import UTF_8
from sms_desktop.encoding.wbxml_tables import (
    END,
    HAS_ATTRIBUTES,
    HAS_CONTENT,
    OPAQUE,
    SERVICE_INDICATION,
    SERVICE_LOADING,
    STR_I,
    Vocabulary,
)
from sms_desktop.encoding.wsp_tables import SIC, SLC
from sms_desktop.messages.errors import Mendable

_VERSION = 0x02  # WBXML 1.2


class SiAction(StrEnum):
    """How insistently the phone shows a Service Indication, or that it forgets one (WAP-167 5.2)."""

    SIGNAL_NONE = "signal-none"
    SIGNAL_LOW = "signal-low"
    SIGNAL_MEDIUM = "signal-medium"
    SIGNAL_HIGH = "signal-high"
    DELETE = "delete"


class SlAction(StrEnum):
    """When the phone loads what a Service Loading points to (WAP-168 5.2)."""

    EXECUTE_LOW = "execute-low"
    EXECUTE_HIGH = "execute-high"
    CACHE = "cache"


@dataclass(frozen=True, slots=True)
class ServiceIndication:
    """A text with a link. `created` and `expires` are aware; what is None or "" is left out of the octets."""

    url: str
    text: str = ""
    created: datetime | None = None
    expires: datetime | None = None
    action: SiAction | None = None
    si_id: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceLoading:
    """A link that the phone opens by itself."""

    url: str
    action: SlAction | None = None


Push = ServiceIndication | ServiceLoading


# What a person calls the attribute: the API's own name where it has one.
_FIELDS = {"href": "url", "created": "created", "si-expires": "expires", "action": "action", "si-id": "id"}


def encode_push(push: Push, *, tid: int = 1) -> bytes:
    """The octets behind the user data header: WSP push PDU, then WBXML 1.2 in UTF-8.

    `tid` is the transaction identifier, one octet. Raises Mendable, with the field, for an empty url (but
    where a `delete` names an id), for a NUL or half a surrogate pair in a text, for a date without a time
    zone or outside the years 1 to 9999 of UTC, and for a `tid` above 255.
    """
    if not 0 <= tid <= 0xFF:
        raise Mendable(f"The transaction identifier is {tid}; it is 0 to 255.", field="transaction-id")
    match push:
        case ServiceIndication():
            return wsp.push_header(tid, SIC) + encode_service_indication(_attributes_of(push), push.text)
        case ServiceLoading():
            attributes = [("href", _required(push.url))]
            if push.action is not None:
                attributes.append(("action", push.action))
            return wsp.push_header(tid, SLC) + encode_service_loading(attributes)
        case _:
            assert_never(push)


def encode_service_indication(attributes: Sequence[tuple[str, str]], text: str) -> bytes:
    """The WBXML of a Service Indication whose `indication` has these attributes, in this order.

    Dates are written `YYYY-MM-DDThh:mm:ssZ`. Raises Mendable as `encode_push` does, and for an attribute or a
    value that the document type does not have.
    """
    written = _attributes(SERVICE_INDICATION, attributes)
    _refuse(text, "title")
    held = _string(text) if text else b""
    tags = SERVICE_INDICATION.tag_tokens
    return b"".join(
        (
            _prologue(SERVICE_INDICATION),
            bytes((tags["si"] | HAS_CONTENT,)),
            _tag(tags["indication"], has_attributes=bool(written), has_content=bool(held)),
            written,
            held and held + bytes((END,)),
            bytes((END,)),
        )
    )


def encode_service_loading(attributes: Sequence[tuple[str, str]]) -> bytes:
    """The WBXML of a Service Loading with these attributes, in this order. Raises as its sibling does."""
    written = _attributes(SERVICE_LOADING, attributes)
    tag = _tag(SERVICE_LOADING.tag_tokens["sl"], has_attributes=bool(written), has_content=False)
    return _prologue(SERVICE_LOADING) + tag + written


def _attributes_of(push: ServiceIndication) -> list[tuple[str, str]]:
    # The order in which WAP-167 8.2 declares them, and its example writes them.
    attributes = []
    if push.url or not (push.action is SiAction.DELETE and push.si_id):
        attributes.append(("href", _required(push.url)))
    if push.si_id:
        attributes.append(("si-id", push.si_id))
    for name, field, moment in (
        ("created", "created", push.created),
        ("si-expires", "expires", push.expires),
    ):
        if moment is not None:
            attributes.append((name, _notation(moment, field)))
    if push.action is not None:
        attributes.append(("action", push.action))
    return attributes


def _required(url: str) -> str:
    if not url:
        raise Mendable("A WAP Push needs an address to open.", field="url")
    return url


def _notation(moment: datetime, field: str) -> str:
    if moment.tzinfo is None:
        raise Mendable(f"The date in {field} has no time zone.", field=field)
    try:
        return packed_dates.text_of(moment)
    except OverflowError:
        raise Mendable(f"The date in {field} lies outside the years 1 to 9999 of UTC.", field=field) from None


def _prologue(vocabulary: Vocabulary) -> bytes:
    return bytes((_VERSION, vocabulary.public_identifier, UTF_8, 0))


def _tag(token: int, *, has_attributes: bool, has_content: bool) -> bytes:
    bits = HAS_ATTRIBUTES * has_attributes | HAS_CONTENT * has_content
    return bytes((token | bits,))


def _attributes(vocabulary: Vocabulary, attributes: Sequence[tuple[str, str]]) -> bytes:
    """An attribute list with its END, or nothing."""
    names = [name for name, _ in attributes]
    for name in names:
        if name not in vocabulary.start_tokens:
            raise Mendable(f"{vocabulary.title} has no attribute {name}.", field=_FIELDS.get(name, name))
        if names.count(name) > 1:
            raise Mendable(f"The attribute {name} is given twice.", field=_FIELDS.get(name, name))
    written = [_attribute(vocabulary, name, value) for name, value in attributes]
    return b"".join((*written, bytes((END,)))) if written else b""


def _attribute(vocabulary: Vocabulary, name: str, value: str) -> bytes:
    field = _FIELDS.get(name, name)
    starts = vocabulary.start_tokens[name]
    if name in vocabulary.dates:
        packed = _packed(value, field)
        return bytes((starts[0][1], OPAQUE, len(packed))) + packed
    if starts[-1][0]:  # every start carries a value: an enumeration
        for known, token in starts:
            if value == known:
                return bytes((token,))
        raise Mendable(f"{value} is not an action of {vocabulary.title}.", field=field)
    _refuse(value, field)
    beginning, token = next(one for one in starts if value.startswith(one[0]))
    return bytes((token,)) + _value(vocabulary, value[len(beginning) :])


def _value(vocabulary: Vocabulary, text: str) -> bytes:
    """Inline strings, and a token wherever the text has one of the values."""
    tokens = {known: bytes((token,)) for token, known in vocabulary.values.items()}
    # An odd number of pieces: every second one is a value, the others stand between values and may be empty.
    pieces = re.split(f"({'|'.join(map(re.escape, tokens))})", text)
    return b"".join(tokens.get(piece) or _string(piece) for piece in pieces if piece)


def _string(text: str) -> bytes:
    return bytes((STR_I,)) + text.encode() + b"\0"


def _refuse(text: str, field: str) -> None:
    """Raise Mendable for what an inline string in UTF-8 can't hold."""
    if "\0" in text:
        position = text.index("\0") + 1
        raise Mendable(f"Character {position} of {field} is NUL, which ends a text in WBXML.", field=field)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        position = error.start + 1
        raise Mendable(f"Character {position} of {field} is only half of a character.", field=field) from None


def _packed(notation: str, field: str) -> bytes:
    try:
        return packed_dates.pack(datetime.strptime(notation, "%Y-%m-%dT%H:%M:%S%z"))
    except (ValueError, OverflowError):
        raise Mendable(f"The date in {field} is not of the form YYYY-MM-DDThh:mm:ssZ.", field=field) from None
