"""A profile proven step by step: keyring, credentials, balance, relay, callback, loop. Called by cli and ui.

Each step says what it found, and what to do when it failed; a step whose ground is missing is not tried.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

from sms_desktop.gateway import account_calls
from sms_desktop.gateway.client import GatewayClient
from sms_desktop.gateway.errors import AccessRefused, CallNotOffered
from sms_desktop.gateway.evidence import failed
from sms_desktop.gateway.request import GatewayRequest, shown_parameter
from sms_desktop.messages.errors import Mendable, SmsDesktopError, TryLater
from sms_desktop.messages.ids import new_id
from sms_desktop.messages.wire import Authentication
from sms_desktop.relay.client import RelayClient
from sms_desktop.services.accounts import WORDS, Account, RelayAccess, Servers, account, gateway_client
from sms_desktop.services.connection import access
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import SecretName, Secrets

LOOP_SECONDS = 15.0
"""How long the loop's event may take from the relay's door to its reader."""


class ProofStep(StrEnum):
    """What is proven, in this order."""

    KEYRING = "keyring"
    CREDENTIALS = "credentials"
    BALANCE = "balance"
    RELAY = "relay"
    CALLBACK = "callback"
    LOOP = "loop"


class ProofStatus(StrEnum):
    """How a step ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"
    """Not tried: its ground is missing, or this provider has nothing to try."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One step: what was found, in a sentence without secrets, and what to do about it."""

    step: ProofStep
    status: ProofStatus
    detail: str
    advice: str | None = None


def prove(
    profile: Profile,
    secrets: Secrets,
    *,
    servers: Servers | None = None,
    client: GatewayClient | None = None,
    loop_seconds: float = LOOP_SECONDS,
) -> Iterator[Proof]:
    """Prove a profile, one step at a time; `servers` are the embedded ones of the sandbox.

    Costs nothing: no message is sent. The loop's event is a receipt of no message, which changes nothing.
    Never raises SmsDesktopError.
    """
    ready: Account | None = None
    try:
        ready = account(profile, secrets, servers=servers)
        yield _passed(ProofStep.KEYRING, _secrets_found(profile, servers))
    except SmsDesktopError as error:
        yield _failed(ProofStep.KEYRING, error, "Give the secret again in the profile's settings.")
    if ready is None:
        for step in (
            ProofStep.CREDENTIALS,
            ProofStep.BALANCE,
            ProofStep.RELAY,
            ProofStep.CALLBACK,
            ProofStep.LOOP,
        ):
            yield _untried(step, "The secrets come first.")
        return
    try:
        client = client or gateway_client(profile)
    except Mendable as error:
        for step in (ProofStep.CREDENTIALS, ProofStep.BALANCE, ProofStep.CALLBACK):
            yield _failed(step, error, "Mend the profile's certificates.")
        return
    yield from _credentials(profile, secrets, servers, client)
    yield from _relay(ready, client, loop_seconds)


def _secrets_found(profile: Profile, servers: Servers | None) -> str:
    if servers is not None:
        return "The sandbox needs none: its secrets are made when it starts."
    name = {
        Authentication.BODY: SecretName.API_SECRET,
        Authentication.BASIC: SecretName.API_SECRET,
        Authentication.SIGNATURE: SecretName.SIGNATURE_SECRET,
        Authentication.BEARER: SecretName.CLIENT_SECRET,
    }[profile.authentication]
    return f"The {WORDS[name]} is there."


def _credentials(
    profile: Profile, secrets: Secrets, servers: Servers | None, client: GatewayClient
) -> Iterator[Proof]:
    """Credentials and balance: one call proves both where there is a balance to ask for."""
    try:
        reach = access(profile, secrets, servers=servers, client=client)
    except Mendable:
        words = (
            "Signing is proven by sending: calls about the account need the API secret, which is not known."
        )
        yield _untried(ProofStep.CREDENTIALS, words)
        yield _untried(ProofStep.BALANCE, "The API secret is not known.")
        return
    except TryLater as error:
        yield _failed(ProofStep.CREDENTIALS, error, "Unlock the keyring.")
        yield _untried(ProofStep.BALANCE, "The credentials come first.")
        return
    try:
        found = account_calls.balance(reach)
    except CallNotOffered as error:
        yield from _by_numbers(reach)
        yield _untried(ProofStep.BALANCE, error.message)
    except SmsDesktopError as error:
        yield _failed(ProofStep.CREDENTIALS, error, _credentials_advice(error))
        yield _untried(ProofStep.BALANCE, "The credentials come first.")
    else:
        yield _passed(ProofStep.CREDENTIALS, "The gateway knows this account.")
        yield _passed(ProofStep.BALANCE, f"{found.text} {account_calls.CURRENCY}.")


def _by_numbers(reach: account_calls.Access) -> Iterator[Proof]:
    """Credentials at a gateway without a balance."""
    try:
        own = account_calls.own_numbers(reach)
    except CallNotOffered as error:
        yield _untried(ProofStep.CREDENTIALS, error.message)
    except SmsDesktopError as error:
        yield _failed(ProofStep.CREDENTIALS, error, _credentials_advice(error))
    else:
        count = "1 number" if len(own) == 1 else f"{len(own)} numbers"
        yield _passed(ProofStep.CREDENTIALS, f"The gateway knows this account, with {count}.")


def _relay(ready: Account, client: GatewayClient, loop_seconds: float) -> Iterator[Proof]:
    if ready.relay is None:
        if ready.relay_missing is not None:
            yield _failed(ProofStep.RELAY, ready.relay_missing, "Mend the relay's settings.")
        else:
            yield _untried(ProofStep.RELAY, "This profile has no relay: receipts and replies are not heard.")
        yield _untried(ProofStep.CALLBACK, "The relay comes first.")
        yield _untried(ProofStep.LOOP, "The relay comes first.")
        return
    relay = ready.relay
    profile = ready.profile
    with closing(
        RelayClient(
            base_url=relay.url,
            stream=relay.stream,
            reader_token=relay.reader_token,
            proxy=profile.proxy,
            ca_file=profile.ca_file,
        )
    ) as reader:
        try:
            head = reader.page("head", limit=1, wait=0).next
        except SmsDesktopError as error:
            yield _failed(
                ProofStep.RELAY, error, "Check the relay's address, the stream and the reader token."
            )
            yield _untried(ProofStep.CALLBACK, "The relay comes first.")
            yield _untried(ProofStep.LOOP, "The relay comes first.")
            return
        yield _passed(ProofStep.RELAY, f"The stream {relay.stream} can be read.")
        yield from _loop(relay, profile, client, reader, head, loop_seconds)


def _loop(
    relay: RelayAccess,
    profile: Profile,
    client: GatewayClient,
    reader: RelayClient,
    head: str,
    loop_seconds: float,
) -> Iterator[Proof]:
    """One event through the relay's door, and back out to its reader."""
    callback = relay.receipt_callback
    if callback is None:
        yield _failed(
            ProofStep.CALLBACK,
            Mendable("The ingest token is not known on this computer."),
            "Ask whoever runs the relay for one; without it, messages name no address for their receipts.",
        )
        yield _untried(ProofStep.LOOP, "The callback comes first.")
        return
    mark = f"proof-{new_id()}"
    parameters = {"messageId": mark, "status": "unknown", "msisdn": "0", "to": "proof"}
    if profile.api_key:
        parameters["api-key"] = profile.api_key
    evidence = client.exchange(
        GatewayRequest(
            method="POST",
            url=callback,
            parameters=tuple(shown_parameter(name, value) for name, value in parameters.items()),
        )
    )
    if evidence.http_status != 200:
        said = failed(evidence) or f"The relay answered with HTTP {evidence.http_status}."
        yield _failed(
            ProofStep.CALLBACK,
            Mendable(said.replace("gateway", "relay")),
            "Check the relay's address and the ingest token; the gateway writes to the same address.",
        )
        yield _untried(ProofStep.LOOP, "The callback comes first.")
        return
    yield _passed(ProofStep.CALLBACK, "The relay takes webhooks at this account's address.")
    try:
        arrived = _await(reader, head, mark, loop_seconds, time.monotonic)
    except SmsDesktopError as error:
        yield _failed(ProofStep.LOOP, error, "Try again.")
        return
    if arrived is None:
        yield _failed(
            ProofStep.LOOP,
            TryLater(f"What was written did not come back within {loop_seconds:g} s."),
            "Ingest token and stream may not belong together: ask whoever runs the relay.",
        )
    else:
        yield _passed(ProofStep.LOOP, f"What is written there comes back, in {arrived * 1000:.0f} ms.")


def _await(
    reader: RelayClient, cursor: str, mark: str, seconds: float, clock: Callable[[], float]
) -> float | None:
    """How long the event that bears `mark` takes to come, or None if it does not."""
    began = clock()
    while (left := seconds - (clock() - began)) > 0:
        page = reader.page(cursor, limit=100, wait=min(left, 5.0))
        if any(event.payload.get("messageId") == mark for event in page.events):
            return clock() - began
        cursor = page.next
    return None


def _credentials_advice(error: SmsDesktopError) -> str:
    if isinstance(error, AccessRefused):
        return "Copy key and secret again from the provider's dashboard."
    return error.hint or "Check the network and the gateway's address, then try again."


def _passed(step: ProofStep, detail: str) -> Proof:
    return Proof(step, ProofStatus.PASSED, detail)


def _failed(step: ProofStep, error: SmsDesktopError, advice: str) -> Proof:
    return Proof(step, ProofStatus.FAILED, error.message, error.hint or advice)


def _untried(step: ProofStep, why: str) -> Proof:
    return Proof(step, ProofStatus.UNAVAILABLE, why)
