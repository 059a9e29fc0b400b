"""`smsctl opt-outs`: numbers that are not to be contacted."""

from __future__ import annotations

import click

from sms_desktop.cli.console import opened_store
from sms_desktop.cli.message_documents import moment
from sms_desktop.cli.output import print_as_is, print_json, print_text, read_text_argument
from sms_desktop.cli.words import visible
from sms_desktop.services.opt_outs import OptOuts

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group("opt-outs")
def opt_outs() -> None:
    """Numbers that are not to be contacted. They are refused at Send, and again before each request."""


@opt_outs.command("list")
@_JSON
def list_entries(as_json: bool) -> None:
    """List the numbers, and the replies that ask to be put here."""
    with opened_store() as (store, _):
        service = OptOuts(store)
        entries, suggestions = service.every(), service.suggestions()
    if as_json:
        print_json(
            {
                "opt_outs": [
                    {
                        "number": entry.number,
                        "reason": entry.reason,
                        "source": entry.source,
                        "since": moment(entry.at_us),
                    }
                    for entry in entries
                ],
                "suggestions": [
                    {
                        "number": each.number,
                        "message": each.message,
                        "word": each.word,
                        "at": moment(each.at_us),
                    }
                    for each in suggestions
                ],
            }
        )
        return
    for entry in entries:
        print_text(
            f"{entry.number:<16}{moment(entry.at_us)}  {entry.source:<7} {visible(entry.reason)}".rstrip()
        )
    for each in suggestions:
        print_text(f"{each.number:<16}answered {each.word!r} at {moment(each.at_us)}: add or dismiss it")


@opt_outs.command()
@click.argument("number", metavar="NUMBER")
@click.option("--reason", default="", metavar="TEXT", help="Why; shown when somebody tries to send.")
@_JSON
def add(number: str, reason: str, as_json: bool) -> None:
    """Put a number on the list. What waits to be sent to it is taken back."""
    with opened_store() as (store, _):
        service = OptOuts(store)
        suggested = {each.number for each in service.suggestions()}
        entry = service.add(number, reason=read_text_argument(reason))
    if as_json:
        print_json({"number": entry.number, "was_suggested": entry.number in suggested})
    else:
        print_text(f"{entry.number} is not contacted any more.")


@opt_outs.command()
@click.argument("number", metavar="NUMBER")
@_JSON
def remove(number: str, as_json: bool) -> int:
    """Take a number off the list. Exit status 1 if it was not on it."""
    with opened_store() as (store, _):
        done = OptOuts(store).remove(number)
    return _said(done, "removed", "It may be contacted again.", "It was not on the list.", as_json)


@opt_outs.command()
@click.argument("number", metavar="NUMBER")
@_JSON
def dismiss(number: str, as_json: bool) -> int:
    """Drop the suggestion that a reply of this number made. Exit status 1 if there was none."""
    with opened_store() as (store, _):
        done = OptOuts(store).dismiss(number)
    return _said(done, "dismissed", "The suggestion is dropped.", "There was no suggestion.", as_json)


@opt_outs.command("import")
@click.argument("text", metavar="CSV")
@_JSON
def take_in(text: str, as_json: bool) -> None:
    """Put the numbers of a CSV on the list: number, reason. `-` reads standard input."""
    with opened_store() as (store, _):
        new = OptOuts(store).take_in(read_text_argument(text, field="csv"))
    if as_json:
        print_json({"new": new})
    else:
        print_text(f"{new} new.")


@opt_outs.command()
def export() -> None:
    """Print the list as CSV."""
    with opened_store() as (store, _):
        print_as_is(OptOuts(store).as_csv().rstrip("\r\n"))


def _said(done: bool, name: str, yes: str, no: str, as_json: bool) -> int:
    if as_json:
        print_json({name: done})
    else:
        print_text(yes if done else no)
    return 0 if done else 1
