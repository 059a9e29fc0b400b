"""`smsctl messages gaps` and `orphans`: what did not come, and what fits nowhere."""

from __future__ import annotations

import click

from sms_desktop.cli.console import opened_store
from sms_desktop.cli.message_documents import moment
from sms_desktop.cli.message_options import json_option, limit_option, profile_option
from sms_desktop.cli.output import print_json, print_text
from sms_desktop.cli.words import visible
from sms_desktop.messages.ids import ProfileId
from sms_desktop.services import inbox
from sms_desktop.store import gaps as missing
from sms_desktop.store import receipts


@click.command()
@profile_option
@click.option(
    "--go-on", is_flag=True, help="Go on behind the holes that stop the profile; they stay on this list."
)
@json_option
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


@click.command()
@profile_option
@limit_option
@json_option
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
