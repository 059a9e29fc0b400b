"""Who may come in: tokens, kept as SHA-256 only. Called by ingest and read_api; serve and cli make them."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
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
from sms_desktop.servers.relay.log import EventLog, IngestGrant, ReaderGrant

EMBEDDED = "embedded"
"""The purpose of tokens that a supervising program brings along at each start."""
_GRANT_SECONDS = 1.0
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
    stream: str
    token: str = field(repr=False)


def create_token(log: EventLog, *, stream: str, kind: TokenKind) -> NewToken:
    """Make a token for a stream, and the stream if it is new. Raises Mendable for a bad name."""
    _check_stream_name(stream)
    stream_id = log.stream(stream)
    if kind is TokenKind.INGEST:
        token = new_ingest_token()
        token_id = log.add_ingest_token(stream_id, hash_of(token), purpose="")
    else:
        token = new_reader_token()
        token_id = log.add_reader_token(stream_id, hash_of(token), purpose="", replace=False)
    return NewToken(token_id, kind, stream, token)


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
    log.add_reader_token(stream_id, hash_of(reader_token), purpose=EMBEDDED, replace=True)


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


class Gatekeeper:
    """Asks the log who may come in, for an event loop.

    A token's grant is remembered for a second, so that a busy token costs one question a second; a token
    that is not known is asked for each time, so that a new one is good at once.
    """

    def __init__(self, log: EventLog, threads: Executor) -> None:
        self._log = log
        self._threads = threads
        self._remembered: dict[str, tuple[float, IngestGrant]] = {}

    async def ingest(self, token: str) -> IngestGrant | None:
        """Where an ingest token leads, None if nowhere. Raises StoreFailing."""
        now = time.monotonic()
        known = self._remembered.get(token)
        if known is not None and now - known[0] < _GRANT_SECONDS:
            return known[1]
        grant = await self._ask(lambda: self._log.ingest_grant(hash_of(token)))
        if len(self._remembered) >= _MOST_REMEMBERED:
            self._remembered.clear()
        if grant is None:
            self._remembered.pop(token, None)
        else:
            self._remembered[token] = (now, grant)
        return grant

    async def reader(self, authorization: str | None) -> ReaderGrant | None:
        """What the token in an `Authorization` header opens, None if nothing. Raises StoreFailing."""
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not is_reader_token(token):
            return None
        return await self._ask(lambda: self._log.reader_grant(hash_of(token)))

    async def _ask(self, question: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, question)
