"""`smsctl send`: send one message with the store and outbox that the window uses, and watch it arrive."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from typing import Any

import click

from sms_desktop.cli.console import opened_store, profile_named, secrets_for, working
from sms_desktop.cli.message_fields import message_of, values_of, with_preset
from sms_desktop.cli.output import print_as_is, print_json, print_text, say
from sms_desktop.gateway.commands import CommandFormat, command
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.explanations import explain
from sms_desktop.messages.ids import ComposeId, MessageId, new_id
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.options import Options
from sms_desktop.messages.states import STATE_WORDS, TERMINAL, WAITING, State
from sms_desktop.messages.wire import Authentication, RequestFormat, Route, authentications
from sms_desktop.services import delivery
from sms_desktop.services.outbox import Compose, Outbox, check, checked
from sms_desktop.settings.paths import places
from sms_desktop.settings.profiles import Profile
from sms_desktop.store import attempts, messages
from sms_desktop.store.database import Store
from sms_desktop.store.messages import MessageRow

_ANSWER_SECONDS = 75.0
"""How long to wait for the gateway's answer: its own deadline is 60 seconds."""
_OKAY = frozenset({State.SUBMITTED, State.ACCEPTED, State.BUFFERED, State.DELIVERED})
_STAYS = TERMINAL | {State.REFUSED, State.CANCELLED, State.PARTIAL}


_ON_OFF = click.Choice(["on", "off"])


def _a_number(_: click.Context, parameter: click.Parameter, given: float | None) -> float | None:
    """Refuse `nan`, which lies in every range and would wait for ever."""
    if given is not None and math.isnan(given):
        raise click.BadParameter("nan is not a number of seconds.", param=parameter)
    return given


@click.command("send")
@click.argument("kind", metavar="KIND", type=click.Choice([kind.value for kind in Kind]))
@click.option("--to", required=True, metavar="NUMBER", help="The recipient, country code first.")
@click.option("--from", "sender", metavar="SENDER", help="A number of yours, or up to 11 letters and digits.")
@click.option("--text", metavar="TEXT", help="text, unicode: the text.")
@click.option("--udh", metavar="HEX", help="binary: the user data header with its length octet.")
@click.option("--body", metavar="HEX", help="binary: what follows the header.")
@click.option("--protocol-id", type=int, metavar="N", help="binary: the protocol identifier, 0 to 255.")
@click.option("--preset", metavar="NAME", help="binary: a sample payload; smsctl payloads lists them.")
@click.option("--title", metavar="TEXT", help="wappush: what the phone shows.")
@click.option("--url", metavar="URL", help="wappush: what it opens.")
@click.option("--validity", type=int, metavar="MS", help="wappush by the API: how long it is of use.")
@click.option("--created", metavar="DATE", help="wappush as binary: as 2026-11-21T18:30:00Z.")
@click.option("--expires", metavar="DATE", help="wappush as binary: when the phone forgets it.")
@click.option(
    "--action", metavar="WORD", help="wappush as binary: signal-none, -low, -medium, -high, delete."
)
@click.option("--id", metavar="TEXT", help="wappush as binary: its si-id.")
@click.option("--vcard", metavar="TEXT", help="vcard: the card, from BEGIN to END.")
@click.option("--vcal", metavar="TEXT", help="vcal: the event, from BEGIN to END.")
@click.option(
    "--as",
    "route",
    type=click.Choice([route.value for route in Route]),
    help="wappush, vcard, vcal: the API's own type, or octets that are built here.",
)
@click.option("--profile", "profile_name", default="sandbox", show_default=True, metavar="NAME")
@click.option("--ttl", type=int, metavar="MS", help="Time to live in milliseconds, 20000 to 604800000.")
@click.option("--callback", metavar="URL", help="Where receipts go; the profile's relay if not given.")
@click.option("--message-class", type=int, metavar="N", help="0 flash, 1 phone, 2 SIM, 3 terminal.")
@click.option("--client-ref", metavar="TEXT", help="A reference of yours; a fresh one if not given.")
@click.option("--status-report-req", type=_ON_OFF, help="Ask for a receipt, or for none.")
@click.option("--account-ref", metavar="TEXT", help="Which of your accounts is billed.")
@click.option("--entity-id", metavar="TEXT", help="What some countries' regulators ask for.")
@click.option("--content-id", metavar="TEXT", help="What some countries' regulators ask for.")
@click.option("--trusted-number", type=_ON_OFF, help="Lift the account's fraud protection for this one.")
@click.option("--pool-id", metavar="TEXT", help="A pool of numbers to send from; --from is its fall-back.")
@click.option("--as-is", is_flag=True, help="Send a text with characters outside GSM-7; they arrive as ?.")
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    callback=_a_number,
    metavar="SECONDS",
    help="Wait so long for a final receipt.",
)
@click.option("--dry-run", is_flag=True, help="Show the exact request and send nothing.")
@click.option(
    "--format",
    "style",
    type=click.Choice([style.value for style in CommandFormat]),
    help="With --dry-run: the request as a command, *** in place of secrets.",
)
@click.option(
    "--authentication",
    type=click.Choice([kind.value for kind in Authentication]),
    help="With --dry-run: as if the profile proved itself so.",
)
@click.option(
    "--wire",
    type=click.Choice([wire.value for wire in RequestFormat]),
    help="With --dry-run: as if the profile wrote its requests so.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def send(
    kind: str,
    to: str,
    sender: str | None,
    route: str | None,
    profile_name: str,
    ttl: int | None,
    callback: str | None,
    preset: str | None,
    message_class: int | None,
    client_ref: str | None,
    status_report_req: str | None,
    account_ref: str | None,
    entity_id: str | None,
    content_id: str | None,
    trusted_number: str | None,
    pool_id: str | None,
    as_is: bool,
    wait: float | None,
    dry_run: bool,
    style: str | None,
    authentication: str | None,
    wire: str | None,
    as_json: bool,
    **given: Any,
) -> int:
    """Send one message of KIND and watch it arrive. A value of - reads standard input.

    KIND is text, unicode, binary, wappush, vcard or vcal.

    The profile sandbox needs no account: its gateway and relay are started when none run. Secrets of other
    profiles come from the keyring, or from SMSCTL_API_SECRET, SMSCTL_SIGNATURE_SECRET, SMSCTL_CLIENT_SECRET,
    SMSCTL_RELAY_TOKEN and SMSCTL_INGEST_TOKEN.

    \b
    Examples:
      smsctl send text --to +31612345678 --from Helpdesk --text 'Your laptop is ready' --wait 10
      echo 'Добрый день' | smsctl send unicode --to 31612345678 --text - --json
      smsctl send binary --to 31612345678 --udh 06050415811581 --body 0011223344556677
      smsctl send vcard --to 31612345678 --vcard - --as binary --dry-run --format curl < jane.vcf
    """  # noqa: D301 - click's own mark for lines to keep
    if not dry_run and (style or authentication or wire):
        raise click.UsageError("--format, --authentication and --wire belong to --dry-run.")
    where = places()
    profile = _as_if(profile_named(profile_name, where), authentication, wire)
    chosen = Kind(kind)
    given, message_class = with_preset(chosen, given, preset, message_class)
    compose = Compose(
        ComposeId(new_id()),
        profile,
        to,
        profile.sender if sender is None else sender,
        message_of(chosen, values_of(chosen, given)),
        Options(
            ttl=ttl,
            callback=callback,
            message_class=message_class,
            client_ref=client_ref,
            status_report=_switch(status_report_req),
            account_ref=account_ref,
            entity_id=entity_id,
            content_id=content_id,
            trusted_number=_switch(trusted_number),
            pool_id=pool_id,
        ),
        accept_loss=as_is,
        route=None if route is None else Route(route),
    )
    return carry_out(compose, dry_run=dry_run, style=style, wait=wait, as_json=as_json)


def carry_out(
    compose: Compose, *, dry_run: bool, style: str | None, wait: float | None, as_json: bool
) -> int:
    """Send a message, or show its requests, and print how it went; returns the exit status."""
    for finding in check(compose):
        if not finding.is_error:
            say(f"{finding.sentence} ({finding.document})")
    if dry_run:
        document = _dry_run(compose, style)
        if style is not None and not as_json:
            print_as_is("\n\n".join(request["command"] for request in document["requests"]))
            return 0
    else:
        checked(compose)
        with opened_store() as (store, where):
            row = _send(store, compose, where, wait)
            document = _document(store, row)
            if not as_json:
                _say(row)
                return _status(row.state)
    if as_json:
        print_json(document)
    else:
        print_text(json.dumps(document["requests"], indent=2, ensure_ascii=False))
    return _status(State(document["state"])) if document["state"] is not None else 0


def _switch(word: str | None) -> bool | None:
    return None if word is None else word == "on"


def _as_if(profile: Profile, authentication: str | None, wire: str | None) -> Profile:
    """`profile` as it would be with another authentication or format. Raises Mendable where it has none."""
    if authentication is not None:
        chosen = Authentication(authentication)
        taken = authentications(profile.provider)
        if chosen not in taken:
            raise Mendable(
                f"authentication: the provider {profile.provider} takes {' or '.join(taken)}, not {chosen}.",
                field="authentication",
            )
        profile = replace(profile, authentication=chosen)
    return profile if wire is None else replace(profile, format=RequestFormat(wire))


def _send(store: Store, compose: Compose, where: Any, wait: float | None) -> MessageRow:
    outbox = Outbox(store)
    with working(compose.profile, store, where) as watch:
        message = outbox.send(compose)
        row = _row(store, message)

        def answered() -> bool:
            nonlocal row
            row = _row(store, message)
            return row.state not in WAITING

        def settled() -> bool:
            if not answered() or row.state not in _STAYS:
                return False
            # Of a message that went in part, what was accepted has receipts to come.
            return row.state is not State.PARTIAL or all(part.state in _STAYS for part in row.parts)

        def waits_for_person() -> bool:  # a secret, a keyring: no waiting here brings it
            return row.state in WAITING and watch.status is not None and watch.status.waits_for_person

        if wait is None:
            watch.until(lambda: answered() or waits_for_person(), _ANSWER_SECONDS, time.monotonic)
        else:
            watch.until(lambda: settled() or waits_for_person(), wait, time.monotonic)
        if row.state in WAITING and watch.status is not None and watch.status.sender_waits_for:
            say(f"smsctl: {watch.status.sender_waits_for}")
    return _row(store, message)


def _dry_run(compose: Compose, style: str | None) -> dict[str, Any]:
    ready = checked(compose)
    compose = replace(compose, to=ready.to, sender=ready.sender)
    requests: list[dict[str, Any]] = []
    for request in delivery.rehearse(compose, secrets_for(compose.profile)):
        shown: dict[str, Any] = {
            "request": request,
            "http_status": None,
            "client_ref": request["parameters"].get("client-ref"),
            "parts": [],
        }
        requests.append(
            shown if style is None else {**shown, "command": command(request, CommandFormat(style))}
        )
    return {"profile": compose.profile.id, "state": None, "requests": requests}


def _row(store: Store, message: MessageId) -> MessageRow:
    with store.read() as db:
        return messages.by_ids(db, [message])[0]


def _document(store: Store, row: MessageRow) -> dict[str, Any]:
    with store.read() as db:
        requests = attempts.of_messages(db, [row.id]).get(row.id, [])
    return {
        "profile": row.profile,
        "id": row.id,
        "state": row.state,
        "requests": [_request(tried[-1]) for tried in requests if tried],
    }


def _request(attempt: attempts.AttemptRow) -> dict[str, Any]:
    return {
        "request": json.loads(attempt.request),
        "http_status": attempt.http_status,
        "client_ref": attempt.client_ref,
        "reason": attempt.reason,
        "parts": [_part(facts) for facts in attempt.parts],
    }


def _part(facts: attempts.PartFacts) -> dict[str, Any]:
    deciding = facts.part.deciding
    return {
        "message_id": facts.gateway_id,
        "status": facts.part.status,
        "error_text": facts.error_text,
        "price": facts.price,
        "network": facts.network,
        "receipt": None
        if deciding is None
        else {"status": deciding.word, "err_code": deciding.err_code, "scts": deciding.scts},
    }


def _say(row: MessageRow) -> None:
    part = next((part for part in row.parts if part.state is row.state), row.parts[0] if row.parts else None)
    told = explain(
        row.state,
        status=part.status if part else None,
        error_text=part.error_text if part else None,
        word=part.word if part else None,
        err_code=part.err_code if part else None,
        reason=row.reason,
        waits=row.next_try_us is not None,
    )
    print_text(f"{told.head}. {told.body}".strip())
    if row.parts_total > 1:
        for each in row.parts:
            print_text(f"  part {each.index} of {row.parts_total}: {STATE_WORDS[each.state].lower()}")


def _status(state: State) -> int:
    if state in _OKAY:
        return 0
    return 3 if state is State.UNCERTAIN else 1
