"""Lets readers in: token, stream, scope. Called by read_api and stream_api."""

from __future__ import annotations

import time

from starlette.requests import Request

from sms_desktop.servers.relay.admission import Origins
from sms_desktop.servers.relay.log import ADMIN, ReaderGrant, TokenUse
from sms_desktop.servers.relay.problems import problem
from sms_desktop.servers.relay.reader_query import RefusedError
from sms_desktop.servers.relay.tokens import Gatekeeper, TooManyFailures
from sms_desktop.servers.relay.writer import GroupWriter

_NOTED_AGAIN_SECONDS = 60.0
_MOST_NOTED = 10_000
_AFTER_FAILURES_SECONDS = 10


class ReaderAccess:
    """Who asks, and what of. Belongs to an event loop."""

    def __init__(self, *, gatekeeper: Gatekeeper, writer: GroupWriter, origins: Origins) -> None:
        self._gatekeeper = gatekeeper
        self._writer = writer
        self._origins = origins
        self._noted: dict[str, float] = {}

    async def grant(self, request: Request) -> ReaderGrant:
        """What the request's token opens. Raises RefusedError, StoreFailing."""
        address = self._origins.address(request.scope)
        try:
            grant = await self._gatekeeper.reader(request.headers.get("authorization"), address)
        except TooManyFailures:
            raise RefusedError(
                problem(
                    429,
                    "too-many-failures",
                    "Too many wrong tokens came from this address. Ask again later.",
                    retry_after=_AFTER_FAILURES_SECONDS,
                )
            ) from None
        if grant is None:
            raise RefusedError(
                problem(
                    401, "unauthorized", "Send a relay token of this relay: Authorization: Bearer smsr_..."
                )
            )
        self._note(grant, address)
        return grant

    def stream_id(self, grant: ReaderGrant, name: str) -> int:
        """The id of a stream that the token opens. Raises RefusedError."""
        stream_id = grant.streams.get(name)
        if stream_id is None:
            raise RefusedError(
                problem(403, "forbidden", "The relay token does not open the stream that was asked for.")
            )
        return stream_id

    def check_admin(self, grant: ReaderGrant) -> None:
        """Raise RefusedError unless the token may do more than read."""
        if grant.scope != ADMIN:
            raise RefusedError(
                problem(403, "forbidden", "This needs a relay token that was made with the scope admin.")
            )

    def _note(self, grant: ReaderGrant, address: str) -> None:
        now = time.monotonic()
        if now - self._noted.get(grant.token_id, float("-inf")) > _NOTED_AGAIN_SECONDS:
            if len(self._noted) >= _MOST_NOTED:
                self._noted.clear()
            self._noted[grant.token_id] = now
            self._writer.note(TokenUse(grant.token_id, time.time_ns() // 1000, address))
