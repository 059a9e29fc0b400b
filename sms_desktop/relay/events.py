"""What travels between a relay and its readers. Called by relay.client and the relay server."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec

MAX_PAGE_OCTETS = 8 * 1024 * 1024
"""A page longer than this is not read; a relay keeps its pages to half of it."""
MAX_PAGE_EVENTS = 1000
MAX_WAIT_SECONDS = 55.0

RECEIPT: Literal["receipt"] = "receipt"
INBOUND: Literal["inbound"] = "inbound"
UNREADABLE: Literal["unreadable"] = "unreadable"
CHECK: Literal["check"] = "check"
"""A console's own webhook, by which it sees that what is sent to an address comes to its stream."""
CHECK_PARAMETER = "relay-check"
ERASED: Literal["erased"] = "erased"
"""What was here was erased for a person's privacy."""

_LARGEST = 2**63 - 1
_EPOCH = re.compile(r"[0-9a-f]{16}")
_CURSOR = re.compile(r"1\.([0-9a-f]{16})\.(0|[1-9][0-9]{0,18})")
_STREAM_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_INGEST_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_READER_TOKEN = re.compile(r"smsr_[A-Za-z0-9_-]{43}")


class WireError(ValueError):
    """A page or a cursor is not what the protocol says; the text says where."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in a stream: everything up to and including `seq` has been taken.

    `epoch` is 16 hexadecimal digits that name one life of the log (a restored log begins another); `seq`
    counts from 1 without holes, 0 is the position before the first event. As text `1.<epoch>.<seq>`.
    """

    epoch: str
    seq: int

    def __post_init__(self) -> None:
        if not _EPOCH.fullmatch(self.epoch) or not 0 <= self.seq <= _LARGEST:
            raise WireError("a cursor is an epoch of 16 hexadecimal digits and a sequence number of 63 bits")

    def __str__(self) -> str:
        return f"1.{self.epoch}.{self.seq}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read `1.<epoch>.<seq>`; raises WireError for anything else."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            raise WireError("a cursor looks like 1.<16 hexadecimal digits>.<number>")
        return cls(match[1], int(match[2]))


_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Sequence = Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One webhook, as the relay keeps it.

    `kind` is receipt, inbound, unreadable, check or erased (one of a later version is kept and shown raw);
    `id` depends on what came, so it stays the same when a log is restored or its epoch rotated;
    `received_at` is the relay's clock, UTC with microseconds; `signature` is valid, invalid, absent or
    unconfigured; `duplicates` counts the repetitions received so far. `payload` holds the webhook's
    parameters as text; for an unreadable one `problem`, and what could be kept of it; for an erased one
    nothing. `flags` say what was odd about it.
    """

    seq: Annotated[int, msgspec.Meta(ge=1, le=_LARGEST)]
    id: _Name
    stream: _Name
    kind: _Name
    received_at: Annotated[datetime, msgspec.Meta(tz=True)]
    signature: _Name
    duplicates: _Sequence
    payload: Annotated[dict[str, str], msgspec.Meta(max_length=256)]
    flags: Annotated[tuple[_Name, ...], msgspec.Meta(max_length=32)] = ()


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A run of events of one stream, in order of `seq`.

    `next` is the cursor to ask with once these events are stored; `oldest` is the lowest sequence number
    still kept, or `head` + 1 when none is. `has_more`: more are there now. `poll_after_ms`: pause so long
    before asking again.
    """

    stream: _Name
    epoch: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}$")]
    events: Annotated[list[Event], msgspec.Meta(max_length=MAX_PAGE_EVENTS)]
    next: Annotated[str, msgspec.Meta(max_length=64)]
    head: _Sequence
    oldest: _Sequence
    has_more: bool
    poll_after_ms: Annotated[int, msgspec.Meta(ge=0, le=3_600_000)]

    @property
    def cursor(self) -> Cursor:
        """`next`, read."""
        return Cursor.parse(self.next)

    @property
    def behind(self) -> int:
        """How many events the relay holds beyond this page: how far a reader lags that has stored it."""
        return max(self.head - self.cursor.seq, 0)


class _EventOnWire(msgspec.Struct, omit_defaults=True):
    seq: int
    id: str
    stream: str
    kind: str
    received_at: str
    signature: str
    duplicates: int
    payload: dict[str, str]
    flags: tuple[str, ...] = ()


class _PageOnWire(msgspec.Struct):
    stream: str
    epoch: str
    events: list[_EventOnWire]
    next: str
    head: int
    oldest: int
    has_more: bool
    poll_after_ms: int


_page_encoder = msgspec.json.Encoder()
_page_decoder = msgspec.json.Decoder(Page)


def rfc3339(moment: datetime) -> str:
    """UTC with all six digits of the microseconds, for example `2026-01-31T09:30:00.000000Z`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def encode_page(page: Page) -> bytes:
    """A page as JSON."""
    events = [
        _EventOnWire(
            event.seq,
            event.id,
            event.stream,
            event.kind,
            rfc3339(event.received_at),
            event.signature,
            event.duplicates,
            event.payload,
            event.flags,
        )
        for event in page.events
    ]
    return _page_encoder.encode(
        _PageOnWire(
            page.stream,
            page.epoch,
            events,
            page.next,
            page.head,
            page.oldest,
            page.has_more,
            page.poll_after_ms,
        )
    )


def parse_page(data: bytes) -> Page:
    """Read a page and check it: types, sizes, events in rising order, `next` not before the last of them.

    Raises WireError whatever the octets are. Unknown members are ignored.
    """
    if len(data) > MAX_PAGE_OCTETS:
        raise WireError(f"longer than {MAX_PAGE_OCTETS} octets")
    try:
        page = _page_decoder.decode(data)
        position = page.cursor
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise WireError(str(error)) from error
    last = 0
    for event in page.events:
        if event.seq <= last or event.stream != page.stream:
            raise WireError(f"event {event.seq} is out of order or of another stream")
        last = event.seq
    if position.epoch != page.epoch or position.seq < last:
        raise WireError("`next` does not follow the last event")
    return page


def is_stream_name(text: str) -> bool:
    """True for 1 to 64 letters, digits, dots, hyphens and underscores, the first a letter or digit."""
    return _STREAM_NAME.fullmatch(text) is not None


def new_ingest_token() -> str:
    """128 random bits as 22 characters: short, since a callback address may have 100 characters in all."""
    return base64.urlsafe_b64encode(os.urandom(16)).rstrip(b"=").decode("ascii")


def new_reader_token() -> str:
    """256 random bits behind the prefix `smsr_`, by which secret scanners know it."""
    return "smsr_" + base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode("ascii")


def is_ingest_token(text: str) -> bool:
    """True if this has the form of an ingest token."""
    return _INGEST_TOKEN.fullmatch(text) is not None


def is_reader_token(text: str) -> bool:
    """True if this has the form of a reader token."""
    return _READER_TOKEN.fullmatch(text) is not None
