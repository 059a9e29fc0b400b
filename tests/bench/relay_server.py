"""The relay, and what it is measured against, as a process: a log, or `unstored`, or `bare`.

Prints its address, then serves until it is terminated. Started by relay.
"""

from __future__ import annotations

import asyncio
import sys

from starlette.types import ASGIApp, Receive, Scope, Send

from sms_desktop.servers import lifecycle
from sms_desktop.servers.relay.admission import Origins
from sms_desktop.servers.relay.app import RelayApp
from sms_desktop.servers.relay.ingest import Ingest
from sms_desktop.servers.relay.log import Arrival, IngestGrant, Placement
from sms_desktop.servers.relay.metrics import Metrics
from sms_desktop.servers.relay.place import open_event_log
from sms_desktop.servers.relay.sending import TakenProtocol
from sms_desktop.servers.relay.signatures import SecretShelf
from sms_desktop.servers.relay.tokens import Gatekeeper
from sms_desktop.servers.relay.writer import GroupWriter


class _OneToken(Gatekeeper):
    """Knows every token."""

    def __init__(self) -> None:
        self._grant = IngestGrant("token", 1)

    async def ingest(self, token: str, address: str) -> IngestGrant | None:
        return self._grant


class _Nowhere(GroupWriter):
    """Says at once that a webhook is stored, and stores nothing."""

    def __init__(self) -> None:
        self._placement = Placement(1, new=True)

    def store(self, arrival: Arrival) -> asyncio.Future[Placement]:
        answer: asyncio.Future[Placement] = asyncio.get_running_loop().create_future()
        answer.set_result(self._placement)
        return answer


async def _bare(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    while (await receive()).get("more_body"):
        continue
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def _unstored() -> ASGIApp:
    ingest = Ingest(
        gatekeeper=_OneToken(),
        writer=_Nowhere(),
        origins=Origins(),
        secrets=SecretShelf(None),
        metrics=Metrics(),
    )

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (_bare if scope["type"] == "lifespan" else ingest)(scope, receive, send)

    return app


def main(what: str) -> None:
    """Serve it."""
    match what:
        case "bare":
            app: ASGIApp = _bare
        case "unstored":
            app = _unstored()
        case place:
            app = RelayApp(open_event_log(place, serving=True))
    lifecycle.serve(
        app, bound=lifecycle.listen("127.0.0.1", 0), on_ready=lifecycle.print_ready, http=TakenProtocol
    )


if __name__ == "__main__":
    main(sys.argv[1])
