"""A profile proven step by step: keyring, credentials, balance, relay, callback, loop. Called by cli and ui.

Each step says what it found, and what to do when it failed; a step whose ground is missing is not tried.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace

from sms_desktop.gateway import account_calls
from sms_desktop.gateway.account_calls import Access
from sms_desktop.gateway.client import GatewayClient
from sms_desktop.gateway.errors import AccessRefused, CallNotOffered
from sms_desktop.gateway.evidence import failed
from sms_desktop.gateway.request import GatewayRequest, shown_parameter
from sms_desktop.messages.errors import Mendable, SmsDesktopError, TryLater
from sms_desktop.messages.ids import new_id
from sms_desktop.messages.wire import Authentication
from sms_desktop.relay.client import RelayClient
from sms_desktop.services.accounts import WORDS, Account, RelayAccess, Servers, account, gateway_client
from sms_desktop.services.connection import CALL_SECONDS, access, leads_elsewhere
from sms_desktop.services.proof_steps import Cure, Proof, ProofStatus, ProofStep, Watch, all_untried, untried
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import KeyringTrouble, KeyringUnavailable, SecretName, Secrets

LOOP_SECONDS = 15.0
"""How long the loop's event may take from the relay's door to its reader."""


def prove(
    profile: Profile,
    secrets: Secrets,
    *,
    servers: Servers | None = None,
    client: GatewayClient | None = None,
    loop_seconds: float | None = None,
    keyring: Callable[[], str | None] | None = None,
) -> Generator[Proof, None, None]:
    """Prove a profile, one step at a time; `servers` are the embedded ones of the sandbox.

    Costs nothing: no message is sent. The loop's event is a receipt of no message, which changes nothing.
    `keyring` asks where the secrets are kept and names the place; it may raise KeyringUnavailable. Never
    raises SmsDesktopError.
    """
    watch = Watch()
    try:
        place = keyring() if keyring is not None else None
        ready = account(profile, secrets, servers=servers)
    except SmsDesktopError as error:
        yield watch.failed(ProofStep.KEYRING, error, _KEYRING_ADVICE, *_keyring_cures(error))
        yield from all_untried("The secrets come first.", after=ProofStep.KEYRING)
        return
    yield watch.passed(ProofStep.KEYRING, _secrets_found(profile, servers), place)
    try:
        client = client or gateway_client(profile, total_timeout=CALL_SECONDS)
    except Mendable as error:
        yield watch.failed(ProofStep.CREDENTIALS, error, "Mend the profile's certificates.", Cure.FIELD)
        yield from all_untried("The certificates come first.", after=ProofStep.CREDENTIALS)
        return
    reach = yield from _credentials(profile, secrets, servers, client, watch)
    yield from _relay(ready, client, reach, LOOP_SECONDS if loop_seconds is None else loop_seconds, watch)


_KEYRING_ADVICE = "Give the secret again in the profile's settings."


def _keyring_cures(error: SmsDesktopError) -> tuple[Cure, ...]:
    if not isinstance(error, KeyringUnavailable):
        return (Cure.FIELD,)
    if error.trouble is KeyringTrouble.ABSENT:
        return (Cure.IN_MEMORY, Cure.INSTALL_KEYRING)
    return (Cure.TRY_AGAIN, Cure.IN_MEMORY)


def _secrets_found(profile: Profile, servers: Servers | None) -> str:
    if servers is not None:
        return "The sandbox needs none: its secrets are made when it starts."
    return f"The {WORDS[needed_secret(profile)]} is there."


def needed_secret(profile: Profile) -> SecretName:
    """The secret that proves a profile's messages."""
    return {
        Authentication.BODY: SecretName.API_SECRET,
        Authentication.BASIC: SecretName.API_SECRET,
        Authentication.SIGNATURE: SecretName.SIGNATURE_SECRET,
        Authentication.BEARER: SecretName.CLIENT_SECRET,
    }[profile.authentication]


def _credentials(
    profile: Profile, secrets: Secrets, servers: Servers | None, client: GatewayClient, watch: Watch
) -> Generator[Proof, None, Access | None]:
    """Credentials and balance: one call proves both where there is a balance to ask for.

    Returns what further calls need, None where they would fail.
    """
    try:
        reach = access(profile, secrets, servers=servers, client=client)
    except Mendable:
        words = (
            "Signing is proven by sending: calls about the account need the API secret, which is not known."
        )
        yield untried(ProofStep.CREDENTIALS, words)
        yield untried(ProofStep.BALANCE, "The API secret is not known.")
        return None
    except TryLater as error:
        yield watch.failed(ProofStep.CREDENTIALS, error, "Unlock the keyring.", Cure.TRY_AGAIN)
        yield untried(ProofStep.BALANCE, "The credentials come first.")
        return None
    try:
        found = account_calls.balance(reach)
    except CallNotOffered as error:
        known = yield from _by_numbers(profile, reach, watch)
        yield untried(ProofStep.BALANCE, error.message)
        return reach if known else None
    except SmsDesktopError as error:
        yield _refused(profile, error, watch)
        yield untried(ProofStep.BALANCE, "The credentials come first.")
        return None
    yield watch.passed(ProofStep.CREDENTIALS, "The gateway knows this account.")
    yield Proof(ProofStep.BALANCE, ProofStatus.PASSED, f"{found.words}.", value=found.words)
    return reach


def _by_numbers(profile: Profile, reach: Access, watch: Watch) -> Generator[Proof, None, bool]:
    """Credentials at a gateway without a balance. Returns whether further calls may succeed."""
    try:
        own = account_calls.own_numbers(reach)
    except CallNotOffered as error:
        yield untried(ProofStep.CREDENTIALS, error.message)
        return False
    except SmsDesktopError as error:
        yield _refused(profile, error, watch)
        return False
    count = "1 number" if len(own) == 1 else f"{len(own)} numbers"
    yield watch.passed(ProofStep.CREDENTIALS, f"The gateway knows this account, with {count}.")
    return True


def _refused(profile: Profile, error: SmsDesktopError, watch: Watch) -> Proof:
    """What a call about the account said against it."""
    if not isinstance(error, AccessRefused):
        advice = "Check the network and the gateway's address, then try again."
        return watch.failed(ProofStep.CREDENTIALS, error, advice, Cure.TRY_AGAIN)
    advice = "Copy key and secret again from the provider's dashboard."
    proof = watch.failed(ProofStep.CREDENTIALS, error, advice, Cure.FIELD, Cure.TRY_AGAIN)
    bearer = profile.authentication is Authentication.BEARER
    return replace(proof, field=SecretName.CLIENT_SECRET if bearer else SecretName.API_SECRET)


def _relay(
    ready: Account, client: GatewayClient, reach: Access | None, loop_seconds: float, watch: Watch
) -> Iterator[Proof]:
    if ready.relay is None:
        if ready.relay_missing is not None:
            yield watch.failed(ProofStep.RELAY, ready.relay_missing, "Mend the relay's settings.", Cure.FIELD)
        else:
            yield untried(ProofStep.RELAY, "This profile has no relay: receipts and replies are not heard.")
        yield from all_untried("The relay comes first.", after=ProofStep.RELAY)
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
            advice = "Check the relay's address, the stream and the reader token."
            cures = (
                (Cure.FIELD,) if isinstance(error, Mendable) and error.field else (Cure.TRY_AGAIN, Cure.FIELD)
            )
            proof = watch.failed(ProofStep.RELAY, error, advice, *cures)
            yield replace(proof, field=proof.field or "relay_url")
            yield from all_untried("The relay comes first.", after=ProofStep.RELAY)
            return
        yield watch.passed(ProofStep.RELAY, f"The stream {relay.stream} can be read.")
        yield from _loop(relay, profile, client, reach, reader, head, loop_seconds, watch)


def _loop(
    relay: RelayAccess,
    profile: Profile,
    client: GatewayClient,
    reach: Access | None,
    reader: RelayClient,
    head: str,
    loop_seconds: float,
    watch: Watch,
) -> Iterator[Proof]:
    """One event through the relay's door, and back out to its reader."""
    callback = relay.receipt_callback
    if callback is None:
        yield watch.failed(
            ProofStep.CALLBACK,
            Mendable("The ingest token is not known on this computer.", field=SecretName.INGEST_TOKEN),
            "Ask whoever runs the relay for one; without it, messages name no address for their receipts.",
            Cure.FIELD,
        )
        yield untried(ProofStep.LOOP, "The callback comes first.")
        return
    mark = f"proof-{new_id()}"
    said = _knock(client, profile, callback, mark)
    if said is not None:
        yield watch.failed(
            ProofStep.CALLBACK,
            Mendable(said, field=SecretName.INGEST_TOKEN),
            "Check the relay's address and the ingest token; the gateway writes to the same address.",
            Cure.FIELD,
            Cure.TRY_AGAIN,
        )
        yield untried(ProofStep.LOOP, "The callback comes first.")
        return
    elsewhere = _elsewhere(profile, reach, relay)
    if elsewhere is None:
        yield watch.passed(ProofStep.CALLBACK, "The relay takes webhooks at this account's address.")
    else:
        yield watch.failed(
            ProofStep.CALLBACK,
            Mendable(elsewhere),
            "Have the address set at the gateway, or change it in the provider's dashboard.",
            Cure.CONNECT,
            Cure.TRY_AGAIN,
        )
    try:
        arrived = _await(reader, head, mark, loop_seconds, time.monotonic)
    except SmsDesktopError as error:
        yield watch.failed(ProofStep.LOOP, error, "Try again.", Cure.TRY_AGAIN)
        return
    if arrived is None:
        yield watch.failed(
            ProofStep.LOOP,
            TryLater(f"What was written did not come back within {loop_seconds:g} s.", field="stream"),
            "Ingest token and stream may not belong together: ask whoever runs the relay.",
            Cure.FIELD,
            Cure.TRY_AGAIN,
        )
    else:
        yield watch.passed(ProofStep.LOOP, f"What is written there comes back, in {arrived * 1000:.0f} ms.")


def _knock(client: GatewayClient, profile: Profile, callback: str, mark: str) -> str | None:
    """Write an event that changes nothing, as the gateway would. Returns what went wrong, or None."""
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
    if evidence.http_status == 200:
        return None
    said = failed(evidence) or f"The relay answered with HTTP {evidence.http_status}."
    return said.replace("gateway", "relay")


def _elsewhere(profile: Profile, reach: Access | None, relay: RelayAccess) -> str | None:
    """Where the gateway writes to instead of the relay; None where it does not, or nobody can tell."""
    if reach is None or profile.is_sandbox:
        return None
    try:
        return leads_elsewhere(profile, reach, relay)
    except SmsDesktopError:  # the account was proven by another call: this one says nothing against it
        return None


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
