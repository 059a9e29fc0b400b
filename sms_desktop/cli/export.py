"""`smsctl export`: messages as CSV, JSON lines or HTML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sms_desktop.cli.console import opened_store
from sms_desktop.cli.message_filters import filter_options, query
from sms_desktop.cli.output import print_json, read_text_argument, say
from sms_desktop.cli.output import write as write_output
from sms_desktop.cli.words import plural
from sms_desktop.messages.addresses import party
from sms_desktop.services.export import ExportFormat, stream
from sms_desktop.services.export import export as write


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format",
    "style",
    type=click.Choice([each.value for each in ExportFormat]),
    help="How; by the name of FILE if not given.",
)
@click.option("--search", "text", default="", metavar="TEXT", help="Only what `messages search` finds.")
@click.option("--with", "number", metavar="NUMBER", help="Only messages with this number.")
@filter_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def export(
    file: Path,
    style: str | None,
    text: str,
    number: str | None,
    as_json: bool,
    **filters: Any,
) -> None:
    """Write messages into FILE, the newest first. Ctrl+C stops it, and leaves FILE as it was.

    FILE may be -, standard output, with --format.
    """
    to_output = str(file) == "-"
    if to_output and as_json:
        raise click.UsageError("--json says what became of a file: it does not go with -.")
    suffix = file.suffix.removeprefix(".").lower()
    known = {each.value for each in ExportFormat}
    if style is None and suffix not in known:
        raise click.UsageError(
            f"Say --format, or end the name of FILE in one of .{', .'.join(sorted(known))}."
        )
    wanted = query(
        read_text_argument(text, field="search"), party=None if number is None else party(number), **filters
    )
    said = 0

    def progress(done: int) -> None:
        nonlocal said
        if done - said >= _SAY_EVERY:
            said = done
            say(f"smsctl: {done:,} messages written.")

    with opened_store() as (store, _):
        chosen = ExportFormat(style or suffix)
        if to_output:
            stream(store, wanted, chosen, lambda text: write_output(text.encode("utf-8", "replace")))
            return
        written = write(store, wanted, chosen, file, progress=progress)
    if as_json:
        print_json({"file": str(file), "messages": written})
    else:
        say(f"smsctl: {plural(written, 'message')} in {file}.")


_SAY_EVERY = 50_000
