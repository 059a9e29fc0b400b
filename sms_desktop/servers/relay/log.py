"""What an event log is: values, errors, the protocol of stores. Called by writer, read_api and tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sms_desktop.messages.errors import Mendable, TryLater
from sms_desktop.relay.events import Event
from sms_desktop.servers.relay.signatures import NO_SIGNATURES, SigningRule

READ, ADMIN = "read", "admin"
"""What a reader token may do: read, or also erase."""


class LogUnusable(Mendable):
    """The place given for the log holds none that this version can use; `field` is `log`."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, field="log", hint=hint)


class StoreFailing(TryLater):
    """The store can't do this now (disk full, locked, unreachable). Nothing of it was stored."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One webhook, read and about to be stored in the stream `stream_id`.

    `key` is the digest of 16 octets by which a repetition is known. `payload` is JSON, a flat object of
    strings. `received_us` is the wall clock in microseconds since 1970 UTC, `monotonic_us` a clock that
    never goes back. The rest is what came over the wire: `query` and `body` as octets, `headers` JSON of
    the few that are kept, `peer` the address. `flags` are words divided by spaces.
    """

    stream_id: int
    kind: str
    key: bytes
    payload: str = field(repr=False)
    received_us: int
    monotonic_us: int
    method: str
    query: bytes = field(repr=False)
    body: bytes = field(repr=False)
    content_type: str
    headers: str = field(repr=False)
    peer: str
    flags: str
    signature: str = "unconfigured"

    @property
    def octets(self) -> int:
        """What it counts for in the size of its stream."""
        return len(self.payload) + len(self.query) + len(self.body)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an arrival stands in its stream: a number of its own, or that of the event which it repeats."""

    seq: int
    new: bool


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A consumer has stored everything up to `seq`."""

    stream_id: int
    consumer: str
    token_id: str
    seq: int
    at_us: int


@dataclass(frozen=True, slots=True)
class ReachabilityChecks:
    """So many requests without any parameter came to an ingest token, the last one at `at_us`."""

    token_id: str
    count: int
    at_us: int


@dataclass(frozen=True, slots=True)
class TokenUse:
    """A reader token was used at `at_us`, from the address `peer`."""

    token_id: str
    at_us: int
    peer: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction stores."""

    arrivals: Sequence[Arrival] = ()
    acknowledgements: Sequence[Acknowledgement] = ()
    checks: Sequence[ReachabilityChecks] = ()
    uses: Sequence[TokenUse] = ()


@dataclass(frozen=True, slots=True)
class StreamState:
    """Where a stream stands: `head` is the last number given or 0, `oldest` the lowest kept or head + 1."""

    id: int
    name: str
    epoch: str
    head: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Slice:
    """Events in order of their numbers, and the state of their stream at the same moment.

    Every event after the position asked for, up to `through`, was looked at; those not given were of other
    kinds.
    """

    state: StreamState
    events: list[Event]
    through: int


@dataclass(frozen=True, slots=True)
class ConsumerReport:
    """How far a consumer has come; `last_seen_us` in microseconds since 1970 UTC."""

    name: str
    acked: int
    last_seen_us: int


@dataclass(frozen=True, slots=True)
class StreamReport:
    """A stream, for its readers: state, octets of its events, consumers, reachability checks answered."""

    state: StreamState
    octets: int
    consumers: list[ConsumerReport]
    reachability_checks: int


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One event as it came over the wire; see Arrival for the members."""

    seq: int
    kind: str
    received_us: int
    key: bytes
    signature: str
    flags: str
    method: str
    query: bytes = field(repr=False)
    body: bytes = field(repr=False)
    content_type: str
    headers: str = field(repr=False)
    peer: str


@dataclass(frozen=True, slots=True)
class IngestGrant:
    """An ingest token leads here, and its webhooks are signed so."""

    token_id: str
    stream_id: int
    signing: SigningRule = NO_SIGNATURES


@dataclass(frozen=True, slots=True)
class ReaderGrant:
    """A reader token opens these streams (name to id), under this consumer's name, for `scope`."""

    token_id: str
    consumer: str
    streams: dict[str, int]
    scope: str = READ


@dataclass(frozen=True, slots=True)
class TokenReport:
    """What is known of a token; times in microseconds since 1970 UTC, None for never.

    `kind` is ingest or reader; an ingest token was last used when a reachability check came to it.
    """

    id: str
    kind: str
    streams: list[str]
    created_us: int
    expires_us: int | None
    revoked_us: int | None
    last_used_us: int | None
    last_peer: str
    scope: str
    signing: SigningRule | None


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept: ages in microseconds, sizes per stream.

    An event goes when it is older than `age_us` and every live reader has it; or when it is older than
    `greatest_age_us`, or its stream holds more than `most_octets` or `most_events`, whoever has it. Keys by
    which repetitions are known outlive their events and go `key_age_us` after they were last seen.
    """

    age_us: int
    greatest_age_us: int
    most_octets: int
    most_events: int
    key_age_us: int


@dataclass(frozen=True, slots=True)
class Purged:
    """One batch of a purge: events deleted, and whether a batch more may be waiting."""

    events: int
    more: bool


class EventLog(Protocol):
    """A durable log of events, one dense sequence per stream.

    `commit` and `probe` are called from one thread, everything else from any. Methods block; StoreFailing
    says that the store can't answer now.
    """

    def commit(self, batch: Batch) -> list[Placement]:
        """Store a batch in one durable transaction and say where each arrival stands.

        New arrivals get the next numbers of their streams in the order given; one whose key is known only
        counts as a repetition. When this returns, the batch outlives a power cut; when it raises, nothing
        is stored, or (the connection broke while it was committed) nobody can tell and the same again is
        harmless.
        """

    def probe(self) -> None:
        """Prove that a durable write is possible."""

    def free_octets(self) -> int | None:
        """The room left where the log is kept, None if that is not ours to see."""

    def watch(self, announce: Callable[[Mapping[int, int]], None]) -> None:
        """Call `announce` with the heads of streams that others may have advanced, until `close`.

        From a thread of the log's own. A log that one process writes never calls it.
        """

    def streams(self) -> dict[str, int]:
        """All streams: name to id."""

    def state(self, stream_id: int) -> StreamState:
        """The state of a stream."""

    def read(
        self, stream_id: int, *, after: int, limit: int, kinds: frozenset[str] | None, max_octets: int
    ) -> Slice:
        """Up to `limit` events after a number, of some kinds or all, no longer than `max_octets` together.

        The first event is given whatever its length. One call looks at a bounded number of events.
        """

    def raw(self, stream_id: int, seq: int) -> RawEvent | None:
        """One event as it came over the wire, None if it is not kept."""

    def reports(self, stream_ids: Sequence[int]) -> list[StreamReport]:
        """What there is to say about streams."""

    def stream(self, name: str) -> int:
        """The id of a stream by name; it is made, with a random epoch, if it is new."""

    def rotate_epoch(self, stream_id: int) -> str:
        """Begin another life of a stream: every cursor of before is answered with a reset."""

    def erase(self, stream_id: int, number: str) -> int:
        """Blank what holds a phone number (digits), in payload and raw; returns how many events.

        Each becomes an event of kind `erased`; its number and key stay.
        """

    def purge(self, stream_id: int, retention: Retention, now_us: int) -> Purged:
        """Delete one batch of the oldest events that need not be kept any more."""

    def purge_keys(self, stream_id: int, retention: Retention, now_us: int, after: bytes) -> bytes | None:
        """Delete old keys among the next ones after `after`; returns where to go on, None at the end."""

    def backup(self, target: Path) -> None:
        """Write a consistent copy while the log is served. Raises LogUnusable where that is not possible."""

    def add_ingest_token(
        self,
        stream_id: int,
        token_hash: bytes,
        *,
        purpose: str,
        signing: SigningRule = NO_SIGNATURES,
        expires_us: int | None = None,
    ) -> str:
        """Let a token (by SHA-256) write into a stream; returns the token's id. Earlier tokens stay valid."""

    def add_reader_token(
        self,
        stream_ids: Sequence[int],
        token_hash: bytes,
        *,
        purpose: str,
        replace: bool,
        scope: str = READ,
        expires_us: int | None = None,
    ) -> str:
        """Let a token (by SHA-256) read streams; returns the token's id.

        With `replace`, the streams' earlier reader tokens of the same purpose end, and the consumer is named
        after the purpose; otherwise each token is a consumer of its own.
        """

    def ingest_grant(self, token_hash: bytes) -> IngestGrant | None:
        """Where an ingest token leads, None if nowhere (any more)."""

    def reader_grant(self, token_hash: bytes) -> ReaderGrant | None:
        """What a reader token opens, None if nothing (any more)."""

    def tokens(self) -> list[TokenReport]:
        """All tokens, in order of their making."""

    def revoke(self, token_id: str) -> bool:
        """End a token; False if there is none of this id that still is good."""

    def interrupt(self) -> None:
        """Make a commit that is under way fail: the process ends, and the store does not answer."""

    def close(self) -> None:
        """Leave everything in order on the disk."""
