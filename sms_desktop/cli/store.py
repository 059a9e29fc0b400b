"""`smsctl store`: check, rebuild, back up, restore and save the file that keeps everything."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from sms_desktop.cli.console import opened_store
from sms_desktop.cli.message_documents import moment
from sms_desktop.cli.output import print_json, print_text, say
from sms_desktop.cli.words import plural
from sms_desktop.messages.ids import ProfileId
from sms_desktop.services import upkeep
from sms_desktop.services.forgetting import Forgetting
from sms_desktop.settings.paths import places
from sms_desktop.store import audit as deeds

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def store() -> None:
    """The file that keeps everything: check, rebuild, back up, restore, salvage."""


@store.command()
@_JSON
def check(as_json: bool) -> int:
    """Look for damage, and for states that do not follow from their evidence. Changes nothing.

    Exit status 1 if something is found.
    """
    with opened_store() as (kept, _):
        report = upkeep.check(kept)
    if as_json:
        print_json(
            {
                "ok": report.ok,
                "version": report.version,
                "damage": list(report.damage),
                "orphans": list(report.orphans),
                "differences": [asdict(each) for each in report.differences],
            }
        )
    elif report.ok:
        print_text(f"The store is whole (version {report.version}).")
    else:
        for line in (*report.damage, *report.orphans):
            print_text(line)
        for each in report.differences:
            print_text(
                f"{each.table} {each.row}: {each.column} is {each.kept}, and follows as {each.follows}"
            )
    return 0 if report.ok else 1


@store.command()
@_JSON
def rebuild(as_json: bool) -> None:
    """Compute states, texts and the index of words again from their evidence. Says what was not so."""
    with opened_store() as (kept, _):
        found = upkeep.rebuilt(kept)
    if as_json:
        print_json({"differences": [asdict(each) for each in found]})
        return
    print_text(f"{plural(len(found), 'difference')} mended." if found else "Everything was as it follows.")


@store.command()
@_JSON
def backup(as_json: bool) -> None:
    """Copy the store while it is in use, check the copy, and keep the two youngest."""
    with opened_store() as (kept, _):
        made = upkeep.backup(kept)
    if as_json:
        print_json({"backup": str(made), "octets": made.stat().st_size})
    else:
        print_text(f"{made}  {made.stat().st_size:,} octets")


@store.command()
@_JSON
def backups(as_json: bool) -> None:
    """List the kept backups, the youngest first."""
    found = upkeep.kept_backups(places().store)
    rows = [(each, datetime.fromtimestamp(each.made, UTC).isoformat(timespec="seconds")) for each in found]
    if as_json:
        print_json(
            {
                "backups": [
                    {"file": str(each.file), "made": when, "octets": each.octets} for each, when in rows
                ]
            }
        )
        return
    for each, when in rows:
        print_text(f"{when}  {each.octets:>14,} octets  {each.file}")


@store.command()
@click.argument("chosen", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@_JSON
def restore(chosen: Path | None, as_json: bool) -> None:
    """Put a backup in the store's place: FILE, or the youngest. The old file is kept beside it.

    No other program may have the store open. Messages of after the backup come in again where the relay still
    has them; what was sent since stays in the old file. What waits in the backup may have been sent since: it
    does not go out by itself, see `smsctl messages resend`. Numbers not to contact stay on their list.
    """
    brought, aside = upkeep.restore(places().store, chosen)
    if as_json:
        print_json({"restored": str(brought), "replaced": None if aside is None else str(aside)})
        return
    print_text(f"Restored from {brought}.")
    if aside is not None:
        print_text(f"The file that was there is now {aside}.")


@store.command()
@_JSON
def salvage(as_json: bool) -> None:
    """Make a new store of what can be read of a damaged one. The damaged file is kept beside it."""
    report, aside = upkeep.salvaged(places().store)
    if as_json:
        print_json(
            {"tables": [asdict(each) for each in report], "replaced": None if aside is None else str(aside)}
        )
        return
    for each in report:
        gaps = f", {plural(each.gaps, 'place')} not readable" if each.gaps else ""
        print_text(f"{each.table:<22}{each.rows:>10,} rows{gaps}")
    print_text(f"The damaged file is now {aside}.")


@store.command()
@click.argument("number", metavar="NUMBER")
@click.option(
    "--keep-opt-out/--drop-opt-out",
    "keep_opt_out",
    default=None,
    help="What becomes of its entry among those not to contact.",
)
@_JSON
def forget(number: str, keep_opt_out: bool | None, as_json: bool) -> None:
    """Forget a number: messages, receipts, drafts, contact, index; backups are made anew.

    The relay and the gateway keep what they have: `smsctl relay erase` empties the former.
    """
    with opened_store() as (kept, _):
        removed = Forgetting(kept).number(number, keep_opt_out=keep_opt_out)
    say("smsctl: the relay and the gateway keep what they have of this number.")
    if as_json:
        print_json({"messages": removed})
    else:
        print_text(f"{plural(removed, 'message')} removed, and every trace of the number on this computer.")


@store.command()
@click.option("--profile", "profile_name", metavar="NAME", help="Whose messages.")
@click.option("--days", type=click.IntRange(1, 36_500), metavar="N", help="Keep them for so long.")
@click.option("--for-good", is_flag=True, help="Keep them for good.")
@click.option("--now", is_flag=True, help="Remove at once what is older.")
@_JSON
def retention(profile_name: str | None, days: int | None, for_good: bool, now: bool, as_json: bool) -> None:
    """Show or set for how long messages are kept. What is older goes when the profile next begins to work."""
    if (days is not None or for_good) and profile_name is None:
        raise click.UsageError("--days and --for-good need --profile.")
    with opened_store() as (kept, _):
        service = Forgetting(kept)
        if profile_name is not None and (days is not None or for_good):
            service.set_retention(ProfileId(profile_name), None if for_good else days)
        removed = service.old() if now else 0
        found = service.retention()
    if as_json:
        print_json({"retention": dict(found), "removed": removed})
        return
    for profile, kept_days in found.items():
        print_text(f"{profile:<16}{kept_days} days")
    print_text(f"{plural(removed, 'message')} removed." if now else "Other profiles keep theirs for good.")


@store.command()
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True, help="At most.")
@_JSON
def audit(limit: int, as_json: bool) -> None:
    """Show what people did, the newest first: ids only. The record can't be changed."""
    with opened_store() as (kept, _), kept.read() as db:
        rows = deeds.page(db, limit=limit)
    if as_json:
        print_json(
            {
                "deeds": [
                    {"at": moment(row.at_us), "who": row.actor, "what": row.action, "on": row.subject}
                    for row in rows
                ]
            }
        )
        return
    for row in rows:
        print_text(f"{moment(row.at_us)}  {row.actor:<12}{row.action:<20}{row.subject}")
