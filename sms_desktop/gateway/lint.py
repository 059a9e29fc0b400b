"""A message against the documents, before it is sent: errors stop it, warnings do not. Called by services.

Every finding names the document that it comes from, and the status that the gateway would answer with where
the documents tell. Pure, and linear in the message: the window asks at each key press.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sms_desktop.gateway import lint_content
from sms_desktop.gateway.providers import GatewayRules, rules
from sms_desktop.messages.addresses import Sender, recipient
from sms_desktop.messages.addresses import sender as checked_sender
from sms_desktop.messages.country_codes import has_known_country_code
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.findings import Finding, error, warning
from sms_desktop.messages.message import Message
from sms_desktop.messages.options import CLIENT_REF_OLD_MAXIMUM, TTL_ADVISED, Options
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.transport import is_loopback
from sms_desktop.messages.wire import Route

NEW = "SMS API 1.5.0"
OLD = "SMS API reference (2016)"
PORTAL = "KPN portal"

_SEVERAL = re.compile(r"[0-9][^0-9]*[,;|]\s*\+?[0-9]")
_API_KEY_LENGTH = 8


@dataclass(frozen=True, slots=True)
class _Draft:
    """The arguments of `lint`, as its rules take them."""

    message: Message
    options: Options
    sender: str
    to: str
    provider: Provider
    route: Route | None = None
    accept_loss: bool = False
    hears_receipts: bool = False
    api_key: str | None = None


def lint(
    message: Message,
    options: Options,
    sender: str,
    to: str,
    provider: Provider,
    *,
    route: Route | None = None,
    accept_loss: bool = False,
    hears_receipts: bool = False,
    api_key: str | None = None,
) -> tuple[Finding, ...]:
    """Everything to know about a message before it is sent, errors and warnings. Never raises.

    `sender` and `to` are as typed. `route` is how a WAP Push, vCard or vCal goes, None for the provider's
    usual way. `accept_loss` is the person's word that characters outside GSM-7 may arrive as `?`.
    `hears_receipts` says that something would receive them: a relay that messages name, or an address in the
    account. `api_key` is None for an account without one.
    """
    draft = _Draft(
        message,
        options,
        sender,
        to,
        provider,
        route=route,
        accept_loss=accept_loss,
        hears_receipts=hears_receipts,
        api_key=api_key,
    )
    known = rules(provider)
    return tuple(
        finding
        for rule in (_to, _from, _options, _receipts, _account, _content)
        for finding in rule(draft, known)
    )


def _to(draft: _Draft, _known: GatewayRules) -> Iterator[Finding]:
    if _SEVERAL.search(draft.to[:1000]):
        yield error(
            "to", "To: one number in one message. Send it to the others by themselves.", f"{OLD}, to", "18"
        )
        return
    try:
        number = recipient(draft.to)
    except Mendable as refused:
        missing = not draft.to.strip()
        yield error(
            "to",
            refused.message,
            f"{NEW}, to" if not missing else f"{NEW}, status 2",
            "2" if missing else "34",
        )
        return
    if not has_known_country_code(number):
        yield warning(
            "to", f"To: +{number} begins with no country code that is in use.", f"{NEW}, status 6", "6"
        )


def _from(draft: _Draft, known: GatewayRules) -> Iterator[Finding]:
    try:
        found = checked_sender(draft.sender)
    except Mendable as refused:
        missing = not draft.sender.strip()
        yield error("from", refused.message, f"{NEW}, from", "2" if missing else "15")
        return
    if found.spaces_dropped:
        yield warning("from", "From: the gateway drops the spaces of a word sender.", f"{NEW}, from")
    if not found.is_number:
        yield from _word_sender(draft, known, found)


def _word_sender(draft: _Draft, known: GatewayRules, found: Sender) -> Iterator[Finding]:
    digits = re.sub(r"[^0-9+]", "", draft.to)
    # NANP: the United States and Canada want a number of their own or a short code.
    if digits.startswith(("+1", "1", "001")):
        yield warning(
            "from",
            "From: to the United States and Canada, only numbers of yours and short codes may be senders.",
            f"{NEW}, status 15",
            "15",
        )
    if draft.provider is Provider.KPN and len(found.value) < 3:
        yield warning("from", "From: a word sender should have 3 characters or more.", known.document)


def _options(draft: _Draft, known: GatewayRules) -> Iterator[Finding]:
    options = draft.options
    checks: tuple[tuple[Callable[[], None], str, str | None], ...] = (
        (options.check_ttl, f"{NEW}, ttl", "16"),
        (options.check_message_class, f"{NEW}, message-class", "20"),
        (options.check_callback, f"{NEW}, callback", "23"),
        (lambda: options.check_client_ref(known.client_ref_maximum), _client_ref_document(known), "3"),
        (options.check_references, NEW, "3"),
    )
    broken = set()
    for check, document, status in checks:
        try:
            check()
        except Mendable as refused:
            broken.add(refused.field)
            yield error(refused.field or "", refused.message, document, status)
    for name, value in (
        ("account-ref", options.account_ref),
        ("entity-id", options.entity_id),
        ("content-id", options.content_id),
        ("trusted-number", options.trusted_number),
        ("pool-id", options.pool_id),
    ):
        if value is not None and name in known.absent:
            yield error(name, f"{name}: this provider has no such option.", known.document)
        elif value is not None and name not in broken:
            yield from _advice(name)
    if options.ttl is not None and options.ttl < TTL_ADVISED and "ttl" not in broken:
        yield warning(
            "ttl", "ttl: less than 30 minutes is not advised; leave it out, or make it longer.", f"{NEW}, ttl"
        )
    if (
        options.client_ref is not None
        and CLIENT_REF_OLD_MAXIMUM < len(options.client_ref) <= known.client_ref_maximum
    ):
        yield warning(
            "client-ref",
            f"client-ref: {len(options.client_ref)} characters. Accounts with the older limit take "
            f"{CLIENT_REF_OLD_MAXIMUM}.",
            f"{OLD}, client-ref",
        )
    if options.callback is not None and "callback" not in broken:
        yield from _callback(options.callback, draft.provider)


def _advice(name: str) -> Iterable[Finding]:
    match name:
        case "account-ref":
            return (
                warning(
                    name,
                    "account-ref: the provider's support must enable it first.",
                    f"{NEW}, account-ref",
                    "19",
                ),
            )
        case "trusted-number":
            return (
                warning(
                    name,
                    "trusted-number: it has an effect for accounts with Fraud Defender Premium only.",
                    f"{NEW}, trusted-number",
                ),
            )
        case _:
            return ()


def _callback(callback: str, provider: Provider) -> Iterator[Finding]:
    parts = urlsplit(callback)
    if provider is Provider.SANDBOX:
        return
    if is_loopback(parts.hostname or ""):
        yield warning(
            "callback", "callback: the gateway can't reach an address of this computer.", f"{NEW}, callback"
        )
    elif parts.scheme != "https":
        yield warning(
            "callback",
            "callback: https is asked for; with http, anybody on the way can read the receipts.",
            f"{OLD}, status 23",
            "23",
        )


def _receipts(draft: _Draft, known: GatewayRules) -> Iterator[Finding]:
    options = draft.options
    if options.status_report is True and options.callback is None and not draft.hears_receipts:
        yield warning(
            "status-report-req",
            "status-report-req: a receipt is asked for, but nothing would receive it: "
            "the message has no callback and the account no relay.",
            f"{OLD}, status-report-req",
        )
    if options.status_report is False and options.callback is not None:
        yield warning(
            "callback",
            "callback: no receipt is asked for, so that nothing will come there.",
            f"{NEW}, callback",
        )
    if options.status_report is None and options.callback is not None and not known.reports_by_default:
        yield warning(
            "status-report-req",
            "status-report-req: this provider sends no receipts unless they are asked for.",
            known.document,
        )


def _account(draft: _Draft, _known: GatewayRules) -> Iterator[Finding]:
    if (
        draft.provider is Provider.VONAGE
        and draft.api_key is not None
        and len(draft.api_key) != _API_KEY_LENGTH
    ):
        yield warning(
            "api_key", f"api_key: {len(draft.api_key)} characters. A key has 8.", f"{NEW}, api_key", "4"
        )


def _content(draft: _Draft, known: GatewayRules) -> Iterable[Finding]:
    return lint_content.lint(
        draft.message, known, route=draft.route or known.route, accept_loss=draft.accept_loss
    )


def _client_ref_document(known: GatewayRules) -> str:
    return f"{NEW}, client-ref" if known.client_ref_maximum > CLIENT_REF_OLD_MAXIMUM else known.document
