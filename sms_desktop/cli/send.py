"""`smsctl send`: send one message with the store and outbox that the window uses, and watch it arrive."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import click

from sms_desktop.cli.console import opened_store, profile_named, secrets_for, working
from sms_desktop.cli.output import print_json, print_text, read_text_argument, say
from sms_desktop.messages.explanations import STATE_WORDS, explain
from sms_desktop.messages.findings import Severity
from sms_desktop.messages.ids import ComposeId, MessageId, new_id
from sms_desktop.messages.kinds import SENDABLE, Kind
from sms_desktop.messages.options import Options
from sms_desktop.messages.states import TERMINAL, WAITING, State
from sms_desktop.services import delivery
from sms_desktop.services.outbox import Compose, Outbox, check, checked, content_of
from sms_desktop.settings.paths import places
from sms_desktop.store import attempts, messages
from sms_desktop.store.database import Store
from sms_desktop.store.messages import MessageRow

_ANSWER_SECONDS = 75.0
"""How long to wait for the gateway's answer: its own deadline is 60 seconds."""
_OKAY = frozenset({State.SUBMITTED, State.ACCEPTED, State.BUFFERED, State.DELIVERED})
_STAYS = TERMINAL | {State.REFUSED, State.CANCELLED, State.PARTIAL}


@click.command("send")
@click.argument("kind", type=click.Choice([kind.value for kind in SENDABLE]))
@click.option("--to", required=True, metavar="NUMBER", help="The recipient, country code first.")
@click.option("--from", "sender", metavar="SENDER", help="A number of yours, or up to 11 letters and digits.")
@click.option("--text", metavar="TEXT", default="", help="The text; - reads standard input.")
@click.option("--profile", "profile_name", default="sandbox", show_default=True, metavar="NAME")
@click.option("--ttl", type=int, metavar="MS", help="Time to live in milliseconds, 20000 to 604800000.")
@click.option("--callback", metavar="URL", help="Where receipts go; the profile's relay if not given.")
@click.option("--message-class", type=int, metavar="N", help="0 flash, 1 phone, 2 SIM, 3 terminal.")
@click.option("--client-ref", metavar="TEXT", help="A reference of yours; a fresh one if not given.")
@click.option("--status-report-req", type=click.Choice(["on", "off"]), help="Ask for a receipt, or for none.")
@click.option("--as-is", is_flag=True, help="Send a text with characters outside GSM-7; they arrive as ?.")
@click.option(
    "--wait", type=click.FloatRange(0, 3600), metavar="SECONDS", help="Wait so long for a final receipt."
)
@click.option("--dry-run", is_flag=True, help="Show the exact request and send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def send(
    kind: str,
    to: str,
    sender: str | None,
    text: str,
    profile_name: str,
    ttl: int | None,
    callback: str | None,
    message_class: int | None,
    client_ref: str | None,
    status_report_req: str | None,
    as_is: bool,
    wait: float | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Send one message of KIND and watch it arrive.

    The profile sandbox needs no account: its gateway and relay are started when none run. Secrets of other
    profiles come from the keyring, or from SMSCTL_API_SECRET, SMSCTL_RELAY_TOKEN and SMSCTL_INGEST_TOKEN.

    \b
    Examples:
      smsctl send text --to +31612345678 --from Helpdesk --text 'Your laptop is ready' --wait 10
      echo 'Добрый день' | smsctl send unicode --to 31612345678 --text - --json
    """  # noqa: D301 - click's own mark for lines to keep
    where = places()
    profile = profile_named(profile_name, where)
    compose = Compose(
        ComposeId(new_id()),
        profile,
        to,
        profile.sender if sender is None else sender,
        content_of(Kind(kind), read_text_argument(text)),
        Options(
            ttl=ttl,
            callback=callback,
            message_class=message_class,
            client_ref=client_ref,
            status_report=None if status_report_req is None else status_report_req == "on",
        ),
        accept_loss=as_is,
    )
    for finding in check(compose):
        if finding.severity is Severity.WARNING:
            say(finding.sentence)
    if dry_run:
        document = _dry_run(compose)
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
            return answered() and row.state in _STAYS

        if wait is None:
            watch.until(answered, _ANSWER_SECONDS, time.monotonic)
        else:
            watch.until(settled, wait, time.monotonic)
        if row.state in WAITING and watch.status is not None and watch.status.sender_waits_for:
            say(f"smsctl: {watch.status.sender_waits_for}")
    return _row(store, message)


def _dry_run(compose: Compose) -> dict[str, Any]:
    ready = checked(compose)
    compose = replace(compose, to=ready.to, sender=ready.sender)
    request = delivery.rehearse(compose, secrets_for(compose.profile))
    return {
        "profile": compose.profile.id,
        "state": None,
        "requests": [
            {
                "request": request,
                "http_status": None,
                "client_ref": request["parameters"].get("client-ref"),
                "parts": [],
            }
        ],
    }


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
