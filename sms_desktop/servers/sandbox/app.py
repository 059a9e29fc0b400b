"""The sandbox gateway put together. Run by serve."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sms_desktop.gateway.sandbox_control import CONTROL
from sms_desktop.servers.sandbox import answers
from sms_desktop.servers.sandbox.account import Account
from sms_desktop.servers.sandbox.account_calls import AccountCall, AccountCalls, Work
from sms_desktop.servers.sandbox.carrier import Carrier
from sms_desktop.servers.sandbox.clock import Clock
from sms_desktop.servers.sandbox.control import Control
from sms_desktop.servers.sandbox.courier import Courier, Webhook
from sms_desktop.servers.sandbox.credentials import AccessTokens
from sms_desktop.servers.sandbox.desk import Desk
from sms_desktop.servers.sandbox.memory import Memory
from sms_desktop.servers.sandbox.rehearsal import Rehearsal
from sms_desktop.servers.sandbox.script import Scenario, Script
from sms_desktop.servers.sandbox.sending import Sending
from sms_desktop.servers.sandbox.throttle import Throttle
from sms_desktop.servers.sandbox.trace import Trace
from sms_desktop.servers.sandbox.webhook_http import WebhookClient

_KPN = "/communication/nexmo"


def make_app(
    account: Account,
    *,
    speed: float = 1.0,
    folder: Path | None = None,
    control_token: str | None = None,
    allowed: frozenset[str] = frozenset(),
    scenario: Scenario | None = None,
) -> Starlette:
    """The application; its lifespan runs the courier, and writes down in `folder` what a restart needs.

    `speed` divides all times of carrier and webhooks. Webhooks go to this computer and to hosts in `allowed`.
    Raises Mendable if the folder can't be used.
    """
    clock = Clock(speed)
    client = WebhookClient(webhook_format=lambda: account.webhook_format)
    trace = Trace()
    relay = (account.mo_callback or "").removesuffix("/m") if account.mo_callback else None
    memory = Memory(folder, clock=clock, relay=relay) if folder is not None else None

    def dress(webhook: Webhook) -> dict[str, str]:
        return carrier.dress(webhook)

    courier = Courier(client=client, clock=clock, dress=dress, trace=trace, keeper=memory)
    carrier = Carrier(account=account, courier=courier, clock=clock, allowed=allowed)
    throttle = Throttle(account=account, clock=clock)
    rehearsal = Rehearsal(account, clock, Script(), courier, carrier, trace, throttle, memory, speed)
    if memory is not None:
        rehearsal.recall(memory.document())
        memory.write_down(rehearsal.document)
        courier.take_again(memory.webhooks())
    if scenario is not None:
        rehearsal.play(scenario)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(courier.run())]
        if memory is not None:
            tasks.append(asyncio.create_task(memory.run()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await client.close()
            if memory is not None:
                memory.close()

    app = Starlette(
        routes=_routes(rehearsal, client, Control(rehearsal, token=control_token)),
        lifespan=lifespan,
        exception_handlers={404: _nowhere},
    )
    app.router.redirect_slashes = False
    return app


async def _nowhere(request: Request, _error: Exception) -> Response:
    form: answers.Format = "kpn" if request.url.path.startswith(_KPN) else "json"
    answer = answers.nowhere(form)
    return Response(answer.body, answer.status, media_type=answer.content_type)


def _routes(rehearsal: Rehearsal, client: WebhookClient, control: Control) -> list[Route]:
    account, clock = rehearsal.account, rehearsal.clock
    tokens = AccessTokens()
    desk = Desk(
        account=account,
        carrier=rehearsal.carrier,
        script=rehearsal.script,
        throttle=rehearsal.throttle,
        tokens=tokens,
        changed=rehearsal.changed,
    )
    calls = AccountCalls(
        account=account,
        carrier=rehearsal.carrier,
        client=client,
        tokens=tokens,
        changed=rehearsal.changed,
    )
    kpn = Sending("kpn", desk, clock, rehearsal.trace)

    def either(work: Work, *methods: str, admits: str = "either") -> AccountCall:
        return AccountCall(work, account=account, tokens=tokens, methods=methods, admits=admits)

    register = either(calls.register, "POST", admits="token")
    update = either(calls.update, "POST")
    return [
        Route("/sms/json", Sending("json", desk, clock, rehearsal.trace)),
        Route("/sms/xml", Sending("xml", desk, clock, rehearsal.trace)),
        Route("/send", kpn),
        Route(f"{_KPN}/sms/send", kpn),
        Route("/register", register),
        Route(f"{_KPN}/sms/register", register),
        Route("/number/update", update),
        Route(f"{_KPN}/phone-numbers/number/update", update),
        Route("/account/numbers", either(calls.numbers, "GET")),
        Route(f"{_KPN}/phone-numbers/account/numbers", either(calls.numbers, "GET")),
        Route("/account/get-balance", either(calls.balance, "GET")),
        Route("/account/get-pricing/outbound/sms", either(calls.pricing, "GET")),
        Route("/account/settings", either(calls.settings, "POST")),
        Route("/oauth/client_credential/accesstoken", either(calls.token, "POST", admits="anybody")),
        Route(CONTROL + "/{command}", control),
    ]
