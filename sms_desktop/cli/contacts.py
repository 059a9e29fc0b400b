"""`smsctl contacts`: names, notes and tags for numbers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from sms_desktop.cli.console import opened_store
from sms_desktop.cli.output import print_as_is, print_json, print_text, read_text_argument
from sms_desktop.cli.words import visible
from sms_desktop.messages.errors import Mendable
from sms_desktop.services.contacts import Contacts

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
_MOST_OCTETS = 50_000_000
_FORMAT = click.Choice(["csv", "vcf"])


@click.group()
def contacts() -> None:
    """Names, notes and tags for numbers."""


@contacts.command("list")
@click.argument("text", metavar="[WORDS]", default="")
@_JSON
def list_contacts(text: str, as_json: bool) -> None:
    """List the contacts, or those whose name, note or tags hold the words."""
    with opened_store() as (store, _):
        found = Contacts(store).every(read_text_argument(text))
    if as_json:
        print_json({"contacts": [asdict(each) for each in found]})
        return
    for each in found:
        tags = f"  [{', '.join(each.tags)}]" if each.tags else ""
        print_text(f"{each.number:<16}{visible(each.name)}{visible(tags)}  {visible(each.note)}".rstrip())


@contacts.command()
@click.argument("number", metavar="NUMBER")
@click.argument("name", metavar="NAME")
@click.option("--note", default="", metavar="TEXT", help="What to know about them.")
@click.option("--tag", "tags", multiple=True, metavar="WORD", help="A tag; may be given again.")
@_JSON
def save(number: str, name: str, note: str, tags: tuple[str, ...], as_json: bool) -> None:
    """Keep NAME for NUMBER, in place of what was known of it."""
    with opened_store() as (store, _):
        kept = Contacts(store).save(
            number, read_text_argument(name), note=read_text_argument(note, field="note"), tags=tags
        )
    if as_json:
        print_json(asdict(kept))
    else:
        print_text(f"{kept.number} is {visible(kept.name)}.")


@contacts.command()
@click.argument("number", metavar="NUMBER")
@_JSON
def remove(number: str, as_json: bool) -> int:
    """Forget the contact; its messages stay. Exit status 1 if there was none."""
    with opened_store() as (store, _):
        done = Contacts(store).remove(number)
    if as_json:
        print_json({"removed": done})
    else:
        print_text("Removed." if done else "There was no such contact.")
    return 0 if done else 1


@contacts.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--format", "style", type=_FORMAT, help="By the name of FILE if not given.")
@_JSON
def take_in(file: Path, style: str | None, as_json: bool) -> None:
    """Take in contacts: vCards, or CSV with the columns number, name, note, tags (split by ;)."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST_OCTETS + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise Mendable(f"{file} can't be read: {error.strerror}.", field="file") from error
    except UnicodeDecodeError as error:
        raise Mendable(f"{file}: octet {error.start + 1} is not UTF-8.", field="file") from error
    if len(data) > _MOST_OCTETS:
        raise Mendable(f"{file} holds more than {_MOST_OCTETS:,} octets.", field="file")
    chosen = style or file.suffix.removeprefix(".").lower()
    with opened_store() as (store, _):
        service = Contacts(store)
        taken = service.take_in_csv(text) if chosen == "csv" else service.take_in_vcards(text)
    if as_json:
        print_json({"contacts": taken})
    else:
        print_text(f"{taken} taken in.")


@contacts.command()
@click.option("--format", "style", type=_FORMAT, default="csv", show_default=True, help="How.")
def export(style: str) -> None:
    """Print every contact as CSV or vCards."""
    with opened_store() as (store, _):
        service = Contacts(store)
        text = service.as_csv() if style == "csv" else service.as_vcards()
    print_as_is(text.rstrip("\r\n"))
