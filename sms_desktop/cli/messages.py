"""`smsctl messages`: what was sent and received, and what a person decides about it."""

from __future__ import annotations

import time
from typing import Any

import click

from sms_desktop.cli import message_gaps, message_queue
from sms_desktop.cli.console import opened_store, profile_named, working
from sms_desktop.cli.message_documents import (
    attempt_documents,
    attempt_lines,
    message_document,
    message_line,
    message_lines,
)
from sms_desktop.cli.message_filters import filter_options, query
from sms_desktop.cli.message_options import json_option, limit_option, profile_option
from sms_desktop.cli.output import print_json, print_text, read_text_argument, say
from sms_desktop.messages.addresses import party
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ComposeId, MessageId, ProfileId, new_id
from sms_desktop.messages.states import WAITING, State
from sms_desktop.services.outbox import Outbox
from sms_desktop.store import attempts, conversations, search
from sms_desktop.store import messages as kept
from sms_desktop.store.database import Store
from sms_desktop.store.messages import MessageRow

_ANSWER_SECONDS = 75.0


@click.group()
def messages() -> None:
    """What was sent and received: list, show, send again, take back, say that it arrived."""


@messages.command("list")
@profile_option
@click.option("--with", "number", required=True, metavar="NUMBER", help="The other party.")
@limit_option
@json_option
def list_messages(profile_name: str, number: str, limit: int, as_json: bool) -> None:
    """List the newest messages with a number, the oldest of them first."""
    with opened_store() as (store, _), store.read() as db:
        found = conversations.find(db, ProfileId(profile_name), party(number))
        rows = () if found is None else kept.page(db, found, limit=limit)
    _print(rows, as_json)


@messages.command("search")
@click.argument("text", metavar="TEXT", default="")
@filter_options
@limit_option
@json_option
def search_messages(text: str, limit: int, as_json: bool, **filters: Any) -> None:
    """Find messages by words, numbers or ids, the newest first. Diacritics don't matter.

    The last word may be a beginning; "words in quotes" stand together. TEXT may be a piece of a number, our
    id, the gateway's, or a client-ref. Without TEXT the options alone choose.
    """
    wanted = query(read_text_argument(text), **filters)
    with opened_store() as (store, _), store.read() as db:
        rows = search.found(db, wanted, limit=limit)
    _print(rows, as_json)


@messages.command()
@click.argument("message_id", metavar="ID")
@json_option
def show(message_id: str, as_json: bool) -> None:
    """Show a message with every part, receipt and doubt."""
    with opened_store() as (store, _):
        row = _row(store, message_id)
        with store.read() as db:
            requests = attempts.of_messages(db, [row.id]).get(row.id, [])
    if as_json:
        print_json({**message_document(row), "attempts": attempt_documents(requests)})
    else:
        print_text("\n".join([message_lines(row), *attempt_lines(requests)]))


@messages.command()
@click.argument("message_id", metavar="ID")
@json_option
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
@json_option
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
@json_option
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


for command in (
    message_queue.queue,
    message_queue.pause,
    message_queue.resume,
    message_queue.sync,
    message_gaps.gaps,
    message_gaps.orphans,
):
    messages.add_command(command)
