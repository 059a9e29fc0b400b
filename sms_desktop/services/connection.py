"""An account connected to its relay, and proven to be: where replies and receipts go. Called by cli and ui.

Everything here waits for the network and for the keyring.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from sms_desktop.gateway import account_calls
from sms_desktop.gateway.account_calls import Access, Balance, OwnNumber, Pricing
from sms_desktop.gateway.auth import Basic
from sms_desktop.gateway.client import GatewayClient
from sms_desktop.gateway.errors import CallNotOffered
from sms_desktop.gateway.request import MASK, mask_callback
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.transport import is_loopback
from sms_desktop.messages.wire import Authentication, ReceiptsBy
from sms_desktop.services.accounts import (
    RelayAccess,
    Servers,
    account,
    bearer,
    gateway_client,
    required_secret,
)
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import SecretName, Secrets

CALL_SECONDS = 20.0
"""A call about an account may take so long."""


class Changed(StrEnum):
    """What connecting changed at the gateway."""

    REPLIES = "replies"
    RECEIPTS = "receipts"
    NUMBER = "number"
    REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that now leads to the relay: `subject` is a number, or None for the whole account.

    `address` is shown without its token; `before` is what stood there, None for nothing or unknown.
    """

    what: Changed
    subject: str | None
    address: str
    before: str | None = None


def access(
    profile: Profile, secrets: Secrets, *, servers: Servers | None = None, client: GatewayClient | None = None
) -> Access:
    """What calls about an account need.

    Raises Mendable for a secret that is missing, TryLater for a keyring that does not answer.
    """
    client = client or gateway_client(profile, total_timeout=CALL_SECONDS)
    if servers is not None:
        proof = Basic(profile.api_key, servers.api_secret)
        return Access(client, profile.provider, servers.gateway_url, proof)
    if profile.authentication is Authentication.BEARER:
        return Access(client, profile.provider, profile.gateway_url, bearer(profile, secrets))
    # Whatever proves messages: calls about an account know key and secret only, best kept out of addresses.
    secret = required_secret(profile, secrets, SecretName.API_SECRET)
    return Access(client, profile.provider, profile.gateway_url, Basic(profile.api_key, secret))


def balance(reach: Access) -> Balance:
    """The account's balance. Raises CallNotOffered (KPN), AccessRefused, CallFailed."""
    return account_calls.balance(reach)


def numbers(reach: Access) -> tuple[OwnNumber, ...]:
    """The account's own numbers: choices for the sender."""
    return account_calls.own_numbers(reach)


def balance_in_words(reach: Access) -> str | None:
    """The account's balance with its currency, None where the provider tells none."""
    try:
        return account_calls.balance(reach).words
    except CallNotOffered:
        return None


def senders(reach: Access) -> tuple[str, ...]:
    """The account's own numbers that can send; none where the provider tells none."""
    try:
        return tuple(number.msisdn for number in account_calls.own_numbers(reach) if number.can_send)
    except CallNotOffered:
        return ()


def pricing(reach: Access, country: str) -> Pricing:
    """What a message to a country costs."""
    return account_calls.pricing(reach, country)


def connect(
    profile: Profile,
    secrets: Secrets,
    *,
    client: GatewayClient | None = None,
    only: Iterable[str] | None = None,
    replace: bool = False,
) -> tuple[Change, ...]:
    """Lead an account's replies, and its receipts where the profile says so, to its relay.

    What is called depends on the provider: the account's settings and the numbers that have an address of
    their own (Vonage), the registration of the profile's phone (a test application of KPN), each own number
    (a production one). `only` names the numbers to change. An address that leads elsewhere is left alone, and
    Mendable is raised, unless `replace`. Raises Mendable for what is missing, else as the calls do.
    """
    relay = _relay(profile, secrets)
    inbound, receipt = relay.inbound_callback, relay.receipt_callback
    if inbound is None or receipt is None:
        raise required_ingest(profile)
    _reachable(profile, inbound)
    reach = access(profile, secrets, client=client)
    wanted = None if only is None else set(only)
    if profile.provider is Provider.KPN and profile.test_application:
        return (_register(reach, profile, inbound),)
    if profile.provider is Provider.KPN:
        return tuple(_numbers(reach, inbound, wanted, replace=replace, every=True))
    changes = list(_settings(reach, profile, inbound, receipt, replace=replace))
    try:
        changes += _numbers(reach, inbound, wanted, replace=replace, every=wanted is not None)
    except CallNotOffered:
        if wanted is not None:
            raise
    return tuple(changes)


def leads_elsewhere(profile: Profile, reach: Access, relay: RelayAccess) -> str | None:
    """Whether a gateway writes to other addresses than the relay's: a sentence about the first, or None.

    Changes nothing. Raises as the calls do.
    """
    inbound, receipt = relay.inbound_callback, relay.receipt_callback
    if profile.provider is Provider.KPN:
        if profile.test_application:
            return None  # nothing tells where a registration leads
        return _first_elsewhere(account_calls.own_numbers(reach), inbound, every=True)
    present = account_calls.callback_settings(reach)
    if present.inbound_url != inbound:
        return _goes("Replies of this account", present.inbound_url)
    if profile.receipts is ReceiptsBy.ACCOUNT and present.receipt_url != receipt:
        return _goes("Receipts of this account", present.receipt_url)
    try:
        return _first_elsewhere(account_calls.own_numbers(reach), inbound, every=False)
    except CallNotOffered:
        return None


def _first_elsewhere(own: Iterable[OwnNumber], inbound: str | None, *, every: bool) -> str | None:
    for number in own:
        if number.inbound_url != inbound and (every or number.inbound_url is not None):
            return _goes(f"Replies to {number.msisdn}", number.inbound_url)
    return None


def _goes(what: str, address: str | None) -> str:
    shown = _shown(address)
    return f"{what} go nowhere yet." if shown is None else f"{what} go to {shown}, not to this relay."


def _relay(profile: Profile, secrets: Secrets) -> RelayAccess:
    if profile.is_sandbox:
        raise Mendable("The built-in sandbox is connected to its relay whenever it runs.", field="profile")
    ready = account(profile, secrets)
    if ready.relay_missing is not None:
        raise ready.relay_missing
    if ready.relay is None:
        raise Mendable(
            f"{profile.name} has no relay to connect to.",
            field="relay_url",
            hint="Give the relay's address, its stream, and both of its tokens first.",
        )
    return ready.relay


def required_ingest(profile: Profile) -> Mendable:
    """The error of a profile whose ingest token is not known."""
    return Mendable(
        f"The ingest token of {profile.name} is not known on this computer, "
        "so that the gateway can't be told where to write.",
        field=SecretName.INGEST_TOKEN,
        hint="Ask whoever runs the relay for one.",
    )


def _reachable(profile: Profile, address: str) -> None:
    host = urlsplit(address).hostname or ""
    if is_loopback(host) and profile.gateway_url is None:
        raise Mendable(
            f"relay_url: {host} is this computer, which the gateway can't reach.",
            field="relay_url",
            hint="Use the address at which the relay is seen from the internet.",
        )


def _settings(
    reach: Access, profile: Profile, inbound: str, receipt: str, *, replace: bool
) -> Iterator[Change]:
    present = account_calls.callback_settings(reach)
    receipts_too = profile.receipts is ReceiptsBy.ACCOUNT
    _spare("Replies of this account", present.inbound_url, inbound, replace=replace)
    if receipts_too:
        _spare("Receipts of this account", present.receipt_url, receipt, replace=replace)
    account_calls.callback_settings(reach, inbound_url=inbound, receipt_url=receipt if receipts_too else None)
    yield Change(Changed.REPLIES, None, mask_callback(inbound), _shown(present.inbound_url))
    if receipts_too:
        yield Change(Changed.RECEIPTS, None, mask_callback(receipt), _shown(present.receipt_url))


def _numbers(
    reach: Access, inbound: str, wanted: set[str] | None, *, replace: bool, every: bool
) -> list[Change]:
    """Change the wanted numbers, or those that have an address of their own, or every one."""
    own = account_calls.own_numbers(reach)
    missing = (wanted or set()) - {number.msisdn for number in own}
    if missing:
        raise Mendable(f"{min(missing)} is not a number of this account.", field="number")
    if every and not own:
        raise Mendable(
            "This account has no number yet that could receive replies.",
            hint="Buy one in the provider's portal, then connect again.",
        )
    chosen = [
        number
        for number in own
        if (number.msisdn in wanted if wanted is not None else every or number.inbound_url is not None)
    ]
    for number in chosen:  # before anything is changed
        _spare(f"Replies to {number.msisdn}", number.inbound_url, inbound, replace=replace)
    for number in chosen:
        account_calls.update_number(reach, country=number.country, msisdn=number.msisdn, inbound_url=inbound)
    return [
        Change(Changed.NUMBER, number.msisdn, mask_callback(inbound), _shown(number.inbound_url))
        for number in chosen
    ]


def _register(reach: Access, profile: Profile, inbound: str) -> Change:
    if profile.phone is None:
        raise Mendable(
            "phone: a test application has no numbers. Give the number of the phone that you test with.",
            field="phone",
        )
    account_calls.register_callback(reach, to=profile.phone, callback_url=inbound)
    return Change(Changed.REGISTRATION, profile.phone, mask_callback(inbound))


def _spare(what: str, present: str | None, ours: str, *, replace: bool) -> None:
    if present and present != ours and not replace:
        raise Mendable(
            f"{what} go to {_shown(present)} now. Connecting would end that.",
            field="replace",
            hint="Ask whoever listens there; then connect once more and say that it may be replaced.",
        )


def _shown(address: str | None) -> str | None:
    """An address without a token that may stand in it, on one line, no longer than fits a sentence."""
    if not address:
        return None
    text = "".join(character for character in mask_callback(address)[:200] if character.isprintable())
    return text if "?" not in text else f"{text.partition('?')[0]}?{MASK}"
