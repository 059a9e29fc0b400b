"""`smsctl templates`: texts with {{variables}}, by name."""

from __future__ import annotations

import sys

import click

from sms_desktop.cli.console import opened_store
from sms_desktop.cli.output import print_as_is, print_json, print_text, read_text_argument
from sms_desktop.cli.words import visible
from sms_desktop.services.templates import Templates, filled, variables

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def templates() -> None:
    """Texts by name. {{name}} asks for a value, {{name|friend}} has one of its own."""


@templates.command("list")
@_JSON
def list_templates(as_json: bool) -> None:
    """List the templates."""
    with opened_store() as (store, _):
        found = Templates(store).every()
    if as_json:
        print_json({"templates": [{"name": each.name, "text": each.body} for each in found]})
        return
    for each in found:
        print_text(f"{each.name:<24}{visible(each.body)[:60]}")


@templates.command()
@click.argument("name", metavar="NAME")
@click.argument("text", metavar="TEXT")
@_JSON
def save(name: str, text: str, as_json: bool) -> None:
    """Keep TEXT under NAME. `-` reads standard input."""
    body = read_text_argument(text)
    with opened_store() as (store, _):
        Templates(store).save(name, body)
    asked = [variable.name for variable in variables(body)]
    if as_json:
        print_json({"name": name, "variables": asked})
    else:
        print_text(f"Kept. Variables: {', '.join(asked) or 'none'}.")


@templates.command()
@click.argument("name", metavar="NAME")
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="The value of a variable.")
@_JSON
def fill(name: str, given: tuple[str, ...], as_json: bool) -> None:
    """Print the text of NAME with its variables filled in. On a terminal, missing values are asked for.

    \b
    smsctl templates fill ready --set name=Noor | smsctl send text --to 31612345678 --text -
    """  # noqa: D301 - click's own mark for lines to keep
    values = {}
    for pair in given:
        key, separator, value = read_text_argument(pair).partition("=")
        if not separator:
            raise click.UsageError(f"--set takes NAME=VALUE, not {pair!r}.")
        values[key.strip()] = value
    with opened_store() as (store, _):
        template = Templates(store).named(name)
    if sys.stdin.isatty() and not as_json:
        for variable in variables(template.body):
            if variable.name not in values:
                values[variable.name] = click.prompt(variable.name, default=variable.default, err=True)
    text = filled(template.body, values)
    if as_json:
        print_json({"name": template.name, "text": text})
    else:
        print_as_is(text)


@templates.command()
@click.argument("old", metavar="NAME")
@click.argument("new", metavar="NEW")
@_JSON
def rename(old: str, new: str, as_json: bool) -> None:
    """Give NAME another name."""
    with opened_store() as (store, _):
        Templates(store).rename(old, new)
    if as_json:
        print_json({"name": new.strip()})
    else:
        print_text("Renamed.")


@templates.command()
@click.argument("name", metavar="NAME")
@_JSON
def remove(name: str, as_json: bool) -> int:
    """Drop a template. Exit status 1 if there was none."""
    with opened_store() as (store, _):
        done = Templates(store).remove(name)
    if as_json:
        print_json({"removed": done})
    else:
        print_text("Dropped." if done else "There was none of this name.")
    return 0 if done else 1
