"""Who may come in: tokens, kept as SHA-256 only. Called by ingest and read_api; serve and cli make them."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from sms_desktop.messages.errors import Mendable
from sms_desktop.relay.events import (
    is_ingest_token,
    is_reader_token,
    is_stream_name,
    new_ingest_token,
    new_reader_token,
)
from sms_desktop.servers.relay.admission import FailureLimit
from sms_desktop.servers.relay.log import READ, EventLog, IngestGrant, ReaderGrant
from sms_desktop.servers.relay.signatures import NO_SIGNATURES, SigningRule

EMBEDDED = "embedded"
"""The purpose of tokens that a supervising program brings along at each start."""
_GRANT_SECONDS = 1.0
_GOOD_SECONDS = 3600.0
_MOST_REMEMBERED = 1000

_Result = TypeVar("_Result")


class TokenKind(StrEnum):
    """What a token is for: writing webhooks into a stream, or reading it."""

    INGEST = "ingest"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made: the only time that it is seen."""

    id: str
    kind: TokenKind
    streams: tuple[str, ...]
    token: str = field(repr=False)


def create_ingest_token(
    log: EventLog, *, stream: str, signing: SigningRule = NO_SIGNATURES, expires_us: int | None = None
) -> NewToken:
    """Make a token that brings webhooks into a stream, and the stream if it is new.

    Raises Mendable for a bad name.
    """
    _check_stream_name(stream)
    token = new_ingest_token()
    token_id = log.add_ingest_token(
        log.stream(stream), hash_of(token), purpose="", signing=signing, expires_us=expires_us
    )
    return NewToken(token_id, TokenKind.INGEST, (stream,), token)


def create_reader_token(
    log: EventLog, *, streams: Sequence[str], scope: str = READ, expires_us: int | None = None
) -> NewToken:
    """Make a token that reads streams, and those streams that are new. Raises Mendable for a bad name."""
    names = tuple(dict.fromkeys(streams))
    for name in names:
        _check_stream_name(name)
    token = new_reader_token()
    stream_ids = [log.stream(name) for name in names]
    token_id = log.add_reader_token(
        stream_ids, hash_of(token), purpose="", replace=False, scope=scope, expires_us=expires_us
    )
    return NewToken(token_id, TokenKind.READER, names, token)


def adopt_tokens(log: EventLog, *, stream: str, ingest_token: str, reader_token: str) -> None:
    """Let in the tokens that a supervising program made; its earlier reader token of the stream ends.

    Its earlier ingest tokens stay valid: webhooks for messages sent before may still come. Raises Mendable
    for a name or token of the wrong form, without showing the token.
    """
    _check_stream_name(stream)
    if not is_ingest_token(ingest_token):
        raise Mendable("ingest_token: expected 22 characters of base64url.", field="ingest_token")
    if not is_reader_token(reader_token):
        raise Mendable("reader_token: expected smsr_ and 43 characters of base64url.", field="reader_token")
    stream_id = log.stream(stream)
    log.add_ingest_token(stream_id, hash_of(ingest_token), purpose=EMBEDDED)
    log.add_reader_token([stream_id], hash_of(reader_token), purpose=EMBEDDED, replace=True)


def hash_of(token: str) -> bytes:
    """What is kept of a token. Asking for a hash by index tells nothing about the token by its timing."""
    return hashlib.sha256(token.encode()).digest()


def _check_stream_name(stream: str) -> None:
    if not is_stream_name(stream):
        raise Mendable(
            f"stream: {stream!r} can't be a stream's name. Use 1 to 64 letters, digits, dots, hyphens and "
            "underscores, the first a letter or digit.",
            field="stream",
        )


class TooManyFailures(Exception):
    """The address has shown wrong tokens too often: it is answered without a look at this one."""


class Gatekeeper:
    """Asks the log who may come in, for an event loop.

    An ingest token's grant is remembered for a second, so that a busy token costs one question a second; a
    token that is not known is asked for each time, so that a new one is good at once. An address that shows
    wrong tokens is soon no longer listened to, but for tokens that were good in the last hour.
    """

    def __init__(self, log: EventLog, threads: Executor) -> None:
        self._log = log
        self._threads = threads
        self._remembered: dict[str, tuple[float, IngestGrant]] = {}
        self._good_readers: dict[bytes, float] = {}
        self._failures = FailureLimit()

    async def ingest(self, token: str, address: str) -> IngestGrant | None:
        """Where an ingest token leads, None if nowhere. Raises StoreFailing, TooManyFailures."""
        now = time.monotonic()
        known = self._remembered.get(token)
        if known is not None and now - known[0] < _GRANT_SECONDS:
            return known[1]
        if known is None and self._failures.is_exhausted(address):
            raise TooManyFailures
        grant = await self._ask(lambda: self._log.ingest_grant(hash_of(token)))
        if len(self._remembered) >= _MOST_REMEMBERED:
            self._remembered.clear()
        if grant is None:
            self._remembered.pop(token, None)
            self._failures.note(address)
        else:
            self._remembered[token] = (now, grant)
        return grant

    async def reader(self, authorization: str | None, address: str) -> ReaderGrant | None:
        """What the token in an `Authorization` header opens, None if nothing.

        Raises StoreFailing, TooManyFailures.
        """
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        digest = hash_of(token)
        good_at = self._good_readers.get(digest)
        if (good_at is None or time.monotonic() - good_at > _GOOD_SECONDS) and self._failures.is_exhausted(
            address
        ):
            raise TooManyFailures
        grant = None
        if scheme.lower() == "bearer" and is_reader_token(token):
            grant = await self._ask(lambda: self._log.reader_grant(digest))
        if grant is None:
            self._good_readers.pop(digest, None)
            self._failures.note(address)
        else:
            if len(self._good_readers) >= _MOST_REMEMBERED:
                self._good_readers.clear()
            self._good_readers[digest] = time.monotonic()
        return grant

    async def _ask(self, question: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, question)
