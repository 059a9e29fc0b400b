"""`smsctl requests`: whole messages by name, one plain file each, and curl commands taken in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from sms_desktop.cli.console import profile_named
from sms_desktop.cli.output import print_json, print_text, read_text_argument, say
from sms_desktop.cli.send import carry_out
from sms_desktop.cli.words import visible
from sms_desktop.gateway.commands import CommandFormat
from sms_desktop.messages.drafts import MAIN_FIELD, OPTION_FIELDS, OTHER_FIELDS, Draft
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ComposeId, new_id
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.collection import Collection, SavedRequest, filled_draft, ordered, variables_of
from sms_desktop.services.curl_import import LONGEST, understand
from sms_desktop.services.drafting import read
from sms_desktop.services.outbox import Compose
from sms_desktop.settings import profiles
from sms_desktop.settings.paths import places

_Function = TypeVar("_Function", bound=Callable[..., Any])
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
_FIELDS = tuple(
    name
    for name in dict.fromkeys(
        name for kind in Kind for name in (MAIN_FIELD[kind], *OTHER_FIELDS[kind], *OPTION_FIELDS)
    )
    if name != "typed"  # what a form holds that its text can't: for the window alone
)


def _collection() -> Collection:
    return Collection(places().requests)


def _field_options(function: _Function) -> _Function:
    """One option for each field that a message can have, by the API's names."""
    for name in reversed(_FIELDS):
        owners = [kind.value for kind in Kind if name in (MAIN_FIELD[kind], *OTHER_FIELDS[kind])]
        words = f"{', '.join(owners)}." if owners else "every kind."
        function = click.option(f"--{name}", f"field_{name.replace('-', '_')}", metavar="VALUE", help=words)(
            function
        )
    return function


@click.group()
def requests() -> None:
    """Whole messages by name: kind, fields and options, with {{variables}} in any of them.

    Each is one file in the folder `requests` beside the store: plain JSON that can be shared. It holds no
    secret and no recipient.
    """


@requests.command("list")
@_JSON
def list_requests(as_json: bool) -> None:
    """List the requests, and the files that are none."""
    collection = _collection()
    shelf = collection.every()
    if as_json:
        print_json(
            {
                "folder": str(collection.folder),
                "requests": [_document(each) for each in shelf.requests],
                "unreadable": [{"file": each.file, "message": each.sentence} for each in shelf.unreadable],
            }
        )
        return
    for each in shelf.requests:
        print_text(f"{each.name:<28}{each.draft.kind:<10}{visible(each.draft.text)[:50]}")
    for wrong in shelf.unreadable:
        say(f"smsctl: {visible(wrong.file)}: {visible(wrong.sentence)}")


@requests.command()
@click.argument("name", metavar="NAME")
@_JSON
def show(name: str, as_json: bool) -> None:
    """Show the fields of NAME as they were typed."""
    found = _collection().named(name)
    if as_json:
        print_json(_document(found))
    else:
        _print_draft(found.draft)


@requests.command()
@click.argument("name", metavar="NAME")
@click.argument("kind", metavar="KIND", type=click.Choice([kind.value for kind in Kind]))
@_field_options
@_JSON
def save(name: str, kind: str, as_json: bool, **given: str | None) -> None:
    """Keep a message of KIND under NAME, in place of one of that name. A value of - reads standard input.

    Values are kept as they are typed, as in --ttl '2 days'; {{name}} or {{name|default}} may stand in any.
    """
    draft = _draft(Kind(kind), given)
    left_out = _collection().save(name, draft)
    if left_out is not None:
        say(f"smsctl: {left_out}")
    if as_json:
        print_json(_document(_collection().named(name)))
    else:
        print_text("Kept.")


@requests.command()
@click.argument("old", metavar="NAME")
@click.argument("new", metavar="NEW")
@_JSON
def rename(old: str, new: str, as_json: bool) -> None:
    """Give NAME another name."""
    _collection().rename(old, new)
    if as_json:
        print_json({"name": new})
    else:
        print_text("Renamed.")


@requests.command()
@click.argument("name", metavar="NAME")
@_JSON
def remove(name: str, as_json: bool) -> int:
    """Drop a request and its file. Exit status 1 if there was none."""
    done = _collection().remove(name)
    if as_json:
        print_json({"removed": done})
    else:
        print_text("Dropped." if done else "There was none of this name.")
    return 0 if done else 1


@requests.command()
@click.argument("name", metavar="NAME")
@click.option("--to", required=True, metavar="NUMBER", help="The recipient, country code first.")
@click.option("--from", "sender", metavar="SENDER", help="Another sender than the request has.")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="The value of a variable.")
@click.option("--profile", "profile_name", default="sandbox", show_default=True, metavar="NAME")
@click.option("--as-is", is_flag=True, help="Send a text with characters outside GSM-7; they arrive as ?.")
@click.option("--wait", type=click.FloatRange(0, 3600), metavar="SECONDS", help="Wait so long for a receipt.")
@click.option("--dry-run", is_flag=True, help="Show the exact request and send nothing.")
@click.option(
    "--format",
    "style",
    type=click.Choice([style.value for style in CommandFormat]),
    help="With --dry-run: the request as a command, *** in place of secrets.",
)
@_JSON
def send(
    name: str,
    to: str,
    sender: str | None,
    values: tuple[str, ...],
    profile_name: str,
    as_is: bool,
    wait: float | None,
    dry_run: bool,
    style: str | None,
    as_json: bool,
) -> int:
    """Send the message kept under NAME. On a terminal, missing values are asked for.

    \b
    smsctl requests send ready --to +31612345678 --set name=Noor --wait 10
    """  # noqa: D301 - click's own mark for lines to keep
    if style and not dry_run:
        raise click.UsageError("--format belongs to --dry-run.")
    draft = _filled(_collection().named(name).draft, values, ask=not as_json)
    written = read(draft)
    if written.problems:
        raise Mendable(written.problems[0].sentence, field=written.problems[0].field)
    profile = profile_named(profile_name, places())
    compose = Compose(
        ComposeId(new_id()),
        profile,
        to,
        sender or written.sender or profile.sender,
        written.message,
        written.options,
        accept_loss=as_is,
        route=written.route,
    )
    return carry_out(compose, dry_run=dry_run, style=style, wait=wait, as_json=as_json)


@requests.command("import")
@click.option("--from", "source", default="-", show_default=True, metavar="FILE|-", help="What to read.")
@click.option("--save", "name", metavar="NAME", help="Keep the message under this name.")
@_JSON
def import_curl(source: str, name: str | None, as_json: bool) -> None:
    """Read a curl command and show the message that it stands for. It is parsed, never run.

    A secret in it is dropped: it is neither printed nor kept.

    \b
    smsctl requests import --from - --save ready < command.txt
    """  # noqa: D301 - click's own mark for lines to keep
    found = understand(_source(source), profiles.load(places().profiles))
    sentences = list(found.left_out)
    if found.secret is not None:
        sentences.append(
            "The secret in the command was dropped. Secrets come from the keyring or SMSCTL_API_SECRET."
        )
    if name is not None:
        left_out = _collection().save(name, found.draft)
        sentences += [left_out] if left_out else []
        if found.to:
            sentences.append("A request is kept without its recipient: give --to when it is sent.")
    if as_json:
        print_json(
            {
                "name": name,
                **_fields(found.draft),
                "to": found.to or None,
                "host": found.host,
                "profile": found.profile.id if found.profile is not None else None,
                "left_out": sentences,
            }
        )
        return
    print_text(f"to: {visible(found.to)}" if found.to else "to: (none)")
    _print_draft(found.draft)
    print_text(f"account: {found.profile.id}" if found.profile is not None else "account: none of yours")
    for sentence in sentences:
        say(f"smsctl: {sentence}")


def _source(source: str) -> str:
    if source == "-":
        return read_text_argument("-", field="from")
    try:
        with Path(source).open("rb") as opened:
            return opened.read(4 * LONGEST).decode()
    except OSError as error:
        raise Mendable(f"from: {source} can't be read: {error.strerror}.", field="from") from error
    except UnicodeDecodeError:
        raise Mendable("from: the file is not UTF-8.", field="from") from None


def _draft(kind: Kind, given: Mapping[str, str | None]) -> Draft:
    values = {name.removeprefix("field_").replace("_", "-"): value for name, value in given.items() if value}
    taken = (MAIN_FIELD[kind], *OTHER_FIELDS[kind], *OPTION_FIELDS)
    for name in values:
        if name not in taken:
            raise click.UsageError(f"--{name} does not belong to {kind.value}.")
    if list(values.values()).count("-") > 1:
        raise click.UsageError("Standard input can be read once: one value may be -.")
    read_values = {name: read_text_argument(value, field=name) for name, value in values.items()}
    return Draft(kind, read_values.pop(MAIN_FIELD[kind], ""), read_values)


def _filled(draft: Draft, pairs: tuple[str, ...], *, ask: bool) -> Draft:
    values = {}
    for pair in pairs:
        key, separator, value = read_text_argument(pair).partition("=")
        if not separator:
            raise click.UsageError("--set takes NAME=VALUE.")
        values[key.strip()] = value
    if ask and sys.stdin.isatty():
        for variable in variables_of(draft):
            if variable.name not in values:
                values[variable.name] = click.prompt(variable.name, default=variable.default, err=True)
    return filled_draft(draft, values)


def _fields(draft: Draft) -> dict[str, Any]:
    return {
        "kind": draft.kind,
        "fields": dict(ordered(draft)),
        "variables": [{"name": each.name, "default": each.default} for each in variables_of(draft)],
    }


def _document(request: SavedRequest) -> dict[str, Any]:
    return {"name": request.name, **_fields(request.draft)}


def _print_draft(draft: Draft) -> None:
    print_text(f"kind: {draft.kind}")
    for name, value in ordered(draft):
        print_text(f"{name}: {visible(value)}")
