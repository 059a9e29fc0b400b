"""`smsctl conversations`: with whom there were messages."""

from __future__ import annotations

import click

from sms_desktop.cli.console import opened_store
from sms_desktop.cli.message_documents import conversation_document, conversation_line
from sms_desktop.cli.output import print_json, print_text, read_text_argument
from sms_desktop.messages.ids import ProfileId
from sms_desktop.store import conversations as kept
from sms_desktop.store import search

_LIMIT = click.IntRange(1, 10_000)


@click.group()
def conversations() -> None:
    """With whom there were messages: list, find."""


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


def _print(rows: tuple[kept.ConversationRow, ...], as_json: bool) -> None:
    if as_json:
        print_json({"conversations": [conversation_document(row) for row in rows]})
        return
    for row in rows:
        print_text(conversation_line(row))
