"""`smsctl messages`: what was sent and received, and what a person decides about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from sms_desktop.cli.console import opened_store, profile_named, working
from sms_desktop.cli.message_documents import message_document, message_line, message_lines, moment
from sms_desktop.cli.output import print_json, print_text, read_text_argument, say
from sms_desktop.cli.words import plural, visible
from sms_desktop.messages.addresses import party
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ComposeId, MessageId, ProfileId, new_id
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.states import WAITING, State
from sms_desktop.services import inbox
from sms_desktop.services.outbox import Outbox
from sms_desktop.store import conversations, receipts, search
from sms_desktop.store import gaps as missing
from sms_desktop.store import messages as kept
from sms_desktop.store.database import Store
from sms_desktop.store.messages import MessageRow

_ANSWER_SECONDS = 75.0
_MOST = 10_000
_Function = TypeVar("_Function", bound=Callable[..., Any])


def _json_option(function: _Function) -> _Function:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(function)


def _profile_option(function: _Function) -> _Function:
    return click.option(
        "--profile", "profile_name", default="sandbox", show_default=True, metavar="NAME", help="Whose."
    )(function)


@click.group()
def messages() -> None:
    """What was sent and received: list, show, send again, take back, say that it arrived."""


@messages.command("list")
@_profile_option
@click.option("--with", "number", required=True, metavar="NUMBER", help="The other party.")
@click.option("--limit", type=click.IntRange(1, _MOST), default=50, show_default=True, help="At most.")
@_json_option
def list_messages(profile_name: str, number: str, limit: int, as_json: bool) -> None:
    """List the newest messages with a number, the oldest of them first."""
    with opened_store() as (store, _), store.read() as db:
        found = conversations.find(db, ProfileId(profile_name), party(number))
        rows = () if found is None else kept.page(db, found, limit=limit)
    _print(rows, as_json)


@messages.command("search")
@click.argument("text", metavar="TEXT", default="")
@click.option("--profile", "profile_name", metavar="NAME", help="Of this profile only.")
@click.option(
    "--state", "states", multiple=True, type=click.Choice([s.value for s in State]), help="In this state."
)
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([k.value for k in Kind]), help="Of this kind."
)
@click.option("--received/--sent", "inbound", default=None, help="One direction only.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="From this day on (UTC)."
)
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="Before this day (UTC)."
)
@click.option("--limit", type=click.IntRange(1, _MOST), default=50, show_default=True, help="At most.")
@_json_option
def search_messages(
    text: str,
    profile_name: str | None,
    states: tuple[str, ...],
    kinds: tuple[str, ...],
    inbound: bool | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    """Find messages by words, numbers or ids, the newest first. Diacritics don't matter.

    The last word may be a beginning; "words in quotes" stand together. TEXT may be a piece of a number, our
    id, the gateway's, or a client-ref. Without TEXT the options alone choose.
    """
    query = search.Query(
        read_text_argument(text),
        None if profile_name is None else ProfileId(profile_name),
        tuple(State(state) for state in states),
        tuple(Kind(kind) for kind in kinds),
        inbound,
        _microseconds(since),
        _microseconds(until),
    )
    with opened_store() as (store, _), store.read() as db:
        rows = search.found(db, query, limit=limit)
    _print(rows, as_json)


def _microseconds(moment_given: datetime | None) -> int | None:
    return None if moment_given is None else round(moment_given.replace(tzinfo=UTC).timestamp() * 1e6)


@messages.command()
@click.argument("message_id", metavar="ID")
@_json_option
def show(message_id: str, as_json: bool) -> None:
    """Show a message with every part, receipt and doubt."""
    with opened_store() as (store, _):
        row = _row(store, message_id)
    if as_json:
        print_json(message_document(row))
    else:
        print_text(message_lines(row))


@messages.command()
@click.argument("message_id", metavar="ID")
@_json_option
def resend(message_id: str, as_json: bool) -> int:
    """Send a message once more, as a new one. After a doubt it may arrive twice."""
    with opened_store() as (store, where):
        old = _row(store, message_id)
        profile = profile_named(old.profile, where)
        if old.state is State.UNCERTAIN:
            say("smsctl: the first one may have arrived; this one may be the second.")
        with working(profile, store, where) as watch:
            new = Outbox(store).resend(old.id, compose_id=ComposeId(new_id()), profile=profile)
            watch.until(lambda: _row(store, new).state not in WAITING, _ANSWER_SECONDS, time.monotonic)
        row = _row(store, new)
    if as_json:
        print_json(message_document(row))
    else:
        print_text(message_lines(row))
    return _status(row)


@messages.command()
@click.argument("message_id", metavar="ID")
@_json_option
def arrived(message_id: str, as_json: bool) -> None:
    """Say that an uncertain message arrived: you asked the recipient, or saw it on the phone."""
    with opened_store() as (store, _):
        Outbox(store).arrived(_row(store, message_id).id)
        row = _row(store, message_id)
    if as_json:
        print_json(message_document(row))
    else:
        print_text(message_lines(row))


@messages.command()
@click.argument("message_id", metavar="ID")
@click.option("--undo", is_flag=True, help="Put its text back as the draft, while its undo window is open.")
@_json_option
def cancel(message_id: str, undo: bool, as_json: bool) -> int:
    """Take back a message that still waits. Exit status 1 if it is too late."""
    with opened_store() as (store, _):
        outbox = Outbox(store)
        message = _row(store, message_id).id
        done = outbox.undo(message) if undo else outbox.cancel(message)
        row = _row(store, message)
    if as_json:
        print_json({"cancelled": done, "message": message_document(row)})
    else:
        print_text("It is taken back." if done else "It is too late: it is on its way, or settled.")
    return 0 if done else 1


@messages.command()
@_profile_option
@_json_option
def queue(profile_name: str, as_json: bool) -> None:
    """Show what waits to be sent, and whether the queue is paused."""
    with opened_store() as (store, _):
        outbox = Outbox(store)
        profile = ProfileId(profile_name)
        rows, paused = outbox.waiting(profile, limit=_MOST), outbox.paused(profile)
    if as_json:
        print_json(
            {"profile": profile_name, "paused": paused, "messages": [message_document(row) for row in rows]}
        )
        return
    print_text(f"{plural(len(rows), 'message')} waiting{', the queue is paused' if paused else ''}.")
    for row in rows:
        print_text(message_line(row))


@messages.command()
@_profile_option
@click.option(
    "--go-on", is_flag=True, help="Go on behind the holes that stop the profile; they stay on this list."
)
@_json_option
def gaps(profile_name: str, go_on: bool, as_json: bool) -> int:
    """Show which events of the relay are missing, with their exact range. Exit status 1 if some are."""
    profile = ProfileId(profile_name)
    with opened_store() as (store, _):
        if go_on:
            inbox.go_on_behind_holes(store, profile)
        with store.read() as db:
            found = missing.every(db, profile)
    if as_json:
        print_json(
            {
                "profile": profile_name,
                "gaps": [
                    {
                        "kind": gap.kind,
                        "stream": gap.stream,
                        "epoch": gap.epoch,
                        "first": gap.first,
                        "last": gap.last,
                        "found": moment(gap.found_us),
                        "closed": moment(gap.closed_us),
                        "accepted": moment(gap.accepted_us),
                        "words": gap.words,
                    }
                    for gap in found
                ],
            }
        )
    else:
        for gap in found:
            after_all = f" They came at {moment(gap.closed_us)}." if gap.closed_us is not None else ""
            if gap.accepted_us is not None:
                after_all = f" A person said at {moment(gap.accepted_us)} to go on behind them."
            print_text(f"{moment(gap.found_us)}  {gap.kind:<6}{gap.words}{after_all}")
        if not found:
            print_text("Nothing is missing.")
    return 1 if any(gap.closed_us is None for gap in found) else 0


@messages.command()
@_profile_option
@click.option("--limit", type=click.IntRange(1, _MOST), default=50, show_default=True, help="At most.")
@_json_option
def orphans(profile_name: str, limit: int, as_json: bool) -> None:
    """List receipts that belong to no message here: another program's, or another account's."""
    with opened_store() as (store, _), store.read() as db:
        found = receipts.orphans(db, ProfileId(profile_name), limit=limit)
    if as_json:
        print_json(
            {
                "profile": profile_name,
                "receipts": [
                    {
                        "message_id": each.gateway_id,
                        "number": each.party,
                        "status": each.word,
                        "err_code": each.err_code,
                        "scts": each.scts,
                        "client_ref": each.client_ref,
                        "received": moment(each.received_us),
                        "other_account": each.foreign_account,
                    }
                    for each in found
                ],
            }
        )
        return
    for each in found:
        other = "  another account's" if each.foreign_account else ""
        gateway_id, word = visible(each.gateway_id), visible(each.word)
        print_text(f"{moment(each.received_us)}  {gateway_id:<20}{each.party:<16}{word}{other}")


@messages.command()
@_profile_option
@_json_option
def pause(profile_name: str, as_json: bool) -> None:
    """Stop a profile's queue; what is on its way goes on."""
    _set_paused(profile_name, paused=True, as_json=as_json)


@messages.command()
@_profile_option
@_json_option
def resume(profile_name: str, as_json: bool) -> None:
    """Let a profile's queue go on. It is sent by the window, or by the next `smsctl send`."""
    _set_paused(profile_name, paused=False, as_json=as_json)


def _set_paused(profile_name: str, *, paused: bool, as_json: bool) -> None:
    with opened_store() as (store, where):
        profile = profile_named(profile_name, where)
        outbox = Outbox(store)
        if paused:
            outbox.pause(profile.id)
        else:
            outbox.resume(profile.id)
        waiting = outbox.queued(profile.id)
    if as_json:
        print_json({"profile": profile.id, "paused": paused, "queued": waiting})
    else:
        print_text(f"The queue of {profile.id} is {'paused' if paused else 'running'}, {waiting} waiting.")


def _print(rows: tuple[MessageRow, ...], as_json: bool) -> None:
    if as_json:
        print_json({"messages": [message_document(row) for row in rows]})
        return
    for row in rows:
        print_text(message_line(row))


def _row(store: Store, message_id: str) -> MessageRow:
    with store.read() as db:
        found = kept.by_ids(db, [MessageId(message_id)])
    if not found:
        raise Mendable(f"There is no message {message_id}.", field="id")
    return found[0]


def _status(row: MessageRow) -> int:
    if row.state is State.UNCERTAIN:
        return 3
    return 0 if row.state in {State.SUBMITTED, State.ACCEPTED, State.BUFFERED, State.DELIVERED} else 1
