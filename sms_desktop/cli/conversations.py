"""`smsctl conversations`: with whom there were messages."""

from __future__ import annotations

from typing import Any

import click

from sms_desktop.cli.console import opened_store
from sms_desktop.cli.message_documents import conversation_document, conversation_line, moment
from sms_desktop.cli.output import print_json, print_text, read_text_argument
from sms_desktop.cli.words import visible
from sms_desktop.messages.addresses import party
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.outbox import Outbox
from sms_desktop.store import conversations as kept
from sms_desktop.store import drafts as typed
from sms_desktop.store import search

_LIMIT = click.IntRange(1, 10_000)


@click.group()
def conversations() -> None:
    """With whom there were messages: list, find, drafts, read."""


@conversations.command("list")
@click.option(
    "--profile", "profile_name", default="sandbox", show_default=True, metavar="NAME", help="Whose."
)
@click.option("--unread", is_flag=True, help="Those with unread messages only.")
@click.option("--limit", type=_LIMIT, default=50, show_default=True, help="At most.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_conversations(profile_name: str, unread: bool, limit: int, as_json: bool) -> None:
    """List conversations, the newest first."""
    with opened_store() as (store, _), store.read() as db:
        rows = kept.page(db, ProfileId(profile_name), limit=limit, unread_only=unread)
    _print(rows, as_json)


@conversations.command("search")
@click.argument("text", metavar="TEXT")
@click.option(
    "--profile", "profile_name", default="sandbox", show_default=True, metavar="NAME", help="Whose."
)
@click.option("--limit", type=_LIMIT, default=50, show_default=True, help="At most.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def search_conversations(text: str, profile_name: str, limit: int, as_json: bool) -> None:
    """Find conversations by a piece of the number, or by the contact's name, note or tags."""
    with opened_store() as (store, _), store.read() as db:
        rows = search.parties(db, read_text_argument(text), ProfileId(profile_name), limit=limit)
    _print(rows, as_json)


@conversations.command()
@click.option("--with", "number", metavar="NUMBER", help="The other party; without it those to nobody yet.")
@click.option(
    "--profile", "profile_name", default="sandbox", show_default=True, metavar="NAME", help="Whose."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def drafts(number: str | None, profile_name: str, as_json: bool) -> None:
    """Show what was typed and not sent, and what stood there before it was cleared or replaced."""
    profile = ProfileId(profile_name)
    other = "" if number is None else party(number)
    with opened_store() as (store, _), store.read() as db:
        found = typed.every(db, profile, other)
        former = [each for kind in Kind for each in typed.history(db, profile, other, kind)]
    former.sort(key=lambda each: each.kept_us, reverse=True)
    if as_json:
        print_json(
            {
                "number": other or None,
                "drafts": [_draft(each) for each in found],
                "former": [{**_draft(each.draft), "kept": moment(each.kept_us)} for each in former],
            }
        )
        return
    for draft in found:
        print_text(f"{draft.kind:<9}{visible(draft.text)}")
    for each in former:
        print_text(f"{each.draft.kind:<9}{visible(each.draft.text)}  (until {moment(each.kept_us)})")


def _draft(draft: Draft) -> dict[str, Any]:
    return {"kind": draft.kind, "text": draft.text, "fields": dict(draft.fields)}


@conversations.command()
@click.argument("number", metavar="NUMBER")
@click.option(
    "--profile", "profile_name", default="sandbox", show_default=True, metavar="NAME", help="Whose."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def read(number: str, profile_name: str, as_json: bool) -> int:
    """Note that the messages of NUMBER were read. Exit status 1 if there is no such conversation."""
    with opened_store() as (store, _):
        with store.read() as db:
            found = kept.find(db, ProfileId(profile_name), party(number))
        if found is not None:
            Outbox(store).mark_read(found)
    if as_json:
        print_json({"read": found is not None})
    else:
        print_text("There is no such conversation." if found is None else "Noted.")
    return 1 if found is None else 0


def _print(rows: tuple[kept.ConversationRow, ...], as_json: bool) -> None:
    if as_json:
        print_json({"conversations": [conversation_document(row) for row in rows]})
        return
    for row in rows:
        print_text(conversation_line(row))
